package payload

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestContacts(t *testing.T) {
	t.Parallel()
	const n = 1000
	body := Contacts(n)
	require.InDelta(t, 700, len(body)/n, 25)
	require.Equal(t, n/25, bytes.Count(body, []byte(`"sync_state":`)))
	require.Equal(t, n/10, bytes.Count(body, []byte(`"suggested":true`)))
	require.Equal(t, n*9/10, bytes.Count(body, []byte(`"profile":{`)))
	require.True(t, bytes.Contains(body, []byte(`\u017deljko Nu\u00f1ez`)))
	require.True(t, bytes.Contains(body, []byte(`\u003cb\u003enew\u003c/b\u003e number \ud83c\udf88`)))

	var list List
	require.NoError(t, json.Unmarshal(body, &list))
	require.Equal(t, n, list.Count)
	require.Len(t, list.Contacts, n)
	require.Equal(t, "Željko Bloggs", list.Contacts[1].DisplayName)
	require.Equal(t, "Željko", list.Contacts[1].Profile.Name.First)
	require.Equal(t, "<b>new</b> number 🎈", list.Contacts[1].Profile.Mood)
	require.Equal(t, []string{"QkJC00000005", "Q0ND00000005"}, list.Contacts[5].PhoneHashes)
}

// The plain structs leave out nothing but the member that is unknown.
func TestPlainStructs(t *testing.T) {
	t.Parallel()
	decoder := json.NewDecoder(bytes.NewReader(Contacts(8)))
	decoder.DisallowUnknownFields()
	require.EqualError(t, decoder.Decode(new(List)), `json: unknown field "sync_state"`)
	decoder = json.NewDecoder(bytes.NewReader(Contacts(7)))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(new(List)))
}
