package main

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// The states of an invite. From sending and maybe the way on leads through a look at the
// service, never straight to another request.
const (
	inviteNew     = "new"     // no request was sent that may have made it
	inviteSending = "sending" // a request is under way, or was when a program ended
	inviteMaybe   = "maybe"   // a request may have made it
	inviteSent    = "sent"    // it is made
	inviteFailed  = "failed"  // it is refused for good
)

// invite is an invite that an account sends.
type invite struct {
	id        int64
	account   int64
	peer      string
	greeting  string
	state     string
	sendingAt time.Time // of the last request
	requests  int
}

// errInviteMoved is returned if another job has changed the invite meanwhile.
var errInviteMoved = errors.New("another job has this invite")

// invite reads an invite.
func (s *store) invite(ctx context.Context, id int64) (*invite, error) {
	in := invite{id: id}
	var sendingAt *time.Time
	err := s.pool.QueryRow(ctx, `
		select account, peer, greeting, state, sending_at, requests from invites where id = $1`, id,
	).Scan(&in.account, &in.peer, &in.greeting, &in.state, &sendingAt, &in.requests)
	if sendingAt != nil {
		in.sendingAt = *sendingAt
	}
	return &in, err
}

// beginSending stores that a request is about to be sent. It fails if another job has
// done so since the invite was read, so that of two jobs only one sends.
func (s *store) beginSending(ctx context.Context, in *invite) error {
	tag, err := s.pool.Exec(ctx, `
		update invites set state = 'sending', sending_at = now(), requests = requests + 1
		where id = $1 and state = $2 and requests = $3`, in.id, in.state, in.requests)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return errInviteMoved
	}
	in.state, in.requests = inviteSending, in.requests+1
	return nil
}

// lookedInto stores that an invite was not found at the service.
func (s *store) lookedInto(ctx context.Context, in *invite) error {
	_, err := s.pool.Exec(ctx, `update invites set lookups = lookups + 1 where id = $1`, in.id)
	return err
}

// setInvite stores the result of a request or of a look, unless another request has begun.
func setInvite(ctx context.Context, db execer, in *invite, state, failure string) error {
	_, err := db.Exec(ctx, `
		update invites set state = $3, failure = $4 where id = $1 and requests = $2`, in.id, in.requests, state, failure)
	return err
}

// execer is a pool of connections or a transaction.
type execer interface {
	Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error)
}
