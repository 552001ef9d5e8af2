package skypecontacts

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// A request without a connection was not sent, so even a POST is repeated; a request
// to a host that does not exist is not.
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

func TestCertificateError(t *testing.T) {
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

// hostGuard is the last to see a request, below redirects and hooks.
func TestHostGuard(t *testing.T) {
	t.Parallel()
	good := &permit{scheme: "https", host: "contacts.skype.com", token: NewToken(testToken, time.Time{})}
	loopback := &permit{scheme: "http", host: "127.0.0.1:80", token: good.token}
	tests := []struct {
		name string
		p    *permit
		url  string
		host string
		ok   bool
	}{
		{"permitted", good, "https://contacts.skype.com/x", "", true},
		{"with its own host header", good, "https://contacts.skype.com/x", "contacts.skype.com", true},
		{"permitted loopback", loopback, "http://127.0.0.1:80/x", "", true},
		{"no permit", nil, "https://contacts.skype.com/x", "", false},
		{"no permit for loopback", nil, "http://127.0.0.1:80/x", "", false},
		{"other host", good, "https://evil.example/x", "", false},
		{"sub-domain", good, "https://a.contacts.skype.com/x", "", false},
		{"other port", good, "https://contacts.skype.com:8443/x", "", false},
		{"not https", good, "http://contacts.skype.com/x", "", false},
		{"loopback not permitted", &permit{scheme: "https", host: "127.0.0.1:80", token: good.token}, "http://127.0.0.1:80/x", "", false},
		{"http to elsewhere", &permit{scheme: "http", host: "evil.example", token: good.token}, "http://evil.example/x", "", false},
		{"host header of another", good, "https://contacts.skype.com/x", "evil.example", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(reply(200, ""))
			ctx := t.Context()
			if test.p != nil {
				p := *test.p
				p.header = http.Header{"Accept": {"*/*"}}
				ctx = context.WithValue(ctx, permitKey{}, &p)
			}
			closed := &closeCounter{Reader: strings.NewReader("body")}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, test.url, closed)
			require.NoError(t, err)
			req.Host = test.host
			req.Header.Set("Cookie", "a=b")
			resp, err := hostGuard{w}.RoundTrip(req)
			assert.Equal(t, http.Header{"Cookie": {"a=b"}}, req.Header, "the caller's request is not touched")
			if test.ok {
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				require.Contains(t, w.requests()[0], "Accept: */*\nX-Skypetoken: "+testToken+"\n", "the header of the permit and no other")
				require.NotContains(t, w.requests()[0], "Cookie")
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

// The caller's http.Client is not modified, and its cookies and redirects are not used.
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

func (j *countingJar) SetCookies(*url.URL, []*http.Cookie) { j.used++ }

func (j *countingJar) Cookies(*url.URL) (none []*http.Cookie) { j.used++; return none }

func TestConnectionReuse(t *testing.T) {
	t.Parallel()
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"contacts":[]}`)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c := newLoopbackClient(t, server.URL)
	var callers sync.WaitGroup
	for range 64 {
		callers.Go(func() {
			for range 20 {
				_, err := c.ListContacts(t.Context())
				assert.NoError(t, err)
			}
		})
	}
	callers.Wait()
	// net/http dials for whoever waits, also if a connection gets free meanwhile.
	assert.LessOrEqual(t, opened.Load(), int64(2*64))
}

// h2Server is a server of raw HTTP/2 frames. It counts the requests that arrived whole.
type h2Server struct {
	url       string
	transport *http.Transport
	arrived   atomic.Int64
}

// newH2Server responds to the nth request with a function of the framer, which reports
// whether the connection is to be closed.
func newH2Server(t *testing.T, respond func(framer *http2.Framer, stream uint32, n int64) (closed bool)) *h2Server {
	t.Helper()
	certified := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	certified.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certified.TLS.Certificates, NextProtos: []string{"h2"}})
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	s := &h2Server{url: "https://" + listener.Addr().String(), transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"}, ForceAttemptHTTP2: true,
	}}
	ctx, cancel := context.WithCancel(context.Background())
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			context.AfterFunc(ctx, func() { _ = conn.Close() })
			connections.Go(func() { s.serve(conn, respond) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		cancel()
		connections.Wait()
		s.transport.CloseIdleConnections()
	})
	return s
}

func (s *h2Server) serve(conn net.Conn, respond func(*http2.Framer, uint32, int64) bool) {
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(conn, conn)
	_ = framer.WriteSettings()
	for closed := false; !closed; {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = framer.WriteSettingsAck()
			}
		case *http2.HeadersFrame, *http2.DataFrame:
			if frame.Header().Flags.Has(http2.FlagDataEndStream) { // the same bit in both
				closed = respond(framer, frame.Header().StreamID, s.arrived.Add(1))
			}
		}
	}
}

// h2Reply responds with a status and a JSON body.
func h2Reply(framer *http2.Framer, stream uint32, status, body string) {
	var block bytes.Buffer
	headers := hpack.NewEncoder(&block)
	_ = headers.WriteField(hpack.HeaderField{Name: ":status", Value: status})
	_ = headers.WriteField(hpack.HeaderField{Name: "content-type", Value: "application/json"})
	_ = framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true})
	_ = framer.WriteData(stream, true, []byte(body))
}

// h2Faults are how a server can refuse a request that it read.
var h2Faults = map[string]func(framer *http2.Framer, stream uint32) (closed bool){
	"REFUSED_STREAM": func(framer *http2.Framer, stream uint32) bool {
		_ = framer.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		return false
	},
	"GOAWAY": func(framer *http2.Framer, _ uint32) bool {
		_ = framer.WriteGoAway(0, http2.ErrCodeNo, nil)
		return true
	},
	"GOAWAY of an open connection": func(framer *http2.Framer, _ uint32) bool {
		_ = framer.WriteGoAway(0, http2.ErrCodeNo, nil)
		return false
	},
	"GOAWAY after the stream before": func(framer *http2.Framer, stream uint32) bool {
		_ = framer.WriteGoAway(max(stream, 2)-2, http2.ErrCodeEnhanceYourCalm, []byte("slower"))
		return true
	},
	"INTERNAL_ERROR": func(framer *http2.Framer, stream uint32) bool {
		_ = framer.WriteRSTStream(stream, http2.ErrCodeInternal)
		return false
	},
	"a closed connection": func(*http2.Framer, uint32) bool { return true },
}

// sendingCalls are calls of every method, with and without a body, with what they send
// at most if each request is refused.
var sendingCalls = map[string]struct {
	call  func(context.Context, *Client) error
	most  int
	maybe bool
	reads bool
}{
	"POST":           {func(ctx context.Context, c *Client) error { return c.SendInvite(ctx, "8:joe.4", "hi") }, 1, true, false},
	"PUT with body":  {func(ctx context.Context, c *Client) error { return c.BlockUser(ctx, "8:joe.4", BlockOptions{}) }, 3, true, false},
	"PUT":            {func(ctx context.Context, c *Client) error { return c.AcceptInvite(ctx, "8:joe.4") }, 3, true, false},
	"DELETE":         {func(ctx context.Context, c *Client) error { return c.RevokeContact(ctx, "8:joe.4") }, 3, true, false},
	"GET":            {func(ctx context.Context, c *Client) error { _, err := c.ListContacts(ctx); return err }, 3, false, true},
	"GET, streamed":  {func(ctx context.Context, c *Client) error { return collect(c.AllContacts(ctx)).Err }, 3, false, true},
	"POST that asks": {func(ctx context.Context, c *Client) error { _, err := c.GetPublicProfiles(ctx, "8:joe.4"); return err }, 3, false, true},
}

// sendingClient is a client whose requests are counted in every place that counts them.
func sendingClient(t *testing.T, base string, transport http.RoundTripper, opts ...Option) (c *Client, limited *atomic.Int64, attempts func() []Attempt) {
	t.Helper()
	limited = new(atomic.Int64)
	observer, attempts := observed()
	c, err := New(StaticToken(testToken), append([]Option{
		WithHTTPClient(&http.Client{Transport: transport}), WithRetry(Retry{BaseDelay: time.Nanosecond}), observer, WithInsecureLoopback(),
		WithEndpoints(Endpoints{Contacts: base, API: base}), WithLimiter(limiterFunc(func(context.Context) error { limited.Add(1); return nil })),
	}, opts...)...)
	require.NoError(t, err)
	return c, limited, attempts
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// attemptNumbers returns the numbers of the attempts in their calls.
func attemptNumbers(attempts []Attempt) (list []int) {
	for _, a := range attempts {
		list = append(list, a.Number)
	}
	return list
}

// net/http sends a request again by itself when an HTTP/2 server refuses its stream or
// closes the connection. Limiter, budget, observer and error count every request, and
// a server that refuses all of them gets no more than MaxAttempts.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	for fault, refuse := range h2Faults {
		for method, test := range sendingCalls {
			t.Run(fault+" "+method, func(t *testing.T) {
				t.Parallel()
				server := newH2Server(t, func(framer *http2.Framer, stream uint32, _ int64) bool { return refuse(framer, stream) })
				c, limited, attempts := sendingClient(t, server.url, server.transport)
				err := test.call(t.Context(), c)
				require.ErrorIs(t, err, ErrUnavailable)
				var failure *Error
				require.ErrorAs(t, err, &failure)
				assert.EqualValues(t, test.most, server.arrived.Load())
				assert.Equal(t, test.most, failure.Attempts)
				assert.EqualValues(t, test.most, limited.Load())
				assert.Equal(t, []int{1, 2, 3}[:test.most], attemptNumbers(attempts()))
				assert.Equal(t, test.maybe, failure.MaybeApplied)
				assert.Equal(t, (10-(test.most-1))*repeatCost, c.core.budget.tokens)
			})
		}
	}
}

// A request that is refused once succeeds at its second attempt, unless it must not be
// sent again. One attempt stays one.
func TestRefusedRequest(t *testing.T) {
	t.Parallel()
	for fault, refuse := range h2Faults {
		for method, test := range sendingCalls {
			t.Run(fault+" "+method, func(t *testing.T) {
				t.Parallel()
				body := map[bool]string{true: `{"contacts":[]}`, false: `{}`}[strings.HasPrefix(method, "GET")]
				if method == "POST that asks" {
					body = `[]`
				}
				server := newH2Server(t, func(framer *http2.Framer, stream uint32, n int64) bool {
					if n%2 == 1 {
						return refuse(framer, stream)
					}
					h2Reply(framer, stream, "200", body)
					return false
				})
				c, limited, attempts := sendingClient(t, server.url, server.transport)
				err := test.call(t.Context(), c)
				sent := min(2, test.most)
				require.Equal(t, sent == 2, err == nil, err)
				assert.EqualValues(t, sent, server.arrived.Load())
				assert.EqualValues(t, sent, limited.Load())
				assert.Equal(t, []int{1, 2}[:sent], attemptNumbers(attempts()))

				server.arrived.Store(0)
				single, limited, attempts := sendingClient(t, server.url, server.transport, WithRetry(Retry{MaxAttempts: 1}))
				require.ErrorIs(t, test.call(t.Context(), single), ErrUnavailable)
				assert.EqualValues(t, 1, server.arrived.Load())
				assert.EqualValues(t, 1, limited.Load())
				assert.Equal(t, []int{1}, attemptNumbers(attempts()))
			})
		}
	}
}

// Many calls that share connections are refused no more often than they were permitted.
func TestRefusedRequestsAtOnce(t *testing.T) {
	t.Parallel()
	for fault, refuse := range h2Faults {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			server := newH2Server(t, func(framer *http2.Framer, stream uint32, _ int64) bool { return refuse(framer, stream) })
			c, limited, attempts := sendingClient(t, server.url, server.transport)
			sum := 0
			for _, err := range atOnce(20, func() error { _, err := c.ListContacts(t.Context()); return err }) {
				var failure *Error
				require.ErrorAs(t, err, &failure)
				sum += failure.Attempts
			}
			assert.LessOrEqual(t, server.arrived.Load(), int64(sum))
			assert.EqualValues(t, sum, limited.Load())
			assert.Len(t, attempts(), sum)
			assert.LessOrEqual(t, sum, 20+10, "the budget permits ten repeats")
		})
	}
}

// A connection that ends behind a request is the same, whether it is new or was used
// before; HTTP/1 connections that were used before are the ones that net/http replaces.
func TestConnectionEndsBehindRequest(t *testing.T) {
	t.Parallel()
	for method, test := range sendingCalls {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			var arrived atomic.Int64
			used := sync.Map{} // addresses of connections
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				arrived.Add(1)
				_, _ = io.Copy(io.Discard, req.Body)
				if _, known := used.LoadOrStore(req.RemoteAddr, true); known {
					panic(http.ErrAbortHandler)
				}
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, map[bool]string{true: `[]`, false: `{}`}[method == "POST that asks"])
			}))
			transport := &http.Transport{}
			t.Cleanup(func() { transport.CloseIdleConnections(); server.Close() })
			c, limited, attempts := sendingClient(t, server.URL, transport)
			require.NoError(t, test.call(t.Context(), c), "on a new connection")
			err := test.call(t.Context(), c)
			sent := min(2, test.most)
			require.Equal(t, sent == 2, err == nil, err)
			assert.EqualValues(t, 1+sent, arrived.Load())
			assert.EqualValues(t, 1+sent, limited.Load())
			assert.Equal(t, []int{1, 1, 2}[:1+sent], attemptNumbers(attempts()))
			if failure, ok := errors.AsType[*Error](err); ok {
				assert.Equal(t, 1, failure.Attempts)
				assert.True(t, failure.MaybeApplied)
			}
		})
	}
}

// Of two HTTP/2 connections that end behind a POST neither is replaced.
func TestH2ConnectionEndsBehindPOST(t *testing.T) {
	t.Parallel()
	server := newH2Server(t, func(framer *http2.Framer, stream uint32, n int64) bool {
		if n == 1 {
			h2Reply(framer, stream, "201", "{}")
		}
		return n > 1
	})
	c, limited, attempts := sendingClient(t, server.url, server.transport)
	require.NoError(t, c.SendInvite(t.Context(), "8:joe.4", "hi"))
	for n := int64(2); n <= 3; n++ { // the connection of the first, and a new one
		var failure *Error
		require.ErrorAs(t, c.SendInvite(t.Context(), "8:joe.4", "hi"), &failure)
		assert.True(t, failure.MaybeApplied)
		assert.Equal(t, 1, failure.Attempts)
		assert.Equal(t, n, server.arrived.Load())
		assert.Equal(t, n, limited.Load())
		assert.Len(t, attempts(), int(n))
	}
}

// A transport with a second way to send may have sent by the first, so a request that
// never got a connection by the second is not known to be unsent.
func TestTransportWithFallback(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	refused := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close())
	for method, test := range sendingCalls {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			sent := 0
			c, limited, attempts := sendingClient(t, refused, roundTripper(func(req *http.Request) (*http.Response, error) {
				sent++ // by the first way, where the response is lost
				if req.Body != nil {
					_ = req.Body.Close()
				}
				again := req.Clone(req.Context())
				again.Body = http.NoBody
				return new(http.Transport).RoundTrip(again)
			}))
			var failure *Error
			require.ErrorAs(t, test.call(t.Context(), c), &failure)
			assert.Equal(t, test.most, sent)
			assert.Equal(t, test.most, failure.Attempts)
			assert.EqualValues(t, test.most, limited.Load())
			assert.Len(t, attempts(), test.most)
			assert.Equal(t, test.maybe, failure.MaybeApplied)
		})
	}
}

// connectionTrace cancels an attempt before its request is sent again, and counts what
// was sent all the same.
func TestConnectionTrace(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		events         string // w: waits for a connection, c: obtained one, h: wrote the headers
		canceled       bool
		neverConnected bool
		repeated       int
	}{
		"nothing":                        {"", false, false, 0},
		"waits":                          {"w", false, true, 0},
		"waits twice":                    {"ww", false, true, 0},
		"connects":                       {"wc", false, false, 0},
		"sends":                          {"wch", false, false, 0},
		"connects without waiting":       {"ch", false, false, 0},
		"connects again, nothing sent":   {"wcwcwcwch", false, false, 0},
		"connects too often":             {"wcwcwcwcwc", true, false, 0},
		"connects again behind a send":   {"wchwc", true, false, 0},
		"sends twice":                    {"wchwch", true, false, 1},
		"sends twice on one connection":  {"wchh", false, false, 1},
		"sends three times all the same": {"wchwchwch", true, false, 2},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		trace := connectionTrace{cancel: cancel}
		hooks := httptrace.ContextClientTrace(trace.attach(ctx))
		for _, event := range test.events {
			switch event {
			case 'w':
				hooks.GetConn("contacts.skype.com:443")
			case 'c':
				hooks.GotConn(httptrace.GotConnInfo{})
			case 'h':
				hooks.WroteHeaders()
			}
		}
		var cause error
		if test.canceled {
			cause = errSentAgain
		}
		assert.Equal(t, cause, context.Cause(ctx), name)
		assert.Equal(t, test.neverConnected, trace.neverConnected(), name)
		assert.Equal(t, test.repeated, trace.repeated(), name)
		cancel(nil)
	}
}

// An HTTP/1 connection that net/http obtained to send a request again is closed, since
// the headers may be written although the attempt is canceled.
func TestConnectionToSendAgain(t *testing.T) {
	t.Parallel()
	for events, open := range map[string]bool{"c": true, "cc": true, "cccc": true, "ccccc": false, "chc": false, "chch": false} {
		ctx, cancel := context.WithCancelCause(t.Context())
		trace := connectionTrace{cancel: cancel}
		hooks := httptrace.ContextClientTrace(trace.attach(ctx))
		ours, theirs := net.Pipe()
		for _, event := range events {
			if event == 'c' {
				hooks.GotConn(httptrace.GotConnInfo{Conn: ours})
			} else {
				hooks.WroteHeaders()
			}
		}
		assert.Equal(t, open, ours.SetDeadline(time.Now()) == nil, events)
		assert.Zero(t, trace.repeated(), events)
		_ = ours.Close()
		_ = theirs.Close()
		cancel(nil)
	}
}

// A transport has no means to send a body a second time, also one that has no trace.
func TestBodiesAreSentOnce(t *testing.T) {
	t.Parallel()
	for method, test := range sendingCalls {
		sent := 0
		c, _, _ := sendingClient(t, "https://contacts.example", roundTripper(func(req *http.Request) (*http.Response, error) {
			sent++
			assert.Nil(t, req.GetBody, method)
			return reply(403, "")(req)
		}))
		assert.ErrorIs(t, test.call(t.Context(), c), ErrForbidden, method)
		assert.Equal(t, 1, sent, method)
	}
}
