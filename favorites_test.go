package skypecontacts_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// A favorite is marked in its contact and is in the group of favorites.
func TestFavorites(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	defer server.Close()
	client := server.Client()
	favorites := func() (marked, grouped []skypecontacts.MRI) {
		roster, err := client.GetRoster(t.Context())
		require.NoError(t, err)
		for _, c := range roster.Contacts {
			if c.Favorite {
				marked = append(marked, c.MRI)
			}
		}
		return marked, roster.Groups[0].Contacts
	}
	require.NoError(t, client.AddFavorite(t.Context(), "anna.7"))
	require.NoError(t, client.AddFavorite(t.Context(), "8:anna.7"), "once more")
	require.NoError(t, client.RemoveFavorite(t.Context(), "8:joe.4"))
	marked, grouped := favorites()
	require.Equal(t, []skypecontacts.MRI{"8:anna.7"}, marked)
	require.Equal(t, []skypecontacts.MRI{"8:anna.7"}, grouped)
	require.ErrorIs(t, client.AddFavorite(t.Context(), "8:nobody"), skypecontacts.ErrNotFound)
}
