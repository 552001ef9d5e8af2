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
}

func (t transport) client() *http.Client { return &http.Client{Transport: t} }

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
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
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	_ = resp.Body.Close()
	switch {
	case err != nil:
		return nil, err
	case len(body) > maxResponse:
		return nil, skypecontacts.ErrTooLarge
	case resp.StatusCode/100 == 2 && !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")):
		return nil, errNoObject
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.Header.Del("Location") // without it http.Client returns a redirect as any response
	return resp, nil
}

// errNoObject is the error of a success that is no JSON object. oauth2 would take a form
// for one, and v0.38 panics if the response with a device code is null.
var errNoObject = undecodable("the response is not a JSON object")

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
	failure *Error // of the last poll, nil if it did not fail
}

func (p *pollTransport) client() *http.Client { return &http.Client{Transport: p} }

func (p *pollTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	p.failure = nil
	resp, err := p.transport.RoundTrip(req)
	switch {
	case req.Context().Err() != nil || p.ctx.Err() != nil, errors.Is(err, skypecontacts.ErrTooLarge), errors.Is(err, errNoObject):
		return resp, err
	case err != nil:
		p.failure = networkError(opAccessToken, err)
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusRequestTimeout, resp.StatusCode/100 == 5:
		p.failure = &Error{Op: opAccessToken, Status: resp.StatusCode, err: statusCause(resp.StatusCode)}
	default:
		return resp, nil
	}
	return &http.Response{ // oauth2 then adds five seconds to the pause, as RFC 8628 asks for
		StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"error":"slow_down"}`)), Request: req,
	}, nil
}
