package skypetest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

func TestSignInEndpoints(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithURL("http://skype.example/"))
	defer srv.Close()
	assert.Equal(t, skypetest.SignInEndpoints{
		DeviceCode: "http://skype.example/login/consumers/oauth2/v2.0/devicecode",
		Token:      "http://skype.example/login/consumers/oauth2/v2.0/token",
		Exchange:   "http://skype.example/teams/api/auth/v1.0/authz/consumer",
	}, srv.SignInEndpoints())
}

// A refresh token is valid after another has taken its place, unless the server is told
// otherwise.
func TestSingleUseRefreshTokens(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		opts []skypetest.Option
		want int // status of the second use
	}{{nil, 200}, {[]skypetest.Option{skypetest.WithSingleUseRefreshTokens()}, 400}} {
		srv := skypetest.NewServer(test.opts...)
		t.Cleanup(srv.Close)
		first := signIn(t, srv).RefreshToken
		status, body := refresh(t, srv, first)
		assert.Equal(t, 200, status)
		status, _ = refresh(t, srv, first)
		assert.Equal(t, test.want, status)
		status, _ = refresh(t, srv, body["refresh_token"].(string))
		assert.Equal(t, 200, status)
	}
}

// Revoking ends the tokens of one account, but for its Skype tokens.
func TestRevokeSignIns(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	fred := signIn(t, srv)
	confirmed, waiting := beginSignIn(t, srv, testScope), beginSignIn(t, srv, testScope)
	srv.ApproveSignIn(confirmed["user_code"].(string), "")
	srv.RevokeSignIns("joe.4")
	assert.Equal(t, 200, exchange(t, srv, fred.AccessToken).status)
	srv.RevokeSignIns("8:fred.2")
	assert.Equal(t, 401, exchange(t, srv, fred.AccessToken).status)
	status, body := refresh(t, srv, fred.RefreshToken)
	assert.Equal(t, 400, status)
	assert.Equal(t, "invalid_grant", body["error"])
	assert.Equal(t, 200, get(t, srv, "/contacts/v2/users/SELF/contacts").status)
	status, body = poll(t, srv, confirmed["device_code"])
	assert.Equal(t, 400, status, "a code that was confirmed before gives no tokens any more")
	assert.Equal(t, "bad_verification_code", body["error"])
	_, body = poll(t, srv, waiting["device_code"])
	assert.Equal(t, "authorization_pending", body["error"])
	again := signIn(t, srv)
	assert.Equal(t, 200, exchange(t, srv, again.AccessToken).status)
}

func TestDeclineSignIn(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	begun := beginSignIn(t, srv, testScope)
	srv.DeclineSignIn(begun["user_code"].(string))
	status, body := poll(t, srv, begun["device_code"])
	assert.Equal(t, 400, status)
	assert.Equal(t, "authorization_declined", body["error"])
}

func TestSignInPanics(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	code := beginSignIn(t, srv, testScope)["user_code"].(string)
	assert.PanicsWithValue(t, "skypetest: no sign-in with that code is waiting", func() { srv.ApproveSignIn("ABC", "") })
	assert.PanicsWithValue(t, "skypetest: no sign-in with that code is waiting", func() { srv.DeclineSignIn("ABC") })
	assert.PanicsWithValue(t, "skypetest: the data has no such account", func() { srv.ApproveSignIn(code, "nobody.9") })
	assert.PanicsWithValue(t, "skypetest: the data has no such account", func() { srv.RevokeSignIns("nobody.9") })
	srv.ApproveSignIn(code, "")
	assert.PanicsWithValue(t, "skypetest: no sign-in with that code is waiting", func() { srv.ApproveSignIn(code, "") })
}
