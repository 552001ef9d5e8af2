package skypecontacts

import (
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// The pauses grow to their limit and no further, whatever the settings.
func TestPauseCeiling(t *testing.T) {
	t.Parallel()
	tests := []struct {
		base, limit time.Duration
		want        map[int]time.Duration
	}{
		{200 * time.Millisecond, 5 * time.Second, map[int]time.Duration{
			1: 200 * time.Millisecond, 2: 400 * time.Millisecond, 5: 3200 * time.Millisecond, 6: 5 * time.Second, 1000: 5 * time.Second,
		}},
		{10 * time.Second, 5 * time.Second, map[int]time.Duration{1: 5 * time.Second, 31: 5 * time.Second, 32: 5 * time.Second, 64: 5 * time.Second}},
		{math.MaxInt64, math.MaxInt64, map[int]time.Duration{1: math.MaxInt64, 2: math.MaxInt64, 100: math.MaxInt64}},
		{1, math.MaxInt64, map[int]time.Duration{1: 1, 63: 1 << 62, 64: math.MaxInt64, 1000: math.MaxInt64}},
	}
	for _, test := range tests {
		for n, want := range test.want {
			require.Equal(t, want, Retry{BaseDelay: test.base, MaxDelay: test.limit}.ceiling(n), "%v %v %d", test.base, test.limit, n)
		}
	}
}

// Many attempts with a long pause once made the pause overflow.
func TestManyAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(reply(503, ""))
		c := newTestClient(t, w, WithTimeout(time.Hour),
			WithRetry(Retry{MaxAttempts: 100, BaseDelay: 10 * time.Second, MaxDelay: 10 * time.Second, Burst: 1000}))
		require.ErrorIs(t, block(c), ErrUnavailable)
		require.Len(t, w.requests(), 100)
	})
}

// Of two answers that were on their way at the same time the one that asks for
// the longer rest counts, in whichever order they arrive.
func TestTheLongestRestCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, waits := range [][]time.Duration{{5 * time.Minute, time.Minute}, {time.Minute, 5 * time.Minute}} {
			var g cooldown
			for _, wait := range waits {
				g.extend(wait)
			}
			time.Sleep(2 * time.Minute)
			require.Equal(t, 3*time.Minute, g.left(), waits)
		}
	})
}

// A full outage, seen from the service: 1,000 calls are hardly more than 1,000
// requests, whether they come one after the other or a hundred at a time.
func TestOutageAmplification(t *testing.T) {
	t.Parallel()
	for _, concurrent := range []int{1, 100} {
		w := newWire(reply(503, ""))
		c := newTestClient(t, w, WithRetry(Retry{BaseDelay: time.Nanosecond}))
		for range 1000 / concurrent {
			for _, err := range atOnce(concurrent, func() error { return block(c) }) {
				require.ErrorIs(t, err, ErrUnavailable)
			}
		}
		factor := float64(len(w.requests())) / 1000
		require.LessOrEqual(t, factor, 1.05)

		w = newWire(fails(timeoutError{}))
		c = newTestClient(t, w, WithRetry(Retry{BaseDelay: time.Nanosecond}))
		for range 1000 {
			require.ErrorIs(t, block(c), ErrUnavailable)
		}
		require.Len(t, w.requests(), 1005, "a repeat after a time-out costs twice as much")
	}
}

type timeoutError struct{}

func (timeoutError) Error() string { return errors.ErrUnsupported.Error() }
func (timeoutError) Timeout() bool { return true }

// What a program finds behind an error of the network does not name the URL
// either, and with it the account.
func TestNoURLBehindAnError(t *testing.T) {
	t.Parallel()
	cause := errors.New("the line is dead")
	err := newTestClient(t, newWire(fails(cause))).RevokeContact(t.Context(), "8:joe.4")
	require.ErrorIs(t, err, cause)
	for ; err != nil; err = errors.Unwrap(err) {
		require.NotContains(t, err.Error(), "joe.4")
	}
}
