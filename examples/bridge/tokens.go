package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/skypecontacts/skypecontacts"
)

// renewer requests a new token with the secret of an account. Package teamsauth does this
// with a refresh token of a Microsoft account; here it is a path of the fake.
type renewer interface {
	renew(ctx context.Context, secret string) (value string, expiry time.Time, err error)
}

// tokenSource is the source of one account. It returns the token of the database, and
// requests a new one if that has expired or was refused. Of all processes only one does so.
type tokenSource struct {
	store   *store
	renewer renewer
	account int64
	stored  storedToken // as it was read with the account
	given   bool        // the client has got it
}

// Token implements [skypecontacts.TokenSource]. The client calls it a second time only if
// the service refused the first token or it has expired.
func (s *tokenSource) Token(ctx context.Context) (skypecontacts.Token, error) {
	if s.given || !s.stored.isValid() {
		renewed, err := s.store.renewToken(ctx, s.account, s.stored.version, s.renewer)
		if err != nil {
			return skypecontacts.Token{}, err
		}
		s.stored = renewed
	}
	s.given = true
	return skypecontacts.NewToken(s.stored.value, s.stored.expiry), nil
}

func (t storedToken) isValid() bool {
	return t.value != "" && (t.expiry.IsZero() || time.Now().Before(t.expiry))
}

// renewToken returns a token that is newer than a version. The lock on the row makes all
// others who need one for this account wait for the first, whose token they then get.
func (s *store) renewToken(ctx context.Context, account int64, refused int, r renewer) (t storedToken, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var secret, sealed []byte
		var version int
		var expiry *time.Time
		err := tx.QueryRow(ctx, `
			select secret, token, token_version, token_expiry from accounts where id = $1 for update`, account,
		).Scan(&secret, &sealed, &version, &expiry)
		if err != nil {
			return err
		}
		if t, err = s.openToken(account, sealed, version, expiry); err != nil {
			return err
		}
		if version > refused && t.isValid() {
			return nil
		}
		opened, err := s.sealer.open(account, "secret", secret)
		if err != nil {
			return err
		}
		value, until, err := r.renew(ctx, opened)
		if err != nil {
			return err
		}
		t = storedToken{value, version + 1, until}
		_, err = tx.Exec(ctx, `
			update accounts set token = $2, token_version = $3, token_expiry = $4 where id = $1`,
			account, s.sealer.seal(account, "token", value), t.version, until)
		return err
	})
	return t, err
}
