package export

import (
	"slices"

	"github.com/skypecontacts/skypecontacts"
)

// lossyField is a field, or a part of one, that some format cannot hold.
type lossyField struct {
	name  string // as in Report.NotHeld
	isSet func(*skypecontacts.Contact) bool
}

// lossyFields has every field that some format cannot hold, except Extra, which
// only JSONLines holds, and those of which a [formatWriter] counts the lost values. [formatTable] says which of them a format holds.
var lossyFields = []lossyField{
	{"person_id", func(c *skypecontacts.Contact) bool {
		return c.PersonID != "" && !c.MRI.Equal(skypecontacts.MRI(c.PersonID))
	}},
	{"display_name_source", func(c *skypecontacts.Contact) bool { return c.DisplayNameSource != "" }},
	{"authorized", func(c *skypecontacts.Contact) bool { return c.Authorized }},
	{"auth_certificate", func(c *skypecontacts.Contact) bool { return c.AuthCertificate != "" }},
	{"blocked", func(c *skypecontacts.Contact) bool { return c.Blocked }},
	{"explicit", func(c *skypecontacts.Contact) bool { return c.Explicit }},
	{"favorite", func(c *skypecontacts.Contact) bool { return c.Favorite }},
	{"suggested", func(c *skypecontacts.Contact) bool { return c.Suggested }},
	{"agent", func(c *skypecontacts.Contact) bool { return c.Agent != nil }},
	{"email_hashes", func(c *skypecontacts.Contact) bool { return len(c.EmailHashes) > 0 }},
	{"phone_hashes", func(c *skypecontacts.Contact) bool { return len(c.PhoneHashes) > 0 }},
	{"created_at", func(c *skypecontacts.Contact) bool { return !c.CreatedAt.IsZero() }},
	{"sources", func(c *skypecontacts.Contact) bool { return len(c.Sources) > 0 }},
	{"profile.display_name", func(c *skypecontacts.Contact) bool {
		return c.Profile.DisplayName != "" && c.Profile.DisplayName != c.FullName()
	}},
	{"profile.gender", func(c *skypecontacts.Contact) bool { return c.Profile.Gender != "" }},
	{"profile.birthday", func(c *skypecontacts.Contact) bool { return fullBirthday(c) != c.Profile.Birthday }},
	{"profile.locations.type", func(c *skypecontacts.Contact) bool {
		return slices.ContainsFunc(contactLocations(c), func(l skypecontacts.Location) bool {
			return !slices.Contains([]string{"", "home", "work", "other"}, l.Type)
		})
	}},
	{"profile.locations.country", func(c *skypecontacts.Contact) bool {
		return slices.ContainsFunc(contactLocations(c), func(l skypecontacts.Location) bool { return l.Country != "" && l.CountryName != "" })
	}},
	{"profile.phones.type", func(c *skypecontacts.Contact) bool {
		unknown := func(p skypecontacts.Phone) bool {
			return !p.Type.Known() && p.Type != "" && p.Type != phoneFax && p.Type != phonePager
		}
		some := slices.ContainsFunc(c.Profile.Phones, unknown) || slices.ContainsFunc(c.Phones, unknown)
		return some && slices.ContainsFunc(contactPhones(c), unknown) // which takes longer
	}},
	{"profile.age", func(c *skypecontacts.Contact) bool { return c.Profile.Age != 0 }},
	{"profile.language", func(c *skypecontacts.Contact) bool { return c.Profile.Language != "" }},
	{"profile.mood", func(c *skypecontacts.Contact) bool { return c.Profile.Mood != skypecontacts.Mood{} }},
	{"profile.avatar_url", func(c *skypecontacts.Contact) bool { return c.Profile.AvatarURL != "" }},
}
