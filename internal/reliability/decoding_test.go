package reliability_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A call ends when its context ends while it decodes, whatever it decodes. How promptly is
// a figure: on a busy machine all goroutines are late. That the decoder looks at the
// context often enough is tested beside it, by its steps.
func TestCancelWhileDecoding(t *testing.T) { //nolint:paralleltest // measures time
	const bound = 100 * time.Millisecond
	size := 1 << 20
	if *printFigures {
		size = 16 << 20
	}
	bodies := denseResponses(size)
	for _, shape := range malformedShapes((16 << 20) / size) {
		bodies[shape.name] = shape.body
	}
	for op, call := range map[string]func(context.Context, *skypecontacts.Client) error{
		"ListContacts": func(ctx context.Context, c *skypecontacts.Client) error { _, err := c.ListContacts(ctx); return err },
		"AllContacts": func(ctx context.Context, c *skypecontacts.Client) (last error) {
			for _, last = range c.AllContacts(ctx) {
				_ = last // of entries that cannot be decoded
			}
			return last
		},
	} {
		longest, interrupted := time.Duration(0), 0
		for name, body := range bodies {
			c := apitest.NewClient(t, responding(body))
			for _, after := range []time.Duration{0, time.Millisecond, 3 * time.Millisecond, 10 * time.Millisecond} {
				var late time.Duration
				var decoding bool
				prompt := retried(func() bool {
					late, decoding = lateness(t, after, func(ctx context.Context) error { return call(ctx, c) })
					return late < bound
				})
				assert.True(t, prompt || !*printFigures, "%s of %s: %v", op, name, late)
				if decoding {
					interrupted++
					longest = max(longest, late)
				}
			}
		}
		require.Positive(t, interrupted, op)
		t.Logf("%s: interrupted %d times", op, interrupted)
		measured.set("canceled while decoding in "+op+": most ms to return", longest.Milliseconds(), fmt.Sprint(bound.Milliseconds()))
	}
}

// lateness returns for how long a call goes on after its context ended, and whether it
// was interrupted. A call that ends before is not late.
func lateness(t *testing.T, after time.Duration, call func(context.Context) error) (late time.Duration, interrupted bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ended atomic.Int64
	timer := time.AfterFunc(after, func() { ended.Store(time.Now().UnixNano()); cancel() })
	defer timer.Stop()
	err := call(ctx)
	returned := time.Now()
	if !errors.Is(err, context.Canceled) {
		return 0, false
	}
	return returned.Sub(time.Unix(0, ended.Load())), true
}
