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
		if value != "" {
			o[name] = value
		}
	}
	return o
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
		if value != "" {
			o[name] = value
		}
	}
	return o
}
