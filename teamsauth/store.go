package teamsauth

import (
	"context"
	"errors"
)

// Store keeps the refresh token of one account. [Keyring] and [File] are stores; a program
// may have another one. An [Account] calls the methods one at a time. They may wait for the
// user, but [Account.Token] reports a store that needs more than some seconds.
//
// Several accounts, also of several processes, can share a store. Each loads the token
// before every use, so that a sign-in or sign-out of one is that of all. Two that use the
// token at the same time get one each, of which the first one stays; if the service takes a
// token only once, the one that is refused uses what the other has stored within a second.
// Nothing locks the store: whoever needs that one process at a time uses it has to see to it.
//
// A store may have a method Check(ctx context.Context) error, too, that returns why Save
// would fail. [Account.SignIn] calls it before the user is asked.
type Store interface {
	// Load returns the refresh token, "" if there is none.
	Load(ctx context.Context) (refreshToken string, err error)
	// Save replaces the refresh token. If it fails, the old one should stay. ctx has no end,
	// since a token that the service has issued must not be lost.
	Save(ctx context.Context, refreshToken string) error
	// Delete removes the refresh token, if there is one.
	Delete(ctx context.Context) error
}

// storeError is why a store of this package failed. Its text names the store and the
// problem, and has nothing of what is stored.
type storeError struct {
	store   string // such as `file "token"`
	problem string
	cause   error
}

func (e storeError) Error() string { return e.store + ": " + e.problem }
func (e storeError) Unwrap() error { return e.cause }

// storeFailure is the error of a step that failed in the store. Only texts of this package
// are used.
func storeFailure(op string, err error) *Error {
	if known, ok := errors.AsType[storeError](err); ok {
		return &Error{Op: op, err: cause{text: known.Error(), origin: err}}
	}
	return &Error{Op: op, err: cause{text: "the store failed", origin: err}}
}

// storeTooSlow is the error of a step whose time the store has used up. The service has
// nothing to do with it.
func storeTooSlow(op string, ended error) *Error {
	return &Error{Op: op, err: cause{text: "the store took too long", origin: ended}}
}
