package skypecontacts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Limiter holds requests back. [golang.org/x/time/rate.Limiter] is one.
type Limiter interface {
	Wait(ctx context.Context) error
}

const attemptTimeout = 30 * time.Second

// do makes a call whose answer is one JSON document.
func do[T any](ctx context.Context, c *Client, r *route, req request, decode func(*reader, *T)) (*T, error) {
	var result *T
	err := c.call(ctx, r, req, func(a *answer) error {
		body, err := a.document()
		read := new(T)
		if err == nil {
			err = decodeBody(body, func(in *reader) { decode(in, read) })
		}
		if err == nil {
			result = read
		}
		return err
	})
	return result, err
}

// send makes a call that changes something. What the service says to it is not
// recorded anywhere; nothing at all or a JSON value that reports no failure will do.
func (c *Client) send(ctx context.Context, r *route, req request) error {
	return c.call(ctx, r, req, func(a *answer) error {
		body, err := a.document()
		if err != nil || body == nil {
			return err
		}
		return decodeBody(body, func(in *reader) {
			if in.kind() == '{' {
				in.answer(new(Extra), func([]byte) bool { return false })
			} else {
				in.value()
			}
		})
	})
}

// call sends one request as often as the retry table allows until read has
// understood a success. It returns nil or an *Error.
func (c *Client) call(ctx context.Context, r *route, req request, read func(*answer) error) error {
	x := exchange{client: c, route: r, read: read, fail: &Error{Op: r.op, Method: r.method, Route: r.path}}
	if err := ctx.Err(); err != nil {
		return x.failed(err)
	}
	if err := x.build(req); err != nil {
		return x.failed(err)
	}
	if !r.stream {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	return x.run(ctx)
}

// exchange is one call in progress.
type exchange struct {
	client *Client
	route  *route
	read   func(*answer) error

	scheme      string
	host        string // that the token may go to
	path        string // escaped, with the query
	header      http.Header
	body        []byte
	credentials *tokenCache
	token       Token

	retries int    // requests repeated because they failed
	renewed bool   // the token was replaced once
	moved   bool   // the gateway's move was followed once
	maybe   bool   // some request may have taken effect
	fail    *Error // what the call returns unless it succeeds
}

func (x *exchange) failed(err error) *Error {
	x.fail.err = err
	x.fail.MaybeApplied = x.maybe
	return x.fail
}

// build prepares all that does not change between attempts.
func (x *exchange) build(req request) (err error) {
	c, r := x.client, x.route
	base := c.base[r.service]
	path, err := expand(r.path, req.params)
	if err != nil {
		return err
	}
	x.scheme, x.host, x.path = base.Scheme, base.Host, base.EscapedPath()+path
	if len(req.query) > 0 {
		x.path += "?" + req.query.Encode()
	}
	if len(x.address()) > maxURL {
		return fmt.Errorf("%w: the arguments make a URL of over %d bytes", ErrInvalid, maxURL)
	}

	x.header = http.Header{"Accept": {"application/json; ver=1.0"}, "User-Agent": {c.userAgent}}
	for name, values := range req.header {
		for _, value := range values {
			if !httpguts.ValidHeaderFieldValue(value) {
				return fmt.Errorf("%w: %s cannot be sent", ErrInvalid, name)
			}
		}
		x.header[name] = values
	}
	switch {
	case req.json != nil:
		if x.body, err = marshal(req.json); err != nil {
			return fmt.Errorf("%w: text is not valid UTF-8", ErrInvalid)
		}
		x.header.Set("Content-Type", "application/json")
	case req.form != nil:
		x.body = []byte(encodeForm(req.form))
		x.header.Set("Content-Type", "application/x-www-form-urlencoded")
	case r.method == http.MethodPut:
		// Without a body, but some hosts answer 403 to a PUT of another type.
		x.header.Set("Content-Type", "application/json")
	}

	x.credentials = c.tokens
	if r.service == messengerService {
		x.header.Set("BehaviorOverride", "redirectAs404")
		if x.credentials = c.registration; x.credentials == nil {
			return ErrNoRegistrationToken
		}
	}
	return nil
}

// address is where the request goes. The guard sees to it that nothing in the path
// leads elsewhere.
func (x *exchange) address() string { return x.scheme + "://" + x.host + x.path }

// run is the attempt loop.
func (x *exchange) run(ctx context.Context) (err error) {
	c, r := x.client, x.route
	if x.token, err = x.credentials.current(ctx); err != nil {
		return x.failed(err)
	}
	for {
		if left := c.gates[r.service].left(); left > 0 {
			x.fail.Status, x.fail.RetryAfter = http.StatusTooManyRequests, left
			return x.failed(nil)
		}
		if c.limiter != nil {
			if err := c.limiter.Wait(ctx); err != nil {
				return x.failed(cmp.Or(ctx.Err(), error(limiterError{err})))
			}
		}
		o := x.attempt(ctx)
		if o.ok {
			if x.fail.Attempts == 1 {
				c.budget.refund()
			}
			return nil
		}
		v := r.judge(o)
		if r.method == http.MethodDelete && x.maybe && o.gone() {
			return nil // an earlier attempt did it
		}
		x.maybe = x.maybe || v.maybe && r.writes()
		if err := ctx.Err(); err != nil {
			return x.failed(err)
		}
		again, err := x.again(ctx, o, v)
		if err != nil {
			return x.failed(err)
		}
		if !again {
			if o.status == http.StatusTooManyRequests {
				c.gates[r.service].close(o.retryAfter)
			}
			return x.failed(o.err)
		}
	}
}

// again prepares the next attempt, or reports that there is to be none.
func (x *exchange) again(ctx context.Context, o outcome, v verdict) (bool, error) {
	switch {
	case o.refused():
		if x.renewed {
			return false, nil
		}
		x.renewed = true
		token, ok, err := x.credentials.replace(ctx, x.token)
		if ok {
			x.token = token
		}
		return ok, err
	case o.movedTo != "":
		if x.moved {
			return false, nil
		}
		x.moved = true
		x.host = o.movedTo
		return true, nil
	case v.again:
		return x.pause(ctx, o)
	default:
		return false, nil
	}
}

// pause waits before a repeat. It reports false if there is to be none: the
// attempts or the budget are used up, or the wait would outlast the caller.
func (x *exchange) pause(ctx context.Context, o outcome) (bool, error) {
	retry := x.client.retry
	x.retries++
	if x.retries >= retry.MaxAttempts || o.retryAfter > retry.MaxRetryAfter {
		return false, nil
	}
	delay := o.retryAfter + rand.N(retry.ceiling(x.retries))
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
		return false, nil
	}
	if !x.client.budget.spend(o.timedOut()) {
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

// attempt sends one request and reads its answer.
func (x *exchange) attempt(ctx context.Context) (o outcome) {
	limit := attemptTimeout
	if x.route.stream {
		limit = min(limit, x.client.timeout)
	}
	attemptCtx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(limit, func() { cancel(errAttemptTimeout) })
	defer watch.Stop()

	started := time.Now()
	x.fail.Attempts++
	defer func() { x.log(ctx, o, time.Since(started)) }()
	var connection connectionTrace
	resp, err := x.client.sender.send(connection.follow(attemptCtx), x)
	if err != nil {
		if ctx.Err() == nil {
			*x.fail = Error{Op: x.fail.Op, Method: x.fail.Method, Route: x.fail.Route, Attempts: x.fail.Attempts}
		}
		return outcome{err: networkCause(attemptCtx, err), unsent: connection.none()}
	}
	defer resp.Body.Close() //nolint:errcheck // nothing is lost with it

	body := &boundedBody{from: resp.Body, left: x.route.limit(x.client), watch: watch}
	if x.route.stream {
		body.patience = limit
	}
	o = outcome{status: resp.StatusCode, retryAfter: parseRetryAfter(resp.Header.Values("Retry-After"), started)}
	x.fail.RequestID = requestID(resp.Header)
	o.ok, o.err = x.accept(resp, body)
	switch {
	case o.ok:
	case body.err != nil && body.err != ErrTooLarge:
		o.err = networkCause(attemptCtx, body.err)
	case body.err != nil:
		o.err = ErrTooLarge
	}
	if !o.ok {
		x.note(resp, &o, body)
	}
	if x.route.service == messengerService && o.movedTo == "" && o.code != codeOtherCloud {
		if token, ok := parseRegistrationToken(resp.Header.Get("Set-RegistrationToken")); ok {
			x.credentials.store(token)
		}
	}
	return o
}

// accept hands a success to the reader of the call. It reports false without an
// error if the status says it all.
func (x *exchange) accept(resp *http.Response, body *boundedBody) (bool, error) {
	switch resp.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent, http.StatusMultiStatus:
	case http.StatusNotModified:
		if !x.route.cached {
			return false, nil
		}
	default:
		return false, nil
	}
	err := x.read(&answer{
		status: resp.StatusCode, header: resp.Header, body: body,
		size: resp.ContentLength, json: isJSON(resp.Header.Get("Content-Type")),
	})
	return err == nil, err
}

// note fills in the error with what the answer says of the failure.
func (x *exchange) note(resp *http.Response, o *outcome, body *boundedBody) {
	f := x.fail
	f.Status, f.RetryAfter = o.status, o.retryAfter
	f.Code, f.Message = 0, ""
	var reported status
	switch {
	case errors.As(o.err, &reported):
		f.Code, f.Message = reported.code, reported.text
	case o.err == nil:
		body.left = maxErrorBody
		text, _ := body.all(-1) // what is there will do: the status already says that it failed
		f.Code, f.Message = parseFailure(text)
	}
	// A server may answer with the request, as debug pages do.
	f.Message = excerpt(x.withoutToken(f.Message))
	f.Excerpt = excerpt(x.withoutToken(string(body.head)))
	o.code = f.Code
	if x.route.service == messengerService && o.err == nil {
		if o.code == codeOtherCloud || o.status == http.StatusMovedPermanently || o.status == http.StatusFound {
			o.movedTo = gatewayMove(x.host, resp.Header.Get("Location"))
		}
	}
}

func (x *exchange) withoutToken(text string) string {
	return strings.ReplaceAll(text, registrationValue(x.token.Value()), redacted)
}

func (x *exchange) log(ctx context.Context, o outcome, took time.Duration) {
	if x.client.logger == nil {
		return
	}
	x.client.logger.LogAttrs(ctx, slog.LevelDebug, "skypecontacts request",
		slog.String("op", x.route.op), slog.String("method", x.route.method), slog.String("route", x.route.path),
		slog.Int("attempt", x.fail.Attempts), slog.Int("status", o.status), slog.Bool("ok", o.ok),
		slog.Duration("took", took), slog.String("request_id", x.fail.RequestID))
}

// gatewayDomain is where the messenger gateways of all regions live.
const gatewayDomain = ".gateway.messenger.live.com"

// gatewayMove is the host of the gateway that an answer points to, or empty if
// the token must not go there. Only the host is taken over, never the path.
func gatewayMove(from, location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Scheme != "https" || u.User != nil || !isHost(u) {
		return ""
	}
	host := strings.ToLower(u.Host) // with a port, if there is one, so that it fails the test
	if !strings.HasSuffix(host, gatewayDomain) || !strings.HasSuffix(from, gatewayDomain) || host == from {
		return ""
	}
	return host
}
