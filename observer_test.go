package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The limiter, the observers and the transport learn what a request is for.
func TestOperationFrom(t *testing.T) {
	t.Parallel()
	blockUser := Operation{Op: "BlockUser", Service: "Contacts", Method: "PUT", Route: "/users/{id}/contacts/blocklist/{mri}", Write: true}
	var seen []string
	check := func(ctx context.Context, who string) {
		op, ok := OperationFrom(ctx)
		assert.True(t, ok, who)
		assert.Equal(t, blockUser, op, who)
		seen = append(seen, who)
	}
	w := newWire(func(req *http.Request) (*http.Response, error) {
		check(req.Context(), "transport")
		return reply(200, "")(req)
	})
	c := newTestClient(
		t, w,
		WithLimiter(limiterFunc(func(ctx context.Context) error { check(ctx, "limiter"); return nil })),
		WithObserver(func(ctx context.Context, _ Attempt) { check(ctx, "observer") }),
		WithCallObserver(func(ctx context.Context, op Operation) (context.Context, CallEnd) {
			check(ctx, "call observer")
			assert.Equal(t, blockUser, op)
			return nil, nil
		}),
	)
	require.NoError(t, c.BlockUser(t.Context(), "8:joe.4", BlockOptions{}))
	require.Equal(t, []string{"call observer", "limiter", "transport", "observer"}, seen)

	op, ok := OperationFrom(t.Context())
	require.False(t, ok)
	require.Zero(t, op)
}

// callObserver appends what it sees to log, and marks the context of the call.
func callObserver(name string, log *[]string) Option {
	return WithCallObserver(func(ctx context.Context, op Operation) (context.Context, CallEnd) {
		*log = append(*log, name+" begins "+op.Op+markOf(ctx))
		return context.WithValue(ctx, observerKey{}, name), func(attempts []Attempt, err error) {
			line := name + " ends"
			for _, a := range attempts {
				line += fmt.Sprintf(" %d:%d", a.Number, a.Status)
			}
			for _, kind := range []error{ErrInvalid, ErrUnavailable, ErrUnauthorized, ErrRateLimited, context.Canceled} {
				if errors.Is(err, kind) {
					line += " " + kind.Error()
				}
			}
			*log = append(*log, line)
		}
	})
}

func markOf(ctx context.Context) string {
	if mark, ok := ctx.Value(observerKey{}).(string); ok {
		return " within " + mark
	}
	return ""
}

// A call observer sees the begin and the one end of each call, whatever becomes of it.
func TestCallObserver(t *testing.T) {
	t.Parallel()
	refuses := WithLimiter(limiterFunc(func(context.Context) error { return errors.New("no") }))
	for name, tt := range map[string]struct {
		responses []httpmock.Responder
		canceled  bool
		opts      []Option
		call      func(*Client, context.Context) error
		want      []string
	}{
		"success after a failure": {
			responses: []httpmock.Responder{reply(503, ""), reply(200, "{}")},
			want:      []string{"a begins ListContacts", "a ends 1:503 2:200"},
		},
		"failure": {
			responses: []httpmock.Responder{reply(503, "", "Retry-After", "90")},
			want:      []string{"a begins ListContacts", "a ends 1:503 " + ErrUnavailable.Error()},
		},
		"the limiter refuses": {
			opts: []Option{refuses},
			want: []string{"a begins ListContacts", "a ends " + ErrRateLimited.Error()},
		},
		"canceled before": {
			canceled: true,
			want:     []string{"a begins ListContacts", "a ends " + context.Canceled.Error()},
		},
		"no request can be made": {
			call: func(c *Client, ctx context.Context) error { return c.BlockUser(ctx, "", BlockOptions{}) },
			want: []string{"a begins BlockUser", "a ends " + ErrInvalid.Error()},
		},
		"two observers": {
			responses: []httpmock.Responder{reply(200, "{}")},
			want:      []string{"a begins ListContacts", "b begins ListContacts within a", "b ends 1:200", "a ends 1:200"},
		},
		"each page": {
			responses: []httpmock.Responder{
				reply(200, `{"contacts":[{"mri":"8:joe.4"}],"scope":"full"}`, continuationHeader, "2"),
				reply(200, `{"contacts":[{"mri":"8:anna.7"}],"scope":"full"}`),
			},
			call: func(c *Client, ctx context.Context) error {
				for _, err := range c.AllContacts(ctx) {
					if err != nil {
						return err
					}
				}
				return nil
			},
			want: []string{"a begins AllContacts", "a ends 1:200", "a begins AllContacts", "a ends 1:200"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log []string
				opts := append([]Option{callObserver("a", &log)}, tt.opts...)
				if name == "two observers" {
					opts = append(opts, callObserver("b", &log))
				}
				c := newTestClient(t, newWire(tt.responses...), opts...)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.canceled {
					cancel()
				}
				call := tt.call
				if call == nil {
					call = func(c *Client, ctx context.Context) error { _, err := c.ListContacts(ctx); return err }
				}
				_ = call(c, ctx)
				require.Equal(t, tt.want, log)
			})
		})
	}
}

// The attempts that a call observer gets are those of WithObserver, and the error is that
// of the call.
func TestCallEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		observer, observed := observed()
		var attempts []Attempt
		var end error
		ends := WithCallObserver(func(context.Context, Operation) (context.Context, CallEnd) {
			return nil, func(a []Attempt, err error) { attempts, end = a, err }
		})
		c := newTestClient(t, newWire(reply(503, ""), reply(404, "")), observer, ends)
		started := time.Now()
		_, err := c.ListContacts(t.Context())
		require.ErrorIs(t, err, ErrNotFound)
		require.Same(t, err, end)
		require.Equal(t, observed(), attempts)
		require.Equal(t, started, attempts[0].Start)
	})
}

// A call that does not return ends for its observers all the same, and not with success.
func TestCallEndAfterPanic(t *testing.T) {
	t.Parallel()
	page := reply(200, `{"contacts":[{"mri":"8:joe.4"}],"scope":"full"}`)
	loop := func(body func()) func(*Client, context.Context) {
		return func(c *Client, ctx context.Context) {
			for range c.AllContacts(ctx) {
				body()
				break
			}
		}
	}
	for name, tt := range map[string]struct {
		opts     []Option
		call     func(*Client, context.Context)
		returned bool
	}{
		"break":  {call: loop(func() {}), returned: true},
		"panic":  {call: loop(func() { panic("mine") })},
		"Goexit": {call: loop(runtime.Goexit)},
		"limiter": {
			opts: []Option{WithLimiter(limiterFunc(func(context.Context) error { panic("mine") }))},
			call: func(c *Client, ctx context.Context) { _, _ = c.ListContacts(ctx) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ends []error
			observer := WithCallObserver(func(context.Context, Operation) (context.Context, CallEnd) {
				return nil, func(_ []Attempt, err error) { ends = append(ends, err) }
			})
			c := newTestClient(t, newWire(page), append(tt.opts, observer)...)
			var calls sync.WaitGroup
			calls.Go(func() {
				defer func() { _ = recover() }()
				tt.call(c, t.Context())
			})
			calls.Wait()
			require.Len(t, ends, 1)
			require.Equal(t, !tt.returned, errors.Is(ends[0], errNotReturned))
		})
	}
}

// A token source serves several calls, so its context has no operation.
func TestOperationOfTokenSource(t *testing.T) {
	t.Parallel()
	type key struct{}
	source := TokenSourceFunc(func(ctx context.Context) (Token, error) {
		_, ok := OperationFrom(ctx)
		assert.False(t, ok)
		assert.Equal(t, "mine", ctx.Value(key{}))
		return NewToken(testToken, time.Time{}), nil
	})
	limiter := WithLimiter(limiterFunc(func(context.Context) error { return nil }))
	c, err := New(source, WithHTTPClient(&http.Client{Transport: newWire(reply(200, "{}"))}), limiter)
	require.NoError(t, err)
	_, err = c.ListContacts(context.WithValue(t.Context(), key{}, "mine"))
	require.NoError(t, err)
}
