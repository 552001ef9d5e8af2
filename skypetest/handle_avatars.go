package skypetest

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"net/http"
	"strings"
)

// getAvatar responds with a picture, or with the default one unless the request asks for
// none. Clients get pictures as browsers do, without a token. A wrong auth_key is as good
// as none: no source has the response. Nor has one an ETag.
func (x *exchange) getAvatar() *bufferedResponse {
	id, _ := x.resolve(x.params["user"])
	a := x.core.state.accountByKey[mriKey(id)]
	if a == nil {
		return x.errorResponse(http.StatusNotFound, noAccountText)
	}
	var picture []byte
	if !a.profile.AvatarPrivate || x.self == a || x.hasAuthKey(&a.profile) {
		picture = pictureOf(a.mri, &a.profile, x.queryValue("size"))
	}
	if picture == nil {
		if lowerASCII(x.queryValue("returnDefaultImage")) == "false" {
			return x.errorResponse(http.StatusNotFound, "The account has no picture")
		}
		picture = defaultPicture(x.queryValue("size"))
	}
	header := http.Header{"Content-Type": {pictureType(picture)}}
	header.Set("ETag", fmt.Sprintf(`"%08x-%d"`, crc32.ChecksumIEEE(picture), len(picture)))
	if x.request.Header.Get("If-None-Match") == header.Get("ETag") {
		return &bufferedResponse{status: http.StatusNotModified, header: header}
	}
	return &bufferedResponse{http.StatusOK, header, picture}
}

// hasAuthKey reports whether the request has the key in the address of the picture.
func (x *exchange) hasAuthKey(p *Profile) bool {
	key := authKey(p.AvatarURL)
	return key != "" && x.queryValue("auth_key") == key
}

// setOwnAvatar takes the picture that is the body. The avatar host requires its type
// (SkPy issue 106); an older SkPy sends none to the api host.
func (x *exchange) setOwnAvatar() *bufferedResponse {
	isPicture := strings.HasPrefix(lowerASCII(x.request.Header.Get("Content-Type")), "image/")
	if x.host == avatarHost && !isPicture {
		return x.errorResponse(http.StatusBadRequest, "The content type is not that of a picture")
	}
	if len(x.request.Body) == 0 {
		return x.missingParameters()
	}
	p := x.self.profile
	p.Avatar, p.AvatarURL = bytes.Clone(x.request.Body), avatarURL(x.self.mri, x.request.Body)
	return x.setProfile(p)
}

func (x *exchange) deleteOwnAvatar() *bufferedResponse {
	p := x.self.profile
	if p.AvatarURL == "" && x.core.strictEnds {
		return x.errorResponse(http.StatusNotFound, nothingText)
	}
	p.Avatar, p.AvatarURL = nil, ""
	return x.setProfile(p)
}
