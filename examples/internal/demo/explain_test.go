package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{context.Canceled, "Interrupted."},
		{context.DeadlineExceeded, "The service took too long."},
		{skypecontacts.ErrInvalid, "An argument or SKYPE_USER is not valid."},
		{skypecontacts.ErrUnauthorized, "The service refused the token. Either it has expired, or SKYPE_USER is not the Skype name it belongs to."},
		{skypecontacts.ErrForbidden, "The service does not let this account do that."},
		{skypecontacts.ErrNotFound, "The service has nothing of that name, or no longer offers this."},
		{skypecontacts.ErrRateLimited, "The service has received too many requests. Try again in a few minutes."},
		{skypecontacts.ErrUnavailable, "The service cannot be reached. Parts of it were shut down in May 2025."},
		{skypecontacts.ErrRedirect, "The service cannot be reached. Parts of it were shut down in May 2025."},
		{skypecontacts.ErrDecode, "The service sent a response that cannot be decoded."},
		{skypecontacts.ErrTooLarge, "The service sent a response that cannot be decoded."},
		{errors.New("disk full"), "The program failed."},
		{fmt.Errorf("wrapped: %w", Explained{"Only one example has that.", skypecontacts.ErrForbidden}), "Only one example has that."},
		{Explained{"A file of that example.", &fs.PathError{Op: "open", Path: "none", Err: fs.ErrNotExist}}, "A file of that example."},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want+"\n("+tt.err.Error()+")", Explain(tt.err))
		})
	}
}

func TestExplainRetryAfter(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: 5 * time.Minute})
	_, err := srv.Client().ListGroups(t.Context())
	text, _, _ := strings.Cut(Explain(err), "\n")
	assert.Equal(t, "The service has received too many requests. Try again in 5m0s.", text)
}

// Errors of arguments and files say enough by themselves.
func TestExplainUsage(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		fmt.Errorf("%w: -x", ErrUsage),
		&fs.PathError{Op: "open", Path: "none", Err: fs.ErrNotExist},
	} {
		assert.Equal(t, err.Error(), Explain(err))
	}
}
