package main

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newFake returns a fake and a client for its first account.
func newFake(t *testing.T, limit int) (*fakeService, *skypecontacts.Client) {
	t.Helper()
	f := startFake(fakeSize{accounts: 2, contacts: 5, limit: limit})
	t.Cleanup(f.server.Close)
	r := httpRenewer{http.DefaultClient, f.server.URL + renewPath}
	client, err := skypecontacts.New(
		skypecontacts.TokenSourceFunc(func(ctx context.Context) (skypecontacts.Token, error) {
			value, expiry, err := r.renew(ctx, f.accounts[0].secret)
			return skypecontacts.NewToken(value, expiry), err
		}),
		skypecontacts.WithEndpoints(f.server.Endpoints()), skypecontacts.WithInsecureLoopback(),
		skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1}),
	)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	return f, client
}

func TestFrontLimitsTheRate(t *testing.T) {
	t.Parallel()
	f, client := newFake(t, 2)
	var err error
	for range 3 {
		_, err = client.ListGroups(t.Context())
	}
	var failure *skypecontacts.Error
	require.ErrorAs(t, err, &failure)
	require.ErrorIs(t, err, skypecontacts.ErrRateLimited)
	assert.Equal(t, time.Second, failure.RetryAfter)
	assert.Equal(t, 1, withStatus(f.since(0), http.StatusTooManyRequests))
}

func TestFrontRests(t *testing.T) {
	t.Parallel()
	f, client := newFake(t, 100)
	f.beginRest(90 * time.Second)
	_, err := client.ListGroups(t.Context())
	var failure *skypecontacts.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, 90*time.Second, failure.RetryAfter)
	assert.Empty(t, f.server.Requests())
}

// After a 401 the client gets another token, and the counts start again.
func TestFrontExpiresTokens(t *testing.T) {
	t.Parallel()
	f, client := newFake(t, 100)
	roster, err := client.RefreshRoster(t.Context(), nil)
	require.NoError(t, err)
	f.expireTokens()
	unchanged, err := client.RefreshRoster(t.Context(), roster)
	require.NoError(t, err)
	assert.Same(t, roster, unchanged)
	total, most := f.maxRenewals()
	assert.Equal(t, [2]int{1, 1}, [2]int{total, most})
	assert.Equal(t, 1, withStatus(f.since(0), http.StatusUnauthorized))
	assert.Equal(t, syncs{whole: 1, unchanged: 1, accounts: 1, most: 2}, syncsOf(f.since(0)))
	_, _, err = httpRenewer{http.DefaultClient, f.server.URL + renewPath}.renew(t.Context(), "bridge-secret-9")
	require.ErrorIs(t, err, errRenewal)
}

// What compares the result in the end is not counted.
func TestFrontIgnoresTheComparison(t *testing.T) {
	t.Parallel()
	f, _ := newFake(t, 100)
	whole, err := f.clientFor(f.accounts[1].mri).GetRoster(t.Context())
	require.NoError(t, err)
	assert.Len(t, whole.Contacts, 5)
	assert.Zero(t, f.count())
}
