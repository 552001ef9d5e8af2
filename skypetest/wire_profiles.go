package skypetest

import (
	"strconv"
	"strings"
)

// profileMembers is which members a flat profile may have. The style decides which of
// them a batch has.
type profileMembers int

const (
	documentedMembers   profileMembers = iota // POST contacts/profiles: name, place, picture, mood
	apiBatchMembers                           // POST batch/profiles of the api host, and public profiles: also gender and emails
	profileBatchMembers                       // POST batch/profiles of the profile host: all
	ownMembers                                // the own profile: all, with e-mail addresses
)

// beyondDocumented reports whether a spelling has the gender and emails, and the other
// members that documentedMembers has not.
func (m profileMembers) beyondDocumented(sp spelling) (gender, details bool) {
	switch m {
	case apiBatchMembers:
		return sp.has(batchGenderMember), false
	case profileBatchMembers:
		all := sp.has(batchDetailMember)
		return all, all
	default:
		return m == ownMembers, m == ownMembers
	}
}

// flatProfile is a profile of the api and profile hosts.
func flatProfile(a *accountState, members profileMembers) objectMembers {
	sp, p := a.spelling, &a.profile
	o := objectMembers{{"username", mriName(a.mri)}}
	location := Location{}
	if len(p.Locations) > 0 {
		location = p.Locations[0]
	}
	// Nothing is the text "null", in no style. Miranda guards against it, but its JSON
	// library made that text of a JSON null until 2017-02, and no other source has it.
	set := func(name, value string) { sp.setText(&o, flatTextMember, name, value) }
	setFirstName(&o, sp, firstNameMember, "firstname", a)
	set("lastname", p.LastName)
	set("city", location.City)
	set("country", sp.letterCase("country", location.Country))
	set("avatarUrl", p.AvatarURL)
	if namespace, _, ok := strings.Cut(mriName(a.mri), ":"); ok {
		o.set("namespace", namespace)
	}
	if members != ownMembers || sp.has(ownDisplayMember) {
		set("displayname", p.DisplayName)
	}
	// Only the style says whether others see a mood here, so that they see the change by
	// an update in all profiles or in none.
	if members == ownMembers || sp.has(batchMoodMember) {
		set("mood", plainMood(p.Mood))
		set("richMood", p.Mood)
	} else {
		o.set("mood", nil)
		o.set("richMood", nil)
	}
	gender, details := members.beyondDocumented(sp)
	if gender {
		o.set("gender", genderCode(sp, p.Gender))
		emails := p.Emails
		if members != ownMembers {
			emails = nil // no source has a real address of anybody else
		}
		sp.setList(&o, emailsMember, "emails", anyList(emails))
	}
	if details {
		setDetails(&o, sp, p, location)
	}
	return o
}

// setFirstName sets the first name, which some styles never leave empty.
func setFirstName(o *objectMembers, sp spelling, kind memberKind, name string, a *accountState) {
	first := a.profile.FirstName
	if first == "" && sp.formOf(kind, name) == formFallback {
		first = shownName(a)
	}
	sp.setText(o, kind, name, first)
}

// setDetails sets the members that a batch of the api host lacks.
func setDetails(o *objectMembers, sp spelling, p *Profile, location Location) {
	for _, member := range []struct{ name, value string }{
		{"birthday", p.Birthday},
		{"language", sp.letterCase("language", p.Language)},
		{"province", location.State},
		{"homepage", p.Homepage},
		{"about", p.About},
		{"jobtitle", p.JobTitle},
		{"phoneHome", phoneOfType(p.Phones, "home")},
		{"phoneOffice", phoneOfType(p.Phones, "office")},
		{"phoneMobile", phoneOfType(p.Phones, "mobile")},
	} {
		sp.setText(o, flatTextMember, member.name, member.value)
	}
}

// phoneOfType returns the last number of a type, or nothing.
func phoneOfType(phones []Phone, phoneType string) (number string) {
	for _, phone := range phones {
		if phone.Type == phoneType {
			number = phone.Number
		}
	}
	return number
}

// shownName is a person's display name, or else the Skype name.
func shownName(a *accountState) string {
	if a.profile.DisplayName != "" {
		return a.profile.DisplayName
	}
	return mriName(a.mri)
}

// genderCode is a number, the same number in a string, or null.
func genderCode(sp spelling, gender string) any {
	code := map[string]int{"male": 1, "female": 2}[gender]
	switch {
	case code == 0:
		return nil
	case sp.form(genderMember) == formNumber:
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
