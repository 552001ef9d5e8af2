package skypetest_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const continuationHeader = "X-Skype-Continuation-Token"

// fetchPages returns the lists, the ETag and the number of contacts on each page.
// It calls between after each page but the last.
func fetchPages(t *testing.T, srv *skypetest.Server, size int, between func(page int)) (m rosterMirror, etag string, sizes []int) {
	url := srv.URL + "/contacts/v2/users/fred.2?page_size=" + strconv.Itoa(size) + "&reason=default"
	header := map[string]string{"X-Skypetoken": "sample-skype-token-1", "If-None-Match": "/"}
	m = make(rosterMirror)
	for {
		before := len(m["contacts"])
		resp := send(t, http.MethodGet, url, "", header)
		require.Equal(t, http.StatusOK, resp.status)
		scope := m.merge(t, resp.body)
		require.Equal(t, len(sizes) == 0, scope == "full", "only the first page is full: a client drops what it had before")
		sizes = append(sizes, len(m["contacts"])-before)
		etag = resp.header.Get("ETag")
		next := resp.header.Get(continuationHeader)
		if next == "" {
			return m, etag, sizes
		}
		require.NotEqual(t, header[continuationHeader], next)
		header[continuationHeader] = next
		between(len(sizes))
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(3000, 1)))
	defer srv.Close()
	full := fetchRoster(t, srv, "sample-skype-token-1")
	require.Len(t, full["contacts"], 3000)
	paged, _, sizes := fetchPages(t, srv, 100, func(int) {})
	assert.Len(t, sizes, 30)
	for _, size := range sizes {
		require.Equal(t, 100, size)
	}
	assert.Equal(t, full, paged)
}

// If the lists change between the pages, the next delta has the changes.
func TestPagesWithChangesBetween(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(1050, 2)))
	defer srv.Close()
	client := srv.Client()
	all, err := client.ListContacts(t.Context())
	require.NoError(t, err)
	paged, etag, sizes := fetchPages(t, srv, 100, func(page int) {
		for _, c := range []skypecontacts.Contact{all.Contacts[page*7], all.Contacts[1049-page*7]} {
			if c.Authorized && !c.Blocked {
				assert.NoError(t, client.AddContact(t.Context(), c.MRI))
				assert.NoError(t, client.RevokeContact(t.Context(), c.MRI))
				assert.NoError(t, client.RemoveContact(t.Context(), c.MRI))
				assert.NoError(t, client.BlockUser(t.Context(), c.MRI, skypecontacts.BlockOptions{}))
			}
		}
	})
	require.Greater(t, len(srv.Effects()), 20)
	assert.GreaterOrEqual(t, len(sizes), 10)
	full := fetchRoster(t, srv, "sample-skype-token-1")
	require.NotEqual(t, full, paged)
	c := &deltaClient{token: "sample-skype-token-1", etag: etag, roster: paged}
	c.refresh(t, srv)
	assert.Equal(t, full, c.roster)
}

func TestETags(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	other := skypetest.NewServer()
	t.Cleanup(other.Close)
	etagOf := func(s *skypetest.Server, token string) string {
		resp := send(t, http.MethodGet, s.URL+"/contacts/v2/users/self", "", map[string]string{"X-Skypetoken": token})
		return resp.header.Get("ETag")
	}
	current, foreign := etagOf(srv, "sample-skype-token-1"), etagOf(other, "sample-skype-token-1")
	another := etagOf(srv, "sample-skype-token-3")
	require.NotEqual(t, current, foreign)
	for _, test := range []struct {
		name, path, etag, token string
		status                  int
		scope                   string
	}{
		{"current", "/users/self", current, "", 304, ""},
		{"current, marked as weak", "/users/self?delta", "W/" + current, "", 304, ""},
		{"current, of one list", "/users/self/contacts?delta&reason=default", current, "", 304, ""},
		{"current, for pages", "/users/self?page_size=1", current, "", 304, ""},
		{"placeholder of a client without one", "/users/self?delta", "/", "", 200, "full"},
		{"of another server", "/users/self?delta", foreign, "", 200, "full"},
		{"of another account", "/users/self?delta", another, "", 200, "full"},
		{"later version", "/users/self?delta", current[:len(current)-1] + `9"`, "", 200, "full"},
		{"not a delta", "/users/self", foreign, "", 200, "full"},
		{"a delta is not paged", "/users/self?delta&page_size=1", "", "", 200, "full"},
		{"continuation of another server", "/users/self?page_size=1", "", "Zm9yZWlnbi0xLzE", 200, "full"},
		{"malformed continuation", "/users/self?page_size=1", "", "%%%", 200, "full"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			resp := send(t, http.MethodGet, srv.URL+"/contacts/v2"+test.path, "", map[string]string{
				"X-Skypetoken": "sample-skype-token-1", "If-None-Match": test.etag, continuationHeader: test.token,
			})
			assert.Equal(t, test.status, resp.status)
			assert.Equal(t, current, resp.header.Get("ETag"))
			if test.status == http.StatusNotModified {
				assert.Empty(t, resp.body)
			} else {
				assert.Equal(t, test.scope, make(rosterMirror).merge(t, resp.body))
			}
		})
	}
}

func TestPageErrors(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"empty page", "GET", "/contacts/v2/users/self?page_size=0", "sample-skype-token-1", ``, 400, `{"message":"The page size is not valid","stackTrace":null}`},
	})
}
