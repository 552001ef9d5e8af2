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

func TestBotMRI(t *testing.T) {
	t.Parallel()
	bot := Bot{ID: "concierge"}
	require.Equal(t, MRI("28:concierge"), bot.MRI())
	require.True(t, bot.MRI().Equal("28:Concierge"))
	require.True(t, bot.MRI().IsBot())
}

// The identifier of a bot has no prefix, whether or not the service sends one, and is
// compared without case.
func TestGetBotIdentifiers(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{"concierge", "28:concierge", "Concierge"} {
		for _, asked := range []string{"concierge", "28:concierge", "CONCIERGE"} {
			w := newWire(reply(200, `{"agentDescriptions":[{"agentId":"other"},{"agentId":"`+sent+`"}]}`))
			bot, err := newTestClient(t, w).GetBot(t.Context(), asked)
			require.NoError(t, err)
			require.Equal(t, &Bot{ID: MRI(sent).ID()}, bot)
			require.Contains(t, w.requests()[0], "/agents?agentId="+MRI(asked).ID()+"\n")
		}
	}
}
