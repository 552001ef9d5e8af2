package skypetest

import (
	"strconv"
	"strings"
)

// flatProfile is a profile of the api and profile hosts. It has fewer members if
// it is not the own profile.
func flatProfile(a *accountState, own bool) jsonObject {
	sp, p := a.spelling, &a.profile
	o := jsonObject{"username": mriName(a.mri)}
	location := Location{}
	if len(p.Locations) > 0 {
		location = p.Locations[0]
	}
	sp.setProfileText(o, "firstname", p.FirstName)
	sp.setProfileText(o, "lastname", p.LastName)
	sp.setProfileText(o, "city", location.City)
	sp.setProfileText(o, "country", sp.letterCase("country", location.Country))
	sp.setProfileText(o, "avatarUrl", p.AvatarURL)
	if namespace, _, ok := strings.Cut(mriName(a.mri), ":"); ok {
		o["namespace"] = namespace
	}
	if !own {
		sp.setProfileText(o, "displayname", p.DisplayName)
		o["mood"], o["richMood"] = nil, nil // clients recorded no other value
		if sp == 0 {
			sp.setProfileText(o, "mood", plainMood(p.Mood))
			sp.setProfileText(o, "richMood", p.Mood)
		}
		return o
	}
	if sp.choose("displayname", 2) == 1 {
		sp.setProfileText(o, "displayname", p.DisplayName)
	}
	sp.setProfileText(o, "birthday", p.Birthday)
	sp.setProfileText(o, "language", sp.letterCase("language", p.Language))
	sp.setProfileText(o, "province", location.State)
	sp.setProfileText(o, "homepage", p.Homepage)
	sp.setProfileText(o, "about", p.About)
	sp.setProfileText(o, "jobtitle", p.JobTitle)
	sp.setProfileText(o, "mood", plainMood(p.Mood))
	sp.setProfileText(o, "richMood", p.Mood)
	for _, phoneMember := range []struct{ phoneType, name string }{{"home", "phoneHome"}, {"office", "phoneOffice"}, {"mobile", "phoneMobile"}} {
		number := ""
		for _, phone := range p.Phones {
			if phone.Type == phoneMember.phoneType {
				number = phone.Number
			}
		}
		sp.setProfileText(o, phoneMember.name, number)
	}
	o["gender"] = genderCode(sp, p.Gender)
	var emails []any
	for _, e := range p.Emails {
		emails = append(emails, e)
	}
	sp.setList(o, "emails", emails)
	return o
}

// genderCode is a number, the same number in a string, or null.
func genderCode(sp spellingSeed, gender string) any {
	code := map[string]int{"male": 1, "female": 2}[gender]
	switch {
	case code == 0:
		return nil
	case sp.choose("gender", 2) == 1:
		return code
	default:
		return strconv.Itoa(code)
	}
}

// htmlEntities replaces the entities of a mood.
var htmlEntities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`)

// plainMood is the text of a mood without its markup.
func plainMood(mood string) string {
	var text strings.Builder
	for mood != "" {
		before, tag, _ := strings.Cut(mood, "<")
		text.WriteString(before)
		_, mood, _ = strings.Cut(tag, ">")
	}
	return htmlEntities.Replace(text.String())
}
