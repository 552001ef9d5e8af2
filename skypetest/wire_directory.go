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
	set := func(name, value string) {
		if value != "" {
			o[name] = value
		}
	}
	set("avatarUrl", p.AvatarURL)
	set("about", p.About)
	set("language", p.Language)
	if p.Age > 0 {
		o["age"] = strconv.Itoa(p.Age)
	}
	set("gender", directoryGender(p.Gender))
	if len(p.Locations) > 0 {
		location := p.Locations[0]
		set("city", location.City)
		set("state", location.State)
		set("countryCode", location.Country)
		set("country", location.CountryName)
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
	set := func(o jsonObject, name, value string) {
		if value != "" {
			o[name] = value
		}
	}
	set(card, "DisplayName", directoryName(p))
	set(card, "About", p.About)
	set(card, "Language", p.Language)
	if p.Age > 0 {
		card["Age"] = strconv.Itoa(p.Age)
	}
	set(card, "Gender", directoryGender(p.Gender))
	cards := jsonObject{"Skype": card}
	if len(p.Locations) > 0 {
		location := jsonObject{}
		set(location, "City", p.Locations[0].City)
		set(location, "Country", p.Locations[0].Country)
		set(location, "Province", p.Locations[0].State)
		cards["CurrentLocation"] = location
	}
	return jsonObject{"ContactCards": cards}
}
