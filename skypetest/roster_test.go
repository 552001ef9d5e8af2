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

const continuation = "X-Skype-Continuation-Token"

// pages collects the whole view in pages, as the official client did.
func pages(t *testing.T, srv *skypetest.Server, size int, between func(page int)) (r roster, etag string, sizes []int) {
	url := srv.URL + "/contacts/v2/users/fred.2?page_size=" + strconv.Itoa(size) + "&reason=default"
	header := map[string]string{"X-Skypetoken": "sample-skype-token-1", "If-None-Match": "/"}
	r = make(roster)
	for {
		before := len(r["contacts"])
		resp := send(t, http.MethodGet, url, "", header)
		require.Equal(t, http.StatusOK, resp.status)
		scope := r.merge(t, resp.body)
		require.Equal(t, len(sizes) == 0, scope == "full", "a full page makes the client forget those before")
		sizes = append(sizes, len(r["contacts"])-before)
		etag = resp.header.Get("ETag")
		next := resp.header.Get(continuation)
		if next == "" {
			return r, etag, sizes
		}
		require.NotEqual(t, header[continuation], next)
		header[continuation] = next
		between(len(sizes))
	}
}

func TestPagesAreTheWhole(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(10_000, 1)))
	defer srv.Close()
	whole := fetch(t, srv, "sample-skype-token-1")
	require.Len(t, whole["contacts"], 10_000)
	paged, _, sizes := pages(t, srv, 100, func(int) {})
	assert.Len(t, sizes, 100)
	for _, size := range sizes {
		require.Equal(t, 100, size)
	}
	assert.Equal(t, whole, paged)
}

// The lists may change while a client pages through them. What it missed it gets
// with the next delta.
func TestPagesAndDeltaAreTheWholeWhateverHappens(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(1050, 2)))
	defer srv.Close()
	client := srv.Client()
	all, err := client.ListContacts(t.Context())
	require.NoError(t, err)
	paged, etag, sizes := pages(t, srv, 100, func(page int) {
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
	whole := fetch(t, srv, "sample-skype-token-1")
	require.NotEqual(t, whole, paged)
	m := &mirror{token: "sample-skype-token-1", etag: etag, roster: paged}
	m.refresh(t, srv)
	assert.Equal(t, whole, m.roster)
}

func TestConditionalRequests(t *testing.T) {
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
		name, path, etag, continuation string
		status                         int
		scope                          string
	}{
		{"current", "/users/self", current, "", 304, ""},
		{"current, marked as weak", "/users/self?delta", "W/" + current, "", 304, ""},
		{"current, of one list", "/users/self/contacts?delta&reason=default", current, "", 304, ""},
		{"current, for pages", "/users/self?page_size=1", current, "", 304, ""},
		{"everything", "/users/self?delta", "/", "", 200, "full"},
		{"of another server", "/users/self?delta", foreign, "", 200, "full"},
		{"of another account", "/users/self?delta", another, "", 200, "full"},
		{"from the future", "/users/self?delta", current[:len(current)-1] + `9"`, "", 200, "full"},
		{"no delta was asked for", "/users/self", foreign, "", 200, "full"},
		{"a delta is not paged", "/users/self?delta&page_size=1", "", "", 200, "full"},
		{"a page of another server", "/users/self?page_size=1", "", "Zm9yZWlnbi0xLzE", 200, "full"},
		{"no token of a page", "/users/self?page_size=1", "", "%%%", 200, "full"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			resp := send(t, http.MethodGet, srv.URL+"/contacts/v2"+test.path, "", map[string]string{
				"X-Skypetoken": "sample-skype-token-1", "If-None-Match": test.etag, continuation: test.continuation,
			})
			assert.Equal(t, test.status, resp.status)
			assert.Equal(t, current, resp.header.Get("ETag"))
			if test.status == http.StatusNotModified {
				assert.Empty(t, resp.body)
			} else {
				assert.Equal(t, test.scope, make(roster).merge(t, resp.body))
			}
		})
	}
}
