package skypetest_test

import (
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

// The host knows people by their full identifier, strict batches or not, and an update of a
// profile is in the next response.
func TestPeopleByFullIdentifier(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithStrictBatches())
	defer srv.Close()
	c := srv.Client(skypecontacts.WithDialect(skypecontacts.DialectCurrent))
	list, err := c.GetPublicProfiles(t.Context(), "28:concierge", "JOE.4", "8:concierge", "+442079460999", "28:joe.4", "daisy.5")
	require.NoError(t, err)
	require.Equal(t, &skypecontacts.ProfileList{
		Profiles: []skypecontacts.Profile{
			{
				MRI: "8:JOE.4", DisplayName: "Joe Bloggs", Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Inferred: true}, Birthday: skypecontacts.Date{Year: 1987, Month: 1, Day: 2}, Gender: skypecontacts.GenderMale,
				Locations: []skypecontacts.Location{{City: "London", Country: "GB"}}, Language: "en", About: "I am a Skype user.",
				Homepage: "https://joe.example", AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar",
				Mood: skypecontacts.ParseMood(`Happy <ss type="laugh">:D</ss>`),
			},
			{MRI: "8:daisy.5", DisplayName: "Daisy", Name: skypecontacts.Name{First: "Daisy"}, AvatarURL: "https://avatar.skype.com/v1/avatars/daisy.5/public"},
		},
		Missing: []skypecontacts.MRI{"28:concierge", "8:concierge", "4:+442079460999", "28:joe.4"},
	}, list)
	require.Len(t, srv.Requests(), 1)
	assert.Equal(t, "GetPublicProfiles", srv.Requests()[0].Operation)
	assert.Equal(t, "/people/v2/profiles", srv.Requests()[0].Path)

	resp := send(t, http.MethodPost, srv.URL+"/api/users/self/profile/partial", `{"payload":{"city":"Leeds"}}`, map[string]string{"X-Skypetoken": "sample-skype-token-2"})
	require.Equal(t, http.StatusOK, resp.status)
	list, err = c.GetPublicProfiles(t.Context(), "joe.4")
	require.NoError(t, err)
	assert.Equal(t, "Leeds", list.Profiles[0].Locations[0].City)
}

// Faults apply to the people host as to the others.
func TestPeopleFaults(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	c := srv.Client(skypecontacts.WithDialect(skypecontacts.DialectCurrent))
	for _, fault := range []skypetest.Fault{
		{Kind: skypetest.FaultStatus, Status: http.StatusOK, Body: `{"status":{"text":"Something went wrong"}}`},
		{Kind: skypetest.FaultOmit, Member: "profiles"},
	} {
		fault.Operation = "GetPublicProfiles"
		srv.Inject(fault)
		list, err := c.GetPublicProfiles(t.Context(), "joe.4")
		require.ErrorIs(t, err, skypecontacts.ErrDecode, fault.Kind)
		require.Nil(t, list)
	}
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultExpireToken})
	_, err := c.GetPublicProfiles(t.Context(), "joe.4")
	require.NoError(t, err, "the token is renewed")
	assert.Zero(t, srv.FaultsPending())
}
