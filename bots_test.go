package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUnknownBot(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		fixture(t, "bots/get_bot_unknown.json"), fixture(t, "bots/list_bots_null.json"), "{}",
		`{"agentDescriptions":[{"agentId":"another"}]}`,
	} {
		_, err := newTestClient(t, newWire(reply(200, body))).GetBot(t.Context(), "concierge")
		require.ErrorIs(t, err, ErrNotFound, body)
	}
	_, err := newTestClient(t, newWire(reply(200, `{"agentDescriptions":[7]}`))).GetBot(t.Context(), "concierge")
	require.ErrorIs(t, err, ErrDecode, "the entry that cannot be decoded may be the bot")
}
