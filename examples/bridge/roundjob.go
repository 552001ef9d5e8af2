package main

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// roundArgs is the periodic job that begins the next round of synchronization.
type roundArgs struct{}

func (roundArgs) Kind() string                 { return "round" }
func (roundArgs) InsertOpts() river.InsertOpts { return onceAtATime(1) }

type roundWorker struct {
	river.WorkerDefaults[roundArgs]
	store *store
}

// insertedAtOnce is how many jobs one statement inserts.
const insertedAtOnce = 5000

// Work begins a round if the last one is over: it stores the round and inserts a job for
// each account, all in one transaction.
func (w *roundWorker) Work(ctx context.Context, job *river.Job[roundArgs]) error {
	err := complete(ctx, w.store, job, func(tx pgx.Tx) error {
		round, err := beginRound(ctx, tx)
		if err != nil || round == 0 {
			return err
		}
		rows, err := tx.Query(ctx, `select account from rosters`)
		if err != nil {
			return err
		}
		accounts, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		params := make([]river.InsertManyParams, 0, min(len(accounts), insertedAtOnce))
		for i, id := range accounts {
			params = append(params, river.InsertManyParams{Args: syncArgs{Account: id, Round: round}})
			if len(params) < insertedAtOnce && i < len(accounts)-1 {
				continue
			}
			if _, err := river.ClientFromContext[pgx.Tx](ctx).InsertManyFastTx(ctx, tx, params); err != nil {
				return err
			}
			params = params[:0]
		}
		return nil
	})
	return withoutData(err)
}

// beginRound stores the next round and returns its number, or 0 if an account is missing
// in the last one or there are to be no more.
func beginRound(ctx context.Context, tx pgx.Tx) (round int, err error) {
	rows, err := tx.Query(ctx, `
		with last as (select coalesce(max(number), 0) as number from rounds)
		insert into rounds (number)
		select number + 1 from last, plan
		where (plan.rounds is null or number < plan.rounds)
			and not exists (select from rosters where round < number)
		on conflict do nothing
		returning number`)
	if err != nil {
		return 0, err
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil || len(numbers) == 0 {
		return 0, err
	}
	return numbers[0], nil
}
