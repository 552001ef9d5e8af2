package teamsauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// steps calls each of the requests of this package once.
func steps(t *testing.T, srv *skypetest.Server, opts Options) map[string]func() error {
	t.Helper()
	_, refresh := issuedTokens(t, srv)
	store := &memoryStore{token: refresh}
	return map[string]func() error{
		opDeviceCode: func() error {
			return newTestAccount(t, store, opts).SignIn(t.Context(), func(DeviceCode) error { return errors.New("the request succeeded") })
		},
		opAccessToken: func() error { _, err := newTestAccount(t, store, opts).OAuth2().Token(); return err },
		opExchange:    func() error { _, err := newTestAccount(t, store, opts).Token(t.Context()); return err },
	}
}

// No redirect is followed, so that neither tokens nor codes reach another host.
func TestRedirects(t *testing.T) {
	t.Parallel()
	var misdirected atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { misdirected.Add(1) }))
	t.Cleanup(other.Close)
	srv := newTestServer(t)
	calls := steps(t, srv, serverOptions(srv))
	for op, call := range calls {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for _, location := range []string{other.URL, "http://[canary", srv.URL} {
				n := len(srv.Requests())
				srv.Inject(skypetest.Fault{Kind: skypetest.FaultRedirect, Operation: op, Status: status, Location: location})
				err := call()
				requireMeaning(t, err, ErrServiceChanged)
				assert.Equal(t, shown{op, status, "", 0, fmt.Sprintf("teamsauth: %s: %d %s: redirected", op, status, http.StatusText(status))}, showError(t, err))
				got := operations(srv, n)
				assert.Equal(t, op, got[len(got)-1])
				assert.LessOrEqual(t, len(got), 2)
			}
		}
	}
	assert.Zero(t, misdirected.Load())
}

// Every fault of the fake service, but for those that TestRequestTime is about, ends in one error that has nothing of the response, and
// no request is sent again.
func TestFaults(t *testing.T) {
	t.Parallel()
	const secret = "canary-body"
	unavailable, decode := []error{skypecontacts.ErrUnavailable}, []error{ErrServiceChanged}
	for _, test := range []struct {
		fault skypetest.Fault
		want  []error
	}{
		{skypetest.Fault{Kind: skypetest.FaultStatus, Body: secret}, unavailable},
		{skypetest.Fault{Kind: skypetest.FaultStatus, Status: 500, Body: `{"error":"` + secret + `","error_description":"` + secret + `"}`}, unavailable},
		{skypetest.Fault{Kind: skypetest.FaultStatus, Status: 200, Body: `{"error":"` + secret + `"}`}, decode},
		{skypetest.Fault{Kind: skypetest.FaultStatus, Status: 200, Body: `{"errorCode":"` + secret + `"}`}, decode},
		{skypetest.Fault{Kind: skypetest.FaultStatus, Status: 200, Body: ``}, decode},
		{skypetest.Fault{Kind: skypetest.FaultStatus, Status: 200, Body: `{}`}, decode},
		{skypetest.Fault{Kind: skypetest.FaultStatus, Status: 200, Body: `null`}, decode},
		{skypetest.Fault{Kind: skypetest.FaultReset}, unavailable},
		{skypetest.Fault{Kind: skypetest.FaultTruncate, Bytes: 20}, unavailable},
		{skypetest.Fault{Kind: skypetest.FaultTruncatePage, Bytes: 20}, unavailable},
		{skypetest.Fault{Kind: skypetest.FaultGarbage}, decode},
		{skypetest.Fault{Kind: skypetest.FaultHTML}, decode},
		{skypetest.Fault{Kind: skypetest.FaultNoHandler}, []error{ErrServiceChanged}},
		{skypetest.Fault{Kind: skypetest.FaultGzipBomb, Bytes: 64 << 20}, []error{ErrServiceChanged}},
		{skypetest.Fault{Kind: skypetest.FaultRateLimit}, []error{skypecontacts.ErrRateLimited}},
	} {
		t.Run(string(test.fault.Kind)+" "+test.fault.Body, func(t *testing.T) {
			t.Parallel()
			srv := newTestServer(t)
			for op, call := range steps(t, srv, serverOptions(srv)) {
				fault := test.fault
				fault.Operation = op
				n := len(srv.Requests())
				srv.Inject(fault)
				err := call()
				requireMeaning(t, err, test.want...)
				assert.Equal(t, op, showError(t, err).op)
				assert.NotContains(t, fmt.Sprintf("%+v %#v", err, err), secret)
				got := operations(srv, n)
				assert.Equal(t, op, got[len(got)-1])
				assert.Equal(t, len(got), map[string]int{opDeviceCode: 1, opAccessToken: 1, opExchange: 2}[op])
			}
		})
	}
}

// Headers and the limit of a response.
func TestRequests(t *testing.T) {
	t.Parallel()
	srv := newTestServer(t)
	before := len(srv.Requests())
	for _, call := range steps(t, srv, serverOptions(srv)) {
		_ = call()
	}
	for _, r := range srv.Requests()[before+2:] {
		assert.Equal(t, userAgent, r.Header.Get("User-Agent"), r.Operation)
		assert.Empty(t, r.Query, r.Operation)
		assert.Empty(t, r.Header.Get("Cookie"), r.Operation)
	}
	for size, want := range map[int]error{maxResponse: nil, maxResponse + 1: ErrServiceChanged} {
		body := goodExchange + strings.Repeat(" ", size-len(goodExchange))
		a := newTestAccount(t, &memoryStore{token: "t"}, newScripted(opExchange, reply{status: 200, body: body}).options())
		_, err := a.Token(t.Context())
		assert.ErrorIs(t, err, want)
	}
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// endlessBody is a body that ends with the context of its request.
type endlessBody struct{ ctx context.Context }

func (b endlessBody) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func (endlessBody) Close() error { return nil }

// A request ends after ten seconds, or with the context of its call or its own, before the
// response and in it.
func TestRequestTime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name          string
		inside        bool          // the response begins
		call, request time.Duration // time-outs, 0 for none
		want          time.Duration
	}{
		{"own limit", false, 0, 0, requestTimeout},
		{"own limit in a response", true, 0, 0, requestTimeout},
		{"call", false, 2 * time.Second, 0, 2 * time.Second},
		{"call in a response", true, 2 * time.Second, 0, 2 * time.Second},
		{"request", false, 0, 3 * time.Second, 3 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				limit := func(d time.Duration) (context.Context, context.CancelFunc) {
					if d == 0 {
						return context.WithCancel(t.Context())
					}
					return context.WithTimeout(t.Context(), d)
				}
				call, cancelCall := limit(test.call)
				defer cancelCall()
				request, cancelRequest := limit(test.request)
				defer cancelRequest()
				began := time.Now()
				tr := transport{ctx: call, next: roundTripFunc(func(req *http.Request) (*http.Response, error) {
					if test.inside {
						return &http.Response{StatusCode: 200, Header: http.Header{}, Body: endlessBody{req.Context()}}, nil
					}
					<-req.Context().Done()
					return nil, req.Context().Err()
				})}
				req, err := http.NewRequestWithContext(request, http.MethodPost, "https://sign.example", http.NoBody)
				require.NoError(t, err)
				_, err = tr.RoundTrip(req)
				assert.Error(t, err)
				assert.Equal(t, test.want, time.Since(began))
			})
		})
	}
}

// The form of a refresh gets its scope, and the request of the caller stays as it is.
func TestAddToForm(t *testing.T) {
	t.Parallel()
	var sent string
	tr := transport{ctx: t.Context(), form: map[string][]string{"scope": {"a b"}}, next: roundTripFunc(func(req *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(req.Body)
		sent = string(body)
		assert.Equal(t, int64(len(body)), req.ContentLength)
		assert.Nil(t, req.GetBody)
		return &http.Response{StatusCode: 204, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, err
	})}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://sign.example", strings.NewReader("x=1"))
	require.NoError(t, err)
	_, err = tr.RoundTrip(req)
	require.NoError(t, err)
	assert.Equal(t, "x=1&scope=a+b", sent)
	assert.NotNil(t, req.GetBody)
	assert.Empty(t, req.Header)
}

// The transport of this package uses the proxy of the environment and limits headers, too.
func TestNewTransport(t *testing.T) {
	t.Parallel()
	headers := strings.Repeat("x", maxResponse)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", headers)
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(srv.Close)
	sent := transport{ctx: t.Context(), next: newTransport()}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody)
	require.NoError(t, err)
	_, err = sent.RoundTrip(req)
	require.ErrorContains(t, err, "server response headers exceeded")
	own, ok := newTransport().(*http.Transport)
	require.True(t, ok)
	assert.Equal(t, reflect.ValueOf(http.ProxyFromEnvironment).Pointer(), reflect.ValueOf(own.Proxy).Pointer())
}
