package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
	"github.com/skypecontacts/skypecontacts"
)

const (
	// jobTimeout limits a job with its waits for the limiter.
	jobTimeout = 15 * time.Second
	// rescueAfter is when a job of a process that died is given to another: no earlier
	// than jobTimeout, so that no job runs twice at once.
	rescueAfter = 15 * time.Second
)

// unfinished are the states in which a job stands in the way of another of its kind with
// the same arguments.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}
}

// onceAtATime permits one unfinished job of a kind with the same arguments.
func onceAtATime(priority int) river.InsertOpts {
	return river.InsertOpts{Priority: priority, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()}}
}

// newQueue returns the job queue of a process. Without slots it only inserts jobs.
func newQueue(s *store, c *clients, id string, slots int, log *slog.Logger) (*river.Client[pgx.Tx], error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &roundWorker{store: s})
	river.AddWorker(workers, &syncWorker{store: s, clients: c})
	river.AddWorker(workers, &inviteWorker{store: s, clients: c})
	config := &river.Config{
		ID: id, Logger: log, Workers: workers,
		JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, RetryPolicy: retryPolicy{},
	}
	if slots > 0 {
		config.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: slots}}
		config.FetchCooldown = 10 * time.Millisecond // a sync is short: 100 ms would leave slots empty
		config.PeriodicJobs = []*river.PeriodicJob{river.NewPeriodicJob(
			river.PeriodicInterval(time.Second),
			func() (river.JobArgs, *river.InsertOpts) { return roundArgs{}, nil },
			&river.PeriodicJobOpts{RunOnStart: true},
		)}
	}
	return river.NewClient(riverpgxv5.New(s.pool), config)
}

// complete ends a job in the transaction that stores its result: either both are in the
// database or none is.
func complete[T river.JobArgs](ctx context.Context, s *store, job *river.Job[T], change func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
}

// retryPolicy is the pause after a failed job: from a second, doubled to a minute.
type retryPolicy struct{}

func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(min(time.Second<<min(job.Attempt-1, 6), time.Minute))
}

// noRedisPause is how long a job is left while the shared limiter does not respond.
const noRedisPause = 2 * time.Second

// afterFailure says what becomes of a job that failed. What asks for patience snoozes it,
// which does not count as an attempt; anything else is a failed attempt.
func afterFailure(err error) error {
	var rest restError
	var failure *skypecontacts.Error
	switch {
	case errors.As(err, &rest):
		return river.JobSnooze(rest.left)
	case errors.Is(err, errNoRedis):
		return river.JobSnooze(noRedisPause)
	case errors.As(err, &failure) && errors.Is(err, skypecontacts.ErrRateLimited):
		return river.JobSnooze(max(failure.RetryAfter, time.Second))
	default:
		return withoutData(err)
	}
}

// plainError is an error whose text may be stored with a job and printed.
type plainError string

func (e plainError) Error() string { return string(e) }

// withoutData returns an error for river, which stores and logs its text. Errors of the SDK
// are made for that. Those of the database may quote what was to be stored.
func withoutData(err error) error {
	var failure *skypecontacts.Error
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failure):
		return failure
	case errors.As(err, &refused):
		return plainError("the database refused it: SQLSTATE " + refused.Code)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return plainError("the job ran out of time")
	case errors.Is(err, errInviteMoved), errors.Is(err, errNoAccount):
		return err
	default:
		return plainError("the database does not respond")
	}
}

// quietLog is for what a program does not want to hear.
func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }
