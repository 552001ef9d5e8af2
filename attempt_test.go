package skypecontacts

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cutReply announces a body of which only a part arrives.
func cutReply(status int, part string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := reply(status, part)(req)
		resp.ContentLength = 1000
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(part), iotest.ErrReader(io.ErrUnexpectedEOF)))
		return resp, err
	}
}

// replyOf is a reply of another media type.
func replyOf(status int, mediaType, body string) httpmock.Responder {
	return reply(status, body, "Content-Type", mediaType)
}

// foreignNotFound are responses that do not say that the service has no such thing.
func foreignNotFound() map[string]httpmock.Responder {
	return map[string]httpmock.Responder{
		"404 HTML":                   page(404),
		"410 HTML":                   page(410),
		"404 HTML, empty":            replyOf(404, "text/html", ""),
		"404 XHTML":                  replyOf(404, "application/xhtml+xml", "<html/>"),
		"404 XML":                    replyOf(404, "application/xml", "<error/>"),
		"404 HTML said to be JSON":   reply(404, "<html></html>"),
		"404 text":                   replyOf(404, "text/plain", "no such page"),
		"410 text":                   replyOf(410, "text/plain; charset=utf-8", "gone"),
		"404 a JSON string":          reply(404, `"not found"`),
		"404 a JSON list":            reply(404, `[]`),
		"404 null":                   reply(404, `null`),
		"404 two documents":          reply(404, `{}{}`),
		"404 cut JSON":               reply(404, `{"status":{"code":40411,"te`),
		"404 cut off":                cutReply(404, `{"status":{"code":40411,"te`),
		"410 cut off before a byte":  cutReply(410, ``),
		"404 cut off behind JSON":    cutReply(404, `{}`),
		"404 too long":               reply(404, `{"message":"`+strings.Repeat("x", maxErrorBody)+`"}`),
		"404 problem+json":           replyOf(404, "application/problem+json", `{"title":"Not Found","status":404}`),
		"410 problem+json":           replyOf(410, "application/problem+json; charset=utf-8", `{}`),
		"404 no such route":          reply(404, `{"status":{"code":40499,"text":"No handler found for resource"}}`),
		"410 no such route":          reply(410, `{"errorCode":40499}`),
		"404 no such route in words": reply(404, `{"errorCode":"40499","message":"No handler found for resource"}`),
	}
}

// Only the service's own 404 or 410 confirms a DELETE whose first attempt was lost.
func TestConfirmationOfDELETE(t *testing.T) {
	t.Parallel()
	confirms := map[string]httpmock.Responder{
		"404, empty":            reply(404, ""),
		"410, empty":            reply(410, ""),
		"404, blank":            reply(404, " \r\n"),
		"404, no Content-Type":  replyOf(404, "", ""),
		"404 with a code":       reply(404, `{"status":{"code":40411,"text":"not found"}}`),
		"410 with a message":    reply(410, `{"message":"There is no such contact","stackTrace":null}`),
		"404, an empty object":  reply(404, `{}`),
		"404, text/json":        replyOf(404, "text/json", `{"errorCode":404,"message":"no such contact"}`),
		"404, a vendor's JSON":  replyOf(404, "application/vnd.skype+json", `{"message":"no such contact"}`),
		"404, upper-case media": replyOf(404, "Application/JSON; charset=utf-8", `{"message":"no such contact"}`),
	}
	calls := map[string]func(*Client, context.Context) error{
		"RevokeContact": func(c *Client, ctx context.Context) error { return c.RevokeContact(ctx, "8:joe.4") },
		"UnblockUser":   func(c *Client, ctx context.Context) error { return c.UnblockUser(ctx, "8:joe.4") },
		"RemoveContact": func(c *Client, ctx context.Context) error { return c.RemoveContact(ctx, "8:joe.4") },
	}
	for call, do := range calls {
		for lost, first := range map[string]httpmock.Responder{"lost": fails(io.ErrUnexpectedEOF), "503": reply(503, "")} {
			for name, second := range confirms {
				w := newWire(first, second)
				assert.NoError(t, do(newTestClient(t, w), t.Context()), "%s, %s, %s", call, lost, name)
				assert.Len(t, w.requests(), 2, name)
			}
			for name, second := range foreignNotFound() {
				w := newWire(first, second)
				err := do(newTestClient(t, w), t.Context())
				var failure *Error
				require.ErrorAs(t, err, &failure, "%s, %s, %s", call, lost, name)
				assert.ErrorIs(t, err, ErrNotFound, name)
				assert.True(t, failure.MaybeApplied, name)
				assert.Equal(t, 2, failure.Attempts, name)
				sent := w.requests()
				assert.Equal(t, []string{sent[0], sent[0]}, sent, "the same request twice")
			}
		}
	}
}

// A confirmation that comes when the context has ended is an error too.
func TestConfirmationAfterTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	w := newWire(reply(503, ""), func(req *http.Request) (*http.Response, error) {
		resp, err := reply(404, "")(req)
		resp.Body = io.NopCloser(endingBody{cancel})
		return resp, err
	})
	err := newTestClient(t, w).UnblockUser(ctx, "8:joe.4")
	require.ErrorIs(t, err, context.Canceled)
	var failure *Error
	require.ErrorAs(t, err, &failure)
	require.True(t, failure.MaybeApplied)
	require.Equal(t, 2, failure.Attempts)
}

// endingBody ends the context of the call when it is read, and is empty.
type endingBody struct{ cancel context.CancelFunc }

func (b endingBody) Read([]byte) (int, error) { b.cancel(); return 0, io.EOF }

func TestOutcome(t *testing.T) {
	t.Parallel()
	network := func(err error) error { return networkError{err} }
	for name, test := range map[string]struct {
		o        outcome
		timedOut bool
		service  bool // reported by the service
		notFound bool
		failure  error
	}{
		"success":             {outcome{ok: true, status: 200}, false, true, false, nil},
		"404":                 {outcome{status: 404, code: 40411}, false, true, true, ErrNotFound},
		"410":                 {outcome{status: 410}, false, true, true, ErrNotFound},
		"404 of another":      {outcome{status: 404, foreign: true}, false, true, false, ErrNotFound},
		"404 without a route": {outcome{status: 404, code: codeNoRoute}, false, true, false, ErrNotFound},
		"404 for a token":     {outcome{status: 404, code: codeNoEndpoint}, false, true, false, ErrUnauthorized},
		"404 for a move":      {outcome{status: 404, code: codeOtherCloud}, false, true, false, ErrRedirect},
		"400":                 {outcome{status: 400}, false, true, false, errOtherFailure},
		"reported":            {outcome{status: 200, code: 40411, err: reportedFailure{code: 40411}}, false, true, false, ErrNotFound},
		"undecodable":         {outcome{status: 200, err: errNoIdentifier}, false, false, false, ErrDecode},
		"too large":           {outcome{status: 200, err: ErrTooLarge}, false, false, false, ErrTooLarge},
		"lost":                {outcome{err: network(io.EOF)}, false, false, false, ErrUnavailable},
		"timed out":           {outcome{err: network(timeoutError{})}, true, false, false, ErrUnavailable},
		"time-out of attempt": {outcome{err: network(errAttemptTimeout)}, true, false, false, context.DeadlineExceeded},
		"canceled":            {outcome{err: network(context.Canceled)}, false, false, false, context.Canceled},
		"misdirected":         {outcome{err: errMisdirected}, false, false, false, errOtherFailure},
	} {
		failure := test.o.failure()
		assert.Equal(t, test.failure, failure, name)
		assert.Equal(t, test.timedOut, test.o.timedOut(), name)
		assert.Equal(t, test.service, test.o.isStatusFailure(), name)
		assert.Equal(t, test.notFound, test.o.notFound(), name)
	}
}

func TestObserverFailureKinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		response httpmock.Responder
		status   int
		failure  error
	}{
		{"success", reply(200, "{}"), 200, nil},
		{"400", reply(400, `{"message":"bad"}`), 400, errOtherFailure},
		{"401", reply(401, ""), 401, ErrUnauthorized},
		{"403", reply(403, ""), 403, ErrForbidden},
		{"404", reply(404, ""), 404, ErrNotFound},
		{"409", reply(409, ""), 409, ErrConflict},
		{"410", reply(410, ""), 410, ErrNotFound},
		{"429", reply(429, "", "Retry-After", "0"), 429, ErrRateLimited},
		{"302", reply(302, "", "Location", "https://evil.example/"), 302, ErrRedirect},
		{"500", reply(500, ""), 500, ErrUnavailable},
		{"304 without a condition", reply(304, ""), 304, ErrDecode},
		{"206", reply(206, "{}"), 206, errOtherFailure},
		{"reported 404", reply(200, `{"status":{"code":40411}}`), 200, ErrNotFound},
		{"reported, of an unknown kind", reply(200, `{"errorCode":803}`), 200, ErrDecode},
		{"not JSON", reply(200, "{"), 200, ErrDecode},
		{"HTML", page(200), 200, ErrDecode},
		{"empty", reply(200, ""), 200, ErrDecode},
		{"too large", reply(200, `{"a":"`+strings.Repeat("x", 300)+`"}`), 200, ErrTooLarge},
		{"cut off", broken(`{"contacts":[`), 200, ErrUnavailable},
		{"connection lost", fails(io.ErrUnexpectedEOF), 0, ErrUnavailable},
		{"a time-out of the network", fails(timeoutError{}), 0, ErrUnavailable},
		{"no response in time", stalls, 0, context.DeadlineExceeded},
		{"no body in time", stallsInBody, 200, context.DeadlineExceeded},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				observer, attempts := observed()
				w := newWire(test.response)
				c := newTestClient(t, w, observer, WithMaxBody(200), WithRetry(Retry{MaxAttempts: 1}))
				start := time.Now()
				_, err := c.ListContacts(t.Context())
				require.Equal(t, test.failure == nil, err == nil)
				require.Equal(t, []Attempt{{
					Op: "ListContacts", Service: "Contacts", Method: "GET", Route: "/users/{id}/contacts", Number: 1,
					Status: test.status, Start: start, Duration: time.Since(start), Failure: test.failure,
				}}, attempts())
				require.Len(t, w.requests(), 1)
			})
		})
	}
}
