package skypetest

import (
	"strconv"
	"strings"
)

// directoryEntry is a search result. Empty members are absent.
func directoryEntry(a *accountState) jsonObject {
	sp, p := a.spelling, &a.profile
	o := jsonObject{"skypeId": mriName(a.mri), "name": directoryName(p), "contactType": sp.form(contactTypeMember)}
	if sp.form(skypeIDMember) == formMRI {
		o["skypeId"] = a.mri
	}
	setNonEmpty(o, "avatarUrl", p.AvatarURL)
	setNonEmpty(o, "about", p.About)
	setNonEmpty(o, "language", p.Language)
	if p.Age > 0 {
		o["age"] = strconv.Itoa(p.Age)
	}
	setNonEmpty(o, "gender", directoryGender(p.Gender))
	if len(p.Locations) > 0 {
		location := p.Locations[0]
		setNonEmpty(o, "city", location.City)
		setNonEmpty(o, "state", location.State)
		setNonEmpty(o, "countryCode", location.Country)
		setNonEmpty(o, "country", location.CountryName)
	}
	return jsonObject{"nodeProfileData": o}
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
func legacyDirectoryEntry(a *accountState) jsonObject {
	p := &a.profile
	card := jsonObject{"SkypeName": mriName(a.mri)}
	setNonEmpty(card, "DisplayName", directoryName(p))
	setNonEmpty(card, "About", p.About)
	setNonEmpty(card, "Language", p.Language)
	if p.Age > 0 {
		card["Age"] = strconv.Itoa(p.Age)
	}
	setNonEmpty(card, "Gender", directoryGender(p.Gender))
	cards := jsonObject{"Skype": card}
	if len(p.Locations) > 0 {
		location := jsonObject{}
		setNonEmpty(location, "City", p.Locations[0].City)
		setNonEmpty(location, "Country", p.Locations[0].Country)
		setNonEmpty(location, "Province", p.Locations[0].State)
		cards["CurrentLocation"] = location
	}
	return jsonObject{"ContactCards": cards}
}

// foundUser is the entry of the account with a name that a client looked for. Its
// members are those that the official client reads; empty ones are absent.
func foundUser(a *accountState) jsonObject {
	p := &a.profile
	o := jsonObject{"skypename": mriName(a.mri)}
	location := Location{}
	if len(p.Locations) > 0 {
		location = p.Locations[0]
	}
	for name, value := range map[string]string{
		"fullname": directoryName(p), "city": location.City, "province": location.State, "key_country": location.Country,
	} {
		setNonEmpty(o, name, value)
	}
	return o
}
