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
