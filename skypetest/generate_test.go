package skypetest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGenerateIsTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	assert.Equal(t, skypetest.Generate(300, 7), skypetest.Generate(300, 7))
	assert.NotEqual(t, skypetest.Generate(300, 7), skypetest.Generate(300, 8))
}

// Everybody can sign in and read what they said of themselves.
func TestGeneratedPeopleCanSignIn(t *testing.T) {
	t.Parallel()
	data := skypetest.Generate(100, 3)
	srv := skypetest.NewServer(skypetest.WithData(data))
	defer srv.Close()
	require.Greater(t, len(data.Accounts), 90)
	for _, a := range data.Accounts {
		p, err := srv.ClientFor(string(a.MRI)).GetOwnProfile(t.Context())
		require.NoError(t, err)
		assert.Equal(t, a.MRI, p.MRI)
		assert.True(t, p.Gender.Known())
		assert.Empty(t, p.Extra["gender"])
		assert.Equal(t, skypecontacts.Gender(a.Profile.Gender), p.Gender)
		assert.Equal(t, a.Profile.Homepage, p.Homepage)
		assert.Equal(t, skypecontacts.ParseMood(a.Profile.Mood).Plain, p.Mood.Plain)
	}
}

// The SDK must read every spelling there is without losing an entry.
func TestGeneratedDataCanBeRead(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(2000, 1)))
	defer srv.Close()
	ctx := t.Context()
	for _, dialect := range []skypecontacts.Dialect{skypecontacts.DialectDocumented, skypecontacts.DialectCurrent} {
		client := srv.Client(skypecontacts.WithDialect(dialect))
		contacts, err := client.ListContacts(ctx)
		require.NoError(t, err)
		assert.Len(t, contacts.Contacts, 2000)
		assert.Empty(t, contacts.Skipped)
		old, err := client.LegacyListContacts(ctx)
		require.NoError(t, err)
		assert.Len(t, old.Contacts, 2000)
		assert.Empty(t, old.Skipped)
		invites, err := client.ListInvites(ctx)
		require.NoError(t, err)
		assert.Len(t, invites.Invites, 100)
		assert.Empty(t, invites.Skipped)
		bots, err := client.ListBots(ctx)
		require.NoError(t, err)
		assert.NotEmpty(t, bots.Bots)
		assert.Empty(t, bots.Skipped)
		found, err := client.SearchDirectory(ctx, "person")
		require.NoError(t, err)
		assert.Len(t, found.Entries, 50)
		assert.Empty(t, found.Skipped)
		for _, c := range contacts.Contacts {
			assert.NotEmpty(t, c.FullName())
		}
	}
}

// All the forms in which clients saw the service write things are in the answers
// about enough people.
func TestGeneratedSpellings(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(3000, 1)))
	t.Cleanup(srv.Close)
	get := func(path string) string {
		return send(t, http.MethodGet, srv.URL+path, "", map[string]string{"X-Skypetoken": "sample-skype-token-1"}).body
	}
	contacts, invites, bots := get("/contacts/v2/users/self/contacts"), get("/contacts/v2/users/self/invites"), get("/bots/v1/agents")
	found := get("/directory/v2.0/search/?searchString=person")
	var profiles strings.Builder
	for i := range 300 {
		token := fmt.Sprintf("skype-token-%d", i+2) // the first account has one of its own
		profiles.WriteString(send(t, http.MethodGet, srv.URL+"/api/users/self/profile", "", map[string]string{"X-Skypetoken": token}).body)
	}
	for _, test := range []struct {
		answer, text string
		forms        []string
	}{
		{"identifiers", contacts, []string{
			`"mri":"8:person\.`, `"mri":"8:live:p`, `"mri":"8:live:\.cid\.`, `"mri":"8:guest:`, `"mri":"8:Person\.Mixed`,
			`"mri":"28:helper`, `"mri":"28:[0-9a-f]{8}-`, `"mri":"4:\+44`, `"mri":"2:`, `"mri":"1:`,
			`"person_id":"8:`, `"person_id":"[0-9a-f]{8}-`,
		}},
		{"names", contacts, []string{
			`"display_name":""`, `"display_name":"person\.\d+"`, `"display_name":"[^"]*\p{Han}`, `"display_name":"[^"]*\p{Arabic}`, `"display_name":"[^"]*\p{Cyrillic}`,
			`"display_name_source":"profile"`, `"display_name_source":"user_edits"`, `"display_name_source":"identifier"`,
			`"name":null`, `"name":\{"nickname":"[^"]*"\}`, `"name":\{"first":"[^" ]+ [^" ]+"\}`, `"surname":null`,
		}},
		{"flags", contacts, []string{
			`"authorized":true`, `"authorized":false`, `"blocked":true`, `"blocked":false`, `"explicit":true`, `"explicit":false`,
			`"favorite":true`, `"suggested":true`, `"auth_certificate":"`, `"auth-certificate":"`,
			`"email_hashes":\["`, `"phone_hashes":\["`, `"email_hashes":\[\]`, `"phone_hashes":null`, `"workloads":null`, `"workloads":"skype"`, `"gone":true`,
		}},
		{"times", contacts, []string{
			`"creation_time":"[-0-9T:]{19}Z"`, `"creation_time":"[-0-9T:]{19}\.\d{2}Z"`, `"creation_time":"[-0-9T:]{19}\.\d{3}Z"`,
			`"creation_time":"[-0-9T:]{19}\.\d{6}Z"`, `"creation_time":"[-0-9T:]{19}\.\d{7}Z"`, `"relationship_history":\{\}`, `"subtype":"`,
		}},
		{"profiles in contacts", contacts, []string{
			`"gender":"male"`, `"gender":"female"`, `"gender":null`, `"birthday":"`, `"birthday":null`,
			`"locations":\[\{`, `"locations":\[\]`, `"locations":null`, `"country":"[a-z]{2}"`, `"country":"[A-Z]{2}"`, `"country":"[A-Z][a-z]"`, `"country":null`,
			`"language":"[a-z]{2}"`, `"language":"[A-Z]{2}"`, `"phones":\[\]`, `"phones":null`,
			`"number":"[^"]+","type":0`, `"number":"[^"]+","type":"office"`, `"number":"[^"]+","type":"2"`, `"number":"[^"]+","type":null`, `\{"number":"[^"]+"\}`,
			`"mood":"[^"]*<ss`, `"mood":"[^"]*&amp;`, `"mood":null`, `"avatar_url":"[^"]+auth_key=-`, `"avatar_url":null`,
		}},
		{"bots in contacts", contacts, []string{
			`"trust":"trusted"`, `"trust":"not-trusted"`, `"trusted":true`, `"trusted":"True"`, `"trusted":"False"`, `"stage_info":\{\}`, `"agent":\{"capabilities":\[\]`, `"agent":\{"trust"`,
		}},
		{"invites", invites, []string{
			`"greeting":"`, `"message":""`, `"message":"[^"]*<a href`, `\{"time":"[^"]*"\}`, `"time":"[-0-9T:]{19}Z"`, `"time":"[-0-9T:]{19}\.\d{3}Z"`, `"displayname":"`, `"avatar_url":null`,
		}},
		{"own profiles", profiles.String(), []string{
			`"gender":"1"`, `"gender":"2"`, `"gender":1`, `"gender":2`, `"gender":null`, `"emails":\["`, `"emails":\[\]`, `"emails":null`,
			`"lastname":null`, `"homepage":"null"`, `"phoneHome":"\+`, `"phoneOffice":null`, `"namespace":"live"`, `"displayname":"`, `"richMood":"`,
		}},
		{"people found", found, []string{`"skypeId":"person`, `"skypeId":"8:person`, `"contactType":"Skype"`, `"contactType":"Skype4Consumer"`, `"gender":"1"`, `"age":"\d+"`}},
		{"bots", bots, []string{
			`"starRating":\d+\.5`, `"starRating":\d[,}]`, `"starRating":null`, `"capabilities":\[\]`, `"capabilities":null`, `"supportedLocales":\["`, `"developer":null`,
		}},
	} {
		for _, form := range test.forms {
			assert.Regexp(t, form, shorten(test.text, form), test.answer)
		}
	}
	absences(t, contacts)
}

// shorten keeps the report of a failure readable.
func shorten(text, form string) string {
	if match := regexp.MustCompile(form).FindString(text); match != "" {
		return match
	}
	return text[:min(len(text), 200)]
}

// absences makes sure that what need not be there is sometimes not.
func absences(t *testing.T, contacts string) {
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
	lack := func(entries []map[string]any, name string) (n int) {
		for _, e := range entries {
			if _, there := e[name]; !there {
				n++
			}
		}
		return n
	}
	for _, name := range []string{
		"person_id", "display_name", "display_name_source", "profile", "authorized", "blocked", "explicit", "favorite", "suggested",
		"creation_time", "relationship_history", "agent", "phones",
	} {
		assert.Positive(t, lack(list.Contacts, name), name)
		assert.Less(t, lack(list.Contacts, name), len(list.Contacts), name)
	}
	for _, name := range []string{"name", "locations", "phones", "gender", "birthday", "language", "mood", "about", "website", "jobtitle", "avatar_url"} {
		assert.Positive(t, lack(profiles, name), name)
		assert.Less(t, lack(profiles, name), len(profiles), name)
	}
}
