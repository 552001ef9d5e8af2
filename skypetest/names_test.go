package skypetest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A telephone number without prefix is one to the service as it is to the SDK.
func TestTelephoneNumbersNeedNoPrefix(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.Endpoints().Contacts+"/users/self/contacts",
		strings.NewReader(`{"mri":"+442079460999","greeting":""}`))
	require.NoError(t, err)
	client := srv.Client()
	_, err = client.ListContacts(context.Background())
	require.NoError(t, err)
	req.Header.Set("X-Skypetoken", srv.Requests()[0].Header.Get("X-Skypetoken"))
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Less(t, resp.StatusCode, 300)
	assert.Equal(t, []skypetest.Effect{{Operation: "SendInvite", Account: "8:fred.2", Subject: "4:+442079460999"}}, srv.Effects())
	http.DefaultClient.CloseIdleConnections()
}

// A request with a method that its route does not have is no operation, so that
// no fault for one strikes it.
func TestWrongMethodIsNoOperation(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, srv.Endpoints().Contacts+"/users/self/contacts/8:joe.4", http.NoBody)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.StatusMethodNotAllowed, resp.StatusCode)
	assert.Empty(t, srv.Requests()[0].Operation)
	http.DefaultClient.CloseIdleConnections()
}
