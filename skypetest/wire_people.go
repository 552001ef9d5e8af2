package skypetest

// peopleProfile is a profile of the people host. Its members are those that Miranda
// (2024) and a python script read; empty ones are absent.
func peopleProfile(a *accountState) jsonObject {
	p := &a.profile
	o := jsonObject{}
	city, country := "", ""
	if len(p.Locations) > 0 {
		city, country = p.Locations[0].City, p.Locations[0].Country
	}
	for name, value := range map[string]string{
		"displayName": p.DisplayName, "birthday": p.Birthday, "city": city, "country": country, "about": p.About,
		"homepage": p.Homepage, "avatarUrl": p.AvatarURL, "mood": p.Mood, "language": p.Language,
		"gender": directoryGender(p.Gender),
	} {
		setNonEmpty(o, name, value)
	}
	return o
}
