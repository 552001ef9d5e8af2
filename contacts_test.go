package skypecontacts

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A contact decodes from its own JSON without loss.
func TestContactAsJSON(t *testing.T) {
	t.Parallel()
	for _, want := range append(knownRoster().Contacts, Contact{MRI: "8:x"}) {
		text, err := json.Marshal(want)
		require.NoError(t, err)
		var got Contact
		require.NoError(t, json.Unmarshal(text, &got))
		assert.Equal(t, want, got)
	}
}

func TestIsBot(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		c    Contact
		want bool
	}{{Contact{MRI: "28:concierge", Agent: &Agent{Trusted: true}}, true}, {Contact{MRI: "28:x"}, true}, {Contact{MRI: "8:x", Agent: &Agent{}}, true}, {Contact{MRI: "8:joe.4"}, false}} {
		assert.Equal(t, test.want, test.c.IsBot())
	}
}
