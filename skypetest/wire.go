package skypetest

import (
	"maps"
	"strconv"
	"strings"
)

// contactV2 is an entry of the contact list.
func (s *store) contactV2(owner *account, r *relation) object {
	prefix, name := split(r.MRI)
	other, bot := s.byKey[key(r.MRI)], s.botByKey[key(r.MRI)]
	var sp spelling
	switch {
	case other != nil:
		sp = other.spelling
	case bot != nil:
		sp = spelling(bot.Spelling)
	}

	o := object{"mri": r.MRI}
	switch sp.of("person_id", 3) {
	case 0:
		o["person_id"] = r.MRI
	case 1:
		o["person_id"] = sp.uuid("person")
	}
	s.nameV2(o, sp, r, other, bot)
	s.flagsV2(o, sp, owner, r)
	if !r.AddedAt.IsZero() {
		o["creation_time"] = sp.time("creation_time", r.AddedAt)
		o["relationship_history"] = historyV2(sp, r)
	}
	if len(r.Phones) > 0 {
		o["phones"] = phonesV2(sp, r.Phones)
	} else if prefix == "4" {
		o["phones"] = phonesV2(sp, []Phone{{name, "other"}})
	}
	switch {
	case bot != nil:
		o["agent"] = agentV2(sp, bot)
		o["profile"] = object{"name": object{"first": bot.DisplayName, "company": bot.Developer}, "avatar_url": bot.TileURL}
	case other != nil && sp.of("profile", 12) != 11:
		o["profile"] = profileV2(sp, &other.profile)
	}
	return o
}

func (s *store) nameV2(o object, sp spelling, r *relation, other *account, bot *Bot) {
	name, source := bare(r.MRI), "identifier"
	switch {
	case r.DisplayName != "":
		name, source = r.DisplayName, "user_edits"
	case bot != nil:
		name, source = bot.DisplayName, "profile"
	case other != nil && other.profile.DisplayName != "":
		name, source = other.profile.DisplayName, "profile"
	}
	switch sp.of("display_name", 12) {
	case 10:
		name = ""
	case 11:
		return
	}
	o["display_name"] = name
	if sp.of("display_name_source", 2) == 0 {
		o["display_name_source"] = source
	}
}

func (s *store) flagsV2(o object, sp spelling, owner *account, r *relation) {
	sp.flag(o, "authorized", r.Authorized)
	if r.Authorized {
		name := "auth_certificate"
		if sp.of(name, 4) == 3 {
			name = "auth-certificate" // as the documentation has it, and nobody else
		}
		o[name] = sp.certificate(key(owner.mri) + key(r.MRI))
	}
	sp.flag(o, "blocked", owner.blocklist.get(key(r.MRI)) != nil)
	sp.flag(o, "explicit", r.Explicit)
	if r.Favorite {
		o["favorite"] = true
	}
	if r.Suggested {
		o["suggested"] = true
		switch sp.of("hashes", 4) {
		case 1:
			o["email_hashes"] = []string{sp.certificate("email")}
		case 2:
			o["phone_hashes"] = []string{sp.certificate("phone")}
		case 3:
			o["email_hashes"], o["phone_hashes"] = []string{}, nil
		}
	}
	switch sp.of("workloads", 8) {
	case 6:
		o["workloads"] = nil
	case 7:
		o["workloads"] = "skype"
	}
	if sp.of("gone", 24) == 23 {
		o["gone"] = true
	}
}

func historyV2(sp spelling, r *relation) object {
	if r.Source == "" || sp.of("sources", 8) == 7 {
		return object{}
	}
	source := object{"type": r.Source, "time": sp.time("source", r.AddedAt)}
	if sp.of("subtype", 2) == 0 {
		source["subtype"] = "t1"
	}
	return object{"sources": []object{source}}
}

func profileV2(sp spelling, p *Profile) object {
	o := object{}
	sp.text(o, "avatar_url", p.AvatarURL)
	sp.text(o, "birthday", p.Birthday)
	sp.text(o, "gender", p.Gender)
	sp.text(o, "language", sp.letters("language", p.Language))
	sp.text(o, "mood", p.Mood)
	sp.text(o, "about", p.About)
	sp.text(o, "website", p.Homepage)
	sp.text(o, "jobtitle", p.JobTitle)
	sp.list(o, "locations", locationsV2(sp, p.Locations))
	sp.list(o, "phones", phonesV2(sp, p.Phones))

	name := object{}
	for _, part := range [][2]string{{"first", p.FirstName}, {"surname", p.LastName}, {"nickname", p.Nickname}, {"company", p.Company}} {
		sp.text(name, part[0], part[1])
	}
	if len(name) > 0 {
		o["name"] = name
	} else {
		sp.nothing(o, "name")
	}
	return o
}

func locationsV2(sp spelling, locations []Location) []any {
	var list []any
	for _, l := range locations {
		o := object{}
		sp.text(o, "type", l.Type)
		sp.text(o, "city", l.City)
		sp.text(o, "state", l.State)
		sp.text(o, "country", sp.letters("country", l.Country))
		list = append(list, o)
	}
	return list
}

// The numbers of the types of telephone number, by which the documentation has
// them. Newer answers have the words.
var phoneTypes = map[string]int{"home": 0, "office": 1, "mobile": 2, "other": 3}

func phonesV2(sp spelling, phones []Phone) []any {
	var list []any
	for _, p := range phones {
		o := object{"number": p.Number}
		switch form := sp.of("phone type", 8); {
		case form < 3:
			o["type"] = phoneTypes[p.Type]
		case form < 6:
			o["type"] = p.Type
		case p.Type != "other":
			o["type"] = strconv.Itoa(phoneTypes[p.Type])
		case form == 7:
			o["type"] = nil
		}
		list = append(list, o)
	}
	return list
}

func agentV2(sp spelling, b *Bot) object {
	o := object{"trust": "not-trusted", "type": "participant"}
	if b.Trusted {
		o["trust"] = "trusted"
	}
	if len(b.Capabilities) > 0 {
		o["capabilities"] = b.Capabilities
	} else if sp.of("capabilities", 2) == 0 {
		o["capabilities"] = []string{}
	}
	switch sp.of("info", 3) {
	case 0:
		o["info"] = object{"capabilities": b.Capabilities, "trusted": b.Trusted, "type": "Participant"}
	case 1:
		word := "False"
		if b.Trusted {
			word = "True"
		}
		o["info"] = object{"trusted": word, "type": "Participant"}
	}
	if sp.of("stage_info", 2) == 1 {
		o["stage_info"] = object{}
	}
	return o
}

// contactV1 is an entry of the first version's contact list: flat, with a bare
// name and the kind of account beside it.
func (s *store) contactV1(owner *account, r *relation) object {
	prefix, name := split(r.MRI)
	kinds := map[string]string{"8": "skype", "1": "msn", "4": "pstn", "28": "agent", "2": "lync"}
	o := s.contactV2(owner, r)
	delete(o, "mri")
	o["id"], o["type"] = name, kinds[prefix]
	if profile, ok := o["profile"].(object); ok {
		maps.Copy(o, profile)
		delete(o, "profile")
	}
	if other := s.byKey[key(r.MRI)]; other != nil {
		var phones []any
		for _, p := range other.profile.Phones {
			phones = append(phones, object{"number": p.Number, "type": phoneTypes[p.Type]})
		}
		delete(o, "phones")
		if len(phones) > 0 {
			o["phones"] = phones
		}
	}
	return o
}

func renderInvite(in *invite) object {
	sp, p := in.from.spelling, &in.from.profile
	o := object{"mri": in.from.mri}
	sp.text(o, "displayname", p.DisplayName)
	sp.text(o, "avatar_url", p.AvatarURL)
	list := []object{}
	for _, m := range in.messages {
		entry := object{"time": sp.time("invite", m.Time)}
		if m.Text != "" || sp.of("message", 2) == 0 {
			entry["message"] = m.Text
		}
		list = append(list, entry)
	}
	o["invites"] = list
	if n := len(in.messages); n > 0 && sp.of("greeting", 3) == 1 {
		o["greeting"] = in.messages[n-1].Text
	}
	return o
}

// authRequests is an invite in the first version's form, which has one for each
// time somebody asked.
func authRequests(in *invite) (list []object) {
	for _, m := range in.messages {
		list = append(list, object{
			"sender": bare(in.from.mri), "greeting": m.Text,
			"event_time":     m.Time.UTC().Format("2006-01-02 15:04:05.000000"),
			"event_time_iso": in.from.spelling.time("event_time_iso", m.Time),
		})
	}
	return list
}

// flatProfile is a profile of the api and profile services. Others are shown
// less of it.
func flatProfile(a *account, own bool) object {
	sp, p := a.spelling, &a.profile
	o := object{"username": bare(a.mri)}
	place := Location{}
	if len(p.Locations) > 0 {
		place = p.Locations[0]
	}
	sp.nullText(o, "firstname", p.FirstName)
	sp.nullText(o, "lastname", p.LastName)
	sp.nullText(o, "city", place.City)
	sp.nullText(o, "country", sp.letters("country", place.Country))
	sp.nullText(o, "avatarUrl", p.AvatarURL)
	if namespace, _, ok := strings.Cut(bare(a.mri), ":"); ok {
		o["namespace"] = namespace
	}
	if !own {
		sp.nullText(o, "displayname", p.DisplayName)
		o["mood"], o["richMood"] = nil, nil // seen as nothing else
		return o
	}
	if sp.of("displayname", 2) == 1 {
		sp.nullText(o, "displayname", p.DisplayName)
	}
	sp.nullText(o, "birthday", p.Birthday)
	sp.nullText(o, "language", sp.letters("language", p.Language))
	sp.nullText(o, "province", place.State)
	sp.nullText(o, "homepage", p.Homepage)
	sp.nullText(o, "about", p.About)
	sp.nullText(o, "jobtitle", p.JobTitle)
	sp.nullText(o, "mood", plain(p.Mood))
	sp.nullText(o, "richMood", p.Mood)
	for _, kind := range []struct{ phone, member string }{{"home", "phoneHome"}, {"office", "phoneOffice"}, {"mobile", "phoneMobile"}} {
		number := ""
		for _, phone := range p.Phones {
			if phone.Type == kind.phone {
				number = phone.Number
			}
		}
		sp.nullText(o, kind.member, number)
	}
	o["gender"] = genderCode(sp, p.Gender)
	var emails []any
	for _, e := range p.Emails {
		emails = append(emails, e)
	}
	sp.list(o, "emails", emails)
	return o
}

// genderCode is a number, sometimes as text, or null.
func genderCode(sp spelling, gender string) any {
	code := map[string]int{"male": 1, "female": 2}[gender]
	switch {
	case code == 0:
		return nil
	case sp.of("gender", 2) == 1:
		return code
	default:
		return strconv.Itoa(code)
	}
}

var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`)

// plain is the text of a mood line without its markup.
func plain(mood string) string {
	var text strings.Builder
	for mood != "" {
		before, tag, _ := strings.Cut(mood, "<")
		text.WriteString(before)
		_, mood, _ = strings.Cut(tag, ">")
	}
	return entities.Replace(text.String())
}

// directoryEntry is a person found. What is not set is left out.
func directoryEntry(a *account) object {
	sp, p := a.spelling, &a.profile
	o := object{"skypeId": bare(a.mri), "name": wholeName(p), "contactType": "Skype4Consumer"}
	if sp.of("skypeId", 6) == 5 {
		o["skypeId"] = a.mri
	}
	if sp.of("contactType", 2) == 1 {
		o["contactType"] = "Skype"
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
		place := p.Locations[0]
		set("city", place.City)
		set("state", place.State)
		set("countryCode", place.Country)
		set("country", place.CountryName)
	}
	return object{"nodeProfileData": o}
}

func wholeName(p *Profile) string {
	if name := strings.TrimSpace(p.FirstName + " " + p.LastName); name != "" {
		return name
	}
	return p.DisplayName
}

// legacyEntry is a person found in the old directory.
func legacyEntry(a *account) object {
	p := &a.profile
	card := object{"SkypeName": bare(a.mri)}
	set := func(o object, name, value string) {
		if value != "" {
			o[name] = value
		}
	}
	set(card, "DisplayName", wholeName(p))
	set(card, "About", p.About)
	set(card, "Language", p.Language)
	if p.Age > 0 {
		card["Age"] = strconv.Itoa(p.Age)
	}
	if code := genderCode(0, p.Gender); code != nil {
		card["Gender"] = code
	}
	cards := object{"Skype": card}
	if len(p.Locations) > 0 {
		place := object{}
		set(place, "City", p.Locations[0].City)
		set(place, "Country", p.Locations[0].Country)
		set(place, "Province", p.Locations[0].State)
		cards["CurrentLocation"] = place
	}
	return object{"ContactCards": cards}
}

func renderBot(b *Bot) object {
	sp := spelling(b.Spelling)
	o := object{"agentId": b.ID, "agentType": "Participant", "isTrusted": b.Trusted}
	for _, member := range []struct{ name, value string }{
		{"displayName", b.DisplayName},
		{"description", b.Description},
		{"developer", b.Developer},
		{"extra", b.Footer},
		{"webpage", b.Website},
		{"tos", b.TermsURL},
		{"privacyStatement", b.PrivacyURL},
		{"userTileSmallUrl", b.TileURL},
		{"userTileMediumUrl", b.TileURL},
		{"userTileLargeUrl", b.TileURL},
		{"userTileExtraLargeUrl", b.TileURL},
		{"userTileStaticUrl", b.TileURL},
	} {
		sp.text(o, member.name, member.value)
	}
	if b.Rating > 0 {
		o["starRating"] = b.Rating
	} else {
		sp.nothing(o, "starRating")
	}
	for name, values := range map[string][]string{"supportedLocales": b.Locales, "capabilities": b.Capabilities} {
		var list []any
		for _, v := range values {
			list = append(list, v)
		}
		sp.list(o, name, list)
	}
	return o
}

// matches reports whether a search finds an account: by its name, its Skype name
// or its whole e-mail address.
func (a *account) matches(query string) bool {
	query = strings.ToLower(query)
	if strings.Contains(strings.ToLower(wholeName(&a.profile)), query) ||
		strings.Contains(strings.ToLower(a.profile.DisplayName), query) ||
		strings.Contains(strings.ToLower(bare(a.mri)), query) {
		return true
	}
	for _, e := range a.profile.Emails {
		if strings.EqualFold(e, query) {
			return true
		}
	}
	return false
}
