package skypetest

import "maps"

// The names in the sources below:
//
//   - documentation: the documentation of SkPy, whose examples are of 2016
//   - reversed: two recordings in skype-web-reversed, a list of contacts v1 of
//     2016-05 and an invite of 2018-01
//   - skype-http: version 0.0.15 of 2018-01, whose types were written from the
//     author's own list; #41 and so on are its issues
//   - fork: a fork of skype-http of about 2020
//   - skype-web-api: types of the JSON in version 0.3.5, about 2018
//   - official: the official web client 1.107 of 2018-01
//   - skype4pidgin, go-skypeapi, SkPy, Miranda, purple-teams: what they read
func tableOf(style Style) styleTable {
	switch style {
	case StyleDocumented:
		return documentedTable()
	case StyleWeb2018:
		return web2018Table()
	case StyleTeams2025:
		return teams2025Table()
	case StyleEverything:
		table := everythingContacts()
		maps.Copy(table, everythingProfiles())
		maps.Copy(table, everythingOther())
		return table
	default:
		return nil
	}
}

// documentedTable has only what the documentation shows. The recording of v1 is of
// the same year.
func documentedTable() styleTable {
	const documentation = "documentation"
	return styleTable{
		personIDMember:      {{formUUID, 1, documentation}, {formAbsent, 1, "documentation, second entry"}},
		personIDV1Member:    {{formAbsent, 1, documentation}, {formUUID, 1, "reversed 2016"}},
		displayNameMember:   {{formSet, 11, documentation}, {formEmpty, 1, `documentation: "some users' display names are blank"`}},
		displaySourceMember: {{formSet, 1, documentation}, {formAbsent, 1, "documentation, second entry"}},
		flagMember:          {{formSet, 1, documentation}},
		explicitMember:      {{formAbsent, 1, documentation}},
		certificateMember:   {{formHyphen, 1, documentation}},
		hashesMember:        {{formEmailHashes, 1, documentation}},
		workloadsMember:     {{formAbsent, 1, documentation}},
		goneMember:          {{formAbsent, 1, documentation}},
		datedMember:         {{formAbsent, 1, documentation}},
		undatedMember:       {{formAbsent, 1, documentation}},
		historyMember:       {{formAbsent, 1, documentation}},
		subtypeMember:       {{formAbsent, 1, documentation}},
		newInV2Member:       {{formAbsent, 1, "documentation, reversed 2016"}},
		contactTimeMember:   {{formSeconds, 1, "not in the documentation"}},

		profileMember:        {{formSet, 1, documentation}},
		foreignProfileMember: {{formFallback, 1, "every entry has a profile, but none is without account"}},
		laterProfileMember:   {{formAbsent, 1, documentation}},
		profileTextMember:    {{formAbsent, 1, "documentation, second entry"}},
		profileListMember:    {{formAbsent, 1, "documentation, second entry"}},
		nameFirstMember:      {{formFallback, 1, `documentation: names "stored entirely in the first name field"; reversed 2016`}},
		profileNameMember:    {{formAbsent, 1, "not reached: every name has first"}},
		placeTypeMember:      {{formAbsent, 1, documentation}},
		placeTextMember:      {{formNull, 1, "documentation: state"}},
		letterCaseMember:     {{formUpper, 1, documentation}, {formAsIs, 1, `documentation: "inconsistently cased"; reversed 2016`}},
		phoneTypeMember:      {{formNumber, 1, documentation}},
		capabilitiesMember:   {{formEmpty, 1, "documentation, of a bot in the directory"}},
		agentInfoMember:      {{formSet, 1, "documentation names an agent field only; skype-http"}},
		stageInfoMember:      {{formAbsent, 1, documentation}},

		inviteNameMember:    {{formAbsent, 1, documentation}},
		inviteEmptyMember:   {{formAbsent, 1, documentation}},
		inviteMessageMember: {{formEmpty, 1, documentation}},
		inviteTimeMember:    {{formDigits3, 1, documentation}},
		greetingMember:      {{formAbsent, 1, documentation}},
		eventTimeMember:     {{formAbsent, 1, documentation}},

		flatTextMember:    {{formNull, 1, "the documentation shows no empty member; SkPy #66"}},
		firstNameMember:   {{formNull, 1, "SkPy #66"}},
		ownDisplayMember:  {{formAbsent, 1, documentation}},
		batchMoodMember:   {{formSet, 1, documentation}},
		genderMember:      {{formNumberText, 1, documentation}},
		emailsMember:      {{formEmpty, 1, "documentation: a list"}},
		skypeIDMember:     {{formBare, 1, documentation}},
		contactTypeMember: {{formSkype, 1, documentation}},
		botTextMember:     {{formAbsent, 1, "the documentation shows no empty member"}},
		botListMember:     {{formEmpty, 1, documentation}},
	}
}

// web2018Table has one form of most members, because strict clients were written
// from real lists of that time.
func web2018Table() styleTable {
	const skypeHTTP, both = "skype-http", "skype-http, skype-web-api"
	return styleTable{
		personIDMember:      {{formMRI, 1, both}},
		personIDV1Member:    {{formUUID, 1, "reversed 2016; no later recording of v1"}},
		displayNameMember:   {{formSet, 1, both}},
		displaySourceMember: {{formSet, 1, both}},
		flagMember:          {{formSet, 1, skypeHTTP}},
		explicitMember:      {{formSet, 1, "skype-web-api"}},
		certificateMember:   {{formSet, 1, both}},
		hashesMember:        {{formAbsent, 1, both}, {formEmailHashes, 1, "skype-web-api"}, {formPhoneHashes, 1, skypeHTTP}},
		workloadsMember:     {{formAbsent, 1, both}},
		goneMember:          {{formAbsent, 1, both}},
		datedMember:         {{formSet, 1, both}},
		undatedMember:       {{formFallback, 1, "always there in both; which time an entry without one has is made up"}},
		historyMember:       {{formSet, 7, both}, {formAbsent, 1, "optional in both; sources is always there"}},
		subtypeMember:       {{formSet, 1, skypeHTTP}, {formAbsent, 1, skypeHTTP}},
		newInV2Member:       {{formAbsent, 1, "reversed 2016; no later recording of v1"}},
		contactTimeMember:   {{formSeconds, 1, skypeHTTP}, {formDigits6, 1, skypeHTTP}, {formDigits7, 1, skypeHTTP}},

		profileMember:        {{formSet, 1, both}},
		foreignProfileMember: {{formFallback, 1, "always there in both; a name alone in skype-http"}},
		laterProfileMember:   {{formSet, 1, both}},
		profileTextMember:    {{formAbsent, 1, both}},
		profileListMember:    {{formAbsent, 1, both}},
		// skype-http saw a name without first once, and #41 has an entry without name,
		// which 0.0.15 refuses. Both are in StyleEverything.
		nameFirstMember:    {{formFallback, 1, "always there in skype-web-api"}},
		profileNameMember:  {{formAbsent, 1, "not reached: every name has first"}},
		placeTypeMember:    {{formFallback, 1, "always there in both"}},
		placeTextMember:    {{formAbsent, 1, both}},
		letterCaseMember:   {{formUpper, 1, both}, {formAsIs, 1, both}},
		phoneTypeMember:    {{formWord, 1, "skype-http, skype-web-api, official"}},
		capabilitiesMember: {{formEmpty, 1, skypeHTTP}, {formAbsent, 1, skypeHTTP}},
		agentInfoMember:    {{formSet, 1, skypeHTTP}, {formTextFlag, 1, both}},
		stageInfoMember:    {{formAbsent, 1, both}, {formEmpty, 1, skypeHTTP}},

		inviteNameMember:    {{formSet, 1, "skype-http, reversed 2018"}},
		inviteEmptyMember:   {{formFallback, 1, "always there in skype-http; the address is that of a public picture"}},
		inviteMessageMember: {{formEmpty, 1, "always there in skype-http"}},
		inviteTimeMember:    {{formSeconds, 1, "skype-http, reversed 2018"}},
		greetingMember:      {{formAbsent, 1, "skype-http, reversed 2018"}},
		eventTimeMember:     {{formSeconds, 1, "skype4pidgin, skype-http"}},

		flatTextMember:    {{formNull, 1, both}},
		firstNameMember:   {{formFallback, 1, "always a string in skype-http"}},
		ownDisplayMember:  {{formAbsent, 1, skypeHTTP}, {formSet, 1, "official, skype4pidgin: read if there"}},
		batchMoodMember:   {{formNull, 1, "skype4pidgin 2018"}},
		genderMember:      {{formNumberText, 1, "skype4pidgin 2017"}, {formNumber, 1, "skype-web-api, skype4pidgin 2017"}},
		emailsMember:      {{formEmpty, 1, both}},
		skypeIDMember:     {{formBare, 1, "official"}},
		contactTypeMember: {{formSkype, 1, "official"}, {formSkypeConsumer, 1, "official"}},
		botTextMember:     {{formAbsent, 1, "official: read if there"}},
		botListMember:     {{formAbsent, 1, "official: read if there"}, {formEmpty, 1, "documentation"}},
	}
}

// teams2025Table is web2018Table but for what its readers and the fork tell.
func teams2025Table() styleTable {
	const fork = "fork 2020"
	table := web2018Table()
	maps.Copy(table, styleTable{
		personIDMember:       {{formMRI, 1, "Miranda 2025: the only identifier that it reads"}},
		foreignProfileMember: {{formAbsent, 1, "fork 2020, for 2:"}},
		workloadsMember:      {{formAbsent, 6, fork}, {formNull, 1, fork}, {formSet, 1, fork}},
		goneMember:           {{formAbsent, 23, fork}, {formSet, 1, fork}},
		phoneTypeMember:      {{formMobileOrPhone, 1, "Miranda 2024 to 2026: the only words that it reads"}},
		greetingMember:       {{formSet, 1, "Miranda 2026: reads no other text; purple-teams: reads it first"}},
		contactTypeMember:    {{formSkypeConsumer, 1, "official, of the newer search"}},
	})
	return table
}

// everythingContacts and the two tables below are those of StyleEverything. Its
// first forms are the plain ones, those of sample data without a style: where the
// sources disagree, the form that most of the older clients can read.
func everythingContacts() styleTable {
	return styleTable{
		personIDMember: {
			{formMRI, 1, "skype-http, skype-web-api, go-skypeapi, Miranda"},
			{formUUID, 1, "documentation"},
			{formAbsent, 1, "documentation, second entry"},
		},
		personIDV1Member:  {{formMRI, 1, noSource}, {formUUID, 1, "reversed 2016"}, {formAbsent, 1, "documentation"}},
		displayNameMember: {{formSet, 10, "all"}, {formEmpty, 1, "documentation"}, {formAbsent, 1, noSource}},
		displaySourceMember: {
			{formSet, 1, "documentation, skype-http"}, {formAbsent, 1, "documentation, second entry"},
		},
		flagMember:        {{formSet, 1, "all"}, {formAbsent, 1, "skype-web-api: blocked; authorized has no source"}},
		explicitMember:    {{formSet, 1, "go-skypeapi"}, {formAbsent, 1, "documentation, skype-web-api"}},
		certificateMember: {{formSet, 3, "skype-http, skype-web-api"}, {formHyphen, 1, "documentation"}},
		hashesMember: {
			{formAbsent, 1, "skype-http"},
			{formEmailHashes, 1, "documentation, skype-web-api"},
			{formPhoneHashes, 1, "skype-http"},
			{formNoHashes, 1, noSource},
		},
		workloadsMember: {{formAbsent, 6, "all"}, {formNull, 1, "fork 2020"}, {formSet, 1, "fork 2020"}},
		goneMember:      {{formAbsent, 23, "all"}, {formSet, 1, "fork 2020"}},
		datedMember:     {{formSet, 15, "skype-http, skype-web-api"}, {formAbsent, 1, "documentation"}},
		undatedMember:   {{formAbsent, 3, "documentation"}, {formFallback, 1, "skype-http"}},
		historyMember:   {{formSet, 6, "skype-http"}, {formAbsent, 1, "skype-http"}, {formEmpty, 1, noSource}},
		subtypeMember:   {{formSet, 1, "skype-http"}, {formAbsent, 1, "skype-http"}},
		newInV2Member:   {{formSet, 3, noSource}, {formAbsent, 1, "documentation, reversed 2016"}},
		contactTimeMember: {
			{formSeconds, 1, "skype-http"},
			{formDigits2, 1, noSource},
			{formDigits3, 1, noSource},
			{formDigits6, 1, "skype-http"},
			{formDigits7, 1, "skype-http"},
		},
	}
}

func everythingProfiles() styleTable {
	return styleTable{
		profileMember:        {{formSet, 11, "all"}, {formAbsent, 1, noSource}},
		foreignProfileMember: {{formAbsent, 2, "fork 2020, for 2:"}, {formFallback, 1, "skype-http"}},
		laterProfileMember:   {{formSet, 15, "skype-http, skype-web-api"}, {formAbsent, 1, "documentation"}},
		profileTextMember:    {{formAbsent, 2, "all"}, {formNull, 1, noSource}},
		profileListMember:    {{formAbsent, 1, "all"}, {formNull, 1, noSource}, {formEmpty, 1, "issues of SkPy"}},
		nameFirstMember:      {{formAbsent, 2, "skype-http"}, {formNull, 1, noSource}, {formFallback, 1, "skype-web-api"}},
		profileNameMember:    {{formAbsent, 2, "skype-http #41"}, {formNull, 1, noSource}},
		placeTypeMember:      {{formSet, 3, noSource}, {formFallback, 1, "skype-http"}, {formAbsent, 1, "documentation"}},
		placeTextMember:      {{formAbsent, 2, "skype-http"}, {formNull, 1, "documentation"}},
		letterCaseMember:     {{formUpper, 1, "documentation"}, {formAsIs, 1, "skype-http"}, {formCapital, 1, noSource}},
		phoneTypeMember: {
			{formWord, 3, "skype-http, skype-web-api, official"},
			{formNumber, 3, "documentation, go-skypeapi"},
			{formMobileOrPhone, 1, "Miranda 2024 to 2026"},
			{formNumberText, 1, noSource},
			{formNull, 1, noSource},
			{formAbsent, 1, noSource},
		},
		capabilitiesMember: {{formEmpty, 1, "skype-http"}, {formAbsent, 1, "skype-http"}},
		agentInfoMember:    {{formSet, 1, "skype-http"}, {formTextFlag, 1, "skype-http"}, {formAbsent, 1, noSource}},
		stageInfoMember:    {{formAbsent, 1, "skype-http"}, {formEmpty, 1, "skype-http"}},
	}
}

func everythingOther() styleTable {
	return styleTable{
		inviteNameMember:    {{formSet, 7, "skype-http, reversed 2018"}, {formAbsent, 1, "documentation"}},
		inviteEmptyMember:   {{formAbsent, 2, noSource}, {formNull, 1, noSource}, {formFallback, 1, "skype-http"}},
		inviteMessageMember: {{formEmpty, 1, "skype-http"}, {formAbsent, 1, "official, for 2:"}},
		inviteTimeMember: {
			{formSeconds, 1, "skype-http, reversed 2018"},
			{formDigits2, 1, noSource},
			{formDigits3, 1, "documentation, skype4pidgin 2016"},
			{formDigits6, 1, noSource},
			{formDigits7, 1, noSource},
		},
		greetingMember: {{formAbsent, 2, "skype-http, reversed 2018"}, {formSet, 1, "skype4pidgin, Miranda: read first"}},
		eventTimeMember: {
			{formSeconds, 1, "skype4pidgin"},
			{formDigits2, 1, noSource},
			{formDigits3, 1, noSource},
			{formDigits6, 1, noSource},
			{formDigits7, 1, noSource},
			{formAbsent, 1, "documentation"},
		},

		flatTextMember:    {{formNull, 3, "skype-http, skype-web-api"}, {formAbsent, 1, noSource}},
		firstNameMember:   {{formNull, 2, "SkPy #66"}, {formAbsent, 1, noSource}, {formFallback, 1, "skype-http"}},
		ownDisplayMember:  {{formAbsent, 1, "skype-http"}, {formSet, 1, "official, skype4pidgin: read if there"}},
		batchMoodMember:   {{formSet, 1, "documentation"}, {formNull, 3, "skype4pidgin 2018"}},
		genderMember:      {{formNumberText, 1, "documentation"}, {formNumber, 1, "skype-web-api"}},
		emailsMember:      {{formEmpty, 1, "skype-http"}, {formAbsent, 1, noSource}, {formNull, 1, noSource}},
		skypeIDMember:     {{formBare, 5, "all"}, {formMRI, 1, "Miranda: adds a prefix only if there is none"}},
		contactTypeMember: {{formSkype, 1, "documentation"}, {formSkypeConsumer, 1, "official"}},
		botTextMember:     {{formAbsent, 2, "official"}, {formNull, 1, noSource}},
		botListMember:     {{formAbsent, 1, "official"}, {formNull, 1, noSource}, {formEmpty, 1, "documentation"}},
	}
}
