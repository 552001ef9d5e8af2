package skypetest_test

import (
	"testing"

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
		{"part of a name", "GET", "/api/search/users?skypename=joe", "sample-skype-token-1", "", 200, `{"data":[]}`},
		{"identifier", "GET", "/api/search/users?skypename=8%3Ajoe.4", "sample-skype-token-1", "", 200, `{"data":[]}`},
		{"no name", "GET", "/api/search/users?skypename=%20", "sample-skype-token-1", "", 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
		{"no parameter", "GET", "/api/search/users", "sample-skype-token-1", "", 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
	})
}
