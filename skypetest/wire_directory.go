package skypetest

import (
	"strconv"
	"strings"
)

// directoryEntry is a search result. Empty members are absent.
func directoryEntry(a *accountState) jsonObject {
	sp, p := a.spelling, &a.profile
	o := jsonObject{"skypeId": mriName(a.mri), "name": directoryName(p), "contactType": "Skype"}
	if sp.choose("skypeId", 6) == 5 {
		o["skypeId"] = a.mri
	}
	if sp.choose("contactType", 2) == 1 {
		o["contactType"] = "Skype4Consumer"
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
	if code := genderCode(0, p.Gender); code != nil {
		o["gender"] = code
	}
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
	if code := genderCode(0, p.Gender); code != nil {
		card["Gender"] = code
	}
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
