package bench_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/require"
)

// fileServer responds with n contacts from a file and returns its URL.
func fileServer(t *testing.T, n int) (base string) {
	t.Helper()
	name, _ := contactsFile(t, n)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		http.ServeFile(w, r, name)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func lengthFigures(t *testing.T) []figure {
	t.Helper()
	n := full(1000)
	long := listing(t, newLoopbackClient(t, fileServer(t, 100*n)), 100*n)
	short := repeated(100, listing(t, newLoopbackClient(t, fileServer(t, n)), n))
	return []figure{
		{"P4", "ListContacts over HTTP, time a contact at 100,000 against 1,000", ratio(wallTime, full(5), long, short), 1.2, 1.1, false, false},
	}
}

// countingReader counts what was read.
type countingReader struct {
	io.Reader

	count int
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.count += n
	return n, err
}

func streamFigures(t *testing.T) []figure {
	t.Helper()
	n := full(100_000)
	lowest := math.Inf(1)
	c := newClient(t, inFile(t, n))
	for range 5 {
		before, highest, read := heapInUse(), 0.0, 0
		streaming(t, c, n, func() {
			if read++; read%100 == 0 {
				highest = max(highest, heap()-before)
			}
		})()
		lowest = min(lowest, highest) // load delays the garbage collector
	}

	first := 0
	body := &countingReader{Reader: bytes.NewReader(payload.Contacts(full(10_000)))}
	c = newClient(t, apitest.RoundTripper(func(*http.Request) (*http.Response, error) { return response(body, -1), nil }))
	for _, err := range c.AllContacts(context.Background()) {
		require.NoError(t, err)
		first = body.count
		break
	}
	return []figure{
		{"P5", "AllContacts of 100,000: MiB of heap above the start", lowest / (1 << 20), 6, 4, false, false},
		{"P6", "AllContacts: KiB read before the first contact", float64(first) / (1 << 10), 128, 64, false, true},
	}
}

func refreshFigures(t *testing.T) []figure {
	t.Helper()
	n := full(100_000)
	body := payload.Contacts(n)
	c := newClient(t, apitest.RoundTripper(func(*http.Request) (*http.Response, error) {
		return response(bytes.NewReader(body), len(body)), nil
	}))
	prev, err := c.GetRoster(context.Background())
	require.NoError(t, err)
	require.Len(t, prev.Contacts, n)

	var delta bytes.Buffer
	delta.WriteString(`{"scope":"delta","contacts":[`)
	for i := range 10 {
		if i > 0 {
			delta.WriteByte(',')
		}
		fmt.Fprintf(&delta, `{"mri":%q,"authorized":true,"display_name":"Joe Bloggs"}`, prev.Contacts[i*n/10].MRI)
	}
	delta.WriteString(`]}`)
	body = delta.Bytes()
	refresh := func() {
		next, err := c.RefreshRoster(context.Background(), prev)
		require.NoError(t, err)
		require.Len(t, next.Contacts, n)
		require.Equal(t, "Joe Bloggs", next.Contacts[n/10].DisplayName)
	}
	clone := func() {
		contacts := slices.Clone(prev.Contacts)
		require.Len(t, contacts, n)
		runtime.KeepAlive(contacts)
	}
	return []figure{
		{"P12", "RefreshRoster, 10 changed of 100,000: time against a copy of the slice", ratio(wallTime, full(15), refresh, clone), 1.5, 1.2, false, false},
	}
}

func peakFigures(t *testing.T) []figure {
	t.Helper()
	n := full(100_000)
	c := newClient(t, inFile(t, n))
	against := func(call func() (any, error)) float64 {
		peak, left := peakHeap(func() any {
			result, err := call()
			require.NoError(t, err)
			return result
		})
		return peak / left
	}
	ctx := context.Background()
	return []figure{
		{"P13", "ListContacts of 100,000: peak of the heap against the result", against(func() (any, error) { return c.ListContacts(ctx) }), 2, 1.3, false, true},
		{"P13", "… GetRoster", against(func() (any, error) { return c.GetRoster(ctx) }), 2, 1.3, false, true},
	}
}
