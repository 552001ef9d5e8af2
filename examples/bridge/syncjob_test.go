package main

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The first synchronization requests everything, one without a change one 304, and one with
// a change the delta, of which the stored list is the base.
func TestRefresh(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	t.Cleanup(server.Close)
	s := newStore(t, fred)
	w, client := &syncWorker{store: s}, server.Client()
	refresh := func() (roster *skypecontacts.Roster, requests int) {
		before := len(server.Requests())
		a, err := s.account(t.Context(), fredID)
		require.NoError(t, err)
		roster, err = w.refresh(t.Context(), client, a)
		require.NoError(t, err)
		requests = len(server.Requests()) - before
		keep(t, s, 1, a.etag, roster)
		return roster, requests
	}
	whole, requests := refresh()
	require.NotNil(t, whole)
	assert.Equal(t, 1, requests)

	unchanged, requests := refresh()
	assert.Nil(t, unchanged)
	assert.Equal(t, 1, requests)

	require.NoError(t, client.AcceptInvite(t.Context(), "daisy.5"))
	changed, requests := refresh()
	assert.Equal(t, 2, requests)
	require.NotNil(t, changed)
	assert.Equal(t, "delta", changed.Scope)
	assert.Len(t, changed.Contacts, len(whole.Contacts)+1)

	unchanged, _ = refresh()
	assert.Nil(t, unchanged)
}
