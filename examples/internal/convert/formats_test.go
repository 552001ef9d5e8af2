package convert

import (
	"io"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Package export writes each of the formats.
func TestFormats(t *testing.T) {
	t.Parallel()
	nobody := func(func(*skypecontacts.Contact, error) bool) {}
	for _, f := range Formats {
		_, err := export.Write(io.Discard, f.Format, nobody, export.Options{})
		require.NoError(t, err, f.Format)
		assert.Regexp(t, `^\.[a-z]+$`, f.Ending)
		assert.NotEmpty(t, f.Text)
	}
}

func TestPartName(t *testing.T) {
	t.Parallel()
	for want, part := range map[string]int{"my.contacts.csv": 1, "my.contacts-2.csv": 2, "my.contacts-12.csv": 12} {
		assert.Equal(t, want, PartName("my.contacts.csv", part))
	}
	assert.Equal(t, "contacts-3", PartName("contacts", 3))
}
