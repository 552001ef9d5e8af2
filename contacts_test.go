package skypecontacts

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the SDK writes as JSON it reads back without loss.
func TestContactAsJSON(t *testing.T) {
	t.Parallel()
	for _, want := range []Contact{joe(), anna(), daisy(), {MRI: "8:x"}} {
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
	}{{concierge(), true}, {Contact{MRI: "28:x"}, true}, {Contact{MRI: "8:x", Agent: &Agent{}}, true}, {joe(), false}} {
		assert.Equal(t, test.want, test.c.IsBot())
	}
	bot := conciergeBot()
	assert.True(t, bot.MRI().Equal("28:Concierge"))
}
