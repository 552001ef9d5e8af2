package skypetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// signInState is the sign-ins of one server: the codes that users may confirm, and the
// refresh tokens of those that were confirmed.
type signInState struct {
	codes    []*deviceCode
	refresh  map[string]*refreshToken
	tokenSeq int // the number of the last token
}

// deviceCode is a sign-in that a client has begun.
type deviceCode struct {
	code, userCode string
	clientID       string
	scope          string
	expiry         time.Time
	interval       time.Duration // between two polls of the client
	lastPoll       time.Time
	owner          *accountState // who confirmed it, nil if nobody has
	declined       bool
	redeemed       bool
}

// refreshToken is a refresh token that is or was valid.
type refreshToken struct {
	owner    *accountState
	clientID string
	scope    string
	revoked  bool
}

const (
	// deviceCodeLifetime is the default that Microsoft documents.
	deviceCodeLifetime = 15 * time.Minute
	// deviceCodeInterval is the shortest that the protocol can say, so that tests are
	// quick. Microsoft's documentation has 5 s.
	deviceCodeInterval = time.Second
	// slowDown is what the protocol adds to the interval of a client that polls too fast.
	slowDown = 5 * time.Second
	// accessTokenLifetime is nominal: the server does not end a token by itself.
	accessTokenLifetime = time.Hour
	// signInScope is the scope of the tokens that can be exchanged for a Skype token.
	signInScope = "service::api.fl.spaces.skype.com::MBI_SSL"
	// refreshScope is the scope without which there is no refresh token.
	refreshScope = "offline_access"
)

// userCodeAlphabet has no letters and digits that look alike.
const userCodeAlphabet = "BCDFGHJKLMNPQRSTVWXZ23456789"

// begin starts a sign-in.
func (s *signInState) begin(instance, clientID, scope string, now time.Time) *deviceCode {
	userCode := make([]byte, 9)
	for i := range userCode {
		userCode[i] = userCodeAlphabet[rand.N(len(userCodeAlphabet))]
	}
	d := &deviceCode{
		code: s.newToken("device-code", instance), userCode: string(userCode), clientID: clientID, scope: scope,
		expiry: now.Add(deviceCodeLifetime), interval: deviceCodeInterval,
	}
	s.codes = append(s.codes, d)
	return d
}

// byCode returns the sign-in with that device code, or nil.
func (s *signInState) byCode(code, clientID string) *deviceCode {
	for _, d := range s.codes {
		if d.code == code && d.clientID == clientID {
			return d
		}
	}
	return nil
}

// unconfirmed returns the sign-in that a user can confirm or decline with that code, or
// nil. Users may write it in lower case and with spaces and hyphens.
func (s *signInState) unconfirmed(userCode string, now time.Time) *deviceCode {
	userCode = strings.NewReplacer(" ", "", "-", "").Replace(strings.ToUpper(userCode))
	i := slices.IndexFunc(s.codes, func(d *deviceCode) bool {
		return d.userCode == userCode && d.owner == nil && !d.declined && now.Before(d.expiry)
	})
	if i < 0 {
		return nil
	}
	return s.codes[i]
}

// newRefreshToken issues a refresh token.
func (s *signInState) newRefreshToken(instance string, of refreshToken) string {
	text := s.newToken("refresh-token", instance)
	if s.refresh == nil {
		s.refresh = make(map[string]*refreshToken)
	}
	s.refresh[text] = &of
	return text
}

// revoke ends the refresh tokens of an account, and the codes that it has confirmed and no
// client has redeemed.
func (s *signInState) revoke(owner *accountState) {
	for _, d := range s.codes {
		d.redeemed = d.redeemed || d.owner == owner
	}
	for _, token := range s.refresh {
		token.revoked = token.revoked || token.owner == owner
	}
}

// newToken makes up the text of a token.
func (s *signInState) newToken(kind, instance string) string {
	s.tokenSeq++
	return fmt.Sprintf("%s-%s-%d", kind, instance, s.tokenSeq)
}

// polledTooFast records a poll. It reports whether it came too early, and then makes the
// interval longer. Half of the interval is enough, since polls are delayed on their way.
func (d *deviceCode) polledTooFast(now time.Time) bool {
	early := !d.lastPoll.IsZero() && now.Sub(d.lastPoll) < d.interval/2
	d.lastPoll = now
	if early {
		d.interval += slowDown
	}
	return early
}
