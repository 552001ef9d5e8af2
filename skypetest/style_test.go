package skypetest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
)

func TestUnknownStyle(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, `skypetest: there is no style "web2019"`, func() { skypetest.NewServer(skypetest.WithStyle("web2019")) })
	assert.Equal(t, []skypetest.Style{"documented", "web2018", "teams2025", "everything"}, skypetest.Styles())
}

// styleData has one account with a contact of each kind, and an account without any
// names that has sent an invite.
func styleData() skypetest.Data {
	data := skypetest.SampleData()
	own := &data.Accounts[0]
	own.Contacts[0].Phones = nil // wire_contacts_test.go has them
	own.Contacts = append(own.Contacts[:2:2],
		skypetest.Contact{MRI: "2:someone@corp.example"}, skypetest.Contact{MRI: "8:unnamed"})
	own.Invites = []skypetest.Invite{{From: "8:unnamed", Messages: []skypetest.Message{{Time: own.Contacts[0].AddedAt}}}}
	data.Accounts = append(data.Accounts, skypetest.Account{MRI: "8:unnamed"})
	return data
}

// Each style writes the same people as its sources do. What the documentation has is
// its own example, but for the addresses.
func TestStyledResponses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		style skypetest.Style
		path  string
		want  string
	}{
		{skypetest.StyleDocumented, "/contacts/v2/users/self/contacts", `{"count":4,"scope":"full","contacts":[
			{"auth-certificate":"*","authorized":true,"blocked":false,"display_name":"Joe Bloggs","display_name_source":"user_edits","favorite":true,
				"mri":"8:joe.4","person_id":"*","profile":{"avatar_url":"https://api.skype.com/users/joe.4/profile/avatar",
				"locations":[{"city":"London","state":"Greater London","country":"GB"}],"mood":"Happy <ss type=\"laugh\">:D</ss>",
				"name":{"first":"Joe","surname":"Bloggs","nickname":"Joe Bloggs"},
				"phones":[{"number":"+442099887766","type":0},{"number":"+442020900900","type":1},{"number":"+447711223344","type":2}]}},
			{"authorized":false,"blocked":true,"display_name":"Anna Cooper","display_name_source":"profile","email_hashes":["*"],"mri":"8:anna.7",
				"person_id":"*","suggested":true,"profile":{"avatar_url":"https://api.skype.com/users/anna.7/profile/avatar?cacheHeaders=1",
				"locations":[{"city":"Manchester","state":null,"country":"GB"}],"mood":"<i raw_pre=\"_\" raw_post=\"_\">Excited!</i>",
				"name":{"first":"Anna","surname":"Cooper"}}},
			{"authorized":false,"blocked":false,"display_name":"someone@corp.example","display_name_source":"identifier","mri":"2:someone@corp.example",
				"person_id":"*","profile":{"name":{"first":"someone@corp.example"}}},
			{"authorized":false,"blocked":false,"display_name":"unnamed","display_name_source":"identifier","mri":"8:unnamed","person_id":"*",
				"profile":{"name":{"first":"unnamed"}}}]}`},
		{skypetest.StyleDocumented, "/contacts/v2/users/self/invites", `{"invite_list":[{"mri":"8:unnamed","invites":[{"message":"","time":"2016-11-14T04:28:12.000Z"}]}]}`},
		{skypetest.StyleDocumented, "/api/users/self/contacts/auth-request", `[{"sender":"unnamed","greeting":""}]`},
		{skypetest.StyleDocumented, "/contacts/v1/users/self/contacts?$filter=id eq 'joe.4'", `{"count":1,"scope":"full","contacts":[
			{"authorized":true,"avatar_url":"https://api.skype.com/users/joe.4/profile/avatar","blocked":false,"display_name":"Joe Bloggs","id":"joe.4",
				"favorite":true,"locations":[{"city":"London","state":"Greater London","country":"GB"}],"mood":"Happy <ss type=\"laugh\">:D</ss>",
				"name":{"first":"Joe","surname":"Bloggs","nickname":"Joe Bloggs"},
				"phones":[{"number":"+442099887766","type":0},{"number":"+442020900900","type":1},{"number":"+447711223344","type":2}],"type":"skype"}]}`},
		{skypetest.StyleWeb2018, "/contacts/v2/users/self/contacts", `{"count":4,"scope":"full","contacts":[
			{"auth_certificate":"*","authorized":true,"blocked":false,"explicit":true,"display_name":"Joe Bloggs","display_name_source":"user_edits","favorite":true,
				"mri":"8:joe.4","person_id":"8:joe.4","creation_time":"2016-11-14T04:28:12Z",
				"relationship_history":{"sources":[{"type":"add_contact","subtype":"t1","time":"2016-11-14T04:28:12Z"}]},
				"profile":{"avatar_url":"https://api.skype.com/users/joe.4/profile/avatar","birthday":"1987-01-02","gender":"male","language":"EN",
				"about":"I am a Skype user.","jobtitle":"Skype user","website":"https://joe.example",
				"locations":[{"type":"home","city":"London","state":"Greater London","country":"GB"}],"mood":"Happy <ss type=\"laugh\">:D</ss>",
				"name":{"first":"Joe","surname":"Bloggs","nickname":"Joe Bloggs"},
				"phones":[{"number":"+442099887766","type":"home"},{"number":"+442020900900","type":"office"},{"number":"+447711223344","type":"mobile"}]}},
			{"authorized":false,"blocked":true,"explicit":false,"display_name":"Anna Cooper","display_name_source":"profile","mri":"8:anna.7","person_id":"8:anna.7",
				"creation_time":"2017-02-14T04:28:12Z","relationship_history":{"sources":[{"type":"scd","subtype":"t1","time":"2017-02-14T04:28:12Z"}]},
				"suggested":true,"profile":{"avatar_url":"https://api.skype.com/users/anna.7/profile/avatar?cacheHeaders=1","gender":"female","language":"EN",
				"locations":[{"type":"home","city":"Manchester","country":"GB"}],"mood":"<i raw_pre=\"_\" raw_post=\"_\">Excited!</i>",
				"name":{"first":"Anna","surname":"Cooper"}}},
			{"authorized":false,"blocked":false,"explicit":false,"display_name":"someone@corp.example","display_name_source":"identifier",
				"mri":"2:someone@corp.example","person_id":"2:someone@corp.example","creation_time":"2012-01-01T00:00:00Z",
				"profile":{"name":{"first":"someone@corp.example"}}},
			{"authorized":false,"blocked":false,"explicit":false,"display_name":"unnamed","display_name_source":"identifier","mri":"8:unnamed","person_id":"8:unnamed",
				"creation_time":"2012-01-01T00:00:00Z","profile":{"name":{"first":"unnamed"}}}]}`},
		{skypetest.StyleWeb2018, "/contacts/v2/users/self/invites", `{"invite_list":[{"mri":"8:unnamed","displayname":"unnamed",
			"avatar_url":"https://avatar.skype.com/v1/avatars/unnamed/public","invites":[{"message":"","time":"2016-11-14T04:28:12Z"}]}]}`},
		{skypetest.StyleWeb2018, "/contacts/v1/users/self/contacts?$filter=id eq 'unnamed'", `{"count":1,"scope":"full","contacts":[
			{"authorized":false,"blocked":false,"display_name":"unnamed","id":"unnamed","person_id":"*","type":"skype","name":{"first":"unnamed"}}]}`},
		{skypetest.StyleTeams2025, "/contacts/v2/users/self/invites", `{"invite_list":[{"mri":"8:unnamed","displayname":"unnamed","greeting":"",
			"avatar_url":"https://avatar.skype.com/v1/avatars/unnamed/public","invites":[{"message":"","time":"2016-11-14T04:28:12Z"}]}]}`},
		{skypetest.StyleTeams2025, "/directory/v2.0/search/?searchString=unnamed&requestId=1", `{"requestId":"1","results":[
			{"nodeProfileData":{"skypeId":"unnamed","name":"","contactType":"Skype4Consumer"}}]}`},
	} {
		t.Run(string(test.style)+" "+test.path, func(t *testing.T) {
			t.Parallel()
			srv := skypetest.NewServer(skypetest.WithData(styleData()), skypetest.WithStyle(test.style))
			defer srv.Close()
			requireJSON(t, transcriptEntry{name: test.path, body: test.want}, get(t, srv, strings.ReplaceAll(test.path, " ", "%20")).body)
		})
	}
}

// An account without a first name has one in its flat profile where strict clients
// want it, and what is not set is null.
func TestStyledProfiles(t *testing.T) {
	t.Parallel()
	const nothing = `"lastname":null,"city":null,"country":null,"avatarUrl":null,"mood":null,"richMood":null`
	for style, firstName := range map[skypetest.Style]string{
		skypetest.StyleDocumented: "null", skypetest.StyleWeb2018: `"unnamed"`, skypetest.StyleTeams2025: `"unnamed"`, skypetest.StyleEverything: "null",
	} {
		srv := skypetest.NewServer(skypetest.WithData(styleData()), skypetest.WithStyle(style))
		t.Cleanup(srv.Close)
		for path, want := range map[string]string{
			"/api/users/batch/profiles": `"displayname":null,"gender":null,"emails":[]`,
			"/profile/v1/batch/profiles": `"displayname":null,"gender":null,"emails":[],"birthday":null,"language":null,"province":null,"homepage":null,
				"about":null,"jobtitle":null,"phoneHome":null,"phoneOffice":null,"phoneMobile":null`,
			"/api/users/self/contacts/profiles": `"displayname":null`,
		} {
			if style == skypetest.StyleDocumented { // the documentation has the same members on all hosts
				want = `"displayname":null`
			}
			resp := send(t, http.MethodPost, srv.URL+path, `{"usernames":["unnamed"],"contacts":["unnamed"]}`, map[string]string{"X-Skypetoken": "sample-skype-token-1"})
			assert.JSONEq(t, `[{"username":"unnamed","firstname":`+firstName+`,`+nothing+`,`+want+`}]`, resp.body, path)
		}
	}
}
