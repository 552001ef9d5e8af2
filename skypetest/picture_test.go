package skypetest

import (
	"bytes"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAvatarURL(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "https://avatar.skype.com/v1/avatars/live:joe?auth_key=0", avatarURL("8:live:joe", nil))
	assert.Equal(t, "https://avatar.skype.com/v1/avatars/live:joe?auth_key=-390611389", avatarURL("8:live:joe", []byte("a")))
	assert.Equal(t, "-390611389", authKey(avatarURL("8:live:joe", []byte("a"))))
	for _, address := range []string{"", "https://avatar.skype.com/v1/avatars/x/public", "%zz?auth_key=1"} {
		assert.Empty(t, authKey(address))
	}
}

// A picture that is made up is the same each time, and another for each account.
func TestPictureOf(t *testing.T) {
	t.Parallel()
	url := Profile{AvatarURL: "https://avatar.skype.com/v1/avatars/joe.4/public"}
	joe := pictureOf("8:joe.4", &url, "")
	assert.Equal(t, joe, pictureOf("8:JOE.4", &url, "x"))
	assert.NotEqual(t, joe, pictureOf("8:anna.7", &url, ""))
	assert.NotEqual(t, joe, defaultPicture(""))
	assert.Nil(t, pictureOf("8:joe.4", &Profile{}, ""))
	given := []byte("\xFF\xD8\xFF\xE0")
	assert.Equal(t, given, pictureOf("8:joe.4", &Profile{Avatar: given, AvatarURL: url.AvatarURL}, "l"))
	decoded, err := png.Decode(bytes.NewReader(joe))
	require.NoError(t, err)
	assert.Equal(t, 96, decoded.Bounds().Dx())
}

func TestPictureType(t *testing.T) {
	t.Parallel()
	for picture, want := range map[string]string{"GIF89a": "image/gif", "\xFF\xD8\xFF\xE0": "image/jpeg", "picture": "image/jpeg", "<html>": "image/jpeg"} {
		assert.Equal(t, want, pictureType([]byte(picture)), picture)
	}
	assert.Equal(t, "image/png", pictureType(defaultPicture("m")))
}

// A picture without an address gets one.
func TestAddressOfGivenPicture(t *testing.T) {
	t.Parallel()
	s := newServiceState(Data{Accounts: []Account{{MRI: "joe.4", Profile: Profile{Avatar: []byte("a")}}}}, StyleEverything)
	assert.Equal(t, "https://avatar.skype.com/v1/avatars/joe.4?auth_key=-390611389", s.accounts[0].profile.AvatarURL)
}
