package skypetest_test

import (
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	c := srv.Client(skypecontacts.WithUserAgent("test"))
	require.ErrorIs(t, c.SendInvite(t.Context(), "nobody", "Grüße"), skypecontacts.ErrNotFound)
	_, err := c.SearchDirectory(t.Context(), "a b")
	require.NoError(t, err)
	send(t, http.MethodDelete, srv.URL+"/contacts/v2/users/self/contacts/8%3Ajoe.4", "", nil)
	requests := srv.Requests()
	assert.Equal(t, []string{"test"}, requests[0].Header["User-Agent"])
	for i := range requests {
		requests[i].Header = nil
	}
	assert.Equal(t, []skypetest.Request{
		{
			Operation: "SendInvite", Account: "8:fred.2", Method: "POST", Path: "/contacts/v2/users/self/contacts",
			Body: []byte(`{"mri":"8:nobody","greeting":"Grüße"}`), Reached: true,
		},
		{
			Operation: "SearchDirectory", Account: "8:fred.2", Method: "GET", Path: "/directory/search/v1.1/namesearch/swx/",
			Query: "requestId=skypecontacts-go&searchstring=a+b", Body: []byte{}, Reached: true,
		},
		{Operation: "RevokeContact", Method: "DELETE", Path: "/contacts/v2/users/self/contacts/8%3Ajoe.4", Body: []byte{}},
	}, requests)
	assert.Empty(t, srv.Effects())
}

// Only a request that changes something has an effect.
func TestEffects(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	c, ctx := srv.Client(), t.Context()
	for range 2 {
		require.NoError(t, c.BlockUser(ctx, "joe.4", skypecontacts.BlockOptions{}))
	}
	require.NoError(t, c.UnblockUser(ctx, "daisy.5"))
	require.ErrorIs(t, c.UnblockUser(ctx, "nobody"), skypecontacts.ErrNotFound)
	require.NoError(t, srv.ClientFor("joe.4").AddContact(ctx, "fred.2"))
	assert.Equal(t, []skypetest.Effect{
		{Operation: "BlockUser", Account: "8:fred.2", Subject: "8:joe.4"},
		{Operation: "AddContact", Account: "8:joe.4", Subject: "8:fred.2"},
	}, srv.Effects())
}
