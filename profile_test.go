package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProfileOfAnotherAccount(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"username":"mallory.1"}`, `{"firstname":"Joe"}`, `{"username":5}`, `{}`, `[]`, `"joe.4"`} {
		p, err := newTestClient(t, newWire(reply(200, body))).GetProfile(t.Context(), "joe.4")
		require.ErrorIs(t, err, ErrDecode, body)
		require.Nil(t, p)
	}
}

// Accounts of different kinds may have the same bare name, which is all that a batch
// response has.
func TestProfilesOfOneBareName(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, `[{"username":"joe","displayname":"Joe"}]`))
	list, err := newTestClient(t, w).GetPublicProfiles(t.Context(), "8:joe", "28:Joe", "8:JOE")
	require.NoError(t, err)
	require.Contains(t, w.requests()[0], "\n\ncontacts[]=joe")
	require.Equal(t, &ProfileList{
		Profiles: []Profile{{MRI: "8:joe", DisplayName: "Joe"}}, Missing: []MRI{"28:Joe"},
	}, list)
}

// GetProfile of "self" accepts any account.
func TestProfileOfSelf(t *testing.T) {
	t.Parallel()
	p, err := newTestClient(t, newWire(reply(200, `{"username":"fred.2"}`))).GetProfile(t.Context(), "self")
	require.NoError(t, err)
	require.Equal(t, MRI("8:fred.2"), p.MRI)
}
