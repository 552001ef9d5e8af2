package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/skypecontacts/skypecontacts"
)

// sharedRest is the time in which no process calls a service, since one of them got a 429.
// It is a key of Redis for each service that expires when the rest is over.
type sharedRest struct {
	redis *redis.Client

	mu    sync.Mutex
	local map[string]localRest // by service
}

// localRest is what this process knows of a rest, also while Redis does not respond.
type localRest struct {
	until     time.Time
	published bool
}

func newSharedRest(r *redis.Client) *sharedRest {
	return &sharedRest{redis: r, local: map[string]localRest{}}
}

// publishTimeout limits how long a call waits until its 429 is known to the others.
const publishTimeout = time.Second

// observe begins a rest when a service asks for one. It is an observer of
// [skypecontacts.WithObserver].
func (r *sharedRest) observe(ctx context.Context, a skypecontacts.Attempt) {
	if a.Status != http.StatusTooManyRequests {
		return
	}
	r.mu.Lock()
	if until := time.Now().Add(a.RetryAfter); until.After(r.local[a.Service].until) {
		r.local[a.Service] = localRest{until: until}
	}
	r.mu.Unlock()
	// The call may have been canceled, and the others still have to know. If it fails,
	// left tries again before this process sends anything.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishTimeout)
	defer cancel()
	_ = r.publish(ctx, a.Service)
}

// extend sets the key, unless the rest lasts longer already.
var extend = redis.NewScript(`
	if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
		redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
	end
	return 1`)

// publish tells the other processes of the rest that this one knows, once.
func (r *sharedRest) publish(ctx context.Context, service string) error {
	r.mu.Lock()
	known := r.local[service]
	r.mu.Unlock()
	left := time.Until(known.until).Milliseconds()
	if known.published || left <= 0 {
		return nil
	}
	if err := extend.Run(ctx, r.redis, []string{restKey(service)}, left).Err(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.local[service].until.Equal(known.until) {
		r.local[service] = localRest{known.until, true}
	}
	return nil
}

// left returns how long a service is to be left alone, by what any process was told.
func (r *sharedRest) left(ctx context.Context, service string) (time.Duration, error) {
	if err := r.publish(ctx, service); err != nil {
		return 0, err
	}
	shared, err := r.redis.PTTL(ctx, restKey(service)).Result()
	if err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return max(shared, time.Until(r.local[service].until), 0), nil // without a key shared is negative
}

func restKey(service string) string { return "rest:" + service }
