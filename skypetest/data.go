package skypetest

import (
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// Data is what a [Server] knows when it starts. The server copies what it
// changes, so one Data may serve many servers.
type Data struct {
	Accounts []Account // everybody there is; the first is whom [Server.Client] signs in
	Bots     []Bot     // the directory of bots
}

// Account is a person with all that the service keeps for them.
type Account struct {
	MRI skypecontacts.MRI
	// SkypeToken and RegistrationToken are what the account signs in with. The
	// server makes up those that are empty.
	SkypeToken        string
	RegistrationToken string

	Profile   Profile
	Contacts  []Contact
	Groups    []Group
	Blocklist []skypecontacts.MRI
	Invites   []Invite            // that wait for this account's answer
	Messenger []skypecontacts.MRI // the messenger's contact list

	// Spelling chooses how this account is written in the service's answers. 0
	// is how the documentation has it. Every other number chooses anew, for each
	// part that was seen in several forms: absent, null or empty, number or
	// word, upper or lower case.
	Spelling uint64
}

// Profile is what a person says about themselves. Empty fields are not set.
type Profile struct {
	DisplayName string
	FirstName   string // the whole name for accounts made before there were two fields
	LastName    string
	Nickname    string
	Company     string
	Gender      string // "male", "female" or empty
	Birthday    string // as YYYY-MM-DD
	Age         int    // only the directory shows it
	Language    string
	Locations   []Location // the flat shapes show the first
	Phones      []Phone
	Emails      []string
	Mood        string // HTML
	About       string
	Homepage    string
	JobTitle    string
	AvatarURL   string
}

// Location is a place a person named.
type Location struct {
	Type        string // "home" or "work"
	City        string
	State       string
	Country     string // two letters, in lower case as the service has it
	CountryName string // in English; only the directory shows it
}

// Phone is a telephone number with its type: "home", "office", "mobile" or
// "other".
type Phone struct{ Number, Type string }

// Contact is an entry of an account's contact list. What the entry shows of the
// other side comes from there, and whether it is blocked from the blocklist.
//
// An authorization is mutual: an account that is authorized by another of the
// same [Data] gets an entry for it too.
type Contact struct {
	MRI         skypecontacts.MRI
	DisplayName string // the account's own name for the other; empty: as that has it
	Authorized  bool
	Explicit    bool // added by hand
	Favorite    bool
	Suggested   bool
	Phones      []Phone // that the account itself noted down
	AddedAt     time.Time
	Source      string // how the contact came about, such as "add_contact"
}

// Group is a named set of an account's contacts.
type Group struct {
	ID         string
	Name       string
	IsFavorite bool
	Contacts   []skypecontacts.MRI
}

// Invite is what one account asks of another.
type Invite struct {
	From     skypecontacts.MRI
	Messages []Message // one for each time it asked
}

// Message is the text of an invite, which may be empty.
type Message struct {
	Text string
	Time time.Time
}

// Bot is an entry of the directory of bots.
type Bot struct {
	ID           string // without prefix
	DisplayName  string
	Description  string
	Developer    string
	Footer       string // HTML
	Website      string
	TermsURL     string
	PrivacyURL   string
	TileURL      string // of its picture in all sizes
	Trusted      bool
	Rating       float64
	Locales      []string
	Capabilities []string
	Spelling     uint64 // as of an [Account]
}

// SampleData is the cast of the documentation. Fred Adams ("fred.2") is the own
// account. Joe Bloggs ("joe.4") is his friend, Anna Cooper ("anna.7") is
// suggested to him and blocked, Daisy ("daisy.5") has sent him an invite, and
// the concierge bot is among his contacts.
//
// It is written so that the oldest clients can read it. For what newer ones
// have to expect see [Generate].
func SampleData() Data {
	added := time.Date(2016, time.November, 14, 4, 28, 12, 0, time.UTC)
	return Data{
		Accounts: []Account{{
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
				{MRI: "8:joe.4", Authorized: true, Explicit: true, Favorite: true, AddedAt: added, Source: "add_contact"},
				{MRI: "8:anna.7", Suggested: true, AddedAt: added.AddDate(0, 3, 0), Source: "scd"},
				{MRI: "28:concierge", Authorized: true, AddedAt: added.AddDate(0, 1, 0), Source: "init_conversation"},
			},
			Groups: []Group{
				{ID: "000c3765-a8a0-464c-8083-c8383b86a772", Name: "Favorites", IsFavorite: true, Contacts: []skypecontacts.MRI{"8:joe.4"}},
				{ID: "1f6e2c1a-5f0e-4b55-9d0a-2f9f6c1f7b10", Name: "Bots", Contacts: []skypecontacts.MRI{"28:concierge"}},
				{ID: "2a7d3b2b-6a1f-4c66-8e1b-3a0a7d2a8c21", Name: "Work"},
			},
			Blocklist: []skypecontacts.MRI{"8:anna.7"},
			Invites: []Invite{{From: "8:daisy.5", Messages: []Message{
				{"Hi Fred, I'd like to add you as a contact.", time.Date(2018, time.January, 9, 14, 42, 17, 0, time.UTC)},
			}}},
			Messenger: []skypecontacts.MRI{"8:joe.4"},
		}, {
			MRI:               "8:joe.4",
			SkypeToken:        "sample-skype-token-2",
			RegistrationToken: "sample-registration-token-2==",
			Profile: Profile{
				DisplayName: "Joe Bloggs", FirstName: "Joe", LastName: "Bloggs", Nickname: "joe",
				Gender: "male", Birthday: "1987-01-02", Age: 31, Language: "en",
				Locations: []Location{{Type: "home", City: "London", Country: "gb", CountryName: "United Kingdom"}},
				Phones:    []Phone{{"+442099887766", "home"}, {"+442020900900", "office"}, {"+447711223344", "mobile"}},
				Emails:    []string{"joe.4@example.com"},
				Mood:      "Happy <ss type=\"laugh\">:D</ss>",
				AvatarURL: "https://avatar.skype.com/v1/avatars/joe.4/public",
			},
		}, {
			MRI:               "8:anna.7",
			SkypeToken:        "sample-skype-token-3",
			RegistrationToken: "sample-registration-token-3==",
			Profile: Profile{
				DisplayName: "Anna Cooper", FirstName: "Anna Cooper",
				Gender: "female", Age: 29, Language: "en",
				Locations: []Location{{Type: "home", City: "Dublin", Country: "ie", CountryName: "Ireland"}},
				AvatarURL: "https://avatar.skype.com/v1/avatars/anna.7/public",
			},
		}, {
			MRI:               "8:daisy.5",
			SkypeToken:        "sample-skype-token-4",
			RegistrationToken: "sample-registration-token-4==",
			Profile: Profile{
				DisplayName: "Daisy", FirstName: "Daisy",
				AvatarURL: "https://avatar.skype.com/v1/avatars/daisy.5/public",
			},
		}},
		Bots: []Bot{{
			ID: "concierge", DisplayName: "Skype", Description: "Helps you around.", Developer: "Skype",
			Website: "https://concierge.example", TermsURL: "https://concierge.example/terms",
			PrivacyURL: "https://concierge.example/privacy", TileURL: "https://concierge.example/tile.png",
			Trusted: true, Rating: 4.5, Locales: []string{"en-GB", "en-US"},
			Capabilities: []string{"im.send", "im.receive"},
		}, {
			ID: "7e3f0a52-9c1d-4a6b-8f2e-5d4c3b2a1908", DisplayName: "Weather", Description: "Says whether to take an umbrella.",
			Developer: "Umbrella Works", Footer: "<b>Made</b> for rainy days", Rating: 3,
			Locales: []string{"en-GB"}, Capabilities: []string{"im.send", "group_chat"},
		}},
	}
}
