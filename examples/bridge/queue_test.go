package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// limiterFunc is a limiter.
type limiterFunc func() error

func (f limiterFunc) Wait(context.Context) error { return f() }

// What asks for patience is snoozed for as long as it says; the rest is a failed attempt,
// whose text says nothing of an account.
func TestAfterFailure(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	t.Cleanup(server.Close)
	listWith := func(fault *skypetest.Fault, refused error) error {
		if fault != nil {
			server.Inject(*fault)
		}
		client := server.Client(
			skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1}),
			skypecontacts.WithLimiter(limiterFunc(func() error { return refused })))
		_, err := client.ListGroups(t.Context())
		require.Error(t, err)
		return err
	}
	for name, c := range map[string]struct{ err, want error }{
		"rest":            {listWith(nil, restError{9 * time.Second}), river.JobSnooze(9 * time.Second)},
		"no Redis":        {listWith(nil, errNoRedis), river.JobSnooze(noRedisPause)},
		"429":             {listWith(&skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: 3 * time.Second}, nil), river.JobSnooze(3 * time.Second)},
		"database":        {&pgconn.PgError{Code: "22P02", Message: `invalid: "8:joe.4"`}, plainError("the database refused it: SQLSTATE 22P02")},
		"no database":     {errors.New("dial: 8:joe.4"), plainError("the database does not respond")},
		"end of the job":  {fmt.Errorf("8:joe.4: %w", context.DeadlineExceeded), plainError("the job ran out of time")},
		"another job":     {errInviteMoved, errInviteMoved},
		"account removed": {errNoAccount, errNoAccount},
		"none":            {nil, nil},
	} {
		assert.Equal(t, c.want, afterFailure(c.err), name)
	}
	failed := afterFailure(fmt.Errorf("8:joe.4: %w", listWith(&skypetest.Fault{Kind: skypetest.FaultStatus}, nil)))
	assert.EqualError(t, failed, "skypecontacts: ListGroups: GET /users/{id}/groups: 503 Service Unavailable")
}

func TestRetryPolicy(t *testing.T) {
	t.Parallel()
	for attempt, want := range map[int]time.Duration{1: time.Second, 3: 4 * time.Second, 7: time.Minute, 99: time.Minute} {
		next := retryPolicy{}.NextRetry(&rivertype.JobRow{Attempt: attempt})
		assert.InDelta(t, want, time.Until(next), float64(time.Second), attempt)
	}
}
