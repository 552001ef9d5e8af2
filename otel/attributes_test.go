package otel

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err        error
		name, text string
	}{
		{context.Canceled, "canceled", "context canceled"},
		{context.DeadlineExceeded, "timeout", "context deadline exceeded"},
		{skypecontacts.ErrInvalid, "invalid", "invalid argument"},
		{skypecontacts.ErrNoRegistrationToken, "no_registration_token", "no registration token"},
		{skypecontacts.ErrUnauthorized, "unauthorized", "not authorized"},
		{skypecontacts.ErrForbidden, "forbidden", "forbidden"},
		{skypecontacts.ErrNotFound, "not_found", "not found"},
		{skypecontacts.ErrConflict, "conflict", "conflict"},
		{skypecontacts.ErrRateLimited, "rate_limited", "rate limited"},
		{skypecontacts.ErrRedirect, "redirect", "redirected"},
		{skypecontacts.ErrTooLarge, "too_large", "response too large"},
		{skypecontacts.ErrDecode, "undecodable", "undecodable response"},
		{skypecontacts.ErrUnavailable, "unavailable", "service unavailable"},
		{&skypecontacts.Error{Status: 404, Message: "8:joe.4"}, "not_found", "not found"},
		{fmt.Errorf("8:joe.4: %w", errors.Join(skypecontacts.ErrUnavailable, context.Canceled)), "canceled", "context canceled"},
		{errors.New("8:joe.4"), "_OTHER", ""},
		{&skypecontacts.Error{Status: 400, Message: "8:joe.4"}, "_OTHER", ""},
	} {
		errorType, text := kindOf(tt.err)
		require.Equal(t, "error.type", string(errorType.Key))
		require.Equal(t, tt.name, errorType.Value.AsString())
		require.Equal(t, tt.text, text)
	}
}

// The status of a request is its error.type. It needs no text.
func TestAttemptKindOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		attempt    skypecontacts.Attempt
		name, text string
	}{
		{skypecontacts.Attempt{Status: 404, Failure: skypecontacts.ErrNotFound}, "404", ""},
		{skypecontacts.Attempt{Status: 400, Failure: errors.New("other failure")}, "400", ""},
		{skypecontacts.Attempt{Status: 302, Failure: skypecontacts.ErrRedirect}, "redirect", "redirected"},
		{skypecontacts.Attempt{Status: 200, Failure: skypecontacts.ErrNotFound}, "not_found", "not found"},
		{skypecontacts.Attempt{Failure: skypecontacts.ErrUnavailable}, "unavailable", "service unavailable"},
	} {
		errorType, text := attemptKindOf(&tt.attempt)
		require.Equal(t, tt.name, errorType.Value.AsString())
		require.Equal(t, tt.text, text)
	}
}

func TestOfTheLastAttempt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		attempts []skypecontacts.Attempt
		class    string
		sent     int
	}{
		{nil, "none", 0},
		{[]skypecontacts.Attempt{{Number: 1}}, "none", 1},
		{[]skypecontacts.Attempt{{Number: 1, Status: 503}, {Number: 2, Status: 200}}, "2xx", 2},
		{[]skypecontacts.Attempt{{Number: 1, Status: 200}, {Number: 3, Status: 404}}, "4xx", 3}, // net/http sent one
	} {
		require.Equal(t, tt.class, statusClass(tt.attempts))
		require.Equal(t, tt.sent, sent(tt.attempts))
	}
}
