package main

import (
	"flag"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// table makes the tests use the whole size, break everything as well, and print their
// tables: two minutes. Without it there are fewer accounts and nothing breaks.
var table = flag.Bool("table", false, "use 1,000 accounts with 200 contacts each, break everything as well, and print what was measured")

// sizes returns the size of a run.
func sizes() options {
	o := options{accounts: 120, contacts: 10, workers: 3, slots: 5, rate: 200, burst: 20, invites: 100}
	if *table {
		o.accounts, o.contacts, o.invites = 1000, 200, 200
	}
	o.size.latency = 50 * time.Millisecond
	return o
}

// newBridge starts a bridge that ends with the test.
func newBridge(t *testing.T, o options) (*bridge, *lockedBuffer) {
	t.Helper()
	needServers(t)
	log := new(lockedBuffer)
	b, err := startBridge(t.Context(), o, log)
	t.Cleanup(func() {
		assert.NoError(t, b.stop())
		if t.Failed() {
			t.Log(log.String())
		}
	})
	require.NoError(t, err)
	return b, log
}

// printTable prints a table with -table.
func printTable(t *testing.T, rows [][]string) {
	t.Helper()
	if *table {
		require.NoError(t, writeTable(os.Stdout, rows))
	}
}

// Each account is synchronized once a round, after the first one from what has changed, and
// the workers together keep to the rate. With -table everything breaks then, and nothing is
// lost.
func TestBridge(t *testing.T) { //nolint:paralleltest // measures rates
	o := sizes()
	b, log := newBridge(t, o)
	rows := roundHeader()
	for i, step := range b.steps() {
		r, err := b.runRound(t.Context(), i+1, step.workers, step.name)
		require.NoError(t, err)
		rows = append(rows, r.row(o.rate))
		want := syncs{accounts: o.accounts, most: 1, unchanged: o.accounts}
		if i == 0 {
			want = syncs{accounts: o.accounts, most: 1, whole: o.accounts}
		}
		assert.Equal(t, want, r.syncs, step)
		assert.Zero(t, withStatus(r.requests, http.StatusTooManyRequests), step)
		assert.LessOrEqual(t, mostInASecond(r.requests), o.rate+o.burst+o.allSlots(), step)
	}
	printTable(t, rows)
	assertWorkersShare(t, b, o)

	if *table {
		breakEverything(t, b)
	}
	assertNothingPrivate(t, b, log)
	figures, err := b.figures(t.Context())
	require.NoError(t, err)
	printTable(t, figures)
}

func breakEverything(t *testing.T, b *bridge) {
	t.Helper()
	require.NoError(t, b.setWorkers(b.options.workers))
	rows := [][]string{{"broken on purpose", "seen"}}
	before := b.fake.count()
	require.NoError(t, b.runBroken(t.Context(), restOfBroken, func(name, seen string) { rows = append(rows, []string{name, seen}) }))
	got, err := b.outcome(t.Context(), before)
	require.NoError(t, err)
	printTable(t, append(rows, got.rows(b.options)...))
	assertNothingLost(t, got, b.options)
}

// assertWorkersShare checks that each worker had a part of the work.
func assertWorkersShare(t *testing.T, b *bridge, o options) {
	t.Helper()
	byWorker := map[string]int{}
	for _, r := range b.fake.since(0) {
		byWorker[r.worker]++
	}
	assert.Len(t, byWorker, o.workers)
	for worker, n := range byWorker {
		assert.Greater(t, n, o.accounts/20, worker)
	}
}

func assertNothingLost(t *testing.T, got outcome, o options) {
	t.Helper()
	assert.LessOrEqual(t, got.mostInASecond, o.rate+o.burst+o.allSlots())
	assert.GreaterOrEqual(t, got.lookups, 1, "what was lost was looked for")
	got.mostInASecond, got.lookups = 0, 0
	assert.Equal(t, outcome{
		accounts: o.accounts, current: o.accounts, invites: o.invites, sent: o.invites, made: o.invites,
		renewals: o.accounts, mostRenewals: 1,
	}, got)
}

// assertNothingPrivate checks what a person sees who looks at the logs and at the queue: no
// token, no secret, no identifier.
func assertNothingPrivate(t *testing.T, b *bridge, log *lockedBuffer) {
	t.Helper()
	var queue string
	require.NoError(t, b.store.pool.QueryRow(t.Context(), `
		select string_agg(concat_ws(' ', kind, args, errors, metadata, attempted_by), ' ') from river_job`).Scan(&queue))
	assert.Contains(t, queue, `"account": 1`, "it is the right table")
	for _, text := range []string{"bridge_", "bridge-secret", "bridge-token", "live:", "Hello from"} {
		assert.NotContains(t, queue, text)
		assert.NotContains(t, log.String(), text)
	}
}
