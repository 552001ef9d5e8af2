package main

import (
	"context"
	_ "embed"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed schema.sql
var schema string

// store is the database of the bridge.
type store struct {
	pool   *pgxpool.Pool
	sealer *sealer
}

// openStore connects to a database, with a limit on the number of connections.
func openStore(ctx context.Context, url string, connections int32, s *sealer) (*store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return &store{pool, s}, nil
}

// migrate makes the tables of the bridge and of river that are not there yet.
func (s *store) migrate(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, schema); err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(s.pool), &rivermigrate.Config{Logger: quietLog()})
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// account is what a job needs to act for an account, without its roster.
type account struct {
	id    int64
	mri   string
	etag  string // of the roster
	token storedToken
}

// storedToken is a token with the number by which a newer one is told from it.
type storedToken struct {
	value   string // empty if there is none
	version int
	expiry  time.Time
}

// errNoAccount is returned for an account that was removed while its job waited.
var errNoAccount = errors.New("there is no such account")

// account reads an account.
func (s *store) account(ctx context.Context, id int64) (*account, error) {
	a := account{id: id}
	var sealed []byte
	var expiry *time.Time
	err := s.pool.QueryRow(ctx, `
		select mri, token, token_version, token_expiry, etag
		from accounts join rosters on account = id where id = $1`, id,
	).Scan(&a.mri, &sealed, &a.token.version, &expiry, &a.etag)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errNoAccount
	}
	if err != nil {
		return nil, err
	}
	a.token, err = s.openToken(id, sealed, a.token.version, expiry)
	return &a, err
}

// openToken decrypts the columns of a token.
func (s *store) openToken(account int64, sealed []byte, version int, expiry *time.Time) (t storedToken, err error) {
	t.version = version
	if expiry != nil {
		t.expiry = *expiry
	}
	if sealed != nil {
		t.value, err = s.sealer.open(account, "token", sealed)
	}
	return t, err
}

// newAccount is an account that is added.
type newAccount struct{ mri, secret string }

// addAccounts adds accounts. Their secrets are sealed, which binds them to the key of the
// row, so the keys are reserved first.
func (s *store) addAccounts(ctx context.Context, added []newAccount) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select nextval(pg_get_serial_sequence('accounts', 'id')) from generate_series(1, $1)`, len(added))
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `create temporary table added (id bigint, mri text, secret bytea) on commit drop`)
		if err != nil {
			return err
		}
		_, err = tx.CopyFrom(ctx, pgx.Identifier{"added"}, []string{"id", "mri", "secret"},
			pgx.CopyFromSlice(len(added), func(i int) ([]any, error) {
				return []any{ids[i], added[i].mri, s.sealer.seal(ids[i], "secret", added[i].secret)}, nil
			}))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			with a as (insert into accounts (id, mri, secret) overriding system value select id, mri, secret from added returning id)
			insert into rosters (account) select id from a`)
		return err
	})
}
