package skypetest

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// setProfile replaces the profile of an account. It reports whether that changed
// anything; then the entries that other accounts have for it are in their deltas.
func (s *serviceState) setProfile(a *accountState, p Profile) bool {
	if sameProfile(&a.profile, &p) {
		return false
	}
	for _, member := range profileTexts {
		a.markRemoved(member.name, *member.of(&a.profile), *member.of(&p))
	}
	a.markRemoved("avatarUrl", a.profile.AvatarURL, p.AvatarURL)
	a.profile = p
	for _, other := range s.accounts {
		other.markContact(a.mri)
	}
	return true
}

// markRemoved remembers that a member of the profile was removed, until it is set again.
func (a *accountState) markRemoved(name, before, after string) {
	a.removed[name] = after == "" && (before != "" || a.removed[name])
}

// sameProfile compares the members that a client can change.
func sameProfile(a, b *Profile) bool {
	texts := func(p *Profile) (list []string) {
		for _, member := range profileTexts {
			list = append(list, *member.of(p))
		}
		return list
	}
	return slices.Equal(texts(a), texts(b)) && slices.Equal(a.Locations, b.Locations) && a.AvatarURL == b.AvatarURL
}

// profileText is a string of a profile. Its name is that in the flat profiles.
type profileText struct {
	name string
	of   func(*Profile) *string
}

// profileTexts is the strings that a profile has itself. Recorded in an update are
// firstname, lastname (go-skypeapi), mood and richMood (go-skypeapi, Miranda); the
// others have the names under which the profile is read.
var profileTexts = []profileText{
	{"firstname", func(p *Profile) *string { return &p.FirstName }},
	{"lastname", func(p *Profile) *string { return &p.LastName }},
	{"displayname", func(p *Profile) *string { return &p.DisplayName }},
	{"richMood", func(p *Profile) *string { return &p.Mood }},
	{"about", func(p *Profile) *string { return &p.About }},
	{"homepage", func(p *Profile) *string { return &p.Homepage }},
	{"jobtitle", func(p *Profile) *string { return &p.JobTitle }},
	{"birthday", func(p *Profile) *string { return &p.Birthday }},
	{"language", func(p *Profile) *string { return &p.Language }},
	{"gender", func(p *Profile) *string { return &p.Gender }},
}

// genderWords has the genders of [Profile] for the forms in which the flat profiles have
// them; 0 was seen in an own profile that says nothing.
var genderWords = map[string]string{"": "", "0": "", "1": "male", "2": "female"}

type locationText struct {
	name string
	of   func(*Location) *string
}

// locationTexts is the strings of the first location, which is the one that flat
// profiles have.
var locationTexts = []locationText{
	{"city", func(l *Location) *string { return &l.City }},
	{"province", func(l *Location) *string { return &l.State }},
	{"country", func(l *Location) *string { return &l.Country }},
}

// isProfileText reports whether an update has a member of that name.
func isProfileText(name string) bool {
	return name == "mood" || slices.ContainsFunc(profileTexts, func(m profileText) bool { return m.name == name }) ||
		slices.ContainsFunc(locationTexts, func(m locationText) bool { return m.name == name })
}

// updatedProfile returns a profile with new values for some members; it ignores
// names that no member has. A display name that was made of the first and last name
// follows them. The age is that of a new birthday, and a new country has no name: the
// data has names only for the countries in it.
func updatedProfile(p Profile, values map[string]string, now time.Time) Profile {
	birthday, derived := p.Birthday, p.DisplayName == "" || p.DisplayName == fullName(&p)
	for _, member := range profileTexts {
		if value, given := values[member.name]; given {
			*member.of(&p) = value
		}
	}
	if mood, given := values["mood"]; given && values["richMood"] == "" {
		p.Mood = moodEscapes.Replace(mood) // mood is plain, the profile's is HTML
	}
	if _, given := values["displayname"]; !given && derived {
		p.DisplayName = cmp.Or(fullName(&p), p.DisplayName)
	}
	if p.Birthday != birthday {
		p.Age = ageAt(now, p.Birthday)
	}
	p.Locations = slices.Clone(p.Locations) // the slice belongs to the caller's Data
	for _, member := range locationTexts {
		value, given := values[member.name]
		if value != "" && len(p.Locations) == 0 {
			p.Locations = []Location{{Type: "home"}}
		}
		if given && len(p.Locations) > 0 {
			setLocation(&p.Locations[0], member, value)
		}
	}
	return p
}

// setLocation sets a string of a location. Countries are in lower case as in [Data].
func setLocation(l *Location, member locationText, value string) {
	if member.name != "country" {
		*member.of(l) = value
	} else if country := lowerASCII(value); country != lowerASCII(l.Country) {
		l.Country, l.CountryName = country, ""
	}
}

// ageAt is the age of a person with that birthday, 0 if it is no date.
func ageAt(now time.Time, birthday string) int {
	born, err := time.Parse(time.DateOnly, birthday)
	if err != nil || born.After(now) {
		return 0
	}
	age := now.Year() - born.Year()
	if born.AddDate(age, 0, 0).After(now) {
		age--
	}
	return age
}

var moodEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func fullName(p *Profile) string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }
