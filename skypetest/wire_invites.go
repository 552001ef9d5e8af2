package skypetest

// inviteV2 is an entry of the invites.
func inviteV2(in *pendingInvite) objectMembers {
	sp, p := in.from.spelling, &in.from.profile
	o := objectMembers{{"mri", in.from.mri}}
	if sp.has(inviteNameMember) {
		setInviteText(&o, sp, "displayname", p.DisplayName, mriName(in.from.mri))
		setInviteText(&o, sp, "avatar_url", p.AvatarURL, publicAvatarURL(in.from.mri))
	}
	list := []objectMembers{}
	for _, m := range in.messages {
		message := objectMembers{{"time", sp.formatTime(inviteTimeMember, "invite", m.Time)}}
		if m.Text != "" || sp.form(inviteMessageMember) == formEmpty {
			message.set("message", m.Text)
		}
		list = append(list, message)
	}
	o.set("invites", list)
	if n := len(in.messages); n > 0 && sp.has(greetingMember) {
		o.set("greeting", in.messages[n-1].Text)
	}
	return o
}

// setInviteText sets a member about the sender. A style in which it is never empty
// has the fallback in place of an empty value.
func setInviteText(o *objectMembers, sp spelling, name, value, fallback string) {
	if value == "" && sp.formOf(inviteEmptyMember, name) == formFallback {
		value = fallback
	}
	sp.setText(o, inviteEmptyMember, name, value)
}

// authRequestsV1 is a pending invite in the first version's form: one object for
// each message.
func authRequestsV1(in *pendingInvite) (list []objectMembers) {
	sp := in.from.spelling
	for _, m := range in.messages {
		o := objectMembers{{"sender", mriName(in.from.mri)}, {"greeting", m.Text}}
		if sp.form(eventTimeMember) != formAbsent {
			o.set("event_time", m.Time.UTC().Format("2006-01-02 15:04:05.000000"))
			o.set("event_time_iso", sp.formatTime(eventTimeMember, string(eventTimeMember), m.Time))
		}
		list = append(list, o)
	}
	return list
}
