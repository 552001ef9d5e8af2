package skypecontacts_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An update has the fields that are set and no other, and an empty text is one that is set.
func TestProfileUpdateBodies(t *testing.T) {
	t.Parallel()
	for want, update := range map[string]skypecontacts.ProfileUpdate{
		`{"firstname":""}`:                            {FirstName: new("")},
		`{"lastname":"Adams"}`:                        {LastName: new("Adams")},
		`{"mood":"A & B <3"}`:                         {Mood: new("A & B <3")},
		`{"mood":"<ss type=\"laugh\">:D</ss> &amp;"}`: {Mood: new(`<ss type="laugh">:D</ss> &amp;`)},
		`{"mood":"two\r\n\tlines"}`:                   {Mood: new("two\r\n\tlines")},
		`{"birthday":"1985-06-08","country":"GB","gender":"2","language":"en-gb"}`: {
			Country: new(skypecontacts.CountryCode("GB")), Language: new(skypecontacts.LanguageCode("en-gb")),
			Birthday: new(skypecontacts.Date{Year: 1985, Month: time.June, Day: 8}), Gender: new(skypecontacts.GenderFemale),
		},
		`{"birthday":"","country":"","gender":"0","language":""}`: {
			Country: new(skypecontacts.CountryCode("")), Language: new(skypecontacts.LanguageCode("")),
			Birthday: new(skypecontacts.Date{}), Gender: new(skypecontacts.GenderUnstated),
		},
		`{"gender":"1"}`: {Gender: new(skypecontacts.GenderMale)},
		`{"about":"e\nf","city":"i","displayname":"d","firstname":"a","homepage":"g","jobtitle":"h","lastname":"b","mood":"c","province":"j"}`: {
			FirstName: new("a"), LastName: new("b"), Mood: new("c"), DisplayName: new("d"), About: new("e\nf"), Homepage: new("g"),
			JobTitle: new("h"), City: new("i"), State: new("j"),
		},
	} {
		transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
		require.NoError(t, apitest.NewClient(t, transport).UpdateOwnProfile(t.Context(), update))
		_, body := sentOnce(t, transport)
		assert.Equal(t, `{"payload":`+want+`}`, body)
	}
}

// What cannot be right is not sent, whatever else is set, and is not in the error.
func TestInvalidProfileUpdates(t *testing.T) {
	t.Parallel()
	country := func(s skypecontacts.CountryCode) skypecontacts.ProfileUpdate {
		return skypecontacts.ProfileUpdate{Country: &s}
	}
	language := func(s skypecontacts.LanguageCode) skypecontacts.ProfileUpdate {
		return skypecontacts.ProfileUpdate{Language: &s}
	}
	birthday := func(year int, month time.Month, day int) skypecontacts.ProfileUpdate {
		return skypecontacts.ProfileUpdate{Birthday: &skypecontacts.Date{Year: year, Month: month, Day: day}}
	}
	updates := []skypecontacts.ProfileUpdate{
		{},
		country("GBR"), country("G"), country("é"), country("G1"), country("United Kingdom"),
		language("e n"), language("en_GB"), language("é"), language("en\n"), language("\xff"),
		birthday(1985, 13, 1), birthday(1985, 2, 29), birthday(1985, 6, 0), birthday(0, 6, 8), birthday(-1, 6, 8), birthday(12000, 1, 1), birthday(1985, 0, 0),
		{Gender: new(skypecontacts.Gender("1"))},
		{Gender: new(skypecontacts.Gender("canary"))},
	}
	for _, text := range []string{"canary\x00", "canary\x1b[31m", "canary\x7f", "canary\u0085", "canary\xff", "\xed\xa0\x80canary"} {
		updates = append(updates, textUpdates(text)...)
	}
	for _, line := range []string{"canary\n", "canary\r", "canary\tx"} {
		for _, update := range textUpdates(line) {
			if update.Mood == nil && update.About == nil {
				updates = append(updates, update)
			}
		}
	}
	require.Greater(t, len(updates), 90)
	for _, update := range updates {
		for _, dialect := range []skypecontacts.Dialect{skypecontacts.DialectDocumented, skypecontacts.DialectCurrent} {
			if update != (skypecontacts.ProfileUpdate{}) && update.Mood == nil {
				update.Mood = new("fine")
			}
			transport := apitest.NewTransport(apitest.Response(http.StatusOK, ""))
			err := apitest.NewClient(t, transport, skypecontacts.WithDialect(dialect)).UpdateOwnProfile(t.Context(), update)
			require.ErrorIs(t, err, skypecontacts.ErrInvalid)
			require.Empty(t, transport.Requests())
			var failure *skypecontacts.Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, []any{"UpdateOwnProfile", 0, false}, []any{failure.Op, failure.Attempts, failure.MaybeApplied})
			require.NotContains(t, err.Error(), "canary")
		}
	}
}

// textUpdates returns an update for each field that is a text, with that text.
func textUpdates(text string) []skypecontacts.ProfileUpdate {
	return []skypecontacts.ProfileUpdate{
		{FirstName: &text},
		{LastName: &text},
		{Mood: &text},
		{DisplayName: &text},
		{About: &text},
		{Homepage: &text},
		{JobTitle: &text},
		{City: &text},
		{State: &text},
	}
}

// Each field changes what it names and nothing else, set or removed, by both routes.
func TestUpdateOwnProfile(t *testing.T) {
	t.Parallel()
	type profile = skypecontacts.Profile
	for name, test := range map[string]struct {
		update skypecontacts.ProfileUpdate
		want   func(*profile)
	}{
		"first name":    {skypecontacts.ProfileUpdate{FirstName: new("Frederic")}, func(p *profile) { p.Name.First = "Frederic" }},
		"no first name": {skypecontacts.ProfileUpdate{FirstName: new("")}, func(p *profile) { p.Name.First = "" }},
		"last name":     {skypecontacts.ProfileUpdate{LastName: new("O’Neill & Söhne")}, func(p *profile) { p.Name.Last = "O’Neill & Söhne" }},
		"no last name":  {skypecontacts.ProfileUpdate{LastName: new("")}, func(p *profile) { p.Name.Last = "" }},
		"mood": {skypecontacts.ProfileUpdate{Mood: new(`A & B <3 > "x" 'y' &amp;`)}, func(p *profile) {
			p.Mood = skypecontacts.Mood{Plain: `A & B <3 > "x" 'y' &amp;`, Rich: `A &amp; B &lt;3 &gt; "x" 'y' &amp;amp;`}
		}},
		"lines of a mood": {skypecontacts.ProfileUpdate{Mood: new("one\ntwo 👩‍🌾")}, func(p *profile) {
			p.Mood = skypecontacts.Mood{Plain: "one\ntwo 👩‍🌾", Rich: "one\ntwo 👩‍🌾"}
		}},
		"no mood":     {skypecontacts.ProfileUpdate{Mood: new("")}, func(p *profile) { p.Mood = skypecontacts.Mood{} }},
		"about":       {skypecontacts.ProfileUpdate{About: new("one\n<b>two</b>")}, func(p *profile) { p.About = "one\n<b>two</b>" }},
		"no about":    {skypecontacts.ProfileUpdate{About: new("")}, func(p *profile) { p.About = "" }},
		"homepage":    {skypecontacts.ProfileUpdate{Homepage: new("https://f.example/?a=1&b=2")}, func(p *profile) { p.Homepage = "https://f.example/?a=1&b=2" }},
		"job title":   {skypecontacts.ProfileUpdate{JobTitle: new("Baker")}, func(p *profile) { p.JobTitle = "Baker" }},
		"city":        {skypecontacts.ProfileUpdate{City: new("Leeds")}, func(p *profile) { p.Locations[0].City = "Leeds" }},
		"no city":     {skypecontacts.ProfileUpdate{City: new("")}, func(p *profile) { p.Locations[0].City = "" }},
		"state":       {skypecontacts.ProfileUpdate{State: new("Yorkshire")}, func(p *profile) { p.Locations[0].State = "Yorkshire" }},
		"country":     {skypecontacts.ProfileUpdate{Country: new(skypecontacts.CountryCode("DE"))}, func(p *profile) { p.Locations[0].Country = "DE" }},
		"no country":  {skypecontacts.ProfileUpdate{Country: new(skypecontacts.CountryCode(""))}, func(p *profile) { p.Locations[0].Country = "" }},
		"language":    {skypecontacts.ProfileUpdate{Language: new(skypecontacts.LanguageCode("de"))}, func(p *profile) { p.Language = "de" }},
		"no language": {skypecontacts.ProfileUpdate{Language: new(skypecontacts.LanguageCode(""))}, func(p *profile) { p.Language = "" }},
		"birthday": {skypecontacts.ProfileUpdate{Birthday: &skypecontacts.Date{Year: 1988, Month: time.February, Day: 29}}, func(p *profile) {
			p.Birthday = skypecontacts.Date{Year: 1988, Month: time.February, Day: 29}
		}},
		"no birthday":  {skypecontacts.ProfileUpdate{Birthday: new(skypecontacts.Date{})}, func(p *profile) { p.Birthday = skypecontacts.Date{} }},
		"gender":       {skypecontacts.ProfileUpdate{Gender: new(skypecontacts.GenderFemale)}, func(p *profile) { p.Gender = skypecontacts.GenderFemale }},
		"no gender":    {skypecontacts.ProfileUpdate{Gender: new(skypecontacts.GenderUnstated)}, func(p *profile) { p.Gender = skypecontacts.GenderUnstated }},
		"display name": {skypecontacts.ProfileUpdate{DisplayName: new("Freddy")}, func(p *profile) {}}, // not in the own profile
		"several":      {skypecontacts.ProfileUpdate{JobTitle: new(""), City: new("York")}, func(p *profile) { p.JobTitle, p.Locations[0].City = "", "York" }},
	} {
		for _, dialect := range []skypecontacts.Dialect{skypecontacts.DialectDocumented, skypecontacts.DialectCurrent} {
			server := skypetest.NewServer()
			t.Cleanup(server.Close)
			client := server.Client(skypecontacts.WithDialect(dialect))
			want, err := client.GetOwnProfile(t.Context())
			require.NoError(t, err)
			require.NoError(t, client.UpdateOwnProfile(t.Context(), test.update), name)
			got, err := client.GetOwnProfile(t.Context())
			require.NoError(t, err)
			test.want(want)
			assert.Equal(t, want, got, name)
			assert.Len(t, server.Effects(), 1, name)
		}
	}
}

// Others read what was set: a display name, and a mood as HTML, from which they get the
// text back.
func TestUpdatedProfileOfOthers(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	defer server.Close()
	mood := `A & B <3 ` + strings.Repeat("&lt;", 2)
	require.NoError(t, server.ClientFor("joe.4").UpdateOwnProfile(t.Context(), skypecontacts.ProfileUpdate{DisplayName: new("Joey"), Mood: &mood}))
	profiles, err := server.Client().GetPublicProfiles(t.Context(), "joe.4")
	require.NoError(t, err)
	require.Equal(t, "Joey", profiles.Profiles[0].DisplayName)
	require.Equal(t, mood, profiles.Profiles[0].Mood.Plain)
	list, err := server.Client().ListContacts(t.Context())
	require.NoError(t, err)
	require.Equal(t, skypecontacts.ParseMood(`A &amp; B &lt;3 &amp;lt;&amp;lt;`), list.Contacts[0].Profile.Mood)
	require.Equal(t, mood, list.Contacts[0].Profile.Mood.Plain)
}
