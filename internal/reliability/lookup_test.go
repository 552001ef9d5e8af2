package reliability_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/require"
)

// slowLimiter permits one request in each interval.
type slowLimiter struct {
	interval time.Duration
	mu       sync.Mutex
	next     time.Time
}

func (l *slowLimiter) Wait(ctx context.Context) error {
	l.mu.Lock()
	now := time.Now()
	if l.next.Before(now) {
		l.next = now
	}
	wait := l.next.Sub(now)
	l.next = l.next.Add(l.interval)
	l.mu.Unlock()
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A limiter that makes every request wait for longer than the timeout of a call loses
// no look-up.
func TestSlowLimiter(t *testing.T) {
	t.Parallel()
	const people = 1000
	var lost int
	synctest.Test(t, func(t *testing.T) {
		ids := make([]skypecontacts.MRI, people)
		for i := range ids {
			ids[i] = skypecontacts.MRI(fmt.Sprintf("8:person.%d", i))
		}
		transport := apitest.NewTransport(respondWithProfiles)
		c := apitest.NewClient(t, transport,
			skypecontacts.WithTimeout(2*time.Second), skypecontacts.WithLimiter(&slowLimiter{interval: time.Second}))
		began := time.Now()
		opts, i := skypecontacts.LookupOptions{ChunkSize: 10, Concurrency: 16}, 0
		for result := range c.LookupProfiles(t.Context(), ids, opts) {
			require.Equal(t, ids[i], result.MRI)
			if i++; result.Err != nil {
				lost++
			}
		}
		require.Equal(t, people, i)
		require.Len(t, transport.Requests(), people/opts.ChunkSize)
		require.Equal(t, people/opts.ChunkSize-1, int(time.Since(began).Seconds()))
	})
	require.Zero(t, lost)
	measured.set(fmt.Sprintf("look-ups lost with a slow limiter, of %d", people), lost, "0")
}
