package skypetest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every form that clients recorded is in the contact list.
func TestContactForms(t *testing.T) {
	t.Parallel()
	body := get(t, newGeneratedServer(t), "/contacts/v2/users/self/contacts").body
	checkForms(t, []formsCase{
		{"identifiers", body, []string{
			`"mri":"8:person\.`, `"mri":"8:live:p`, `"mri":"8:live:\.cid\.`, `"mri":"8:guest:`, `"mri":"8:Person\.Mixed`,
			`"mri":"28:helper`, `"mri":"28:[0-9a-f]{8}-`, `"mri":"4:\+44`, `"mri":"2:`, `"mri":"1:`,
			`"person_id":"8:`, `"person_id":"[0-9a-f]{8}-`, `"profile":\{"name":\{"first":"person\d+@corp`,
		}},
		{"names", body, []string{
			`"display_name":""`, `"display_name":"person\.\d+"`, `"display_name":"[^"]*\p{Han}`, `"display_name":"[^"]*\p{Arabic}`, `"display_name":"[^"]*\p{Cyrillic}`,
			`"display_name_source":"profile"`, `"display_name_source":"user_edits"`, `"display_name_source":"identifier"`,
			`"name":null`, `"name":\{"nickname":"[^"]*"\}`, `"name":\{"first":"[^" ]+ [^" ]+"\}`, `"surname":null`,
		}},
		{"flags", body, []string{
			`"authorized":true`, `"authorized":false`, `"blocked":true`, `"blocked":false`, `"explicit":true`, `"explicit":false`,
			`"favorite":true`, `"suggested":true`, `"auth_certificate":"`, `"auth-certificate":"`,
			`"email_hashes":\["`, `"phone_hashes":\["`, `"email_hashes":\[\]`, `"phone_hashes":null`, `"workloads":null`, `"workloads":"skype"`, `"gone":true`,
		}},
		{"times", body, []string{
			`"creation_time":"[-0-9T:]{19}Z"`, `"creation_time":"[-0-9T:]{19}\.\d{2}Z"`, `"creation_time":"[-0-9T:]{19}\.\d{3}Z"`,
			`"creation_time":"[-0-9T:]{19}\.\d{6}Z"`, `"creation_time":"[-0-9T:]{19}\.\d{7}Z"`, `"relationship_history":\{\}`, `"subtype":"`,
			`"creation_time":"2012-01-01T00:00:00`,
		}},
		{"profiles", body, []string{
			`"gender":"male"`, `"gender":"female"`, `"gender":null`, `"birthday":"`, `"birthday":null`,
			`"locations":\[\{`, `"locations":\[\]`, `"locations":null`, `"country":"[a-z]{2}"`, `"country":"[A-Z]{2}"`, `"country":"[A-Z][a-z]"`, `"country":null`,
			`"language":"[a-z]{2}"`, `"language":"[A-Z]{2}"`, `"phones":\[\]`, `"phones":null`,
			`"number":"[^"]+","type":0`, `"number":"[^"]+","type":"office"`, `"number":"[^"]+","type":"2"`, `"number":"[^"]+","type":null`, `\{"number":"[^"]+"\}`,
			`"type":"phone"`, `"type":"work"`, `"name":\{"first":"(person\.|live:|guest:|Person)`, `"name":\{"first":null`,
			`"mood":"[^"]*<ss`, `"mood":"[^"]*&amp;`, `"mood":null`, `"avatar_url":"[^"]+auth_key=-`, `"avatar_url":null`,
		}},
		{"bots", body, []string{
			`"trust":"trusted"`, `"trust":"not-trusted"`, `"trusted":true`, `"trusted":"True"`, `"trusted":"False"`, `"stage_info":\{\}`, `"agent":\{"capabilities":\[\]`, `"agent":\{"trust"`,
		}},
	})
	assert.NotContains(t, body, `"capabilities":null`)
	checkAbsentMembers(t, body)
}

func TestContactV1Forms(t *testing.T) {
	t.Parallel()
	resp := get(t, newGeneratedServer(t), "/contacts/v1/users/self/contacts")
	assert.Equal(t, http.StatusOK, resp.status)
	assert.NotContains(t, resp.body, `"mri":`)
	assert.NotContains(t, resp.body, `"profile":`)
	assert.NotRegexp(t, `"number":"[^"]+","type":"`, resp.body) // numbers only, in every style
	checkForms(t, []formsCase{{"types", resp.body, []string{
		`"type":"skype"`, `"type":"agent"`, `"type":"pstn"`, `"type":"lync"`, `"type":"msn"`,
		`"id":"live:p`, `"id":"\+44`, `"number":"[^"]+","type":2`, `"number":"[^"]+","type":3`,
		`"person_id":"8:`, `"person_id":"[0-9a-f]{8}-`, `"creation_time":"`,
	}}})
}

// checkAbsentMembers asserts that optional members are in some contacts and absent
// in others.
func checkAbsentMembers(t *testing.T, contacts string) {
	var list struct{ Contacts []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(contacts), &list))
	profiles := []map[string]any{}
	for _, c := range list.Contacts {
		if p, ok := c["profile"].(map[string]any); ok && c["agent"] == nil {
			profiles = append(profiles, p)
		}
	}
	assert.True(t, slices.ContainsFunc(list.Contacts, func(c map[string]any) bool {
		return c["suggested"] == true && c["authorized"] == true
	}))
	absent := func(objects []map[string]any, name string) (n int) {
		for _, o := range objects {
			if _, found := o[name]; !found {
				n++
			}
		}
		return n
	}
	for _, name := range []string{
		"person_id", "display_name", "display_name_source", "profile", "authorized", "blocked", "explicit", "favorite", "suggested",
		"creation_time", "relationship_history", "agent", "phones",
	} {
		assert.Positive(t, absent(list.Contacts, name), name)
		assert.Less(t, absent(list.Contacts, name), len(list.Contacts), name)
	}
	for _, name := range []string{"name", "locations", "phones", "gender", "birthday", "language", "mood", "about", "website", "jobtitle", "avatar_url"} {
		assert.Positive(t, absent(profiles, name), name)
		assert.Less(t, absent(profiles, name), len(profiles), name)
	}
}

// The telephone numbers that the account added are in the root of the entry, in a
// delta as well.
func TestRootPhonesInDelta(t *testing.T) {
	t.Parallel()
	data := skypetest.SampleData()
	data.Accounts[0].Contacts[0].Phones = []skypetest.Phone{{Number: "+442079460999", Type: "other"}}
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	c := deltaClient{token: "sample-skype-token-1", etag: "/"}
	c.refresh(t, srv)
	require.NoError(t, srv.Client().BlockUser(t.Context(), "joe.4", skypecontacts.BlockOptions{}))
	resp := send(t, "GET", srv.URL+"/contacts/v2/users/self?delta", "", map[string]string{"X-Skypetoken": c.token, "If-None-Match": c.etag})
	var delta struct {
		Scope    string
		Contacts []struct{ Phones []map[string]any }
	}
	require.NoError(t, json.Unmarshal([]byte(resp.body), &delta))
	assert.Equal(t, "delta", delta.Scope)
	require.Len(t, delta.Contacts, 1)
	assert.Equal(t, []map[string]any{{"number": "+442079460999", "type": "other", "id": "1"}}, delta.Contacts[0].Phones)
}

// Numbers that the account added have ids in the styles of clients that need them, and
// in v1 they are beside those of the profile, or the one of a telephone contact itself.
func TestRootPhonesInStyles(t *testing.T) {
	t.Parallel()
	const added = "+442079460999"
	data := skypetest.SampleData()
	data.Accounts[0].Contacts = []skypetest.Contact{
		{MRI: "8:joe.4", Phones: []skypetest.Phone{{Number: added, Type: "other"}}},
		{MRI: "4:+442079460900", Phones: []skypetest.Phone{{Number: added, Type: "home"}}},
	}
	for style, want := range map[skypetest.Style][2]string{
		skypetest.StyleDocumented: {`[{"number":"+442079460999","type":3}]`, `[{"number":"+442079460900","type":3},{"number":"+442079460999","type":0}]`},
		skypetest.StyleTeams2025:  {`[{"number":"+442079460999","type":"phone"}]`, `[{"number":"+442079460900","type":"phone"},{"number":"+442079460999","type":"phone"}]`},
		skypetest.StyleWeb2018: {
			`[{"number":"+442079460999","type":"other","id":"1"}]`,
			`[{"number":"+442079460900","type":"other"},{"number":"+442079460999","type":"home","id":"1"}]`,
		},
		skypetest.StyleEverything: {
			`[{"number":"+442079460999","type":"other","id":"1"}]`,
			`[{"number":"+442079460900","type":"other"},{"number":"+442079460999","type":"home","id":"1"}]`,
		},
	} {
		srv := skypetest.NewServer(skypetest.WithData(data), skypetest.WithStyle(style))
		t.Cleanup(srv.Close)
		assert.Equal(t, want, [2]string(phonesOf(t, get(t, srv, "/contacts/v2/users/self/contacts").body)), style)
		assert.Equal(t, []string{
			`[{"number":"+442099887766","type":0},{"number":"+442020900900","type":1},{"number":"+447711223344","type":2},{"number":"+442079460999","type":3}]`,
			`[{"number":"+442079460900","type":3},{"number":"+442079460999","type":0}]`,
		}, phonesOf(t, get(t, srv, "/contacts/v1/users/self/contacts").body), style)
	}
}

// phonesOf returns the numbers in the root of each entry of a list, as JSON with the
// members in this order.
func phonesOf(t *testing.T, body string) (phones []string) {
	t.Helper()
	var list struct {
		Contacts []struct {
			Phones []struct {
				Number json.RawMessage `json:"number"`
				Type   json.RawMessage `json:"type"`
				ID     json.RawMessage `json:"id,omitempty"`
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(body), &list))
	for _, c := range list.Contacts {
		text, err := json.Marshal(c.Phones)
		require.NoError(t, err)
		phones = append(phones, string(text))
	}
	return phones
}

// A delta has empty what an update has removed, if the style has that member at all. A
// full list does not, and neither has what was never set.
func TestRemovedMembersInDelta(t *testing.T) {
	t.Parallel()
	joe, anna := map[string]string{"X-Skypetoken": "sample-skype-token-2"}, map[string]string{"X-Skypetoken": "sample-skype-token-3"}
	removed := map[skypetest.Style][]string{
		skypetest.StyleDocumented: {"avatar_url", "mood", "name.surname"},
		skypetest.StyleWeb2018:    {"about", "avatar_url", "birthday", "jobtitle", "language", "mood", "name.surname", "website"},
		skypetest.StyleTeams2025:  {"about", "avatar_url", "birthday", "jobtitle", "language", "mood", "name.surname", "website"},
		skypetest.StyleEverything: {"about", "avatar_url", "birthday", "jobtitle", "language", "mood", "name.first", "name.surname", "website"},
	}
	for _, style := range skypetest.Styles() {
		srv := skypetest.NewServer(skypetest.WithStyle(style))
		t.Cleanup(srv.Close)
		c := deltaClient{token: "sample-skype-token-1", etag: "/"}
		update := func(id string, header map[string]string, payload string) (delta, full []string) {
			c.refresh(t, srv)
			resp := send(t, http.MethodPost, srv.URL+"/api/users/self/profile/partial", `{"payload":`+payload+`}`, header)
			require.Equal(t, http.StatusOK, resp.status)
			c.refresh(t, srv)
			return emptyTexts(c.roster["contacts"][id]["profile"]), emptyTexts(fetchRoster(t, srv, c.token)["contacts"][id]["profile"])
		}
		delta, full := update("8:anna.7", anna, `{"mood":"","about":""}`) // she has no about
		assert.Equal(t, []string{"mood"}, delta, style)
		assert.Empty(t, full, style)
		send(t, http.MethodDelete, srv.URL+"/avatar/v1/avatars/joe.4", "", joe)
		delta, full = update("8:joe.4", joe, `{"mood":"","firstname":"","lastname":"","about":"","homepage":"","jobtitle":"","birthday":"","language":""}`)
		assert.Equal(t, removed[style], delta, style)
		assert.Empty(t, full, style)
		delta, _ = update("8:joe.4", joe, `{"mood":"Back","lastname":"Bloggs","about":"Me"}`)
		assert.NotContains(t, delta, "mood", style)
		assert.NotContains(t, delta, "name.surname", style)
		assert.NotContains(t, delta, "about", style)
	}
}

// emptyTexts returns the paths of the members of an object that are empty strings, sorted.
func emptyTexts(value any) (paths []string) {
	object, _ := value.(map[string]any)
	for _, name := range sortedKeys(object) {
		if object[name] == "" {
			paths = append(paths, name)
		}
		for _, path := range emptyTexts(object[name]) {
			paths = append(paths, name+"."+path)
		}
	}
	return paths
}
