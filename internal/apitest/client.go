package apitest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

// NewClient returns a client with both tokens, whose pauses take no time and
// whose retries are not limited by the budget.
func NewClient(t testing.TB, transport http.RoundTripper, opts ...skypecontacts.Option) *skypecontacts.Client {
	t.Helper()
	return newClient(t, append([]skypecontacts.Option{skypecontacts.WithHTTPClient(&http.Client{Transport: transport})}, opts...))
}

// NewServerClient returns the client of NewClient for a server that stands for
// all services, with the transport that a client has by default.
func NewServerClient(t testing.TB, server *httptest.Server, opts ...skypecontacts.Option) *skypecontacts.Client {
	t.Helper()
	return newClient(t, append([]skypecontacts.Option{
		skypecontacts.WithEndpoints(skypecontacts.Endpoints{
			Contacts: server.URL + "/c2", ContactsV1: server.URL + "/c1", API: server.URL + "/api", Profile: server.URL + "/profile",
			Directory: server.URL + "/directory", Bots: server.URL + "/bots", Messenger: server.URL + "/gateway",
			People: server.URL + "/people", Avatar: server.URL + "/avatar",
		}),
		skypecontacts.WithInsecureLoopback(),
	}, opts...))
}

func newClient(t testing.TB, opts []skypecontacts.Option) *skypecontacts.Client {
	t.Helper()
	c, err := skypecontacts.New(skypecontacts.StaticToken(Token), append([]skypecontacts.Option{
		skypecontacts.WithRegistrationToken(skypecontacts.StaticToken(RegistrationToken)),
		skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Nanosecond, Burst: 1 << 20}),
	}, opts...)...)
	require.NoError(t, err)
	return c
}

// Testdata returns the path of the root's testdata, from whichever package.
func Testdata(t testing.TB) string {
	t.Helper()
	dir := "."
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "testdata")
		}
		dir = filepath.Join("..", dir)
		require.Less(t, len(dir), 100, "go.mod was not found")
	}
}

// Fixture returns a file below testdata without the white space around it.
func Fixture(t testing.TB, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(Testdata(t), filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(bytes.TrimSpace(body))
}

// FixtureCall is a response body with a call that decodes it.
type FixtureCall struct {
	Call

	Name string // of the file, below testdata and without ".json"
	Body string
}

// FixtureCalls returns every response body below testdata, once for each call
// whose fixture has the longest name that the name of the file begins with.
func FixtureCalls(t testing.TB) (all []FixtureCall) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(Testdata(t), "*", "*.json"))
	require.NoError(t, err)
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".json")
		if strings.Contains(name, "_request") && !strings.Contains(name, "auth_request") {
			continue // a request body
		}
		longest := ""
		for _, call := range Calls() {
			if strings.HasPrefix(name, call.Fixture) && len(call.Fixture) > len(longest) {
				longest = call.Fixture
			}
		}
		for _, call := range Calls() {
			if call.Fixture == longest {
				all = append(all, FixtureCall{Call: call, Name: name, Body: Fixture(t, name+".json")})
			}
		}
	}
	require.Greater(t, len(all), 70)
	return all
}

// ForeignLocations returns values of Location that lead out of the gateway's domain,
// or may be mistaken for a host inside of it.
func ForeignLocations(t testing.TB) (locations []string) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(Fixture(t, "foreign_locations.json")), &locations))
	require.Len(t, locations, 37)
	return locations
}
