package skypecontacts

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"
)

// errAttemptTimeout is the cause with which an attempt is canceled at its time-out.
var errAttemptTimeout error = attemptTimeoutError{}

type attemptTimeoutError struct{}

func (attemptTimeoutError) Error() string        { return "no complete response in time" }
func (attemptTimeoutError) Timeout() bool        { return true }
func (attemptTimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// networkCause converts an error of net/http to one of this package.
func networkCause(attempt context.Context, err error) error {
	if errors.Is(err, errMisdirected) {
		return errMisdirected
	}
	if cause := context.Cause(attempt); cause == errAttemptTimeout || cause == errSentAgain {
		err = cause
	}
	return networkError{withoutURL(err)}
}

// connectionTrace records whether a request obtained a connection and how often it
// was sent. net/http sends a request again by itself when an HTTP/2 server refuses
// the stream or closes the connection; the trace cancels the attempt instead, so that
// limiter, budget and Attempts count every request. It is in the context of the request
// with the permit for the guard.
type connectionTrace struct {
	permit permit
	hooks  httptrace.ClientTrace

	cancel     context.CancelCauseFunc
	plainHTTP2 bool // connections without TLS are of HTTP/2

	requested, closed  atomic.Bool  // a connection, and the one that was not to be used
	obtained, headings atomic.Int32 // connections, and headers that were written
}

// maxConnections limits the connections of an attempt that sent nothing yet.
const maxConnections = 4

// errSentAgain is the cause with which an attempt is canceled when the transport is
// about to send its request again.
var errSentAgain = errors.New("the server refused the request")

func (t *connectionTrace) attach(ctx context.Context) context.Context {
	t.hooks = httptrace.ClientTrace{
		GetConn: func(string) { t.requested.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			if n := t.obtained.Add(1); n > 1 && t.headings.Load() > 0 || n > maxConnections {
				t.cancel(errSentAgain)
				// HTTP/1 may write a request whose context has ended. The connection is
				// this request's alone, unlike one of HTTP/2.
				if info.Conn != nil && !t.isHTTP2(info.Conn) {
					t.closed.Store(true)
					_ = info.Conn.Close()
				}
			}
		},
		WroteHeaders: func() {
			if !t.closed.Load() { // else they went to a buffer only
				t.headings.Add(1)
			}
		},
	}
	return httptrace.WithClientTrace(context.WithValue(ctx, permitKey{}, &t.permit), &t.hooks)
}

func (t *connectionTrace) isHTTP2(conn net.Conn) bool {
	if secure, ok := conn.(*tls.Conn); ok {
		return secure.ConnectionState().NegotiatedProtocol == "h2"
	}
	return t.plainHTTP2
}

// neverConnected reports whether the request cannot have been sent.
func (t *connectionTrace) neverConnected() bool { return t.requested.Load() && t.obtained.Load() == 0 }

// repeated returns how often the transport sent the request again.
func (t *connectionTrace) repeated() int { return max(0, int(t.headings.Load())-1) }

// sender sends single requests. resty builds them; its retries, redirects, cookies,
// decoding and logging are off.
type sender struct {
	http       *http.Client
	resty      *resty.Client
	traced     bool // connectionTrace sees every connection of the transport
	plainHTTP2 bool // connections without TLS are of HTTP/2
}

func newSender(given *http.Client) *sender {
	hc := new(http.Client)
	if given != nil {
		*hc = *given
	}
	if hc.Transport == nil {
		hc.Transport = newTransport()
	}
	transport, traced := hc.Transport.(*http.Transport) // another may have further ways to send
	plainHTTP2 := traced && transport.Protocols != nil && transport.Protocols.UnencryptedHTTP2()
	hc.Transport = hostGuard{hc.Transport}
	hc.Jar = nil
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &sender{
		http:       hc,
		traced:     traced,
		plainHTTP2: plainHTTP2,
		resty:      resty.NewWithClient(hc).SetRetryCount(0).SetDisableWarn(true).SetLogger(noLog{}),
	}
}

func (s *sender) closeIdle() { s.http.CloseIdleConnections() }

// newTransport returns a transport with a time-out for every phase. It keeps enough
// idle connections for a busy program and closes them before the server does.
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

// outgoingRequest is one request without its header.
type outgoingRequest struct {
	scheme, host string
	path         string // escaped, with the query
	body         []byte // nil if there is none

	pictureKey string // the auth_key in path, which nothing may print
}

// send sends one request. The caller closes the body of the response.
func (s *sender) send(ctx context.Context, method string, out outgoingRequest) (*http.Response, error) {
	req := s.resty.R().SetContext(ctx).SetDoNotParseResponse(true)
	req.Header = restyHeader
	if out.body != nil {
		req.SetBody(out.body)
	}
	resp, err := req.Execute(method, out.scheme+"://"+out.host+out.path)
	if err != nil {
		return nil, err
	}
	return resp.RawResponse, nil
}

// restyHeader has what resty adds to each header without it. The guard replaces the header.
var restyHeader = http.Header{"User-Agent": {"-"}, "Content-Type": {"-"}}

// permit is the host that one request may be sent to, and the header and token that it
// is sent with there.
type permit struct {
	scheme, host string
	header       http.Header // without the token, for this request alone
	service      serviceID
	authStyle    AuthStyle
	token        Token
}

type permitKey struct{}

var errMisdirected = errors.New("the request was about to be sent to a host that must not get the token")

// hostGuard wraps the transport, below redirects and caller hooks. It rejects a
// request that has another host than its permit, or that is neither https nor
// permitted http to a loopback host. All others it sends with the header of the permit, to
// which it adds the token.
type hostGuard struct{ next http.RoundTripper }

func (g hostGuard) RoundTrip(req *http.Request) (*http.Response, error) {
	p, ok := req.Context().Value(permitKey{}).(*permit)
	secure := req.URL.Scheme == "https" || req.URL.Scheme == "http" && ok && p.scheme == "http" && isLoopback(req.URL)
	if !ok || !secure || req.URL.Host != p.host || req.Host != "" && req.Host != p.host {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, errMisdirected
	}
	authorized := req.WithContext(req.Context())
	authorized.Header = p.header
	authorize(authorized.Header, p.service, p.authStyle, p.token.Value())
	authorized.GetBody = nil // without it net/http does not send a body again by itself
	resp, err := g.next.RoundTrip(authorized)
	if resp != nil && resp.Header.Get("Location") != "" {
		// net/http parses Location before it calls CheckRedirect, and reports one
		// that is malformed as a failed connection.
		if _, malformed := req.URL.Parse(resp.Header.Get("Location")); malformed != nil {
			resp.Header.Del("Location")
		}
	}
	return resp, err
}

func (g hostGuard) CloseIdleConnections() {
	if c, ok := g.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// noLog is the logger given to resty, which otherwise writes URLs to stderr.
type noLog struct{}

func (noLog) Errorf(string, ...any) {}
func (noLog) Warnf(string, ...any)  {}
func (noLog) Debugf(string, ...any) {}
