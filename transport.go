package skypecontacts

import (
	"context"
	"crypto/tls"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"
)

var errAttemptTimeout error = attemptTimeoutError{}

type attemptTimeoutError struct{}

func (attemptTimeoutError) Error() string { return "no complete answer in time" }

func (attemptTimeoutError) Timeout() bool { return true }

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

func (silence) Warnf(string, ...any) {}

func (silence) Debugf(string, ...any) {}
