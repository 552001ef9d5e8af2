package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/skypecontacts/skypecontacts"
)

// inviteArgs is the job that sends an invite.
type inviteArgs struct {
	Invite int64 `json:"invite"`
}

func (inviteArgs) Kind() string                 { return "invite" }
func (inviteArgs) InsertOpts() river.InsertOpts { return onceAtATime(2) }

type inviteWorker struct {
	river.WorkerDefaults[inviteArgs]
	store   *store
	clients *clients
}

// Work sends an invite at most once, although it may run any number of times and end at
// any line. A second invite to the same person would send a second message.
func (w *inviteWorker) Work(ctx context.Context, job *river.Job[inviteArgs]) error {
	in, err := w.store.invite(ctx, job.Args.Invite)
	if err != nil {
		return withoutData(err)
	}
	if in.state == inviteSent || in.state == inviteFailed {
		return nil
	}
	a, err := w.store.account(ctx, in.account)
	if err != nil {
		return withoutData(err)
	}
	client, err := w.clients.client(a)
	if err != nil {
		return withoutData(err)
	}
	state, failure, err := w.advance(ctx, client, in)
	if err != nil {
		return err
	}
	return withoutData(complete(ctx, w.store, job, func(tx pgx.Tx) error {
		return setInvite(ctx, tx, in, state, failure)
	}))
}

// advance brings an invite to its final state, or returns what river is to do.
func (w *inviteWorker) advance(ctx context.Context, client *skypecontacts.Client, in *invite) (state, failure string, err error) {
	if in.state != inviteNew {
		made, err := w.look(ctx, client, in)
		if err != nil || made {
			return inviteSent, "", err
		}
	} else if has, err := w.store.hasContact(ctx, in.account, in.peer); err != nil || has {
		return inviteFailed, "a contact already", withoutData(err)
	}
	if err := w.store.beginSending(ctx, in); err != nil {
		return "", "", withoutData(err)
	}
	err = client.SendInvite(ctx, skypecontacts.MRI(in.peer), in.greeting)
	var refused *skypecontacts.Error
	switch {
	case err == nil:
		return inviteSent, "", nil
	case !errors.As(err, &refused):
		return "", "", withoutData(err)
	case refused.MaybeApplied:
		// Also if the job was canceled. Without the database the state is still sending,
		// which is looked into like this one.
		ctx := context.WithoutCancel(ctx)
		if err := setInvite(ctx, w.store.pool, in, inviteMaybe, ""); err != nil {
			return "", "", withoutData(err)
		}
		return "", "", river.JobSnooze(time.Second)
	case isFinal(err):
		return inviteFailed, failureKind(err), nil
	}
	if err := setInvite(context.WithoutCancel(ctx), w.store.pool, in, inviteNew, ""); err != nil {
		return "", "", withoutData(err)
	}
	return "", "", afterFailure(err)
}

// look reports whether an invite was made: the service has no list of sent invites, but
// whoever was invited is in the contact list. A request that was interrupted may still be
// on its way, so nobody looks before it is certainly over.
func (w *inviteWorker) look(ctx context.Context, client *skypecontacts.Client, in *invite) (made bool, err error) {
	if wait := time.Until(in.sendingAt.Add(2 * requestTimeout)); in.state == inviteSending && wait > 0 {
		return false, river.JobSnooze(wait)
	}
	list, err := client.ListContacts(ctx)
	if err != nil {
		return false, afterFailure(err)
	}
	made = slices.ContainsFunc(list.Contacts, func(c skypecontacts.Contact) bool {
		return strings.EqualFold(string(c.MRI), in.peer)
	})
	return made, withoutData(w.store.lookedInto(ctx, in))
}

// isFinal reports whether another attempt would end in the same way.
func isFinal(err error) bool { return failureKind(err) != "" }

// failureKind is the kind of a final failure.
func failureKind(err error) string {
	for _, kind := range []error{
		skypecontacts.ErrInvalid, skypecontacts.ErrForbidden, skypecontacts.ErrNotFound, skypecontacts.ErrConflict,
	} {
		if errors.Is(err, kind) {
			return kind.Error()
		}
	}
	return ""
}
