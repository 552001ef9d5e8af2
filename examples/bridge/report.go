package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/skypecontacts/skypecontacts/examples/internal/display"
)

// step is a round with a number of workers.
type step struct {
	name    string
	workers int
}

// steps are the rounds that are shown: everything, then only what has changed, with one
// worker less each time.
func (b *bridge) steps() []step {
	steps := []step{{"all contacts", b.options.workers}}
	for n := b.options.workers; n > 0; n-- {
		steps = append(steps, step{"changes only", n})
	}
	return steps
}

func roundHeader() [][]string {
	return [][]string{{"round", "workers", "requests", "a second", "most in 1 s", "whole", "delta", "304", "429", "accounts", "most of one"}}
}

// row is the line of a round.
func (r roundResult) row(rate int) []string {
	return []string{
		r.name, strconv.Itoa(r.workers), strconv.Itoa(len(r.requests)), fmt.Sprintf("%.0f of %d", perSecond(r.requests), rate),
		strconv.Itoa(mostInASecond(r.requests)), strconv.Itoa(r.syncs.whole), strconv.Itoa(r.syncs.delta),
		strconv.Itoa(r.syncs.unchanged), strconv.Itoa(withStatus(r.requests, http.StatusTooManyRequests)),
		strconv.Itoa(r.syncs.accounts), strconv.Itoa(r.syncs.most),
	}
}

func writeTable(out io.Writer, rows [][]string) error { return display.Table(out, rows) }

// figures are what docs/scale.md reckons with: how large an account is in the database, and
// how much processor time of the workers a request takes. It stops the workers.
func (b *bridge) figures(ctx context.Context) (rows [][]string, err error) {
	if err := b.setWorkers(0); err != nil {
		return nil, err
	}
	var text, stored, table, account, jobs int
	err = b.store.pool.QueryRow(ctx, `
		select avg(length(roster::text))::int, avg(pg_column_size(roster))::int, pg_total_relation_size('rosters') / count(*),
			pg_total_relation_size('accounts') / count(*),
			(select pg_total_relation_size('river_job') / greatest(count(*), 1) from river_job)
		from rosters`).Scan(&text, &stored, &table, &account, &jobs)
	if err != nil {
		return nil, err
	}
	var used time.Duration
	requests := 0
	for _, w := range b.ended {
		used += w.processorTime()
		for _, r := range b.fake.since(0) {
			if r.worker == w.name {
				requests++
			}
		}
	}
	return [][]string{
		{"roster as JSON, and as PostgreSQL stores it", fmt.Sprintf("%d and %d bytes", text, stored)},
		{"table of rosters, an account", fmt.Sprintf("%d bytes", table)},
		{"table of accounts, an account", fmt.Sprintf("%d bytes", account)},
		{"table of jobs, a job", fmt.Sprintf("%d bytes", jobs)},
		{"processor time of a worker, a request", (used / time.Duration(max(requests, 1))).Round(10 * time.Microsecond).String()},
	}, nil
}

// restOfBroken is how long the fake refuses everybody.
const restOfBroken = 10 * time.Second

// showBroken breaks everything and prints what became of it.
func (b *bridge) showBroken(ctx context.Context, out io.Writer) error {
	if err := b.setWorkers(b.options.workers); err != nil {
		return err
	}
	fmt.Fprintln(out)
	rows := [][]string{{"broken on purpose", "seen"}}
	before := b.fake.count()
	err := b.runBroken(ctx, restOfBroken, func(name, seen string) {
		fmt.Fprintln(out, name)
		rows = append(rows, []string{name, seen})
	})
	if err != nil {
		return err
	}
	o, err := b.outcome(ctx, before)
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	return writeTable(out, append(rows, o.rows(b.options)...))
}

// outcome is what there is in the end.
type outcome struct {
	accounts, current          int // accounts, and those whose stored list is that of the service
	invites, sent, made, twice int
	lookups                    int
	renewals, mostRenewals     int
	mostInASecond              int
	duringRest                 int
}

// outcome compares the database with the service.
func (b *bridge) outcome(ctx context.Context, before int) (o outcome, err error) {
	err = b.store.pool.QueryRow(ctx, `
		select (select count(*) from invites), (select count(*) from invites where state = 'sent'),
			(select coalesce(sum(lookups), 0) from invites), (select count(*) from rosters)`,
	).Scan(&o.invites, &o.sent, &o.lookups, &o.accounts)
	if err != nil {
		return o, err
	}
	for _, times := range b.fake.invitesMade() {
		o.made++
		if times > 1 {
			o.twice++
		}
	}
	o.renewals, o.mostRenewals = b.fake.maxRenewals()
	o.mostInASecond = mostInASecond(b.fake.since(before))
	o.duringRest = b.restBroken
	o.current, err = b.countCurrent(ctx)
	return o, err
}

// countCurrent returns how many accounts have a stored list that a whole new one equals, and
// with the ETag of that.
func (b *bridge) countCurrent(ctx context.Context) (current int, err error) {
	rows, err := b.store.pool.Query(ctx, `select id, mri, etag from accounts join rosters on account = id`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	type listed struct {
		id        int64
		mri, etag string
	}
	var all []listed
	for rows.Next() {
		var a listed
		if err := rows.Scan(&a.id, &a.mri, &a.etag); err != nil {
			return 0, err
		}
		all = append(all, a)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	for _, a := range all {
		same, err := b.isCurrent(ctx, a.id, a.mri, a.etag)
		if err != nil {
			return 0, err
		}
		if same {
			current++
		}
	}
	return current, nil
}

// isCurrent reports whether the service has nothing newer than what is stored, and would
// send the same list to somebody who has none.
func (b *bridge) isCurrent(ctx context.Context, id int64, mri, etag string) (bool, error) {
	stored, err := b.store.roster(ctx, id)
	if err != nil {
		return false, err
	}
	client := b.fake.clientFor(mri)
	now, err := client.RefreshRoster(ctx, stored)
	if err != nil || now != stored || stored.ETag != etag || len(stored.Contacts) < b.options.contacts {
		return false, err
	}
	whole, err := client.GetRoster(ctx)
	if err != nil {
		return false, err
	}
	changes := whole.Changes(stored)
	return len(changes.Added)+len(changes.Removed)+len(changes.Changed) == 0, nil
}

// rows are the lines of the outcome.
func (o outcome) rows(opts options) [][]string {
	return [][]string{
		{"in the end", ""},
		{"accounts whose stored list is that of the service", fmt.Sprintf("%d of %d", o.current, o.accounts)},
		{"invites sent, as the bridge and as the service say", fmt.Sprintf("%d and %d of %d", o.sent, o.made, o.invites)},
		{"invites made twice", strconv.Itoa(o.twice)},
		{"invites looked for before another request", strconv.Itoa(o.lookups)},
		{"tokens renewed, and most often for one account", fmt.Sprintf("%d, %d", o.renewals, o.mostRenewals)},
		{"most requests in a second", fmt.Sprintf("%d; rate %d, burst %d", o.mostInASecond, opts.rate, opts.burst)},
		{"requests within the rest, beyond those under way", strconv.Itoa(o.duringRest)},
	}
}
