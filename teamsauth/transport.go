package teamsauth

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

const (
	requestTimeout = 10 * time.Second
	maxResponse    = 256 << 10
	userAgent      = "skypecontacts-go/" + skypecontacts.Version
)

// newTransport returns a transport that makes a connection for every request: there are
// few, and net/http sends a request again by itself only on a connection that was used
// before.
func newTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: requestTimeout}).DialContext,
		DisableKeepAlives:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		MaxResponseHeaderBytes: maxResponse,
	}
}

// transport sends the requests of one call, each within the call's context, its time and
// the limit of a response. No redirect is followed.
type transport struct {
	ctx  context.Context // oauth2 sends the request for a device code without one
	next http.RoundTripper
	form url.Values // is added to the form, which oauth2 sends without it

	status int // of the last response, 0 if there was none
}

func (t *transport) client() *http.Client { return &http.Client{Transport: t} }

// withStatus adds the status to an error that is about a response.
func (t *transport) withStatus(e *Error) *Error {
	if e.Status == 0 && errors.Is(e, ErrServiceChanged) {
		e.Status = t.status
	}
	return e
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(t.ctx, requestTimeout)
	defer cancel()
	defer context.AfterFunc(req.Context(), cancel)()
	out := req.Clone(ctx) //nolint:contextcheck // ends with that of the request, too
	out.Header.Set("User-Agent", userAgent)
	out.GetBody = nil // without it net/http does not send a body again by itself
	if t.form != nil {
		if err := addToForm(out, t.form); err != nil {
			return nil, err
		}
	}
	resp, err := t.next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	t.status = resp.StatusCode
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	_ = resp.Body.Close()
	switch {
	case isTemporary(resp.StatusCode): // which says enough
		if err != nil || len(body) > maxResponse {
			body = nil
		}
	case err != nil:
		return nil, err
	case len(body) > maxResponse:
		return nil, errTooLarge
	case resp.StatusCode/100 == 2 && !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")):
		return nil, errNoObject
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	resp.Header.Del("Location")                         // without it http.Client returns a redirect as any response
	resp.Header.Set("Content-Type", "application/json") // oauth2 would take text/plain for a form
	return resp, nil
}

var (
	// errNoObject is the error of a success that is no JSON object. oauth2 would take a form
	// for one, and v0.38 panics if the response with a device code is null.
	errNoObject = unexpected("the response is not a JSON object")
	errTooLarge = unexpected("the response is too large")
)

// addToForm adds values to the form in the body of a request.
func addToForm(req *http.Request, values url.Values) error {
	body, err := io.ReadAll(req.Body)
	_ = req.Body.Close()
	if err != nil {
		return err
	}
	text := string(body) + "&" + values.Encode()
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	return nil
}

// pollTransport lets a poll that failed be followed by others, after a longer pause, until
// the device code expires: a lost connection or a service that is busy for a moment must
// not cost the sign-in.
type pollTransport struct {
	transport
	// failure is of a poll since which no response has said that the code is waiting, nil if
	// there is none. That poll may have used up the code.
	failure *Error
}

func (p *pollTransport) client() *http.Client { return &http.Client{Transport: p} }

func (p *pollTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := p.transport.RoundTrip(req)
	if req.Context().Err() != nil || p.ctx.Err() != nil || errors.Is(err, ErrServiceChanged) {
		return resp, err
	}
	var failure *Error
	if err != nil {
		failure = networkError(opAccessToken, err)
	} else {
		body, _ := io.ReadAll(resp.Body) // transport has read it
		resp.Body = io.NopCloser(bytes.NewReader(body))
		code := decodeErrorCode(body)
		failure = responseError(opAccessToken, resp, code, body)
		if !errors.Is(failure, skypecontacts.ErrUnavailable) && !errors.Is(failure, skypecontacts.ErrRateLimited) {
			if code == "authorization_pending" || code == "slow_down" {
				p.failure = nil
			}
			return resp, nil
		}
	}
	p.failure = failure
	return &http.Response{ // oauth2 then adds five seconds to the pause, as RFC 8628 asks for
		StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"error":"slow_down"}`)), Request: req,
	}, nil
}
