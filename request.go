package skypecontacts

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/go-resty/resty/v2"
	"golang.org/x/net/http/httpguts"
)

const (
	attemptTimeout  = 30 * time.Second
	maxSmallBody    = 1 << 20
	maxErrorBody    = 64 << 10
	maxExcerpt      = 512
	maxHead         = 8 << 10 // more than the excerpt, so that no part of a token is left at its end
	maxURL          = 8 << 10
	streamAllowance = 64 // times WithMaxBody, for an answer that is not kept
)

// route is one operation of the service. All of them are package-level values
// made with register, so that tests can walk them.
type route struct {
	op      string // the method of Client
	service service
	method  string
	path    string // template: {mri} stands for an identifier with its prefix, {id} for one without
	large   bool   // the answer is a list
	empty   bool   // a success need not say anything
	cached  bool   // 304 is a success: nothing has changed
	stream  bool   // the answer is read as it arrives
}

var routes []*route

func register(r route) *route {
	routes = append(routes, &r)
	return &r
}

// writes reports whether the operation changes anything on the server.
func (r *route) writes() bool { return r.empty }

// repeatable reports whether the operation may be sent again when an earlier
// request may have arrived. A second PUT or DELETE finds its work done; of a
// second POST nobody knows what it does.
func (r *route) repeatable() bool { return r.method != http.MethodPost }

func (r *route) limit(c *Client) int64 {
	switch {
	case r.stream:
		return min(c.maxBody, math.MaxInt64/streamAllowance) * streamAllowance
	case r.large:
		return c.maxBody
	default:
		return min(c.maxBody, maxSmallBody)
	}
}

// request is what one call puts into its route.
type request struct {
	params []string // for the placeholders of the path, in order
	query  url.Values
	header http.Header
	json   any        // body, or
	form   url.Values // body
}

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

// failure is the error of a call that fails for a reason other than one request.
func (r *route) failure(err error) error {
	return &Error{Op: r.op, Method: r.method, Route: r.path, err: err}
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

// expand puts the parameters into a path template, each as exactly one segment.
func expand(template string, params []string) (string, error) {
	var path strings.Builder
	for part := range strings.SplitSeq(template[1:], "/") {
		path.WriteByte('/')
		if !strings.HasPrefix(part, "{") {
			path.WriteString(part)
			continue
		}
		id, err := ParseMRI(params[0])
		if err != nil {
			return "", err
		}
		switch part {
		case "{mri}":
			path.WriteString(segment(string(id)))
		case "{id}":
			path.WriteString(segment(id.ID()))
		}
		params = params[1:]
	}
	return path.String(), nil
}

// segment escapes an identifier that [ParseMRI] let pass. The plus sign and the
// at sign need no escape by the standard, but the service's own client has one.
func segment(id string) string {
	return strings.NewReplacer("+", "%2B", "@", "%40").Replace(url.PathEscape(id))
}

// encodeForm is url.Values.Encode but for the brackets in names, which every
// client sends as they are.
func encodeForm(form url.Values) string {
	return strings.ReplaceAll(form.Encode(), "%5B%5D=", "[]=")
}

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

// answer is a success as it arrives.
type answer struct {
	status int
	header http.Header
	body   *boundedBody // decompressed
	size   int64        // in bytes, -1 if unknown
	json   bool         // it is declared to be JSON, or nothing at all
}

// document is the whole answer, nil if it is empty.
func (a *answer) document() ([]byte, error) {
	text, err := a.body.all(a.size)
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(text)) == 0:
		return nil, nil
	case !a.json:
		return nil, decodeError("the answer is not declared to be JSON")
	}
	return text, nil
}

// isJSON reports whether a content type is that of JSON or says nothing. A page
// of a captive portal is neither.
func isJSON(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	switch media {
	case "", "application/json", "text/json", "text/plain":
		return true
	}
	return strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}

// boundedBody reads an answer up to a limit, remembers how it begins and why it
// ended, and for a stream lets each wait take its time.
type boundedBody struct {
	from     io.Reader
	left     int64
	head     []byte
	err      error // other than io.EOF
	watch    *time.Timer
	patience time.Duration // of a stream; zero if the time for the whole runs on
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.read(p)
	if room := maxHead - len(b.head); room > 0 {
		b.head = append(b.head, p[:min(n, room)]...)
	}
	return n, err
}

func (b *boundedBody) read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left {
		p = p[:b.left+1] // one more, to see whether the limit is passed
	}
	if b.patience > 0 {
		b.watch.Reset(b.patience)
	}
	n, err := b.from.Read(p)
	if b.patience > 0 {
		b.watch.Stop()
	}
	if int64(n) > b.left {
		n, err = int(b.left), ErrTooLarge
	}
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// all reads to the end, in memory that begins with room for the given number of
// bytes, or some if it is negative, and never has much more than the limit.
func (b *boundedBody) all(room int64) (text []byte, err error) {
	if room < 0 {
		room = bytes.MinRead
	}
	text = make([]byte, 0, min(room, maxSmallBody)+1) // one more, to see the end
	defer func() { b.head = text[:min(len(text), maxHead)] }()
	for {
		if len(text) == cap(text) {
			text = append(make([]byte, 0, min(2*int64(cap(text))+1, int64(len(text))+b.left+1)), text...)
		}
		n, err := b.read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return text, err
		}
	}
}

// excerpt is the beginning of a text as valid UTF-8.
func excerpt(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxExcerpt+utf8.UTFMax)], "\uFFFD")
	if len(text) <= maxExcerpt {
		return text
	}
	end := maxExcerpt
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// requestID is the service's name for an exchange, if it looks like one.
func requestID(header http.Header) string {
	for _, name := range []string{"X-Skype-Request-Id", "X-Stratus-Request-Id"} {
		id := header.Get(name)
		if id != "" && len(id) <= 64 && strings.Trim(strings.ToLower(id), "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
			return id
		}
	}
	return ""
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

var errAttemptTimeout error = attemptTimeoutError{}

type attemptTimeoutError struct{}

func (attemptTimeoutError) Error() string        { return "no complete answer in time" }
func (attemptTimeoutError) Timeout() bool        { return true }
func (attemptTimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// networkCause is a failure of the connection as our own error.
func networkCause(attempt context.Context, err error) error {
	if errors.Is(err, errNotOurs) {
		return errNotOurs
	}
	if context.Cause(attempt) == errAttemptTimeout {
		err = errAttemptTimeout
	}
	return networkError{withoutURL(err)}
}

// connectionTrace learns whether a request had a connection to travel on. It is
// sure of the contrary only if the transport reports on connections at all,
// which a mock does not.
type connectionTrace struct{ sought, obtained atomic.Bool }

func (t *connectionTrace) follow(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.sought.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.obtained.Store(true) },
	})
}

func (t *connectionTrace) none() bool { return t.sought.Load() && !t.obtained.Load() }

// sender sends single requests. resty builds them; everything it could add of
// its own accord (retries, redirects, cookies, decoding, logging) is off.
type sender struct {
	http  *http.Client
	resty *resty.Client
}

func newSender(given *http.Client) *sender {
	hc := new(http.Client)
	if given != nil {
		*hc = *given
	}
	if hc.Transport == nil {
		hc.Transport = newTransport()
	}
	hc.Transport = guard{hc.Transport}
	hc.Jar = nil
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &sender{
		http:  hc,
		resty: resty.NewWithClient(hc).SetRetryCount(0).SetDisableWarn(true).SetLogger(silence{}),
	}
}

func (s *sender) closeIdle() { s.http.CloseIdleConnections() }

// newTransport is net/http's default with limits on every phase, and with idle
// connections enough for a busy program, closed before the server closes them.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        30 * time.Second,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  20 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// send sends the request of x once. The body of the answer is the caller's to close.
func (s *sender) send(ctx context.Context, x *exchange) (*http.Response, error) {
	ctx = context.WithValue(ctx, permitKey{}, permit{scheme: x.scheme, host: x.host, authorize: x.authorize})
	req := s.resty.R().SetContext(ctx).SetDoNotParseResponse(true)
	req.Header = x.header // of which resty sends a copy
	if x.body != nil {
		req.SetBody(x.body)
	}
	resp, err := req.Execute(x.route.method, x.address())
	if err != nil {
		return nil, err
	}
	return resp.RawResponse, nil
}

// authorize adds the token to a request that is about to leave.
func (x *exchange) authorize(h http.Header) {
	token := x.token.Value()
	switch {
	case x.route.service == messengerService:
		h.Set("RegistrationToken", "registrationToken="+registrationValue(token))
	case x.client.authStyle == AuthTeams && (x.route.service == contactsService || x.route.service == contactsV1Service):
		h.Set("Authentication", "skypetoken="+token)
		h.Set("Ms-Ic3-Product", "tfl")
		h.Set("Ms-Ic3-Additional-Product", "Sfl")
		h.Set("X-Ms-Client-Consumer-Type", "teams4life")
	default:
		h.Set("X-Skypetoken", token)
	}
}

// permit says where one request may go and how it is given the token there.
type permit struct {
	scheme, host string
	authorize    func(http.Header)
}

type permitKey struct{}

var errNotOurs = errors.New("the request was about to go where the token must not")

// guard sits between net/http and the transport, where no redirect, hook or slip
// can get round it. It gives the token to a request only if that goes where its
// call meant it to, by https or to the loopback host that was permitted.
type guard struct{ next http.RoundTripper }

func (g guard) RoundTrip(req *http.Request) (*http.Response, error) {
	p, ok := req.Context().Value(permitKey{}).(permit)
	secure := req.URL.Scheme == "https" || req.URL.Scheme == "http" && p.scheme == "http" && isLoopback(req.URL)
	if !ok || !secure || req.URL.Host != p.host || req.Host != "" && req.Host != p.host {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, errNotOurs
	}
	authorized := req.WithContext(req.Context())
	authorized.Header = maps.Clone(req.Header)
	p.authorize(authorized.Header)
	resp, err := g.next.RoundTrip(authorized)
	if resp != nil && resp.Header.Get("Location") != "" {
		// net/http reads this before it asks whether to follow it, and would make
		// a lost connection of what cannot be read.
		if _, unreadable := req.URL.Parse(resp.Header.Get("Location")); unreadable != nil {
			resp.Header.Del("Location")
		}
	}
	return resp, err
}

func (g guard) CloseIdleConnections() {
	if c, ok := g.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// silence is a logger for resty, which otherwise writes URLs to stderr.
type silence struct{}

func (silence) Errorf(string, ...any) {}
func (silence) Warnf(string, ...any)  {}
func (silence) Debugf(string, ...any) {}

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
