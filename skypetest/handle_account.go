package skypetest

import (
	"net/http"
	"strings"
)

// getAccount responds to the official client, which reads only registrationDate.
// No source has the response, and no date is in [Data].
func (x *exchange) getAccount() *bufferedResponse {
	return jsonResponse(http.StatusOK, jsonObject{"username": mriName(x.self.mri), "registrationDate": "2011-10-13T00:00:00Z"})
}

// updateOwnProfile changes members of the own profile.
func (x *exchange) updateOwnProfile() *bufferedResponse {
	body := struct {
		Payload map[string]any `json:"payload"`
	}{}
	switch {
	case !x.decodeJSON(&body):
		return x.malformedJSON()
	case body.Payload == nil:
		return x.missingParameters()
	}
	values := make(map[string]string)
	for name, value := range body.Payload {
		text, ok := value.(string) // null is the empty string
		if !ok && value != nil && isProfileText(name) {
			return x.errorResponse(http.StatusBadRequest, "The value of "+name+" is not a string")
		}
		if name == "gender" {
			if text, ok = genderWords[text]; !ok {
				return x.errorResponse(http.StatusBadRequest, "There is no such gender")
			}
		}
		values[name] = text
	}
	return x.setProfile(updatedProfile(x.self.profile, values, x.now))
}

// setAvatar takes the picture that is the body. The avatar host requires its type
// (SkPy issue 106); an older SkPy sends none to the api host.
func (x *exchange) setAvatar() *bufferedResponse {
	isPicture := strings.HasPrefix(lowerASCII(x.request.Header.Get("Content-Type")), "image/")
	if x.host == avatarHost && !isPicture {
		return x.errorResponse(http.StatusBadRequest, "The content type is not that of a picture")
	}
	if len(x.request.Body) == 0 {
		return x.missingParameters()
	}
	p := x.self.profile
	p.AvatarURL = avatarURL(x.self, x.request.Body)
	return x.setProfile(p)
}

func (x *exchange) removeAvatar() *bufferedResponse {
	p := x.self.profile
	p.AvatarURL = ""
	return x.setProfile(p)
}

func (x *exchange) setProfile(p Profile) *bufferedResponse {
	if x.core.state.setProfile(x.self, p) {
		x.core.addEffect(x.request, x.self.mri)
	}
	return emptyResponse(http.StatusOK)
}
