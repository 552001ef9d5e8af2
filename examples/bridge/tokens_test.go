package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// countingRenewer issues numbered tokens.
type countingRenewer struct {
	issued  atomic.Int32
	failing atomic.Bool
}

func (r *countingRenewer) renew(_ context.Context, secret string) (string, time.Time, error) {
	if r.failing.Load() || secret != fred.secret {
		return "", time.Time{}, errRenewal
	}
	return fmt.Sprintf("token-of-fred-%d", r.issued.Add(1)), time.Now().Add(time.Hour), nil
}

// newSource returns the source of a new job.
func newSource(t *testing.T, s *store, r renewer) *tokenSource {
	t.Helper()
	a, err := s.account(t.Context(), fredID)
	require.NoError(t, err)
	return &tokenSource{store: s, renewer: r, account: fredID, stored: a.token}
}

// Many jobs find the token refused at once: one of them requests a new one, for all.
func TestRenewedOnce(t *testing.T) {
	t.Parallel()
	s, r := newStore(t, fred), new(countingRenewer)
	for want := range 2 { // the first token, and one in place of it
		sources := make([]*tokenSource, 8)
		for i := range sources {
			sources[i] = newSource(t, s, r)
			sources[i].given = want > 0 // it was refused
		}
		var running sync.WaitGroup
		for _, source := range sources {
			running.Go(func() {
				token, err := source.Token(context.WithoutCancel(t.Context()))
				if assert.NoError(t, err) {
					assert.Equal(t, fmt.Sprintf("token-of-fred-%d", want+1), token.Value())
				}
			})
		}
		running.Wait()
	}
	assert.EqualValues(t, 2, r.issued.Load())
	token, err := newSource(t, s, r).Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "token-of-fred-2", token.Value(), "from the database")
}

func TestExpiredTokenIsRenewed(t *testing.T) {
	t.Parallel()
	s, r := newStore(t, fred), new(countingRenewer)
	_, err := newSource(t, s, r).Token(t.Context())
	require.NoError(t, err)
	_, err = s.pool.Exec(t.Context(), `update accounts set token_expiry = now() - interval '1 second'`)
	require.NoError(t, err)
	token, err := newSource(t, s, r).Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "token-of-fred-2", token.Value())
}

func TestRenewalFails(t *testing.T) {
	t.Parallel()
	s, r := newStore(t, fred), new(countingRenewer)
	r.failing.Store(true)
	source := newSource(t, s, r)
	_, err := source.Token(t.Context())
	require.ErrorIs(t, err, errRenewal)
	r.failing.Store(false)
	_, err = source.Token(t.Context())
	require.NoError(t, err)
	_, err = s.account(t.Context(), 99)
	require.ErrorIs(t, err, errNoAccount)
}

// Whoever reads the whole database finds neither token nor secret in it.
func TestSealedAtRest(t *testing.T) {
	t.Parallel()
	s, r := newStore(t, fred), new(countingRenewer)
	token, err := newSource(t, s, r).Token(t.Context())
	require.NoError(t, err)
	var dump string
	require.NoError(t, s.pool.QueryRow(t.Context(), `
		select string_agg(a::text || coalesce(encode(secret, 'escape'), '') || coalesce(encode(token, 'escape'), ''), '') from accounts a`,
	).Scan(&dump))
	require.Contains(t, dump, fred.mri, "it is the right table")
	assert.NotContains(t, dump, fred.secret)
	assert.NotContains(t, dump, token.Value())
}
