package export

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestContactUID(t *testing.T) {
	t.Parallel()
	require.Equal(t, "urn:uuid:5085a710-0f93-89fc-aede-667d37c5bd2f", contactUID("8:joe.4"))
	require.Equal(t, contactUID("8:joe.4"), contactUID("8:Joe.4"))
	require.Equal(t, contactUID("8:joe.4"), contactUID("joe.4"))
	require.NotEqual(t, contactUID("8:joe.4"), contactUID("28:joe.4"))
	require.Regexp(t, `^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, contactUID("8:anna.7"))
}

// Letters that Unicode takes for the same without being so are two people.
func TestContactUIDOtherLetters(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]skypecontacts.MRI{
		{"8:kate", "8:\u212aate"}, {"8:jess", "8:je\u017fs"}, {"8:live:ida", "8:live:\u0130da"}, {"8:\u00e9", "8:\u00c9"}, {"8:\u00e5", "8:\u212b"},
	} {
		require.NotEqual(t, contactUID(pair[0]), contactUID(pair[1]))
		var out strings.Builder
		report, err := Write(&out, VCard4, contactSequence(&contact{MRI: pair[0]}, &contact{MRI: pair[1]}), Options{})
		require.NoError(t, err)
		require.Equal(t, Report{Read: 2, Written: 2, NotHeld: map[string]int{}}, report, "%+q", pair)
	}
}

func TestSkypeName(t *testing.T) {
	t.Parallel()
	for id, want := range map[skypecontacts.MRI]string{
		"8:joe.4": "joe.4", "joe.4": "joe.4", "8:live:.cid.1f": "live:.cid.1f", "28:concierge": "28:concierge", "4:+442079460099": "",
	} {
		require.Equal(t, want, skypeName(&contact{MRI: id}), id)
	}
	require.Equal(t, "skype:live:.cid.1f", skypeURI("live:.cid.1f"))
	require.Equal(t, "skype:a%2Cb%3Bc%20d%22e%5Ef", skypeURI(`a,b;c d"e^f`))
}
