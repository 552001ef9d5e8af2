package skypetest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math"
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

// outcome is what a client without the SDK sees of a request.
type outcome struct {
	status    int
	body      string
	retry     string
	location  string
	encoding  string
	broken    bool // no complete answer, because the connection ended
	gaveUp    bool // no complete answer, because the client lost its patience
	effective bool // the request took effect all the same
}

// block is a write, tried once. If no answer is wanted the client gives up soon
// after the server has done what it is going to do.
func block(t *testing.T, srv *skypetest.Server, want outcome) (o outcome) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if want.gaveUp {
		go func() {
			for len(srv.Requests()) == 0 || want.effective && len(srv.Effects()) == 0 {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(100 * time.Millisecond) // for an answer that must not come
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
		o.status, o.retry, o.location = resp.StatusCode, resp.Header.Get("Retry-After"), resp.Header.Get("Location")
		o.encoding = resp.Header.Get("Content-Encoding")
		body, err = io.ReadAll(resp.Body)
		require.NoError(t, resp.Body.Close())
		o.body = string(body)
	}
	o.gaveUp = errors.Is(err, context.Canceled)
	o.broken = err != nil && !o.gaveUp
	srv.Close() // after which nothing more can take effect
	o.effective = len(srv.Effects()) > 0
	return o
}

// Every kind of fault, before and after the effect.
func TestFaults(t *testing.T) {
	t.Parallel()
	const refused = `{"message":"Skype token validation failed!","stackTrace":null}`
	const limited = `{"message":"API calls quota exceeded!","stackTrace":null}`
	tests := []struct {
		name  string
		fault skypetest.Fault
		want  outcome
	}{
		{"status", skypetest.Fault{Kind: skypetest.FaultStatus}, outcome{status: 503}},
		{"status with all", skypetest.Fault{
			Kind: skypetest.FaultStatus, Status: 429, Body: "{}", Header: http.Header{"retry-after": {"7"}}, AfterEffect: true,
		}, outcome{status: 429, body: "{}", retry: "7", effective: true}},
		{"delay", skypetest.Fault{Kind: skypetest.FaultDelay, Delay: time.Millisecond}, outcome{status: 200, effective: true}},
		{"long delay", skypetest.Fault{Kind: skypetest.FaultDelay, Delay: time.Hour}, outcome{gaveUp: true}},
		{"long delay after", skypetest.Fault{Kind: skypetest.FaultDelay, Delay: time.Hour, AfterEffect: true}, outcome{gaveUp: true, effective: true}},
		{"stall", skypetest.Fault{Kind: skypetest.FaultStall}, outcome{gaveUp: true}},
		{"stall after", skypetest.Fault{Kind: skypetest.FaultStall, AfterEffect: true}, outcome{gaveUp: true, effective: true}},
		{"stall inside", skypetest.Fault{Kind: skypetest.FaultStallInside}, outcome{gaveUp: true, effective: true}},
		{"reset", skypetest.Fault{Kind: skypetest.FaultReset}, outcome{broken: true}},
		{"reset after", skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: true}, outcome{broken: true, effective: true}},
		{"truncate", skypetest.Fault{Kind: skypetest.FaultTruncate}, outcome{broken: true, effective: true}},
		{"garbage", skypetest.Fault{Kind: skypetest.FaultGarbage}, outcome{status: 200, body: "{\"contacts\": \x00\xff][,"}},
		{"web page", skypetest.Fault{Kind: skypetest.FaultHTML, Status: 502, AfterEffect: true}, outcome{
			status: 502, effective: true,
			body: "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Please sign in to use this network.</p></body></html>\n",
		}},
		{"redirect", skypetest.Fault{Kind: skypetest.FaultRedirect, Location: "https://elsewhere.example/"}, outcome{status: 302, location: "https://elsewhere.example/"}},
		{"bomb", skypetest.Fault{Kind: skypetest.FaultGzipBomb, Bytes: 1}, outcome{status: 200, encoding: "gzip", body: "a mebibyte of spaces"}},
		{"rate limit", skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: 1500 * time.Millisecond}, outcome{status: 429, body: limited, retry: "2"}},
		{"endless rate limit", skypetest.Fault{Kind: skypetest.FaultRateLimit}, outcome{status: 429, body: limited}},
		{"expired token", skypetest.Fault{Kind: skypetest.FaultExpireToken}, outcome{status: 401, body: refused}},
		{"token that expires next", skypetest.Fault{Kind: skypetest.FaultExpireToken, AfterEffect: true}, outcome{status: 200, effective: true}},
	}
	covered := make(map[skypetest.FaultKind]bool)
	for _, test := range tests {
		covered[test.fault.Kind] = true
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer()
			srv.Inject(test.fault)
			require.Equal(t, 1, srv.FaultsPending())
			got := block(t, srv, test.want)
			if got.encoding == "gzip" {
				got.body = unpack(t, got.body)
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

func unpack(t *testing.T, packed string) string {
	z, err := gzip.NewReader(strings.NewReader(packed))
	require.NoError(t, err)
	spaces, err := io.ReadAll(z)
	require.NoError(t, err)
	assert.Less(t, len(packed), len(spaces)/100) // how small exactly depends on the version of Go
	if bytes.Equal(spaces, bytes.Repeat([]byte(" "), 1<<20)) {
		return "a mebibyte of spaces"
	}
	return "something else"
}

// A list is cut at the byte that was asked for.
func TestTruncateAt(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	header := map[string]string{"X-Skypetoken": "sample-skype-token-1"}
	whole := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", "", header).body
	for _, at := range []int{0, 1, 40, len(whole) - 1, len(whole), 1 << 30} {
		srv.Inject(skypetest.Fault{Kind: skypetest.FaultTruncate, Operation: "ListGroups", Bytes: at})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("X-Skypetoken", "sample-skype-token-1")
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, resp.Body.Close())
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, whole[:min(at, len(whole)-1)], string(body))
	}
}

// A fault strikes what it says, as often as it says, and the first planned first.
func TestFaultSelection(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	once := skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1})
	fred, joe := srv.Client(once), srv.ClientFor("8:JOE.4", once)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: 500, Operation: "ListBots", Account: "joe.4", Count: 2})
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: 502, Operation: "ListBots"})
	assert.Equal(t, 3, srv.FaultsPending())

	status := func(c *skypecontacts.Client) int {
		_, err := c.ListBots(t.Context())
		var failure *skypecontacts.Error
		if !errors.As(err, &failure) {
			return http.StatusOK
		}
		return failure.Status
	}
	_, err := joe.ListGroups(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{500, 502, 500, 200, 200}, []int{status(joe), status(fred), status(joe), status(joe), status(fred)})
	assert.Equal(t, 0, srv.FaultsPending())
}

func TestFaultProbability(t *testing.T) {
	t.Parallel()
	strikes := func(f skypetest.Fault) (struck []int) {
		srv := skypetest.NewServer()
		defer srv.Close()
		srv.Inject(f)
		assert.Equal(t, f.Count, srv.FaultsPending())
		for i := range 200 {
			resp := send(t, http.MethodGet, srv.URL+"/bots/v1/agents", "", map[string]string{"X-Skypetoken": "sample-skype-token-1"})
			if resp.status != http.StatusOK {
				struck = append(struck, i)
			}
		}
		return struck
	}
	fault := skypetest.Fault{Kind: skypetest.FaultStatus, Probability: 0.3, Seed: 5}
	first := strikes(fault)
	assert.InDelta(t, 60, len(first), 25)
	assert.Equal(t, first, strikes(fault))
	fault.Seed = 6
	assert.NotEqual(t, first, strikes(fault))
	fault.Count = 3
	assert.Len(t, strikes(fault), 3)
}

func TestInjectRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	for _, f := range []skypetest.Fault{
		{},
		{Kind: "hiccup"},
		{Kind: skypetest.FaultStatus, Operation: "ListContact"},
		{Kind: skypetest.FaultStatus, Status: 42},
		{Kind: skypetest.FaultRedirect},
		{Kind: skypetest.FaultTruncate, Bytes: -1},
		{Kind: skypetest.FaultStatus, Count: -1},
		{Kind: skypetest.FaultStatus, Probability: math.NaN()},
	} {
		assert.Panics(t, func() { srv.Inject(f) }, f)
	}
	assert.Equal(t, 0, srv.FaultsPending())
}

// The SDK's client gets itself another token when one expires, on every host.
func TestExpiredTokenIsReplaced(t *testing.T) {
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

// A token ends once, however many requests carry it.
func TestExpiredTokenIsReplacedOnceForAll(t *testing.T) {
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

// Close ends the requests that a fault keeps waiting.
func TestCloseEndsStalls(t *testing.T) {
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

// A redirect's target must be another server for a test to see who goes there.
func TestRedirectTarget(t *testing.T) {
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

// A bomb is small on its way and large when it has arrived.
func TestGzipBomb(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultGzipBomb})
	_, err := srv.Client().ListContacts(t.Context())
	require.ErrorIs(t, err, skypecontacts.ErrTooLarge)
}
