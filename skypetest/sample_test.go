package skypetest_test

import (
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Everyone in the lists is an account or a bot, so that every call about them has a
// result; and nothing has a form that the oldest clients cannot read.
func TestSampleData(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	known := map[skypecontacts.MRI]bool{}
	for _, a := range data.Accounts {
		known[a.MRI] = true
		assert.Zero(t, a.Spelling)
		assert.NotEmpty(t, a.SkypeToken)
		assert.NotEmpty(t, a.RegistrationToken)
	}
	for _, b := range data.Bots {
		known[skypecontacts.MRI("28:"+b.ID)] = true
		assert.Zero(t, b.Spelling)
	}
	for _, a := range data.Accounts {
		mentioned := append(append([]skypecontacts.MRI{}, a.Blocklist...), a.Messenger...)
		for _, c := range a.Contacts {
			mentioned = append(mentioned, c.MRI)
		}
		for _, g := range a.Groups {
			mentioned = append(mentioned, g.Contacts...)
		}
		for _, in := range a.Invites {
			mentioned = append(mentioned, in.From)
		}
		for _, id := range mentioned {
			assert.True(t, known[id], id)
		}
	}
	assert.Equal(t, skypetest.SampleData(), data)
}

// What the documentation says of its people.
func TestSampleDataOfTheDocumentation(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	roster, err := srv.Client().GetRoster(t.Context())
	require.NoError(t, err)
	require.Len(t, roster.Contacts, 3)
	names := map[skypecontacts.MRI]string{}
	for i := range roster.Contacts {
		names[roster.Contacts[i].MRI] = roster.Contacts[i].FullName()
	}
	assert.Equal(t, map[skypecontacts.MRI]string{"8:joe.4": "Joe Bloggs", "8:anna.7": "Anna Cooper", "28:concierge": "Skype"}, names)
	assert.Equal(t, "Favourites", roster.Groups[0].Name)
	assert.Equal(t, []skypecontacts.MRI{"8:joe.4"}, roster.Groups[0].Contacts)
	assert.Equal(t, []skypecontacts.BlockedUser{{MRI: "8:anna.7"}}, roster.Blocked)

	resp := send(t, "POST", srv.URL+"/profile/v1/batch/profiles", `{"usernames":["anna.7"]}`, map[string]string{"X-Skypetoken": "sample-skype-token-1"})
	assert.JSONEq(t, `[{"username":"anna.7","displayname":"Anna Cooper","firstname":"Anna","lastname":"Cooper","city":"Manchester","country":"GB",
		"avatarUrl":"https://api.skype.com/users/anna.7/profile/avatar?cacheHeaders=1",
		"emails":[],"gender":"2","about":null,"birthday":null,"homepage":null,"jobtitle":null,"language":"EN","province":null,
		"phoneHome":null,"phoneMobile":null,"phoneOffice":null,"mood":"Excited!","richMood":"<i raw_pre=\"_\" raw_post=\"_\">Excited!</i>"}]`, resp.body)
}
