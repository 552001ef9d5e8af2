package main

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Two processes with many calls each share one rate.
func TestSharedRate(t *testing.T) {
	t.Parallel()
	_, client := newRedisServer(t)
	const rate, burst, calls = 100, 10, 60
	limiters := []*sharedLimiter{
		newSharedLimiter(client, newSharedRest(client), rate, burst),
		newSharedLimiter(client, newSharedRest(client), rate, burst),
	}
	var running sync.WaitGroup
	began := time.Now()
	for i := range calls {
		running.Go(func() { assert.NoError(t, limiters[i%2].Wait(t.Context())) })
	}
	running.Wait()
	took := time.Since(began)
	assert.GreaterOrEqual(t, took, (calls-burst-1)*time.Second/rate, "the rate is not exceeded")
}

func TestLimiterWaitsForARest(t *testing.T) {
	t.Parallel()
	_, client := newRedisServer(t)
	rest := newSharedRest(client)
	l := newSharedLimiter(client, rest, 1000, 100)
	rest.observe(t.Context(), tooMany("", 200*time.Millisecond))
	began := time.Now()
	require.NoError(t, l.Wait(t.Context()))
	assert.GreaterOrEqual(t, time.Since(began), 190*time.Millisecond, "a short one is waited for")

	rest.observe(t.Context(), tooMany("", time.Minute))
	var resting restError
	require.ErrorAs(t, l.Wait(t.Context()), &resting)
	assert.Greater(t, resting.left, 30*time.Second, "a long one is for the job")
}

// While Redis is down nothing is permitted; a short outage is waited for.
func TestLimiterWithoutRedis(t *testing.T) {
	t.Parallel()
	server, client := newRedisServer(t)
	l := newSharedLimiter(client, newSharedRest(client), 1000, 100)
	require.NoError(t, l.Wait(t.Context()))
	server.stop()
	permitted := make(chan error, 1)
	go func() { permitted <- l.Wait(context.WithoutCancel(t.Context())) }()
	require.NoError(t, await(t.Context(), func() error { return unless(len(l.door("").turn) == 1, "nobody waits") }))
	require.NoError(t, server.start(t.Context()))
	require.NoError(t, <-permitted)

	server.stop()
	l.outage = 50 * time.Millisecond
	require.ErrorIs(t, l.Wait(t.Context()), errNoRedis)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, l.Wait(ended), context.Canceled)
}

// A call whose turn has not come ends with its context.
func TestLimiterTurn(t *testing.T) {
	t.Parallel()
	_, client := newRedisServer(t)
	l := newSharedLimiter(client, newSharedRest(client), 1, 1)
	require.NoError(t, l.Wait(t.Context()))
	l.door("").turn <- struct{}{}
	ended, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, l.Wait(ended), context.DeadlineExceeded)
}
