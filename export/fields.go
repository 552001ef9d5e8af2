package export

import (
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// field is something a contact may say that not every format has a place for.
type field struct {
	name   string
	set    func(*skypecontacts.Contact) bool
	heldBy []Format // besides JSONLines, which holds everything
}

// fields lists what is lost somewhere. Extra is not among them: JSONLines alone
// holds it.
var fields = []field{
	{"person_id", func(c *skypecontacts.Contact) bool {
		return c.PersonID != "" && !c.MRI.Equal(skypecontacts.MRI(c.PersonID))
	}, nil},
	{"display_name_source", func(c *skypecontacts.Contact) bool { return c.DisplayNameSource != "" }, nil},
	{"authorized", func(c *skypecontacts.Contact) bool { return c.Authorized }, nil},
	{"auth_certificate", func(c *skypecontacts.Contact) bool { return c.AuthCertificate != "" }, nil},
	{"blocked", func(c *skypecontacts.Contact) bool { return c.Blocked }, nil},
	{"explicit", func(c *skypecontacts.Contact) bool { return c.Explicit }, nil},
	{"favorite", func(c *skypecontacts.Contact) bool { return c.Favorite }, []Format{GoogleCSV}},
	{"suggested", func(c *skypecontacts.Contact) bool { return c.Suggested }, nil},
	{"agent", func(c *skypecontacts.Contact) bool { return c.Agent != nil }, nil},
	{"email_hashes", func(c *skypecontacts.Contact) bool { return len(c.EmailHashes) > 0 }, nil},
	{"phone_hashes", func(c *skypecontacts.Contact) bool { return len(c.PhoneHashes) > 0 }, nil},
	{"created_at", func(c *skypecontacts.Contact) bool { return !c.CreatedAt.IsZero() }, []Format{VCard4, JSContact}},
	{"sources", func(c *skypecontacts.Contact) bool { return len(c.Sources) > 0 }, nil},
	{"profile.display_name", func(c *skypecontacts.Contact) bool {
		return c.Profile.DisplayName != "" && c.Profile.DisplayName != c.FullName()
	}, nil},
	{"profile.gender", func(c *skypecontacts.Contact) bool { return c.Profile.Gender != "" }, []Format{VCard4, OutlookCSV}},
	{"profile.birthday", func(c *skypecontacts.Contact) bool { return birthday(c) != c.Profile.Birthday }, nil},
	{"profile.locations.type", func(c *skypecontacts.Contact) bool {
		return slices.ContainsFunc(places(c), func(l skypecontacts.Location) bool {
			return !slices.Contains([]string{"", "home", "work", "other"}, l.Type)
		})
	}, []Format{GoogleCSV, OutlookCSV}}, // Outlook counts them itself
	{"profile.locations.country", func(c *skypecontacts.Contact) bool {
		return slices.ContainsFunc(places(c), func(l skypecontacts.Location) bool { return l.Country != "" && l.CountryName != "" })
	}, []Format{JSContact}},
	{"profile.phones.type", func(c *skypecontacts.Contact) bool {
		return slices.ContainsFunc(phones(c), func(p skypecontacts.Phone) bool {
			return !p.Type.Known() && p.Type != "" && p.Type != phoneFax && p.Type != phonePager
		})
	}, []Format{GoogleCSV, OutlookCSV, JSContact}},
	{"profile.homepage", func(c *skypecontacts.Contact) bool {
		return strings.TrimSpace(c.Profile.Homepage) != "" && homepage(c) == ""
	}, []Format{GoogleCSV, OutlookCSV}},
	{"profile.age", func(c *skypecontacts.Contact) bool { return c.Profile.Age != 0 }, nil},
	{"profile.language", func(c *skypecontacts.Contact) bool { return c.Profile.Language != "" }, []Format{VCard4, OutlookCSV, JSContact}},
	{"profile.mood", func(c *skypecontacts.Contact) bool { return c.Profile.Mood != skypecontacts.Mood{} }, nil},
	{"profile.avatar_url", func(c *skypecontacts.Contact) bool { return c.Profile.AvatarURL != "" }, []Format{VCard3, VCard4, GoogleCSV, JSContact}},
}
