package skypetest_test

import (
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts"
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

// Accounts of Messenger and Lync are invited by their mail address, and the invite is
// pending: nobody here can accept it. Other identifiers of theirs do not exist.
func TestInviteOtherServices(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	post := func(id string) int {
		return send(t, http.MethodPost, srv.URL+"/contacts/v2/users/SELF/contacts", `{"mri":"`+id+`","greeting":"Hello"}`, map[string]string{"X-Skypetoken": "sample-skype-token-1"}).status
	}
	before := len(fetchRoster(t, srv, "sample-skype-token-1")["contacts"])
	for _, id := range []string{"2:someone@corp.example", "1:someone@mail.example"} {
		assert.Equal(t, http.StatusCreated, post(id))
		entry := fetchRoster(t, srv, "sample-skype-token-1")["contacts"][id]
		assert.Equal(t, false, entry["authorized"])
		assert.Equal(t, true, entry["explicit"])
		assert.NotContains(t, entry, "profile")
	}
	for _, id := range []string{"2:someone", "1:@mail.example", "2:someone@", "3:someone@mail.example", "8:someone@mail.example", "2:some one@mail.example"} {
		assert.Equal(t, http.StatusNotFound, post(id), id)
	}
	assert.Len(t, fetchRoster(t, srv, "sample-skype-token-1")["contacts"], before+2)
	assert.Len(t, srv.Effects(), 2)
}

// Whoever is a contact may be accepted again; nobody else without an invite.
func TestAcceptAgain(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	c, ctx := srv.Client(), t.Context()
	for range 2 {
		assert.NoError(t, c.AcceptInvite(ctx, "daisy.5"))
		assert.NoError(t, c.LegacyAcceptAuthRequest(ctx, "daisy.5"))
		assert.NoError(t, c.DeclineInvite(ctx, "daisy.5"))
	}
	assert.ErrorIs(t, c.AcceptInvite(ctx, "anna.7"), skypecontacts.ErrNotFound)
	assert.Len(t, srv.Effects(), 1)
}
