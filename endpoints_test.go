package skypecontacts

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBaseURLs(t *testing.T) {
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

func TestUnusableBaseURLs(t *testing.T) {
	t.Parallel()
	base := func(address string) Option { return WithEndpoints(Endpoints{Bots: address}) }
	for _, address := range []string{
		"http://bots.example",
		"http://127.0.0.1",
		"bots.example",
		"//bots.example",
		"ftp://bots.example",
		"https://",
		"https://joe:" + testToken + "@bots.example",
		"https://bots.example?x=1",
		"https://bots.example?",
		"https://bots.example#x",
		"https://bots.example#",
		"https://bots.example.",
		"https://bots..example",
		"https://bots.example:",
		"https://böts.example",
		"https://bots%2eexample",
		"https://bots.example\x00",
		"https://[::1",
		"https://[fe80::1%25eth0]", // a zone has a meaning on one machine only
		"https://[fe80::1%25en0]:8443/x",
		"https://[::1%25%5D]",
		"https://[::%25\x84]", // found by FuzzBaseURL
		"https://[::ffff:127.0.0.1%25lo]",
		"https://[::1%25]",
		"https://[fe80::1%eth0]",
		"https://fe80::1:443",
		"https://[::1]:",
		"https://127.0.0.1:",
		"https://bots.example:0",
		"https://bots.example:65536",
		"https://[::1]:99999999999999999999",
	} {
		c, err := New(StaticToken(testToken), base(address))
		require.ErrorIs(t, err, ErrInvalid, "%q", address)
		require.ErrorContains(t, err, "skypecontacts: WithEndpoints: Bots: ", "%q", address)
		require.Nil(t, c)
		assertClean(t, fmt.Sprintf("%+v", err))
	}
	for _, address := range []string{"http://bots.example", "http://[::1%25lo]:80", "http://[::1%251]"} {
		_, err := New(StaticToken("t"), WithInsecureLoopback(), base(address))
		require.ErrorIs(t, err, ErrInvalid, "loopback only: %s", address)
	}
}

// Each service has its own default, and the name of its field.
func TestDefaultEndpoints(t *testing.T) {
	t.Parallel()
	defaults := reflect.ValueOf(DefaultEndpoints())
	seen := map[string]bool{}
	for id, e := range DefaultEndpoints().byService() {
		require.Equal(t, defaults.FieldByName(e.name).String(), e.address)
		require.Equal(t, e.name, serviceID(id).String())
		require.False(t, seen[e.address], e.name)
		seen[e.address] = true
		_, problem := parseBase(e.address, false)
		require.Empty(t, problem, e.name)
	}
	require.Len(t, seen, defaults.NumField())
}

func FuzzBaseURL(f *testing.F) { fuzzTargets(f)["BaseURL"].Fuzz(f) }

// A base URL is https, or loopback if that is permitted, and names one host.
func checkBaseURL(tb testing.TB, input []byte) {
	for _, insecure := range []bool{false, true} {
		u, problem := parseBase(string(input), insecure)
		if problem != "" {
			require.Nil(tb, u)
			continue
		}
		require.True(tb, u.Scheme == "https" || insecure && u.Scheme == "http" && isLoopback(u))
		require.Nil(tb, u.User)
		require.Empty(tb, u.RawQuery+u.Fragment+u.Opaque)
		require.NotEmpty(tb, u.Hostname())
		require.Equal(tb, strings.ToLower(u.Host), u.Host)
		require.False(tb, strings.HasSuffix(u.String(), "/"))
		again, problem := parseBase(u.String(), insecure)
		require.Empty(tb, problem)
		require.Equal(tb, u.String(), again.String())
		sent, err := url.Parse(u.String() + "/users/self")
		require.NoError(tb, err)
		require.Equal(tb, u.Host, sent.Host)
		require.Equal(tb, u.Scheme, sent.Scheme)
	}
}

func FuzzGatewayMove(f *testing.F) { fuzzTargets(f)["GatewayMove"].Fuzz(f) }

// A move leads to another https host of the gateway's domain, or is rejected.
func checkGatewayMove(tb testing.TB, input []byte) {
	const from = "client-s.gateway.messenger.live.com"
	host := gatewayMove(from, string(input))
	if host == "" {
		return
	}
	require.True(tb, strings.HasSuffix(host, gatewayDomain))
	require.NotEqual(tb, from, host)
	require.Empty(tb, strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-."))
	u, err := url.Parse(string(input))
	require.NoError(tb, err)
	require.Equal(tb, "https", u.Scheme)
	require.Nil(tb, u.User)
	require.Empty(tb, u.Port())
	require.Empty(tb, gatewayMove("evil.example", string(input)))
}

func TestGatewayMove(t *testing.T) {
	t.Parallel()
	const from, elsewhere = "client-s.gateway.messenger.live.com", "db5-client-s.gateway.messenger.live.com"
	for location, want := range map[string]string{
		"https://" + elsewhere + "/v1/users/ME":            elsewhere,
		"https://DB5-Client-S.Gateway.Messenger.Live.Com":  elsewhere,
		"https://" + from + "/v1":                          "",
		"http://" + elsewhere + "/v1":                      "",
		"//" + elsewhere + "/v1":                           "",
		"https://" + elsewhere + ":443/v1":                 "",
		"https://" + elsewhere + ":/v1":                    "",
		"https://" + elsewhere + "./v1":                    "",
		"https://joe@" + elsewhere + "/v1":                 "",
		"https://evil.example/" + elsewhere:                "",
		"https://" + elsewhere + ".evil.example":           "",
		"https://evil" + from[8:]:                          "evil" + from[8:],
		"https://gateway.messenger.live.com":               "",
		"https://db5.gateway.me\u017F\u017Fenger.live.com": "", // the long s is not an s
		"https://[fe80::1%25.gateway.messenger.live.com]":  "",
		"https://%": "",
		"":          "",
	} {
		assert.Equal(t, want, gatewayMove(from, location), location)
		assert.Empty(t, gatewayMove("evil.example", location), location)
	}
}
