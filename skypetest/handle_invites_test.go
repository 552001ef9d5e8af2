package skypetest_test

import (
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

const phoneRefusal = `{"message":"A telephone number takes no invite and is one of phones","stackTrace":null}`

func TestInviteErrors(t *testing.T) {
	t.Parallel()
	checkErrors(t, []errorCase{
		{"no identifier", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{}`, 400, `{"message":"The request names no mri","stackTrace":null}`},
		{"telephone number alone", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":"4:+442079460999","send_invite":false}`, 400, phoneRefusal},
		{"another telephone number", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":"4:+442079460999","send_invite":false,"phones":[{"number":"+442079460998"}]}`, 400, phoneRefusal},
		{"invite to a telephone number", "POST", "/contacts/v2/users/self/contacts", "sample-skype-token-1", `{"mri":"4:+442079460999","greeting":"Hi","phones":[{"number":"+442079460999"}]}`, 400, phoneRefusal},
	})
}

func TestInvitePhoneNumber(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	resp := send(t, http.MethodPost, srv.Endpoints().Contacts+"/users/self/contacts",
		`{"mri":"4:+442079460999","phones":[{"type":"other","number":"+442079460999"}],"send_invite":false}`,
		map[string]string{"X-Skypetoken": "sample-skype-token-1"})
	assert.Equal(t, http.StatusCreated, resp.status)
	assert.Equal(t, []skypetest.Effect{{Operation: "SendInvite", Account: "8:fred.2", Subject: "4:+442079460999"}}, srv.Effects())
}

// Each invite is a message of its own; an auth-request is one message.
func TestRepeatedInvite(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	anna, joe := srv.ClientFor("anna.7"), srv.ClientFor("joe.4")
	for _, greeting := range []string{"Hello", "Hello again"} {
		assert.NoError(t, anna.SendInvite(t.Context(), "joe.4", greeting))
	}
	invites, err := joe.ListInvites(t.Context())
	assert.NoError(t, err)
	assert.Len(t, invites.Invites, 1)
	assert.Len(t, invites.Invites[0].Messages, 2)
	requests, err := joe.LegacyListAuthRequests(t.Context())
	assert.NoError(t, err)
	assert.Len(t, requests.Requests, 2)
}
