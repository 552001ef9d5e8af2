package skypecontacts

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// secret keeps a text out of reach of fmt and of every printer that works by
// reflection: they cannot look into a closure, while redacting methods are not
// called on values in unexported fields.
type secret func() string

func conceal(s string) secret { return func() string { return s } }

// Token is a credential with the time it ends. It prints as "[redacted]" with
// every fmt verb, in slog and in JSON, also as a field of another struct.
type Token struct {
	value  secret
	expiry time.Time
}

// NewToken makes a token. A zero expiry means that it is not known; the client
// then uses the token until the service refuses it.
func NewToken(value string, expiry time.Time) Token {
	return Token{value: conceal(value), expiry: expiry}
}

// Value is the secret itself.
func (t Token) Value() string {
	if t.value == nil {
		return ""
	}
	return t.value()
}

// Expiry is when the token ends, zero if that is not known.
func (t Token) Expiry() time.Time { return t.expiry }

// String hides the token.
func (t Token) String() string { return redacted }

// Format hides the token from every verb.
func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue hides the token from slog.
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON hides the token from JSON.
func (t Token) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// TokenSource gives the client its tokens. The client keeps what it got until
// five minutes before the expiry (of a token that lives shorter, for half its
// life) and asks again when the service refuses it, for all callers at once, so a
// source need neither cache nor lock. After a refusal or a failure it is not asked
// again for thirty seconds, lest a wrong password lock the account.
//
// The context is not the caller's: a refresh serves everyone who waits for it,
// so it ends after fifteen seconds but not when one of them gives up.
type TokenSource interface {
	Token(ctx context.Context) (Token, error)
}

// TokenSourceFunc lets a function be a [TokenSource].
type TokenSourceFunc func(ctx context.Context) (Token, error)

// Token calls f.
func (f TokenSourceFunc) Token(ctx context.Context) (Token, error) { return f(ctx) }

// StaticToken is a source that always gives the same token. When the service
// refuses it the call fails at once, since there is no other to try.
func StaticToken(value string) TokenSource {
	token := NewToken(value, time.Time{})
	return TokenSourceFunc(func(context.Context) (Token, error) { return token, nil })
}

// AuthStyle is the header in which the contacts service is given the token.
// The other services know one header each.
type AuthStyle int

const (
	// AuthSkypeToken sends "X-SkypeToken: t", as Skype for Web did.
	AuthSkypeToken AuthStyle = iota
	// AuthTeams sends "Authentication: skypetoken=t" and the headers by which
	// clients of Teams Free name themselves; they send nothing else since May 2025.
	AuthTeams
)

// checkToken refuses what cannot stand in a header. The error does not repeat it.
func checkToken(value string) error {
	if value == "" {
		return fmt.Errorf("%w: token is empty", ErrInvalid)
	}
	if !httpguts.ValidHeaderFieldValue(value) || strings.TrimSpace(value) != value {
		return fmt.Errorf("%w: token holds characters that no header can", ErrInvalid)
	}
	return nil
}

// registrationValue is the token alone. Callers may hold the whole header that
// the gateway handed out, since other clients pass it around so.
func registrationValue(value string) string {
	if token, ok := parseRegistrationToken(value); ok {
		return token.Value()
	}
	return value
}

// parseRegistrationToken reads "registrationToken=<t>; expires=<unix seconds>;
// endpointId={guid}", the last two of which may be missing. The token itself
// ends in equals signs. It reports false for an empty token, which the gateway
// sends along with some refusals and which must not replace a good one.
func parseRegistrationToken(header string) (Token, bool) {
	var value string
	var expiry time.Time
	for part := range strings.SplitSeq(header, ";") {
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch strings.ToLower(name) {
		case "registrationtoken":
			value = text
		case "expires":
			if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds > 0 && seconds < maxUnixSeconds {
				expiry = time.Unix(seconds, 0).UTC()
			}
		}
	}
	if checkToken(value) != nil {
		return Token{}, false
	}
	return NewToken(value, expiry), true
}

// maxUnixSeconds is the last second of the year 9999, beyond which no expiry is
// meant and time arithmetic becomes unsafe.
const maxUnixSeconds = 253402300799

// authorize adds the token to a request that is about to leave.
func (x *exchange) authorize(h http.Header) {
	token := x.token.Value()
	switch {
	case x.route.service == messengerService:
		h.Set("RegistrationToken", "registrationToken="+registrationValue(token))
	case x.client.authStyle == AuthTeams && (x.route.service == contactsService || x.route.service == contactsV1Service):
		h.Set("Authentication", "skypetoken="+token)
		h.Set("Ms-Ic3-Product", "tfl")
		h.Set("Ms-Ic3-Additional-Product", "Sfl")
		h.Set("X-Ms-Client-Consumer-Type", "teams4life")
	default:
		h.Set("X-Skypetoken", token)
	}
}
