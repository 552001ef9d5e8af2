package skypetest_test

import (
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every field of an account is in the responses about it.
func TestAccountFields(t *testing.T) {
	t.Parallel()
	added := time.Date(2016, time.November, 14, 4, 28, 12, 0, time.UTC)
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Data{Accounts: []skypetest.Account{
		{MRI: "8:fred.2", Contacts: []skypetest.Contact{{
			MRI: "8:joe.4", DisplayName: "Joe from work", Authorized: true, Explicit: true, Favorite: true, Suggested: true,
			Phones: []skypetest.Phone{{Number: "+442020900900", Type: "office"}}, AddedAt: added, Source: "scd",
		}}},
		{MRI: "8:joe.4", Profile: skypetest.Profile{
			DisplayName: "Joe Bloggs", FirstName: "Joe", LastName: "Bloggs", Nickname: "joe", Company: "Bloggs & Co",
			Gender: "male", Birthday: "1987-01-02", Age: 31, Language: "en",
			Locations: []skypetest.Location{{Type: "home", City: "London", State: "Greater London", Country: "gb", CountryName: "United Kingdom"}},
			Phones:    []skypetest.Phone{{Number: "+442099887766", Type: "home"}},
			Emails:    []string{"joe.4@example.com"}, Mood: "<b>Happy</b>", About: "Likes rain", Homepage: "https://joe.example",
			JobTitle: "Baker", AvatarURL: "https://avatar.example/joe.4",
		}},
	}}))
	defer srv.Close()
	header := map[string]string{"X-Skypetoken": "skype-token-1"}
	for path, want := range map[string]string{
		"/contacts/v2/users/self/contacts": `{"contacts":[{
			"mri":"8:joe.4","person_id":"8:joe.4","display_name":"Joe from work","display_name_source":"user_edits","authorized":true,
			"auth_certificate":"YTY0ZWUwN2UwYWE0MGZiNjM3MDBlMDA4NzlmODMzOGQ=","blocked":false,"explicit":true,"favorite":true,"suggested":true,
			"creation_time":"2016-11-14T04:28:12Z","phones":[{"number":"+442020900900","type":"office","id":"1"}],
			"relationship_history":{"sources":[{"type":"scd","subtype":"t1","time":"2016-11-14T04:28:12Z"}]},
			"profile":{"avatar_url":"https://avatar.example/joe.4","birthday":"1987-01-02","gender":"male","language":"EN",
				"mood":"<b>Happy</b>","about":"Likes rain","website":"https://joe.example","jobtitle":"Baker",
				"locations":[{"type":"home","city":"London","state":"Greater London","country":"GB"}],
				"phones":[{"number":"+442099887766","type":"home"}],
				"name":{"first":"Joe","surname":"Bloggs","nickname":"joe","company":"Bloggs & Co"}}}],"count":1,"scope":"full"}`,
		"/directory/v2.0/search/?searchString=joe&requestId=1": `{"requestId":"1","results":[{"nodeProfileData":{
			"skypeId":"joe.4","name":"Joe Bloggs","contactType":"Skype","avatarUrl":"https://avatar.example/joe.4",
			"about":"Likes rain","language":"en","age":"31","gender":"1","city":"London","state":"Greater London",
			"countryCode":"gb","country":"United Kingdom"}}]}`,
	} {
		assert.JSONEq(t, want, send(t, "GET", srv.URL+path, "", header).body, path)
	}
	own, err := srv.ClientFor("joe.4").GetOwnProfile(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"joe.4@example.com"}, own.Emails)
	assert.Equal(t, skypecontacts.MRI("8:joe.4"), own.MRI)
}
