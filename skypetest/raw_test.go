package skypetest_test

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// received is an answer.
type received struct {
	status int
	header http.Header
	body   string
}

// send is a request by a client that knows nothing of the SDK. Header names are
// sent as they are written.
func send(t *testing.T, method, url, body string, header map[string]string) received {
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for name, value := range header {
		req.Header[name] = []string{value}
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return received{resp.StatusCode, resp.Header, string(answer)}
}

// roster is the lists of an account as JSON, by identifier.
type roster map[string]map[string]map[string]any

// merge takes in an answer of the whole view.
func (r roster) merge(t *testing.T, body string) (scope string) {
	var lists map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(body), &lists))
	require.NoError(t, json.Unmarshal(lists["scope"], &scope))
	if scope == "full" {
		clear(r)
	}
	for list, id := range map[string]string{"contacts": "mri", "blocklist": "mri", "groups": "id"} {
		if lists[list] == nil {
			continue
		}
		var entries []map[string]any
		require.NoError(t, json.Unmarshal(lists[list], &entries))
		if r[list] == nil {
			r[list] = make(map[string]map[string]any)
		}
		for _, e := range entries {
			if e["deleted"] == true {
				delete(r[list], e[id].(string))
			} else {
				r[list][e[id].(string)] = e
			}
		}
	}
	return scope
}

// fetch gets all lists at once.
func fetch(t *testing.T, srv *skypetest.Server, token string) roster {
	resp := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/SELF", "", map[string]string{"x-skypetoken": token})
	require.Equal(t, http.StatusOK, resp.status)
	r := make(roster)
	require.Equal(t, "full", r.merge(t, resp.body))
	return r
}

// mirror follows an account by deltas.
type mirror struct {
	token, etag string
	roster      roster
}

func (m *mirror) refresh(t *testing.T, srv *skypetest.Server) {
	resp := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self?delta&reason=default", "",
		map[string]string{"X-SKYPETOKEN": m.token, "If-None-Match": m.etag})
	if resp.status == http.StatusNotModified {
		require.Empty(t, resp.body)
		return
	}
	require.Equal(t, http.StatusOK, resp.status)
	want := "delta"
	if m.roster == nil {
		m.roster, want = make(roster), "full"
	}
	require.Equal(t, want, m.roster.merge(t, resp.body))
	require.NotEqual(t, m.etag, resp.header.Get("ETag"))
	m.etag = resp.header.Get("ETag")
}
