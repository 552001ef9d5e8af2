package skypetest

import (
	"strconv"
	"strings"
)

// directoryEntry is a search result. Empty members are absent.
func directoryEntry(a *accountState) objectMembers {
	sp, p := a.spelling, &a.profile
	o := objectMembers{{"skypeId", mriName(a.mri)}, {"name", directoryName(p)}, {"contactType", sp.form(contactTypeMember)}}
	if sp.form(skypeIDMember) == formMRI {
		o.set("skypeId", a.mri)
	}
	o.setNonEmpty("avatarUrl", p.AvatarURL)
	o.setNonEmpty("about", p.About)
	o.setNonEmpty("language", p.Language)
	if p.Age > 0 {
		o.set("age", strconv.Itoa(p.Age))
	}
	o.setNonEmpty("gender", directoryGender(p.Gender))
	if len(p.Locations) > 0 {
		location := p.Locations[0]
		o.setNonEmpty("city", location.City)
		o.setNonEmpty("state", location.State)
		o.setNonEmpty("countryCode", location.Country)
		o.setNonEmpty("country", location.CountryName)
	}
	return objectMembers{{"nodeProfileData", o}}
}

// directoryName is the name by which the directory lists a person.
func directoryName(p *Profile) string {
	if name := strings.TrimSpace(p.FirstName + " " + p.LastName); name != "" {
		return name
	}
	return p.DisplayName
}

// directoryGender is a number in a string, or empty.
func directoryGender(gender string) string {
	return map[string]string{"male": "1", "female": "2"}[gender]
}

// legacyDirectoryEntry is a search result of the api host. Empty members are
// absent.
func legacyDirectoryEntry(a *accountState) objectMembers {
	p := &a.profile
	card := objectMembers{{"SkypeName", mriName(a.mri)}}
	card.setNonEmpty("DisplayName", directoryName(p))
	card.setNonEmpty("About", p.About)
	card.setNonEmpty("Language", p.Language)
	if p.Age > 0 {
		card.set("Age", strconv.Itoa(p.Age))
	}
	card.setNonEmpty("Gender", directoryGender(p.Gender))
	cards := objectMembers{{"Skype", card}}
	if len(p.Locations) > 0 {
		location := objectMembers{}
		location.setNonEmpty("City", p.Locations[0].City)
		location.setNonEmpty("Country", p.Locations[0].Country)
		location.setNonEmpty("Province", p.Locations[0].State)
		cards.set("CurrentLocation", location)
	}
	return objectMembers{{"ContactCards", cards}}
}

// foundUser is the entry of the account with a name that a client looked for. Its
// members are those that the official client reads; empty ones are absent.
func foundUser(a *accountState) objectMembers {
	p := &a.profile
	o := objectMembers{{"skypename", mriName(a.mri)}}
	location := Location{}
	if len(p.Locations) > 0 {
		location = p.Locations[0]
	}
	o.setNonEmpty("fullname", directoryName(p))
	o.setNonEmpty("city", location.City)
	o.setNonEmpty("province", location.State)
	o.setNonEmpty("key_country", location.Country)
	return o
}
