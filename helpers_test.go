package skypecontacts

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Nothing that holds one of these may appear in a log, an error or a printed value.
const (
	testToken             = "canary-skype-token"
	testRegistrationToken = "canary-registration-token=="
)

// wire is a fake transport that records every request.
type wire struct {
	*httpmock.MockTransport

	mu   sync.Mutex
	sent []string
}

// newWire returns the next of the replies for each request; the last is repeated.
func newWire(replies ...httpmock.Responder) *wire {
	w := &wire{MockTransport: httpmock.NewMockTransport()}
	w.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		w.mu.Lock()
		w.sent = append(w.sent, dump(req))
		reply := replies[min(len(w.sent), len(replies))-1]
		w.mu.Unlock()
		return reply(req)
	})
	return w
}

func (w *wire) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

// dump is all of a request that reaches the server, in a readable form.
func dump(req *http.Request) string {
	var text strings.Builder
	text.WriteString(req.Method + " " + req.URL.String() + "\n")
	for _, name := range slices.Sorted(maps.Keys(req.Header)) {
		text.WriteString(name + ": " + strings.Join(req.Header[name], ", ") + "\n")
	}
	text.WriteString("\n")
	if req.Body != nil {
		body, _ := io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(body)) // the reply may depend on it
		text.Write(body)
	}
	return text.String()
}

// reply returns a JSON response with a status, a body and headers in pairs.
func reply(status int, body string, headers ...string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		resp := httpmock.NewStringResponse(status, body)
		resp.Request = req
		resp.ContentLength = int64(len(body))
		resp.Header.Set("Content-Type", "application/json; ver=1.0; charset=utf-8")
		for i := 0; i < len(headers); i += 2 {
			resp.Header.Set(headers[i], headers[i+1])
		}
		return resp, nil
	}
}

func page(status int) httpmock.Responder {
	return reply(status, "<html><body>Please sign in</body></html>", "Content-Type", "text/html; charset=utf-8")
}

func fails(err error) httpmock.Responder {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// newTestClient has both tokens and pauses for no longer than it must.
func newTestClient(t testing.TB, transport http.RoundTripper, opts ...Option) *Client {
	t.Helper()
	c, err := New(StaticToken(testToken), append([]Option{
		WithHTTPClient(&http.Client{Transport: transport}),
		WithRegistrationToken(StaticToken(testRegistrationToken)),
		WithRetry(Retry{BaseDelay: time.Nanosecond, Burst: 1 << 20}),
	}, opts...)...)
	require.NoError(t, err)
	return c
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(bytes.TrimSpace(body))
}

func date(y int, m time.Month, d, h, min, s, ns int) time.Time {
	return time.Date(y, m, d, h, min, s, ns, time.UTC)
}

// timed runs f with virtual time and returns how much of it passed.
func timed(t *testing.T, f func(t *testing.T)) (took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		f(t)
		took = time.Since(started)
	})
	return took
}

// assertCost asserts that f takes less than factor times as long as ordinary, and 50 ms.
// Both are run in turn until the fastest of each meet that, since other load of the machine
// makes single runs slow. What takes less than 50 ms is not compared.
func assertCost(t *testing.T, factor time.Duration, ordinary, f func(), name ...any) {
	t.Helper()
	const free = 50 * time.Millisecond
	took := duration(f)
	if took < free {
		return
	}
	base := min(duration(ordinary), duration(ordinary))
	for range 20 {
		base = min(base, duration(ordinary))
		if took < factor*base+free {
			return
		}
		took = min(took, duration(f))
	}
	assert.Fail(t, fmt.Sprintf("%v, which is more than %d times %v and 50 ms", took, factor, base), name...)
}

func duration(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// slowBody sends what next returns for 0, 1, 2 and so on, each after a pause, until
// that is empty.
type slowBody struct {
	ctx  context.Context
	wait time.Duration
	next func(n int) string
	sent int
	rest string
}

func (b *slowBody) Read(p []byte) (int, error) {
	if b.rest == "" {
		select {
		case <-time.After(b.wait):
		case <-b.ctx.Done():
			return 0, b.ctx.Err()
		}
		if b.rest = b.next(b.sent); b.rest == "" {
			return 0, io.EOF
		}
		b.sent++
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *slowBody) Close() error { return nil }

// slowly replies with a slowBody.
func slowly(status int, wait time.Duration, next func(n int) string, headers ...string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := reply(status, "", headers...)(req)
		resp.Body, resp.ContentLength = &slowBody{ctx: req.Context(), wait: wait, next: next}, -1
		return resp, err
	}
}

// dripping sends begin and then more, again and again.
func dripping(status int, wait time.Duration, begin, more string) httpmock.Responder {
	return slowly(status, wait, func(n int) string {
		if n == 0 {
			return begin + more
		}
		return more
	})
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

// decoded decodes a document that must be valid.
func decoded[T any](t *testing.T, document string, decode func(*reader, *T)) *T {
	t.Helper()
	v := new(T)
	require.NoError(t, decodeBody([]byte(document), func(r *reader) { decode(r, v) }), document)
	return v
}

// The headers of a request without a body, as dump returns them.
const plainHeaders = "Accept: application/json; ver=1.0\nUser-Agent: skypecontacts-go/" + Version + "\nX-Skypetoken: " + testToken + "\n\n"

func raw(text string) json.RawMessage { return json.RawMessage(text) }

// sampleContacts returns the contacts of contacts/list_contacts, which TestCalls
// compares with those of apitest.
func sampleContacts(t testing.TB) []Contact {
	t.Helper()
	list, err := newTestClient(t, newWire(reply(http.StatusOK, fixture(t, "contacts/list_contacts.json")))).ListContacts(t.Context())
	require.NoError(t, err)
	return list.Contacts
}

// badIDs are not one path segment, or can be mistaken for something else.
func badIDs() []string {
	return []string{
		"", "8:", "28:", ".", "..", "8:.", "8:..", "...", "8:../../v1/x", "joe/../..", "%2e%2e", "8:%2e%2e", "a%2Fb", "a/b", "/", "a\\b",
		"a?b", "a#b", "a{b}", "joe\r\nX-Evil: 1", "a\nb", "a\x00b", "a\x7fb", "a b", " a", "a\u00a0b", "a\u200bb", "a\u202eb", "\ufeffa",
		"\xff", "joe\xc3", strings.Repeat("a", 300), "8:" + strings.Repeat("a", 255),
	}
}

// allocatedBytes is all that the process ever allocated.
func allocatedBytes() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// heapInUse is the size of what is left after a garbage collection.
func heapInUse() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// newLoopbackClient returns a client for a server that stands for all services.
func newLoopbackClient(t *testing.T, base string) *Client {
	t.Helper()
	c, err := New(StaticToken(testToken), WithInsecureLoopback(),
		WithEndpoints(Endpoints{Contacts: base, ContactsV1: base, API: base, Profile: base, Directory: base, Bots: base, People: base}))
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func generatedIDs(n int) []MRI {
	ids := make([]MRI, n)
	for i := range ids {
		ids[i] = MRI(fmt.Sprintf("8:person.%d", i))
	}
	return ids
}
