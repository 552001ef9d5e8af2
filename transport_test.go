package skypecontacts

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	good := permit{scheme: "https", host: "contacts.skype.com", authorize: func(h http.Header) { h.Set("X-Skypetoken", testToken) }}
	loopback := permit{scheme: "http", host: "127.0.0.1:80", authorize: good.authorize}
	tests := []struct {
		name string
		p    any
		url  string
		host string
		ok   bool
	}{
		{"permitted", good, "https://contacts.skype.com/x", "", true},
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
