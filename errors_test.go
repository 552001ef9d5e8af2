package skypecontacts

import (
	"io"
	"net"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The text of each kind of failure.
func TestErrorTexts(t *testing.T) {
	t.Parallel()
	const list = "skypecontacts: ListContacts: GET /users/{id}/contacts"
	for _, test := range []struct {
		response httpmock.Responder
		want     string
	}{
		{reply(401, ""), list + ": 401 Unauthorized"},
		{reply(404, `{"status":{"code":40499,"text":"No"}}`), list + ": 404 Not Found (code 40499)"},
		{reply(200, `{"status":{"code":40411,"text":"No"}}`), list + ": 200 OK (code 40411): the response reports a failure"},
		{reply(502, ""), list + ": 502 Bad Gateway after 3 attempts"},
		{reply(429, "", "Retry-After", "90"), list + ": 429 Too Many Requests; retry after 1m30s"},
		{reply(299, ""), list + ": 299"},
		{reply(200, ""), list + ": 200 OK: the response is empty"},
		{reply(200, "{"), list + ": 200 OK: not well-formed JSON at byte 1"},
		{page(200), list + ": 200 OK: the Content-Type of the response is not JSON"},
		{fails(io.ErrUnexpectedEOF), list + ": connection failed after 3 attempts"},
		{fails(&net.OpError{Op: "read", Err: errAttemptTimeout}), list + ": deadline exceeded after 3 attempts"},
		{fails(&net.OpError{Op: "read", Err: &net.DNSError{IsTimeout: true}}), list + ": timed out after 3 attempts"},
	} {
		_, err := newTestClient(t, newWire(test.response)).ListContacts(t.Context())
		assert.EqualError(t, err, test.want)
	}
	c := newTestClient(t, newWire(fails(io.ErrUnexpectedEOF)))
	assert.EqualError(t, c.SendInvite(t.Context(), "joe.4", ""),
		"skypecontacts: SendInvite: POST /users/{id}/contacts: connection failed; the change may have been made")
	assert.EqualError(t, c.RevokeContact(t.Context(), "a/b"),
		"skypecontacts: RevokeContact: DELETE /users/{id}/contacts/{mri}: invalid argument: identifier holds a character (U+002F) that no identifier has")
}

// The gateway responds with 404 and a code where other services respond with 401.
func TestGatewayCodeOfAnInvalidToken(t *testing.T) {
	t.Parallel()
	err := newTestClient(t, newWire(reply(404, fixture(t, "errors/error_code_no_endpoint.json")))).RemoveContact(t.Context(), "joe.4")
	require.ErrorIs(t, err, ErrUnauthorized)
	require.NotErrorIs(t, err, ErrNotFound)
}
