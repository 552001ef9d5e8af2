package skypetest_test

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

type rawResponse struct {
	status int
	header http.Header
	body   string
}

// send sends one request without the SDK, with header names as they are given.
func send(t *testing.T, method, url, body string, header map[string]string) rawResponse {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for name, value := range header {
		req.Header[name] = []string{value}
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	respBody, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return rawResponse{resp.StatusCode, resp.Header, string(respBody)}
}

// get sends a GET with the Skype token of the first sample account.
func get(t *testing.T, srv *skypetest.Server, path string) rawResponse {
	t.Helper()
	return send(t, http.MethodGet, srv.URL+path, "", map[string]string{"X-Skypetoken": "sample-skype-token-1"})
}

// errorCase is a request and the error that is its response. The token
// "registration" stands for the one that the messenger takes.
type errorCase struct {
	name, method, path, token, body string
	status                          int
	want                            string
}

// checkErrors asserts the responses and that the requests change nothing.
func checkErrors(t *testing.T, cases []errorCase) {
	t.Helper()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	t.Cleanup(func() { assert.Empty(t, srv.Effects()) })
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header := map[string]string{}
			switch test.token {
			case "":
			case "registration":
				header["RegistrationToken"] = "registrationToken=sample-registration-token-1=="
			default:
				header["X-Skypetoken"] = test.token
			}
			resp := send(t, test.method, srv.URL+test.path, test.body, header)
			assert.Equal(t, test.status, resp.status)
			assert.JSONEq(t, test.want, resp.body)
			assert.Equal(t, "application/json; ver=1.0; charset=utf-8", resp.header.Get("Content-Type"))
		})
	}
}

// formsCase is the forms of some members, as regular expressions.
type formsCase struct {
	name, body string
	forms      []string
}

// checkForms asserts that each form is in the body.
func checkForms(t *testing.T, cases []formsCase) {
	t.Helper()
	for _, test := range cases {
		for _, form := range test.forms {
			// Only the match, or the beginning of the body, is in the message.
			excerpt := regexp.MustCompile(form).FindString(test.body)
			if excerpt == "" {
				excerpt = test.body[:min(len(test.body), 200)]
			}
			assert.Regexp(t, form, excerpt, test.name)
		}
	}
}

// newGeneratedServer has enough accounts for every form to be in its responses.
func newGeneratedServer(t *testing.T) *skypetest.Server {
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(3000, 1)))
	t.Cleanup(srv.Close)
	return srv
}

// rosterMirror is the lists of an account as JSON objects, by list and identifier.
type rosterMirror map[string]map[string]map[string]any

// merge applies a full list or a delta and returns its scope.
func (m rosterMirror) merge(t *testing.T, body string) (scope string) {
	t.Helper()
	var lists map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(body), &lists))
	require.NoError(t, json.Unmarshal(lists["scope"], &scope))
	if scope == "full" {
		clear(m)
	}
	for list, id := range map[string]string{"contacts": "mri", "blocklist": "mri", "groups": "id"} {
		if lists[list] == nil {
			continue
		}
		var entries []map[string]any
		require.NoError(t, json.Unmarshal(lists[list], &entries))
		if m[list] == nil {
			m[list] = make(map[string]map[string]any)
		}
		for _, e := range entries {
			if e["deleted"] == true {
				delete(m[list], e[id].(string))
			} else {
				m[list][e[id].(string)] = e
			}
		}
	}
	return scope
}

// fetchRoster returns the full lists.
func fetchRoster(t *testing.T, srv *skypetest.Server, token string) rosterMirror {
	t.Helper()
	resp := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/SELF", "", map[string]string{"x-skypetoken": token})
	require.Equal(t, http.StatusOK, resp.status)
	m := make(rosterMirror)
	require.Equal(t, "full", m.merge(t, resp.body))
	return m
}

// deltaClient keeps the lists of an account up to date by deltas.
type deltaClient struct {
	token, etag string
	roster      rosterMirror
}

func (c *deltaClient) refresh(t *testing.T, srv *skypetest.Server) {
	t.Helper()
	resp := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self?delta&reason=default", "",
		map[string]string{"X-SKYPETOKEN": c.token, "If-None-Match": c.etag})
	if resp.status == http.StatusNotModified {
		require.Empty(t, resp.body)
		return
	}
	require.Equal(t, http.StatusOK, resp.status)
	scope := "delta"
	if c.roster == nil {
		c.roster, scope = make(rosterMirror), "full"
	}
	require.Equal(t, scope, c.roster.merge(t, resp.body))
	require.NotEqual(t, c.etag, resp.header.Get("ETag"))
	c.etag = resp.header.Get("ETag")
}
