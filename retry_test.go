package skypecontacts

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The rows of the retry table that take more than one kind of response. Those of a
// single response are in TestFailures.
func TestRetrySequences(t *testing.T) {
	t.Parallel()
	lost, done := fails(io.ErrUnexpectedEOF), reply(200, "{}")
	get := func(c *Client, ctx context.Context) error { _, err := c.ListContacts(ctx); return err }
	put := func(c *Client, ctx context.Context) error { return c.AcceptInvite(ctx, "joe.4") }
	post := func(c *Client, ctx context.Context) error { return c.SendInvite(ctx, "joe.4", "") }
	remove := func(c *Client, ctx context.Context) error { return c.RevokeContact(ctx, "joe.4") }
	tests := []struct {
		name    string
		call    func(*Client, context.Context) error
		replies []httpmock.Responder
		sent    int
		is      error // nil: success
		maybe   bool
	}{
		{"GET succeeds in the end", get, []httpmock.Responder{lost, reply(500, ""), done}, 3, nil, false},
		{"PUT succeeds in the end", put, []httpmock.Responder{reply(504, ""), lost, done}, 3, nil, false},
		{"POST is not repeated when lost", post, []httpmock.Responder{lost, done}, 1, ErrUnavailable, true},
		{"POST is not repeated after 503", post, []httpmock.Responder{reply(503, ""), done}, 1, ErrUnavailable, true},
		{"POST is not repeated after 429", post, []httpmock.Responder{reply(429, ""), done}, 1, ErrRateLimited, false},
		{"MaybeApplied of an earlier attempt", put, []httpmock.Responder{lost, reply(404, "")}, 2, ErrNotFound, true},
		{"MaybeApplied of an earlier attempt, then 429", put, []httpmock.Responder{reply(500, ""), reply(429, "", "Retry-After", "0")}, 3, ErrRateLimited, true},
		{"DELETE of what an earlier attempt removed", remove, []httpmock.Responder{lost, reply(404, "")}, 2, nil, false},
		{"DELETE of what an earlier attempt removed, gone", remove, []httpmock.Responder{reply(502, ""), reply(410, "")}, 2, nil, false},
		{"DELETE of what was not there", remove, []httpmock.Responder{reply(404, "")}, 1, ErrNotFound, false},
		{"DELETE refused, then not there", remove, []httpmock.Responder{reply(429, "", "Retry-After", "0"), reply(404, "")}, 2, ErrNotFound, false},
		{"no such host, as a proxy's transport may say", get, []httpmock.Responder{fails(&net.DNSError{IsNotFound: true})}, 3, ErrUnavailable, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(test.replies...)
			err := test.call(newTestClient(t, w), t.Context())
			require.Len(t, w.requests(), test.sent)
			if test.is == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.is)
			var failure *Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, test.maybe, failure.MaybeApplied)
			require.Equal(t, test.sent, failure.Attempts)
		})
	}
}

func TestPauses(t *testing.T) {
	t.Parallel()
	retry := Retry{BaseDelay: 100 * time.Millisecond, MaxDelay: 150 * time.Millisecond}
	tests := []struct {
		name     string
		replies  []httpmock.Responder
		timeout  time.Duration
		min, max time.Duration
		sent     int
		is       error
	}{
		{"grow up to the limit", []httpmock.Responder{reply(503, "")}, time.Minute, 0, 250 * time.Millisecond, 3, ErrUnavailable},
		{
			"are added to what was asked for",
			[]httpmock.Responder{reply(503, "", "Retry-After", "7"), reply(200, "{}")},
			time.Minute, 7 * time.Second, 7150 * time.Millisecond, 2, nil,
		},
		{
			"of the longest length",
			[]httpmock.Responder{reply(429, "", "Retry-After", "60"), reply(200, "{}")},
			2 * time.Minute, time.Minute, 61 * time.Second, 2, nil,
		},
		{"are not made for longer", []httpmock.Responder{reply(503, "", "Retry-After", "61")}, 2 * time.Minute, 0, 0, 1, ErrUnavailable},
		{"are not made beyond the deadline", []httpmock.Responder{reply(429, "", "Retry-After", "30")}, 20 * time.Second, 0, 0, 1, ErrRateLimited},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			took := timed(t, func(t *testing.T) {
				w := newWire(test.replies...)
				c := newTestClient(t, w, WithRetry(retry), WithTimeout(test.timeout))
				_, err := c.ListContacts(t.Context())
				require.ErrorIs(t, err, test.is)
				require.Len(t, w.requests(), test.sent)
			})
			assert.GreaterOrEqual(t, took, test.min)
			assert.LessOrEqual(t, took, test.max)
		})
	}
}

// Until Retry-After is over, calls to the same service fail without a request.
func TestCooldown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(reply(429, "", "Retry-After", "90"), reply(200, "{}"))
		c := newTestClient(t, w)
		_, err := c.ListContacts(t.Context())
		require.ErrorIs(t, err, ErrRateLimited)

		time.Sleep(30 * time.Second)
		err = c.BlockUser(t.Context(), "joe.4", BlockOptions{})
		var failure *Error
		require.ErrorAs(t, err, &failure)
		require.ErrorIs(t, err, ErrRateLimited)
		require.Equal(t, Error{
			Op: "BlockUser", Method: "PUT", Route: blockUser.path, Status: 429, RetryAfter: time.Minute,
		}, *failure)
		require.Len(t, w.requests(), 1, "nothing is sent during the cooldown")
		_, err = c.ListBots(t.Context())
		require.NoError(t, err, "another service")

		time.Sleep(time.Minute)
		_, err = c.ListContacts(t.Context())
		require.NoError(t, err)
	})
}

// The budget limits the repeats of 1,000 failing calls, and successes refill it.
func TestBudgetRefill(t *testing.T) {
	t.Parallel()
	var healthy atomic.Bool
	w := newWire(func(req *http.Request) (*http.Response, error) {
		if healthy.Load() {
			return reply(200, `{"username":"fred.2"}`)(req)
		}
		return reply(503, "")(req)
	})
	c := newTestClient(t, w, WithRetry(Retry{BaseDelay: time.Nanosecond}))
	for range 1000 {
		_, err := c.GetOwnProfile(t.Context())
		require.ErrorIs(t, err, ErrUnavailable)
	}
	require.Len(t, w.requests(), 1010)

	healthy.Store(true)
	for range 5 {
		_, err := c.GetOwnProfile(t.Context())
		require.NoError(t, err)
	}
	healthy.Store(false)
	_, err := c.GetOwnProfile(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.Len(t, w.requests(), 1010+7, "five successes permit one more repeat")
}

func TestSingleAttempt(t *testing.T) {
	t.Parallel()
	w := newWire(reply(503, ""))
	_, err := newTestClient(t, w, WithRetry(Retry{MaxAttempts: 1})).ListContacts(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.Len(t, w.requests(), 1)
}

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := date(2026, 11, 23, 12, 0, 0, 0)
	for value, want := range map[string]time.Duration{
		"0":                              0,
		"5":                              5 * time.Second,
		" 5 ":                            5 * time.Second,
		"1.5":                            1500 * time.Millisecond,
		"5.":                             5 * time.Second,
		".5":                             500 * time.Millisecond,
		"0.0000000001":                   1,
		"10000000000":                    maxRetryAfter,
		strings.Repeat("9", 400):         maxRetryAfter,
		"Mon, 23 Nov 2026 12:00:30 GMT":  30 * time.Second,
		"Mon, 23 Nov 2026 11:00:00 GMT":  0,
		"Monday, 23-Nov-26 12:01:00 GMT": time.Minute,
		"Mon Nov 23 12:00:05 2026":       5 * time.Second,
	} {
		wait, said := parseRetryAfter([]string{value}, now)
		assert.True(t, said, value)
		assert.Equal(t, want, wait, value)
	}
	for _, value := range []string{
		"", ".", "1.2.3", "-5", "+5", "soon", "NaN", "Inf", "+Inf", "infinity", "1e18", "1e300", "0x1p30", "1_000", "5 s",
		"\u0665", // an Arabic digit
	} {
		wait, said := parseRetryAfter([]string{value}, now)
		assert.False(t, said, value)
		assert.Zero(t, wait, value)
	}
	wait, _ := parseRetryAfter([]string{"3", "9", "soon"}, now)
	assert.Equal(t, 9*time.Second, wait, "the longest wait counts")
}

// The pauses grow to their limit and do not overflow.
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

// A long pause does not overflow after many attempts.
func TestHundredAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(reply(503, ""))
		c := newTestClient(t, w, WithTimeout(time.Hour),
			WithRetry(Retry{MaxAttempts: 100, BaseDelay: 10 * time.Second, MaxDelay: 10 * time.Second, Burst: 1000}))
		require.ErrorIs(t, block(c), ErrUnavailable)
		require.Len(t, w.requests(), 100)
	})
}

// Of two responses to concurrent requests the longer Retry-After counts, in either
// order.
func TestCooldownExtension(t *testing.T) {
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

// In a full outage 1,000 calls send hardly more than 1,000 requests, one at a time or
// a hundred at a time.
func TestBudgetInAnOutage(t *testing.T) {
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

// An outage costs exactly Burst repeats, half as many if the requests time out.
func TestBurst(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		burst   int
		reply   httpmock.Responder
		repeats int
	}{
		{"by default", 0, reply(503, ""), 10},
		{"1", 1, reply(503, ""), 1},
		{"10", 10, reply(503, ""), 10},
		{"1, timed out", 1, fails(timeoutError{}), 0},
		{"2, timed out", 2, fails(timeoutError{}), 1},
		{"10, timed out", 10, fails(timeoutError{}), 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(test.reply)
			c := newTestClient(t, w, WithRetry(Retry{BaseDelay: time.Nanosecond, Burst: test.burst}))
			for range 20 {
				require.ErrorIs(t, block(c), ErrUnavailable)
			}
			require.Len(t, w.requests(), 20+test.repeats)
		})
	}
}

// Five calls that succeed at the first attempt permit one more repeat; four do not,
// and no number of them permits more than Burst.
func TestBurstRefill(t *testing.T) {
	t.Parallel()
	for successes, repeats := range map[int]int{0: 0, 4: 0, 5: 1, 9: 1, 10: 2, 1000: 2} {
		var healthy atomic.Bool
		w := newWire(func(req *http.Request) (*http.Response, error) {
			if healthy.Load() {
				return reply(200, "")(req)
			}
			return reply(503, "")(req)
		})
		c := newTestClient(t, w, WithRetry(Retry{BaseDelay: time.Nanosecond, Burst: 2}))
		for range 5 {
			require.ErrorIs(t, block(c), ErrUnavailable)
		}
		require.Len(t, w.requests(), 5+2)
		healthy.Store(true)
		for range successes {
			require.NoError(t, block(c))
		}
		healthy.Store(false)
		for range 5 {
			require.ErrorIs(t, block(c), ErrUnavailable)
		}
		require.Len(t, w.requests(), 5+2+successes+5+repeats, "after %d successes", successes)
	}
}

// A success after a repeat does not refill the budget: if every first attempt fails,
// exactly Burst calls succeed.
func TestBurstWithoutFirstTries(t *testing.T) {
	t.Parallel()
	for _, burst := range []int{1, 10, 50} {
		var sent atomic.Int64
		c := newTestClient(t, newWire(func(req *http.Request) (*http.Response, error) {
			if sent.Add(1)%2 == 1 {
				return reply(503, "")(req)
			}
			return reply(200, "")(req)
		}), WithRetry(Retry{BaseDelay: time.Nanosecond, Burst: burst}))
		for range burst {
			require.NoError(t, block(c), burst)
		}
		require.ErrorIs(t, block(c), ErrUnavailable, burst)
		require.EqualValues(t, 2*burst+1, sent.Load())
	}
}

func FuzzRetryAfter(f *testing.F) { fuzzTargets(f)["RetryAfter"].Fuzz(f) }

// A wait is never negative, never overflows, and is never shorter than Retry-After.
func checkRetryAfter(tb testing.TB, input []byte) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	wait, said := parseRetryAfter([]string{string(input)}, now)
	require.True(tb, said || wait == 0)
	require.GreaterOrEqual(tb, wait, time.Duration(0))
	require.LessOrEqual(tb, wait, maxRetryAfter)
	require.True(tb, now.Add(wait).Equal(now.Add(wait).UTC()) && !now.Add(wait).Before(now))
	if seconds, err := strconv.ParseInt(strings.TrimSpace(string(input)), 10, 32); err == nil && seconds > 0 && !bytes.ContainsRune(input, '+') {
		require.Equal(tb, time.Duration(seconds)*time.Second, wait)
	}
	if date, err := http.ParseTime(strings.TrimSpace(string(input))); err == nil && date.After(now) && date.Before(now.AddDate(99, 0, 0)) {
		require.Equal(tb, date.Sub(now), wait)
	}
	longest, said := parseRetryAfter([]string{"7", string(input)}, now)
	require.True(tb, said)
	require.Equal(tb, max(wait, 7*time.Second), longest)
}

// How long a response asks to wait. Its date is by the server's clock, which may differ
// from the local one.
func TestRetryAfterOf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // in which the clock stands still
		now := time.Now().UTC().Truncate(time.Second)
		at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
		for name, test := range map[string]struct {
			status  int
			date    string
			after   []string
			wait    time.Duration
			assumed bool
		}{
			"none":                         {503, "", nil, 0, false},
			"429, none":                    {429, "", nil, defaultRetryAfter, true},
			"429, unreadable":              {429, "", []string{"Inf"}, defaultRetryAfter, true},
			"429, hexadecimal":             {429, "", []string{"0x1p30"}, defaultRetryAfter, true},
			"429, exponent":                {429, "", []string{"1e300"}, defaultRetryAfter, true},
			"429, at once":                 {429, "", []string{"0"}, 0, false},
			"429, a date that is past":     {429, at(0), []string{at(-time.Minute)}, 0, false},
			"503, unreadable":              {503, "", []string{"infinity"}, 0, false},
			"seconds":                      {503, at(-time.Hour), []string{"30"}, 30 * time.Second, false},
			"a date, clocks agree":         {503, at(0), []string{at(30 * time.Second)}, 30 * time.Second, false},
			"a date, server 5 min behind":  {503, at(-5 * time.Minute), []string{at(-5*time.Minute + 30*time.Second)}, 30 * time.Second, false},
			"a date, server a day ahead":   {429, at(24 * time.Hour), []string{at(24*time.Hour + time.Minute)}, time.Minute, false},
			"a date, server years behind":  {503, "Mon, 01 Jan 2001 00:00:00 GMT", []string{"Mon, 01 Jan 2001 00:00:07 GMT"}, 7 * time.Second, false},
			"a date without the server's":  {503, "", []string{at(90 * time.Second)}, 90 * time.Second, false},
			"a date, the server's no date": {503, "yesterday", []string{at(90 * time.Second)}, 90 * time.Second, false},
			"the longest of several":       {503, at(-time.Hour), []string{"5", at(-time.Hour + 20*time.Second), "Inf"}, 20 * time.Second, false},
		} {
			resp := &http.Response{StatusCode: test.status, Header: http.Header{"Retry-After": test.after, "Date": {test.date}}}
			wait, assumed := retryAfterOf(resp)
			assert.Equal(t, test.wait, wait.Round(time.Second), name)
			assert.Equal(t, test.assumed, assumed, name)
		}
	})
}

// Calls wait at least as long as the service asks by its own clock.
func TestRetryAfterOfAnotherClock(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-5 * time.Minute, 0, 3 * time.Hour} {
		for _, status := range []int{429, 503} {
			took := timed(t, func(t *testing.T) {
				server := time.Now().Add(skew).UTC()
				w := newWire(reply(status, "", "Date", server.Format(http.TimeFormat), "Retry-After", server.Add(30*time.Second).Format(http.TimeFormat)), reply(200, "{}"))
				_, err := newTestClient(t, w).ListContacts(t.Context())
				require.NoError(t, err)
				require.Len(t, w.requests(), 2)
			})
			assert.InDelta(t, 30*time.Second, took, float64(time.Second), "%v %d", skew, status)
		}
	}
}

// A 429 without a usable Retry-After is not repeated, and nothing more is sent for ten
// seconds.
func TestRateLimitWithoutRetryAfter(t *testing.T) {
	t.Parallel()
	for name, limited := range map[string]httpmock.Responder{
		"empty":        reply(429, ""),
		"with a code":  reply(429, `{"errorCode":800,"message":"too many commands"}`),
		"infinite":     reply(429, "", "Retry-After", "Inf"),
		"negative":     reply(429, "", "Retry-After", "-5"),
		"problem+json": reply(429, `{"title":"Too Many Requests"}`, "Content-Type", "application/problem+json"),
		"HTML":         page(429),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(limited, reply(200, ""))
				c := newTestClient(t, w)
				for i, id := range []MRI{"8:joe.4", "8:anna.7", "8:daisy.5"} {
					err := c.AddContact(t.Context(), id)
					var failure *Error
					require.ErrorAs(t, err, &failure)
					require.ErrorIs(t, err, ErrRateLimited)
					require.Equal(t, defaultRetryAfter-time.Duration(i)*4*time.Second, failure.RetryAfter)
					require.Equal(t, max(0, 1-i), failure.Attempts)
					require.False(t, failure.MaybeApplied)
					time.Sleep(4 * time.Second)
				}
				require.Len(t, w.requests(), 1)
				require.NoError(t, c.AddContact(t.Context(), "8:joe.4"), "after twelve seconds")
			})
		})
	}
}

// A 429 is remembered from its arrival, however the call that met it ends.
func TestRateLimitIsRemembered(t *testing.T) {
	t.Parallel()
	drips := func(req *http.Request) (*http.Response, error) {
		resp, err := reply(429, "", "Retry-After", "50")(req)
		resp.Body = stalledBody{req.Context()}
		return resp, err
	}
	for name, test := range map[string]struct {
		response httpmock.Responder
		call     func(*Client, context.Context) error
	}{
		"canceled in the pause":     {reply(429, "", "Retry-After", "50"), func(c *Client, ctx context.Context) error { _, err := c.ListContacts(ctx); return err }},
		"canceled in the body":      {drips, func(c *Client, ctx context.Context) error { _, err := c.ListContacts(ctx); return err }},
		"a streamed call":           {drips, func(c *Client, ctx context.Context) error { return collect(c.AllContacts(ctx)).Err }},
		"a POST, final at once":     {reply(429, "", "Retry-After", "50"), func(c *Client, ctx context.Context) error { return c.SendInvite(ctx, "8:joe.4", "") }},
		"a DELETE, in the pause":    {reply(429, "", "Retry-After", "50"), func(c *Client, ctx context.Context) error { return c.RevokeContact(ctx, "8:joe.4") }},
		"while its body still drip": {drips, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(test.response)
				c := newTestClient(t, w)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.call == nil {
					go func() { _, _ = c.ListContacts(ctx) }()
					time.Sleep(time.Second)
				} else {
					time.AfterFunc(time.Second, cancel)
					require.ErrorIs(t, test.call(c, ctx), ErrRateLimited)
				}
				_, err := c.ListContacts(t.Context())
				require.ErrorIs(t, err, ErrRateLimited)
				require.Len(t, w.requests(), 1, "nothing is sent before the time is over")
				cancel()
				synctest.Wait()
			})
		})
	}
}

// A cooldown is on the monotonic clock: a wall clock that is set changes nothing.
func TestCooldownIsMonotonic(t *testing.T) {
	t.Parallel()
	for _, wait := range []time.Duration{time.Second, time.Hour, maxRetryAfter} {
		var g cooldown
		require.Zero(t, g.left())
		g.extend(wait)
		require.Contains(t, g.until.String(), " m=", "the time has a monotonic part")
		require.Greater(t, g.left(), time.Duration(0))
		require.LessOrEqual(t, g.left(), wait)
		g.extend(0)
		g.extend(-wait)
		require.Contains(t, g.until.String(), " m=")
		require.Greater(t, g.left(), time.Duration(0), "a shorter wait changes nothing")
	}
}
