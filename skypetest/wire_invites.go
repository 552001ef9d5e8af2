package skypetest

// inviteV2 is an entry of the invites.
func inviteV2(in *pendingInvite) jsonObject {
	sp, p := in.from.spelling, &in.from.profile
	o := jsonObject{"mri": in.from.mri}
	if sp.has(inviteNameMember) {
		setInviteText(o, sp, "displayname", p.DisplayName, mriName(in.from.mri))
		setInviteText(o, sp, "avatar_url", p.AvatarURL, publicAvatarURL(in.from.mri))
	}
	list := []jsonObject{}
	for _, m := range in.messages {
		message := jsonObject{"time": sp.formatTime(inviteTimeMember, "invite", m.Time)}
		if m.Text != "" || sp.form(inviteMessageMember) == formEmpty {
			message["message"] = m.Text
		}
		list = append(list, message)
	}
	o["invites"] = list
	if n := len(in.messages); n > 0 && sp.has(greetingMember) {
		o["greeting"] = in.messages[n-1].Text
	}
	return o
}

// setInviteText sets a member about the sender. A style in which it is never empty
// has the fallback in place of an empty value.
func setInviteText(o jsonObject, sp spelling, name, value, fallback string) {
	if value == "" && sp.formOf(inviteEmptyMember, name) == formFallback {
		value = fallback
	}
	sp.setText(o, inviteEmptyMember, name, value)
}

// authRequestsV1 is a pending invite in the first version's form: one object for
// each message.
func authRequestsV1(in *pendingInvite) (list []jsonObject) {
	sp := in.from.spelling
	for _, m := range in.messages {
		o := jsonObject{"sender": mriName(in.from.mri), "greeting": m.Text}
		if sp.form(eventTimeMember) != formAbsent {
			o["event_time"] = m.Time.UTC().Format("2006-01-02 15:04:05.000000")
			o["event_time_iso"] = sp.formatTime(eventTimeMember, string(eventTimeMember), m.Time)
		}
		list = append(list, o)
	}
	return list
}
