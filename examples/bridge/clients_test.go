package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	manyClients = 10_000
	// maxClientMemory is for one client with its source, after a call.
	maxClientMemory = 8 << 10
)

// Ten thousand clients share the connections and the limiter of a process. None of them has
// a goroutine, each sends its own token, and each takes a few kilobytes.
func TestTenThousandClients(t *testing.T) { //nolint:paralleltest // measures the heap of the process
	var withToken, connections atomic.Int32
	var wrong atomic.Int32
	server := skypetest.NewServer(skypetest.WithMiddleware(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Skypetoken") != fmt.Sprintf("token-%d", withToken.Add(1)) {
				wrong.Add(1)
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"groups":[]}`))
		})
	}))
	defer server.Close()
	transport := newHTTPClient(8).Transport.(*http.Transport)
	transport.DialContext = countDials(&connections)
	shared := &http.Client{Transport: transport}
	defer shared.CloseIdleConnections()
	unasked := newRedis("127.0.0.1:0")
	defer unasked.Close()
	made := clients{
		http: shared, endpoints: server.Endpoints(), agent: "bridge",
		limiter: limiterFunc(func() error { return nil }), rest: newSharedRest(unasked),
	}
	call := func(c *skypecontacts.Client) {
		_, err := c.ListGroups(t.Context())
		require.NoError(t, err)
	}
	newOne := func(i int) *skypecontacts.Client {
		c, err := made.client(&account{id: int64(i), token: storedToken{value: fmt.Sprintf("token-%d", i+1), expiry: time.Now().Add(time.Hour)}})
		require.NoError(t, err)
		return c
	}
	all := make([]*skypecontacts.Client, manyClients)
	before, goroutines := heap(), runtime.NumGoroutine()
	began := time.Now()
	for i := range all {
		all[i] = newOne(i)
	}
	took, unused := time.Since(began), heap()-before
	for _, c := range all {
		call(c)
	}
	used := heap() - before
	assert.Less(t, runtime.NumGoroutine(), goroutines+20, "none for a client")
	assert.Zero(t, wrong.Load(), "each sent its own token")
	assert.LessOrEqual(t, connections.Load(), int32(8))
	assert.Less(t, used/manyClients, int64(maxClientMemory))
	printTable(t, [][]string{
		{"clients in a process", fmt.Sprint(manyClients)},
		{"memory of one, new and after a call", fmt.Sprintf("%d and %d bytes", unused/manyClients, used/manyClients)},
		{"time to make one", (took / manyClients).String()},
		{"goroutines more, of the shared connections", fmt.Sprint(runtime.NumGoroutine() - goroutines)},
		{"connections", fmt.Sprint(connections.Load())},
	})
	runtime.KeepAlive(all)
}

// heap returns the bytes in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// countDials returns a dialer that counts its connections.
func countDials(n *atomic.Int32) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		n.Add(1)
		return new(net.Dialer).DialContext(ctx, network, address)
	}
}
