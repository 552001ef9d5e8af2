package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// These services also write the word null for nothing.
func TestReadNullable(t *testing.T) {
	t.Parallel()
	p, err := newTestClient(t, newWire(reply(200, `{"username":"fred.2","language":"null","gender":"null","country":"null"}`))).GetOwnProfile(t.Context())
	require.NoError(t, err)
	require.Equal(t, &Profile{MRI: "8:fred.2"}, p)
}
