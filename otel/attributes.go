package otel

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/skypecontacts/skypecontacts"
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// Attributes that no convention has.
const (
	operationKey    = attribute.Key("skypecontacts.operation")
	serviceKey      = attribute.Key("skypecontacts.service")
	requestIDKey    = attribute.Key("skypecontacts.request_id")
	retryAfterKey   = attribute.Key("skypecontacts.retry_after") // seconds
	attemptsKey     = attribute.Key("skypecontacts.attempts")
	maybeAppliedKey = attribute.Key("skypecontacts.maybe_applied")
	statusClassKey  = attribute.Key("skypecontacts.status_class")
)

// kinds are the values of error.type, by what they stand for. The first one that an error
// matches counts: that a call was canceled says more than the failure before it.
var kinds = []struct {
	err  error
	name string
}{
	{context.Canceled, "canceled"},
	{context.DeadlineExceeded, "timeout"},
	{skypecontacts.ErrInvalid, "invalid"},
	{skypecontacts.ErrNoRegistrationToken, "no_registration_token"},
	{skypecontacts.ErrUnauthorized, "unauthorized"},
	{skypecontacts.ErrForbidden, "forbidden"},
	{skypecontacts.ErrNotFound, "not_found"},
	{skypecontacts.ErrConflict, "conflict"},
	{skypecontacts.ErrRateLimited, "rate_limited"},
	{skypecontacts.ErrRedirect, "redirect"},
	{skypecontacts.ErrTooLarge, "too_large"},
	{skypecontacts.ErrDecode, "undecodable"},
	{skypecontacts.ErrUnavailable, "unavailable"},
}

// kindOf returns the value of error.type for an error, and the text of the kind. The text
// of the error itself is not used.
func kindOf(err error) (errorType attribute.KeyValue, text string) {
	for _, kind := range kinds {
		if errors.Is(err, kind.err) {
			return semconv.ErrorTypeKey.String(kind.name), kind.err.Error()
		}
	}
	return semconv.ErrorTypeOther, ""
}

// attemptKindOf is kindOf for an attempt. A status that is an error is the value itself
// and needs no text, as the convention says.
func attemptKindOf(a *skypecontacts.Attempt) (errorType attribute.KeyValue, text string) {
	if a.Status >= http.StatusBadRequest {
		return semconv.ErrorTypeKey.String(strconv.Itoa(a.Status)), ""
	}
	return kindOf(a.Failure)
}

// statusClass returns "2xx" and so on, "none" without a response.
func statusClass(attempts []skypecontacts.Attempt) string {
	if len(attempts) == 0 || attempts[len(attempts)-1].Status == 0 {
		return "none"
	}
	return strconv.Itoa(attempts[len(attempts)-1].Status/100) + "xx"
}

// sent returns how many requests were sent.
func sent(attempts []skypecontacts.Attempt) int {
	if len(attempts) == 0 {
		return 0
	}
	return attempts[len(attempts)-1].Number
}
