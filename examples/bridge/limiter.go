package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"github.com/skypecontacts/skypecontacts"
)

// sharedLimiter is the [skypecontacts.Limiter] of all clients of all processes: it permits
// a rate of requests to each service, and none while the service rests. Without Redis it
// permits none at all.
type sharedLimiter struct {
	rate  *redis_rate.Limiter
	limit redis_rate.Limit
	rest  *sharedRest

	patience time.Duration // a longer rest is an error, so that the job gives up its slot
	outage   time.Duration // how long it waits for Redis before that is an error

	mu    sync.Mutex
	doors map[string]*door
}

// door lets the calls of this process to one service ask Redis one after the other. All
// that wait for the same permit would otherwise ask at once whenever there is one.
type door struct {
	turn chan struct{}
	down time.Time // since when Redis does not respond, zero if it does; guarded by turn
}

func newSharedLimiter(r *redis.Client, rest *sharedRest, rate, burst int) *sharedLimiter {
	return &sharedLimiter{
		rate:     redis_rate.NewLimiter(r),
		limit:    redis_rate.Limit{Rate: rate, Burst: burst, Period: time.Second},
		rest:     rest,
		patience: time.Second,
		outage:   5 * time.Second,
		doors:    map[string]*door{},
	}
}

// restError is the error while a service rests for longer than a call should wait.
type restError struct{ left time.Duration }

func (e restError) Error() string { return "the service rests" }

// errNoRedis is the error when Redis has not responded for too long.
var errNoRedis = errors.New("the shared limiter does not respond")

// Wait implements [skypecontacts.Limiter].
func (l *sharedLimiter) Wait(ctx context.Context) error {
	op, _ := skypecontacts.OperationFrom(ctx)
	d := l.door(op.Service)
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for pause := time.Millisecond; ; {
		wait, err := l.ask(ctx, op.Service)
		switch {
		case err == nil && wait == 0:
			d.down = time.Time{}
			return nil
		case err == nil && wait > l.patience:
			d.down = time.Time{}
			return restError{wait}
		case err == nil:
			d.down = time.Time{}
		case ctx.Err() != nil:
			return ctx.Err()
		case d.down.IsZero():
			d.down = time.Now()
			wait = pause
		case time.Since(d.down) > l.outage:
			return errNoRedis
		default:
			pause = min(2*pause, 250*time.Millisecond)
			wait = pause
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// ask takes a permit, or returns how long to wait. The rest is looked at last, just before
// the request; a permit taken in vain makes the rate lower, never higher.
func (l *sharedLimiter) ask(ctx context.Context, service string) (time.Duration, error) {
	permit, err := l.rate.Allow(ctx, service, l.limit)
	if err != nil {
		return 0, err
	}
	if permit.Allowed == 0 {
		return max(permit.RetryAfter, time.Millisecond), nil
	}
	return l.rest.left(ctx, service)
}

func (l *sharedLimiter) door(service string) *door {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.doors[service]
	if d == nil {
		d = &door{turn: make(chan struct{}, 1)}
		l.doors[service] = d
	}
	return d
}

// sleep waits, or returns the error of the context.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// newRedis returns a connection pool that repeats nothing by itself: a permit whose
// response is lost is not asked for twice.
func newRedis(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr: addr, MaxRetries: -1, DialTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
		ContextTimeoutEnabled: true,
		// These are for services in the cloud that announce their maintenance.
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
}
