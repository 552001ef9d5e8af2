package importers

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestContacts(t *testing.T) {
	t.Parallel()
	contacts := Contacts()
	require.Len(t, contacts, GeneratedCount+27)
	require.Equal(t, contacts[:GeneratedCount], Generated())
	known := map[skypecontacts.MRI]bool{}
	for _, c := range contacts {
		require.False(t, known[c.MRI], c.MRI)
		known[c.MRI] = true
	}
	for id := range oddNames {
		require.True(t, known[id], id)
	}
}
