package skypetest

// peopleProfile is a profile of the people host. Its members are those that Miranda
// (2024) and a python script read; empty ones are absent.
func peopleProfile(a *accountState) objectMembers {
	p := &a.profile
	o := objectMembers{}
	city, country := "", ""
	if len(p.Locations) > 0 {
		city, country = p.Locations[0].City, p.Locations[0].Country
	}
	o.setNonEmpty("displayName", p.DisplayName)
	o.setNonEmpty("birthday", p.Birthday)
	o.setNonEmpty("city", city)
	o.setNonEmpty("country", country)
	o.setNonEmpty("about", p.About)
	o.setNonEmpty("homepage", p.Homepage)
	o.setNonEmpty("avatarUrl", p.AvatarURL)
	o.setNonEmpty("mood", p.Mood)
	o.setNonEmpty("language", p.Language)
	o.setNonEmpty("gender", directoryGender(p.Gender))
	return o
}
