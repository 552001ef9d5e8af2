package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
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

// stalls blocks until the request is canceled.
func stalls(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

type stalledBody struct{ ctx context.Context }

func (b stalledBody) Read([]byte) (int, error) { <-b.ctx.Done(); return 0, b.ctx.Err() }

func (stalledBody) Close() error { return nil }

func stallsInBody(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: stalledBody{req.Context()}}, nil
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	for name, stall := range map[string]httpmock.Responder{"before the headers": stalls, "in the body": stallsInBody} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			took := timed(t, func(t *testing.T) {
				w := newWire(stall, stall, reply(200, "{}"))
				_, err := newTestClient(t, w, WithTimeout(10*time.Minute)).ListContacts(t.Context())
				require.NoError(t, err, "an attempt that takes too long is repeated")
				require.Len(t, w.requests(), 3)
			})
			assert.InDelta(t, time.Minute, took, float64(time.Millisecond))

			took = timed(t, func(t *testing.T) {
				w := newWire(stall)
				_, err := newTestClient(t, w, WithTimeout(5*time.Second)).ListContacts(t.Context())
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Len(t, w.requests(), 1)
			})
			assert.Equal(t, 5*time.Second, took)

			took = timed(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				err := newTestClient(t, newWire(stall)).SendInvite(ctx, "joe.4", "")
				require.ErrorIs(t, err, context.DeadlineExceeded)
				var failure *Error
				require.ErrorAs(t, err, &failure)
				require.True(t, failure.MaybeApplied)
			})
			assert.Equal(t, 3*time.Second, took)
		})
	}
}

// The error of a call that is canceled in a pause has the cancellation and the failure.
func TestCanceledPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := newTestClient(t, newWire(reply(503, "", "Retry-After", "20")))
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		_, err := c.ListContacts(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, ErrUnavailable)
		require.Equal(t, time.Second, time.Since(started))
		require.Equal(t, "skypecontacts: ListContacts: GET /users/{id}/contacts: 503 Service Unavailable: canceled; retry after 20s", err.Error())
	})
}

type limiterFunc func(context.Context) error

func (f limiterFunc) Wait(ctx context.Context) error { return f(ctx) }

func TestLimiter(t *testing.T) {
	t.Parallel()
	var waits atomic.Int64
	counting := limiterFunc(func(context.Context) error { waits.Add(1); return nil })
	w := newWire(reply(503, ""), reply(200, "{}"))
	_, err := newTestClient(t, w, WithLimiter(counting)).ListContacts(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, waits.Load(), "every request waits, repeats included")

	refusal := errors.New("over quota for " + testToken)
	w = newWire(reply(200, "{}"))
	_, err = newTestClient(t, w, WithLimiter(limiterFunc(func(context.Context) error { return refusal }))).ListContacts(t.Context())
	require.ErrorIs(t, err, refusal)
	require.NotContains(t, err.Error(), testToken)
	require.Empty(t, w.requests())
}

// A failure reported in the body of a 200 has the effect of that status.
func TestReportedFailures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		body  string
		ok    bool
		is    error
		maybe bool
		asked int64 // how often the token source is asked
	}{
		{body: `{"status":{"code":40411,"text":"not found"}}`, is: ErrNotFound, asked: 1},
		{body: `{"status":{"code":40300}}`, is: ErrForbidden, asked: 1},
		{body: `{"status":{"code":50000,"text":"no"}}`, is: ErrUnavailable, maybe: true, asked: 1},
		{body: `{"status":{"text":"no"}}`, maybe: true, asked: 1},
		{body: `{"status":{"code":40100,"text":"Authentication failed"}}`, is: ErrUnauthorized, asked: 2},
		{body: `{"errorCode":803,"message":"Login Rate limit exceeded"}`, maybe: true, asked: 1},
		{body: `{"status":{"code":200,"text":"OK"}}`, ok: true, asked: 1},
		{body: `{"status":{"code":20000}}`, ok: true, asked: 1},
		{body: `{"status":{"code":0,"text":"OK"}}`, ok: true, asked: 1},
		{body: `{"errorCode":0}`, ok: true, asked: 1},
	} {
		var asked atomic.Int64
		source := TokenSourceFunc(func(context.Context) (Token, error) {
			return NewToken(fmt.Sprint(testToken, asked.Add(1)), time.Time{}), nil
		})
		c, err := New(source, WithHTTPClient(&http.Client{Transport: newWire(reply(200, test.body))}))
		require.NoError(t, err)
		err = c.BlockUser(t.Context(), "joe.4", BlockOptions{})
		assert.Equal(t, test.asked, asked.Load(), test.body)
		if test.ok {
			assert.NoError(t, err, test.body)
			continue
		}
		var failure *Error
		require.ErrorAs(t, err, &failure, test.body)
		assert.Equal(t, test.maybe, failure.MaybeApplied, test.body)
		if test.is != nil {
			assert.ErrorIs(t, err, test.is, test.body)
		}
	}
}

// The gateway sends a new token with any response; later calls use it.
func TestSetRegistrationToken(t *testing.T) {
	t.Parallel()
	header := func(value string) []string { return []string{"Set-RegistrationToken", value} }
	tests := []struct {
		name  string
		first httpmock.Responder
		fails error
		used  string // with the next call
	}{
		{"on success", reply(200, "", header("registrationToken=new==; expires=4102444800")...), nil, "new=="},
		{"on failure", reply(404, "", header("registrationToken=new==")...), ErrNotFound, "new=="},
		{"an empty one", reply(404, "", header("registrationToken=; expires=0")...), ErrNotFound, "old"},
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

// A call uses at most one of the tokens that the gateway sends with a refusal.
func TestRefusedRegistrationTokens(t *testing.T) {
	t.Parallel()
	var sentTokens atomic.Int64
	w := newWire(func(req *http.Request) (*http.Response, error) {
		n := sentTokens.Add(1)
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
// not valid any more, in each of its three forms.
func TestInvalidRegistrationToken(t *testing.T) {
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

// The gateway's response to an account that lives on another gateway may have a token
// of that gateway. It is not stored, whether or not the move is followed.
func TestSetRegistrationTokenOfAMove(t *testing.T) {
	t.Parallel()
	const elsewhere, foreign = "https://db5-client-s.gateway.messenger.live.com/v1/users/ME", "https://evil.example/v1/users/ME"
	otherCloud := fixture(t, "errors/other_cloud.json")
	done := reply(200, "")
	tests := []struct {
		name     string
		status   int
		body     string
		location string
		sent     int
		fails    error
	}{
		{"code, followed", 404, otherCloud, elsewhere, 2, nil},
		{"code, to a foreign host", 404, otherCloud, foreign, 1, ErrRedirect},
		{"301, to a foreign host", 301, "", foreign, 1, ErrRedirect},
		{"302, without a location", 302, "", "", 1, ErrRedirect},
		{"code, to nowhere", 404, otherCloud, "", 1, ErrRedirect},
		{"301, followed", 301, "", elsewhere, 2, nil},
		{"302, followed", 302, "", elsewhere, 2, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			moved := reply(test.status, test.body, "Location", test.location, "Set-RegistrationToken", "registrationToken=of-the-other; expires=4102444800")
			w := newWire(moved, done)
			c := newAuthClient(t, w, StaticToken("unused"), WithRegistrationToken(StaticToken("stored")))
			require.ErrorIs(t, c.AddContact(t.Context(), "8:joe.4"), test.fails)
			require.Len(t, w.requests(), test.sent)
			require.NoError(t, c.AddContact(t.Context(), "8:joe.4"))
			for _, sent := range w.requests() {
				require.Contains(t, sent, "Registrationtoken: registrationToken=stored\n")
			}
		})
	}
}

// observed returns an option that records every attempt, and the record.
func observed() (option Option, record func() []Attempt) {
	var mu sync.Mutex
	var attempts []Attempt
	option = WithObserver(func(_ context.Context, a Attempt) {
		mu.Lock()
		defer mu.Unlock()
		attempts = append(attempts, a)
	})
	record = func() []Attempt {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(attempts)
	}
	return option, record
}

// Every attempt of a call is observed with its own times, also those that are repeated.
func TestObserver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slowly := func(took time.Duration, next httpmock.Responder) httpmock.Responder {
			return func(req *http.Request) (*http.Response, error) {
				time.Sleep(took)
				return next(req)
			}
		}
		w := newWire(
			slowly(time.Second, reply(503, "", "Retry-After", "10", "X-Stratus-Request-Id", "0a1b")),
			slowly(2*time.Second, fails(io.ErrUnexpectedEOF)),
			slowly(3*time.Second, reply(200, "", "X-Skype-Request-Id", "2c3d")))
		observer, attempts := observed()
		start := time.Now()
		require.NoError(t, newTestClient(t, w, observer).UnblockUser(t.Context(), "8:joe.4"))
		got := attempts()
		require.Len(t, got, len(w.requests()))
		// The pauses between the attempts are random, of at most a nanosecond here.
		want := Attempt{Op: "UnblockUser", Service: "Contacts", Method: "DELETE", Route: "/users/{id}/contacts/blocklist/{mri}"}
		first, second, third := want, want, want
		first.Number, first.Status, first.RetryAfter, first.RequestID, first.Failure = 1, 503, 10*time.Second, "0a1b", ErrUnavailable
		first.Start, first.Duration = start, time.Second
		second.Number, second.Failure = 2, ErrUnavailable
		second.Start, second.Duration = got[1].Start, 2*time.Second
		third.Number, third.Status, third.RequestID = 3, 200, "2c3d"
		third.Start, third.Duration = got[2].Start, 3*time.Second
		require.Equal(t, []Attempt{first, second, third}, got)
		require.WithinDuration(t, start.Add(11*time.Second), second.Start, time.Microsecond)
		require.WithinDuration(t, start.Add(13*time.Second), third.Start, time.Microsecond)
	})
}

func TestObserverOfTheGateway(t *testing.T) {
	t.Parallel()
	for body, failure := range map[string]error{"errors/other_cloud.json": ErrRedirect, "errors/error_code_no_endpoint.json": ErrUnauthorized} {
		observer, attempts := observed()
		require.ErrorIs(t, newTestClient(t, newWire(reply(404, fixture(t, body))), observer).AddContact(t.Context(), "8:joe.4"), failure)
		got := attempts()
		require.Len(t, got, 1, body)
		require.Equal(t, Attempt{
			Op: "AddContact", Service: "Messenger", Method: "PUT", Route: "/users/ME/contacts/{mri}", Number: 1, Status: 404,
			Start: got[0].Start, Duration: got[0].Duration, Failure: failure,
		}, got[0], body)
	}
}

// A call that ends in the middle of an attempt is observed too; one that ends before
// its first attempt is not.
func TestObserverOfCanceledCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		observer, attempts := observed()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		c := newTestClient(t, newWire(stalls), observer)
		_, err := c.ListContacts(ctx)
		require.ErrorIs(t, err, context.Canceled)
		_, err = c.ListContacts(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, c.RevokeContact(t.Context(), "a/b"), ErrInvalid)
		got := attempts()
		require.Len(t, got, 1)
		require.Equal(t, context.Canceled, got[0].Failure)
		require.Equal(t, time.Second, got[0].Duration)

		short, cancelShort := context.WithTimeout(t.Context(), time.Second)
		defer cancelShort()
		_, err = c.ListContacts(short)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, context.DeadlineExceeded, attempts()[1].Failure)
	})
}

type observerKey struct{}

// Each of several observers is called, in the order of the options, with the context
// of the call.
func TestSeveralObservers(t *testing.T) {
	t.Parallel()
	var calls []string
	observer := func(name string) Option {
		return WithObserver(func(ctx context.Context, a Attempt) {
			calls = append(calls, fmt.Sprint(name, a.Number, " ", ctx.Value(observerKey{})))
		})
	}
	c := newTestClient(t, newWire(reply(503, ""), reply(200, "{}")), observer("a"), observer("b"))
	_, err := c.ListContacts(context.WithValue(t.Context(), observerKey{}, "mine"))
	require.NoError(t, err)
	require.Equal(t, []string{"a1 mine", "b1 mine", "a2 mine", "b2 mine"}, calls)
}

// Whatever the calls and their failures, as many attempts are observed as requests
// were sent.
func TestObserverCountsRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // look-ups wait for the end of each cooldown
		var sent atomic.Int64
		w := newWire(func(req *http.Request) (*http.Response, error) {
			status := []int{200, 503, 200, 429, 401, 404, 500}[sent.Add(1)%7]
			return reply(status, `[]`)(req)
		})
		observer, attempts := observed()
		c := newTestClient(t, w, observer)
		for _, err := range atOnce(20, func() error {
			_, listErr := c.ListContacts(context.Background())
			for range c.AllContacts(context.Background()) {
				break
			}
			for range c.LookupProfiles(context.Background(), []MRI{"8:joe.4", "8:anna.7"}, LookupOptions{ChunkSize: 1}) {
				continue
			}
			return errors.Join(listErr, block(c), c.AddContact(context.Background(), "8:joe.4"), c.RevokeContact(context.Background(), "8:joe.4"))
		}) {
			_ = err // of any kind
		}
		require.Len(t, attempts(), len(w.requests()))
		require.Greater(t, len(attempts()), 20)
	})
}

// A request is not sent without the limiter if a cooldown ends while the call begins.
func TestLimiterAtTheEndOfACooldown(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	w := newWire(reply(http.StatusOK, `{"groups":[]}`))
	c := newTestClient(t, w, WithLimiter(limiterFunc(func(context.Context) error { asked.Add(1); return nil })))
	for i := range 3000 {
		c.core.cooldowns[contactsService].extend(time.Duration(i%100) * time.Microsecond)
		_, err := c.ListGroups(t.Context())
		if err != nil {
			require.ErrorIs(t, err, ErrRateLimited)
		}
		require.LessOrEqual(t, int64(len(w.requests())), asked.Load())
	}
	require.NotEmpty(t, w.requests())
}

// MaxAttempts counts repeats. A renewed token and the gateway's move come on top, each
// once in a call.
func TestMostRequestsOfACall(t *testing.T) {
	t.Parallel()
	move := reply(302, "", "Location", "https://db5-client-s.gateway.messenger.live.com/v1")
	moveByCode := reply(404, fixture(t, "errors/other_cloud.json"), "Location", "https://db5-client-s.gateway.messenger.live.com/v1")
	refused, unavailable := reply(401, ""), reply(503, "")
	for name, test := range map[string]struct {
		attempts int
		replies  []httpmock.Responder
		sent     int
		is       error
	}{
		"moved, renewed, three attempts":  {0, []httpmock.Responder{move, refused, unavailable}, 5, ErrUnavailable},
		"renewed, moved, three attempts":  {0, []httpmock.Responder{reply(403, ""), moveByCode, unavailable}, 5, ErrUnavailable},
		"in between":                      {0, []httpmock.Responder{unavailable, move, unavailable, refused, unavailable}, 5, ErrUnavailable},
		"without repeats":                 {1, []httpmock.Responder{move, refused, unavailable}, 3, ErrUnavailable},
		"moved twice":                     {0, []httpmock.Responder{move, reply(302, "", "Location", "https://bn1-client-s.gateway.messenger.live.com/v1")}, 2, ErrRedirect},
		"renewed twice":                   {0, []httpmock.Responder{refused}, 2, ErrUnauthorized},
		"renewed twice, of both statuses": {0, []httpmock.Responder{reply(403, ""), refused}, 2, ErrUnauthorized},
		"five attempts":                   {5, []httpmock.Responder{move, refused, unavailable}, 7, ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(test.replies...)
			var asked atomic.Int64
			source := TokenSourceFunc(func(context.Context) (Token, error) { return NewToken(fmt.Sprint("t", asked.Add(1)), time.Time{}), nil })
			c := newTestClient(t, w, WithRegistrationToken(source), WithRetry(Retry{MaxAttempts: test.attempts, BaseDelay: time.Nanosecond}))
			err := c.AddContact(t.Context(), "8:joe.4")
			require.ErrorIs(t, err, test.is)
			require.Len(t, w.requests(), test.sent)
			var failure *Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, test.sent, failure.Attempts)
		})
	}
}

// The gateway refuses an expired registration token with 403 as well. Other services
// do not.
func TestForbiddenByTheGateway(t *testing.T) {
	t.Parallel()
	add := func(c *Client) error { return c.AddContact(context.Background(), "8:joe.4") }
	remove := func(c *Client) error { return c.RemoveContact(context.Background(), "8:joe.4") }
	problem := reply(403, `{"title":"Forbidden","status":403}`, "Content-Type", "application/problem+json")
	for name, test := range map[string]struct {
		call   func(*Client) error
		source *countingSource
		first  httpmock.Responder
		tokens []string // that are sent
		is     error
	}{
		"PUT":                  {add, sourceOf("old==", "new=="), reply(403, ""), []string{"old==", "new=="}, nil},
		"DELETE":               {remove, sourceOf("old==", "new=="), reply(403, ""), []string{"old==", "new=="}, nil},
		"problem+json":         {add, sourceOf("old==", "new=="), problem, []string{"old==", "new=="}, nil},
		"under 200":            {add, sourceOf("old==", "new=="), reply(200, `{"status":{"code":40300,"text":"no"}}`), []string{"old==", "new=="}, nil},
		"a whole header":       {remove, sourceOf("registrationToken=old==; expires=1", "registrationToken=new==; endpointId={0a}"), reply(403, ""), []string{"old==", "new=="}, nil},
		"the same token again": {add, sourceOf("old=="), reply(403, ""), []string{"old=="}, ErrForbidden},
		"another service":      {block, sourceOf("old=="), reply(403, ""), nil, ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(test.first, reply(200, ""))
				c := newAuthClient(t, w, StaticToken(testToken), WithRegistrationToken(test.source))
				require.ErrorIs(t, test.call(c), test.is)
				require.Len(t, w.requests(), max(1, len(test.tokens)))
				for i, token := range test.tokens {
					require.Contains(t, w.requests()[i], "Registrationtoken: registrationToken="+token+"\n")
				}
				want := int64(0)
				if test.tokens != nil {
					want = 2
				}
				require.Equal(t, want, test.source.asked.Load())
			})
		})
	}
}

// A call ends with its context wherever it is, and a response that comes later is not
// used.
func TestEndOfTheContext(t *testing.T) {
	t.Parallel()
	waits := TokenSourceFunc(func(ctx context.Context) (Token, error) { <-ctx.Done(); return Token{}, ctx.Err() })
	slow := limiterFunc(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	list := func(c *Client, ctx context.Context) error { _, err := c.ListContacts(ctx); return err }
	refresh := func(c *Client, ctx context.Context) error { _, err := c.RefreshRoster(ctx, nil); return err }
	stream := func(c *Client, ctx context.Context) error { return collect(c.AllContacts(ctx)).Err }
	look := func(c *Client, ctx context.Context) (err error) {
		for result := range c.LookupProfiles(ctx, []MRI{"8:joe.4"}, LookupOptions{}) {
			err = result.Err
		}
		return err
	}
	write := func(c *Client, ctx context.Context) error { return c.SendInvite(ctx, "8:joe.4", "hi") }
	add := func(c *Client, ctx context.Context) error { return c.AddContact(ctx, "8:joe.4") }
	places := map[string]struct {
		response httpmock.Responder
		opts     []Option
		sent     int
	}{
		"the limiter":        {reply(200, "{}"), []Option{WithLimiter(slow)}, 0},
		"the token source":   {reply(200, "{}"), []Option{WithRegistrationToken(waits)}, 0},
		"before the headers": {stalls, nil, 1},
		"in the body":        {stallsInBody, nil, 1},
		"in a failure's body": {func(req *http.Request) (*http.Response, error) {
			resp, err := stallsInBody(req)
			resp.StatusCode = 500
			return resp, err
		}, nil, 1},
		"in a pause": {reply(503, "", "Retry-After", "20"), nil, 1},
	}
	for where, place := range places {
		for name, call := range map[string]func(*Client, context.Context) error{"list": list, "roster": refresh, "stream": stream, "look-up": look, "write": write, "gateway": add} {
			if where == "the token source" && name != "gateway" || where == "in a pause" && name == "write" {
				continue // the others have another token; a POST has no pause
			}
			t.Run(where+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					time.AfterFunc(1500*time.Millisecond, cancel)
					w := newWire(place.response)
					start := time.Now()
					require.ErrorIs(t, call(newTestClient(t, w, place.opts...), ctx), context.Canceled)
					require.Equal(t, 1500*time.Millisecond, time.Since(start))
					require.Len(t, w.requests(), place.sent)
					time.Sleep(refreshTimeout) // a refresh runs on for other callers
				})
			})
		}
	}
}

// A response that is complete when the context has ended is an error, and a change may
// have been made.
func TestLateSuccess(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body  string
		call  func(*Client, context.Context) error
		maybe bool
	}{
		"list":    {`{"contacts":[{"mri":"8:joe.4"}]}`, func(c *Client, ctx context.Context) error { _, err := c.ListContacts(ctx); return err }, false},
		"roster":  {`{"contacts":[{"mri":"8:joe.4"}],"scope":"full"}`, func(c *Client, ctx context.Context) error { _, err := c.GetRoster(ctx); return err }, false},
		"profile": {`{"username":"fred.2"}`, func(c *Client, ctx context.Context) error { _, err := c.GetOwnProfile(ctx); return err }, false},
		"stream":  {`{"contacts":[{"mri":"8:joe.4"}]}`, func(c *Client, ctx context.Context) error { return collect(c.AllContacts(ctx)).Err }, false},
		"POST":    {`{}`, func(c *Client, ctx context.Context) error { return c.SendInvite(ctx, "8:joe.4", "hi") }, true},
		"PUT":     {``, func(c *Client, ctx context.Context) error { return c.AddContact(ctx, "8:joe.4") }, true},
		"DELETE":  {``, func(c *Client, ctx context.Context) error { return c.RevokeContact(ctx, "8:joe.4") }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			w := newWire(func(req *http.Request) (*http.Response, error) {
				resp, err := reply(200, test.body)(req)
				resp.ContentLength = -1
				resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(test.body), endingBody{cancel}))
				return resp, err
			})
			err := test.call(newTestClient(t, w), ctx)
			require.ErrorIs(t, err, context.Canceled)
			var failure *Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, test.maybe, failure.MaybeApplied)
			require.Equal(t, 1, failure.Attempts)
			require.Len(t, w.requests(), 1)
		})
	}
}

// Waiting for the limiter is not part of the timeout; its refusal is a rate limit, and
// the context of the call still ends the wait.
func TestSlowLimiter(t *testing.T) {
	t.Parallel()
	delay := func(d time.Duration) Option {
		return WithLimiter(limiterFunc(func(ctx context.Context) error {
			select {
			case <-time.After(d):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}))
	}
	refuses := WithLimiter(limiterFunc(func(context.Context) error { return errors.New("would exceed the deadline of " + testToken) }))
	for name, test := range map[string]struct {
		limiter Option
		replies []httpmock.Responder
		took    time.Duration
		sent    int
		is      []error
	}{
		"slower than the timeout": {delay(10 * time.Second), []httpmock.Responder{reply(200, "{}")}, 10 * time.Second, 1, nil},
		"at every attempt":        {delay(10 * time.Second), []httpmock.Responder{reply(503, ""), reply(500, ""), reply(200, "{}")}, 30 * time.Second, 3, nil},
		"ended by the context":    {delay(2 * time.Minute), []httpmock.Responder{reply(200, "{}")}, time.Minute, 0, []error{context.DeadlineExceeded}},
		"in a second attempt":     {delay(40 * time.Second), []httpmock.Responder{reply(503, ""), reply(200, "{}")}, time.Minute, 1, []error{context.DeadlineExceeded, ErrUnavailable}},
		"then a slow service":     {delay(10 * time.Second), []httpmock.Responder{stalls}, 12 * time.Second, 1, []error{context.DeadlineExceeded}},
		"refuses":                 {refuses, []httpmock.Responder{reply(200, "{}")}, 0, 0, []error{ErrRateLimited}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			took := timed(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				w := newWire(test.replies...)
				_, err := newTestClient(t, w, test.limiter, WithTimeout(2*time.Second)).ListContacts(ctx)
				require.Equal(t, test.is == nil, err == nil, err)
				for _, is := range test.is {
					require.ErrorIs(t, err, is)
				}
				require.NotContains(t, fmt.Sprintf("%v %+v", err, err), testToken)
				require.Len(t, w.requests(), test.sent)
			})
			require.Equal(t, test.took, took.Truncate(time.Millisecond))
		})
	}
}

// A limiter that returns nil when the context has ended starts nothing.
func TestLimiterAfterTheEnd(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *Client) error{
		"list":    func(ctx context.Context, c *Client) error { _, err := c.ListContacts(ctx); return err },
		"roster":  func(ctx context.Context, c *Client) error { _, err := c.RefreshRoster(ctx, nil); return err },
		"stream":  func(ctx context.Context, c *Client) error { return collect(c.AllContacts(ctx)).Err },
		"POST":    func(ctx context.Context, c *Client) error { return c.SendInvite(ctx, "8:joe.4", "") },
		"gateway": func(ctx context.Context, c *Client) error { return c.AddContact(ctx, "8:joe.4") },
		"DELETE":  func(ctx context.Context, c *Client) error { return c.RevokeContact(ctx, "8:joe.4") },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		limiter := WithLimiter(limiterFunc(func(context.Context) error { cancel(); return nil }))
		observer, attempts := observed()
		var asked atomic.Int64
		source := TokenSourceFunc(func(context.Context) (Token, error) { asked.Add(1); return NewToken(testToken, time.Time{}), nil })
		w := newWire(reply(200, "{}"))
		err := call(ctx, newAuthClient(t, w, source, WithRegistrationToken(source), limiter, observer))
		require.ErrorIs(t, err, context.Canceled, name)
		failure, ok := errors.AsType[*Error](err)
		require.True(t, ok, name)
		assert.Equal(t, Error{Op: failure.Op, Method: failure.Method, Route: failure.Route, err: context.Canceled}, *failure, name)
		assert.Empty(t, w.requests(), name)
		assert.Empty(t, attempts(), name)
		assert.Zero(t, asked.Load(), name)
	}
}

// The token is that of the moment after the limiter, in each attempt.
func TestTokenAfterLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var order []string
		tokens := 0
		source := TokenSourceFunc(func(context.Context) (Token, error) {
			tokens++
			order = append(order, fmt.Sprint("source ", tokens))
			return NewToken(fmt.Sprint("token-", tokens), time.Now().Add(time.Hour)), nil
		})
		limiter := WithLimiter(limiterFunc(func(context.Context) error {
			order = append(order, "limiter")
			time.Sleep(2 * time.Hour)
			return nil
		}))
		replies := []httpmock.Responder{reply(200, "{}"), reply(503, ""), reply(200, "{}")}
		w := newWire(func(req *http.Request) (*http.Response, error) {
			order = append(order, req.Header.Get("X-Skypetoken"))
			next := replies[0]
			replies = replies[1:]
			return next(req)
		})
		c := newAuthClient(t, w, source, limiter)
		for range 2 {
			_, err := c.ListContacts(t.Context())
			require.NoError(t, err)
		}
		require.Equal(t, []string{"limiter", "source 1", "token-1", "limiter", "source 2", "token-2", "limiter", "source 3", "token-3"}, order)
	})
}

// A cooldown that begins while a call is between two attempts ends it. The error says
// nothing of the attempt before.
func TestCooldownDuringCall(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]httpmock.Responder{
		"a code":          reply(404, fixture(t, "errors/error_code_no_endpoint.json"), "X-Skype-Request-Id", "0a1b"),
		"a nested code":   reply(404, fixture(t, "errors/nested_object.json")),
		"a status":        reply(401, `{"message":"refused"}`),
		"under 200":       reply(200, `{"status":{"code":40100,"text":"refused"}}`),
		"403, not a code": reply(403, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(first, reply(429, "", "Retry-After", "31"))
				c := newAuthClient(t, w, StaticToken("unused"), WithRegistrationToken(sourceOf("old", "new")))
				time.AfterFunc(1500*time.Millisecond, func() { // while the second token is fetched
					assert.ErrorIs(t, c.RemoveContact(t.Context(), "8:anna.7"), ErrRateLimited)
				})
				err := c.AddContact(t.Context(), "8:joe.4")
				require.ErrorIs(t, err, ErrRateLimited)
				require.NotErrorIs(t, err, ErrUnauthorized)
				require.NotErrorIs(t, err, ErrForbidden)
				failure, ok := errors.AsType[*Error](err)
				require.True(t, ok)
				require.WithinDuration(t, time.Now().Add(30500*time.Millisecond), time.Now().Add(failure.RetryAfter), time.Millisecond)
				require.Equal(t, Error{
					Op: "AddContact", Method: "PUT", Route: addContact.path, Status: 429, RetryAfter: failure.RetryAfter,
					Attempts: 1, MaybeApplied: failure.MaybeApplied,
				}, *failure)
				require.False(t, failure.MaybeApplied)
				require.Len(t, w.requests(), 2)
			})
		})
	}
}

// The body of a failure is part of the attempt, which lasts 30 s at most.
func TestTimeoutOfFailureBodies(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *Client) error{
		"list":    func(ctx context.Context, c *Client) error { _, err := c.ListContacts(ctx); return err },
		"profile": func(ctx context.Context, c *Client) error { _, err := c.GetOwnProfile(ctx); return err },
		"POST":    func(ctx context.Context, c *Client) error { return c.SendInvite(ctx, "8:joe.4", "") },
		"PUT":     func(ctx context.Context, c *Client) error { return c.BlockUser(ctx, "8:joe.4", BlockOptions{}) },
		"stream": func(ctx context.Context, c *Client) (err error) {
			for _, err = range c.AllContacts(ctx) {
				continue
			}
			return err
		},
	} {
		for _, status := range []int{400, 403, 409, 302} {
			took := timed(t, func(t *testing.T) {
				drips := dripping(status, time.Second, `{"message":"no`, " ")
				w := newWire(func(req *http.Request) (*http.Response, error) {
					time.Sleep(20 * time.Second)
					return drips(req)
				})
				err := call(t.Context(), newTestClient(t, w, WithTimeout(10*time.Minute)))
				failure, ok := errors.AsType[*Error](err)
				require.True(t, ok, name)
				require.Equal(t, status, failure.Status, name)
				require.Len(t, w.requests(), 1, name)
			})
			assert.Equal(t, attemptTimeout, took, "%s %d", name, status)
		}
	}
}
