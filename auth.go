package skypecontacts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"
)

// redacted stands wherever a secret would.
const redacted = "[redacted]"

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

const (
	refreshEarly   = 5 * time.Minute
	refreshSpacing = 30 * time.Second
	refreshTimeout = 15 * time.Second
	// A call with a token that is still good waits no longer for a new one.
	renewalPatience = 2 * time.Second
)

// tokenCache holds one source's current token for all callers.
type tokenCache struct {
	source TokenSource

	mu       sync.Mutex
	token    Token
	renewAt  time.Time // when to ask the source again unprompted; zero: not before it is refused
	resting  time.Time // until when the source is not asked, because it failed or what it gave was refused
	lastErr  error     // how the source failed, while resting
	question *question // being asked now, nil if none
}

// question is one call of the source, which any number of callers await.
type question struct {
	done    chan struct{}
	token   Token
	err     error
	refused bool // somebody asks because the service refused the token
}

func newTokenCache(source TokenSource) *tokenCache { return &tokenCache{source: source} }

// current returns the token to use, asking the source if there is none or it
// ends soon. While a token is still good a source that fails does no harm.
func (c *tokenCache) current(ctx context.Context) (Token, error) {
	c.mu.Lock()
	held, now := c.token, time.Now()
	fresh := held.value != nil && (c.renewAt.IsZero() || now.Before(c.renewAt))
	usable := held.value != nil && (held.expiry.IsZero() || now.Before(held.expiry))
	failing := c.lastErr != nil && now.Before(c.resting)
	lastErr := c.lastErr
	var q *question
	if !fresh && !failing {
		q = c.ask(ctx, false)
	}
	c.mu.Unlock()

	switch {
	case fresh, failing && usable:
		return held, nil
	case failing:
		return Token{}, lastErr
	}
	if !usable {
		return q.wait(ctx)
	}
	patient, cancel := context.WithTimeout(ctx, renewalPatience)
	defer cancel()
	token, err := q.wait(patient)
	if err != nil && ctx.Err() == nil {
		return held, nil
	}
	return token, err
}

// replace returns another token than the one the service refused. It reports
// false if there is none: the source gave the same again, or is left in peace
// because it was asked for this reason less than half a minute ago.
func (c *tokenCache) replace(ctx context.Context, refused Token) (Token, bool, error) {
	c.mu.Lock()
	held := c.token
	renewed := held.value != nil && held.Value() != refused.Value()
	resting := c.question == nil && time.Now().Before(c.resting)
	var q *question
	if !renewed && !resting {
		q = c.ask(ctx, true)
	}
	c.mu.Unlock()

	switch {
	case renewed:
		return held, true, nil
	case resting:
		return Token{}, false, nil
	}
	token, err := q.wait(ctx)
	return token, err == nil && token.Value() != refused.Value(), err
}

// store replaces the token by one the service itself handed out.
func (c *tokenCache) store(token Token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(token)
}

// ask joins the question being asked or begins one. The caller holds the lock.
func (c *tokenCache) ask(ctx context.Context, refused bool) *question {
	if c.question != nil {
		c.question.refused = c.question.refused || refused
		return c.question
	}
	q := &question{done: make(chan struct{}), refused: refused}
	c.question = q
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTimeout)
	answered := make(chan struct{})
	var token Token
	err := errNoAnswer
	go func() {
		defer close(answered)
		token, err = c.source.Token(ctx)
	}()
	go func() {
		defer cancel()
		select {
		case <-answered:
			c.settle(q, token, err)
		case <-ctx.Done(): // whether or not the source minds
			c.settle(q, Token{}, ctx.Err())
		}
	}()
	return q
}

// errNoAnswer stands until the source has answered. A source that ends its
// goroutine, as a failing test does, never will.
var errNoAnswer = errors.New("no answer")

// settle takes over what the source answered and tells those who wait for it.
func (c *tokenCache) settle(q *question, token Token, err error) {
	if err != nil {
		err = tokenError{err}
	} else {
		err = checkToken(token.Value())
	}
	q.token, q.err = token, err

	defer close(q.done)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.question = nil
	if err == nil {
		c.keep(token)
	} else {
		c.lastErr = err
	}
	if q.refused || err != nil {
		c.resting = time.Now().Add(refreshSpacing)
	}
}

// keep makes token the current one. The caller holds the lock.
func (c *tokenCache) keep(token Token) {
	c.token, c.lastErr, c.renewAt = token, nil, time.Time{}
	if token.expiry.IsZero() {
		return
	}
	left := time.Until(token.expiry)
	if left <= 0 {
		// The machine's clock may be wrong. The service will say.
		c.renewAt = time.Now().Add(refreshSpacing)
		return
	}
	early := min(refreshEarly, left/2)
	// Programs started together must not all ask together.
	early += rand.N(early/10 + 1)
	c.renewAt = token.expiry.Add(-early)
}

func (q *question) wait(ctx context.Context) (Token, error) {
	select {
	case <-q.done:
		return q.token, q.err
	case <-ctx.Done():
		return Token{}, ctx.Err()
	}
}

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
