package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// roundResult is one round of synchronization.
type roundResult struct {
	name     string
	workers  int
	requests []received
	syncs    syncs
}

// runRound runs one round with a number of workers.
func (b *bridge) runRound(ctx context.Context, number, workers int, name string) (roundResult, error) {
	if err := b.setWorkers(workers); err != nil {
		return roundResult{}, err
	}
	before := b.fake.count()
	if err := errors.Join(b.planRounds(ctx, number), b.awaitRound(ctx, number)); err != nil {
		return roundResult{}, err
	}
	r := roundResult{name: name, workers: workers, requests: b.fake.since(before)}
	r.syncs = syncsOf(r.requests)
	return r, nil
}

// breakage is something that goes wrong while the bridge runs.
type breakage struct {
	name   string
	happen func(context.Context, *bridge) (seen string, err error)
}

// progressAfter is how many successful requests show that the bridge works again.
const progressAfter = 20

// breakages is everything that goes wrong, one after the other, while workers synchronize
// and send invites.
func breakages(rest time.Duration) []breakage {
	return []breakage{
		{"a worker is killed while its invite is under way", func(ctx context.Context, b *bridge) (string, error) {
			made, killed := make(chan string, 1), make(chan struct{})
			b.fake.holdInvite(func(worker string) {
				made <- worker
				<-killed
			})
			defer close(killed)
			if err := b.inviteSome(ctx, b.options.invites, 2); err != nil {
				return "", err
			}
			select {
			case worker := <-made:
				b.killWorker(worker)
				return "the invite is made and its worker dead; another takes its place", b.startWorker()
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}},
		{"Redis is stopped and started", func(ctx context.Context, b *bridge) (string, error) {
			b.servers.redis.stop()
			if err := b.awaitSilence(ctx); err != nil {
				return "", err
			}
			before := b.fake.count()
			if err := b.servers.redis.start(ctx); err != nil {
				return "", err
			}
			return "no request without it", b.awaitSuccesses(ctx, before)
		}},
		{"PostgreSQL is restarted", func(ctx context.Context, b *bridge) (string, error) {
			b.servers.postgres.stop()
			before := b.fake.count()
			if err := b.servers.postgres.start(ctx); err != nil {
				return "", err
			}
			return "the workers connect again", b.awaitSuccesses(ctx, before)
		}},
		{"429 to everybody for " + rest.String(), func(ctx context.Context, b *bridge) (string, error) {
			return b.breakRate(ctx, rest)
		}},
		{"all tokens expire", func(ctx context.Context, b *bridge) (string, error) {
			before := b.fake.count()
			b.fake.expireTokens()
			return "one renewal an account", b.awaitSuccesses(ctx, before)
		}},
	}
}

// breakRate refuses everybody for a time. A worker that begins meanwhile has never got a 429:
// it knows of the rest from the others only.
func (b *bridge) breakRate(ctx context.Context, rest time.Duration) (seen string, err error) {
	before := b.fake.count()
	until := b.fake.beginRest(rest)
	err = await(ctx, func() error {
		return unless(withStatus(b.fake.since(before), http.StatusTooManyRequests) > 0, "nobody got a 429")
	})
	if err != nil {
		return "", err
	}
	if err := errors.Join(b.setWorkers(len(b.workers)-1), b.startWorker()); err != nil {
		return "", err
	}
	late := b.workers[len(b.workers)-1].name
	err = await(ctx, func() error {
		var works bool
		err := b.store.pool.QueryRow(ctx, `select exists (select from river_job where $1 = any(attempted_by))`, late).Scan(&works)
		return errors.Join(err, unless(works, "the late worker has no job"))
	})
	if err != nil {
		return "", err
	}
	if time.Now().After(until) {
		return "", errors.New("the late worker began after the rest")
	}
	if err := b.awaitSuccesses(ctx, before); err != nil {
		return "", err
	}
	requests := b.fake.since(before)
	n, last := duringRest(requests, until)
	b.restBroken = max(0, n-b.options.allSlots()) + sentBy(requests, late, until)
	return fmt.Sprintf("sent %d times within %d ms; to a worker that began meanwhile %d times", n, last.Milliseconds(), sentBy(requests, late, until)), nil
}

// runBroken lets everything go wrong while rounds and invites run, and then waits until all
// invites are done, and one more whole round after them.
func (b *bridge) runBroken(ctx context.Context, rest time.Duration, report func(name, seen string)) error {
	b.fake.loseResponses(lostShare)
	if err := b.planRounds(ctx, 1<<30); err != nil {
		return err
	}
	for _, broken := range breakages(rest) {
		seen, err := broken.happen(ctx, b)
		if err != nil {
			return fmt.Errorf("%s: %w", broken.name, err)
		}
		report(broken.name, seen)
	}
	if err := b.awaitInvites(ctx); err != nil {
		return err
	}
	p, err := b.progress(ctx)
	if err != nil {
		return err
	}
	return errors.Join(b.planRounds(ctx, p.round+1), b.awaitRound(ctx, p.round+1))
}

// lostShare is the share of invites whose response is lost.
const lostShare = 0.3

// awaitSuccesses waits until requests succeed again.
func (b *bridge) awaitSuccesses(ctx context.Context, before int) error {
	return await(ctx, func() error {
		n := 0
		for _, r := range b.fake.since(before) {
			if r.status/100 == 2 || r.status == http.StatusNotModified {
				n++
			}
		}
		return unless(n >= progressAfter, "only "+strconv.Itoa(n)+" requests succeeded")
	})
}

// silence is how long there must be no request until it is certain that none is sent.
const silence = time.Second

// awaitSilence waits until no request has arrived for a time.
func (b *bridge) awaitSilence(ctx context.Context) error {
	last, since := b.fake.count(), time.Now()
	return await(ctx, func() error {
		if n := b.fake.count(); n != last {
			last, since = n, time.Now()
		}
		return unless(time.Since(since) > silence, "requests are still sent")
	})
}

// unless returns an error unless a condition holds.
func unless(ok bool, text string) error {
	if ok {
		return nil
	}
	return errors.New(text)
}
