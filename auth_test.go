package skypecontacts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// countingSource hands out one token after the other, each after a moment, and
// the last again and again.
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

// accepts answers 200 to one token and 401 to all others.
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

func block(c *Client) error { return c.BlockUser(context.Background(), "8:joe.4", BlockOptions{}) }

// atOnce makes n calls at the same time and returns their errors.
func atOnce(n int, call func() error) []error {
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { errs[i] = call() })
	}
	group.Wait()
	return errs
}

func TestOneRefreshServesAllCallers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		first   Token
		asked   int64
		sentOld bool // the old token was worth a try
		later   time.Duration
	}{
		{"the service refuses the token", NewToken("old", time.Time{}), 2, true, 0},
		{"the token has ended", NewToken("old", time.Now().Add(time.Hour)), 2, false, 100 * 365 * 24 * time.Hour},
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

func TestARefusedRefreshIsNotRepeated(t *testing.T) {
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
		{"the source gives nothing", sourceOf(""), 1, ErrInvalid},
		{"the source gives what no header can hold", sourceOf("two\r\nlines"), 1, ErrInvalid},
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
						require.ErrorIs(t, err, test.source.err, "the cause is kept for the program")
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
				require.Equal(t, test.asked+1, test.source.asked.Load(), "once more after half a minute")
			})
		})
	}
}

func TestAStaticTokenThatIsRefusedIsSentOnce(t *testing.T) {
	t.Parallel()
	w := newWire(accepts("another"))
	require.ErrorIs(t, block(newAuthClient(t, w, StaticToken("only"))), ErrUnauthorized)
	require.Len(t, w.requests(), 1)
}

// The first caller gives up while the source is still at work. The others wait
// for the same answer and get it.
func TestTheFirstCallersCancellationHarmsNobody(t *testing.T) {
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
		require.Zero(t, time.Since(began), "giving up takes no time")
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

func TestWhatTheSourceIsAskedWith(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := make(chan context.Context, 1)
		source := TokenSourceFunc(func(ctx context.Context) (Token, error) {
			asked <- ctx
			<-ctx.Done() // a source that never answers
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

// A source that ends its goroutine fails those who wait, at once.
func TestASourceThatNeverReturns(t *testing.T) {
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

// A refusal that meets a refresh under way counts as one: if what comes of it is
// refused too, the source is left in peace.
func TestARefusalDuringARefresh(t *testing.T) {
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

// Whatever two accounts do at the same time over the same connections, neither
// uses the other's token.
func TestTwoAccountsNeverMix(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, ""))
	shared := &http.Client{Transport: w}
	call := func(name string) func() error {
		c, err := New(StaticToken("token-of-"+name), WithHTTPClient(shared), WithUserID(name),
			WithRegistrationToken(StaticToken("registration-of-"+name)))
		require.NoError(t, err)
		return func() error {
			return errors.Join(c.BlockUser(context.Background(), MRI(name), BlockOptions{}),
				c.AddContact(context.Background(), MRI(name)))
		}
	}
	fred, anna := call("fred.2"), call("anna.7")
	var turn atomic.Int64
	errs := atOnce(100, func() error {
		if turn.Add(1)%2 == 0 {
			return fred()
		}
		return anna()
	})
	for _, err := range errs {
		require.NoError(t, err)
	}
	mixed := 0
	for _, sent := range w.requests() {
		if strings.Contains(sent, "fred.2") == strings.Contains(sent, "anna.7") {
			mixed++
		}
	}
	require.Len(t, w.requests(), 200)
	require.Zero(t, mixed)
	require.Nil(t, shared.Jar)
	require.Nil(t, shared.CheckRedirect, "the caller's client stays as it was")
}

// When a token is renewed before it ends, and when not.
func TestEarlyRenewal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		lifetime, after time.Duration
		asked           int64
	}{
		{time.Hour, 54 * time.Minute, 1}, // five minutes and up to a tenth more before the end
		{time.Hour, 55 * time.Minute, 2},
		{time.Minute, 26 * time.Second, 1}, // half of it, and up to a tenth of that more
		{time.Minute, 30 * time.Second, 2},
		{-time.Hour, 29 * time.Second, 1}, // ended already, says this clock
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

// A source that fails does no harm while the token it gave is still good.
func TestAGoodTokenOutlivesItsSource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(accepts("token"))
		source := &countingSource{tokens: []Token{NewToken("token", time.Now().Add(time.Hour))}}
		c := newAuthClient(t, w, source)
		require.NoError(t, block(c))
		source.err = errors.New("the login service is down")
		time.Sleep(57 * time.Minute)
		for _, err := range atOnce(10, func() error { return block(c) }) {
			require.NoError(t, err)
		}
		require.EqualValues(t, 2, source.asked.Load())
		time.Sleep(4 * time.Minute) // now it has ended
		require.ErrorIs(t, block(c), source.err)
		require.EqualValues(t, 3, source.asked.Load())
	})
}

func TestParseRegistrationToken(t *testing.T) {
	t.Parallel()
	expiry := time.Unix(1_800_000_000, 0).UTC()
	tests := []struct {
		header, value string
		expiry        time.Time
		ok            bool
	}{
		{"registrationToken=U2lnbg==; expires=1800000000; endpointId={0a1b}", "U2lnbg==", expiry, true},
		{"registrationToken=U2lnbg==; expires=1800000000", "U2lnbg==", expiry, true},
		{"registrationToken=U2lnbg==", "U2lnbg==", time.Time{}, true},
		{"RegistrationToken=a=b==;expires=1800000000", "a=b==", expiry, true},
		{"endpointId={0a1b}; registrationToken=a", "a", time.Time{}, true},
		{"registrationToken=a; expires=soon", "a", time.Time{}, true},
		{"registrationToken=a; expires=-1", "a", time.Time{}, true},
		{"registrationToken=a; expires=99999999999999999999", "a", time.Time{}, true},
		{"registrationToken=a; expires=9223372036854775807", "a", time.Time{}, true},
		{"registrationToken=; expires=1800000000", "", time.Time{}, false},
		{"registrationToken", "", time.Time{}, false},
		{"registrationToken=a\r\nb", "", time.Time{}, false},
		{"expires=1800000000", "", time.Time{}, false},
		{"", "", time.Time{}, false},
	}
	for _, test := range tests {
		token, ok := parseRegistrationToken(test.header)
		require.Equal(t, test.ok, ok, test.header)
		require.Equal(t, test.value, token.Value(), test.header)
		require.Equal(t, test.expiry, token.Expiry(), test.header)
	}
}

// The gateway hands out a new token with any answer; it is used from then on.
func TestTheGatewayReplacesItsToken(t *testing.T) {
	t.Parallel()
	header := func(value string) []string { return []string{"Set-RegistrationToken", value} }
	tests := []struct {
		name  string
		first httpmock.Responder
		fails error
		used  string // with the next call
	}{
		{"on success", reply(200, "", header("registrationToken=new==; expires=4102444800")...), nil, "new=="},
		{"on failure", reply(403, "", header("registrationToken=new==")...), ErrForbidden, "new=="},
		{"an empty one", reply(403, "", header("registrationToken=; expires=0")...), ErrForbidden, "old"},
		{"one that is none", reply(200, "", header("who knows")...), nil, "old"},
	}
	for _, test := range tests {
		w := newWire(test.first, reply(200, ""))
		c := newAuthClient(t, w, StaticToken("unused"),
			WithRegistrationToken(StaticToken("registrationToken=old; expires=4102444800; endpointId={0a1b}")))
		require.ErrorIs(t, c.AddContact(t.Context(), "8:joe.4"), test.fails, test.name)
		require.NoError(t, c.AddContact(t.Context(), "8:joe.4"), test.name)
		sent := w.requests()
		require.Contains(t, sent[0], "Registrationtoken: registrationToken=old\n", test.name)
		require.Contains(t, sent[1], "Registrationtoken: registrationToken="+test.used+"\n", test.name)
	}
}

// A gateway that refuses each token and hands out another is not obliged for ever.
func TestTheGatewayRefusesWhatItHandsOut(t *testing.T) {
	t.Parallel()
	var handedOut atomic.Int64
	w := newWire(func(req *http.Request) (*http.Response, error) {
		n := handedOut.Add(1)
		if n > 10 {
			return reply(500, "")(req)
		}
		return reply(401, "", "Set-RegistrationToken", fmt.Sprintf("registrationToken=number-%d", n))(req)
	})
	c := newAuthClient(t, w, StaticToken("unused"), WithRegistrationToken(StaticToken("old")))
	require.ErrorIs(t, c.AddContact(t.Context(), "8:joe.4"), ErrUnauthorized)
	require.Len(t, w.requests(), 2)
}

// "Create an endpoint before performing this operation" means that the token is
// of no use any more, in whichever of its three forms it comes.
func TestTheGatewayAsksForAnotherToken(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"errors/error_code_no_endpoint.json", "errors/nested_string.json", "errors/nested_object.json"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWire(reply(404, fixture(t, form)), reply(200, ""))
			c := newAuthClient(t, w, StaticToken("unused"), WithRegistrationToken(sourceOf("old", "new")))
			require.NoError(t, c.RemoveContact(t.Context(), "8:joe.4"), form)
			sent := w.requests()
			require.Len(t, sent, 2, form)
			require.Contains(t, sent[0], "registrationToken=old\n", form)
			require.Contains(t, sent[1], "registrationToken=new\n", form)
		})
	}
}

// printed is a value in every form a program could write it down by accident.
func printed(v any) string {
	var text bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%e", "%c", "%p", "%T", "%U", "%08.3f"} {
		fmt.Fprintf(&text, verb+"\n", v)
	}
	encoded, _ := json.Marshal(v)
	text.Write(encoded)
	for _, handler := range []slog.Handler{
		slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}),
		slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}),
	} {
		slog.New(handler).Debug("printed", "value", v, slog.Group("group", "value", v))
	}
	return text.String()
}

// secretForms are the ways a secret looks after printing.
func secretForms(secret string) []string {
	return []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), strings.Trim(fmt.Sprint([]byte(secret)), "[]")}
}

func TestNothingPrintsAToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, nothingPrintsAToken)
}

func nothingPrintsAToken(t *testing.T) {
	token := NewToken(testToken, time.Now())
	source := StaticToken(testToken)
	client := newTestClient(t, newWire(reply(200, "")), WithUserID("secret.name.1"))
	require.NoError(t, block(client)) // now the caches are full
	require.NoError(t, client.AddContact(t.Context(), "8:joe.4"))
	synctest.Wait() // for the last of the goroutines that asked: a printer takes no locks
	type exported struct {
		Token  Token
		Client *Client
	}
	type hidden struct {
		token  Token
		client *Client
		copied Client
		cache  *tokenCache
	}
	values := map[string]any{
		"token": token, "pointer": &token, "slice": []Token{token}, "map": map[string]Token{"a": token},
		"source": source, "client": client, "client by value": *client, "sender": client.core.sender,
		"exported fields": exported{token, client}, "hidden fields": hidden{token, client, *client, client.core.tokens},
		"pointer to hidden fields": &hidden{token, client, *client, client.core.registration},
		"option":                   WithRegistrationToken(source), "error": fmt.Errorf("with %v", token),
	}
	for name, value := range values {
		text := printed(value)
		for _, secret := range []string{testToken, testRegistrationToken, "secret.name.1"} {
			for _, form := range secretForms(secret) {
				assert.NotContains(t, text, form, name)
			}
		}
	}
	encoded, err := json.Marshal(token)
	require.NoError(t, err)
	require.JSONEq(t, `"[redacted]"`, string(encoded))
	require.Equal(t, "[redacted]", token.String())
	require.Equal(t, testToken, token.Value())
	require.Empty(t, Token{}.Value())
}

// recording is a reply that is noted in w.
func recording(w *wire, next httpmock.Responder) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		w.mu.Lock()
		w.sent = append(w.sent, dump(req))
		w.mu.Unlock()
		return next(req)
	}
}

// A renewal that hangs does not hold up calls whose token is still good.
func TestSlowRenewalOfAGoodToken(t *testing.T) {
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

// A source that never returns is given up after its time, by everyone.
func TestSourceThatDoesNotReturn(t *testing.T) {
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
				require.NoError(t, err, "it is asked again when it has rested")
				time.Sleep(time.Hour)
			})
		})
	}
}

// The usual slip is a line break at the end. It is named, the token is not.
func TestUnusableTokens(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{"": "token is empty", testToken + "\n": "token holds characters that a header must not"} {
		w := newWire(reply(200, "{}"))
		c, err := New(StaticToken(token), WithHTTPClient(&http.Client{Transport: w}))
		require.NoError(t, err)
		_, err = c.ListContacts(t.Context())
		require.ErrorIs(t, err, ErrInvalid)
		require.ErrorContains(t, err, want)
		assertClean(t, err.Error())
		require.Empty(t, w.requests())
	}
}
