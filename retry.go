package skypecontacts

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Retry configures how failed requests are repeated. Zero fields mean the defaults.
// Which failures are repeated is fixed; see the package overview.
type Retry struct {
	MaxAttempts   int           // requests per call; default 3, and 1 turns repeating off
	BaseDelay     time.Duration // upper bound of the first pause, doubled for each further one; default 200 ms
	MaxDelay      time.Duration // upper bound of every pause but for Retry-After; default 5 s
	MaxRetryAfter time.Duration // a longer Retry-After ends the call; default 60 s
	// Burst is how many requests in a row may be repeated, by all calls together,
	// while none succeeds at the first attempt; a request that timed out counts
	// twice. Five calls that succeed at the first attempt permit one more. It
	// keeps an outage from multiplying the traffic. Default 10.
	Burst int
}

func (r Retry) withDefaults() Retry {
	setDefault(&r.MaxAttempts, 3)
	setDefault(&r.BaseDelay, 200*time.Millisecond)
	setDefault(&r.MaxDelay, 5*time.Second)
	setDefault(&r.MaxRetryAfter, time.Minute)
	setDefault(&r.Burst, 10)
	return r
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// ceiling is the upper bound of the random pause before the nth repeat.
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

// retryDecision says whether a request may be sent again and whether the change it
// asks for may have been made.
type retryDecision struct{ retryable, maybeApplied bool }

// classify is the retry table.
func (r *route) classify(o *outcome) retryDecision {
	var network networkError
	var reported reportedFailure
	switch {
	case errors.As(o.err, &network) && o.unsent:
		return retryDecision{retryable: !isCertificateError(o.err) && !isNoSuchHost(o.err)}
	case errors.As(o.err, &network):
		return retryDecision{retryable: r.repeatable(), maybeApplied: true}
	case errors.As(o.err, &reported):
		return retryDecision{maybeApplied: effectiveStatus(http.StatusOK, reported.code)/100 != 4}
	case errors.Is(o.err, errMisdirected):
		return retryDecision{}
	case o.err != nil: // a 2xx response that cannot be decoded
		return retryDecision{maybeApplied: true}
	}
	switch o.status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return retryDecision{retryable: r.repeatable(), maybeApplied: true}
	case http.StatusTooManyRequests:
		return retryDecision{retryable: r.repeatable()}
	case http.StatusSeeOther: // the usual response to a form that was accepted
		return retryDecision{maybeApplied: true}
	}
	return retryDecision{maybeApplied: o.status/100 != 3 && o.status/100 != 4}
}

const (
	maxRetryAfter = 100 * 365 * 24 * time.Hour // longer times overflow calculations with durations
	// defaultRetryAfter counts for a 429 without Retry-After. Those of the gateway
	// last for minutes, and requests in that time prolong it.
	defaultRetryAfter = 10 * time.Second
)

// retryAfterOf returns how long the service asks not to be called. assumed is true
// for a 429 that does not say, which is not repeated.
func retryAfterOf(resp *http.Response) (wait time.Duration, assumed bool) {
	values := resp.Header.Values("Retry-After")
	if len(values) == 0 && resp.StatusCode != http.StatusTooManyRequests {
		return 0, false
	}
	now := time.Now()
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		now = date // an HTTP date is by the server's clock
	}
	wait, said := parseRetryAfter(values, now)
	if !said && resp.StatusCode == http.StatusTooManyRequests {
		return defaultRetryAfter, true
	}
	return wait, false
}

// parseRetryAfter parses Retry-After headers: digits with an optional fraction, or an
// HTTP date. The longest wait counts. said is false if no value can be parsed.
func parseRetryAfter(values []string, now time.Time) (longest time.Duration, said bool) {
	for _, value := range values {
		value = strings.TrimSpace(value)
		var wait time.Duration
		if strings.Trim(value, "0123456789.") == "" {
			seconds, err := strconv.ParseFloat(value, 64)
			switch {
			case errors.Is(err, strconv.ErrSyntax):
				continue
			case err != nil || seconds >= maxRetryAfter.Seconds():
				wait = maxRetryAfter
			default:
				wait = time.Duration(math.Ceil(seconds * float64(time.Second)))
			}
		} else if date, err := http.ParseTime(value); err == nil {
			wait = min(date.Sub(now), maxRetryAfter)
		} else {
			continue
		}
		longest, said = max(longest, wait), true
	}
	return longest, said
}

// cooldown is the time in which a service is not called because of its Retry-After,
// on the monotonic clock.
type cooldown struct {
	mu    sync.Mutex
	until time.Time
}

// left returns how long the cooldown lasts, 0 if it is over.
func (c *cooldown) left() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.until.IsZero() {
		return 0
	}
	return max(0, time.Until(c.until))
}

// extend makes the cooldown last for the given time from now, if it does not last
// longer already.
func (c *cooldown) extend(wait time.Duration) {
	until := time.Now().Add(wait)
	c.mu.Lock()
	defer c.mu.Unlock()
	if until.After(c.until) {
		c.until = until
	}
}

// Tokens of retryBudget.
const (
	repeatCost        = 5 // of a repeat, twice as much after a time-out
	firstTryAllowance = 1 // for a call that succeeds at the first attempt
)

// retryBudget limits how many requests are repeated, by all calls together.
type retryBudget struct {
	mu                  sync.Mutex
	tokens, burstTokens int
}

func newRetryBudget(burst int) *retryBudget {
	tokens := min(burst, math.MaxInt/repeatCost) * repeatCost
	return &retryBudget{tokens: tokens, burstTokens: tokens}
}

// spend takes the cost of one repeat, or reports false if too little is left.
func (b *retryBudget) spend(timedOut bool) bool {
	cost := repeatCost
	if timedOut {
		cost *= 2
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tokens < cost {
		return false
	}
	b.tokens -= cost
	return true
}

// refund adds the allowance for a call that succeeded at the first attempt.
func (b *retryBudget) refund() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.tokens+firstTryAllowance, b.burstTokens)
}
