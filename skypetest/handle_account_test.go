package skypetest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGetAccount(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	resp := send(t, http.MethodGet, srv.URL+"/api/users/self", "", map[string]string{"X-Skypetoken": "sample-skype-token-1", "Accept": "application/json; ver=2.0"})
	assert.Equal(t, http.StatusOK, resp.status)
	assert.JSONEq(t, `{"username":"fred.2","registrationDate":"2011-10-13T00:00:00Z"}`, resp.body)
}

// An update changes what it names, in the own profile and in what others read.
func TestUpdateOwnProfile(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/api/users/joe.4/profile/partial", "/api/users/self/profile/partial", "/profile/v1/users/self/profile/partial"} {
		srv := skypetest.NewServer()
		t.Cleanup(srv.Close)
		others := &deltaClient{token: "sample-skype-token-1", etag: "/"}
		others.refresh(t, srv)
		update := func(body string, status int) rawResponse {
			resp := send(t, http.MethodPost, srv.URL+path, body, map[string]string{"X-Skypetoken": "sample-skype-token-2", "Content-Type": "application/json; ver=1.0"})
			require.Equal(t, status, resp.status, resp.body)
			return resp
		}
		own := func() *skypecontacts.Profile {
			p, err := srv.ClientFor("joe.4").GetOwnProfile(t.Context())
			require.NoError(t, err)
			return p
		}
		assert.Empty(t, update(`{"payload":{"mood":"Tea <3 & cake"}}`, 200).body) // SkPy, skype4pidgin, the official client
		assert.Equal(t, skypecontacts.Mood{Plain: "Tea <3 & cake", Rich: "Tea &lt;3 &amp; cake"}, own().Mood)
		others.refresh(t, srv)
		profile := others.roster["contacts"]["8:joe.4"]["profile"].(map[string]any)
		assert.Equal(t, "Tea &lt;3 &amp; cake", profile["mood"])
		assert.Equal(t, "I am a Skype user.", profile["about"])

		// go-skypeapi sends all four, empty or not; Miranda both moods.
		update(`{"payload":{"firstname":"Joseph","lastname":"Bloggs","mood":"","richMood":""}}`, 200)
		assert.Equal(t, skypecontacts.Mood{}, own().Mood)
		assert.Equal(t, "Joseph", own().Name.First)
		others.refresh(t, srv)
		entry := others.roster["contacts"]["8:joe.4"]
		require.Contains(t, entry["profile"], "mood", "clients that merge deltas notice")
		assert.Empty(t, entry["profile"].(map[string]any)["mood"])
		assert.Equal(t, "Joseph", entry["profile"].(map[string]any)["name"].(map[string]any)["first"])
		update(`{"payload":{"mood":"(wfh) Home","richMood":"<ss type=\"wfh\">(wfh)</ss> Home","unknown":7}}`, 200)
		assert.Equal(t, skypecontacts.Mood{Plain: "(wfh) Home", Rich: `<ss type="wfh">(wfh)</ss> Home`}, own().Mood)

		effects := len(srv.Effects())
		update(`{"payload":{"mood":"(wfh) Home","richMood":"<ss type=\"wfh\">(wfh)</ss> Home"}}`, 200)
		update(`{"payload":{}}`, 200)
		assert.JSONEq(t, `"The value of mood is not a string"`, errorText(t, update(`{"payload":{"firstname":"Jo","mood":7}}`, 400)))
		assert.Len(t, srv.Effects(), effects, "nothing changes")
		assert.Equal(t, skypetest.Effect{Operation: "UpdateOwnProfile", Account: "8:joe.4", Subject: "8:joe.4"}, srv.Effects()[0])
		update(`{"payload":{"city":"Leeds","homepage":null,"birthday":"1987-01-03"}}`, 200)
		assert.Equal(t, "Leeds", own().Locations[0].City)
		assert.Empty(t, own().Homepage)
		assert.Equal(t, "1987-01-03", own().Birthday.String())

		gender := func() any {
			others.refresh(t, srv)
			return others.roster["contacts"]["8:joe.4"]["profile"].(map[string]any)["gender"]
		}
		for _, g := range []struct{ code, contacts, own string }{{"2", "female", "female"}, {"0", "", ""}, {"1", "male", "male"}, {"", "", ""}} {
			update(`{"payload":{"gender":"`+g.code+`"}}`, 200)
			assert.Equal(t, skypecontacts.Gender(g.own), own().Gender)
			assert.Equal(t, g.contacts, gender(), "empty in a delta, not absent")
		}
		for _, code := range []string{"3", "male"} {
			assert.JSONEq(t, `"There is no such gender"`, errorText(t, update(`{"payload":{"gender":"`+code+`"}}`, 400)))
		}
	}
}

// Whether others see a mood in a batch is up to the style, whatever the spelling is.
func TestUpdatedMoodInBatches(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	for style, want := range map[skypetest.Style]any{
		skypetest.StyleDocumented: "Tea", skypetest.StyleEverything: "Tea", skypetest.StyleWeb2018: nil, skypetest.StyleTeams2025: nil,
	} {
		for spelling := range uint64(8) {
			data.Accounts[1].Spelling = spelling
			srv := skypetest.NewServer(skypetest.WithData(data), skypetest.WithStyle(style))
			t.Cleanup(srv.Close)
			header := map[string]string{"X-Skypetoken": "sample-skype-token-2"}
			require.Equal(t, 200, send(t, http.MethodPost, srv.URL+"/api/users/self/profile/partial", `{"payload":{"mood":"Tea"}}`, header).status)
			for _, path := range []string{"/api/users/batch/profiles", "/profile/v1/batch/profiles"} {
				var list []map[string]any
				require.NoError(t, json.Unmarshal([]byte(send(t, http.MethodPost, srv.URL+path, "usernames=joe.4", header).body), &list))
				assert.Equal(t, []any{want, want}, []any{list[0]["mood"], list[0]["richMood"]}, "%s %d", style, spelling)
			}
		}
	}
}

// errorText is the text of an error in the shape of the api host, as JSON.
func errorText(t *testing.T, resp rawResponse) string {
	var body struct {
		Status struct{ Text json.RawMessage }
	}
	require.NoError(t, json.Unmarshal([]byte(resp.body), &body))
	return string(body.Status.Text)
}

// A display name that is not made of the names stays.
func TestUpdateKeepsDisplayName(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	data.Accounts[1].Profile.DisplayName = "Joey"
	for want, d := range map[string]skypetest.Data{"Joey": data, "Joseph Bloggs": skypetest.SampleData()} {
		srv := skypetest.NewServer(skypetest.WithData(d))
		t.Cleanup(srv.Close)
		resp := send(t, http.MethodPost, srv.URL+"/api/users/self/profile/partial", `{"payload":{"firstname":"Joseph"}}`, map[string]string{"X-Skypetoken": "sample-skype-token-2"})
		require.Equal(t, http.StatusOK, resp.status)
		list, err := srv.Client().GetPublicProfiles(t.Context(), "joe.4")
		require.NoError(t, err)
		assert.Equal(t, want, list.Profiles[0].DisplayName)
	}
	assert.Equal(t, "Joey", data.Accounts[1].Profile.DisplayName)
	assert.Equal(t, "Joe", data.Accounts[1].Profile.FirstName)
}
