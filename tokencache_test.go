package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// countingSource returns one token after the other, each after a second; the last is
// repeated.
type countingSource struct {
	asked  atomic.Int64
	tokens []Token
	err    error
}

func (s *countingSource) Token(ctx context.Context) (Token, error) {
	n := s.asked.Add(1)
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return Token{}, ctx.Err()
	}
	if s.err != nil {
		return Token{}, s.err
	}
	return s.tokens[min(int(n), len(s.tokens))-1], nil
}

func sourceOf(values ...string) *countingSource {
	s := &countingSource{}
	for _, value := range values {
		s.tokens = append(s.tokens, NewToken(value, time.Time{}))
	}
	return s
}

// accepts responds with 200 to one token and with 401 to all others.
func accepts(token string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("X-Skypetoken") == token {
			return reply(200, `{"contacts":[]}`)(req)
		}
		return reply(401, `{"message":"Skype token validation failed!"}`)(req)
	}
}

func newAuthClient(t *testing.T, w *wire, source TokenSource, opts ...Option) *Client {
	t.Helper()
	c, err := New(source, append([]Option{WithHTTPClient(&http.Client{Transport: w})}, opts...)...)
	require.NoError(t, err)
	return c
}

func TestRefreshForManyCallers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		first   Token
		asked   int64
		sentOld bool // the old token is sent
		later   time.Duration
	}{
		{"the service refuses the token", NewToken("old", time.Time{}), 2, true, 0},
		{"the token has expired", NewToken("old", time.Now().Add(time.Hour)), 2, false, 100 * 365 * 24 * time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(accepts("old"))
				source := &countingSource{tokens: []Token{test.first, NewToken("new", time.Time{})}}
				c := newAuthClient(t, w, source)
				require.NoError(t, block(c)) // the client now holds the old token
				time.Sleep(test.later)
				w.RegisterNoResponder(recording(w, accepts("new")))

				for _, err := range atOnce(100, func() error { return block(c) }) {
					require.NoError(t, err)
				}
				require.Equal(t, test.asked, source.asked.Load())
				old, renewed := 0, 0
				for _, sent := range w.requests()[1:] {
					if strings.Contains(sent, "X-Skypetoken: old\n") {
						old++
					} else if strings.Contains(sent, "X-Skypetoken: new\n") {
						renewed++
					}
				}
				require.Equal(t, 100, renewed, "every change is accepted once")
				require.Equal(t, test.sentOld, old > 0)
			})
		})
	}
}

func TestRefreshSpacing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		source *countingSource
		asked  int64 // in the first half minute
		is     error
	}{
		{"another token that is refused too", sourceOf("first", "second", "third"), 2, ErrUnauthorized},
		{"the same token again", sourceOf("first"), 2, ErrUnauthorized},
		{"the source fails", &countingSource{err: errors.New("wrong password for joe.4")}, 1, nil},
		{"the source returns an empty token", sourceOf(""), 1, ErrInvalid},
		{"the source returns what is no header value", sourceOf("two\r\nlines"), 1, ErrInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(accepts("nothing at all"))
				c := newAuthClient(t, w, test.source)
				check := func(err error) {
					var failure *Error
					require.ErrorAs(t, err, &failure)
					require.NotContains(t, err.Error(), "joe.4")
					if test.is != nil {
						require.ErrorIs(t, err, test.is)
					} else {
						require.ErrorIs(t, err, test.source.err, "the cause is in the chain")
					}
				}
				for _, err := range atOnce(100, func() error { return block(c) }) {
					check(err)
				}
				for range 100 {
					check(block(c))
				}
				require.Equal(t, test.asked, test.source.asked.Load())

				time.Sleep(refreshSpacing)
				for range 10 {
					check(block(c))
				}
				require.Equal(t, test.asked+1, test.source.asked.Load(), "once more after refreshSpacing")
			})
		})
	}
}

// The call that started a refresh is canceled. The others wait for the same refresh
// and get its token.
func TestCancellationDuringRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(accepts("token"))
		source := sourceOf("token")
		c := newAuthClient(t, w, source)
		first, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() { failed <- c.BlockUser(first, "8:joe.4", BlockOptions{}) }()
		synctest.Wait()
		others := make(chan []error, 1)
		go func() { others <- atOnce(10, func() error { return block(c) }) }()
		synctest.Wait()

		began := time.Now()
		cancel()
		err := <-failed
		require.ErrorIs(t, err, context.Canceled)
		require.Zero(t, time.Since(began), "the cancellation takes no time")
		var failure *Error
		require.ErrorAs(t, err, &failure)
		require.Equal(t, Error{Op: "BlockUser", Method: "PUT", Route: blockUser.path, err: context.Canceled}, *failure)

		for _, err := range <-others {
			require.NoError(t, err)
		}
		require.EqualValues(t, 1, source.asked.Load())
		require.Len(t, w.requests(), 10)
	})
}

type accountKey struct{}

func TestRefreshContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := make(chan context.Context, 1)
		source := TokenSourceFunc(func(ctx context.Context) (Token, error) {
			asked <- ctx
			<-ctx.Done() // a source that never returns
			return Token{}, ctx.Err()
		})
		w := newWire(accepts("token"))
		c := newAuthClient(t, w, source)
		ctx := context.WithValue(t.Context(), accountKey{}, "fred.2")
		began := time.Now()
		err := c.BlockUser(ctx, "8:joe.4", BlockOptions{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, refreshTimeout, time.Since(began))
		require.Equal(t, "fred.2", (<-asked).Value(accountKey{}))
		require.Empty(t, w.requests())
	})
}

// A source that ends its goroutine fails the callers that wait, at once.
func TestSourceThatExits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(accepts("token"))
		c := newAuthClient(t, w, TokenSourceFunc(func(context.Context) (Token, error) { runtime.Goexit(); panic("unreachable") }))
		began := time.Now()
		require.ErrorIs(t, block(c), errSourceExited)
		require.Zero(t, time.Since(began))
		require.Empty(t, w.requests())
	})
}

// A refusal during a refresh counts for it: if the new token is refused too, the
// source is not called again.
func TestRefusalDuringRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := sourceOf("first", "second", "third")
		w := newWire(func(req *http.Request) (*http.Response, error) {
			time.Sleep(500 * time.Millisecond)
			return reply(401, "")(req)
		})
		c := newAuthClient(t, w, source)
		c.core.tokens.store(NewToken("stored", time.Now().Add(time.Hour)))
		refused := make(chan error, 1)
		go func() { refused <- block(c) }() // is refused after half a second
		synctest.Wait()
		c.core.tokens.mu.Lock()
		c.core.tokens.refreshAt = time.Now()
		c.core.tokens.mu.Unlock()
		require.ErrorIs(t, block(c), ErrUnauthorized) // begins the refresh, which takes a second
		require.ErrorIs(t, <-refused, ErrUnauthorized)
		require.ErrorIs(t, block(c), ErrUnauthorized)
		require.EqualValues(t, 1, source.asked.Load())
	})
}

// When a token is refreshed before it expires.
func TestRefreshBeforeExpiry(t *testing.T) {
	t.Parallel()
	tests := []struct {
		lifetime, after time.Duration
		asked           int64
	}{
		{time.Hour, 54 * time.Minute, 1}, // five minutes and up to a tenth more before the end
		{time.Hour, 55 * time.Minute, 2},
		{time.Minute, 26 * time.Second, 1}, // half of it, and up to a tenth of that more
		{time.Minute, 30 * time.Second, 2},
		{-time.Hour, 29 * time.Second, 1}, // expired already by the local clock
		{-time.Hour, 31 * time.Second, 2},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%v of %v", test.after, test.lifetime), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int64
				source := TokenSourceFunc(func(context.Context) (Token, error) {
					asked.Add(1)
					return NewToken("token", time.Now().Add(test.lifetime)), nil
				})
				c := newAuthClient(t, newWire(accepts("token")), source)
				require.NoError(t, block(c))
				time.Sleep(test.after)
				require.NoError(t, block(c))
				require.Equal(t, test.asked, asked.Load())
			})
		})
	}
}

// A failed refresh does not fail calls while the token is still valid.
func TestFailedRefreshOfAValidToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(accepts("token"))
		source := &countingSource{tokens: []Token{NewToken("token", time.Now().Add(time.Hour))}}
		c := newAuthClient(t, w, source)
		require.NoError(t, block(c))
		source.err = errors.New("the login service fails")
		time.Sleep(57 * time.Minute)
		for _, err := range atOnce(10, func() error { return block(c) }) {
			require.NoError(t, err)
		}
		require.EqualValues(t, 2, source.asked.Load())
		time.Sleep(4 * time.Minute) // now it has expired
		require.ErrorIs(t, block(c), source.err)
		require.EqualValues(t, 3, source.asked.Load())
	})
}

// recording returns a responder whose requests are recorded in w.
func recording(w *wire, next httpmock.Responder) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		w.mu.Lock()
		w.sent = append(w.sent, dump(req))
		w.mu.Unlock()
		return next(req)
	}
}

// A refresh that hangs delays calls with a valid token by no more than refreshPatience.
func TestRefreshPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		source := TokenSourceFunc(func(ctx context.Context) (Token, error) {
			if asked.Add(1) > 1 {
				<-ctx.Done()
				return Token{}, ctx.Err()
			}
			return NewToken(testToken, time.Now().Add(10*time.Minute)), nil
		})
		c, err := New(source, WithHTTPClient(&http.Client{Transport: newWire(reply(200, "{}"))}), WithTimeout(5*time.Second))
		require.NoError(t, err)
		_, err = c.ListContacts(t.Context())
		require.NoError(t, err)
		time.Sleep(6 * time.Minute)
		started := time.Now()
		_, err = c.ListContacts(t.Context())
		require.NoError(t, err)
		require.Equal(t, refreshPatience, time.Since(started))
		time.Sleep(refreshTimeout) // so that the source is done
	})
}

// A source that never returns fails the callers after refreshTimeout.
func TestRefreshTimeout(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]TokenSourceFunc{
		"ignores its context": func(context.Context) (Token, error) {
			time.Sleep(time.Hour)
			return NewToken(testToken, time.Time{}), nil
		},
		"ends its goroutine": func(context.Context) (Token, error) {
			runtime.Goexit()
			return Token{}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int64
				c, err := New(TokenSourceFunc(func(ctx context.Context) (Token, error) {
					if asked.Add(1) > 1 {
						return NewToken(testToken, time.Time{}), nil
					}
					return source(ctx)
				}), WithHTTPClient(&http.Client{Transport: newWire(reply(200, "{}"))}))
				require.NoError(t, err)
				started := time.Now()
				for _, err := range c.AllContacts(t.Context()) {
					require.ErrorContains(t, err, "the token source failed")
				}
				require.LessOrEqual(t, time.Since(started), refreshTimeout)
				time.Sleep(refreshSpacing)
				_, err = c.ListContacts(t.Context())
				require.NoError(t, err, "it is called again after refreshSpacing")
				time.Sleep(time.Hour)
			})
		})
	}
}

// Programs that got their tokens at the same time do not refresh them at the same
// time: each refresh is earlier by up to a tenth.
func TestRefreshJitter(t *testing.T) {
	t.Parallel()
	const caches = 200
	for _, test := range []struct{ lifetime, early time.Duration }{
		{time.Hour, refreshEarly}, {24 * time.Hour, refreshEarly}, {time.Minute, 30 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			expiry := time.Now().Add(test.lifetime)
			var times []time.Time
			for range caches {
				c := newTokenCache(StaticToken("unused"))
				c.store(NewToken("token", expiry))
				times = append(times, c.refreshAt)
			}
			slices.SortFunc(times, time.Time.Compare)
			latest := expiry.Add(-test.early)
			require.False(t, times[caches-1].After(latest), test.lifetime)
			require.False(t, times[0].Before(latest.Add(-test.early/10)), test.lifetime)
			require.Greater(t, times[caches-1].Sub(times[0]), test.early/20, "the refreshes are not spread")
			require.Greater(t, len(slices.CompactFunc(times, time.Time.Equal)), caches/2, "the refreshes coincide")
		})
	}
}

// A panic of the source goes on in each caller that waits for it, where the program can
// recover. Calls after that fail until the source is asked again.
func TestSourceThatPanics(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{
		"an error": errors.New("the source has a bug"), "a text": "bug", "a struct": Date{Year: 1987},
	} {
		for call, do := range map[string]func(*Client){
			"write":   func(c *Client) { _ = block(c) },
			"list":    func(c *Client) { _, _ = c.ListContacts(context.Background()) },
			"gateway": func(c *Client) { _ = c.AddContact(context.Background(), "8:joe.4") },
			"stream":  func(c *Client) { _ = collect(c.AllContacts(context.Background())) },
			"look-up": func(c *Client) {
				for range c.LookupProfiles(context.Background(), generatedIDs(50), LookupOptions{ChunkSize: 1}) {
					continue
				}
			},
		} {
			t.Run(name+" "+call, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var asked atomic.Int64
					source := TokenSourceFunc(func(context.Context) (Token, error) {
						time.Sleep(time.Second)
						if asked.Add(1) == 1 {
							panic(value)
						}
						return NewToken("token", time.Time{}), nil
					})
					w := newWire(reply(200, `{"contacts":[]}`))
					c := newAuthClient(t, w, source, WithRegistrationToken(source))
					for _, err := range atOnce(10, func() error {
						require.PanicsWithValue(t, value, func() { do(c) })
						return nil
					}) {
						require.NoError(t, err)
					}
					require.Empty(t, w.requests())
					require.NotPanics(t, func() { do(c) }, "within the spacing")
					require.EqualValues(t, 1, asked.Load())
					require.Empty(t, w.requests())
					time.Sleep(refreshSpacing)
					require.NotPanics(t, func() { do(c) })
					require.EqualValues(t, 2, asked.Load())
					require.NotEmpty(t, w.requests())
				})
			})
		}
	}
}

// What a source does after its time-out is of no consequence.
func TestSourceAfterItsTimeout(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(){
		"panics":               func() { panic("too late") },
		"panics with an error": func() { panic(errors.New("too late")) },
		"exits":                runtime.Goexit,
		"returns":              func() {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(accepts("token"))
				c := newAuthClient(t, w, TokenSourceFunc(func(context.Context) (Token, error) {
					time.Sleep(refreshTimeout + time.Second)
					end()
					return NewToken("token", time.Time{}), nil
				}))
				start := time.Now()
				require.ErrorIs(t, block(c), context.DeadlineExceeded)
				require.Equal(t, refreshTimeout, time.Since(start))
				time.Sleep(2 * time.Second)
				require.ErrorIs(t, block(c), context.DeadlineExceeded, "the error of the refresh")
				require.Empty(t, w.requests())
			})
		})
	}
}

// The timeout of a call limits its wait for a token, also that for one in place of a
// token that was refused or is about to expire.
func TestTimeoutWhileATokenIsFetched(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first time.Duration // validity of the token before the source stalls; 0: none
		age   time.Duration // of that token
		reply httpmock.Responder
	}{
		"the first":           {0, 0, reply(200, "{}")},
		"one that is refused": {time.Hour, 0, reply(401, "")},
		"one that expires":    {10 * time.Second, 6 * time.Second, reply(200, "{}")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newAuthClient(t, newWire(test.reply), TokenSourceFunc(func(ctx context.Context) (Token, error) {
					<-ctx.Done()
					return Token{}, ctx.Err()
				}), WithTimeout(time.Second))
				if test.first > 0 {
					c.core.tokens.store(NewToken("first", time.Now().Add(test.first)))
				}
				time.Sleep(test.age)
				began := time.Now()
				assert.ErrorIs(t, block(c), context.DeadlineExceeded)
				assert.Equal(t, time.Second, time.Since(began))
				time.Sleep(refreshTimeout) // for the source
			})
		})
	}
}

// What the source's own service says of the source's own request is not what the service of
// a call says of an identifier or of a response: no such sentinel is matched, with any kind of call.
func TestSourceErrorsAreNotThoseOfACall(t *testing.T) {
	t.Parallel()
	kinds := map[string]func(*Client) error{
		"read":    func(c *Client) error { _, err := c.ListContacts(t.Context()); return err },
		"write":   func(c *Client) error { return c.RevokeContact(t.Context(), "8:joe.4") },
		"gateway": func(c *Client) error { return c.RemoveContact(t.Context(), "8:joe.4") },
		"picture": func(c *Client) error { _, err := c.GetAvatar(t.Context(), "8:joe.4", AvatarOptions{}); return err },
		"look-up": func(c *Client) (err error) {
			for result := range c.LookupProfiles(t.Context(), []MRI{"8:joe.4"}, LookupOptions{}) {
				err = result.Err
			}
			return err
		},
		"stream": func(c *Client) (err error) {
			for _, err = range c.AllContacts(t.Context()) {
			}
			return err
		},
	}
	for sentinel, matches := range map[error]bool{
		ErrNoRegistrationToken: false, ErrForbidden: false, ErrNotFound: false, ErrConflict: false, ErrRedirect: false, ErrTooLarge: false, ErrDecode: false,
		ErrInvalid: true, ErrUnauthorized: true, ErrRateLimited: true, ErrUnavailable: true, fs.ErrNotExist: true, context.DeadlineExceeded: true,
	} {
		cause := &Error{Op: "of the source", err: sentinel}
		source := TokenSourceFunc(func(context.Context) (Token, error) { return Token{}, fmt.Errorf("wrapped: %w", cause) })
		for kind, call := range kinds {
			w := newWire(reply(200, "{}"))
			err := call(newAuthClient(t, w, source, WithRegistrationToken(source)))
			require.Equal(t, matches, errors.Is(err, sentinel), "%s: %v", kind, sentinel)
			require.ErrorIs(t, err, cause, "the cause can be found")
			failure, ok := errors.AsType[*Error](err)
			require.True(t, ok)
			require.NotSame(t, cause, failure)
			require.ErrorContains(t, err, "the token source failed")
			require.Empty(t, w.requests())
		}
	}
}

// askAgainError is an error of a source that may be called again at once.
type askAgainError struct{ again bool }

func (askAgainError) Error() string    { return "nobody has signed in" }
func (e askAgainError) AskAgain() bool { return e.again }

// A source that says so is called again at once, also after a refused token.
func TestAskAgain(t *testing.T) {
	t.Parallel()
	for _, again := range []bool{true, false} {
		for _, refused := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				failure := fmt.Errorf("wrapped: %w", askAgainError{again})
				if refused {
					failure = nil
				}
				token := "old"
				c := newAuthClient(t, newWire(accepts("new")), TokenSourceFunc(func(context.Context) (Token, error) {
					return NewToken(token, time.Time{}), failure
				}))
				if refused { // the client gets a token that the service refuses, and then none
					c.core.tokens.store(NewToken("old", time.Time{}))
					failure = fmt.Errorf("wrapped: %w", askAgainError{again})
				}
				_, err := c.ListContacts(t.Context())
				require.Error(t, err)
				token, failure = "new", nil
				_, err = c.ListContacts(t.Context())
				if again {
					require.NoError(t, err)
					return
				}
				require.Error(t, err)
				time.Sleep(refreshSpacing)
				_, err = c.ListContacts(t.Context())
				require.NoError(t, err)
			})
		}
	}
}

// codeError is an error of a source whose AskAgain is code of the source too.
type codeError struct{ code func() bool }

func (codeError) Error() string    { return "no token" }
func (e codeError) AskAgain() bool { return e.code() }

// AskAgain may use the client, and its panic goes on in the caller like one of Token.
func TestCodeOfAskAgain(t *testing.T) {
	t.Parallel()
	var c *Client
	asked := 0
	c = newAuthClient(t, newWire(reply(200, "{}")), TokenSourceFunc(func(context.Context) (Token, error) {
		return Token{}, codeError{func() bool { //nolint:contextcheck // as such code would be
			if asked++; asked == 1 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				_, err := c.ListContacts(ctx) // waits for the refresh that asks
				return err != nil
			}
			panic("of AskAgain")
		}}
	}))
	_, err := c.ListContacts(t.Context())
	require.Error(t, err)
	assert.PanicsWithValue(t, "of AskAgain", func() { _, _ = c.ListContacts(t.Context()) })
}
