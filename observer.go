package skypecontacts

import (
	"context"
	"errors"
	"slices"
)

// Operation describes what a call does: a method of [Client], or one page or chunk of a
// method that needs several. Like [Attempt] it holds metadata only.
type Operation struct {
	Op      string // the method of Client, such as "BlockUser"
	Service string // the field of Endpoints, such as "Contacts"
	Method  string // HTTP method
	Route   string // path template, such as "/users/{id}/contacts"
	Write   bool   // changes the server
}

// OperationFrom returns the operation of the call that a context belongs to. A [Limiter],
// the observers of [WithObserver] and the transport of [WithHTTPClient] get such a context;
// for any other it reports false, also for that of a [TokenSource], which serves several
// calls.
func OperationFrom(ctx context.Context) (Operation, bool) {
	r, ok := ctx.Value(operationKey{}).(*route)
	if !ok {
		return Operation{}, false
	}
	return r.operation(), true
}

func withOperation(ctx context.Context, r *route) context.Context {
	return context.WithValue(ctx, operationKey{}, r)
}

func (r *route) operation() Operation {
	return Operation{Op: r.op, Service: r.service.String(), Method: r.method, Route: r.path, Write: r.write}
}

// CallObserver is called when a call begins, see [WithCallObserver].
type CallObserver func(ctx context.Context, op Operation) (context.Context, CallEnd)

// CallEnd is called once when a call has ended, with the attempts that were made and the
// error that the call returns, nil for a success. Without an attempt nothing was sent. If a
// panic or [runtime.Goexit] ends the call, as the token source, the limiter or a loop over
// [Client.AllContacts] may, the error is no [*Error].
type CallEnd func(attempts []Attempt, err error)

// errNotReturned is the error of a call that did not return, for its observers.
var errNotReturned = errors.New("skypecontacts: a panic or an exit ended the call")

// callLog is what the observers of calls get when the call has ended.
type callLog struct {
	attempts []Attempt
	ends     []CallEnd
}

// beginCall returns the context of a call, and its log, which is nil without observers.
func beginCall(ctx context.Context, r *route, observers []CallObserver) (context.Context, *callLog) {
	if len(observers) == 0 {
		return ctx, nil
	}
	log := &callLog{ends: make([]CallEnd, 0, len(observers))}
	for _, begin := range observers {
		inner, end := begin(ctx, r.operation())
		if inner != nil {
			ctx = inner
		}
		if end != nil {
			log.ends = append(log.ends, end)
		}
	}
	return ctx, log
}

// end calls the observers with the result of the call.
func (l *callLog) end(err error) {
	for _, end := range slices.Backward(l.ends) {
		end(slices.Clone(l.attempts), err)
	}
}
