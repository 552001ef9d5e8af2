package skypecontacts

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The largest values mean no limit and do not overflow.
func TestLargestLimits(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, `{"contacts":[{"mri":"8:joe.4"}]}`), reply(200, `{"contacts":[{"mri":"8:joe.4"}]}`), reply(503, ""))
	c := newTestClient(t, w, WithMaxBody(math.MaxInt64), WithRetry(Retry{BaseDelay: time.Nanosecond, Burst: math.MaxInt}))
	list, err := c.ListContacts(t.Context())
	require.NoError(t, err)
	require.Len(t, list.Contacts, 1)
	for contact, err := range c.AllContacts(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, MRI("8:joe.4"), contact.MRI)
	}
	_, err = c.ListContacts(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.Len(t, w.requests(), 5, "a success does not empty the budget")
}

// The largest limit is none for bodies of any length, whether or not the server says it.
func TestLargestLimitOfBodies(t *testing.T) {
	t.Parallel()
	const contact = `{"mri":"8:joe.4","about":"`
	text := func(length int) string { return strings.Repeat("x", length) }
	calls := map[string]struct {
		before, after string
		longest       int
		do            func(*Client, context.Context) error
	}{
		"list":    {`{"contacts":[` + contact, `"}]}`, maxSmallBody, func(c *Client, ctx context.Context) error { _, err := c.ListContacts(ctx); return err }},
		"roster":  {`{"contacts":[` + contact, `"}]}`, maxSmallBody, func(c *Client, ctx context.Context) error { _, err := c.GetRoster(ctx); return err }},
		"stream":  {`{"contacts":[` + contact, `"}]}`, maxSmallBody - 1000, func(c *Client, ctx context.Context) error { return collect(c.AllContacts(ctx)).Err }},
		"profile": {`{"username":"fred.2","about":"`, `"}`, maxSmallBody - 1000, func(c *Client, ctx context.Context) error { _, err := c.GetOwnProfile(ctx); return err }},
		"write":   {`{"about":"`, `"}`, maxSmallBody - 1000, func(c *Client, ctx context.Context) error { return c.SendInvite(ctx, "8:joe.4", "hi") }},
	}
	for name, call := range calls {
		for _, length := range []int{bytes.MinRead, 600, 5000, call.longest} {
			body := call.before + text(length) + call.after
			for size, known := range map[string]int64{"known": int64(len(body)), "unknown": -1, "too short": 10} {
				c := newTestClient(t, newWire(func(req *http.Request) (*http.Response, error) {
					resp, err := reply(200, body)(req)
					resp.ContentLength = known
					return resp, err
				}), WithMaxBody(math.MaxInt64))
				require.NotPanics(t, func() {
					err := call.do(c, t.Context())
					if length < maxSmallBody { // an entry of 1 MiB is skipped
						require.NoError(t, err, "%s %d %s", name, length, size)
					}
				}, "%s %d %s", name, length, size)
			}
		}
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		opt  Option
	}{
		{"New", nil},
		{"WithHTTPClient", WithHTTPClient(nil)},
		{"WithDialect", WithDialect(7)},
		{"WithUserID", WithUserID("")},
		{"WithUserID", WithUserID("../joe")},
		{"WithLocale", WithLocale("")},
		{"WithLocale", WithLocale("en_US")},
		{"WithLocale", WithLocale("en-US\r\nX-Evil: 1")},
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
		{"WithObserver", WithObserver(nil)},
		{"WithEndpoints: Bots", WithEndpoints(Endpoints{Bots: "ftp://bots.example"})},
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

func TestLanguageTags(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]bool{
		"en": true, "en-US": true, "EN-us": true, "zh-Hant-TW": true, "sl-rozaj-biske-1994": true, "de-CH-1901-x-phonebk": true,
		"x-a": true, "abcdefgh-12345678-abcdefgh-12345678": true,
		"": false, "-": false, "en-": false, "-en": false, "en--US": false, "en_US": false, "en US": false, "en-US;q=1": false, "en*": false,
		"abcdefghi": false, "en-\u212A": false, "en\x00": false, "\xff": false, "e\u0301": false,
		"abcdefgh-12345678-abcdefgh-12345678-": false, "abcdefgh-12345678-abcdefgh-1234567-a": false,
	} {
		_, err := New(StaticToken(testToken), WithLocale(tag))
		require.Equal(t, want, err == nil, "%q %v", tag, err)
	}
}

// The language is that of all calls of a client that send one.
func TestLocale(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, `{"profiles":{}}`), reply(200, `{"results":[]}`))
	c := newTestClient(t, w, WithLocale("pt-BR"), WithDialect(DialectCurrent))
	_, err := c.GetPublicProfiles(t.Context(), "8:joe.4")
	require.NoError(t, err)
	_, err = c.SearchDirectory(t.Context(), "joe")
	require.NoError(t, err)
	require.Contains(t, w.requests()[0], `{"mris":["8:joe.4"],"locale":"pt-BR"}`)
	require.Contains(t, w.requests()[1], "/v2.0/search/?locale=pt-BR&requestId=skypecontacts-go&searchString=joe\n")

	w = newWire(reply(200, `[]`), reply(200, `{"results":[]}`))
	c = newTestClient(t, w, WithLocale("pt-BR"))
	_, err = c.GetPublicProfiles(t.Context(), "8:joe.4")
	require.NoError(t, err)
	_, err = c.SearchDirectory(t.Context(), "joe")
	require.NoError(t, err)
	require.NotContains(t, strings.Join(w.requests(), ""), "pt-BR", "the documented routes have none")
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
