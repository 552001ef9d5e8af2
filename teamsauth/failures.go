package teamsauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"

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

// statusCause is the cause of a response with a status other than 2xx.
func statusCause(status int) error {
	switch {
	case status == http.StatusTooManyRequests:
		return skypecontacts.ErrRateLimited
	case status == http.StatusRequestTimeout || status/100 == 5:
		return skypecontacts.ErrUnavailable
	case status/100 == 3:
		return skypecontacts.ErrRedirect
	case status == http.StatusNotFound || status == http.StatusGone:
		return skypecontacts.ErrNotFound
	default:
		return errRefused
	}
}

// responseError is the error of a response of the token endpoint that is none of success.
func responseError(op string, status int, code string, body []byte) *Error {
	e := &Error{Op: op, Status: status}
	if meaning, ok := oauthCodes[code]; ok {
		e.Code, e.err = code, meaning
		var suberror string
		if suberror, e.Number = decodeErrorDetails(body); suberror == "consent_required" {
			e.err = ErrConsent
		}
	}
	switch {
	case e.err != nil && status != http.StatusTooManyRequests:
	case status/100 == 2:
		e.err = undecodable("the response reports a failure")
	default:
		e.err = statusCause(status)
	}
	return e
}

// networkError is the error of a request without a response.
func networkError(op string, err error) *Error {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, skypecontacts.ErrTooLarge), errors.Is(err, skypecontacts.ErrDecode): // of transport
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
		status := 0
		if refused.Response != nil {
			status = refused.Response.StatusCode
		}
		return responseError(op, status, refused.ErrorCode, refused.Body)
	case errors.As(err, &network):
		return networkError(op, network.Err)
	default:
		return &Error{Op: op, err: other}
	}
}
