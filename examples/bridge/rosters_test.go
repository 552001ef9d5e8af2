package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keep stores a roster in a transaction of its own.
func keep(t *testing.T, s *store, round int, before string, roster *skypecontacts.Roster) {
	t.Helper()
	require.NoError(t, pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
		return storeRoster(t.Context(), tx, fredID, round, before, roster)
	}))
}

// What PostgreSQL has no place for in a jsonb is replaced, and all else is as it was.
func TestRosterIsStored(t *testing.T) {
	t.Parallel()
	s := newStore(t, fred)
	roster, err := s.roster(t.Context(), fredID)
	require.NoError(t, err)
	assert.Equal(t, &skypecontacts.Roster{}, roster, "nothing yet")

	given := &skypecontacts.Roster{
		ETag: `"one"`, Scope: "full",
		Contacts: []skypecontacts.Contact{
			{MRI: "8:joe.4", DisplayName: "Joe \x00 \\u0000", Extra: skypecontacts.Extra{"a\x00b": json.RawMessage(`["\ud800",12345678901234567890,"\u0000"]`)}},
			{MRI: "8:anna.7", DisplayName: "Anna"},
		},
	}
	keep(t, s, 1, "", given)
	stored, err := s.roster(t.Context(), fredID)
	require.NoError(t, err)
	want := &skypecontacts.Roster{
		ETag: `"one"`, Scope: "full",
		Contacts: []skypecontacts.Contact{
			{MRI: "8:joe.4", DisplayName: "Joe \uFFFD \\u0000", Extra: skypecontacts.Extra{"a\uFFFDb": json.RawMessage("[\"\uFFFD\", 12345678901234567890, \"\uFFFD\"]")}},
			{MRI: "8:anna.7", DisplayName: "Anna"},
		},
	}
	assert.Equal(t, want, stored)
	a, err := s.account(t.Context(), fredID)
	require.NoError(t, err)
	assert.Equal(t, given.ETag, a.etag)

	for mri, want := range map[string]bool{"8:joe.4": true, "8:daisy.5": false} {
		has, err := s.hasContact(t.Context(), fredID, mri)
		require.NoError(t, err)
		assert.Equal(t, want, has, mri)
	}
}

// A job that was thought dead does not replace what another has stored since, and what is
// up to date keeps its roster.
func TestStaleRosterIsNotStored(t *testing.T) {
	t.Parallel()
	s := newStore(t, fred)
	keep(t, s, 1, "", &skypecontacts.Roster{ETag: `"one"`})
	keep(t, s, 2, `"one"`, &skypecontacts.Roster{ETag: `"two"`, Contacts: []skypecontacts.Contact{{MRI: "8:joe.4"}}})
	keep(t, s, 1, `"one"`, &skypecontacts.Roster{ETag: `"late"`})
	keep(t, s, 3, `"two"`, nil)
	stored, err := s.roster(t.Context(), fredID)
	require.NoError(t, err)
	assert.Equal(t, `"two"`, stored.ETag)
	assert.Len(t, stored.Contacts, 1)
	var round, contacts int
	require.NoError(t, s.pool.QueryRow(t.Context(), `select round, contacts from rosters`).Scan(&round, &contacts))
	assert.Equal(t, [2]int{3, 1}, [2]int{round, contacts})
}

// A transaction that ends before its commit leaves the old roster with its own ETag.
func TestRosterAndETagAreStoredAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t, fred)
	keep(t, s, 1, "", &skypecontacts.Roster{ETag: `"one"`})
	ctx, end := context.WithCancel(t.Context())
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		defer end()
		return storeRoster(ctx, tx, fredID, 2, `"one"`, &skypecontacts.Roster{ETag: `"two"`})
	})
	require.ErrorIs(t, err, context.Canceled)
	stored, err := s.roster(t.Context(), fredID)
	require.NoError(t, err)
	a, err := s.account(t.Context(), fredID)
	require.NoError(t, err)
	assert.Equal(t, `"one"`, stored.ETag)
	assert.Equal(t, `"one"`, a.etag)
}
