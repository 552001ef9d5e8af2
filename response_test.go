package skypecontacts

import (
	"net/http"
	"strings"
	"testing"
	"time"

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

// Neither a token nor a part of one is left in the texts of an error, wherever the text
// was cut.
func TestTokensInErrorTexts(t *testing.T) {
	t.Parallel()
	const canary = "canary-part."
	for name, token := range map[string]string{
		"203 bytes": "eyJ" + strings.Repeat(canary, 16) + "12345678",
		"7 bytes":   "can4ry7", "64 bytes": strings.Repeat("canary-part.x=", 5)[:64], "4 KiB": strings.Repeat(canary, 341) + "=",
		"10 KiB": strings.Repeat(canary, 850), "a whole header": "registrationToken=" + strings.Repeat(canary, 15) + "==; expires=4102444800; endpointId={0a1b}",
	} {
		for form, body := range map[string]func(echo string) string{
			"alone":      func(echo string) string { return strings.Repeat(echo, 60) },
			"with space": func(echo string) string { return strings.Repeat(echo+" ", 200) },
			"shifted":    func(echo string) string { return "<p>" + strings.Repeat("x", 137) + strings.Repeat(echo, 100) },
			"cut":        func(echo string) string { return strings.Repeat(echo, 3) + echo[:len(echo)/2] },
			"in JSON":    func(echo string) string { return `{"errorCode":1,"message":"` + strings.Repeat(echo, 60) + `"}` },
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
