package skypecontacts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The rows of the retry table that take more than one kind of answer. Those of a
// single answer are in TestFailures.
func TestRetrySequences(t *testing.T) {
	t.Parallel()
	lost, done := fails(io.ErrUnexpectedEOF), reply(200, "{}")
	get := func(c *Client, ctx context.Context) error { _, err := c.ListContacts(ctx); return err }
	put := func(c *Client, ctx context.Context) error { return c.AcceptInvite(ctx, "joe.4") }
	post := func(c *Client, ctx context.Context) error { return c.SendInvite(ctx, "joe.4", "") }
	remove := func(c *Client, ctx context.Context) error { return c.RevokeContact(ctx, "joe.4") }
	tests := []struct {
		name    string
		call    func(*Client, context.Context) error
		replies []httpmock.Responder
		sent    int
		is      error // nil: success
		maybe   bool
	}{
		{"GET succeeds in the end", get, []httpmock.Responder{lost, reply(500, ""), done}, 3, nil, false},
		{"PUT succeeds in the end", put, []httpmock.Responder{reply(504, ""), lost, done}, 3, nil, false},
		{"POST is not repeated when lost", post, []httpmock.Responder{lost, done}, 1, ErrUnavailable, true},
		{"POST is not repeated after 503", post, []httpmock.Responder{reply(503, ""), done}, 1, ErrUnavailable, true},
		{"POST is not repeated after 429", post, []httpmock.Responder{reply(429, ""), done}, 1, ErrRateLimited, false},
		{"what may have been done stays so", put, []httpmock.Responder{lost, reply(404, "")}, 2, ErrNotFound, true},
		{"what may have been done stays so after 429", put, []httpmock.Responder{reply(500, ""), reply(429, "")}, 3, ErrRateLimited, true},
		{"DELETE of what an earlier attempt removed", remove, []httpmock.Responder{lost, reply(404, "")}, 2, nil, false},
		{"DELETE of what an earlier attempt removed, gone", remove, []httpmock.Responder{reply(502, ""), reply(410, "")}, 2, nil, false},
		{"DELETE of what was not there", remove, []httpmock.Responder{reply(404, "")}, 1, ErrNotFound, false},
		{"DELETE refused, then not there", remove, []httpmock.Responder{reply(429, ""), reply(404, "")}, 2, ErrNotFound, false},
		{"no such host, as a proxy's transport may say", get, []httpmock.Responder{fails(&net.DNSError{IsNotFound: true})}, 3, ErrUnavailable, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(test.replies...)
			err := test.call(newTestClient(t, w), t.Context())
			require.Len(t, w.requests(), test.sent)
			if test.is == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.is)
			var failure *Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, test.maybe, failure.MaybeApplied)
			require.Equal(t, test.sent, failure.Attempts)
		})
	}
}

// A request that found no connection was surely not sent, so even a POST is
// repeated; one to a host that does not exist is not.
func TestNoConnection(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	refused := listener.Addr().String()
	require.NoError(t, listener.Close())

	dials := 0
	notFound := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		dials++
		return nil, &net.DNSError{IsNotFound: true, Name: "contacts.skype.com"}
	}}
	tests := []struct {
		name      string
		transport http.RoundTripper
		attempts  int
		text      string
	}{
		{"refused", &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, refused)
		}}, 3, "connection refused"},
		{"no such host", notFound, 1, "no such host"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := newTestClient(t, test.transport).SendInvite(t.Context(), "joe.4", "")
			require.ErrorIs(t, err, ErrUnavailable)
			var failure *Error
			require.ErrorAs(t, err, &failure)
			require.False(t, failure.MaybeApplied)
			require.Equal(t, test.attempts, failure.Attempts)
			require.Contains(t, err.Error(), test.text)
		})
	}
}

func TestCertificateErrorsAreFinal(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	t.Cleanup(server.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c := newTestClient(t, transport, WithEndpoints(Endpoints{Contacts: server.URL}))

	_, err := c.ListContacts(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorContains(t, err, "certificate is not trusted")
	var failure *Error
	require.ErrorAs(t, err, &failure)
	require.Equal(t, 1, failure.Attempts)
}

// timed runs f in a bubble of fake time and says how long it took there.
func timed(t *testing.T, f func(t *testing.T)) (took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		f(t)
		took = time.Since(started)
	})
	return took
}

func TestPauses(t *testing.T) {
	t.Parallel()
	retry := Retry{BaseDelay: 100 * time.Millisecond, MaxDelay: 150 * time.Millisecond}
	tests := []struct {
		name     string
		replies  []httpmock.Responder
		timeout  time.Duration
		min, max time.Duration
		sent     int
		is       error
	}{
		{"grow up to the limit", []httpmock.Responder{reply(503, "")}, time.Minute, 0, 250 * time.Millisecond, 3, ErrUnavailable},
		{
			"are added to what was asked for",
			[]httpmock.Responder{reply(503, "", "Retry-After", "7"), reply(200, "{}")},
			time.Minute, 7 * time.Second, 7150 * time.Millisecond, 2, nil,
		},
		{
			"of the longest length",
			[]httpmock.Responder{reply(429, "", "Retry-After", "60"), reply(200, "{}")},
			2 * time.Minute, time.Minute, 61 * time.Second, 2, nil,
		},
		{"are not made for longer", []httpmock.Responder{reply(503, "", "Retry-After", "61")}, 2 * time.Minute, 0, 0, 1, ErrUnavailable},
		{"are not made beyond the deadline", []httpmock.Responder{reply(429, "", "Retry-After", "30")}, 20 * time.Second, 0, 0, 1, ErrRateLimited},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			took := timed(t, func(t *testing.T) {
				w := newWire(test.replies...)
				c := newTestClient(t, w, WithRetry(retry), WithTimeout(test.timeout))
				_, err := c.ListContacts(t.Context())
				require.ErrorIs(t, err, test.is)
				require.Len(t, w.requests(), test.sent)
			})
			assert.GreaterOrEqual(t, took, test.min)
			assert.LessOrEqual(t, took, test.max)
		})
	}
}

// Until the service's wish is over, calls to it fail here; other services answer.
func TestRateLimitIsRemembered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(reply(429, "", "Retry-After", "90"), reply(200, "{}"))
		c := newTestClient(t, w)
		_, err := c.ListContacts(t.Context())
		require.ErrorIs(t, err, ErrRateLimited)

		time.Sleep(30 * time.Second)
		err = c.BlockUser(t.Context(), "joe.4", BlockOptions{})
		var failure *Error
		require.ErrorAs(t, err, &failure)
		require.ErrorIs(t, err, ErrRateLimited)
		require.Equal(t, Error{
			Op: "BlockUser", Method: "PUT", Route: blockUser.path, Status: 429, RetryAfter: time.Minute,
		}, *failure)
		require.Len(t, w.requests(), 1, "nothing is sent while the service wants to be left alone")
		_, err = c.ListBots(t.Context())
		require.NoError(t, err, "another service")

		time.Sleep(time.Minute)
		_, err = c.ListContacts(t.Context())
		require.NoError(t, err)
	})
}

// An outage is met with hardly more requests than there are calls, and the
// budget comes back with success.
func TestRetryBudget(t *testing.T) {
	t.Parallel()
	var healthy atomic.Bool
	w := newWire(func(req *http.Request) (*http.Response, error) {
		if healthy.Load() {
			return reply(200, `{"username":"fred.2"}`)(req)
		}
		return reply(503, "")(req)
	})
	c := newTestClient(t, w, WithRetry(Retry{BaseDelay: time.Nanosecond}))
	for range 1000 {
		_, err := c.GetOwnProfile(t.Context())
		require.ErrorIs(t, err, ErrUnavailable)
	}
	require.Len(t, w.requests(), 1010)

	healthy.Store(true)
	for range 5 {
		_, err := c.GetOwnProfile(t.Context())
		require.NoError(t, err)
	}
	healthy.Store(false)
	_, err := c.GetOwnProfile(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.Len(t, w.requests(), 1010+7, "five successes pay for one repeat")
}

// stalls until the request is given up.
func stalls(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

type stalledBody struct{ ctx context.Context }

func (b stalledBody) Read([]byte) (int, error) { <-b.ctx.Done(); return 0, b.ctx.Err() }
func (stalledBody) Close() error               { return nil }

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

// A call that is given up while it waits says both why and what it waited for.
func TestCanceledInAPause(t *testing.T) {
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

func TestRetryCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	w := newWire(reply(503, ""))
	_, err := newTestClient(t, w, WithRetry(Retry{MaxAttempts: 1})).ListContacts(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.Len(t, w.requests(), 1)
}

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file    string
		code    int
		message string
	}{
		{"status_object.json", 40499, "No handler found for resource"},
		{"status_object_not_found.json", 40411, ""},
		{"status_object_forbidden.json", 40300, ""},
		{"status_object_unauthorized.json", 40100, "Authentication failed"},
		{"status_object_expired.json", 40100, ""},
		{"status_object_text_only.json", 0, ""},
		{"error_code.json", 803, "Login Rate limit exceeded"},
		{"error_code_quota.json", 429, "API calls quota exceeded!"},
		{"error_code_no_endpoint.json", 729, ""},
		{"nested_string.json", 729, ""},
		{"nested_object.json", 729, ""},
		{"message_only.json", 0, "Skype token validation failed!"},
		{"html.html", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			body := fixture(t, "errors/"+test.file)
			_, err := newTestClient(t, newWire(reply(400, body, "X-Skype-Request-Id", "abcd-1234"))).ListContacts(t.Context())
			var failure *Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, test.code, failure.Code)
			require.Equal(t, "abcd-1234", failure.RequestID)
			require.Equal(t, body, failure.Excerpt)
			if test.message != "" {
				require.Equal(t, test.message, failure.Message)
			}
			if test.file != "html.html" {
				require.NotEmpty(t, failure.Message)
				require.NotContains(t, err.Error(), failure.Message, "the service's own text may name people")
			}
		})
	}
}

// What a person reads of each kind of failure.
func TestErrorTexts(t *testing.T) {
	t.Parallel()
	const list = "skypecontacts: ListContacts: GET /users/{id}/contacts"
	for _, test := range []struct {
		answer httpmock.Responder
		want   string
	}{
		{reply(401, ""), list + ": 401 Unauthorized"},
		{reply(404, `{"status":{"code":40499,"text":"No"}}`), list + ": 404 Not Found (code 40499)"},
		{reply(200, `{"status":{"code":40411,"text":"No"}}`), list + ": 200 OK (code 40411): the response reports a failure"},
		{reply(502, ""), list + ": 502 Bad Gateway after 3 attempts"},
		{reply(429, "", "Retry-After", "90"), list + ": 429 Too Many Requests; retry after 1m30s"},
		{reply(299, ""), list + ": 299"},
		{reply(200, ""), list + ": 200 OK: the response is empty"},
		{reply(200, "{"), list + ": 200 OK: not well-formed JSON at byte 1"},
		{page(200), list + ": 200 OK: the Content-Type of the response is not JSON"},
		{fails(io.ErrUnexpectedEOF), list + ": connection failed after 3 attempts"},
		{fails(&net.OpError{Op: "read", Err: errAttemptTimeout}), list + ": deadline exceeded after 3 attempts"},
		{fails(&net.OpError{Op: "read", Err: &net.DNSError{IsTimeout: true}}), list + ": timed out after 3 attempts"},
	} {
		_, err := newTestClient(t, newWire(test.answer)).ListContacts(t.Context())
		assert.EqualError(t, err, test.want)
	}
	c := newTestClient(t, newWire(fails(io.ErrUnexpectedEOF)))
	assert.EqualError(t, c.SendInvite(t.Context(), "joe.4", ""),
		"skypecontacts: SendInvite: POST /users/{id}/contacts: connection failed; the change may have been made")
	assert.EqualError(t, c.RevokeContact(t.Context(), "a/b"),
		"skypecontacts: RevokeContact: DELETE /users/{id}/contacts/{mri}: invalid argument: identifier holds a character (U+002F) that no identifier has")
}

func TestExcerptIsBounded(t *testing.T) {
	t.Parallel()
	w := newWire(reply(500, "\xff"+strings.Repeat("é", 1<<20)))
	_, err := newTestClient(t, w, WithRetry(Retry{MaxAttempts: 1})).ListContacts(t.Context())
	var failure *Error
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "\uFFFD"+strings.Repeat("é", 254), failure.Excerpt)
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	body := fixture(t, "contacts/list_contacts.json")
	for _, test := range []struct {
		limit int
		is    error
	}{{len(body), nil}, {len(body) - 1, ErrTooLarge}, {1, ErrTooLarge}} {
		w := newWire(reply(200, body))
		_, err := newTestClient(t, w, WithMaxBody(int64(test.limit))).ListContacts(t.Context())
		require.ErrorIs(t, err, test.is, test.limit)
		require.Len(t, w.requests(), 1, "asking again would not make it smaller")
	}
	small := `{"username":"joe.4","about":"` + strings.Repeat("x", maxSmallBody) + `"}`
	_, err := newTestClient(t, newWire(reply(200, small))).GetOwnProfile(t.Context())
	require.ErrorIs(t, err, ErrTooLarge, "an answer about one person is bounded more tightly than a list")
}

func TestContentTypes(t *testing.T) {
	t.Parallel()
	for contentType, ok := range map[string]bool{
		"":                 true,
		"application/json": true,
		"APPLICATION/JSON": true,
		"application/json; ver=1.0; charset=utf-8": true,
		"application/json; charset":                true,
		"text/json":                                true,
		"text/plain; charset=utf-8":                true,
		"application/problem+json":                 true,
		"text/html":                                false,
		"application/xml":                          false,
		"application/xhtml+xml":                    false,
		"application/octet-stream":                 false,
		"image/png":                                false,
		"+json":                                    false,
		"nonsense":                                 false,
	} {
		_, err := newTestClient(t, newWire(reply(200, "{}", "Content-Type", contentType))).ListContacts(t.Context())
		if ok {
			assert.NoError(t, err, contentType)
		} else {
			assert.ErrorIs(t, err, ErrDecode, contentType)
		}
	}
}

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := date(2026, 11, 23, 12, 0, 0, 0)
	for value, want := range map[string]time.Duration{
		"":                               0,
		"0":                              0,
		"5":                              5 * time.Second,
		" 5 ":                            5 * time.Second,
		"1.5":                            1500 * time.Millisecond,
		"-5":                             0,
		"soon":                           0,
		"NaN":                            0,
		"+Inf":                           maxRetryAfter,
		"1e18":                           maxRetryAfter,
		"10000000000":                    maxRetryAfter,
		"Mon, 23 Nov 2026 12:00:30 GMT":  30 * time.Second,
		"Mon, 23 Nov 2026 11:00:00 GMT":  0,
		"Monday, 23-Nov-26 12:01:00 GMT": time.Minute,
	} {
		assert.Equal(t, want, parseRetryAfter([]string{value}, now), value)
	}
	assert.Equal(t, 9*time.Second, parseRetryAfter([]string{"3", "9", "soon"}, now), "the longest wait counts")
	assert.Zero(t, parseRetryAfter(nil, now))
}

// The guard is the last to see a request, whatever came to pass above it.
func TestGuard(t *testing.T) {
	t.Parallel()
	good := permit{scheme: "https", host: "contacts.skype.com", authorize: func(h http.Header) { h.Set("X-Skypetoken", testToken) }}
	loopback := permit{scheme: "http", host: "127.0.0.1:80", authorize: good.authorize}
	tests := []struct {
		name string
		p    any
		url  string
		host string
		ok   bool
	}{
		{"as meant", good, "https://contacts.skype.com/x", "", true},
		{"with its own host header", good, "https://contacts.skype.com/x", "contacts.skype.com", true},
		{"permitted loopback", loopback, "http://127.0.0.1:80/x", "", true},
		{"no permit", nil, "https://contacts.skype.com/x", "", false},
		{"other host", good, "https://evil.example/x", "", false},
		{"sub-domain", good, "https://a.contacts.skype.com/x", "", false},
		{"other port", good, "https://contacts.skype.com:8443/x", "", false},
		{"not https", good, "http://contacts.skype.com/x", "", false},
		{"loopback not permitted", permit{scheme: "https", host: "127.0.0.1:80", authorize: good.authorize}, "http://127.0.0.1:80/x", "", false},
		{"http to elsewhere", permit{scheme: "http", host: "evil.example", authorize: good.authorize}, "http://evil.example/x", "", false},
		{"host header of another", good, "https://contacts.skype.com/x", "evil.example", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(reply(200, ""))
			ctx := t.Context()
			if test.p != nil {
				ctx = context.WithValue(ctx, permitKey{}, test.p)
			}
			closed := &closeCounter{Reader: strings.NewReader("body")}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, test.url, closed)
			require.NoError(t, err)
			req.Host = test.host
			resp, err := hostGuard{w}.RoundTrip(req)
			assert.Empty(t, req.Header, "the caller's request is not touched")
			if test.ok {
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Contains(t, w.requests()[0], testToken)
				return
			}
			require.ErrorIs(t, err, errMisdirected)
			require.Empty(t, w.requests())
			require.Equal(t, 1, closed.count, "a RoundTripper closes the body even when it refuses")
		})
	}
}

type closeCounter struct {
	io.Reader
	count int
}

func (c *closeCounter) Close() error { c.count++; return nil }

// What a caller's http.Client is set to must not be touched, and must not matter.
func TestCallersHTTPClient(t *testing.T) {
	t.Parallel()
	w := newWire(reply(302, "", "Location", "https://contacts.skype.com/elsewhere", "Set-Cookie", "a=b"))
	jar := &countingJar{}
	hc := &http.Client{Transport: w, Jar: jar}
	c, err := New(StaticToken(testToken), WithHTTPClient(hc))
	require.NoError(t, err)
	_, err = c.ListContacts(t.Context())
	require.ErrorIs(t, err, ErrRedirect)
	require.Len(t, w.requests(), 1)
	require.Equal(t, http.Client{Transport: w, Jar: jar}, *hc)
	require.Zero(t, jar.used)
}

type countingJar struct{ used int }

func (j *countingJar) SetCookies(*url.URL, []*http.Cookie)    { j.used++ }
func (j *countingJar) Cookies(*url.URL) (none []*http.Cookie) { j.used++; return none }

// Whatever goes wrong, no way of printing an error shows a token, an identifier
// or what the server wrote, and neither does the log.
func TestNothingPrivateIsPrinted(t *testing.T) {
	t.Parallel()
	const canary = "canary-person"
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	answers := []httpmock.Responder{
		reply(200, "{}"), echoes,
		reply(400, `{"message":"`+canary+`"}`), reply(404, `{"status":{"code":40411,"text":"Requested username '`+canary+`' not found"}}`),
		reply(429, canary, "Retry-After", "0"), reply(302, "", "Location", "https://"+canary+".example/"), page(503),
		reply(200, `{"contacts":[{"`+canary+`":1}`), reply(200, `{"`+canary+`":1,"`+canary+`":2}`), reply(200, canary),
		fails(fmt.Errorf("while sending to %s with %s", canary, testToken)),
		fails(&url.Error{Op: "Get", URL: "https://contacts.skype.com/" + canary, Err: &url.Error{Op: "Get", URL: canary, Err: io.EOF}}),
	}
	var errs []error
	for _, answer := range answers {
		c := newTestClient(t, newWire(answer), WithLogger(logger), WithUserID(canary))
		_, err := c.ListContacts(t.Context())
		errs = append(errs, err, c.SendInvite(t.Context(), canary, canary), c.RevokeContact(t.Context(), canary),
			c.AddContact(t.Context(), canary), c.BlockUser(t.Context(), canary+"/..", BlockOptions{}))
		_, err = c.SearchDirectory(t.Context(), canary)
		errs = append(errs, err)
		_, err = c.GetPublicProfiles(t.Context(), canary)
		errs = append(errs, err)
	}
	checked := 0
	for _, err := range errs {
		if err == nil {
			continue
		}
		checked++
		var failure *Error
		require.ErrorAs(t, err, &failure)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
			assertClean(t, fmt.Sprintf(verb+verb+verb, err, *failure, []error{err}), canary)
			// A wrong verb for a struct with the error in an unexported field
			// makes fmt go round every method. Even that shows no token.
			assertClean(t, fmt.Sprintf(verb, struct{ e error }{err}))
		}
		encoded, jsonErr := json.Marshal(err)
		require.NoError(t, jsonErr)
		assertClean(t, string(encoded), canary)
		logger.Error("failed", "err", err, "value", *failure)
		slog.New(slog.NewTextHandler(&log, nil)).Error("failed", "err", err)
	}
	require.Greater(t, checked, 50)
	require.Contains(t, log.String(), `"op":"SendInvite"`)
	assertClean(t, log.String(), canary)
}

// echoes answers with the request, as debug pages do, in message and excerpt.
func echoes(req *http.Request) (*http.Response, error) {
	token := req.Header.Get("X-Skypetoken") + req.Header.Get("RegistrationToken")
	return reply(500, `{"errorCode":1,"message":"`+strings.Repeat("x", 450)+token+token+token+`"}`)(req)
}

func assertClean(t *testing.T, text string, more ...string) {
	t.Helper()
	for _, canary := range append(more, testToken, testRegistrationToken) {
		assert.NotContains(t, text, canary)
		assert.NotContains(t, text, fmt.Sprintf("%x", canary))
		assert.NotContains(t, text, fmt.Sprintf("%X", canary))
	}
}

func TestLogIsMetadata(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	handler := slog.NewJSONHandler(&log, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "took" {
				return slog.Attr{}
			}
			return a
		},
	})
	w := newWire(reply(503, "", "X-Stratus-Request-Id", "0a1b"), reply(200, ""))
	require.NoError(t, newTestClient(t, w, WithLogger(slog.New(handler))).UnblockUser(t.Context(), "8:joe.4"))
	require.Equal(t,
		`{"level":"DEBUG","msg":"skypecontacts request","op":"UnblockUser","method":"DELETE","route":"/users/{id}/contacts/blocklist/{mri}","attempt":1,"status":503,"ok":false,"request_id":"0a1b"}`+"\n"+
			`{"level":"DEBUG","msg":"skypecontacts request","op":"UnblockUser","method":"DELETE","route":"/users/{id}/contacts/blocklist/{mri}","attempt":2,"status":200,"ok":true,"request_id":""}`+"\n",
		log.String())
}

// The largest values mean no limit and must not turn into the smallest.
func TestLargestLimits(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, `{"contacts":[{"mri":"8:joe.4"}]}`), reply(200, `{"contacts":[{"mri":"8:joe.4"}]}`), reply(503, ""))
	c := newTestClient(t, w, WithMaxBody(math.MaxInt64), WithRetry(Retry{BaseDelay: time.Nanosecond, Burst: math.MaxInt}))
	list, err := c.ListContacts(t.Context())
	require.NoError(t, err)
	require.Len(t, list.Contacts, 1)
	for contact, err := range c.AllContacts(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, MRI("8:joe.4"), contact.MRI)
	}
	_, err = c.ListContacts(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.Len(t, w.requests(), 5, "a success does not empty the budget")
}

// A failure in the body of a 200 counts like its status would.
func TestFailuresUnder200(t *testing.T) {
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

// A gateway that does not know the token any more says 404 and means 401.
func TestLostEndpointIsNotNotFound(t *testing.T) {
	t.Parallel()
	err := newTestClient(t, newWire(reply(404, fixture(t, "errors/error_code_no_endpoint.json")))).RemoveContact(t.Context(), "joe.4")
	require.ErrorIs(t, err, ErrUnauthorized)
	require.NotErrorIs(t, err, ErrNotFound)
}
