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

	"github.com/skypecontacts/skypecontacts/internal/credential"
)

// Token is a credential with its expiry. It prints as "[redacted]" with
// every fmt verb, in slog and in JSON, also as a field of another struct.
type Token struct {
	value  credential.Secret
	expiry time.Time
}

// NewToken returns a token. A zero expiry means that it is not known; the client
// then uses the token until the service refuses it.
func NewToken(value string, expiry time.Time) Token {
	return Token{value: credential.NewSecret(value), expiry: expiry}
}

// Value returns the credential in clear text.
func (t Token) Value() string {
	if t.value == nil {
		return ""
	}
	return t.value()
}

// Expiry returns when the token expires, zero if that is not known.
func (t Token) Expiry() time.Time { return t.expiry }

// String returns "[redacted]".
func (t Token) String() string { return redacted }

// Format prints "[redacted]" with every verb.
func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue returns "[redacted]".
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON returns "[redacted]" as a JSON string.
func (t Token) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// TokenSource supplies tokens. The client caches a token until five minutes before
// its expiry (a token valid for less than ten minutes, for half of that time) and
// refreshes it when the service refuses it. One refresh runs at a time and serves
// all callers, so a source needs neither cache nor lock. After a failed refresh or
// a refused token there is no other refresh for thirty seconds, so that a wrong
// password does not lock the account. There is no such pause after an error that has a
// method AskAgain() bool that returns true; in a chain of errors the first with that method
// counts. It is for a source that
// sends nothing until something has changed, such as one that waits for its user to sign
// in: the next call then calls it again.
//
// [StaticToken], [TokenFile] and [TokenCommand] are sources. None of them signs in.
//
// The context is not that of a call, since a refresh serves all callers that wait
// for it: it ends after fifteen seconds, not when one of them is canceled.
type TokenSource interface {
	Token(ctx context.Context) (Token, error)
}

// TokenSourceFunc is a function that implements [TokenSource].
type TokenSourceFunc func(ctx context.Context) (Token, error)

// Token calls f.
func (f TokenSourceFunc) Token(ctx context.Context) (Token, error) { return f(ctx) }

// StaticToken returns a source of one token without expiry. A call fails when the
// service refuses it, since a refresh returns the same token.
func StaticToken(value string) TokenSource {
	token := NewToken(value, time.Time{})
	return TokenSourceFunc(func(context.Context) (Token, error) { return token, nil })
}

// AuthStyle selects the header in which the token is sent to the contacts
// service. The other services have one header each.
type AuthStyle int

const (
	// AuthSkypeToken sends "X-SkypeToken: t", as Skype for Web did.
	AuthSkypeToken AuthStyle = iota
	// AuthTeams sends "Authentication: skypetoken=t" and the headers that name the
	// client as Teams Free, as all clients do since May 2025.
	AuthTeams
)

// checkToken returns an error if a token is empty or not a valid header value. The
// error does not repeat the token.
func checkToken(value string) error {
	if value == "" {
		return fmt.Errorf("%w: token is empty", ErrInvalid)
	}
	if !isHeaderValue(value) || strings.TrimSpace(value) != value {
		return fmt.Errorf("%w: token holds characters that a header must not", ErrInvalid)
	}
	return nil
}

// isHeaderValue reports whether a header may have the value: one without control
// characters other than tabs. It is httpguts.ValidHeaderFieldValue, whose package brings
// five others into every program.
func isHeaderValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// registrationValue returns the token without attributes. Callers may hold the
// whole Set-RegistrationToken header, since other clients store it in that form.
func registrationValue(value string) string {
	if token, ok := parseRegistrationToken(value); ok {
		return token.Value()
	}
	return value
}

// parseRegistrationToken parses "registrationToken=<t>; expires=<unix seconds>;
// endpointId={guid}", the last two of which are optional. The token ends in equals
// signs. It reports false for an empty token, which the gateway sends with some
// failures and which must not replace a valid one.
func parseRegistrationToken(header string) (Token, bool) {
	var value string
	var expiry time.Time
	for part := range strings.SplitSeq(header, ";") {
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch lowerASCII(name) {
		case "registrationtoken":
			value = text
		case "expires":
			if at, ok := parseUnixSeconds(text); ok {
				expiry = at
			}
		}
	}
	if checkToken(value) != nil {
		return Token{}, false
	}
	return NewToken(value, expiry), true
}

// maxUnixSeconds is the last second of the year 9999. Later times overflow
// calculations with durations.
const maxUnixSeconds = 253402300799

// parseUnixSeconds parses a time from 1970 to 9999 in decimal digits.
func parseUnixSeconds(text string) (time.Time, bool) {
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || text[0] == '+' || seconds <= 0 || seconds > maxUnixSeconds {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}

// authorize sets the header in which the service expects the token.
func authorize(h http.Header, service serviceID, style AuthStyle, token string) {
	switch {
	case service == messengerService:
		h.Set("RegistrationToken", "registrationToken="+registrationValue(token))
	case style == AuthTeams && (service == contactsService || service == contactsV1Service):
		h.Set("Authentication", "skypetoken="+token)
		h.Set("Ms-Ic3-Product", "tfl")
		h.Set("Ms-Ic3-Additional-Product", "Sfl")
		h.Set("X-Ms-Client-Consumer-Type", "teams4life")
	default:
		h.Set("X-Skypetoken", token)
	}
}
