package skypetest

import (
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// SampleData returns the people of the documentation. Fred Adams ("fred.2") is
// the own account. Joe Bloggs ("joe.4") in London is his friend and in the group
// Favourites, Anna Cooper ("anna.7") in Manchester is suggested to him and
// blocked, Daisy ("daisy.5") has sent him an invite, and the concierge bot is one
// of his contacts. What the documentation says of them is the same here, but for
// e-mail and web addresses, which nobody owns, and the description of the bot. Beyond
// it, Fred has noted down a telephone number for Joe, Joe is online and Anna away.
//
// Without [WithStyle] its members have the plain forms of [StyleEverything], which
// most clients that were tried can read: in contacts v2 types of telephone numbers
// are words, in v1 numbers. [StyleDocumented] has the forms of the documentation.
func SampleData() Data {
	return Data{
		Accounts: []Account{sampleFred(), sampleJoe(), sampleAnna(), sampleDaisy()},
		Bots: []Bot{{
			ID: "concierge", DisplayName: "Skype", Description: "Helps you around.", Developer: "Skype",
			Website: "https://concierge.example", TermsURL: "https://concierge.example/terms",
			PrivacyURL: "https://concierge.example/privacy", TileURL: "https://concierge.example/tile.png",
			Trusted: true, Rating: 5, Locales: []string{"en-US", "en-GB"},
		}, {
			ID: "7e3f0a52-9c1d-4a6b-8f2e-5d4c3b2a1908", DisplayName: "Weather", Description: "Says whether to take an umbrella.",
			Developer: "Umbrella Works", Footer: "<b>Made</b> for rainy days", Rating: 3,
			Locales: []string{"en-GB"}, Capabilities: []string{"im.send", "group_chat"},
			Disclosures: []string{"all.groups.messages"},
		}},
	}
}

func sampleFred() Account {
	added := time.Date(2016, time.November, 14, 4, 28, 12, 0, time.UTC)
	return Account{
		MRI:               "8:fred.2",
		SkypeToken:        "sample-skype-token-1",
		RegistrationToken: "sample-registration-token-1==",
		Profile: Profile{
			DisplayName: "Fred Adams", FirstName: "Fred", LastName: "Adams",
			Gender: "male", Birthday: "1985-06-07", Age: 32, Language: "en",
			Locations: []Location{{Type: "home", City: "Bristol", Country: "gb", CountryName: "United Kingdom"}},
			Phones:    []Phone{{"+441174960123", "home"}, {"+447700900123", "mobile"}},
			Emails:    []string{"fred.2@example.com"},
			Mood:      "Gone fishing <ss type=\"fish\">(fish)</ss>",
			About:     "Likes tea & cake", Homepage: "https://fred.example",
			JobTitle:  "Gardener",
			AvatarURL: "https://avatar.skype.com/v1/avatars/fred.2/public",
		},
		Contacts: []Contact{
			{MRI: "8:joe.4", DisplayName: "Joe Bloggs", Authorized: true, Explicit: true, Favorite: true, Phones: []Phone{{"+442079460958", "office"}}, AddedAt: added, Source: "add_contact"},
			{MRI: "8:anna.7", Suggested: true, AddedAt: added.AddDate(0, 3, 0), Source: "scd"},
			{MRI: "28:concierge", Authorized: true, AddedAt: added.AddDate(0, 1, 0), Source: "init_conversation"},
		},
		Groups: []Group{
			{ID: "000c3765-a8a0-464c-8083-c8383b86a772", Name: "Favourites", IsFavorite: true, Contacts: []skypecontacts.MRI{"8:joe.4"}},
			{ID: "1f6e2c1a-5f0e-4b55-9d0a-2f9f6c1f7b10", Name: "Bots", Contacts: []skypecontacts.MRI{"28:concierge"}},
			{ID: "2a7d3b2b-6a1f-4c66-8e1b-3a0a7d2a8c21", Name: "Work"},
		},
		Blocklist: []skypecontacts.MRI{"8:anna.7"},
		Invites: []Invite{{From: "8:daisy.5", Messages: []Message{
			{"Hi Fred, I'd like to add you as a contact.", time.Date(2016, time.January, 1, 0, 0, 0, 0, time.UTC)},
		}}},
		Messenger: []skypecontacts.MRI{"8:joe.4"},
	}
}

func sampleJoe() Account {
	return Account{
		MRI:               "8:joe.4",
		SkypeToken:        "sample-skype-token-2",
		RegistrationToken: "sample-registration-token-2==",
		Profile: Profile{
			DisplayName: "Joe Bloggs", FirstName: "Joe", LastName: "Bloggs", Nickname: "Joe Bloggs",
			Gender: "male", Birthday: "1987-01-02", Age: 29, Language: "en",
			Locations: []Location{{Type: "home", City: "London", State: "Greater London", Country: "gb", CountryName: "United Kingdom"}},
			Phones:    []Phone{{"+442099887766", "home"}, {"+442020900900", "office"}, {"+447711223344", "mobile"}},
			Emails:    []string{"joe.4@example.com"},
			Mood:      "Happy <ss type=\"laugh\">:D</ss>",
			About:     "I am a Skype user.", Homepage: "https://joe.example",
			JobTitle:  "Skype user",
			AvatarURL: "https://api.skype.com/users/joe.4/profile/avatar",
		},
		Presence: "Online",
	}
}

func sampleAnna() Account {
	return Account{
		MRI:               "8:anna.7",
		SkypeToken:        "sample-skype-token-3",
		RegistrationToken: "sample-registration-token-3==",
		Profile: Profile{
			DisplayName: "Anna Cooper", FirstName: "Anna", LastName: "Cooper",
			Gender: "female", Age: 29, Language: "en",
			Locations: []Location{{Type: "home", City: "Manchester", Country: "gb", CountryName: "United Kingdom"}},
			Mood:      "<i raw_pre=\"_\" raw_post=\"_\">Excited!</i>",
			AvatarURL: "https://api.skype.com/users/anna.7/profile/avatar?cacheHeaders=1",
		},
		Presence: "Away",
	}
}

func sampleDaisy() Account {
	return Account{
		MRI:               "8:daisy.5",
		SkypeToken:        "sample-skype-token-4",
		RegistrationToken: "sample-registration-token-4==",
		Profile: Profile{
			DisplayName: "Daisy", FirstName: "Daisy",
			AvatarURL: "https://avatar.skype.com/v1/avatars/daisy.5/public",
		},
	}
}
