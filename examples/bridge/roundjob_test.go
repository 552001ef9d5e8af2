package main

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A round begins when the last one has all accounts, and there are no more than planned.
func TestRounds(t *testing.T) {
	t.Parallel()
	s := newStore(t, fred, newAccount{mri: "8:joe.4", secret: "secret-of-joe"})
	begin := func() (round int) {
		require.NoError(t, pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) (err error) {
			round, err = beginRound(t.Context(), tx)
			return err
		}))
		return round
	}
	exec := func(sql string) {
		_, err := s.pool.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	assert.Equal(t, 0, begin(), "none is planned")
	exec(`update plan set rounds = 2`)
	assert.Equal(t, 1, begin())
	assert.Equal(t, 0, begin(), "nobody is in the first")
	exec(`update rosters set round = 1 where account = 1`)
	assert.Equal(t, 0, begin(), "Joe is missing")
	exec(`update rosters set round = 1`)
	assert.Equal(t, 2, begin())
	exec(`update rosters set round = 2`)
	assert.Equal(t, 0, begin(), "no more are planned")
	exec(`update plan set rounds = null`)
	assert.Equal(t, 3, begin(), "there is no end")
}

// An account has one unfinished synchronization, whatever its round, and one once that is done.
func TestOneJobAnAccount(t *testing.T) {
	t.Parallel()
	s := newStore(t, fred)
	queue, err := newQueue(s, nil, "filler", 0, quietLog())
	require.NoError(t, err)
	insert := func(args river.JobArgs) (duplicate bool) {
		result, err := queue.Insert(t.Context(), args, nil)
		require.NoError(t, err)
		return result.UniqueSkippedAsDuplicate
	}
	assert.False(t, insert(syncArgs{Account: 1, Round: 1}))
	assert.True(t, insert(syncArgs{Account: 1, Round: 2}))
	assert.False(t, insert(syncArgs{Account: 2, Round: 1}))
	assert.False(t, insert(inviteArgs{Invite: 1}))
	assert.True(t, insert(inviteArgs{Invite: 1}))
	_, err = s.pool.Exec(t.Context(), `update river_job set state = 'completed', finalized_at = now()`)
	require.NoError(t, err)
	assert.False(t, insert(syncArgs{Account: 1, Round: 2}))
}
