package apitest

import (
	"encoding/json"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// Joe has every member. The contacts of contacts/list_contacts are Joe, Anna, Daisy
// and Concierge.
func Joe() skypecontacts.Contact {
	return skypecontacts.Contact{
		MRI: "8:joe.4", PersonID: "aaaaaaaa-0000-0000-0000-000000000001",
		DisplayName: "Joe Bloggs", DisplayNameSource: "profile",
		Authorized: true, AuthCertificate: "QUFBQQ==", Explicit: true, Favorite: true,
		CreatedAt: Date(2016, 1, 2, 3, 4, 5, 0),
		Sources:   []skypecontacts.RelationshipSource{{Type: "add_contact", Subtype: "t1", Time: Date(2016, 1, 2, 3, 4, 5, 0)}},
		Profile: skypecontacts.Profile{
			Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Nickname: "Joe"}, Gender: skypecontacts.GenderMale,
			Birthday:  skypecontacts.Date{Year: 1987, Month: time.January, Day: 2},
			Locations: []skypecontacts.Location{{Type: "home", City: "London", Country: "GB"}}, Language: "en",
			Phones: []skypecontacts.Phone{{Number: "+442099887766", Type: skypecontacts.PhoneHome}, {Number: "+442020900900", Type: skypecontacts.PhoneWork}, {Number: "+447711223344", Type: skypecontacts.PhoneMobile}},
			Mood:   skypecontacts.Mood{Plain: "Happy & busy :)", Rich: `Happy &amp; busy <ss type="smile">:)</ss>`},
			About:  "Likes long walks.", Homepage: "https://joe.example/",
			AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar?auth_key=1234567890",
		},
	}
}

// Anna is blocked and suggested.
func Anna() skypecontacts.Contact {
	return skypecontacts.Contact{
		MRI: "8:anna.7", PersonID: "aaaaaaaa-0000-0000-0000-000000000002", DisplayName: "Anna Cooper",
		Blocked: true, Suggested: true, EmailHashes: []string{"QkJCQg=="},
		Profile: skypecontacts.Profile{
			Name:      skypecontacts.Name{First: "Anna", Last: "Cooper", Inferred: true},
			Locations: []skypecontacts.Location{{Type: "home", City: "Manchester", Country: "GB"}},
			AvatarURL: "https://api.skype.com/users/anna.7/profile/avatar?auth_key=-2078211408",
		},
	}
}

// Daisy has edited names and a time with milliseconds.
func Daisy() skypecontacts.Contact {
	return skypecontacts.Contact{
		MRI: "8:live:daisy.5", PersonID: "8:live:daisy.5", DisplayName: "Daisy Miller", DisplayNameSource: "user_edits",
		Authorized: true, AuthCertificate: "Q0NDQw==", CreatedAt: Date(2017, 5, 6, 7, 8, 9, 123*time.Millisecond),
		Profile: skypecontacts.Profile{
			Name: skypecontacts.Name{First: "Daisy", Last: "Miller"}, Gender: skypecontacts.GenderFemale, Language: "fr",
			Locations: []skypecontacts.Location{{Type: "home", City: "Lyon", Country: "FR"}},
		},
	}
}

// Concierge is a bot with members that stay in Extra.
func Concierge() skypecontacts.Contact {
	return skypecontacts.Contact{
		MRI: "28:concierge", PersonID: "28:concierge", DisplayName: "Skype", Authorized: true,
		Agent:   &skypecontacts.Agent{Capabilities: []string{"im.send", "im.receive"}, Trust: "trusted", Type: "participant", Trusted: true},
		Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Skype", Company: "Skype"}},
		Extra: skypecontacts.Extra{
			"agent/info/capabilities": json.RawMessage("[\n            \"im.send\"\n          ]"),
			"agent/info/type":         json.RawMessage(`"Participant"`),
			"agent/stage_info":        json.RawMessage("{}"),
		},
	}
}

// Groups are those of contacts/list_groups.
func Groups() []skypecontacts.Group {
	return []skypecontacts.Group{
		{ID: "aaaaaaaa-1111-0000-0000-000000000001", Name: "Favourites", IsFavorite: true, Contacts: []skypecontacts.MRI{"8:joe.4"}},
		{ID: "aaaaaaaa-1111-0000-0000-000000000002", Name: "Bots", Contacts: []skypecontacts.MRI{"28:concierge"}},
	}
}

// ConciergeBot is the first bot of bots/list_bots.
func ConciergeBot() skypecontacts.Bot {
	return skypecontacts.Bot{
		ID: "concierge", Type: "Participant", DisplayName: "Skype", Description: "Helps with Skype.", Developer: "Skype",
		Footer: `<a href="https://bots.example/">More</a>`, Website: "https://bots.example/",
		TermsURL: "https://bots.example/terms", PrivacyURL: "https://bots.example/privacy",
		Trusted: true, Rating: 4.5, Locales: []string{"en"},
		Tiles: skypecontacts.BotTiles{
			Small: "https://static.example/bots/concierge/s.png", Medium: "https://static.example/bots/concierge/m.png",
			Large: "https://static.example/bots/concierge/l.png", ExtraLarge: "https://static.example/bots/concierge/xl.png",
			Static: "https://static.example/bots/concierge/static.png",
		},
	}
}

// Fred is the profile of profile/get_own_profile.
func Fred() skypecontacts.Profile {
	return skypecontacts.Profile{
		MRI: "8:fred.2", DisplayName: "Fred Adams", Name: skypecontacts.Name{First: "Fred", Last: "Adams"}, Gender: skypecontacts.GenderMale,
		Birthday: skypecontacts.Date{Year: 1990, Month: time.February, Day: 3}, Language: "en",
		Locations: []skypecontacts.Location{{City: "London", State: "Greater London", Country: "GB"}},
		Phones:    []skypecontacts.Phone{{Number: "+447700900123", Type: skypecontacts.PhoneMobile}, {Number: "+442079460123", Type: skypecontacts.PhoneHome}},
		Emails:    []string{"fred@example.org"},
		Mood:      skypecontacts.Mood{Plain: "Testing :)", Rich: `Testing <ss type="smile">:)</ss>`},
		About:     "Nothing much.", Homepage: "https://fred.example/", JobTitle: "Tester",
		AvatarURL: "https://api.skype.com/users/fred.2/profile/avatar?auth_key=1234567890",
	}
}

func foundJoe() skypecontacts.DirectoryEntry {
	return skypecontacts.DirectoryEntry{
		ContactType: "Skype4Consumer",
		Profile: skypecontacts.Profile{
			MRI: "8:joe.4", DisplayName: "Joe Bloggs", Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Inferred: true},
			Gender: skypecontacts.GenderMale, Age: 29, Language: "en", About: "Likes long walks.",
			Locations: []skypecontacts.Location{{City: "London", State: "England", Country: "GB", CountryName: "United Kingdom"}},
			AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar?auth_key=1234567890",
		},
	}
}

func publicProfiles() []skypecontacts.Profile {
	return []skypecontacts.Profile{
		{
			MRI: "8:joe.4", DisplayName: "Joe Bloggs", Name: skypecontacts.Name{First: "Joe", Last: "Bloggs"},
			Locations: []skypecontacts.Location{{City: "London", Country: "GB"}},
			AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar?auth_key=1234567890",
		},
		{
			MRI: "8:live:daisy.5", DisplayName: "Daisy Miller", Name: skypecontacts.Name{First: "Daisy", Last: "Miller"},
			Locations: []skypecontacts.Location{{City: "Lyon", Country: "FR"}},
			AvatarURL: "https://api.skype.com/users/live:daisy.5/profile/avatar?auth_key=1234567890",
		},
	}
}

// foundJoeCurrent is foundJoe in the Current dialect.
func foundJoeCurrent() skypecontacts.DirectoryEntry {
	e := foundJoe()
	e.SkypeHandle, e.MutualContacts = "joe.4", 7
	e.Profile.Extra = skypecontacts.Extra{"nodeAnnotation/reason": json.RawMessage(`"MutualFriends"`)}
	return e
}

func legacyFoundJoe() skypecontacts.DirectoryEntry {
	return skypecontacts.DirectoryEntry{
		ContactType: "Skype", Rank: 1,
		Profile: skypecontacts.Profile{
			MRI: "8:joe.4", DisplayName: "Joe Bloggs", Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Inferred: true},
			Gender: skypecontacts.GenderMale, Age: 29, Language: "en", About: "Likes long walks.",
			Locations: []skypecontacts.Location{{City: "London", State: "England", Country: "GB"}},
		},
	}
}

// joeProfile is the profile of profile/get_profile.
func joeProfile() skypecontacts.Profile {
	return skypecontacts.Profile{
		MRI: "8:joe.4", Name: skypecontacts.Name{First: "Joe", Last: "Bloggs"}, Gender: skypecontacts.GenderMale,
		Birthday: skypecontacts.Date{Year: 1987, Month: time.January, Day: 2}, Language: "en",
		Locations: []skypecontacts.Location{{City: "London", Country: "GB"}},
		Phones: []skypecontacts.Phone{
			{Number: "+447711223344", Type: skypecontacts.PhoneMobile},
			{Number: "+442099887766", Type: skypecontacts.PhoneHome},
			{Number: "+442020900900", Type: skypecontacts.PhoneWork},
		},
		Mood:  skypecontacts.Mood{Plain: "Happy & busy :)", Rich: `Happy &amp; busy <ss type="smile">:)</ss>`},
		About: "Likes long walks.", AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar?auth_key=1234567890",
	}
}

// peopleProfiles are publicProfiles in the Current dialect.
func peopleProfiles() []skypecontacts.Profile {
	p := publicProfiles()
	p[0].Name.Inferred, p[1].Name.Inferred = true, true
	p[0].Gender, p[0].Birthday, p[0].Language = skypecontacts.GenderMale, skypecontacts.Date{Year: 1987, Month: time.January, Day: 2}, "en"
	p[0].About, p[0].Homepage = "Likes long walks.", "https://joe.example/"
	p[0].Mood = skypecontacts.Mood{Plain: "Happy & busy :)", Rich: `Happy &amp; busy <ss type="smile">:)</ss>`}
	return p
}

// legacyContacts are those of legacy/list_contacts, which has fewer members.
func legacyContacts() []skypecontacts.Contact {
	joe := Joe()
	joe.Explicit, joe.DisplayNameSource, joe.CreatedAt, joe.Sources = false, "", time.Time{}, nil
	joe.Profile.Gender, joe.Profile.Birthday, joe.Profile.Language = "", skypecontacts.Date{}, ""
	joe.Profile.About, joe.Profile.Homepage = "", ""
	joe.Profile.Locations = []skypecontacts.Location{{City: "London", Country: "GB"}}
	return []skypecontacts.Contact{
		joe,
		{
			MRI: "8:anna.7", PersonID: "aaaaaaaa-0000-0000-0000-000000000002", DisplayName: "Anna Cooper",
			Blocked: true, Suggested: true,
			Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Anna", Last: "Cooper", Inferred: true}},
		},
		{
			MRI: "28:concierge", DisplayName: "Skype", Authorized: true,
			Agent:   &skypecontacts.Agent{Trust: "trusted", Type: "participant"},
			Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Skype", Company: "Skype"}},
		},
	}
}

// Date returns a time in UTC; fraction is added to its seconds.
func Date(year int, month time.Month, day, hour, minute, second int, fraction time.Duration) time.Time {
	return time.Date(year, month, day, hour, minute, second, int(fraction), time.UTC)
}
