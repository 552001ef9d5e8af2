package skypetest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The index has all that a client needs to send a request of every route.
func TestIndex(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	resp := send(t, http.MethodGet, srv.URL, "", nil)
	require.Equal(t, http.StatusOK, resp.status)
	var index struct {
		Health   string
		Services []struct {
			Service, Base, Token, TokenToRegister string
			Routes                                []string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(resp.body), &index))
	assert.Equal(t, "/healthz", index.Health)

	fields := make(map[string]any)
	text, err := json.Marshal(srv.Endpoints())
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &fields))
	listed := make(map[string]any)
	for _, s := range index.Services {
		listed[strings.ToUpper(s.Service[:1])+s.Service[1:]] = srv.URL + s.Base
		for _, route := range s.Routes {
			method, path, _ := strings.Cut(route, " ")
			name, value, _ := strings.Cut(s.Token, ": ")
			token := "sample-skype-token-1"
			switch {
			case s.Token == "":
				name = "Accept"
			case s.Service == "teams":
				token = signIn(t, srv).AccessToken
			case path == "/users/{self}/endpoints":
				name, value, _ = strings.Cut(s.TokenToRegister, ": ")
			case s.Service == "messenger":
				token = "sample-registration-token-1=="
			}
			path = strings.NewReplacer("{self}", "self", "{mri}", "8:joe.4", "{user}", "joe.4", "{bot}", "concierge", "{phone}", "1", "{endpoint}", "%7Ba%7D").Replace(path)
			assert.NotContains(t, path, "{", route)
			got := send(t, method, srv.URL+s.Base+path, "", map[string]string{name: strings.ReplaceAll(value, "{token}", token)})
			assert.NotContains(t, []int{401, 405, 501}, got.status, route)
			assert.NotContains(t, got.body, "No handler", route)
		}
	}
	listed["API"] = listed["Api"]
	delete(listed, "Api")
	for service, path := range map[string]string{"Login": "/login", "Teams": "/teams"} {
		fields[service] = srv.URL + path // the SDK does not use them
	}
	assert.Equal(t, fields, listed)
}

// A request for a page is no request to the service.
func TestServerPages(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultStatus})
	for _, test := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/healthz", 200, `{"status":"ok"}`},
		{"HEAD", "/healthz", 200, ""},
		{"HEAD", "/", 200, ""},
	} {
		resp := send(t, test.method, srv.URL+test.path, "", nil)
		assert.Equal(t, test.status, resp.status, test.path)
		assert.Equal(t, test.body, resp.body, test.path)
		assert.Equal(t, "application/json; ver=1.0; charset=utf-8", resp.header.Get("Content-Type"))
	}
	assert.Empty(t, srv.Requests())
	assert.Equal(t, 1, srv.FaultsPending())
	assert.Equal(t, http.StatusServiceUnavailable, send(t, http.MethodPost, srv.URL+"/healthz", "", nil).status)
}
