package skypetest

// inviteV2 is an entry of the invites.
func inviteV2(in *pendingInvite) jsonObject {
	sp, p := in.from.spelling, &in.from.profile
	o := jsonObject{"mri": in.from.mri}
	sp.setText(o, "displayname", p.DisplayName)
	sp.setText(o, "avatar_url", p.AvatarURL)
	list := []jsonObject{}
	for _, m := range in.messages {
		message := jsonObject{"time": sp.formatTime("invite", m.Time)}
		if m.Text != "" || sp.choose("message", 2) == 0 {
			message["message"] = m.Text
		}
		list = append(list, message)
	}
	o["invites"] = list
	if n := len(in.messages); n > 0 && sp.choose("greeting", 3) == 1 {
		o["greeting"] = in.messages[n-1].Text
	}
	return o
}

// authRequestsV1 is a pending invite in the first version's form: one object for
// each message.
func authRequestsV1(in *pendingInvite) (list []jsonObject) {
	for _, m := range in.messages {
		list = append(list, jsonObject{
			"sender": mriName(in.from.mri), "greeting": m.Text,
			"event_time":     m.Time.UTC().Format("2006-01-02 15:04:05.000000"),
			"event_time_iso": in.from.spelling.formatTime("event_time_iso", m.Time),
		})
	}
	return list
}
