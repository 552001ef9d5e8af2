package skypetest_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFilterErrors(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"no comparison", "GET", "/contacts/v1/users/self/contacts?$filter=everybody", "sample-skype-token-1", ``, 400, `{"message":"The filter is not valid","stackTrace":null}`},
	})
}

func TestFilter(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	for _, test := range []struct {
		filter string
		ids    []string
	}{
		{"", []string{"joe.4", "anna.7", "concierge"}},
		{"type eq 'agent'", []string{"concierge"}},
		{"type eq 'agent' or id eq 'ANNA.7'", []string{"anna.7", "concierge"}},
		{"authorized eq true and type eq 'skype'", []string{"joe.4"}},
		{"favorite eq false and type eq 'skype' or id eq 'joe.4'", []string{"joe.4", "anna.7"}},
		{"unknown eq 'value'", []string{}},
	} {
		t.Run(test.filter, func(t *testing.T) {
			t.Parallel()
			resp := get(t, srv, "/contacts/v1/users/self/contacts?$filter="+url.QueryEscape(test.filter))
			var list struct{ Contacts []struct{ ID string } }
			require.NoError(t, json.Unmarshal([]byte(resp.body), &list))
			ids := []string{}
			for _, c := range list.Contacts {
				ids = append(ids, c.ID)
			}
			assert.Equal(t, test.ids, ids)
		})
	}
}

func TestLegacyListWithoutRemoved(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	c := srv.Client()
	require.NoError(t, c.RevokeContact(t.Context(), "joe.4"))
	require.NoError(t, c.RemoveContact(t.Context(), "joe.4"))
	list, err := c.LegacyListContacts(t.Context())
	require.NoError(t, err)
	assert.Len(t, list.Contacts, 2)
}

// The list has the ETag of the account's lists.
func TestLegacyListETag(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	list := func(etag string) rawResponse {
		return send(t, "GET", srv.URL+"/contacts/v1/users/self/contacts?$filter=authorized%20eq%20true", "", map[string]string{"X-Skypetoken": "sample-skype-token-1", "If-None-Match": etag})
	}
	etag := list("/").header.Get("ETag")
	assert.Equal(t, get(t, srv, "/contacts/v2/users/self").header.Get("ETag"), etag)
	same := list(etag)
	assert.Equal(t, 304, same.status)
	assert.Empty(t, same.body)
	assert.Equal(t, etag, same.header.Get("ETag"))
	require.NoError(t, srv.Client().RevokeContact(t.Context(), "joe.4"))
	changed := list(etag)
	assert.Equal(t, 200, changed.status)
	assert.NotEqual(t, etag, changed.header.Get("ETag"))
}
