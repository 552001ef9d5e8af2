package skypetest_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
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

// The bodies of some responses.
const (
	refusedBody   = `{"message":"Skype token validation failed!","stackTrace":null}`
	limitedBody   = `{"message":"API calls quota exceeded!","stackTrace":null}`
	failedBody    = `{"message":"The request failed","stackTrace":null}`
	noHandlerBody = `{"status":{"code":40499,"text":"No handler found for resource"}}`
	problemBody   = `{"type":"about:blank","title":"Forbidden","status":403,"detail":"The request was refused"}`
)

type faultResponseTest struct {
	name  string
	fault skypetest.Fault
	want  faultOutcome
}

var faultResponseTests = []faultResponseTest{
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
	{"rate limit", skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: 1500 * time.Millisecond}, faultOutcome{status: 429, body: limitedBody, retryAfter: "2"}},
	{"rate limit without Retry-After", skypetest.Fault{Kind: skypetest.FaultRateLimit}, faultOutcome{status: 429, body: limitedBody}},
	{"expired token", skypetest.Fault{Kind: skypetest.FaultExpireToken}, faultOutcome{status: 401, body: refusedBody}},
	{"expired token after effect", skypetest.Fault{Kind: skypetest.FaultExpireToken, AfterEffect: true}, faultOutcome{status: 200, effective: true}},
}

// What else may come in place of a response.
var foreignResponseTests = []faultResponseTest{
	{"cut web page", skypetest.Fault{Kind: skypetest.FaultTruncatePage, Bytes: 30}, faultOutcome{status: 502, body: "<!DOCTYPE html>\n<html><head><t", broken: true}},
	{"cut web page after effect", skypetest.Fault{Kind: skypetest.FaultTruncatePage, Status: 404, AfterEffect: true}, faultOutcome{status: 404, broken: true, effective: true}},
	{"no handler", skypetest.Fault{Kind: skypetest.FaultNoHandler}, faultOutcome{status: 404, body: noHandlerBody}},
	{"no handler after effect", skypetest.Fault{Kind: skypetest.FaultNoHandler, AfterEffect: true}, faultOutcome{status: 404, body: noHandlerBody, effective: true}},
	{"problem", skypetest.Fault{Kind: skypetest.FaultProblem}, faultOutcome{status: 403, body: problemBody}},
	{"problem under 200", skypetest.Fault{Kind: skypetest.FaultProblem, Status: 200, AfterEffect: true}, faultOutcome{status: 200, body: problemBody, effective: true}},
	{"failure under 200", skypetest.Fault{Kind: skypetest.FaultStatus, Status: 200, Body: `{"error":{}}`}, faultOutcome{status: 200, body: `{"error":{}}`}},
	{"omit nothing", skypetest.Fault{Kind: skypetest.FaultOmit, Member: "contacts"}, faultOutcome{status: 200, effective: true}},
	{"drip", skypetest.Fault{Kind: skypetest.FaultDrip, Delay: time.Millisecond}, faultOutcome{status: 200, body: " ", canceled: true}},
	{"drip under 500 after effect", skypetest.Fault{Kind: skypetest.FaultDrip, Status: 500, AfterEffect: true}, faultOutcome{status: 500, body: " ", canceled: true, effective: true}},
	{"drip, then the response", skypetest.Fault{Kind: skypetest.FaultDrip, Delay: time.Millisecond, Bytes: 3}, faultOutcome{status: 200, body: "   ", effective: true}},
	{"drip, then a failure", skypetest.Fault{Kind: skypetest.FaultDrip, Status: 500, Delay: time.Millisecond, Bytes: 3}, faultOutcome{status: 500, body: "   " + failedBody}},
	{"response, then drip", skypetest.Fault{Kind: skypetest.FaultDripAfter}, faultOutcome{status: 200, body: " ", canceled: true, effective: true}},
	{"failure, then drip", skypetest.Fault{Kind: skypetest.FaultDripAfter, Status: 500}, faultOutcome{status: 500, body: failedBody + " ", canceled: true}},
	{"failure, then a short drip", skypetest.Fault{Kind: skypetest.FaultDripAfter, Status: 403, Bytes: 2}, faultOutcome{status: 403, body: failedBody + "  "}},
	{"extra response", skypetest.Fault{Kind: skypetest.FaultExtraResponse}, faultOutcome{status: 200, effective: true}},
	{"refused stream", skypetest.Fault{Kind: skypetest.FaultRefusedStream}, faultOutcome{broken: true}},
	{"GOAWAY after effect", skypetest.Fault{Kind: skypetest.FaultGoAway, AfterEffect: true}, faultOutcome{broken: true, effective: true}},
	{"expired token with 403", skypetest.Fault{Kind: skypetest.FaultExpireToken, Status: 403}, faultOutcome{status: 403, body: `{"message":"Skypetoken has expired","stackTrace":null}`}},
}

// Every kind of fault, before and after the effect.
func TestFaultResponses(t *testing.T) {
	t.Parallel()
	covered := make(map[skypetest.FaultKind]bool)
	for _, test := range slices.Concat(faultResponseTests, foreignResponseTests) {
		covered[test.fault.Kind] = true
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			srv.Inject(test.fault)
			require.Equal(t, 1, srv.FaultsPending())
			got := blockOnce(t, srv, test.want)
			if got.canceled { // any number of spaces
				text := strings.TrimRight(got.body, " ")
				got.body = got.body[:min(len(text)+1, len(got.body))]
			}
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

// The gateway says 403 without a body to a registration token that has expired,
// whoever sends it; a token that is unknown stays 401.
func TestFaultExpireTokenStatus(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken, Status: http.StatusForbidden})
	put := func(token string) rawResponse {
		return send(t, http.MethodPut, srv.URL+"/messenger/v1/users/ME/contacts/8:anna.7", "", map[string]string{"RegistrationToken": "registrationToken=" + token})
	}
	for range 2 {
		resp := put("sample-registration-token-1==")
		assert.Equal(t, http.StatusForbidden, resp.status)
		assert.Empty(t, resp.body)
	}
	assert.Equal(t, http.StatusUnauthorized, put("unknown").status)
	assert.Equal(t, http.StatusOK, put("sample-registration-token-1==+").status)
	require.Len(t, srv.Effects(), 1)
}

// A list that is left out leaves the other members as they are.
func TestFaultOmit(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	for path, want := range map[string][]string{
		"/contacts/v2/users/self":           {"blocklist", "groups", "scope"},
		"/contacts/v2/users/self/contacts":  {"count", "scope"},
		"/contacts/v2/users/self/blocklist": {"blocklist", "count", "scope"},
	} {
		srv.Inject(skypetest.Fault{Kind: skypetest.FaultOmit, Member: "contacts"})
		var body map[string]any
		require.NoError(t, json.Unmarshal([]byte(get(t, srv, path).body), &body))
		assert.Equal(t, want, sortedKeys(body), path)
	}
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultOmit, Member: "username"})
	resp := send(t, http.MethodPost, srv.URL+"/profile/v1/batch/profiles", `{"usernames":["joe.4"]}`, map[string]string{"X-Skypetoken": "sample-skype-token-1"})
	assert.Contains(t, resp.body, `"username":"joe.4"`, "not an object")
}

// The second response is on the same connection behind the first.
func TestFaultExtraResponse(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExtraResponse})
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(srv.URL, "http://"))
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	_, err = io.WriteString(conn, "GET /contacts/v2/users/self/groups HTTP/1.1\r\nHost: localhost\r\nX-Skypetoken: sample-skype-token-1\r\n\r\n")
	require.NoError(t, err)
	in := bufio.NewReader(conn)
	var bodies [2]string
	for i := range bodies {
		resp, err := http.ReadResponse(in, nil)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		bodies[i] = string(body)
	}
	assert.Contains(t, bodies[0], `"groups"`)
	assert.Equal(t, bodies[0], bodies[1])
}

// A picture arrives slowly, but as it is.
func TestFaultDripOfPicture(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	const path = "/avatar/v1/avatars/joe.4/public"
	picture := get(t, srv, path).body
	for _, kind := range []skypetest.FaultKind{skypetest.FaultDrip, skypetest.FaultDripAfter} {
		srv.Inject(skypetest.Fault{Kind: kind, Bytes: 2, Delay: time.Millisecond, Count: 1})
		resp := get(t, srv, path)
		assert.Equal(t, picture, resp.body)
		assert.Empty(t, resp.header.Get("Content-Length"))
	}
	assert.Zero(t, srv.FaultsPending())
}

// A drip over HTTP/2 is the same, and its response has the headers of the usual one.
func TestFaultDripOverHTTP2(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	want := get(t, srv, "/contacts/v2/users/self")
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultDrip, Bytes: 2, Delay: time.Millisecond})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/contacts/v2/users/self", http.NoBody)
	require.NoError(t, err)
	req.Header.Set("X-Skypetoken", "sample-skype-token-1")
	resp, err := newHTTP2Client(t).Do(req)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, "  "+want.body, string(body))
	assert.Equal(t, want.header.Get("ETag"), resp.Header.Get("ETag"))
	assert.Equal(t, int64(-1), resp.ContentLength)
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
	// The token that replaced it is valid for those who have it by now.
	header["X-Skypetoken"] += "+"
	assert.Equal(t, http.StatusOK, send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", "", header).status)
}

// Close ends the requests that a fault delays.
func TestCloseEndsFaultyRequests(t *testing.T) {
	t.Parallel()
	for _, kind := range []skypetest.FaultKind{
		skypetest.FaultStall, skypetest.FaultStallInside, skypetest.FaultDelay, skypetest.FaultDrip, skypetest.FaultDripAfter,
	} {
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
