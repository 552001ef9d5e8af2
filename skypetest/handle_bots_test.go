package skypetest_test

import (
	"net/http"
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

// A bot that is added is an authorized contact at once.
func TestAddBot(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	put := func(path string) int {
		return send(t, http.MethodPut, srv.URL+"/bots/v1/relationship/"+path, "", map[string]string{"X-Skypetoken": "sample-skype-token-1"}).status
	}
	const id = "7e3f0a52-9c1d-4a6b-8f2e-5d4c3b2a1908"
	assert.Equal(t, http.StatusOK, put("me/"+id))
	assert.Equal(t, http.StatusOK, put("me/7E3F0A52-9c1d-4a6b-8f2e-5d4c3b2a1908"))
	assert.Equal(t, http.StatusOK, put("me/concierge"))
	assert.Equal(t, []skypetest.Effect{{Operation: "AddBot", Account: "8:fred.2", Subject: "28:" + id}}, srv.Effects())
	list, err := srv.Client().ListContacts(t.Context())
	require.NoError(t, err)
	added := list.Contacts[len(list.Contacts)-1]
	assert.Equal(t, skypecontacts.MRI("28:"+id), added.MRI)
	assert.True(t, added.Authorized)
}
