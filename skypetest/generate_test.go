package skypetest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	assert.Equal(t, skypetest.Generate(300, 7), skypetest.Generate(300, 7))
	assert.NotEqual(t, skypetest.Generate(300, 7), skypetest.Generate(300, 8))
}

// Every generated account can sign in and read its own profile.
func TestGeneratedAccounts(t *testing.T) {
	t.Parallel()
	data := skypetest.Generate(100, 3)
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	require.Greater(t, len(data.Accounts), 90)
	for _, a := range data.Accounts {
		p, err := srv.ClientFor(string(a.MRI)).GetOwnProfile(t.Context())
		require.NoError(t, err)
		assert.Equal(t, a.MRI, p.MRI)
		assert.True(t, p.Gender.Known())
		assert.Empty(t, p.Extra["gender"])
		assert.Equal(t, skypecontacts.Gender(a.Profile.Gender), p.Gender)
		assert.Equal(t, a.Profile.Homepage, p.Homepage)
		assert.Equal(t, skypecontacts.ParseMood(a.Profile.Mood).Plain, p.Mood.Plain)
	}
}

// The SDK reads every form without skipping an entry.
func TestGeneratedListsAreReadable(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(2000, 1)))
	defer srv.Close()
	ctx := t.Context()
	for _, dialect := range []skypecontacts.Dialect{skypecontacts.DialectDocumented, skypecontacts.DialectCurrent} {
		client := srv.Client(skypecontacts.WithDialect(dialect))
		contacts, err := client.ListContacts(ctx)
		require.NoError(t, err)
		assert.Len(t, contacts.Contacts, 2000)
		assert.Empty(t, contacts.Skipped)
		old, err := client.LegacyListContacts(ctx)
		require.NoError(t, err)
		assert.Len(t, old.Contacts, 2000)
		assert.Empty(t, old.Skipped)
		invites, err := client.ListInvites(ctx)
		require.NoError(t, err)
		assert.Len(t, invites.Invites, 100)
		assert.Empty(t, invites.Skipped)
		bots, err := client.ListBots(ctx)
		require.NoError(t, err)
		assert.NotEmpty(t, bots.Bots)
		assert.Empty(t, bots.Skipped)
		found, err := client.SearchDirectory(ctx, "person")
		require.NoError(t, err)
		assert.Len(t, found.Entries, 50)
		assert.Empty(t, found.Skipped)
		for _, c := range contacts.Contacts {
			assert.NotEmpty(t, c.FullName())
		}
	}
}
