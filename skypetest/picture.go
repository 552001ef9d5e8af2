package skypetest

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// avatarURL is the address of an account's picture in the form that was recorded. Its
// key depends on the picture.
func avatarURL(id skypecontacts.MRI, picture []byte) string {
	return fmt.Sprintf("https://avatar.skype.com/v1/avatars/%s?auth_key=%d", mriName(id), int32(crc32.ChecksumIEEE(picture)))
}

// authKey returns the auth_key of an address, "" if it has none.
func authKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get("auth_key")
}

// pictureOf returns the picture of a profile, nil if it has none. A profile that has only
// an address has one that is made up.
func pictureOf(id skypecontacts.MRI, p *Profile, size string) []byte {
	switch {
	case len(p.Avatar) > 0:
		return p.Avatar // in one size, as it was given
	case p.AvatarURL == "":
		return nil
	}
	hash := crc32.ChecksumIEEE([]byte(mriKey(id)))
	return coloredSquare(color.RGBA{uint8(hash), uint8(hash >> 8), uint8(hash >> 16), 255}, size)
}

// defaultPicture stands for the silhouette that the service has for people without a
// picture.
func defaultPicture(size string) []byte { return coloredSquare(color.RGBA{128, 128, 128, 255}, size) }

// pictureSides are invented: nobody recorded how many pixels the sizes have.
var pictureSides = map[string]int{"m": 48, "l": 192}

// coloredSquare is a PNG in a size of the service.
func coloredSquare(c color.RGBA, size string) []byte {
	side := pictureSides[lowerASCII(size)]
	if side == 0 {
		side = 96
	}
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{c})); err != nil {
		panic(err) // a buffer takes everything
	}
	return file.Bytes()
}

// pictureType is the media type of a picture. Clients send other formats as JPEG.
func pictureType(picture []byte) string {
	if media := http.DetectContentType(picture); strings.HasPrefix(media, "image/") {
		return media
	}
	return "image/jpeg"
}
