package skypetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestUpdatedProfile(t *testing.T) {
	t.Parallel()
	joe := func() Profile {
		return Profile{
			DisplayName: "Joe Bloggs", FirstName: "Joe", LastName: "Bloggs", Mood: "<b>Hi</b>", Gender: "male",
			Birthday: "1987-01-02", Age: 29, Locations: []Location{{Type: "home", City: "London", Country: "gb", CountryName: "United Kingdom"}, {City: "Leeds"}},
		}
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
		"country":                {map[string]string{"country": "DE"}, func(p *Profile) { p.Locations[0].Country, p.Locations[0].CountryName = "de", "" }},
		"same country":           {map[string]string{"country": "GB"}, func(*Profile) {}},
		"no country":             {map[string]string{"country": ""}, func(p *Profile) { p.Locations[0].Country, p.Locations[0].CountryName = "", "" }},
		"birthday":               {map[string]string{"birthday": "1990-03-02"}, func(p *Profile) { p.Birthday, p.Age = "1990-03-02", 27 }},
		"birthday is today":      {map[string]string{"birthday": "1990-03-01"}, func(p *Profile) { p.Birthday, p.Age = "1990-03-01", 28 }},
		"birthday on leap day":   {map[string]string{"birthday": "1988-02-29"}, func(p *Profile) { p.Birthday, p.Age = "1988-02-29", 30 }},
		"same birthday":          {map[string]string{"birthday": "1987-01-02"}, func(*Profile) {}},
		"no birthday":            {map[string]string{"birthday": ""}, func(p *Profile) { p.Birthday, p.Age = "", 0 }},
		"no date":                {map[string]string{"birthday": "soon"}, func(p *Profile) { p.Birthday, p.Age = "soon", 0 }},
		"gender":                 {map[string]string{"gender": "female"}, func(p *Profile) { p.Gender = "female" }},
		"no gender":              {map[string]string{"gender": ""}, func(p *Profile) { p.Gender = "" }},
		"first location":         {map[string]string{"city": "", "country": "gb"}, func(p *Profile) { p.Locations[0].City = "" }},
		"texts of the flat profile": {map[string]string{"about": "a", "homepage": "h", "jobtitle": "j", "birthday": "1987-01-02", "language": "en"}, func(p *Profile) {
			p.About, p.Homepage, p.JobTitle, p.Birthday, p.Language = "a", "h", "j", "1987-01-02", "en"
		}},
	} {
		now := time.Date(2018, time.March, 1, 0, 0, 0, 0, time.UTC)
		before, want := joe(), joe()
		test.want(&want)
		assert.Equal(t, want, updatedProfile(before, test.values, now), name)
		assert.Equal(t, joe(), before, name)
	}
	assert.Equal(t, Profile{Locations: []Location{{Type: "home", City: "Leeds"}}}, updatedProfile(Profile{}, map[string]string{"city": "Leeds"}, time.Time{}))
	assert.Equal(t, Profile{}, updatedProfile(Profile{}, map[string]string{"city": ""}, time.Time{}))
}
