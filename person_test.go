package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The services of profiles also send the word "null" for a missing value.
func TestReadNullable(t *testing.T) {
	t.Parallel()
	p, err := newTestClient(t, newWire(reply(200, `{"username":"fred.2","language":"null","gender":"null","country":"null"}`))).GetOwnProfile(t.Context())
	require.NoError(t, err)
	require.Equal(t, &Profile{MRI: "8:fred.2"}, p)
}
