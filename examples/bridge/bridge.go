package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// bridge is everything of a run: the servers, the fake service, the database and the
// workers.
type bridge struct {
	options options
	dir     string
	servers *servers
	fake    *fakeService
	store   *store
	queue   *river.Client[pgx.Tx] // only inserts jobs
	keyFile string
	workers []*workerProcess
	ended   []*workerProcess // that were not killed
	started int              // workers so far, for their names
	log     io.Writer        // of the workers

	restBroken int // requests during a rest that cannot have been under way
}

// options are the flags.
type options struct {
	accounts, contacts int
	workers, slots     int
	rate, burst        int
	invites            int
	keyFile            string
	verbose            bool
	size               fakeSize
}

// allSlots is how many requests may be under way at once, of all workers.
func (o *options) allSlots() int { return o.workers * o.slots }

// startBridge starts the servers and the fake, and fills the database. The caller stops the
// bridge, also after an error.
func startBridge(ctx context.Context, o options, log io.Writer) (b *bridge, err error) {
	b = &bridge{options: o, log: log, keyFile: o.keyFile}
	if b.dir, err = os.MkdirTemp("", "bridge-"); err != nil {
		return b, err
	}
	// The user postgres has to get to its folder.
	if err := os.Chmod(b.dir, 0o711); err != nil { //nolint:gosec // what is in it has narrower modes
		return b, err
	}
	if b.keyFile == "" {
		b.keyFile = filepath.Join(b.dir, "key")
		if err := writeKey(b.keyFile); err != nil {
			return b, err
		}
	}
	if b.servers, err = startServers(ctx, b.dir); err != nil {
		return b, err
	}
	b.fake = startFake(fakeSize{
		accounts: o.accounts, contacts: o.contacts, latency: o.size.latency,
		// What the limiter permits in a second, and what may have been under way before.
		limit: o.rate + o.burst + o.allSlots(),
	})
	return b, b.fill(ctx)
}

// fill makes the tables and adds the accounts.
func (b *bridge) fill(ctx context.Context) error {
	sealer, err := readSealer(b.keyFile)
	if err != nil {
		return err
	}
	if b.store, err = openStore(ctx, b.servers.databaseURL, 4, sealer); err != nil {
		return err
	}
	if err := b.store.migrate(ctx); err != nil {
		return err
	}
	if err := b.store.addAccounts(ctx, b.fake.accounts); err != nil {
		return err
	}
	b.queue, err = newQueue(b.store, nil, "filler", 0, quietLog())
	return err
}

// stop ends everything and removes the data.
func (b *bridge) stop() error {
	var failed []error
	for _, w := range b.workers {
		failed = append(failed, w.stop())
	}
	if b.store != nil {
		b.store.pool.Close()
	}
	b.servers.stop()
	if b.fake != nil {
		b.fake.server.Close()
	}
	return errors.Join(errors.Join(failed...), os.RemoveAll(b.dir))
}

// startWorker adds a worker process.
func (b *bridge) startWorker() error {
	b.started++
	w, err := startWorker(workerConfig{
		Name: fmt.Sprintf("worker-%d", b.started), Database: b.servers.databaseURL, Redis: b.servers.redisAddr, KeyFile: b.keyFile,
		Endpoints: b.fake.server.Endpoints(), RenewURL: b.fake.server.URL + renewPath,
		Slots: b.options.slots, Rate: b.options.rate, Burst: b.options.burst,
	}, b.log)
	if err != nil {
		return err
	}
	b.workers = append(b.workers, w)
	return nil
}

// killWorker kills the worker with a name.
func (b *bridge) killWorker(name string) {
	b.workers = slices.DeleteFunc(b.workers, func(w *workerProcess) bool {
		if w.name == name {
			w.kill()
		}
		return w.name == name
	})
}

// setWorkers starts or stops workers until there are n.
func (b *bridge) setWorkers(n int) error {
	for len(b.workers) > n {
		last := b.workers[len(b.workers)-1]
		b.workers = b.workers[:len(b.workers)-1]
		if err := last.stop(); err != nil {
			return err
		}
		b.ended = append(b.ended, last)
	}
	for len(b.workers) < n {
		if err := b.startWorker(); err != nil {
			return err
		}
	}
	return nil
}

// planRounds says how many rounds there are to be. The workers begin those that are missing.
func (b *bridge) planRounds(ctx context.Context, n int) error {
	return await(ctx, func() error {
		_, err := b.store.pool.Exec(ctx, `update plan set rounds = $1`, n)
		return err
	})
}

// inviteSome adds invites of accounts to others, and a job for each in the same transaction.
func (b *bridge) inviteSome(ctx context.Context, n, step int) error {
	return pgx.BeginFunc(ctx, b.store.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			insert into invites (account, peer, greeting)
			select a.id, p.mri, 'Hello from the bridge'
			from (select id, row_number() over (order by id) - 1 as n from accounts) a
			join (select mri, row_number() over (order by id) - 1 as n from accounts) p
				on p.n = (a.n + $2) % (select count(*) from accounts)
			where a.n < $1
			returning id`, n, step)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		params := make([]river.InsertManyParams, 0, len(ids))
		for _, id := range ids {
			params = append(params, river.InsertManyParams{Args: inviteArgs{Invite: id}})
		}
		_, err = b.queue.InsertManyFastTx(ctx, tx, params)
		return err
	})
}

// progress is how far the bridge is.
type progress struct {
	round, synced             int // the last round, and how many accounts are in it
	invites, sent, inviteOver int
}

func (b *bridge) progress(ctx context.Context) (p progress, err error) {
	err = b.store.pool.QueryRow(ctx, `
		with last as (select coalesce(max(number), 0) as number from rounds)
		select number, (select count(*) from rosters where round >= number),
			(select count(*) from invites), (select count(*) from invites where state = 'sent'),
			(select count(*) from invites where state in ('sent', 'failed'))
		from last`).Scan(&p.round, &p.synced, &p.invites, &p.sent, &p.inviteOver)
	return p, err
}

// awaitRound waits until all accounts have been synchronized in a round.
func (b *bridge) awaitRound(ctx context.Context, round int) error {
	return await(ctx, func() error {
		p, err := b.progress(ctx)
		if err == nil && (p.round < round || p.round == round && p.synced < b.options.accounts) {
			err = fmt.Errorf("round %d has %d accounts", p.round, p.synced)
		}
		return err
	})
}

// awaitInvites waits until no invite is open.
func (b *bridge) awaitInvites(ctx context.Context) error {
	return await(ctx, func() error {
		p, err := b.progress(ctx)
		if err == nil && p.inviteOver < p.invites {
			err = fmt.Errorf("%d of %d invites are done", p.inviteOver, p.invites)
		}
		return err
	})
}
