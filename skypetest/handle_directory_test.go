package skypetest_test

import (
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSearchErrors(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"no key word", "GET", "/api/search/users/any", "sample-skype-token-1", ``, 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
		{"no query", "GET", "/directory/search/v1.1/namesearch/swx/", "sample-skype-token-1", ``, 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
	})
}

func TestSearchMatches(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	t.Cleanup(srv.Close)
	for query, want := range map[string]int{"JOE": 1, "bloggs": 1, "anna.7": 1, "joe.4@example.com": 1, "@example.com": 0, "a": 3, "unknown": 0} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			found, err := srv.Client().SearchDirectory(t.Context(), query)
			require.NoError(t, err)
			assert.Len(t, found.Entries, want)
			old, err := srv.Client().LegacySearchDirectory(t.Context(), query)
			require.NoError(t, err)
			assert.Len(t, old.Entries, want)
		})
	}
}

func TestSearchLimit(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(200, 1)))
	defer srv.Close()
	found, err := srv.Client().SearchDirectory(t.Context(), "person")
	require.NoError(t, err)
	assert.Len(t, found.Entries, 50)
}

// The look-up by name finds one account or none.
func TestLegacyFindUsers(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"by name", "GET", "/api/search/users?skypename=JOE.4", "sample-skype-token-1", "", 200, `{"data":[{"skypename":"joe.4","fullname":"Joe Bloggs","city":"London","province":"Greater London","key_country":"gb"}]}`},
		{"empty members", "GET", "/api/search/users?skypename=daisy.5", "sample-skype-token-1", "", 200, `{"data":[{"skypename":"daisy.5","fullname":"Daisy"}]}`},
		{"part of a name", "GET", "/api/search/users?skypename=joe", "sample-skype-token-1", "", 200, `{"data":[]}`},
		{"identifier", "GET", "/api/search/users?skypename=8%3Ajoe.4", "sample-skype-token-1", "", 200, `{"data":[]}`},
		{"no name", "GET", "/api/search/users?skypename=%20", "sample-skype-token-1", "", 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
		{"no parameter", "GET", "/api/search/users", "sample-skype-token-1", "", 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
	})
}

// The number of mutual contacts is sent if the header asks for it, from the minimum on.
func TestMutualContacts(t *testing.T) {
	t.Parallel()
	account := func(name string, contacts ...skypecontacts.MRI) skypetest.Account {
		a := skypetest.Account{MRI: skypecontacts.MRI("8:" + name), SkypeToken: name, Profile: skypetest.Profile{DisplayName: "Person " + name}}
		for _, id := range contacts {
			a.Contacts = append(a.Contacts, skypetest.Contact{MRI: id, Authorized: true})
		}
		return a
	}
	data := skypetest.Data{Accounts: []skypetest.Account{
		account("fred.2", "8:joe.4", "8:anna.7", "8:daisy.5", "28:concierge", "4:+442079460999"), account("joe.4", "8:anna.7", "28:concierge", "4:+442079460999"),
		account("anna.7", "8:daisy.5"), account("daisy.5", "8:joe.4"), account("nobody.1"),
	}}
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	counts := func(dialect skypecontacts.Dialect) (counts []int) {
		found, err := srv.Client(skypecontacts.WithDialect(dialect)).SearchDirectory(t.Context(), "person")
		require.NoError(t, err)
		for _, e := range found.Entries {
			counts = append(counts, e.MutualContacts)
			assert.Empty(t, e.Profile.Extra)
		}
		return counts
	}
	assert.Equal(t, []int{0, 2, 2, 2, 0}, counts(skypecontacts.DialectCurrent), "fred.2, joe.4, anna.7, daisy.5, nobody.1")
	assert.Equal(t, []int{0, 0, 0, 0, 0}, counts(skypecontacts.DialectDocumented))

	for settings, want := range map[string]string{
		`{"minimumFriendsForAnnotationsEnabled":"true","minimumFriendsForAnnotations":2}`: `,"nodeAnnotation":{"mutualFriendsCount":2}`,
		`{"minimumFriendsForAnnotationsEnabled":"true","minimumFriendsForAnnotations":3}`: ``,
		`{"minimumFriendsForAnnotationsEnabled":"true"}`:                                  ``,
		`{"minimumFriendsForAnnotationsEnabled":true,"minimumFriendsForAnnotations":2}`:   ``,
		`{"minimumFriendsForAnnotations":2}`:                                              ``,
		`{`:                                                                               ``,
		``:                                                                                ``,
	} {
		resp := send(t, http.MethodGet, srv.URL+"/directory/v2.0/search/?searchString=joe.4&requestId=1", "",
			map[string]string{"X-Skypetoken": "fred.2", "X-SkypegraphServiceSettings": settings})
		assert.JSONEq(t, `{"requestId":"1","results":[{"nodeProfileData":{"skypeId":"joe.4","name":"Person joe.4","contactType":"Skype"}`+want+`}]}`, resp.body, settings)
	}
}
