package importers

import (
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Person is what another program reads of an entry.
type Person struct {
	UID      string      `json:"uid"`
	Shown    string      `json:"shown"`
	First    string      `json:"first"`
	Last     string      `json:"last"`
	Suffix   string      `json:"suffix"`
	Nickname string      `json:"nickname"`
	Company  string      `json:"company"`
	Phones   [][2]string `json:"phones"` // type and number
	Birthday string      `json:"birthday"`
	Place    [3]string   `json:"place"` // city, state and country
	Skype    string      `json:"skype"`
	Chat     string      `json:"chat"`
	Homepage string      `json:"homepage"`
	Note     string      `json:"note"`
}

// Expected returns what another program has to read of contacts, with the names that a
// format has for types of numbers. It leaves UID empty.
func Expected(contacts []*skypecontacts.Contact, types map[skypecontacts.PhoneType]string) []Person {
	var list []Person
	for _, c := range contacts {
		p := &c.Profile
		e := Person{
			Shown: c.FullName(), First: p.Name.First, Last: p.Name.Last, Nickname: p.Name.Nickname,
			Company: p.Name.Company, Phones: [][2]string{}, Birthday: p.Birthday.String(),
			Skype: c.MRI.ID(), Chat: "skype:" + c.MRI.ID(), Homepage: p.Homepage, Note: p.About,
		}
		switch {
		case e.Shown == e.Company: // it has no name of a person
		case e.First+e.Last == "" && e.Shown != c.DisplayName: // a nickname is not split
			e.First = e.Shown
		case e.First+e.Last == "":
			e.First, e.Last = skypecontacts.SplitName(e.Shown)
			if e.Last == "Jr." {
				e.Suffix = e.Last
				e.First, e.Last = skypecontacts.SplitName(strings.TrimSuffix(e.First, ","))
			}
		case e.Nickname == "" && e.Shown != JoinedName(e.First, e.Last):
			e.Nickname = e.Shown // the user has renamed the contact
		}
		if odd, is := oddNames[c.MRI]; is {
			e.First, e.Last, e.Suffix, e.Nickname = odd.given, odd.family, odd.suffix, odd.nickname
		}
		for _, phone := range p.Phones {
			e.Phones = append(e.Phones, [2]string{types[phone.Type], phone.Number})
		}
		for _, location := range p.Locations {
			e.Place = [3]string{location.City, location.State, countryName(location.Country)}
		}
		list = append(list, e)
	}
	return list
}

// JoinedName returns the parts of a name that are not blank, joined by spaces.
func JoinedName(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
}

// countryName returns the English name of a country. Package export has a table of its
// own.
func countryName(code skypecontacts.CountryCode) string {
	return display.English.Regions().Name(language.MustParseRegion(string(code)))
}
