package teamsauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"golang.org/x/oauth2"
)

// oauthCodes are the error codes of RFC 6749, RFC 8628, OpenID Connect and Microsoft's
// documentation (bad_verification_code, authorization_declined, interaction_required,
// invalid_resource), with what they mean for this package. nil: the status decides.
var oauthCodes = map[string]error{
	"invalid_grant":          ErrSignInRequired,
	"interaction_required":   ErrSignInRequired,
	"login_required":         ErrSignInRequired,
	"consent_required":       ErrConsent,
	"access_denied":          ErrConsent,
	"authorization_declined": ErrConsent,
	"expired_token":          ErrCodeExpired,
	"bad_verification_code":  ErrCodeExpired, // the code is the right one, so the service has forgotten it
	"invalid_client":         ErrClientRefused,
	"unauthorized_client":    ErrClientRefused,
	"unsupported_grant_type": ErrClientRefused,
	"invalid_scope":          ErrClientRefused,
	"invalid_resource":       ErrClientRefused,

	"temporarily_unavailable": skypecontacts.ErrUnavailable,
	"server_error":            skypecontacts.ErrUnavailable,
	"invalid_request":         nil,
	"authorization_pending":   nil, // only polls are pending
	"slow_down":               nil,
}

// isTemporary reports whether a status says that the service may do later what was asked.
func isTemporary(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status/100 == 5
}

// statusCause is the cause of a response with a status other than 2xx.
func statusCause(status int) error {
	switch {
	case status == http.StatusTooManyRequests:
		return skypecontacts.ErrRateLimited
	case isTemporary(status):
		return skypecontacts.ErrUnavailable
	case status/100 == 3:
		return unexpected("redirected")
	case status == http.StatusNotFound || status == http.StatusGone:
		return unexpected("there is no such service any more")
	default:
		return errRefused
	}
}

// maxRetryAfter is the longest wait that is believed.
const maxRetryAfter = 24 * time.Hour

// retryAfter is the wait that a response asks for, in seconds or as a date, 0 if it does
// not.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	text := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(0, min(date.Sub(now).Truncate(time.Second), maxRetryAfter))
	}
	return 0
}

// responseError is the error of a response of the token endpoint that is none of success.
func responseError(op string, resp *http.Response, code string, body []byte) *Error {
	suberror, number := decodeErrorDetails(body)
	e := &Error{Op: op, Status: resp.StatusCode, Number: number}
	if meaning, ok := oauthCodes[code]; ok {
		e.Code, e.err = code, meaning
		if suberror == "consent_required" {
			e.err = ErrConsent
		}
	}
	switch {
	case e.err != nil && e.Status != http.StatusTooManyRequests:
	case e.Status/100 == 2:
		e.err = unexpected("the response reports a failure")
	default:
		e.err = statusCause(e.Status)
	}
	if isTemporary(e.Status) || errors.Is(e.err, skypecontacts.ErrUnavailable) {
		e.RetryAfter = retryAfter(resp, time.Now())
	}
	return e
}

// networkError is the error of a request without a response.
func networkError(op string, err error) *Error {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, ErrServiceChanged): // of transport
		return &Error{Op: op, err: err}
	case errors.Is(err, context.Canceled):
		return &Error{Op: op, err: cause{text: "canceled", origin: context.Canceled}}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Error{Op: op, err: cause{"no response in time", skypecontacts.ErrUnavailable, err}}
	default:
		return &Error{Op: op, err: cause{"no response", skypecontacts.ErrUnavailable, err}}
	}
}

// oauthError converts an error of package oauth2, whose text has what the server sent.
// Errors that are not of its requests get the text other, since they are from the program.
func oauthError(op string, err error, other error) *Error {
	var own *Error
	var refused *oauth2.RetrieveError
	var network *url.Error
	switch {
	case errors.As(err, &own): // of Account.OAuth2
		return own
	case errors.As(err, &refused):
		resp := refused.Response
		if resp == nil { // of a source of the program
			resp = &http.Response{}
		}
		return responseError(op, resp, refused.ErrorCode, refused.Body)
	case errors.As(err, &network):
		return networkError(op, network.Err)
	default:
		return &Error{Op: op, err: other}
	}
}
