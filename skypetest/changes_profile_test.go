package skypetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUpdatedProfile(t *testing.T) {
	t.Parallel()
	joe := func() Profile {
		return Profile{DisplayName: "Joe Bloggs", FirstName: "Joe", LastName: "Bloggs", Mood: "<b>Hi</b>", Locations: []Location{{Type: "home", City: "London"}, {City: "Leeds"}}}
	}
	for name, test := range map[string]struct {
		values map[string]string
		want   func(*Profile)
	}{
		"nothing":                {nil, func(*Profile) {}},
		"unknown":                {map[string]string{"username": "x", "avatarUrl": "x"}, func(*Profile) {}},
		"display name follows":   {map[string]string{"lastname": "Smith"}, func(p *Profile) { p.LastName, p.DisplayName = "Smith", "Joe Smith" }},
		"display name given":     {map[string]string{"lastname": "Smith", "displayname": "J"}, func(p *Profile) { p.LastName, p.DisplayName = "Smith", "J" }},
		"no names left":          {map[string]string{"firstname": "", "lastname": ""}, func(p *Profile) { p.FirstName, p.LastName = "", "" }},
		"mood":                   {map[string]string{"mood": "a > b"}, func(p *Profile) { p.Mood = "a &gt; b" }},
		"mood and an empty rich": {map[string]string{"mood": "a", "richMood": ""}, func(p *Profile) { p.Mood = "a" }},
		"both moods":             {map[string]string{"mood": "a", "richMood": "<i>a</i>"}, func(p *Profile) { p.Mood = "<i>a</i>" }},
		"no mood":                {map[string]string{"mood": ""}, func(p *Profile) { p.Mood = "" }},
		"first location":         {map[string]string{"city": "", "country": "gb"}, func(p *Profile) { p.Locations[0] = Location{Type: "home", Country: "gb"} }},
		"texts of the flat profile": {map[string]string{"about": "a", "homepage": "h", "jobtitle": "j", "birthday": "1987-01-02", "language": "en"}, func(p *Profile) {
			p.About, p.Homepage, p.JobTitle, p.Birthday, p.Language = "a", "h", "j", "1987-01-02", "en"
		}},
	} {
		before, want := joe(), joe()
		test.want(&want)
		assert.Equal(t, want, updatedProfile(before, test.values), name)
		assert.Equal(t, joe(), before, name)
	}
	assert.Equal(t, Profile{Locations: []Location{{Type: "home", City: "Leeds"}}}, updatedProfile(Profile{}, map[string]string{"city": "Leeds"}))
	assert.Equal(t, Profile{}, updatedProfile(Profile{}, map[string]string{"city": ""}))
}

func TestAvatarURL(t *testing.T) {
	t.Parallel()
	a := &accountState{mri: "8:live:joe"}
	assert.Equal(t, "https://avatar.skype.com/v1/avatars/live:joe?auth_key=0", avatarURL(a, nil))
	assert.Equal(t, "https://avatar.skype.com/v1/avatars/live:joe?auth_key=-390611389", avatarURL(a, []byte("a")))
}
