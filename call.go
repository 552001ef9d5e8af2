package skypecontacts

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// Limiter limits the rate of requests. [golang.org/x/time/rate.Limiter] is one. A limiter
// with several rates learns from [OperationFrom] what the request is for.
type Limiter interface {
	Wait(ctx context.Context) error
}

// core is what a call needs of a [Client].
type core struct {
	base      [serviceCount]*url.URL
	authStyle AuthStyle
	userAgent string
	timeout   time.Duration
	retry     Retry
	limiter   Limiter
	observers []func(context.Context, Attempt)
	calls     []CallObserver
	maxBody   int64

	operations bool // somebody may ask for the operation of a context

	tokens       *tokenCache
	registration *tokenCache // nil without WithRegistrationToken
	cooldowns    *[serviceCount]cooldown
	budget       *retryBudget
	sender       *sender
}

// fetch makes a call whose response is one JSON document.
func fetch[T any](ctx context.Context, c *core, r *route, args callArgs, decode func(*reader, *T)) (*T, error) {
	var result *T
	err := c.execute(ctx, r, args, func(resp *response) error {
		if resp.header.Get(continuationHeader) != "" {
			return errUnexpectedPage
		}
		result = new(T)
		return resp.decodeDocument(r.list, func(in *reader) { decode(in, result) })
	})
	if err != nil {
		return nil, err // also if the context ended after the last byte
	}
	return result, nil
}

// send makes a call that changes the server. Its response may be empty or any JSON
// value that reports no failure; its content is not returned.
func send(ctx context.Context, c *core, r *route, args callArgs) error {
	return c.execute(ctx, r, args, func(resp *response) error {
		body, err := resp.readDocument()
		if err != nil || body == nil {
			return err
		}
		return resp.decode(body, checkWriteResponse)
	})
}

// execute sends a request as often as the retry table allows, until decode accepts
// a response. It returns nil or an [*Error].
func (c *core) execute(ctx context.Context, r *route, args callArgs, decode func(*response) error) error {
	if c.operations {
		ctx = withOperation(ctx, r)
	}
	ctx, log := beginCall(ctx, r, c.calls)
	p := pendingCall{core: c, route: r, args: args, decode: decode, log: log, left: r.callTimeout(c.timeout)}
	if log == nil {
		return p.execute(ctx)
	}
	err := errNotReturned
	defer func() { log.end(err) }()
	err = p.execute(ctx)
	return err
}

// pendingCall is one call until its result is known.
type pendingCall struct {
	core   *core
	route  *route
	decode func(*response) error
	log    *callLog // nil if nobody observes calls

	args        callArgs
	request     outgoingRequest
	credentials *tokenCache
	token       Token

	left         time.Duration // of the timeout; waiting for the limiter is not part of it
	deadline     time.Time     // when the timeout ends; a wait for the limiter moves it
	last         outcome       // what the error of the call says
	attempts     int           // requests sent
	repeats      int           // requests sent again because one failed
	renewed      bool          // the token was replaced once
	moved        bool          // the gateway's move was followed once
	maybeApplied bool          // a request may have made the change
}

// execute runs the call.
func (p *pendingCall) execute(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return p.finish(err)
	}
	if err := p.build(); err != nil {
		return p.finish(err)
	}
	if p.args.left == nil {
		return p.run(ctx)
	}
	p.left = *p.args.left
	defer func() { *p.args.left = p.left }()
	return p.run(ctx)
}

// finish returns the error of the call.
func (p *pendingCall) finish(err error) error {
	return &Error{
		Op: p.route.op, Method: p.route.method, Route: p.route.path,
		Status: p.last.status, Code: p.last.code, Message: p.last.message, Excerpt: p.last.excerpt,
		RequestID: p.last.requestID, RetryAfter: p.last.retryAfter,
		Attempts: p.attempts, MaybeApplied: p.maybeApplied, err: err,
	}
}

// build prepares what is the same in every attempt.
func (p *pendingCall) build() (err error) {
	if p.request, err = p.route.newRequest(p.core.base[p.route.service], p.args); err != nil {
		return err
	}
	p.credentials = p.core.tokens
	if p.route.isGateway() {
		p.credentials = p.core.registration
	}
	if p.credentials == nil {
		return ErrNoRegistrationToken
	}
	return nil
}

// run is the attempt loop.
func (p *pendingCall) run(ctx context.Context) error {
	for {
		if ctx.Err() == nil && p.coolingDown() {
			return p.finish(nil) // without a wait for the limiter
		}
		if err := p.waitForLimiter(ctx); err != nil {
			return p.finish(err)
		}
		p.deadline = time.Now().Add(p.left)
		done, err := p.step(ctx)
		p.left = time.Until(p.deadline)
		if done {
			return err
		}
	}
}

// ended returns the error of a call whose context or timeout has ended, nil while it
// lasts.
func (p *pendingCall) ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if time.Until(p.deadline) <= 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// waitForLimiter waits until the limiter permits a request.
func (p *pendingCall) waitForLimiter(ctx context.Context) error {
	if p.core.limiter == nil {
		return nil
	}
	if err := p.core.limiter.Wait(ctx); err != nil {
		return cmp.Or(ctx.Err(), error(limiterError{err}))
	}
	return nil
}

func (p *pendingCall) cooldown() *cooldown { return &p.core.cooldowns[p.route.service] }

// coolingDown reports whether the service is in its cooldown, when nothing is sent.
func (p *pendingCall) coolingDown() bool {
	left := p.cooldown().left()
	if left > 0 {
		p.last = outcome{status: http.StatusTooManyRequests, retryAfter: left}
	}
	return left > 0
}

// step makes one attempt and the pause behind it. It reports false if there is
// another attempt to make, and else the result of the call.
func (p *pendingCall) step(ctx context.Context) (done bool, err error) {
	if err := p.ended(ctx); err != nil {
		return true, p.finish(err)
	}
	if p.coolingDown() { // since the limiter was asked
		return true, p.finish(nil)
	}
	if !p.renewed {
		if p.token, err = p.credentials.current(ctx, p.deadline); err != nil {
			return true, p.finish(err)
		}
	}
	o := p.observedAttempt(ctx)
	// What is not found after a lost attempt was deleted by that attempt.
	if o.ok || p.route.method == http.MethodDelete && p.maybeApplied && o.notFound() {
		if err := p.ended(ctx); err != nil { // a result after the end of the call is not used
			p.maybeApplied = p.route.write
			return true, p.finish(err)
		}
		if p.attempts == 1 {
			p.core.budget.refund()
		}
		return true, nil
	}
	if o.status != 0 || p.ended(ctx) == nil {
		p.last = o
	}
	decision := p.route.classify(&o)
	p.maybeApplied = p.maybeApplied || decision.maybeApplied && p.route.write
	if err := p.ended(ctx); err != nil {
		return true, p.finish(err)
	}
	ctx, cancel := context.WithDeadline(ctx, p.deadline)
	defer cancel()
	again, err := p.nextAttempt(ctx, &o, decision)
	switch {
	case err != nil:
		return true, p.finish(err)
	case !again:
		return true, p.finish(o.err)
	}
	return false, nil
}

// nextAttempt prepares the next attempt, or reports false if there is none.
func (p *pendingCall) nextAttempt(ctx context.Context, o *outcome, decision retryDecision) (ok bool, err error) {
	switch {
	case p.tokenRefused(o):
		if p.renewed {
			return false, nil
		}
		p.renewed = true
		token, ok, err := p.credentials.replace(ctx, p.token)
		if ok {
			p.token = token
		}
		return ok, err
	case o.movedTo != "":
		if p.moved {
			return false, nil
		}
		p.moved = true
		p.request.host = o.movedTo
		return true, nil
	case decision.retryable:
		return p.pause(ctx, o)
	default:
		return false, nil
	}
}

// tokenRefused reports whether the request may succeed with another token. The
// gateway refuses an expired token with 403 as well.
func (p *pendingCall) tokenRefused(o *outcome) bool {
	if !o.isStatusFailure() {
		return false
	}
	status := effectiveStatus(o.status, o.code)
	return status == http.StatusUnauthorized || p.route.isGateway() && status == http.StatusForbidden
}

// pause waits before a repeat. It reports false if there is none: the attempts or
// the budget are used up, or the context would end first.
func (p *pendingCall) pause(ctx context.Context, o *outcome) (ok bool, err error) {
	retry := p.core.retry
	p.repeats++
	if p.repeats >= retry.MaxAttempts || o.retryAfter > retry.MaxRetryAfter || o.retryAfterAssumed {
		return false, nil
	}
	delay := o.retryAfter + rand.N(retry.ceiling(p.repeats))
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
		return false, nil
	}
	if !p.core.budget.spend(o.timedOut()) {
		return false, nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// observedAttempt makes one attempt and calls the observers.
func (p *pendingCall) observedAttempt(ctx context.Context) outcome {
	start := time.Now()
	p.attempts++
	o := p.attempt(ctx)
	if len(p.core.observers) == 0 && p.log == nil {
		return o
	}
	attempt := Attempt{
		Op: p.route.op, Service: p.route.service.String(), Method: p.route.method, Route: p.route.path,
		Number: p.attempts, Status: o.status, RetryAfter: o.retryAfter, RequestID: o.requestID,
		Start: start, Duration: time.Since(start), Failure: o.failure(),
	}
	for _, observe := range p.core.observers {
		observe(ctx, attempt)
	}
	if p.log != nil {
		p.log.attempts = append(p.log.attempts, attempt)
	}
	return o
}

// attempt sends one request and decodes its response.
func (p *pendingCall) attempt(ctx context.Context) outcome {
	timeout := min(p.route.attemptTimeout(p.core.timeout), time.Until(p.deadline))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(timeout, func() { cancel(errAttemptTimeout) })
	defer timer.Stop()

	connection := connectionTrace{permit: p.permit(), cancel: cancel, plainHTTP2: p.core.sender.plainHTTP2}
	resp, err := p.core.sender.send(connection.attach(ctx), p.route.method, p.request)
	p.attempts += connection.repeated()
	if err != nil {
		return outcome{err: networkCause(ctx, err), unsent: p.core.sender.traced && connection.neverConnected()}
	}
	defer resp.Body.Close() //nolint:errcheck // the body has been read; a close error changes nothing

	body := &boundedBody{from: resp.Body, left: p.route.limit(p.core.maxBody), timer: timer}
	o := outcome{status: resp.StatusCode, requestID: requestIDOf(resp.Header, p.token)}
	o.retryAfter, o.retryAfterAssumed = retryAfterOf(resp)
	if o.status == http.StatusTooManyRequests {
		p.cooldown().extend(o.retryAfter) // before the body, which may be slow
	}
	o.ok, o.err = p.decodeSuccess(ctx, resp, body)
	if !o.ok {
		o.err = body.cause(ctx, o.err)
		p.recordFailure(&o, resp, body)
	}
	p.storeRegistrationToken(&o, resp.Header)
	return o
}

// permit returns the permit of the next attempt.
func (p *pendingCall) permit() permit {
	return permit{
		scheme: p.request.scheme, host: p.request.host, header: p.route.newHeader(p.core.userAgent, p.args),
		service: p.route.service, authStyle: p.core.authStyle, token: p.token,
	}
}

// decodeSuccess decodes the response to a request that succeeded. It reports false
// without an error if the status alone is the error.
func (p *pendingCall) decodeSuccess(ctx context.Context, resp *http.Response, body *boundedBody) (ok bool, err error) {
	switch resp.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent, http.StatusMultiStatus:
	case http.StatusNotModified:
		if !p.route.conditional {
			return false, errUnaskedNotModified
		}
	default:
		return false, nil
	}
	media := mediaType(resp.Header)
	if media == mediaProblem {
		return false, errProblemJSON
	}
	if p.route.stream {
		body.idleTimeout = p.route.attemptTimeout(p.core.timeout)
	}
	err = p.decode(&response{
		status: resp.StatusCode, header: resp.Header, body: body,
		size: resp.ContentLength, isJSON: isJSONType(media), limit: p.route.limit(p.core.maxBody), interrupted: ctx.Err,
	})
	return err == nil, err
}

// recordFailure adds to the outcome what the response says of the failure.
func (p *pendingCall) recordFailure(o *outcome, resp *http.Response, body *boundedBody) {
	var reported reportedFailure
	switch {
	case errors.As(o.err, &reported):
		o.code, o.message = reported.code, reported.message
		o.err = reportedFailure{code: reported.code} // the message may hold the token
	case o.err == errNoKnownMember:
		o.message = string(body.head)
	case o.err == nil || o.err == errProblemJSON:
		body.left = maxErrorBody
		read, err := body.readAll(-1) // the status is the error, also if the body is cut off
		report, complete := parseErrorBody(read)
		o.code, o.message = report.code, report.message
		media := mediaType(resp.Header)
		o.foreign = !isJSONType(media) || media == mediaProblem || err != nil || !complete && len(bytes.TrimSpace(read)) > 0
		if o.err == errProblemJSON {
			o.message = cmp.Or(o.message, string(read), "application/problem+json without content")
			o.err = reportedFailure{code: o.code}
		}
	}
	// Debug pages of servers repeat the request with its token.
	o.message = cutExcerpt(p.withoutSecrets(o.message))
	o.excerpt = cutExcerpt(p.withoutSecrets(string(body.head)))
	o.moved = p.route.isGateway() && o.err == nil &&
		(o.code == codeOtherCloud || o.status == http.StatusMovedPermanently || o.status == http.StatusFound)
	if o.moved {
		o.movedTo = gatewayMove(p.request.host, resp.Header.Get("Location"))
	}
}

// withoutSecrets replaces the token of the request, and the key of a picture.
func (p *pendingCall) withoutSecrets(text string) string {
	return withoutToken(withoutToken(text, p.token), NewToken(p.request.pictureKey, time.Time{}))
}

// storeRegistrationToken stores a token that the gateway sent, unless the response
// names another gateway, whose tokens are of no use here.
func (p *pendingCall) storeRegistrationToken(o *outcome, header http.Header) {
	if !p.route.isGateway() || o.moved {
		return
	}
	if token, ok := parseRegistrationToken(header.Get("Set-RegistrationToken")); ok {
		p.credentials.store(token)
	}
}
