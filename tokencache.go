package skypecontacts

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	refreshEarly   = 5 * time.Minute  // before the expiry
	refreshSpacing = 30 * time.Second // after a failed refresh (but see askAgain) or a refused token
	refreshTimeout = 15 * time.Second
	// refreshPatience is how long a call that has a valid token waits for a new one.
	refreshPatience = 2 * time.Second
)

// tokenCache holds the current token of one source for all callers.
type tokenCache struct {
	source TokenSource

	mu           sync.Mutex
	token        Token
	refreshAt    time.Time     // when the token is refreshed before it expires; zero: never
	blockedUntil time.Time     // no refresh before that
	lastErr      error         // of the last refresh, nil if it succeeded
	pending      *tokenRefresh // running now, nil if none
}

// tokenRefresh is one call of the source, for which any number of callers wait.
type tokenRefresh struct {
	done    chan struct{}
	token   Token
	err     error
	refused bool // a caller waits because the service refused the token

	panicValue any // of the source, nil if it did not panic
}

func newTokenCache(source TokenSource) *tokenCache { return &tokenCache{source: source} }

// current returns the cached token, or a new one if there is none or it expires
// soon. If a refresh fails, a cached token that is still valid is returned. No refresh is
// waited for after the deadline.
func (c *tokenCache) current(ctx context.Context, deadline time.Time) (Token, error) {
	c.mu.Lock()
	cached, now := c.token, time.Now()
	fresh := cached.value != nil && (c.refreshAt.IsZero() || now.Before(c.refreshAt))
	valid := cached.value != nil && (cached.expiry.IsZero() || now.Before(cached.expiry))
	failed := c.lastErr != nil && now.Before(c.blockedUntil)
	lastErr := c.lastErr
	var refresh *tokenRefresh
	if !fresh && !failed {
		refresh = c.startRefresh(ctx, false)
	}
	c.mu.Unlock()

	switch {
	case fresh, failed && valid:
		return cached, nil
	case failed:
		return Token{}, lastErr
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	if !valid {
		return refresh.wait(ctx)
	}
	waiting, stop := context.WithTimeout(ctx, refreshPatience)
	defer stop()
	token, err := refresh.wait(waiting)
	if err != nil && ctx.Err() == nil {
		return cached, nil
	}
	return token, err
}

// replace returns a token other than the one that the service refused. It reports
// false if there is none: the source returned the same token, or was called less
// than refreshSpacing ago.
func (c *tokenCache) replace(ctx context.Context, refused Token) (Token, bool, error) {
	c.mu.Lock()
	cached := c.token
	replaced := cached.value != nil && cached.Value() != refused.Value()
	blocked := c.pending == nil && time.Now().Before(c.blockedUntil)
	var refresh *tokenRefresh
	if !replaced && !blocked {
		refresh = c.startRefresh(ctx, true)
	}
	c.mu.Unlock()

	switch {
	case replaced:
		return cached, true, nil
	case blocked:
		return Token{}, false, nil
	}
	token, err := refresh.wait(ctx)
	return token, err == nil && token.Value() != refused.Value(), err
}

// store makes a token that the service sent the current one.
func (c *tokenCache) store(token Token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setToken(token)
}

// startRefresh returns the running refresh, or starts one. The caller holds the
// lock.
func (c *tokenCache) startRefresh(ctx context.Context, refused bool) *tokenRefresh {
	if c.pending != nil {
		c.pending.refused = c.pending.refused || refused
		return c.pending
	}
	refresh := &tokenRefresh{done: make(chan struct{}), refused: refused}
	c.pending = refresh
	ctx = context.WithValue(context.WithoutCancel(ctx), operationKey{}, nil) // what the source sends is no request of the call
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	returned := make(chan struct{})
	var token Token
	var panicValue any
	var askAgain bool
	err := errSourceExited
	go func() {
		defer close(returned)
		defer func() { panicValue = recover() }()
		token, err = c.source.Token(ctx)
		askAgain = mayAskAgain(err) // here, since it is code of the source
	}()
	go func() {
		defer cancel()
		select {
		case <-returned:
			refresh.panicValue = panicValue
			c.finishRefresh(refresh, token, err, askAgain)
		case <-ctx.Done(): // even if the source ignores ctx
			c.finishRefresh(refresh, Token{}, ctx.Err(), false)
		}
	}()
	return refresh
}

// errSourceExited is the error of a source that ended its goroutine without
// returning, by a panic or as a failing test does.
var errSourceExited = errors.New("the token source did not return")

// finishRefresh stores the result of the source and wakes the callers that wait.
func (c *tokenCache) finishRefresh(refresh *tokenRefresh, token Token, err error, askAgain bool) {
	if err != nil {
		err = tokenError{err}
	} else {
		err = checkToken(token.Value())
	}
	refresh.token, refresh.err = token, err

	defer close(refresh.done)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = nil
	if err == nil {
		c.setToken(token)
	}
	if err != nil && askAgain {
		return
	}
	c.lastErr = err
	if refresh.refused || err != nil {
		c.blockedUntil = time.Now().Add(refreshSpacing)
	}
}

// setToken makes token the current one and sets the time of its refresh. The
// caller holds the lock.
func (c *tokenCache) setToken(token Token) {
	c.token, c.lastErr, c.refreshAt = token, nil, time.Time{}
	if token.expiry.IsZero() {
		return
	}
	left := time.Until(token.expiry)
	if left <= 0 {
		// The local clock may be wrong: the token is used until the service refuses it.
		c.refreshAt = time.Now().Add(refreshSpacing)
		return
	}
	early := min(refreshEarly, left/2)
	// Jitter: programs started together do not refresh together.
	early += rand.N(early/10 + 1)
	c.refreshAt = token.expiry.Add(-early)
}

// wait returns the result of the refresh. A panic of the source goes on in every
// caller that waits, where the program can recover from it.
func (r *tokenRefresh) wait(ctx context.Context) (Token, error) {
	select {
	case <-r.done:
		if r.panicValue != nil {
			panic(r.panicValue)
		}
		return r.token, r.err
	case <-ctx.Done():
		return Token{}, ctx.Err()
	}
}
