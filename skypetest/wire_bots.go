package skypetest

// botDescription is an entry of the directory of bots.
func (s *serviceState) botDescription(b *Bot) objectMembers {
	sp := s.spellingOf(b.Spelling)
	o := objectMembers{{"agentId", b.ID}, {"agentType", "Participant"}, {"isTrusted", b.Trusted}}
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
		sp.setText(&o, botTextMember, member.name, member.value)
	}
	if b.Rating > 0 {
		o.set("starRating", b.Rating)
	} else {
		sp.setEmpty(&o, botTextMember, "starRating", nil)
	}
	for name, values := range map[string][]string{"supportedLocales": b.Locales, "capabilities": b.Capabilities} {
		sp.setList(&o, botListMember, name, anyList(values))
	}
	if sp.has(disclosuresMember) {
		sp.setList(&o, botListMember, "disclosures", anyList(b.Disclosures))
	}
	return o
}
