package reliability_test

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A server that refuses every stream, or responds to each with GOAWAY, gets no more
// requests than the call counts and the limiter was asked for. net/http would send
// them again by itself.
func TestRefusedStreams(t *testing.T) {
	t.Parallel()
	for _, kind := range []skypetest.FaultKind{skypetest.FaultRefusedStream, skypetest.FaultGoAway} {
		most := 0
		for name, call := range apitest.ByRoute() {
			want, requests := maxAttempts, 0
			if !call.Repeatable() {
				want = 1
			}
			// On a busy machine a GOAWAY may arrive before net/http reports that it sent the
			// request. It sends that one again, which the call counts.
			assert.True(t, retried(func() bool {
				requests = refusedRequests(t, kind, call.OnSampleData(), want)
				return requests <= want
			}), "%s: %d requests", name, requests)
			most = max(most, requests)
		}
		measured.set("most requests of a call, HTTP/2 server with "+string(kind)+" for each", most, strconv.Itoa(maxAttempts))
	}
}

const maxAttempts = 3 // by default

// refusedRequests returns how many requests a call sends in the given number of attempts.
func refusedRequests(t *testing.T, kind skypetest.FaultKind, call apitest.Call, attempts int) int {
	t.Helper()
	server := skypetest.NewServer()
	defer server.Close()
	server.Inject(skypetest.Fault{Kind: kind, Count: 1 << 20})
	transport := newFaultTransport(true)
	defer transport.CloseIdleConnections()
	var asked, observed atomic.Int64
	c := server.Client(append(call.ClientOptions(),
		skypecontacts.WithHTTPClient(&http.Client{Transport: transport}),
		skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Nanosecond, Burst: 1 << 20}),
		skypecontacts.WithLimiter(limiterFunc(func(context.Context) error { asked.Add(1); return nil })),
		skypecontacts.WithObserver(func(context.Context, skypecontacts.Attempt) { observed.Add(1) }))...)
	_, err := call.Do(t.Context(), c)
	var failure *skypecontacts.Error
	require.ErrorAs(t, err, &failure)
	require.ErrorIs(t, err, skypecontacts.ErrUnavailable)
	require.NotErrorIs(t, err, context.Canceled, "the end of the attempt is not that of the caller's context")
	requests := len(server.Requests())
	require.LessOrEqual(t, requests, failure.Attempts)
	require.EqualValues(t, attempts, asked.Load())
	require.EqualValues(t, attempts, observed.Load())
	require.Equal(t, call.Writes, failure.MaybeApplied)
	require.Empty(t, server.Effects())
	return requests
}
