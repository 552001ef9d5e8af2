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
