package apitest

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/jarcoal/httpmock"
)

// Transport is a fake transport that records every request.
type Transport struct {
	*httpmock.MockTransport

	mu       sync.Mutex
	requests []string
}

// NewTransport returns the next of the responses for each request; the last is
// repeated.
func NewTransport(responses ...httpmock.Responder) *Transport {
	transport := &Transport{MockTransport: httpmock.NewMockTransport()}
	transport.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		transport.mu.Lock()
		transport.requests = append(transport.requests, dump(req))
		respond := responses[min(len(transport.requests), len(responses))-1]
		transport.mu.Unlock()
		return respond(req)
	})
	return transport
}

// Requests returns the requests so far: a line with method and URL, a line for
// each header in alphabetical order, an empty line, the body.
func (transport *Transport) Requests() []string {
	transport.mu.Lock()
	defer transport.mu.Unlock()
	return slices.Clone(transport.requests)
}

func dump(req *http.Request) string {
	var b strings.Builder
	b.WriteString(req.Method + " " + req.URL.String() + "\n")
	for _, name := range slices.Sorted(maps.Keys(req.Header)) {
		b.WriteString(name + ": " + strings.Join(req.Header[name], ", ") + "\n")
	}
	b.WriteString("\n")
	if req.Body != nil {
		body, _ := io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(body)) // the response may depend on it
		b.Write(body)
	}
	return b.String()
}

// Response returns a JSON response with the status, the body and further headers
// in pairs of name and value.
func Response(status int, body string, headers ...string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		resp := httpmock.NewStringResponse(status, body)
		resp.Request = req
		resp.ContentLength = int64(len(body))
		resp.Header.Set("Content-Type", "application/json; ver=1.0; charset=utf-8")
		for i := 0; i < len(headers); i += 2 {
			resp.Header.Set(headers[i], headers[i+1])
		}
		return resp, nil
	}
}

// HTMLResponse returns a sign-in page.
func HTMLResponse(status int) httpmock.Responder {
	return Response(status, "<html><body>Please sign in</body></html>", "Content-Type", "text/html; charset=utf-8")
}

// NetworkError fails every request with err.
func NetworkError(err error) httpmock.Responder {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// RoundTripper is a transport that is a function and records nothing.
type RoundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f RoundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
