package skypetest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An authorized contact and an invite add an entry to the other account, in any
// order of the accounts.
func TestDataAddsEntriesOfOtherAccounts(t *testing.T) {
	t.Parallel()
	fred := skypetest.Account{MRI: "fred.2", Contacts: []skypetest.Contact{{MRI: "joe.4", Authorized: true}}}
	joe := skypetest.Account{MRI: "8:joe.4", Contacts: []skypetest.Contact{{MRI: "8:FRED.2", DisplayName: "Freddy"}}}
	anna := skypetest.Account{MRI: "8:anna.7", Invites: []skypetest.Invite{{From: "fred.2"}, {From: "8:nobody"}}}
	for _, accounts := range [][]skypetest.Account{{fred, joe, anna}, {anna, joe, fred}} {
		srv := skypetest.NewServer(skypetest.WithData(skypetest.Data{Accounts: accounts}))
		t.Cleanup(srv.Close)
		list, err := srv.ClientFor("joe.4").ListContacts(t.Context())
		require.NoError(t, err)
		require.Len(t, list.Contacts, 1)
		assert.Equal(t, "Freddy", list.Contacts[0].DisplayName)
		assert.True(t, list.Contacts[0].Authorized)
		list, err = srv.ClientFor("fred.2").ListContacts(t.Context())
		require.NoError(t, err)
		assert.Len(t, list.Contacts, 2)
		invites, err := srv.ClientFor("anna.7").ListInvites(t.Context())
		require.NoError(t, err)
		require.Len(t, invites.Invites, 1)
		assert.Equal(t, skypecontacts.MRI("8:fred.2"), invites.Invites[0].From)
	}
}

// A server does not change the Data that it was made of.
func TestDataIsNotChanged(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	c := srv.Client()
	require.NoError(t, c.RevokeContact(t.Context(), "joe.4"))
	require.NoError(t, c.RemoveContact(t.Context(), "joe.4"))
	require.NoError(t, c.UnblockUser(t.Context(), "anna.7"))
	require.NoError(t, c.AcceptInvite(t.Context(), "daisy.5"))
	assert.Equal(t, skypetest.SampleData(), data)
}
