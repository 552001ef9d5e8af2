package importers

import (
	"bytes"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/require"
)

func TestContactsCSV(t *testing.T) {
	t.Parallel()
	contacts := Contacts()[:GeneratedCount]
	file := ContactsCSV(contacts)
	require.True(t, bytes.HasPrefix(file, []byte("\uFEFFtype,id,display_name,blocked,")))
	var read []*skypecontacts.Contact
	for c, err := range export.ReadCSV(bytes.NewReader(file)) {
		require.NoError(t, err)
		read = append(read, c)
	}
	require.Equal(t, contacts, read)
}

func TestRepeatRows(t *testing.T) {
	t.Parallel()
	ids := map[skypecontacts.MRI]bool{}
	for c, err := range export.ReadCSV(RepeatRows(ContactsCSV(Generated()), 3)) {
		require.NoError(t, err)
		ids[c.MRI] = true
	}
	require.Len(t, ids, 3*GeneratedCount)
}
