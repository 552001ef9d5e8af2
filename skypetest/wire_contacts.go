package skypetest

import (
	"maps"
	"strconv"
)

// contactV2 is an entry of the contact list. It has the spelling of the account
// or bot that it is for.
func (s *serviceState) contactV2(owner *accountState, entry *contactEntry) jsonObject {
	prefix, name := splitMRI(entry.MRI)
	other, bot := s.accountByKey[mriKey(entry.MRI)], s.botByKey[mriKey(entry.MRI)]
	var sp spellingSeed
	switch {
	case other != nil:
		sp = other.spelling
	case bot != nil:
		sp = spellingSeed(bot.Spelling)
	}

	o := jsonObject{"mri": entry.MRI}
	switch sp.choose("person_id", 3) {
	case 0:
		o["person_id"] = entry.MRI
	case 1:
		o["person_id"] = sp.uuid("person")
	}
	setNameV2(o, sp, entry, other, bot)
	setFlagsV2(o, sp, owner, entry)
	if !entry.AddedAt.IsZero() {
		o["creation_time"] = sp.formatTime("creation_time", entry.AddedAt)
		o["relationship_history"] = historyV2(sp, entry)
	}
	if len(entry.Phones) > 0 {
		o["phones"] = phonesV2(sp, entry.Phones)
	} else if prefix == "4" {
		o["phones"] = phonesV2(sp, []Phone{{name, "other"}})
	}
	switch {
	case bot != nil:
		o["agent"] = agentV2(sp, bot)
		o["profile"] = jsonObject{"name": jsonObject{"first": bot.DisplayName, "company": bot.Developer}, "avatar_url": bot.TileURL}
	case other != nil && sp.choose("profile", 12) != 11:
		o["profile"] = profileV2(sp, &other.profile)
	}
	return o
}

// setNameV2 sets the display name and its source.
func setNameV2(o jsonObject, sp spellingSeed, entry *contactEntry, other *accountState, bot *Bot) {
	name, source := mriName(entry.MRI), "identifier"
	switch {
	case entry.DisplayName != "":
		name, source = entry.DisplayName, "user_edits"
	case bot != nil:
		name, source = bot.DisplayName, "profile"
	case other != nil && other.profile.DisplayName != "":
		name, source = other.profile.DisplayName, "profile"
	}
	switch sp.choose("display_name", 12) {
	case 10:
		name = ""
	case 11:
		return
	}
	o["display_name"] = name
	if sp.choose("display_name_source", 2) == 0 {
		o["display_name_source"] = source
	}
}

// setFlagsV2 sets the members that describe the relation of the two accounts.
func setFlagsV2(o jsonObject, sp spellingSeed, owner *accountState, entry *contactEntry) {
	sp.setFlag(o, "authorized", entry.Authorized)
	if entry.Authorized {
		name := "auth_certificate"
		if sp.choose(name, 4) == 3 {
			name = "auth-certificate" // only in the documentation
		}
		o[name] = sp.certificate(mriKey(owner.mri) + mriKey(entry.MRI))
	}
	sp.setFlag(o, "blocked", owner.blocklist.get(mriKey(entry.MRI)) != nil)
	sp.setFlag(o, "explicit", entry.Explicit)
	if entry.Favorite {
		o["favorite"] = true
	}
	if entry.Suggested {
		o["suggested"] = true
		switch sp.choose("hashes", 4) {
		case 1:
			o["email_hashes"] = []string{sp.certificate("email")}
		case 2:
			o["phone_hashes"] = []string{sp.certificate("phone")}
		case 3:
			o["email_hashes"], o["phone_hashes"] = []string{}, nil
		}
	}
	switch sp.choose("workloads", 8) {
	case 6:
		o["workloads"] = nil
	case 7:
		o["workloads"] = "skype"
	}
	if sp.choose("gone", 24) == 23 {
		o["gone"] = true
	}
}

// historyV2 is the relationship_history, which says how the contact came about.
func historyV2(sp spellingSeed, entry *contactEntry) jsonObject {
	if entry.Source == "" || sp.choose("sources", 8) == 7 {
		return jsonObject{}
	}
	source := jsonObject{"type": entry.Source, "time": sp.formatTime("source", entry.AddedAt)}
	if sp.choose("subtype", 2) == 0 {
		source["subtype"] = "t1"
	}
	return jsonObject{"sources": []jsonObject{source}}
}

// profileV2 is the profile object of a contact.
func profileV2(sp spellingSeed, p *Profile) jsonObject {
	o := jsonObject{}
	sp.setText(o, "avatar_url", p.AvatarURL)
	sp.setText(o, "birthday", p.Birthday)
	sp.setText(o, "gender", p.Gender)
	sp.setText(o, "language", sp.letterCase("language", p.Language))
	sp.setText(o, "mood", p.Mood)
	sp.setText(o, "about", p.About)
	sp.setText(o, "website", p.Homepage)
	sp.setText(o, "jobtitle", p.JobTitle)
	sp.setList(o, "locations", locationsV2(sp, p.Locations))
	sp.setList(o, "phones", phonesV2(sp, p.Phones))

	name := jsonObject{}
	for _, part := range [][2]string{{"first", p.FirstName}, {"surname", p.LastName}, {"nickname", p.Nickname}, {"company", p.Company}} {
		sp.setText(name, part[0], part[1])
	}
	if len(name) > 0 {
		o["name"] = name
	} else {
		sp.setEmpty(o, "name")
	}
	return o
}

func locationsV2(sp spellingSeed, locations []Location) []any {
	var list []any
	for _, l := range locations {
		o := jsonObject{}
		sp.setText(o, "type", l.Type)
		sp.setText(o, "city", l.City)
		sp.setText(o, "state", l.State)
		sp.setText(o, "country", sp.letterCase("country", l.Country))
		list = append(list, o)
	}
	return list
}

// phoneTypeCodes has the numbers that the documentation has for the types of
// telephone number. Newer responses have the words.
var phoneTypeCodes = map[string]int{"home": 0, "office": 1, "mobile": 2, "other": 3}

func phonesV2(sp spellingSeed, phones []Phone) []any {
	var list []any
	for _, p := range phones {
		o := jsonObject{"number": p.Number}
		switch form := sp.choose("phone type", 8); {
		case form < 3:
			o["type"] = phoneTypeCodes[p.Type]
		case form < 6:
			o["type"] = p.Type
		case p.Type != "other":
			o["type"] = strconv.Itoa(phoneTypeCodes[p.Type])
		case form == 7:
			o["type"] = nil
		}
		list = append(list, o)
	}
	return list
}

// agentV2 is the agent object of a bot.
func agentV2(sp spellingSeed, b *Bot) jsonObject {
	o := jsonObject{"trust": "not-trusted", "type": "participant"}
	if b.Trusted {
		o["trust"] = "trusted"
	}
	capabilities := append([]string{}, b.Capabilities...) // never null
	if len(capabilities) > 0 || sp.choose("capabilities", 2) == 0 {
		o["capabilities"] = capabilities
	}
	switch sp.choose("info", 3) {
	case 0:
		o["info"] = jsonObject{"capabilities": capabilities, "trusted": b.Trusted, "type": "Participant"}
	case 1:
		trusted := "False"
		if b.Trusted {
			trusted = "True"
		}
		o["info"] = jsonObject{"trusted": trusted, "type": "Participant"}
	}
	if sp.choose("stage_info", 2) == 1 {
		o["stage_info"] = jsonObject{}
	}
	return o
}

// contactV1 is an entry of the first version's contact list: without a profile
// object, and with the identifier divided into name and type.
func (s *serviceState) contactV1(owner *accountState, entry *contactEntry) jsonObject {
	prefix, name := splitMRI(entry.MRI)
	types := map[string]string{"8": "skype", "1": "msn", "4": "pstn", "28": "agent", "2": "lync"}
	o := s.contactV2(owner, entry)
	delete(o, "mri")
	o["id"], o["type"] = name, types[prefix]
	if profile, ok := o["profile"].(jsonObject); ok {
		maps.Copy(o, profile)
		delete(o, "profile")
	}
	if other := s.accountByKey[mriKey(entry.MRI)]; other != nil {
		var phones []any
		for _, p := range other.profile.Phones {
			phones = append(phones, jsonObject{"number": p.Number, "type": phoneTypeCodes[p.Type]})
		}
		delete(o, "phones")
		if len(phones) > 0 {
			o["phones"] = phones
		}
	}
	return o
}

// groupV2 is an entry of the groups.
func groupV2(g *Group) jsonObject {
	o := jsonObject{"id": g.ID, "name": g.Name}
	if g.IsFavorite {
		o["is_favorite"] = true
	}
	if len(g.Contacts) > 0 {
		o["contacts"] = g.Contacts
	}
	return o
}
