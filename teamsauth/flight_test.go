package teamsauth

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// testKey is the key of a value in a context.
type testKey struct{}

// A flight goes on when a caller leaves, and its result is that of all who wait.
func TestFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), testKey{}, "value"), time.Second)
		defer cancel()
		f := startFlight(ctx, func(ctx context.Context) (int, error) {
			time.Sleep(2 * time.Second)
			assert.NoError(t, ctx.Err())
			assert.Equal(t, "value", ctx.Value(testKey{}))
			return 5, errStore
		})
		value, err := f.wait(ctx)
		require.Equal(t, context.DeadlineExceeded, err)
		require.Zero(t, value)
		for range 2 {
			value, err = f.wait(t.Context())
			require.Equal(t, errStore, err)
			require.Equal(t, 5, value)
		}
		for range 20 { // both are there: the result counts
			value, _ = f.wait(ctx)
			require.Equal(t, 5, value)
		}
	})
}
