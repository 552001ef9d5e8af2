package skypetest_test

import (
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

// The people host knows people and bots by identifier with prefix, and leaves out
// the others.
func TestPeopleProfiles(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	resp := send(t, http.MethodPost, srv.URL+"/people/v2/profiles", `{"mris":["8:JOE.4","anna.7","8:unknown","28:concierge","4:+442079460999",""],"locale":"en-US"}`,
		map[string]string{"X-Skypetoken": "sample-skype-token-1", "Accept": "application/json"})
	assert.Equal(t, http.StatusOK, resp.status)
	assert.JSONEq(t, `{"profiles":{
		"8:JOE.4":{"profile":{"displayName":"Joe Bloggs","birthday":"1987-01-02","city":"London","country":"gb","about":"I am a Skype user.",
			"homepage":"https://joe.example","avatarUrl":"https://api.skype.com/users/joe.4/profile/avatar","gender":"1","language":"en",
			"mood":"Happy <ss type=\"laugh\">:D</ss>"}},
		"28:concierge":{"profile":{"displayName":"Skype","avatarUrl":"https://concierge.example/tile.png"}}}}`, resp.body)
}
