package skypecontacts

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Retry says how failed requests are repeated. Zero fields mean the defaults.
// Which failures are repeated is not a setting; see the package overview.
type Retry struct {
	MaxAttempts   int           // requests per call; default 3, and 1 turns repeating off
	BaseDelay     time.Duration // the first pause is up to this long, the next up to twice; default 200 ms
	MaxDelay      time.Duration // no pause the client chooses is longer; default 5 s
	MaxRetryAfter time.Duration // a service that asks for more ends the call; default 60 s
	// Budget is shared by all calls so that an outage is not met with thrice the
	// traffic: a repeat costs 5, after a time-out 10, and each call that succeeds
	// at once pays 1 back. Default 50.
	Budget int
}

func (r Retry) withDefaults() Retry {
	orDefault(&r.MaxAttempts, 3)
	orDefault(&r.BaseDelay, 200*time.Millisecond)
	orDefault(&r.MaxDelay, 5*time.Second)
	orDefault(&r.MaxRetryAfter, time.Minute)
	orDefault(&r.Budget, 50)
	return r
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// ceiling is what the pause before the nth repeat stays below.
func (r Retry) ceiling(n int) time.Duration {
	ceiling := r.BaseDelay
	for range n - 1 {
		if ceiling > r.MaxDelay/2 {
			return r.MaxDelay
		}
		ceiling *= 2
	}
	return min(ceiling, r.MaxDelay)
}

// outcome is what came of one attempt.
type outcome struct {
	ok         bool
	status     int // 0 without an answer
	code       int
	retryAfter time.Duration
	movedTo    string // host of the gateway the account lives on
	err        error  // if the status does not say what went wrong
	unsent     bool   // no connection was obtained
}

func (o outcome) timedOut() bool {
	var timeout interface{ Timeout() bool }
	return errors.As(o.err, &timeout) && timeout.Timeout()
}

// refused reports whether another token may help.
func (o outcome) refused() bool {
	return o.saysItAll() && meaning(o.status, o.code) == http.StatusUnauthorized
}

// saysItAll reports whether the service itself said that it failed.
func (o outcome) saysItAll() bool {
	var reported status
	return o.err == nil || errors.As(o.err, &reported)
}

// gone reports whether the thing to be removed was not there.
func (o outcome) gone() bool {
	return o.err == nil && statusSentinel(meaning(o.status, o.code)) == ErrNotFound
}

// verdict says whether a request may be sent again and whether it may have taken
// effect.
type verdict struct{ again, maybe bool }

// judge is the retry table.
func (r *route) judge(o outcome) verdict {
	var network networkError
	var reported status
	switch {
	case errors.As(o.err, &network) && o.unsent:
		return verdict{again: !isCertificateError(o.err) && !isNoSuchHost(o.err)}
	case errors.As(o.err, &network):
		return verdict{again: r.repeatable(), maybe: true}
	case errors.As(o.err, &reported):
		return verdict{maybe: reported.code/100/100 != 4}
	case errors.Is(o.err, errNotOurs):
		return verdict{}
	case o.err != nil: // a success that cannot be read
		return verdict{maybe: true}
	}
	switch o.status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return verdict{again: r.repeatable(), maybe: true}
	case http.StatusTooManyRequests:
		return verdict{again: r.repeatable()}
	case http.StatusSeeOther: // the usual answer to a form that was accepted
		return verdict{maybe: true}
	}
	return verdict{maybe: o.status/100 != 3 && o.status/100 != 4}
}

// maxRetryAfter keeps the arithmetic of durations safe.
const maxRetryAfter = 100 * 365 * 24 * time.Hour

// parseRetryAfter reads seconds, also with a fraction, or an HTTP date. Of several
// headers the longest wait counts; what cannot be read asks for none.
func parseRetryAfter(values []string, now time.Time) (wait time.Duration) {
	for _, value := range values {
		value = strings.TrimSpace(value)
		asked := time.Duration(0)
		if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
			asked = maxRetryAfter
			if seconds < maxRetryAfter.Seconds() {
				asked = time.Duration(math.Ceil(seconds * float64(time.Second)))
			}
		} else if date, err := http.ParseTime(value); err == nil {
			asked = min(date.Sub(now), maxRetryAfter)
		}
		wait = max(wait, asked)
	}
	return wait
}

// gate is shut while a service asked to be left alone.
type gate struct{ until atomic.Int64 }

func (g *gate) left() time.Duration {
	until := g.until.Load()
	if until == 0 {
		return 0
	}
	return time.Until(time.Unix(0, until))
}

// close shuts the gate unless it is shut for longer already.
func (g *gate) close(wait time.Duration) {
	if wait <= 0 {
		return
	}
	until := time.Now().Add(wait).UnixNano()
	for {
		before := g.until.Load()
		if before >= until || g.until.CompareAndSwap(before, until) {
			return
		}
	}
}

// budget bounds the share of requests that are repeats.
type budget struct {
	mu        sync.Mutex
	left, max int
}

func newBudget(size int) *budget { return &budget{left: size, max: size} }

func (b *budget) spend(timedOut bool) bool {
	cost := 5
	if timedOut {
		cost = 10
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < cost {
		return false
	}
	b.left -= cost
	return true
}

func (b *budget) refund() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < b.max {
		b.left++
	}
}
