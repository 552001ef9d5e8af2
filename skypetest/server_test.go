package skypetest_test

import (
	"net"
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

func TestRequestsHaveTheirOperations(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	header := map[string]string{"X-Skypetoken": "sample-skype-token-2"}
	for _, test := range []struct{ method, target, operation string }{
		{"GET", "/contacts/v2/users/self", "GetRoster"},
		{"GET", "/contacts/v2/users/self?delta&reason=default", "RefreshRoster"},
		{"GET", "/contacts/v2/users/self?page_size=100", "AllContacts"},
		{"GET", "/bots/v1/agents", "ListBots"},
		{"GET", "/bots/v1/agents?agentid=x", "GetBot"},
		{"GET", "/api/users/SELF/profile", "GetOwnProfile"},
		{"GET", "/api/users/joe.4/profile", "GetProfile"},
		{"GET", "/nowhere", ""},
	} {
		send(t, test.method, srv.URL+test.target, "", header)
		requests := srv.Requests()
		last := requests[len(requests)-1]
		assert.Equal(t, test.operation, last.Operation, test.target)
		assert.Equal(t, skypecontacts.MRI("8:joe.4"), last.Account)
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	resp := send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", "", nil)
	assert.Equal(t, "00000001", resp.header.Get("X-Skype-Request-Id"))
	resp = send(t, http.MethodGet, srv.URL+"/contacts/v2/users/self/groups", "", map[string]string{"x-skype-request-id": "1a2b3c4d"})
	assert.Equal(t, "1a2b3c4d", resp.header.Get("X-Skype-Request-Id"))
	resp = send(t, http.MethodGet, srv.URL+"/api/users/self/profile", "", map[string]string{"X-Stratus-Request": "abcd1234"})
	assert.Equal(t, "abcd1234", resp.header.Get("X-Stratus-Request-Id"))
}

func TestNewServerAndClientsOfNobody(t *testing.T) {
	t.Parallel()
	assert.Panics(t, func() { skypetest.NewServer(skypetest.WithData(skypetest.Data{})) })
	srv := skypetest.NewServer()
	defer srv.Close()
	assert.Panics(t, func() { srv.ClientFor("nobody") })
	assert.Panics(t, func() { srv.Client(skypecontacts.WithTimeout(-1)) })
}

func TestListener(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := skypetest.NewServer(skypetest.WithListener(listener))
	assert.Equal(t, "http://"+listener.Addr().String(), srv.URL)
	_, err = srv.Client().ListGroups(t.Context())
	require.NoError(t, err)
	srv.Close()
	_, err = new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	assert.Error(t, err)
	assert.NotPanics(t, srv.Close, "closing twice")
}

// What one account's data says of another holds for that too, in whatever order
// they come.
func TestDataIsMadeToAgree(t *testing.T) {
	t.Parallel()
	fred := skypetest.Account{MRI: "fred.2", Contacts: []skypetest.Contact{{MRI: "joe.4", Authorized: true}}}
	joe := skypetest.Account{MRI: "8:joe.4", Contacts: []skypetest.Contact{{MRI: "8:FRED.2", DisplayName: "Freddy"}}}
	anna := skypetest.Account{MRI: "8:anna.7", Invites: []skypetest.Invite{{From: "fred.2"}, {From: "8:nobody"}}}
	for _, accounts := range [][]skypetest.Account{{fred, joe, anna}, {anna, joe, fred}} {
		srv := skypetest.NewServer(skypetest.WithData(skypetest.Data{Accounts: accounts}))
		t.Cleanup(srv.Close)
		list, err := srv.ClientFor("joe.4").ListContacts(t.Context())
		require.NoError(t, err)
		require.Len(t, list.Contacts, 1)
		assert.Equal(t, "Freddy", list.Contacts[0].DisplayName)
		assert.True(t, list.Contacts[0].Authorized)
		list, err = srv.ClientFor("fred.2").ListContacts(t.Context())
		require.NoError(t, err)
		assert.Len(t, list.Contacts, 2)
		invites, err := srv.ClientFor("anna.7").ListInvites(t.Context())
		require.NoError(t, err)
		require.Len(t, invites.Invites, 1)
		assert.Equal(t, skypecontacts.MRI("8:fred.2"), invites.Invites[0].From)
	}
}

// One Data serves many servers: none of them changes it.
func TestDataIsNotChanged(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	c := srv.Client()
	require.NoError(t, c.RevokeContact(t.Context(), "joe.4"))
	require.NoError(t, c.RemoveContact(t.Context(), "joe.4"))
	require.NoError(t, c.UnblockUser(t.Context(), "anna.7"))
	require.NoError(t, c.AcceptInvite(t.Context(), "daisy.5"))
	assert.Equal(t, skypetest.SampleData(), data)
}
