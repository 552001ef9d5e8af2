package skypecontacts

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNewNamesTheBadOption(t *testing.T) {
	t.Parallel()
	base := func(address string) Option { return WithEndpoints(Endpoints{Bots: address}) }
	tests := []struct {
		name string
		opt  Option
	}{
		{"New", nil},
		{"WithHTTPClient", WithHTTPClient(nil)},
		{"WithDialect", WithDialect(7)},
		{"WithUserID", WithUserID("")},
		{"WithUserID", WithUserID("../joe")},
		{"WithRegistrationToken", WithRegistrationToken(nil)},
		{"WithRegistrationToken", WithRegistrationToken(TokenSourceFunc(nil))},
		{"WithAuthStyle", WithAuthStyle(-1)},
		{"WithUserAgent", WithUserAgent("")},
		{"WithUserAgent", WithUserAgent("a\r\nb")},
		{"WithTimeout", WithTimeout(0)},
		{"WithTimeout", WithTimeout(-time.Second)},
		{"WithRetry", WithRetry(Retry{MaxAttempts: -1})},
		{"WithRetry", WithRetry(Retry{Burst: -1})},
		{"WithLimiter", WithLimiter(nil)},
		{"WithLogger", WithLogger(nil)},
		{"WithMaxBody", WithMaxBody(0)},
		{"WithEndpoints: Bots", base("http://bots.example")},
		{"WithEndpoints: Bots", base("http://127.0.0.1")},
		{"WithEndpoints: Bots", base("bots.example")},
		{"WithEndpoints: Bots", base("//bots.example")},
		{"WithEndpoints: Bots", base("ftp://bots.example")},
		{"WithEndpoints: Bots", base("https://")},
		{"WithEndpoints: Bots", base("https://joe:" + testToken + "@bots.example")},
		{"WithEndpoints: Bots", base("https://bots.example?x=1")},
		{"WithEndpoints: Bots", base("https://bots.example?")},
		{"WithEndpoints: Bots", base("https://bots.example#x")},
		{"WithEndpoints: Bots", base("https://bots.example#")},
		{"WithEndpoints: Bots", base("https://bots.example.")},
		{"WithEndpoints: Bots", base("https://bots..example")},
		{"WithEndpoints: Bots", base("https://bots.example:")},
		{"WithEndpoints: Bots", base("https://böts.example")},
		{"WithEndpoints: Bots", base("https://bots%2eexample")},
		{"WithEndpoints: Bots", base("https://bots.example\x00")},
		{"WithEndpoints: Bots", base("https://[::1")},
	}
	for _, test := range tests {
		c, err := New(StaticToken(testToken), test.opt)
		require.ErrorIs(t, err, ErrInvalid, test.name)
		require.ErrorContains(t, err, "skypecontacts: "+test.name+": ", test.name)
		require.Nil(t, c)
		assertClean(t, fmt.Sprintf("%+v", err))
	}
	_, err := New(nil, WithTimeout(0), WithMaxBody(0))
	for _, part := range []string{"the token source is nil", "WithTimeout", "WithMaxBody"} {
		require.ErrorContains(t, err, part, "all are named at once")
	}
	_, err = New(TokenSourceFunc(nil))
	require.ErrorContains(t, err, "the token source is nil")
	_, err = New(StaticToken("t"), WithInsecureLoopback(), base("http://bots.example"))
	require.ErrorIs(t, err, ErrInvalid, "loopback only")
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		base, want string
		opts       []Option
	}{
		{"", "https://api.aps.skype.com/v1/agents", nil},
		{"https://Proxy.Example:8443/skype/bots/", "https://proxy.example:8443/skype/bots/agents", nil},
		{"https://proxy.example", "https://proxy.example/agents", nil},
		{"https://proxy.example/a%20b/../c//", "https://proxy.example/c/agents", nil},
		{"https://[::1]:8443/x", "https://[::1]:8443/x/agents", nil},
		{"http://localhost:80/x", "http://localhost:80/x/agents", []Option{WithInsecureLoopback()}},
		{"http://127.9.9.9/x", "http://127.9.9.9/x/agents", []Option{WithInsecureLoopback()}},
		{"http://[::1]/x", "http://[::1]/x/agents", []Option{WithInsecureLoopback()}},
	} {
		w := newWire(reply(200, "{}"))
		c := newTestClient(t, w, append(test.opts, WithEndpoints(Endpoints{Bots: test.base}))...)
		_, err := c.ListBots(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"GET " + test.want + "\n" + plainHeaders}, w.requests())
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, `{"contacts":[],"x":"`+strings.Repeat("x", 100)+`"}`))
	c := newTestClient(t, w, WithUserAgent("tests/1"), WithUserID("8:Live:Fred"), WithAuthStyle(AuthTeams), WithMaxBody(200))
	_, err := c.ListContacts(t.Context())
	require.NoError(t, err)
	require.NoError(t, c.RevokeContact(t.Context(), "joe.4"))
	_, err = c.GetProfile(t.Context(), "joe.4")
	require.ErrorIs(t, err, ErrDecode)
	teams := "Accept: application/json; ver=1.0\nAuthentication: skypetoken=" + testToken +
		"\nMs-Ic3-Additional-Product: Sfl\nMs-Ic3-Product: tfl\nUser-Agent: tests/1\nX-Ms-Client-Consumer-Type: teams4life\n\n"
	require.Equal(t, []string{
		"GET https://contacts.skype.com/contacts/v2/users/Live:Fred/contacts\n" + teams,
		"DELETE https://contacts.skype.com/contacts/v2/users/Live:Fred/contacts/8:joe.4\n" + teams,
		"GET https://api.skype.com/users/joe.4/profile\nAccept: application/json; ver=1.0\nUser-Agent: tests/1\nX-Skypetoken: " + testToken + "\n\n",
	}, w.requests())
}

// Neither a client nor what it is made of can be printed, logged or marshalled
// so that a secret shows, also not from within another value.
func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	token := NewToken(testToken, time.Unix(1, 0))
	c := newTestClient(t, newWire(reply(200, "{}")), WithUserID("canary-own-id"))
	_, err := c.ListContacts(t.Context()) // so that the token is cached
	require.NoError(t, err)
	values := map[string]any{
		"client":                c,
		"client value":          *c,
		"in a struct":           struct{ c *Client }{c},
		"in a struct, by value": struct{ c Client }{*c},
		"cache":                 c.core.tokens,
		"sender":                c.core.sender,
		"token":                 token,
		"token pointer":         &token,
		"token inside":          struct{ t Token }{token},
		"tokens":                []Token{token},
		"source":                StaticToken(testToken),
		"option":                WithRegistrationToken(StaticToken(testToken)),
		"user option":           WithUserID("canary-own-id"),
	}
	for name, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%T"} {
			text := fmt.Sprintf(verb, value)
			assert.NotContains(t, text, testToken, "%s %s", name, verb)
			assert.NotContains(t, text, fmt.Sprintf("%x", testToken), "%s %s", name, verb)
			assert.NotContains(t, text, "canary-own-id", "%s %s", name, verb)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", value)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", value)
		assertClean(t, log.String(), "canary-own-id")
	}
	text, err := json.Marshal(map[string]any{"t": token, "c": c})
	require.NoError(t, err)
	assertClean(t, string(text), "canary-own-id")
	assert.Equal(t, testToken, token.Value())
	assert.Equal(t, time.Unix(1, 0), token.Expiry())
	assert.Equal(t, redacted, token.String())
	assert.Empty(t, Token{}.Value())
}

func TestCloseIdleConnections(t *testing.T) {
	t.Parallel()
	transport := &idleCounter{}
	newTestClient(t, transport).CloseIdleConnections()
	require.Equal(t, 1, transport.closed)
	newTestClient(t, newWire(reply(200, ""))).CloseIdleConnections()
	own, err := New(StaticToken("t"))
	require.NoError(t, err)
	own.CloseIdleConnections()
}

type idleCounter struct {
	http.RoundTripper
	closed int
}

func (i *idleCounter) CloseIdleConnections() { i.closed++ }
