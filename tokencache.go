package skypecontacts

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	refreshEarly   = 5 * time.Minute
	refreshSpacing = 30 * time.Second
	refreshTimeout = 15 * time.Second
	// A call with a token that is still good waits no longer for a new one.
	renewalPatience = 2 * time.Second
)

// tokenCache holds one source's current token for all callers.
type tokenCache struct {
	source TokenSource

	mu       sync.Mutex
	token    Token
	renewAt  time.Time // when to ask the source again unprompted; zero: not before it is refused
	resting  time.Time // until when the source is not asked, because it failed or what it gave was refused
	lastErr  error     // how the source failed, while resting
	question *question // being asked now, nil if none
}

// question is one call of the source, which any number of callers await.
type question struct {
	done    chan struct{}
	token   Token
	err     error
	refused bool // somebody asks because the service refused the token
}

func newTokenCache(source TokenSource) *tokenCache { return &tokenCache{source: source} }

// current returns the token to use, asking the source if there is none or it
// ends soon. While a token is still good a source that fails does no harm.
func (c *tokenCache) current(ctx context.Context) (Token, error) {
	c.mu.Lock()
	held, now := c.token, time.Now()
	fresh := held.value != nil && (c.renewAt.IsZero() || now.Before(c.renewAt))
	usable := held.value != nil && (held.expiry.IsZero() || now.Before(held.expiry))
	failing := c.lastErr != nil && now.Before(c.resting)
	lastErr := c.lastErr
	var q *question
	if !fresh && !failing {
		q = c.ask(ctx, false)
	}
	c.mu.Unlock()

	switch {
	case fresh, failing && usable:
		return held, nil
	case failing:
		return Token{}, lastErr
	}
	if !usable {
		return q.wait(ctx)
	}
	patient, cancel := context.WithTimeout(ctx, renewalPatience)
	defer cancel()
	token, err := q.wait(patient)
	if err != nil && ctx.Err() == nil {
		return held, nil
	}
	return token, err
}

// replace returns another token than the one the service refused. It reports
// false if there is none: the source gave the same again, or is left in peace
// because it was asked for this reason less than half a minute ago.
func (c *tokenCache) replace(ctx context.Context, refused Token) (Token, bool, error) {
	c.mu.Lock()
	held := c.token
	renewed := held.value != nil && held.Value() != refused.Value()
	resting := c.question == nil && time.Now().Before(c.resting)
	var q *question
	if !renewed && !resting {
		q = c.ask(ctx, true)
	}
	c.mu.Unlock()

	switch {
	case renewed:
		return held, true, nil
	case resting:
		return Token{}, false, nil
	}
	token, err := q.wait(ctx)
	return token, err == nil && token.Value() != refused.Value(), err
}

// store replaces the token by one the service itself handed out.
func (c *tokenCache) store(token Token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(token)
}

// ask joins the question being asked or begins one. The caller holds the lock.
func (c *tokenCache) ask(ctx context.Context, refused bool) *question {
	if c.question != nil {
		c.question.refused = c.question.refused || refused
		return c.question
	}
	q := &question{done: make(chan struct{}), refused: refused}
	c.question = q
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTimeout)
	answered := make(chan struct{})
	var token Token
	err := errNoAnswer
	go func() {
		defer close(answered)
		token, err = c.source.Token(ctx)
	}()
	go func() {
		defer cancel()
		select {
		case <-answered:
			c.settle(q, token, err)
		case <-ctx.Done(): // whether or not the source minds
			c.settle(q, Token{}, ctx.Err())
		}
	}()
	return q
}

// errNoAnswer stands until the source has answered. A source that ends its
// goroutine, as a failing test does, never will.
var errNoAnswer = errors.New("no answer")

// settle takes over what the source answered and tells those who wait for it.
func (c *tokenCache) settle(q *question, token Token, err error) {
	if err != nil {
		err = tokenError{err}
	} else {
		err = checkToken(token.Value())
	}
	q.token, q.err = token, err

	defer close(q.done)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.question = nil
	if err == nil {
		c.keep(token)
	} else {
		c.lastErr = err
	}
	if q.refused || err != nil {
		c.resting = time.Now().Add(refreshSpacing)
	}
}

// keep makes token the current one. The caller holds the lock.
func (c *tokenCache) keep(token Token) {
	c.token, c.lastErr, c.renewAt = token, nil, time.Time{}
	if token.expiry.IsZero() {
		return
	}
	left := time.Until(token.expiry)
	if left <= 0 {
		// The machine's clock may be wrong. The service will say.
		c.renewAt = time.Now().Add(refreshSpacing)
		return
	}
	early := min(refreshEarly, left/2)
	// Programs started together must not all ask together.
	early += rand.N(early/10 + 1)
	c.renewAt = token.expiry.Add(-early)
}

func (q *question) wait(ctx context.Context) (Token, error) {
	select {
	case <-q.done:
		return q.token, q.err
	case <-ctx.Done():
		return Token{}, ctx.Err()
	}
}
