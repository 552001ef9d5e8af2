package skypetest

import (
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// SignInEndpoints are the URLs for signing in with a Microsoft account, in the order in
// which a client calls them.
type SignInEndpoints struct {
	DeviceCode string // begins a sign-in
	Token      string // returns access and refresh token
	Exchange   string // exchanges the access token for a Skype token
}

// SignInEndpoints returns the URLs for signing in. Package teamsauth takes them as its
// endpoints:
//
//	teamsauth.Options{Endpoints: teamsauth.Endpoints(srv.SignInEndpoints()), InsecureLoopback: true}
//
// A user confirms a sign-in on the page that the response to the first one names, or a
// test by [Server.ApproveSignIn].
func (s *Server) SignInEndpoints() SignInEndpoints {
	oauth := s.URL + loginHost.mount + "/consumers/oauth2/v2.0"
	return SignInEndpoints{
		DeviceCode: oauth + "/devicecode",
		Token:      oauth + "/token",
		Exchange:   s.URL + teamsHost.mount + "/api/auth/v1.0/authz/consumer",
	}
}

// ApproveSignIn confirms a sign-in as the user with that account does, with or without
// prefix; "" is the first account. It panics if there is no such account, or no
// sign-in with that code is waiting.
func (s *Server) ApproveSignIn(userCode string, account skypecontacts.MRI) {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	owner := s.core.state.accounts[0]
	if account != "" {
		owner = s.mustHaveAccount(account)
	}
	s.mustBeUnconfirmed(userCode).owner = owner
}

// DeclineSignIn declines a sign-in as the user does. It panics if no sign-in with that
// code is waiting.
func (s *Server) DeclineSignIn(userCode string) {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.mustBeUnconfirmed(userCode).declined = true
}

// RevokeSignIns ends all refresh and access tokens of an account, and the device codes that
// it has confirmed, as a new password does. Its Skype tokens stay valid. It panics if there is no such account.
func (s *Server) RevokeSignIns(account skypecontacts.MRI) {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	owner := s.mustHaveAccount(account)
	s.core.signIns.revoke(owner)
	for _, token := range s.core.state.accessTokens {
		token.expired = token.expired || token.owner == owner
	}
}

// mustBeUnconfirmed returns a sign-in that waits for its user. The caller holds the lock.
func (s *Server) mustBeUnconfirmed(userCode string) *deviceCode {
	d := s.core.signIns.unconfirmed(userCode, time.Now())
	if d == nil {
		panic("skypetest: no sign-in with that code is waiting")
	}
	return d
}
