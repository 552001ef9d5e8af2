package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"golang.org/x/oauth2"
)

// Options configure an [Account] or a source. The zero value is right for the real service.
type Options struct {
	// Endpoints replaces the URLs, such as by those of a fake service.
	Endpoints Endpoints
	// Transport sends the requests, nil means one of this package. It sees all tokens.
	Transport http.RoundTripper
	// InsecureLoopback permits http:// for loopback hosts, for tests.
	InsecureLoopback bool
}

// withDefaults returns the options with all that they leave out.
func (o Options) withDefaults() (Options, error) {
	var err error
	o.Endpoints, err = o.Endpoints.withDefaults(o.InsecureLoopback)
	if o.Transport == nil {
		o.Transport = newTransport()
	}
	return o, err
}

// NewSource returns a source of Skype tokens that exchanges access tokens of a Microsoft
// account for them. The access tokens must be for the scope
// "service::api.fl.spaces.skype.com::MBI_SSL". [Account] is both together.
//
// Source: the same as for the whole package.
//
// Errors: as of [Account.Token], [ErrNoConsumerAccount] also if the access token is not valid. An
// [oauth2.RetrieveError] of tokens becomes the error that it would be of an [Account];
// other errors of tokens can be found by [errors.As], and their text is not repeated.
// Nothing is sent again after a failure.
func NewSource(tokens oauth2.TokenSource, opts Options) (skypecontacts.TokenSource, error) {
	if tokens == nil {
		return nil, fmt.Errorf("%w: the source of access tokens is nil", skypecontacts.ErrInvalid)
	}
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	return newSource(opts, func(context.Context) (*oauth2.Token, error) {
		token, err := tokens.Token()
		if err != nil {
			return nil, oauthError(opAccessToken, err, cause{text: "the source of access tokens failed", origin: err})
		}
		return token, nil
	}), nil
}

// source exchanges access tokens for Skype tokens. One flight at a time serves all callers
// that wait for it.
type source struct {
	opts   Options
	access func(context.Context) (*oauth2.Token, error)

	mu      sync.Mutex
	running *flight[skypecontacts.Token] // that callers can join, nil if there is none
	flights int                          // how many were started
}

// tokenTimeout is less than the time that a client waits for its source, so that the
// error says what took too long.
const tokenTimeout = 14 * time.Second

func newSource(opts Options, access func(context.Context) (*oauth2.Token, error)) *source {
	return &source{opts: opts, access: access}
}

// Token returns another Skype token.
func (s *source) Token(ctx context.Context) (skypecontacts.Token, error) {
	if err := ctx.Err(); err != nil {
		return skypecontacts.Token{}, err
	}
	return s.join(ctx).wait(ctx)
}

// join returns the running flight, or starts one.
func (s *source) join(ctx context.Context) *flight[skypecontacts.Token] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		s.flights++
		number := s.flights
		s.running = startFlight(ctx, func(ctx context.Context) (skypecontacts.Token, error) {
			defer s.land(number)
			ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
			defer cancel()
			return s.fetch(ctx)
		})
	}
	return s.running
}

// land ends the flight with that number. Another one may have taken its place.
func (s *source) land(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flights == number {
		s.running = nil
	}
}

// leave lets no caller join the running flight any more, which is of another sign-in.
func (s *source) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = nil
}

// fetch gets an access token and exchanges it.
func (s *source) fetch(ctx context.Context) (skypecontacts.Token, error) {
	access, err := s.access(ctx)
	if err != nil {
		return skypecontacts.Token{}, err
	}
	if access == nil || !isTokenText(access.AccessToken) {
		return skypecontacts.Token{}, &Error{Op: opAccessToken, err: cause{text: "there is no access token"}}
	}
	now := time.Now().Round(0) // without the monotonic clock, which stops while a machine sleeps
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.opts.Endpoints.Exchange, http.NoBody)
	if err != nil {
		return skypecontacts.Token{}, &Error{Op: opExchange, err: errRefused} // the URL has been checked
	}
	req.Header.Set("Authorization", "Bearer "+access.AccessToken)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Ms-Client-Consumer-Type", "teams4life")
	sent := transport{ctx: ctx, next: s.opts.Transport}
	resp, err := sent.client().Do(req)
	if err != nil {
		return skypecontacts.Token{}, sent.withStatus(networkError(opExchange, errors.Unwrap(err))) // without the URL
	}
	body, _ := io.ReadAll(resp.Body) // transport has read it
	_ = resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		token, err := decodeExchange(body, now)
		if err != nil {
			return skypecontacts.Token{}, &Error{Op: opExchange, Status: resp.StatusCode, err: err}
		}
		return token, nil
	case http.StatusUnauthorized, http.StatusForbidden:
		return skypecontacts.Token{}, &Error{Op: opExchange, Status: resp.StatusCode, err: ErrNoConsumerAccount}
	default:
		return skypecontacts.Token{}, &Error{
			Op: opExchange, Status: resp.StatusCode, RetryAfter: retryAfter(resp, now), err: statusCause(resp.StatusCode),
		}
	}
}
