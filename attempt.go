package skypecontacts

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Attempt describes one request that was sent, after its response or failure. It
// holds metadata only: no identifier, query, token or text of the service.
type Attempt struct {
	Op         string        // the method of Client, such as "BlockUser"
	Service    string        // the field of Endpoints, such as "Contacts"
	Method     string        // HTTP method
	Route      string        // path template, such as "/users/{id}/contacts"
	Number     int           // of the attempt in its call, from 1
	Status     int           // HTTP status, 0 without a response
	RetryAfter time.Duration // wait that the service asked for, 10 s if a 429 does not say
	RequestID  string        // the service's identifier of the request, if it sent one
	Start      time.Time     // when the request was sent
	Duration   time.Duration // until the response was decoded or the attempt failed
	// Failure is the kind of failure, nil for a success: one of the Err variables
	// of this package, [context.Canceled], [context.DeadlineExceeded], or another
	// error for a status without such a variable. It never holds personal data.
	Failure error
}

// operationKey is the key of the route in the context of a call, see [OperationFrom].
type operationKey struct{}

// outcome is the result of one attempt.
type outcome struct {
	ok         bool
	status     int // 0 without a response
	code       int
	message    string
	excerpt    string
	requestID  string
	retryAfter time.Duration
	moved      bool   // the account belongs to another gateway
	movedTo    string // host of that gateway, empty if the token must not be sent there
	foreign    bool   // an error response that is not one of the service
	err        error  // nil if the status alone is the error
	unsent     bool   // no connection was obtained

	retryAfterAssumed bool // the service sent 429 without Retry-After
}

func (o *outcome) timedOut() bool {
	var timeout interface{ Timeout() bool }
	return errors.As(o.err, &timeout) && timeout.Timeout()
}

// isStatusFailure reports whether a status, or a code in its place, is the failure.
func (o *outcome) isStatusFailure() bool {
	var reported reportedFailure
	return o.err == nil || errors.As(o.err, &reported)
}

// notFound reports whether the service says that there is no such thing. The page of
// a proxy does not say that, nor does a server without the route.
func (o *outcome) notFound() bool {
	return o.err == nil && !o.foreign && o.code != codeNoRoute &&
		statusSentinel(effectiveStatus(o.status, o.code)) == ErrNotFound
}

// codeNoRoute comes with 404 for a path that the service does not have.
const codeNoRoute = 40499

// errOtherFailure is the kind of a failure that no Err variable stands for.
var errOtherFailure = errors.New("other failure")

// failure returns the kind of failure, nil for a success. It holds no data of the
// response.
func (o *outcome) failure() error {
	if o.ok {
		return nil
	}
	for _, kind := range []error{context.Canceled, context.DeadlineExceeded, ErrTooLarge, ErrDecode, ErrUnavailable} {
		if errors.Is(o.err, kind) {
			return kind
		}
	}
	return cmp.Or(statusSentinel(effectiveStatus(o.status, o.code)), errOtherFailure)
}
