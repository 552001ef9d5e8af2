package skypetest_test

import (
	"image"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A picture changes its address, in what others read as well.
func TestSetOwnAvatar(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	others := &deltaClient{token: "sample-skype-token-1", etag: "/"}
	others.refresh(t, srv)
	url := func() any {
		others.refresh(t, srv)
		return others.roster["contacts"]["8:joe.4"]["profile"].(map[string]any)["avatar_url"]
	}
	put := func(method, path, contentType, body string) int {
		header := map[string]string{"X-Skypetoken": "sample-skype-token-2"}
		if contentType != "" {
			header["Content-Type"] = contentType
		}
		return send(t, method, srv.URL+path, body, header).status
	}
	const api, avatar = "/api/users/joe.4/profile/avatar", "/avatar/v1/avatars/joe.4"
	assert.Equal(t, http.StatusOK, put("PUT", api, "image/png", "picture"))
	first := url()
	assert.Regexp(t, `^https://avatar\.skype\.com/v1/avatars/joe\.4\?auth_key=-?\d+$`, first)
	assert.Equal(t, http.StatusOK, put("PUT", avatar, "image/jpeg", "picture"))
	assert.Equal(t, first, url())
	assert.Len(t, srv.Effects(), 1, "the same picture is no change")
	assert.Equal(t, http.StatusOK, put("PUT", api, "", "another")) // SkPy before 2020
	assert.NotEqual(t, first, url())
	assert.Equal(t, http.StatusBadRequest, put("PUT", avatar, "", "picture"))
	assert.Equal(t, http.StatusBadRequest, put("PUT", avatar, "application/json", "picture"))
	assert.Equal(t, http.StatusBadRequest, put("PUT", api, "image/png", ""))
	assert.Equal(t, http.StatusOK, put("DELETE", avatar, "", ""))
	assert.Equal(t, http.StatusOK, put("DELETE", avatar, "", ""))
	assert.NotNil(t, url())
	assert.Empty(t, url())
	assert.Len(t, srv.Effects(), 3)
}

// Every sample person has a picture at the address in the profile, on both hosts, and for
// requests without a token. One without a picture has the default one, unless the request
// asks for none.
func TestGetAvatar(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	data.Accounts[3].Profile.AvatarURL = ""
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	picture := func(path string) rawResponse {
		resp := send(t, http.MethodGet, srv.URL+path, "", nil)
		require.Equal(t, http.StatusOK, resp.status, path)
		require.Equal(t, "image/png", resp.header.Get("Content-Type"), path)
		require.Regexp(t, `^"[0-9a-f]{8}-\d+"$`, resp.header.Get("ETag"), path)
		return resp
	}
	joe := picture("/avatar/v1/avatars/joe.4/public")
	assert.Equal(t, joe.body, picture("/avatar/v1/avatars/JOE.4?auth_key=1&cacheHeaders=true").body)
	assert.Equal(t, joe.body, picture("/api/users/joe.4/profile/avatar?cacheHeaders=1").body)
	assert.NotEqual(t, joe.body, picture("/avatar/v1/avatars/anna.7/public").body)
	daisy := picture("/avatar/v1/avatars/daisy.5/public?returnDefaultImage=true")
	assert.Equal(t, daisy.body, picture("/api/users/daisy.5/profile/avatar").body)
	for size, side := range map[string]int{"": 96, "m": 48, "l": 192, "L": 192, "x": 96} {
		for _, name := range []string{"joe.4", "daisy.5"} {
			config, _, err := image.DecodeConfig(strings.NewReader(picture("/avatar/v1/avatars/" + name + "/public?size=" + size).body))
			require.NoError(t, err)
			assert.Equal(t, []int{side, side}, []int{config.Width, config.Height}, size)
		}
	}
	for _, path := range []string{
		"/avatar/v1/avatars/daisy.5/public?returnDefaultImage=false", "/api/users/daisy.5/profile/avatar?returnDefaultImage=False",
		"/avatar/v1/avatars/nobody/public", "/avatar/v1/avatars/8:joe.4/public", "/avatar/v1/avatars/28:concierge?auth_key=1",
	} {
		hostError(t, path, send(t, http.MethodGet, srv.URL+path, "", nil), http.StatusNotFound, "")
	}
	for _, header := range []map[string]string{{"X-Skypetoken": "no"}, {"Authentication": "skypetoken=no"}} {
		hostError(t, "/api", send(t, http.MethodGet, srv.URL+"/avatar/v1/avatars/joe.4/public", "", header), http.StatusUnauthorized, "")
	}
	hostError(t, "/api", send(t, http.MethodPut, srv.URL+"/avatar/v1/avatars/self", "x", map[string]string{"Content-Type": "image/png"}), http.StatusUnauthorized, "")

	known := map[string]string{"If-None-Match": joe.header.Get("ETag")}
	resp := send(t, http.MethodGet, srv.URL+"/avatar/v1/avatars/joe.4/public", "", known)
	assert.Equal(t, []any{http.StatusNotModified, "", joe.header.Get("ETag")}, []any{resp.status, resp.body, resp.header.Get("ETag")})
	assert.Equal(t, http.StatusOK, send(t, http.MethodGet, srv.URL+"/avatar/v1/avatars/anna.7/public", "", known).status)
	last := srv.Requests()[len(srv.Requests())-1]
	assert.Equal(t, []any{"GetAvatar", true}, []any{last.Operation, last.Reached})
}

// A private picture is for those who know its key, and for the account itself.
func TestPrivateAvatar(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	data.Accounts[1].Profile.AvatarPrivate = true
	data.Accounts[1].Profile.AvatarURL = "https://avatar.skype.com/v1/avatars/joe.4?auth_key=-5"
	data.Accounts[2].Profile.AvatarPrivate = true // without a key
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	for _, test := range []struct {
		path, token string
		status      int
	}{
		{"/avatar/v1/avatars/joe.4?auth_key=-5", "", 200},
		{"/api/users/joe.4/profile/avatar?auth_key=-5", "sample-skype-token-1", 200},
		{"/avatar/v1/avatars/joe.4/public?x=1", "sample-skype-token-2", 200},
		{"/avatar/v1/avatars/joe.4/public?x=1", "sample-skype-token-1", 404},
		{"/avatar/v1/avatars/joe.4?auth_key=5", "sample-skype-token-1", 404},
		{"/avatar/v1/avatars/joe.4?auth_key=", "", 404},
		{"/avatar/v1/avatars/anna.7?auth_key=", "", 404},
		{"/avatar/v1/avatars/anna.7?auth_key=", "sample-skype-token-3", 200},
	} {
		header := map[string]string{}
		if test.token != "" {
			header["X-Skypetoken"] = test.token
		}
		assert.Equal(t, test.status, send(t, http.MethodGet, srv.URL+test.path+"&returnDefaultImage=false", "", header).status, "%v", test)
	}
}

// The SDK gets what it set, at the address that others read in the profile, until it is
// removed.
func TestAvatarOfTheSDK(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		opts := []skypetest.Option{}
		if strict {
			opts = append(opts, skypetest.WithStrictEnds())
		}
		srv := skypetest.NewServer(opts...)
		t.Cleanup(srv.Close)
		joe, fred := srv.ClientFor("joe.4", skypecontacts.WithUserID("joe.4")), srv.Client()
		picture := []byte("GIF89a, or so it says")
		require.NoError(t, joe.SetOwnAvatar(t.Context(), picture))
		list, err := fred.GetPublicProfiles(t.Context(), "joe.4")
		require.NoError(t, err)
		first, err := fred.GetAvatar(t.Context(), "joe.4", skypecontacts.AvatarOptions{URL: list.Profiles[0].AvatarURL})
		require.NoError(t, err)
		assert.Equal(t, &skypecontacts.Avatar{Data: picture, MediaType: "image/gif", ETag: first.ETag}, first)
		again, err := fred.GetAvatar(t.Context(), "8:joe.4", skypecontacts.AvatarOptions{Previous: first})
		require.NoError(t, err)
		assert.Same(t, first, again)
		require.NoError(t, joe.DeleteOwnAvatar(t.Context()))
		_, err = fred.GetAvatar(t.Context(), "joe.4", skypecontacts.AvatarOptions{Previous: first})
		require.ErrorIs(t, err, skypecontacts.ErrNotFound)
		err = joe.DeleteOwnAvatar(t.Context())
		if strict {
			require.ErrorIs(t, err, skypecontacts.ErrNotFound)
		} else {
			require.NoError(t, err)
		}
		me := skypecontacts.MRI("8:joe.4")
		assert.Equal(t, []skypetest.Effect{{Operation: "SetOwnAvatar", Account: me, Subject: me}, {Operation: "DeleteOwnAvatar", Account: me, Subject: me}}, srv.Effects())
	}
}
