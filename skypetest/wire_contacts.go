package skypetest

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// contactV2 is an entry of the contact list. It has the spelling of the account or
// bot that it is for.
func (s *serviceState) contactV2(owner *accountState, entry *contactEntry) objectMembers {
	key := mriKey(entry.MRI)
	other, bot := s.accountByKey[key], s.botByKey[key]
	sp := s.spellingOfContact(owner, key)
	o := make(objectMembers, 0, 24) // few have more
	o.set("mri", string(entry.MRI))
	setPersonID(&o, sp, personIDMember, entry.MRI)
	setNameV2(&o, sp, entry, other, bot)
	setFlagsV2(&o, sp, owner, entry, key)
	setHintsV2(&o, sp, entry)
	setHistoryV2(&o, sp, entry)
	if phones := rootPhonesV2(sp, entry); len(phones) > 0 {
		o.set("phones", phones)
	}
	switch {
	case bot != nil:
		o.set("agent", agentV2(sp, bot))
		o.set("profile", botProfileV2(bot))
	case other != nil && sp.has(profileMember):
		o.set("profile", profileV2(sp, other))
	case other == nil && sp.form(foreignProfileMember) == formFallback:
		o.set("profile", objectMembers{{"name", objectMembers{{"first", mriName(entry.MRI)}}}})
	}
	return o
}

// contactDelta is an entry of the contact list in a delta. What a change has removed
// is empty there instead of absent, so that clients that merge members notice. In a
// full list the entry is as the style has it.
func (s *serviceState) contactDelta(owner *accountState, entry *contactEntry) objectMembers {
	o := s.contactV2(owner, entry)
	if entry.lastID > 0 && o.get("phones") == nil {
		o.set("phones", []any{})
	}
	if profile, ok := o.get("profile").(objectMembers); ok {
		if other := s.accountByKey[mriKey(entry.MRI)]; other != nil {
			setRemoved(&profile, other)
			o.set("profile", profile)
		}
	}
	return o
}

// removableMembers is the members of a profile object that an update can remove, by
// their names in the update.
var removableMembers = []struct {
	update, member string
	later          bool // see laterProfileMember
}{
	{"avatarUrl", "avatar_url", false},
	{"richMood", "mood", false},
	{"birthday", "birthday", true},
	{"gender", "gender", true},
	{"language", "language", true},
	{"about", "about", true},
	{"homepage", "website", true},
	{"jobtitle", "jobtitle", true},
}

// setRemoved sets the members of a profile object that an update has removed, those
// that the account's spelling has.
func setRemoved(o *objectMembers, a *accountState) {
	for _, m := range removableMembers {
		if a.removed[m.update] && o.get(m.member) == nil && (!m.later || a.spelling.formOf(laterProfileMember, m.member) == formSet) {
			o.set(m.member, "")
		}
	}
	for update, member := range map[string]string{"firstname": "first", "lastname": "surname"} {
		name, _ := o.get("name").(objectMembers)
		if a.removed[update] && name.get(member) == nil {
			name.set(member, "")
			o.set("name", name)
		}
	}
}

func (s *serviceState) spellingOfContact(owner *accountState, key string) spelling {
	if other := s.accountByKey[key]; other != nil {
		return other.spelling
	}
	if bot := s.botByKey[key]; bot != nil {
		return s.spellingOf(bot.Spelling)
	}
	return owner.spelling.derived(key)
}

func setPersonID(o *objectMembers, sp spelling, kind memberKind, id skypecontacts.MRI) {
	switch sp.form(kind) {
	case formMRI:
		o.set("person_id", string(id))
	case formUUID:
		o.set("person_id", sp.uuid("person "+mriKey(id))) // differs between accounts with the spelling 0
	default: // absent
	}
}

// setNameV2 sets the display name and its source.
func setNameV2(o *objectMembers, sp spelling, entry *contactEntry, other *accountState, bot *Bot) {
	name, source := mriName(entry.MRI), "identifier"
	switch {
	case entry.DisplayName != "":
		name, source = entry.DisplayName, "user_edits"
	case bot != nil:
		name, source = bot.DisplayName, "profile"
	case other != nil && other.profile.DisplayName != "":
		name, source = other.profile.DisplayName, "profile"
	}
	form := sp.form(displayNameMember)
	if form == formAbsent {
		return
	}
	if form == formEmpty {
		name = ""
	}
	o.set("display_name", name)
	if sp.has(displaySourceMember) {
		o.set("display_name_source", source)
	}
}

// setFlagsV2 sets the members that describe the relation of the two accounts.
func setFlagsV2(o *objectMembers, sp spelling, owner *accountState, entry *contactEntry, key string) {
	sp.setFlag(o, "authorized", entry.Authorized)
	if entry.Authorized {
		name := "auth_certificate"
		if sp.form(certificateMember) == formHyphen {
			name = "auth-certificate"
		}
		o.set(name, sp.certificate(mriKey(owner.mri)+key))
	}
	sp.setFlag(o, "blocked", owner.blocklist.get(key) != nil)
	if sp.has(explicitMember) {
		o.set("explicit", entry.Explicit)
	}
	if entry.Favorite {
		o.set("favorite", true)
	}
}

// setHintsV2 sets what says how an entry was found and which programs it is for.
func setHintsV2(o *objectMembers, sp spelling, entry *contactEntry) {
	if entry.Suggested {
		o.set("suggested", true)
		switch sp.form(hashesMember) {
		case formEmailHashes:
			o.set("email_hashes", []any{sp.certificate("email")})
		case formPhoneHashes:
			o.set("phone_hashes", []any{sp.certificate("phone")})
		case formNoHashes:
			o.set("email_hashes", []any{})
			o.set("phone_hashes", nil)
		default: // none
		}
	}
	switch sp.form(workloadsMember) {
	case formNull:
		o.set("workloads", nil)
	case formSet:
		o.set("workloads", "skype")
	default: // absent
	}
	if sp.has(goneMember) {
		o.set("gone", true)
	}
}

// undated is the time of an entry without one, in styles in which every entry has one.
var undated = time.Date(2012, time.January, 1, 0, 0, 0, 0, time.UTC)

// setHistoryV2 sets when and how the contact came about.
func setHistoryV2(o *objectMembers, sp spelling, entry *contactEntry) {
	if entry.AddedAt.IsZero() {
		if sp.form(undatedMember) == formFallback {
			o.set("creation_time", sp.formatTime(contactTimeMember, "creation_time", undated))
		}
		return
	}
	if !sp.has(datedMember) {
		return
	}
	o.set("creation_time", sp.formatTime(contactTimeMember, "creation_time", entry.AddedAt))
	switch form := sp.form(historyMember); {
	case form == formEmpty:
		o.set("relationship_history", objectMembers{})
	case form == formSet && entry.Source != "":
		source := objectMembers{{"type", entry.Source}, {"time", sp.formatTime(contactTimeMember, "source", entry.AddedAt)}}
		if sp.has(subtypeMember) {
			source.set("subtype", "t1")
		}
		o.set("relationship_history", objectMembers{{"sources", []any{source}}})
	}
}

// rootPhones is the numbers in the root of an entry, with their ids: that of a telephone
// contact, which has none, and those that the account added.
func rootPhones(entry *contactEntry) (phones []Phone, ids []string) {
	own := func(p Phone) bool { return p.Number == mriName(entry.MRI) }
	if prefix, number := splitMRI(entry.MRI); prefix == "4" && !slices.ContainsFunc(entry.Phones, own) {
		phones, ids = append(phones, Phone{number, cmp.Or(entry.numberType, "other")}), append(ids, "")
	}
	return append(phones, entry.Phones...), append(ids, entry.phoneIDs...)
}

func rootPhonesV2(sp spelling, entry *contactEntry) []any {
	phones, ids := rootPhones(entry)
	list := phonesV2(sp, phones)
	for i, id := range ids {
		if id != "" && sp.has(phoneIDMember) {
			list[i] = append(list[i].(objectMembers), objectMember{"id", id})
		}
	}
	return list
}

// profileV2 is the profile object of a contact.
func profileV2(sp spelling, a *accountState) objectMembers {
	o, p := make(objectMembers, 0, 11), &a.profile
	sp.setText(&o, profileTextMember, "avatar_url", p.AvatarURL)
	sp.setText(&o, profileTextMember, "mood", p.Mood)
	for _, later := range []struct{ name, value string }{
		{"birthday", p.Birthday},
		{"gender", p.Gender},
		{"language", sp.letterCase("language", p.Language)},
		{"about", p.About},
		{"website", p.Homepage},
		{"jobtitle", p.JobTitle},
	} {
		if sp.formOf(laterProfileMember, later.name) == formSet {
			sp.setText(&o, profileTextMember, later.name, later.value)
		}
	}
	sp.setList(&o, profileListMember, "locations", locationsV2(sp, p.Locations))
	sp.setList(&o, profileListMember, "phones", phonesV2(sp, p.Phones))
	name := objectMembers{}
	setFirstName(&name, sp, nameFirstMember, "first", a)
	for _, part := range [][2]string{{"surname", p.LastName}, {"nickname", p.Nickname}, {"company", p.Company}} {
		sp.setText(&name, profileTextMember, part[0], part[1])
	}
	if len(name) > 0 {
		o.set("name", name)
	} else {
		sp.setEmpty(&o, profileNameMember, "name", nil)
	}
	return o
}

func locationsV2(sp spelling, locations []Location) []any {
	var list []any
	for _, l := range locations {
		o := objectMembers{}
		switch form := sp.form(placeTypeMember); {
		case form == formFallback && l.Type == "":
			o.set("type", "home")
		case form != formAbsent:
			sp.setText(&o, placeTextMember, "type", l.Type)
		}
		sp.setText(&o, placeTextMember, "city", l.City)
		sp.setText(&o, placeTextMember, "state", l.State)
		sp.setText(&o, placeTextMember, "country", sp.letterCase("country", l.Country))
		list = append(list, o)
	}
	return list
}

// phoneTypeCodes has the numbers that contacts v1 and the documentation have for the
// types of telephone number.
var phoneTypeCodes = map[string]int{"home": 0, "office": 1, "mobile": 2, "other": 3}

// phoneTypeWord returns the word for a type in a request, which is that word or its
// number. It reports false if there is no such type.
func phoneTypeWord(phoneType any) (word string, known bool) {
	for word, code := range phoneTypeCodes {
		if phoneType == any(word) || phoneType == any(float64(code)) {
			return word, true
		}
	}
	return "", false
}

func phonesV2(sp spelling, phones []Phone) []any {
	var list []any
	for _, p := range phones {
		o := objectMembers{{"number", p.Number}, {"type", p.Type}}
		switch form := sp.form(phoneTypeMember); {
		case form == formNumber:
			o.set("type", phoneTypeCodes[p.Type])
		case form == formNumberText:
			o.set("type", strconv.Itoa(phoneTypeCodes[p.Type]))
		case form == formMobileOrPhone && p.Type != "mobile":
			o.set("type", "phone")
		case form == formNull && p.Type == "other": // a number without a type is of the type other
			o.set("type", nil)
		case form == formAbsent && p.Type == "other":
			o.remove("type")
		}
		list = append(list, o)
	}
	return list
}

// phonesV1 has numbers for types in every style: no source has words in v1.
func phonesV1(phones []Phone) []any {
	var list []any
	for _, p := range phones {
		list = append(list, objectMembers{{"number", p.Number}, {"type", phoneTypeCodes[p.Type]}})
	}
	return list
}

// agentV2 is the agent object of a bot.
func agentV2(sp spelling, b *Bot) objectMembers {
	o := objectMembers{{"trust", "not-trusted"}, {"type", "participant"}}
	if b.Trusted {
		o.set("trust", "trusted")
	}
	sp.setList(&o, capabilitiesMember, "capabilities", anyList(b.Capabilities))
	info := objectMembers{{"trusted", b.Trusted}, {"type", "Participant"}}
	switch sp.form(agentInfoMember) {
	case formSet:
		sp.setList(&info, capabilitiesMember, "capabilities", anyList(b.Capabilities)) // absent or [], never null
		o.set("info", info)
	case formTextFlag:
		info.set("trusted", "False")
		if b.Trusted {
			info.set("trusted", "True")
		}
		o.set("info", info)
	default: // absent
	}
	sp.setEmpty(&o, stageInfoMember, "stage_info", objectMembers{})
	return o
}

func botProfileV2(b *Bot) objectMembers {
	name := objectMembers{{"first", b.DisplayName}}
	name.setNonEmpty("company", b.Developer)
	o := objectMembers{{"name", name}}
	o.setNonEmpty("avatar_url", b.TileURL)
	return o
}

// contactV1 is an entry of the first version's contact list: without a profile
// object, and with the identifier divided into name and type.
func (s *serviceState) contactV1(owner *accountState, entry *contactEntry) objectMembers {
	prefix, name := splitMRI(entry.MRI)
	types := map[string]string{"8": "skype", "1": "msn", "4": "pstn", "28": "agent", "2": "lync"}
	sp := s.spellingOfContact(owner, mriKey(entry.MRI))
	o := s.contactV2(owner, entry)
	o.remove("mri", "person_id")
	o.set("id", name)
	o.set("type", types[prefix])
	setPersonID(&o, sp, personIDV1Member, entry.MRI)
	if !sp.has(newInV2Member) {
		o.remove("display_name_source", "auth_certificate", "auth-certificate", "explicit", "creation_time", "relationship_history")
	}
	if profile, ok := o.get("profile").(objectMembers); ok {
		o.remove("profile")
		o = append(o, profile...) // both have phones, see below
	}
	// One list for the numbers of the profile and those that the account added: the
	// documentation and the recording of v1 (2016) have no other. Which of them an entry
	// with both has is not recorded.
	phones, _ := rootPhones(entry)
	if other := s.accountByKey[mriKey(entry.MRI)]; other != nil {
		phones = slices.Concat(other.profile.Phones, phones)
	}
	o.remove("phones")
	if len(phones) > 0 {
		o.set("phones", phonesV1(phones))
	}
	return o
}

// groupV2 is an entry of the groups.
func groupV2(g *Group) objectMembers {
	o := objectMembers{{"id", g.ID}, {"name", g.Name}}
	if g.IsFavorite {
		o.set("is_favorite", true)
	}
	if len(g.Contacts) > 0 {
		o.set("contacts", g.Contacts)
	}
	return o
}
