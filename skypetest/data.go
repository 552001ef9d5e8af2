package skypetest

import (
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// Data is the state with which a [Server] starts. The server copies what it
// changes, so that several servers may share one Data.
type Data struct {
	Accounts []Account // all accounts of the service; [Server.Client] signs in the first
	Bots     []Bot     // the directory of bots
}

// Account is an account with its profile and lists.
type Account struct {
	MRI skypecontacts.MRI
	// SkypeToken and RegistrationToken authenticate the account. The server makes
	// up those that are empty.
	SkypeToken        string
	RegistrationToken string

	Profile   Profile
	Contacts  []Contact
	Groups    []Group
	Blocklist []skypecontacts.MRI
	Invites   []Invite            // pending, to this account
	Messenger []skypecontacts.MRI // the messenger's contact list
	Presence  string              // such as "Online", "Away" or "Busy"; empty is "Offline"

	// Spelling chooses the form of the members about this account in responses,
	// where the [Style] has several: absent, null or empty, number or word, upper or
	// lower case. 0 is the first form of every member; every other number makes
	// another choice for each.
	Spelling uint64
}

// Profile is what an account shows of its owner. Empty fields are not set.
type Profile struct {
	DisplayName string
	FirstName   string // the full name in accounts older than LastName
	LastName    string
	Nickname    string
	Company     string
	Gender      string // "male", "female" or empty
	Birthday    string // as YYYY-MM-DD
	Age         int    // only in the directory
	Language    string
	Locations   []Location // flat profiles and the directory have only the first
	Phones      []Phone
	Emails      []string
	Mood        string // HTML
	About       string
	Homepage    string
	JobTitle    string
	AvatarURL   string
	// Avatar is the file of the picture. With an AvatarURL alone the account has a colored
	// square, and with an Avatar alone the server makes up the AvatarURL.
	Avatar []byte
	// AvatarPrivate keeps the picture from requests without the auth_key of AvatarURL, except
	// the account's own.
	AvatarPrivate bool
}

// Location is an address of a person.
type Location struct {
	Type        string // "home" or "work"
	City        string
	State       string
	Country     string // two letters in lower case
	CountryName string // in English; only in the directory
}

// Phone is a telephone number with its type: "home", "office", "mobile" or
// "other".
type Phone struct{ Number, Type string }

// Contact is an entry of an account's contact list. In responses the entry has
// the profile of the other account, and is blocked if that is on the blocklist.
//
// An authorization is mutual: if the other account is in the same [Data], it gets
// an authorized entry as well.
type Contact struct {
	MRI         skypecontacts.MRI
	DisplayName string // replaces the display name in the other's profile
	Authorized  bool
	Explicit    bool // added by the user
	Favorite    bool
	Suggested   bool
	Phones      []Phone // added by the account, apart from those in the profile
	AddedAt     time.Time
	Source      string // how the contact was added, such as "add_contact"
}

// Group is a named list of contacts of an account.
type Group struct {
	ID         string
	Name       string
	IsFavorite bool
	Contacts   []skypecontacts.MRI
}

// Invite is a pending invite to an account.
type Invite struct {
	From     skypecontacts.MRI
	Messages []Message // one for each time it was sent
}

// Message is the greeting of an invite, which may be empty.
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
	TileURL      string // of the picture, in all sizes
	Trusted      bool
	Rating       float64
	Locales      []string
	Capabilities []string
	Disclosures  []string // what the bot does that users should know, such as "all.groups.messages": it reads all messages of a group
	Spelling     uint64   // like that of an [Account]
}
