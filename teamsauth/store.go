package teamsauth

import (
	"context"
	"errors"
)

// Store keeps the refresh token of one account. [Keyring] and [File] are stores; a program
// may have another one. The methods are called one at a time, and may wait for the user.
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
