package skypecontacts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What a call can fail with, to be tested with [errors.Is]. Every error of a
// call is an [*Error], which says more. An error of a token source or of its service
// matches only ErrInvalid, ErrUnauthorized, ErrRateLimited and ErrUnavailable of these,
// never one that would say something of the call's own response, such as ErrNotFound.
var (
	// ErrInvalid: an argument or option is not usable. Nothing was sent.
	ErrInvalid = errors.New("invalid argument")
	// ErrUnauthorized: the service refused the token (401), also after one refresh.
	// The contacts service responds with 401 also when the account in the path
	// ([WithUserID]) is not the token's own.
	ErrUnauthorized = errors.New("not authorized")
	// ErrForbidden: the service refuses the request (403). The messenger gateway also
	// says so of an expired registration token, which is refreshed once before.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: there is no such account, contact or route (404, 410). A new
	// account's contact list is not found for up to half a minute.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the change clashes with the state on the server (409).
	ErrConflict = errors.New("conflict")
	// ErrRateLimited: too many requests (429), or the limiter of [WithLimiter] refused
	// the request. [Error.RetryAfter] is the wait that the service asked for, 10 s if
	// a 429 does not say. Until it is over, further calls to the same service fail
	// with the same error and are not sent. Of a token source only its own error says it.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable: the service failed (408, 5xx), or no response arrived.
	ErrUnavailable = errors.New("service unavailable")
	// ErrRedirect: the service redirected the request (3xx). Redirects are not
	// followed, because the token would be sent to the new address.
	ErrRedirect = errors.New("redirected")
	// ErrTooLarge: the response is over the limit of [WithMaxBody], is a list of more
	// than 100,000 entries, or is a long list with one entry or other member of over 4 MiB.
	ErrTooLarge = errors.New("response too large")
	// ErrDecode: the service reported success, but its response cannot be decoded:
	// it is empty, cut off, not JSON, or of another shape.
	ErrDecode = errors.New("undecodable response")
	// ErrNoRegistrationToken: the messenger gateway was called on a client that
	// has no [WithRegistrationToken]. Nothing was sent.
	ErrNoRegistrationToken = errors.New("no registration token")
)

// Error is what every failed call returns. Neither its text nor any other way of
// printing, logging or marshalling it shows an identifier, a token or anything
// the server wrote; those are in Message and Excerpt, for the program only.
type Error struct {
	Op     string `json:"op"`               // the method that was called, such as "BlockUser"
	Method string `json:"method,omitempty"` // HTTP method
	Route  string `json:"route,omitempty"`  // path template, such as "/users/{id}/contacts"

	// Status is the HTTP status of the last response, 0 if there was none. It is
	// also 429 when nothing was sent because Retry-After of an earlier response
	// is not over.
	Status int `json:"status,omitempty"`
	// Code is the service's own number for the failure, such as 40411, 0 if it
	// sent none. It is read from all shapes of error the services use.
	Code int `json:"code,omitempty"`
	// Message is the service's own text, or the beginning of a response that reports
	// a failure without a text. It often names accounts.
	Message string `json:"-" xml:"-"`
	// RequestID is the service's name for the exchange, if it sent one.
	RequestID string `json:"request_id,omitempty"`
	// RetryAfter is the wait that the service asked for, 0 if it did not.
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	// Attempts is how many requests were sent, 0 if none was or if the error is
	// about one of many accounts that share a request.
	Attempts int `json:"attempts"`
	// MaybeApplied is true when the change may have been made although the call
	// failed: a request was sent and no response said that it had no effect. Check
	// before repeating such a call. It is always false for calls that only read.
	MaybeApplied bool `json:"maybe_applied,omitempty"`
	// Excerpt is the beginning of the response body, at most 512 bytes of valid
	// UTF-8. It may hold personal data.
	Excerpt string `json:"-" xml:"-"`

	err error
}

// GobEncode returns the JSON of the error's metadata, without message and excerpt.
func (e *Error) GobEncode() ([]byte, error) { return json.Marshal(e) }

// GobDecode parses the output of [Error.GobEncode].
func (e *Error) GobDecode(data []byte) error { return json.Unmarshal(data, e) }

// Error describes the operation, the route and the failure.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString("skypecontacts: " + e.Op)
	if e.Route != "" {
		text.WriteString(": " + e.Method + " " + e.Route)
	}
	if e.Status != 0 {
		text.WriteString(strings.TrimRight(fmt.Sprintf(": %d %s", e.Status, http.StatusText(e.Status)), " "))
	}
	if e.Code != 0 {
		fmt.Fprintf(&text, " (code %d)", e.Code)
	}
	if e.err != nil {
		text.WriteString(": " + causeText(e.err))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&text, " after %d attempts", e.Attempts)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&text, "; retry after %v", e.RetryAfter)
	}
	if e.MaybeApplied {
		text.WriteString("; the change may have been made")
	}
	return text.String()
}

// Format prints [Error.Error] with every verb: no verb prints the fields.
func (e Error) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(e.Error())) }

// LogValue returns the error's metadata, without message and excerpt.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("op", e.Op), slog.String("method", e.Method), slog.String("route", e.Route),
		slog.Int("status", e.Status), slog.Int("code", e.Code), slog.String("request_id", e.RequestID),
		slog.Duration("retry_after", e.RetryAfter), slog.Int("attempts", e.Attempts),
		slog.Bool("maybe_applied", e.MaybeApplied))
}

// Unwrap returns the cause: a sentinel, the context's error, or the network's
// error without the URL that net/http wraps it in.
func (e *Error) Unwrap() error { return e.err }

// Is matches the sentinel of the last status, also when the call ended for
// another reason, such as a deadline that passed before the next attempt.
func (e *Error) Is(target error) bool {
	if e.err == errLookupNotFound {
		return target == ErrUnavailable
	}
	sentinel := statusSentinel(effectiveStatus(e.Status, e.Code))
	return sentinel != nil && target == sentinel
}

// effectiveStatus is the status that a response stands for. Some services report
// a failure in the body of a 200, with a code that is the status or a hundred times
// the status plus a detail; the messenger gateway responds with 404 where nothing is
// missing.
func effectiveStatus(status, code int) int {
	switch {
	case code == codeOtherCloud:
		return http.StatusMovedPermanently
	case code == codeNoEndpoint:
		return http.StatusUnauthorized
	case status/100 == 2 && code < 1000:
		return code
	case status/100 == 2:
		return code / 100
	default:
		return status
	}
}

// Codes of the messenger gateway that come with 404 and mean another status.
const (
	codeNoEndpoint = 729 // the registration token is not valid any more
	codeOtherCloud = 752 // the account lives on another gateway
)

func statusSentinel(status int) error {
	switch {
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusNotFound || status == http.StatusGone:
		return ErrNotFound
	case status == http.StatusConflict:
		return ErrConflict
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case status == http.StatusRequestTimeout || status/100 == 5:
		return ErrUnavailable
	case status/100 == 3:
		return ErrRedirect
	default:
		return nil
	}
}

// reportedFailure is a failure reported in the body of a 2xx response. It becomes
// [Error.Code] and [Error.Message].
type reportedFailure struct {
	code    int
	message string
}

func (f reportedFailure) Error() string { return "the response reports a failure" }

// Is matches [ErrDecode] if the code stands for no other sentinel.
func (f reportedFailure) Is(target error) bool {
	return target == ErrDecode && statusSentinel(effectiveStatus(http.StatusOK, f.code)) == nil
}

// decodeError says why a response or an entry of it cannot be decoded. Its text
// names members and offsets, never values.
type decodeError string

func (e decodeError) Error() string        { return string(e) }
func (e decodeError) Is(target error) bool { return target == ErrDecode }

// networkError is a failure below HTTP.
type networkError struct{ cause error }

func (e networkError) Error() string        { return networkText(e.cause) }
func (e networkError) Unwrap() error        { return e.cause }
func (e networkError) Is(target error) bool { return target == ErrUnavailable }

// tokenError is an error of the token source. The text of a caller's source may hold
// anything, so it is not part of the text of [Error]. [errors.Is] and [errors.As] find
// what is behind it, but for the sentinels that say something of the call's own response.
type tokenError struct{ cause error }

func (e tokenError) Error() string {
	if known, ok := errors.AsType[sourceError](e.cause); ok {
		return "the token source failed: " + known.Error()
	}
	return "the token source failed"
}

func (e tokenError) As(target any) bool { return errors.As(e.cause, target) }

// Is does not match what the source was told of a request of its own: that the service of
// the source has no such route does not say that a contact does not exist.
func (e tokenError) Is(target error) bool {
	switch target {
	case ErrForbidden, ErrNotFound, ErrConflict, ErrRedirect, ErrTooLarge, ErrDecode, ErrNoRegistrationToken:
		return false
	default:
		return errors.Is(e.cause, target)
	}
}

// mayAskAgain reports whether the source may be called again at once after that error.
func mayAskAgain(err error) bool {
	var source interface{ AskAgain() bool }
	return errors.As(err, &source) && source.AskAgain()
}

// sourceError is why a [TokenFile] or [TokenCommand] has no token. Its text names the
// path or the program and the problem, and has nothing of what was read.
type sourceError struct {
	source   string // such as `token file "tokens"`
	problem  string
	cause    error
	askAgain bool
}

func (e sourceError) Error() string { return e.source + ": " + e.problem }
func (e sourceError) Unwrap() error { return e.cause }

// AskAgain reports whether there is no pause after the error, see [TokenSource].
func (e sourceError) AskAgain() bool { return e.askAgain }

// errLookupNotFound is the cause when a route for many accounts is not found, which
// does not say that the accounts are not.
var errLookupNotFound = errors.New("the look-up itself is not found")

// limiterError is an error of the caller's limiter. As with tokenError, its text
// is not repeated.
type limiterError struct{ cause error }

func (e limiterError) Error() string        { return "the limiter refused" }
func (e limiterError) Unwrap() error        { return e.cause }
func (e limiterError) Is(target error) bool { return target == ErrRateLimited }

// causeText is the text of a cause. Only the text of causes made in this package
// is used: other texts may hold a URL or a token.
func causeText(err error) string {
	var source tokenError
	switch {
	case errors.As(err, &source):
		return source.Error()
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline exceeded"
	default:
		return err.Error()
	}
}

func networkText(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case isCertificateError(err):
		return "the server's certificate is not trusted"
	case isNoSuchHost(err):
		return "no such host"
	case isRefused(err):
		return "connection refused"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timed out"
	default:
		return "connection failed"
	}
}

func isCertificateError(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) ||
		errors.As(err, &hostname) || errors.As(err, &invalid)
}

// isRefused reports whether the host refused the connection. The text decides because
// package syscall has no ECONNREFUSED on Plan 9.
func isRefused(err error) bool {
	var dial *net.OpError
	return errors.As(err, &dial) && dial.Op == "dial" && strings.Contains(dial.Err.Error(), "refused")
}

func isNoSuchHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// withoutURL removes the wrapper in which net/http names the whole URL, which
// holds contact identifiers.
func withoutURL(err error) error {
	var wrapped *url.Error
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return err
}

// redacted replaces a secret in printed values.
const redacted = "[redacted]"
