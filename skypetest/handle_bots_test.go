package skypetest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBots(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	c := srv.Client()
	list, err := c.ListBots(t.Context())
	require.NoError(t, err)
	require.Len(t, list.Bots, 2)
	bot, err := c.GetBot(t.Context(), "28:CONCIERGE")
	require.NoError(t, err)
	assert.Equal(t, &list.Bots[0], bot)
	_, err = c.GetBot(t.Context(), "28:unknown")
	assert.ErrorIs(t, err, skypecontacts.ErrNotFound)
}
