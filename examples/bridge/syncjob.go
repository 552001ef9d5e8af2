package main

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/skypecontacts/skypecontacts"
)

// syncArgs is the job that synchronizes the roster of an account. Arguments are shown by
// every tool for the queue, so the account is its key in the database.
type syncArgs struct {
	Account int64 `json:"account" river:"unique"`
	Round   int   `json:"round"`
}

func (syncArgs) Kind() string                 { return "sync" }
func (syncArgs) InsertOpts() river.InsertOpts { return onceAtATime(3) }

type syncWorker struct {
	river.WorkerDefaults[syncArgs]
	store   *store
	clients *clients
}

// Work synchronizes a roster. Whatever is lost between the response and the commit is
// requested again by the next attempt, as the old ETag is still there.
func (w *syncWorker) Work(ctx context.Context, job *river.Job[syncArgs]) error {
	a, err := w.store.account(ctx, job.Args.Account)
	if errors.Is(err, errNoAccount) {
		return river.JobCancel(errNoAccount)
	}
	if err != nil {
		return withoutData(err)
	}
	client, err := w.clients.client(a)
	if err != nil {
		return withoutData(err)
	}
	roster, err := w.refresh(ctx, client, a)
	if err != nil {
		return afterFailure(err)
	}
	return withoutData(complete(ctx, w.store, job, func(tx pgx.Tx) error {
		return storeRoster(ctx, tx, a.id, job.Args.Round, a.etag, roster)
	}))
}

// refresh returns the roster of an account, or nil if it is as it is stored. Most have not
// changed, so the ETag alone is sent first. The stored roster, a hundred kilobytes, is
// read only for those that have.
func (w *syncWorker) refresh(ctx context.Context, client *skypecontacts.Client, a *account) (*skypecontacts.Roster, error) {
	known := &skypecontacts.Roster{ETag: a.etag}
	roster, err := client.RefreshRoster(ctx, known)
	switch {
	case err != nil:
		return nil, err
	case roster == known:
		return nil, nil
	case !strings.EqualFold(roster.Scope, "delta"):
		return roster, nil
	}
	stored, err := w.store.roster(ctx, a.id)
	if err != nil {
		return nil, err
	}
	return client.RefreshRoster(ctx, stored)
}
