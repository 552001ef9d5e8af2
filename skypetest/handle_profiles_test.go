package skypetest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProfileErrors(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"no names", "POST", "/api/users/self/contacts/profiles", "sample-skype-token-1", ``, 400, `{"status":{"code":40000,"text":"required parameters are missing"}}`},
	})
}

// Another account's profile lacks what only its owner may read.
func TestPublicProfiles(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	own, err := srv.Client().GetOwnProfile(t.Context())
	require.NoError(t, err)
	list, err := srv.ClientFor("joe.4").GetPublicProfiles(t.Context(), "fred.2", "unknown", "8:JOE.4")
	require.NoError(t, err)
	assert.Equal(t, []skypecontacts.MRI{"8:unknown"}, list.Missing)
	require.Len(t, list.Profiles, 2)
	assert.Equal(t, own.Name.First, list.Profiles[0].Name.First)
	assert.NotEmpty(t, own.Emails)
	assert.Empty(t, list.Profiles[0].Emails)
}
