package apitest

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/skypecontacts/skypecontacts"
)

// avatarURL is the address in the profile of a person whose picture is not public.
func avatarURL(id skypecontacts.MRI) string {
	return "https://avatar.skype.com/v1/avatars/" + id.ID() + "?auth_key=-2078211408"
}

// OwnPicture is the picture that the table sets.
func OwnPicture() []byte { return []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;") }

// Picture is the picture of avatar/get_avatar, four blue pixels.
func Picture() []byte {
	const file = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAQMAAABIeJ9nAAAAA1BMVEUAr/AzWG/gAAAAEElEQVR4nGJgYGAABAAA//8ABAAB8dAOyAAAAABJRU5ErkJggg=="
	picture, err := base64.StdEncoding.DecodeString(file)
	if err != nil {
		panic(err)
	}
	return picture
}

func avatarCalls() []Call {
	want := &skypecontacts.Avatar{Data: Picture(), MediaType: "image/png", ETag: `"png"`}
	return []Call{
		{
			Op: "GetAvatar", Method: http.MethodGet, Service: "Avatar", Route: "/avatars/{id}/public",
			Fixture: "avatar/get_avatar", Picture: true, IDs: ids("8:live:daisy.5"), SampleIDs: ids("joe.4"),
			do: gettingOne(func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) (*skypecontacts.Avatar, error) {
				return c.GetAvatar(ctx, id, skypecontacts.AvatarOptions{Size: skypecontacts.AvatarLarge})
			}),
			Request: "GET https://avatar.skype.com/v1/avatars/live:daisy.5/public?cacheHeaders=true&returnDefaultImage=false&size=l\n" + pictureHeaders,
			Want:    want,
		},
		{
			Op: "GetAvatar", Method: http.MethodGet, Service: "Avatar", Route: "/avatars/{id}",
			Fixture: "avatar/get_avatar", Picture: true, IDs: ids("8:joe.4"),
			do: gettingOne(func(c *skypecontacts.Client, ctx context.Context, id skypecontacts.MRI) (*skypecontacts.Avatar, error) {
				return c.GetAvatar(ctx, id, skypecontacts.AvatarOptions{URL: avatarURL(id)})
			}),
			Request: "GET https://avatar.skype.com/v1/avatars/joe.4?auth_key=-2078211408&cacheHeaders=true&returnDefaultImage=false\n" + pictureHeaders,
			Want:    want,
		},
		{
			Op: "SetOwnAvatar", Method: http.MethodPut, Service: "Avatar", Route: "/avatars/{id}", Writes: true,
			Fixture: "avatar/set_own_avatar", Options: []skypecontacts.Option{skypecontacts.WithUserID("live:fred.2")},
			do: func(ctx context.Context, c *skypecontacts.Client, _ []skypecontacts.MRI) (any, error) {
				return nil, c.SetOwnAvatar(ctx, OwnPicture())
			},
			Request: "PUT https://avatar.skype.com/v1/avatars/live:fred.2\n" + gifHeaders + string(OwnPicture()),
		},
		{
			Op: "DeleteOwnAvatar", Method: http.MethodDelete, Service: "Avatar", Route: "/avatars/{id}", Writes: true,
			Fixture: "avatar/delete_own_avatar", Options: []skypecontacts.Option{skypecontacts.WithUserID("8:fred.2")},
			do: func(ctx context.Context, c *skypecontacts.Client, _ []skypecontacts.MRI) (any, error) {
				return nil, c.DeleteOwnAvatar(ctx)
			},
			Request: "DELETE https://avatar.skype.com/v1/avatars/fred.2\n" + plainHeaders,
		},
	}
}
