package skypetest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// faultOutcome is what a client without the SDK receives, and what the server did.
type faultOutcome struct {
	status     int
	body       string
	retryAfter string
	location   string
	encoding   string
	broken     bool // the connection broke before the response was complete
	canceled   bool // the client canceled before the response was complete
	effective  bool // the request took effect
}

// blockOnce sends a write without retry. If no response is wanted it cancels the
// request soon after the server has received it and made its effect.
func blockOnce(t *testing.T, srv *skypetest.Server, want faultOutcome) (o faultOutcome) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if want.canceled {
		go func() {
			for len(srv.Requests()) == 0 || want.effective && len(srv.Effects()) == 0 {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(100 * time.Millisecond) // a response in this time is a failure
			cancel()
		}()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, srv.URL+"/contacts/v2/users/self/contacts/blocklist/8:joe.4", http.NoBody)
	require.NoError(t, err)
	req.Header.Set("X-Skypetoken", "sample-skype-token-1")
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	resp, err := transport.RoundTrip(req)
	var body []byte
	if err == nil {
		o.status, o.retryAfter, o.location = resp.StatusCode, resp.Header.Get("Retry-After"), resp.Header.Get("Location")
		o.encoding = resp.Header.Get("Content-Encoding")
		body, err = io.ReadAll(resp.Body)
		require.NoError(t, resp.Body.Close())
		o.body = string(body)
	}
	o.canceled = errors.Is(err, context.Canceled)
	o.broken = err != nil && !o.canceled
	srv.Close() // no request can take effect after this
	o.effective = len(srv.Effects()) > 0
	return o
}

// Every kind of fault, before and after the effect.
func TestFaultResponses(t *testing.T) {
	t.Parallel()
	const refused = `{"message":"Skype token validation failed!","stackTrace":null}`
	const limited = `{"message":"API calls quota exceeded!","stackTrace":null}`
	tests := []struct {
		name  string
		fault skypetest.Fault
		want  faultOutcome
	}{
		{"status", skypetest.Fault{Kind: skypetest.FaultStatus}, faultOutcome{status: 503}},
		{"status with body and header", skypetest.Fault{
			Kind: skypetest.FaultStatus, Status: 429, Body: "{}", Header: http.Header{"retry-after": {"7"}}, AfterEffect: true,
		}, faultOutcome{status: 429, body: "{}", retryAfter: "7", effective: true}},
		{"delay", skypetest.Fault{Kind: skypetest.FaultDelay, Delay: time.Millisecond}, faultOutcome{status: 200, effective: true}},
		{"long delay", skypetest.Fault{Kind: skypetest.FaultDelay, Delay: time.Hour}, faultOutcome{canceled: true}},
		{"long delay after effect", skypetest.Fault{Kind: skypetest.FaultDelay, Delay: time.Hour, AfterEffect: true}, faultOutcome{canceled: true, effective: true}},
		{"stall", skypetest.Fault{Kind: skypetest.FaultStall}, faultOutcome{canceled: true}},
		{"stall after effect", skypetest.Fault{Kind: skypetest.FaultStall, AfterEffect: true}, faultOutcome{canceled: true, effective: true}},
		{"stall inside", skypetest.Fault{Kind: skypetest.FaultStallInside}, faultOutcome{canceled: true, effective: true}},
		{"reset", skypetest.Fault{Kind: skypetest.FaultReset}, faultOutcome{broken: true}},
		{"reset after effect", skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: true}, faultOutcome{broken: true, effective: true}},
		{"truncate", skypetest.Fault{Kind: skypetest.FaultTruncate}, faultOutcome{broken: true, effective: true}},
		{"garbage", skypetest.Fault{Kind: skypetest.FaultGarbage}, faultOutcome{status: 200, body: "{\"contacts\": \x00\xff][,"}},
		{"web page", skypetest.Fault{Kind: skypetest.FaultHTML, Status: 502, AfterEffect: true}, faultOutcome{
			status: 502, effective: true,
			body: "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Please sign in to use this network.</p></body></html>\n",
		}},
		{"redirect", skypetest.Fault{Kind: skypetest.FaultRedirect, Location: "https://elsewhere.example/"}, faultOutcome{status: 302, location: "https://elsewhere.example/"}},
		{"gzip bomb", skypetest.Fault{Kind: skypetest.FaultGzipBomb, Bytes: 1}, faultOutcome{status: 200, encoding: "gzip", body: "a mebibyte of spaces"}},
		{"rate limit", skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: 1500 * time.Millisecond}, faultOutcome{status: 429, body: limited, retryAfter: "2"}},
		{"rate limit without Retry-After", skypetest.Fault{Kind: skypetest.FaultRateLimit}, faultOutcome{status: 429, body: limited}},
		{"expired token", skypetest.Fault{Kind: skypetest.FaultExpireToken}, faultOutcome{status: 401, body: refused}},
		{"expired token after effect", skypetest.Fault{Kind: skypetest.FaultExpireToken, AfterEffect: true}, faultOutcome{status: 200, effective: true}},
	}
	covered := make(map[skypetest.FaultKind]bool)
	for _, test := range tests {
		covered[test.fault.Kind] = true
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			srv.Inject(test.fault)
			require.Equal(t, 1, srv.FaultsPending())
			got := blockOnce(t, srv, test.want)
			if got.encoding == "gzip" {
				got.body = describeGzip(t, got.body)
			}
			assert.Equal(t, test.want, got)
			assert.Equal(t, 0, srv.FaultsPending())
			requests := srv.Requests()
			require.Len(t, requests, 1)
			assert.Equal(t, test.want.effective, requests[0].Reached && len(srv.Effects()) == 1)
		})
	}
	for _, kind := range skypetest.FaultKinds() {
		assert.True(t, covered[kind], kind)
	}
}

// describeGzip keeps a mebibyte out of the test's output.
func describeGzip(t *testing.T, compressed string) string {
	t.Helper()
	assert.Less(t, len(compressed), 1<<20/100)
	z, err := gzip.NewReader(strings.NewReader(compressed))
	require.NoError(t, err)
	spaces, err := io.ReadAll(z)
	require.NoError(t, err)
	if bytes.Equal(spaces, bytes.Repeat([]byte(" "), 1<<20)) {
		return "a mebibyte of spaces"
	}
	return "other data"
}

func TestFaultTruncateAtByte(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	header := map[string]string{"X-Skypetoken": "sample-skype-token-1"}
	complete := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", "", header).body
	for _, at := range []int{0, 1, 40, len(complete) - 1, len(complete), 1 << 30} {
		srv.Inject(skypetest.Fault{Kind: skypetest.FaultTruncate, Operation: "ListGroups", Bytes: at})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("X-Skypetoken", "sample-skype-token-1")
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, resp.Body.Close())
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, complete[:min(at, len(complete)-1)], string(body))
	}
}

// The SDK's client gets another token from its source, on every host.
func TestFaultExpireToken(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"ListContacts", "LegacyListContacts", "GetOwnProfile", "SearchDirectory", "ListBots", "AddContact"} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			defer srv.Close()
			srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken, Operation: operation})
			c, ctx := srv.Client(), t.Context()
			calls := map[string]func() error{
				"ListContacts":       func() error { _, err := c.ListContacts(ctx); return err },
				"LegacyListContacts": func() error { _, err := c.LegacyListContacts(ctx); return err },
				"GetOwnProfile":      func() error { _, err := c.GetOwnProfile(ctx); return err },
				"SearchDirectory":    func() error { _, err := c.SearchDirectory(ctx, "joe"); return err },
				"ListBots":           func() error { _, err := c.ListBots(ctx); return err },
				"AddContact":         func() error { return c.AddContact(ctx, "anna.7") },
			}
			require.NoError(t, calls[operation]())
			var reached []bool
			for _, r := range srv.Requests() {
				reached = append(reached, r.Reached)
			}
			assert.Equal(t, []bool{false, true}, reached)
		})
	}
}

// A token expires once, however many requests have it.
func TestFaultExpireTokenOfSeveralRequests(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken, Count: 20})
	header := map[string]string{"X-Skypetoken": "sample-skype-token-1"}
	for range 20 {
		resp := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", "", header)
		assert.Equal(t, http.StatusUnauthorized, resp.status)
	}
	_, err := srv.Client().ListGroups(t.Context())
	assert.NoError(t, err)
}

// Close ends the requests that a fault delays.
func TestCloseEndsFaultyRequests(t *testing.T) {
	t.Parallel()
	for _, kind := range []skypetest.FaultKind{skypetest.FaultStall, skypetest.FaultStallInside, skypetest.FaultDelay} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			srv.Inject(skypetest.Fault{Kind: kind, Delay: time.Hour * time.Duration(len(kind)%2), Count: 2})
			ended := make(chan error, 2)
			c := srv.Client(skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1}))
			for range 2 {
				go func() {
					_, err := c.ListContacts(context.Background())
					ended <- err
				}()
			}
			require.Eventually(t, func() bool { return len(srv.Requests()) == 2 }, time.Minute, time.Millisecond)
			srv.Close()
			for range 2 {
				assert.ErrorIs(t, <-ended, skypecontacts.ErrUnavailable)
			}
		})
	}
}

// The SDK does not follow a redirect to another server.
func TestFaultRedirect(t *testing.T) {
	t.Parallel()
	visited := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer elsewhere.Close()
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultRedirect, Status: http.StatusTemporaryRedirect, Location: elsewhere.URL})
	_, err := srv.Client().ListContacts(t.Context())
	require.ErrorIs(t, err, skypecontacts.ErrRedirect)
	assert.False(t, visited)
}

// The default size is over the limit of the SDK.
func TestFaultGzipBomb(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultGzipBomb})
	_, err := srv.Client().ListContacts(t.Context())
	require.ErrorIs(t, err, skypecontacts.ErrTooLarge)
}
