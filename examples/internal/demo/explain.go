package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// Explained is an error with the sentence about why something failed, for a failure that
// only one example has.
type Explained struct {
	Reason string
	Err    error
}

func (e Explained) Error() string { return e.Err.Error() }
func (e Explained) Unwrap() error { return e.Err }

// Explain returns a sentence for the user about why something failed, and the error. The
// errors of this package and of files need no such sentence if they have none.
func Explain(err error) string {
	_, isFile := errors.AsType[*fs.PathError](err)
	_, isExplained := errors.AsType[Explained](err)
	if !isExplained && (isFile || errors.Is(err, ErrUsage)) {
		return err.Error()
	}
	return fmt.Sprintf("%s\n(%v)", reason(err), err)
}

func reason(err error) string {
	var failure *skypecontacts.Error
	var explained Explained
	switch {
	case errors.As(err, &explained):
		return explained.Reason
	case errors.Is(err, context.Canceled):
		return "Interrupted."
	case strings.Contains(err.Error(), "the token source failed"):
		return "There is no Skype token."
	case errors.Is(err, context.DeadlineExceeded):
		return "The service took too long."
	case errors.Is(err, skypecontacts.ErrInvalid):
		return "An argument or SKYPE_USER is not valid."
	case errors.Is(err, skypecontacts.ErrUnauthorized):
		return "The service refused the token. Either it has expired, or SKYPE_USER is not the Skype name it belongs to."
	case errors.Is(err, skypecontacts.ErrForbidden):
		return "The service does not let this account do that."
	case errors.Is(err, skypecontacts.ErrNotFound):
		return "The service has nothing of that name, or no longer offers this."
	case errors.Is(err, skypecontacts.ErrRateLimited):
		if errors.As(err, &failure) && failure.RetryAfter > 0 {
			return fmt.Sprintf("The service has received too many requests. Try again in %v.", failure.RetryAfter)
		}
		return "The service has received too many requests. Try again in a few minutes."
	case errors.Is(err, skypecontacts.ErrUnavailable), errors.Is(err, skypecontacts.ErrRedirect):
		return "The service cannot be reached. Parts of it were shut down in May 2025."
	case errors.Is(err, skypecontacts.ErrDecode), errors.Is(err, skypecontacts.ErrTooLarge):
		return "The service sent a response that cannot be decoded."
	default:
		return "The program failed."
	}
}
