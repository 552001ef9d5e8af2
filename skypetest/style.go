package skypetest

// Style is how a [Server] writes the members of its responses, in every route. The
// people stay the same; what differs is the form of a member and whether it is
// there. Within a style two accounts differ, by their Spelling, only in what the
// sources of that style have in more than one form.
type Style string

const (
	// StyleDocumented is what the documentation of 2016 shows, and no member that it
	// does not show: person_id is a UUID or missing, phone types are numbers, contacts
	// have no times, invites no names, profiles in contacts no birthday.
	StyleDocumented Style = "documented"
	// StyleWeb2018 is the service of the web client of 2017 to 2019, as skype-http,
	// skype-web-api, the official client and two recordings have it: person_id equals
	// mri, phone types are words, the flags authorized, blocked and explicit are always
	// there, and what is not set is left out. If a person lacks what strict clients
	// require, such as a first name or a profile, the display name or Skype name is in
	// its place.
	StyleWeb2018 Style = "web2018"
	// StyleTeams2025 is what the clients read that still use the service with accounts
	// of Teams: Miranda NG 2025 and 2026, and purple-teams. Nobody published a recording
	// of that time, so the rest is as in StyleWeb2018 and a fork of skype-http of 2020.
	StyleTeams2025 Style = "teams2025"
	// StyleEverything has the forms of all other styles at once, and more that no
	// source has: it is for decoders that have to survive anything. No strict client
	// can read it. An account whose Spelling is 0 has the first form of each member.
	StyleEverything Style = "everything"
)

// Styles returns all styles.
func Styles() []Style {
	return []Style{StyleDocumented, StyleWeb2018, StyleTeams2025, StyleEverything}
}

// memberKind is a member of responses, or several whose form depends on the same.
type memberKind string

const (
	personIDMember      memberKind = "person_id"
	personIDV1Member    memberKind = "person_id of v1"
	displayNameMember   memberKind = "display_name"
	displaySourceMember memberKind = "display_name_source"
	flagMember          memberKind = "authorized and blocked, if false"
	explicitMember      memberKind = "explicit"
	certificateMember   memberKind = "auth_certificate"
	hashesMember        memberKind = "email_hashes and phone_hashes of a suggestion"
	workloadsMember     memberKind = "workloads"
	goneMember          memberKind = "gone"
	datedMember         memberKind = "creation_time and relationship_history"
	undatedMember       memberKind = "creation_time of an entry without a time"
	historyMember       memberKind = "relationship_history"
	subtypeMember       memberKind = "subtype of a source"
	newInV2Member       memberKind = "members that v1 did not have at first"
	contactTimeMember   memberKind = "times of a contact"

	profileMember        memberKind = "profile"
	foreignProfileMember memberKind = "profile of a person without account"
	laterProfileMember   memberKind = "members of a profile that came later"
	profileTextMember    memberKind = "empty text in a profile"
	profileListMember    memberKind = "empty list in a profile"
	nameFirstMember      memberKind = "first name of a person without one"
	profileNameMember    memberKind = "name of a person without any"
	placeTypeMember      memberKind = "type of a location"
	placeTextMember      memberKind = "empty text in a location"
	letterCaseMember     memberKind = "letters of a country or language"
	phoneTypeMember      memberKind = "type of a telephone number"
	capabilitiesMember   memberKind = "capabilities of a bot without any"
	agentInfoMember      memberKind = "info of an agent"
	stageInfoMember      memberKind = "stage_info"

	inviteNameMember    memberKind = "displayname and avatar_url of an invite"
	inviteEmptyMember   memberKind = "displayname or avatar_url of an invite, if empty"
	inviteMessageMember memberKind = "empty message of an invite"
	inviteTimeMember    memberKind = "time of an invite"
	greetingMember      memberKind = "greeting of an invite"
	eventTimeMember     memberKind = "times of an auth-request"

	flatTextMember    memberKind = "empty text in a flat profile"
	firstNameMember   memberKind = "empty firstname"
	ownDisplayMember  memberKind = "displayname of the own profile"
	batchMoodMember   memberKind = "mood and richMood of a batch"
	genderMember      memberKind = "gender"
	emailsMember      memberKind = "emails of an account without any"
	skypeIDMember     memberKind = "skypeId"
	contactTypeMember memberKind = "contactType"
	botTextMember     memberKind = "empty text of a bot"
	botListMember     memberKind = "empty list of a bot"
)

// memberForm is one way to write a member.
type memberForm string

const (
	formSet      memberForm = "set" // with its value
	formAbsent   memberForm = "absent"
	formNull     memberForm = "null"
	formEmpty    memberForm = "empty"    // "", [] or {}
	formFallback memberForm = "fallback" // another value in place of an empty one

	formMRI  memberForm = "mri"
	formBare memberForm = "bare" // without the prefix
	formUUID memberForm = "uuid"

	formHyphen      memberForm = "hyphen"
	formEmailHashes memberForm = "email hashes"
	formPhoneHashes memberForm = "phone hashes"
	formNoHashes    memberForm = "an empty list and null"

	formUpper   memberForm = "upper case"
	formAsIs    memberForm = "as it is"
	formCapital memberForm = "capitalized"

	formSeconds memberForm = "2006-01-02T15:04:05Z07:00"
	formDigits2 memberForm = "2006-01-02T15:04:05.00Z07:00"
	formDigits3 memberForm = "2006-01-02T15:04:05.000Z07:00"
	formDigits6 memberForm = "2006-01-02T15:04:05.000000Z07:00"
	formDigits7 memberForm = "2006-01-02T15:04:05.0000000Z07:00"

	formWord          memberForm = "word"
	formNumber        memberForm = "number"
	formNumberText    memberForm = "number in a string"
	formMobileOrPhone memberForm = "mobile or phone"
	formTextFlag      memberForm = `"True" or "False"`

	formSkype         memberForm = "Skype"
	formSkypeConsumer memberForm = "Skype4Consumer"
)

// formSource is a form of a member and who recorded it. Of a hundred accounts those
// with that form are in proportion to share.
type formSource struct {
	form   memberForm
	share  uint64
	source string
}

// noSource marks a form that no known source has. It is in StyleEverything only.
const noSource = "no source"

// styleTable has the forms of every member in one style, the plain one first.
type styleTable map[memberKind][]formSource
