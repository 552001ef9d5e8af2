package teamsauth

import (
	"context"
	"errors"
)

// flight is a call in a goroutine of its own, for which any number of callers wait. It
// goes on when they leave, since it may have replaced the refresh token.
type flight[T any] struct {
	done  chan struct{}
	value T
	err   error

	panicValue any // of a store or a source of the program, nil if it did not panic
}

// errNotReturned is the error of a store or a source that ended its goroutine, as a
// failing test does.
var errNotReturned = errors.New("teamsauth: a store or a source of the program did not return")

// startFlight calls do with the values of ctx, but not with its end.
func startFlight[T any](ctx context.Context, do func(context.Context) (T, error)) *flight[T] {
	f := &flight[T]{done: make(chan struct{}), err: errNotReturned}
	go func() {
		defer close(f.done)
		defer func() { f.panicValue = recover() }()
		f.value, f.err = do(context.WithoutCancel(ctx))
	}()
	return f
}

// wait returns the result. The end of ctx ends the wait. A panic goes on in every caller
// that waits, where the program can recover from it.
func (f *flight[T]) wait(ctx context.Context) (T, error) {
	select {
	case <-f.done:
	case <-ctx.Done():
		select {
		case <-f.done: // at the same time
		default:
			var none T
			return none, ctx.Err()
		}
	}
	if f.panicValue != nil {
		panic(f.panicValue)
	}
	return f.value, f.err
}
