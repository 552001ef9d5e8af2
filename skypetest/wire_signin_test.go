package skypetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Errors have the members that Microsoft documents, and a number only where it has one.
func TestOAuthError(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 26, 10, 0, 0, 0, time.UTC)
	got := oauthError("invalid_grant", 70000, "The text.", now)
	assert.Equal(t, 400, got.status)
	assert.JSONEq(t, `{"error":"invalid_grant","error_description":"AADSTS70000: The text.","error_codes":[70000],"timestamp":"2026-11-26 10:00:00Z",
		"trace_id":"00000000-0000-4000-8000-000000000001","correlation_id":"00000000-0000-4000-8000-000000000002"}`, string(got.body))
	got = oauthError("slow_down", 0, "The text.", now)
	assert.JSONEq(t, `{"error":"slow_down","error_description":"The text.","timestamp":"2026-11-26 10:00:00Z",
		"trace_id":"00000000-0000-4000-8000-000000000001","correlation_id":"00000000-0000-4000-8000-000000000002"}`, string(got.body))
}

// What a visitor sends does not become a part of the page.
func TestSignInHTML(t *testing.T) {
	t.Parallel()
	page := signInHTML(`"><script>`, `<b>`, `<i>`)
	for _, text := range []string{"<script>", "<b>", "<i>"} {
		assert.NotContains(t, page, text)
	}
	assert.Contains(t, page, `value="&#34;&gt;&lt;script&gt;"`)
	assert.NotContains(t, signInHTML("", "", ""), "<p></p>")
}
