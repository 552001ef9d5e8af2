package main

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newRedisServer starts a Redis that a test may stop.
func newRedisServer(t *testing.T) (*serverProcess, *redis.Client) {
	t.Helper()
	needServers(t)
	ports, err := freePorts(1)
	require.NoError(t, err)
	server, err := newRedisProcess(t.TempDir(), ports[0])
	require.NoError(t, err)
	require.NoError(t, server.start(t.Context()))
	t.Cleanup(server.stop)
	client := newRedis("127.0.0.1:" + ports[0])
	t.Cleanup(func() { _ = client.Close() })
	return server, client
}

// tooMany is what an observer gets of a 429.
func tooMany(service string, wait time.Duration) skypecontacts.Attempt {
	return skypecontacts.Attempt{Service: service, Status: 429, RetryAfter: wait}
}

func TestRestIsShared(t *testing.T) {
	t.Parallel()
	_, client := newRedisServer(t)
	one, other := newSharedRest(client), newSharedRest(client)
	left := func(r *sharedRest, service string) time.Duration {
		left, err := r.left(t.Context(), service)
		require.NoError(t, err)
		return left
	}
	assert.Zero(t, left(other, "Contacts"))
	one.observe(t.Context(), skypecontacts.Attempt{Service: "Contacts", Status: 503, RetryAfter: time.Hour})
	assert.Zero(t, left(other, "Contacts"), "only a 429 is for all")

	one.observe(t.Context(), tooMany("Contacts", time.Minute))
	for _, r := range []*sharedRest{one, other} {
		assert.InDelta(t, time.Minute, left(r, "Contacts"), float64(10*time.Second))
		assert.Zero(t, left(r, "Profile"), "each service has its own")
	}
	other.observe(t.Context(), tooMany("Contacts", time.Second))
	assert.Greater(t, left(one, "Contacts"), 50*time.Second, "a rest is never shortened")
	assert.Greater(t, left(other, "Contacts"), 50*time.Second)
	other.observe(t.Context(), tooMany("Contacts", time.Hour))
	assert.Greater(t, left(one, "Contacts"), 50*time.Minute)
}

// A rest that Redis could not be told is told before anything else is sent, and one that it
// was told is kept over its restart.
func TestRestWithoutRedis(t *testing.T) {
	t.Parallel()
	server, client := newRedisServer(t)
	one, other := newSharedRest(client), newSharedRest(client)
	server.stop()
	one.observe(t.Context(), tooMany("Contacts", time.Minute))
	_, err := one.left(t.Context(), "Contacts")
	require.Error(t, err)
	for range 2 {
		require.NoError(t, server.start(t.Context()))
		for _, r := range []*sharedRest{one, other} {
			left, err := r.left(t.Context(), "Contacts")
			require.NoError(t, err)
			assert.Greater(t, left, 30*time.Second)
		}
		server.stop()
	}
}
