package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file    string
		code    int
		message string
	}{
		{"status_object.json", 40499, "No handler found for resource"},
		{"status_object_not_found.json", 40411, ""},
		{"status_object_forbidden.json", 40300, ""},
		{"status_object_unauthorized.json", 40100, "Authentication failed"},
		{"status_object_expired.json", 40100, ""},
		{"status_object_text_only.json", 0, ""},
		{"error_code.json", 803, "Login Rate limit exceeded"},
		{"error_code_quota.json", 429, "API calls quota exceeded!"},
		{"error_code_no_endpoint.json", 729, ""},
		{"nested_string.json", 729, ""},
		{"nested_object.json", 729, ""},
		{"message_only.json", 0, "Skype token validation failed!"},
		{"html.html", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			body := fixture(t, "errors/"+test.file)
			_, err := newTestClient(t, newWire(reply(400, body, "X-Skype-Request-Id", "abcd-1234"))).ListContacts(t.Context())
			var failure *Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, test.code, failure.Code)
			require.Equal(t, "abcd-1234", failure.RequestID)
			require.Equal(t, body, failure.Excerpt)
			if test.message != "" {
				require.Equal(t, test.message, failure.Message)
			}
			if test.file != "html.html" {
				require.NotEmpty(t, failure.Message)
				require.NotContains(t, err.Error(), failure.Message, "the service's own text may name people")
			}
		})
	}
}

// The message of a refusal is found in every known shape, with any status that fails.
func TestErrorMessages(t *testing.T) {
	t.Parallel()
	const problem = "application/problem+json; charset=utf-8"
	for _, test := range []struct {
		media, body string
		code        int
		message     string
	}{
		{problem, `{"type":"about:blank","title":"Forbidden","status":403,"detail":"this client is not served any more","traceId":"00-1"}`, 403, "this client is not served any more"},
		{problem, `{"title":"Forbidden"}`, 0, "Forbidden"},
		{problem, `{"detail":"no","title":"Forbidden","code":40300}`, 40300, "no"},
		{problem, ``, 0, ""},
		{"application/json", `{"Message":"The request is invalid."}`, 0, "The request is invalid."},
		{"application/json", `{"MESSAGE":"no","ErrorCode":"803"}`, 803, "no"},
		{"application/json", `{"Error":{"Code":40300,"Message":"no"}}`, 40300, "no"},
		{"text/plain", `{"Status":{"Code":40411,"Text":"no"}}`, 40411, "no"},
	} {
		for status, is := range map[int]error{400: nil, 403: ErrForbidden, 409: ErrConflict} {
			w := newWire(reply(status, test.body, "Content-Type", test.media))
			err := newTestClient(t, w).SendInvite(t.Context(), "8:joe.4", "")
			var failure *Error
			require.ErrorAs(t, err, &failure)
			if is != nil {
				assert.ErrorIs(t, err, is, test.body)
			}
			assert.Equal(t, []any{status, test.code, test.message, test.body}, []any{failure.Status, failure.Code, failure.Message, failure.Excerpt}, test.body)
			require.Len(t, w.requests(), 1)
		}
	}
}

func TestExcerptLength(t *testing.T) {
	t.Parallel()
	w := newWire(reply(500, "\xff"+strings.Repeat("é", 1<<20)))
	_, err := newTestClient(t, w, WithRetry(Retry{MaxAttempts: 1})).ListContacts(t.Context())
	var failure *Error
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "\uFFFD"+strings.Repeat("é", 254), failure.Excerpt)
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	body := fixture(t, "contacts/list_contacts.json")
	for _, test := range []struct {
		limit int
		is    error
	}{{len(body), nil}, {len(body) - 1, ErrTooLarge}, {1, ErrTooLarge}} {
		w := newWire(reply(200, body))
		_, err := newTestClient(t, w, WithMaxBody(int64(test.limit))).ListContacts(t.Context())
		require.ErrorIs(t, err, test.is, test.limit)
		require.Len(t, w.requests(), 1, "it is not repeated")
	}
	small := `{"username":"joe.4","about":"` + strings.Repeat("x", maxSmallBody) + `"}`
	_, err := newTestClient(t, newWire(reply(200, small))).GetOwnProfile(t.Context())
	require.ErrorIs(t, err, ErrTooLarge, "a response that is not a list has a smaller limit")
}

func TestContentTypes(t *testing.T) {
	t.Parallel()
	for contentType, ok := range map[string]bool{
		"":                 true,
		"application/json": true,
		"APPLICATION/JSON": true,
		"application/json; ver=1.0; charset=utf-8": true,
		"application/json; charset":                true,
		"text/json":                                true,
		"text/plain; charset=utf-8":                true,
		"application/problem+json":                 false,
		"application/hal+json":                     true,
		"text/html":                                false,
		"application/xml":                          false,
		"application/xhtml+xml":                    false,
		"application/octet-stream":                 false,
		"image/png":                                false,
		"+json":                                    false,
		"nonsense":                                 false,
	} {
		_, err := newTestClient(t, newWire(reply(200, "{}", "Content-Type", contentType))).ListContacts(t.Context())
		if ok {
			assert.NoError(t, err, contentType)
		} else {
			assert.ErrorIs(t, err, ErrDecode, contentType)
		}
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		header http.Header
		want   string
	}{
		{http.Header{"X-Skype-Request-Id": {"0a1B-2c3d"}}, "0a1B-2c3d"},
		{http.Header{"X-Stratus-Request-Id": {"0a1b"}}, "0a1b"},
		{http.Header{"X-Skype-Request-Id": {"not an id"}, "X-Stratus-Request-Id": {"0a1b"}}, "0a1b"},
		{http.Header{"X-Skype-Request-Id": {strings.Repeat("a", 65)}}, ""},
		{http.Header{"X-Skype-Request-Id": {"8:joe.4"}}, ""},
		{nil, ""},
	} {
		assert.Equal(t, test.want, requestIDOf(test.header, NewToken("a-test-token-x7", time.Time{})))
	}
}

// The token of a page may be long; only its hash is held.
func TestPageTokens(t *testing.T) {
	t.Parallel()
	pages := pageTokens{}
	require.NoError(t, pages.add("one"))
	require.NoError(t, pages.add(strings.Repeat("x", 1<<20)))
	require.NoError(t, pages.add("One"))
	require.Equal(t, errRepeatedPages, pages.add("one"))
	require.Equal(t, errRepeatedPages, pages.add(strings.Repeat("x", 1<<20)))
	require.Len(t, pages, 3)

	pages = pageTokens{}
	for i := range maxPages - 1 {
		require.NoError(t, pages.add(strconv.Itoa(i)))
	}
	require.Equal(t, decodeError("the list has too many pages"), pages.add("last"))
}

// A stream has its whole timeout for each entry and for each 64 KiB of other content.
// Only the time of reading counts.
func TestIdleTimeout(t *testing.T) {
	t.Parallel()
	const timeout = time.Second
	for name, test := range map[string]struct {
		piece    int           // bytes of each read
		wait     time.Duration // of each read
		pause    time.Duration // between reads
		progress bool          // after each read
		want     int           // reads that succeed; 100 is all
	}{
		"one byte at a time":              {1, timeout * 3 / 10, 0, false, 3},
		"an entry each":                   {1, timeout * 3 / 4, 0, true, 100},
		"slow use of the entries":         {1, timeout / 1000, time.Hour, false, 100},
		"an entry each, too slowly":       {1, timeout * 5 / 4, 0, true, 0},
		"much other content":              {progressBytes, timeout * 3 / 4, 0, false, 100},
		"half of that":                    {progressBytes / 2, timeout * 3 / 4, 0, false, 1},
		"half of that, at twice the pace": {progressBytes / 2, timeout * 2 / 5, 0, false, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				timer := time.AfterFunc(timeout, func() { cancel(errAttemptTimeout) })
				from := &slowBody{ctx: ctx, wait: test.wait, next: func(int) string { return strings.Repeat("x", test.piece) }}
				body := &boundedBody{from: from, left: 1 << 30, timer: timer, idleTimeout: timeout}
				buffer, reads := make([]byte, test.piece), 0
				var err error
				for reads < 100 {
					if _, err = body.Read(buffer); err != nil {
						break
					}
					reads++
					time.Sleep(test.pause)
					if test.progress {
						body.progress()
					}
				}
				assert.Equal(t, test.want, reads)
				if test.want == 100 {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, body.cause(ctx, err), context.DeadlineExceeded)
				require.ErrorIs(t, body.cause(ctx, err), ErrUnavailable)
			})
		})
	}
}

func TestBodyCause(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	syntax := decodeError("not well-formed")
	for name, test := range map[string]struct {
		ctx  context.Context
		body error
		err  error
		is   []error
		not  error
	}{
		"the decoder's":               {t.Context(), nil, syntax, []error{syntax}, ErrUnavailable},
		"the limit":                   {t.Context(), ErrTooLarge, syntax, []error{ErrTooLarge}, ErrDecode},
		"the connection":              {t.Context(), io.ErrUnexpectedEOF, syntax, []error{ErrUnavailable, io.ErrUnexpectedEOF}, ErrDecode},
		"the context, while reading":  {ended, context.Canceled, syntax, []error{context.Canceled}, ErrDecode},
		"the context, while decoding": {ended, nil, context.Canceled, []error{context.Canceled}, ErrDecode},
		"decoding, then the context":  {ended, nil, syntax, []error{syntax}, context.Canceled},
	} {
		got := (&boundedBody{err: test.body}).cause(test.ctx, test.err)
		for _, want := range test.is {
			assert.ErrorIs(t, got, want, name)
		}
		assert.NotErrorIs(t, got, test.not, name)
	}
	assert.NoError(t, (&boundedBody{}).cause(t.Context(), nil))
}

// A body that arrives a byte at a time costs no more than the timeout, whatever its
// status, for each kind of call.
func TestDrippingBodies(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *Client) error{
		"ListContacts":  func(ctx context.Context, c *Client) error { _, err := c.ListContacts(ctx); return err },
		"GetRoster":     func(ctx context.Context, c *Client) error { _, err := c.GetRoster(ctx); return err },
		"GetOwnProfile": func(ctx context.Context, c *Client) error { _, err := c.GetOwnProfile(ctx); return err },
		"SendInvite":    func(ctx context.Context, c *Client) error { return c.SendInvite(ctx, "8:joe.4", "") },
		"UnblockUser":   func(ctx context.Context, c *Client) error { return c.UnblockUser(ctx, "8:joe.4") },
	} {
		for _, status := range []int{200, 403, 500, 429} {
			for _, begin := range []string{"", `{"message":"`, `{"contacts":[{"mri":"8:a","x":[`} {
				took := timed(t, func(t *testing.T) {
					w := newWire(dripping(status, 20*time.Millisecond, begin, " "))
					err := call(t.Context(), newTestClient(t, w, WithTimeout(time.Second)))
					require.Error(t, err, name)
					require.Len(t, w.requests(), 1, name)
				})
				assert.LessOrEqual(t, took, time.Second+time.Millisecond, "%s %d %s", name, status, begin)
			}
		}
	}
}

// Neither a token nor a part of one is left in the texts of an error, wherever the text
// was cut.
func TestTokensInErrorTexts(t *testing.T) {
	t.Parallel()
	const canary = "canary-part."
	for name, token := range map[string]string{
		"203 bytes": "eyJ" + strings.Repeat(canary, 16) + "12345678",
		"7 bytes":   "can4ry7", "64 bytes": strings.Repeat("canary-part.x=", 5)[:64], "4 KiB": strings.Repeat(canary, 341) + "=",
		"10 KiB": strings.Repeat(canary, 850), "signs": strings.Repeat("canary/+=", 6), "a whole header": "registrationToken=" + strings.Repeat(canary, 15) + "==; expires=4102444800; endpointId={0a1b}",
	} {
		for form, body := range map[string]func(echo string) string{
			"alone":         func(echo string) string { return strings.Repeat(echo, 60) },
			"with space":    func(echo string) string { return strings.Repeat(echo+" ", 200) },
			"shifted":       func(echo string) string { return "<p>" + strings.Repeat("x", 137) + strings.Repeat(echo, 100) },
			"cut":           func(echo string) string { return strings.Repeat(echo, 3) + echo[:len(echo)/2] },
			"in JSON":       func(echo string) string { return `{"errorCode":1,"message":"` + strings.Repeat(echo, 60) + `"}` },
			"in the middle": func(echo string) string { return "<p>" + echo[:max(len(echo)*2/3, min(len(echo), 8))] + "</p>" },
			"in escapes": func(echo string) string {
				return `{"errorCode":1,"message":"` + strings.NewReplacer("/", `\/`, "+", `\u002b`, "=", `\u003D`, "c", `\u0063`, "7", `\u0037`).Replace(echo) + `"}`
			},
		} {
			w := newWire(func(req *http.Request) (*http.Response, error) {
				return reply(500, body(registrationValue(token)))(req)
			})
			c := newAuthClient(t, w, StaticToken(testToken), WithRegistrationToken(StaticToken(token)), WithRetry(Retry{MaxAttempts: 1}))
			var failure *Error
			require.ErrorAs(t, c.AddContact(t.Context(), "8:joe.4"), &failure)
			for _, text := range []string{failure.Excerpt, failure.Message} {
				assert.NotContains(t, text, "cana", "%s, %s", name, form)
				assert.NotContains(t, text, "can4", "%s, %s", name, form)
			}
		}
	}
}

// What is replaced: the token, 8 characters of its beginning, or 4 at the end of a text.
// Any of them may be escaped as in JSON.
func TestWithoutToken(t *testing.T) {
	t.Parallel()
	const long, short = "eyJhbGci/OiJ+SUz=I1==", "can4ry7"
	for _, test := range []struct{ token, text, want string }{
		{long, "", ""},
		{long, "nothing of it", "nothing of it"},
		{long, long, redacted},
		{long, "a " + long + " b", "a [redacted] b"},
		{long, long + long, redacted + redacted},
		{long, "eyJ" + long, "eyJ[redacted]"},
		{long, "<p>eyJhbGci/O</p>", "<p>[redacted]</p>"},
		{long, "<p>eyJhbGci</p>", "<p>[redacted]</p>"},
		{long, "<p>eyJhbGc</p>", "<p>eyJhbGc</p>"},
		{long, "<p>eyJhbGc", "<p>[redacted]"},
		{long, "<p>eyJh", "<p>[redacted]"},
		{long, "<p>eyJ", "<p>eyJ"},
		{long, "yJhbGci/OiJ", "yJhbGci/OiJ"}, // not its beginning
		{long, `"eyJhbGci\/OiJ\u002bSUz\u003DI1=\u003d"`, `"[redacted]"`},
		{long, `"\u0065\u0079\u004a\u0068\u0062\u0047\u0063\u0069"`, `"[redacted]"`},
		{long, `"\u0065\u0079\u004a\u0068\u0062\u0047\u0063"`, `"\u0065\u0079\u004a\u0068\u0062\u0047\u0063"`},
		{long, `\u0065yJ\u0068`, redacted},
		{short, "a can4ry7 b", "a [redacted] b"},
		{short, "a can4ry b", "a can4ry b"},
		{short, "a can4ry", "a [redacted]"},
		{short, "a can", "a can"},
		{short, `\u0063an4r\y7`, redacted},
		{"registrationToken=" + long + "; expires=1", "a " + long + " b", "a [redacted] b"},
		{"", "any text", "any text"},
		{short, "é\xff can4ry7 é\xff", "é\xff [redacted] é\xff"},
	} {
		var token Token
		if test.token != "" {
			token = NewToken(test.token, time.Time{})
		}
		assert.Equal(t, test.want, withoutToken(test.text, token), test.text)
	}
}

func TestMatchToken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text            string
		length, matched int
	}{
		{"", 0, 0},
		{"x", 0, 0},
		{"ab/+", 4, 4},
		{"ab/+ and more", 4, 4},
		{"ab/", 3, 3},
		{"ab/x", 3, 3},
		{`ab\/+`, 5, 4},
		{`ab\/\u002b`, 10, 4},
		{`\u0061\u0062\u002F\u002B`, 24, 4},
		{`\u0061x`, 6, 1},
		{`\u0062`, 0, 0},
		{`ab\u00zz`, 2, 2},
		{`ab\u00`, 2, 2},
		{`ab\u012f`, 2, 2},
		{`ab\`, 2, 2},
		{`a\b/+`, 5, 4},
		{`a\\b`, 1, 1},
	} {
		length, matched := matchToken(test.text, "ab/+")
		assert.Equal(t, []int{test.length, test.matched}, []int{length, matched}, test.text)
	}
}

// The cause of an error does not hold the message of the service, which may repeat the
// token.
func TestReportedFailureHoldsNoMessage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		response httpmock.Responder
		code     int
	}{
		"status":       {reply(200, `{"status":{"code":40300,"text":"refused `+testToken+`"}}`), 40300},
		"message":      {reply(200, `{"message":"`+testToken+` is refused"}`), 0},
		"error":        {reply(200, `{"error":["`+testToken+`"],"errorCode":803}`), 803},
		"problem+json": {reply(200, `{"title":"Forbidden","detail":"`+testToken+`","status":403}`, "Content-Type", mediaProblem), 403},
		"no JSON":      {reply(200, testToken, "Content-Type", mediaProblem), 0},
	} {
		for call, do := range map[string]func(*Client) error{
			"list":   func(c *Client) error { _, err := c.ListContacts(t.Context()); return err },
			"write":  func(c *Client) error { return c.SendInvite(t.Context(), "8:joe.4", "hi") },
			"stream": func(c *Client) error { return collect(c.AllContacts(t.Context())).Err },
		} {
			err := do(newTestClient(t, newWire(test.response)))
			failure, ok := errors.AsType[*Error](err)
			require.True(t, ok, "%s %s", name, call)
			assert.Equal(t, reportedFailure{code: test.code}, errors.Unwrap(err), "%s %s", name, call)
			assert.Contains(t, failure.Message, redacted, "%s %s", name, call)
			assert.NotContains(t, fmt.Sprintf("%#v", errors.Unwrap(err))+failure.Message+failure.Excerpt, testToken, "%s %s", name, call)
		}
	}
}

// A request id that is the token, a part of it or a telephone number is not taken over.
func TestRequestIDOf(t *testing.T) {
	t.Parallel()
	token := NewToken("abcdef0123456789abcdef-secret", time.Time{})
	whole := NewToken("registrationToken=abcdef0123456789; expires=4102444800", time.Time{})
	for id, want := range map[string]bool{
		"0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9": true, "MSFT-42": true, "123456": true, "a": true, "12345a7": true,
		"abcdef0123456789": false, "prefix-abcdef0123456789abcdef-secret": false, "abcdef0": false, "6789abcdef-sec": false,
		"442099887766": false, "44-2099-887766": false, "1234567": false, "8:joe.4": false, "joe.4": false, "joe@example.org": false,
		"+442099887766": false, "a b": false, "": false, strings.Repeat("a", 65): false,
	} {
		for _, name := range []string{"X-Skype-Request-Id", "X-Stratus-Request-Id"} {
			got := requestIDOf(http.Header{http.CanonicalHeaderKey(name): {id}}, token)
			assert.Equal(t, map[bool]string{true: id}[want], got, id)
		}
	}
	assert.Empty(t, requestIDOf(http.Header{"X-Skype-Request-Id": {"abcdef0123456789"}}, whole))
	assert.Equal(t, "0a1b", requestIDOf(http.Header{"X-Skype-Request-Id": {"442099887766"}, "X-Stratus-Request-Id": {"0a1b"}}, token))
}
