package skypecontacts

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
)

var (
	getOwnProfile        = newRoute(route{op: "GetOwnProfile", service: apiService, method: http.MethodGet, path: "/users/self/profile"})
	getOwnProfileCurrent = newRoute(route{op: "GetOwnProfile", service: profileService, method: http.MethodGet, path: "/users/self/profile"})
	getProfile           = newRoute(route{op: "GetProfile", service: apiService, method: http.MethodGet, path: "/users/{id}/profile"})
	getPublicProfiles    = newRoute(route{op: "GetPublicProfiles", service: apiService, method: http.MethodPost, path: "/users/self/contacts/profiles", list: true})
	getPeople            = newRoute(route{op: "GetPublicProfiles", service: peopleService, method: http.MethodPost, path: "/v2/profiles", list: true})
)

// GetOwnProfile returns what the account says about itself, with e-mail
// addresses and telephone numbers that are not public.
//
// Route: GET api.skype.com/users/self/profile; with [DialectCurrent] GET
// profile.skype.com/profile/v1/users/self/profile.
//
// Source: SkPy's protocol notes and recordings of several clients, 2015 to 2025;
// the successor is from one client of about 2018. Sure of the fields.
//
// Errors: [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable], [ErrDecode].
// Repeated after a failure.
func (c *Client) GetOwnProfile(ctx context.Context) (*Profile, error) {
	r := getOwnProfile
	if c.dialect == DialectCurrent {
		r = getOwnProfileCurrent
	}
	return fetch(ctx, c.core, r, callArgs{}, func(in *reader, p *Profile) { readFlatProfile(in, p, "") })
}

// GetProfile returns the profile of one account. Since May 2017 the service
// responds with 403 for all accounts but the own; for others use
// [Client.GetPublicProfiles].
//
// Route: GET api.skype.com/users/{id}/profile.
//
// Source: SkPy's protocol notes; the 403 from reports of several clients.
//
// Errors: [ErrInvalid], also for what is not a person, such as a telephone number or
// a bot, [ErrForbidden] for the profile of another, [ErrNotFound],
// [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable]; [ErrDecode] also for a
// response about another account. Repeated after a failure.
func (c *Client) GetProfile(ctx context.Context, id MRI) (*Profile, error) {
	if !isPerson(id) {
		return nil, getProfile.wrap(errNotAPerson)
	}
	return fetch(ctx, c.core, getProfile, callArgs{params: []string{string(id)}},
		func(in *reader, p *Profile) { readFlatProfile(in, p, id) })
}

// ProfileList is the result of [Client.GetPublicProfiles].
type ProfileList struct {
	Profiles []Profile     `json:"profiles,omitzero"` // in the order of the arguments
	Missing  []MRI         `json:"missing,omitzero"`  // do not exist, are not in the response, or were not sent
	Skipped  []SkippedItem `json:"skipped,omitzero"`  // could not be decoded, or were not requested
	Extra    Extra         `json:"extra,omitzero"`    // only with [DialectCurrent]
}

// LogValue returns "[redacted]".
func (l ProfileList) LogValue() slog.Value { return slog.StringValue(redacted) }

// GetPublicProfiles returns the public profiles of the given accounts, in one
// request. Accounts that do not exist are in Missing, and so is what is not a person,
// such as a telephone number or a bot, which is not sent; a call without accounts is
// [ErrInvalid]. The mood is often missing from these responses. For more than about
// a hundred accounts use [Client.LookupProfiles]: the service was seen to refuse 730
// at once.
//
// The documented route knows people by the name without prefix. With [DialectCurrent]
// identifiers are sent and returned in full, and the name is the display name, split as by
// [SplitName].
//
// Route: POST api.skype.com/users/self/contacts/profiles with a form, gone since
// June 2018; with [DialectCurrent] POST people.skype.com/v2/profiles with JSON.
//
// Source: SkPy's protocol notes, sure of it. The people host is not documented: it is from
// Miranda NG of 2024 and two scripts, one of which sends several identifiers at once. They
// read display name, birthday, gender, city, about, homepage and picture, so sure of these,
// and not of country, language and mood, which is read as HTML. It is not known how many
// identifiers the host takes, nor what it sends for one that does not exist or is not a
// person's.
//
// Errors: [ErrInvalid], [ErrUnauthorized], [ErrNotFound] where the route itself is
// gone, [ErrRateLimited], [ErrUnavailable], [ErrDecode], also for a response without
// profiles. Repeated after a failure: unlike every other POST it changes nothing.
func (c *Client) GetPublicProfiles(ctx context.Context, ids ...MRI) (*ProfileList, error) {
	asked, err := uniqueIDs(ids)
	if err != nil {
		return nil, c.profilesRoute().wrap(err)
	}
	people := slices.DeleteFunc(slices.Clone(asked), func(id MRI) bool { return !isPerson(id) })
	if len(people) == 0 {
		return &ProfileList{Missing: asked}, ctx.Err()
	}
	args, read := callArgs{form: url.Values{"contacts[]": bareNames(people)}}, (*ProfileList).readNamed
	if c.dialect == DialectCurrent {
		args, read = callArgs{json: peopleBody{people, c.locale}}, (*ProfileList).readPeople
	}
	return fetch(ctx, c.core, c.profilesRoute(), args, func(in *reader, l *ProfileList) {
		found := newFoundProfiles(people)
		l.setProfiles(asked, read(l, in, found), found)
	})
}

var errNoIDs = fmt.Errorf("%w: no account is asked for", ErrInvalid)

func (c *Client) profilesRoute() *route {
	if c.dialect == DialectCurrent {
		return getPeople
	}
	return getPublicProfiles
}

// uniqueIDs checks identifiers and returns each once.
func uniqueIDs(ids []MRI) (unique []MRI, err error) {
	if len(ids) == 0 {
		return nil, errNoIDs
	}
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		id, err := ParseMRI(string(id))
		if err != nil {
			return nil, err
		}
		if !seen[id.key()] {
			seen[id.key()] = true
			unique = append(unique, id)
		}
	}
	return unique, nil
}

type peopleBody struct {
	MRIs   []MRI  `json:"mris"`
	Locale string `json:"locale"`
}

func bareNames(ids []MRI) (names []string) {
	for _, id := range ids {
		names = append(names, id.ID())
	}
	return names
}

// foundProfiles is what a response says about the requested accounts, by [MRI.key].
type foundProfiles map[string]foundProfile

type foundProfile struct {
	requested  bool // and not in the response so far
	unreadable bool
	profile    *Profile // nil if there is none
}

func newFoundProfiles(requested []MRI) foundProfiles {
	found := make(foundProfiles, len(requested))
	for _, id := range requested {
		found[id.key()] = foundProfile{requested: true}
	}
	return found
}

// add records an entry that was just read. It fails for an account that was not
// requested or is in the response already.
func (f foundProfiles) add(r *reader, key string, exists bool) {
	entry, known := f[key]
	switch {
	case r.err != nil:
		if entry.requested {
			f[key] = foundProfile{unreadable: true}
		}
	case !known:
		r.fail(decodeError("an account that was not asked for"))
	case !entry.requested:
		r.fail(decodeError("an account that is in the response already"))
	case !exists:
		f[key] = foundProfile{}
		r.fail(errRemoved)
	default:
		f[key] = foundProfile{}
	}
}

// setProfiles sets Profiles and Missing, in the order of the arguments.
func (l *ProfileList) setProfiles(ids []MRI, profiles []Profile, found foundProfiles) {
	for i := range profiles {
		found[profiles[i].MRI.key()] = foundProfile{profile: &profiles[i]}
	}
	for _, id := range ids {
		entry := found[id.key()]
		switch {
		case entry.unreadable:
		case entry.profile == nil:
			l.Missing = append(l.Missing, id)
		default:
			entry.profile.MRI = id
			l.Profiles = append(l.Profiles, *entry.profile)
		}
	}
}

// readNamed reads the response of the documented route, in which each profile has the
// name of its account.
func (l *ProfileList) readNamed(r *reader, found foundProfiles) []Profile {
	return readDocumentList(r, &l.Skipped, func(e *reader, p *Profile) {
		exists := readPublicProfile(e, p)
		found.add(e, p.MRI.key(), exists)
	})
}

// readPeople reads the response of the people service, in which the profiles have the
// identifiers as names. It fails if there is no list, which would say that nobody exists.
func (l *ProfileList) readPeople(r *reader, found foundProfiles) (profiles []Profile) {
	complete := false
	for name := range r.document(&l.Extra) {
		if string(name) == "profiles" {
			complete = r.kind() != 'n'
			profiles = readKeyedEntries(r, "profiles", &l.Skipped, func(e *reader, id string, p *Profile) {
				exists := readPerson(e, p)
				p.MRI = MRI(id)
				found.add(e, lowerASCII(id), exists) // a bare name is no key
			})
		}
	}
	if r.err == nil && !complete {
		r.fail(decodeError("the response has no profiles"))
	}
	return profiles
}

// readPerson reads an entry of the people service. An account that does not exist is
// null, has no profile, or has a status that says so.
func readPerson(r *reader, p *Profile) (exists bool) {
	if r.kind() != '{' {
		if v := r.value(); v.Kind() != 'n' {
			r.fail(errNotAnObject)
		}
		return false
	}
	f := flatProfile{Profile: p}
	var report failureReport
	for name := range r.otherMembers(&p.Extra, &report) {
		switch {
		case string(name) != "profile": // saved in Extra
		case r.kind() == '{':
			exists = true
			for name := range r.members(nil) {
				f.readPersonMember(r, name)
			}
		case r.kind() == 'n':
			r.skip()
		}
	}
	if f.Name == (Name{}) {
		f.Name.First = f.DisplayName // the only name that clients read here
	}
	f.finish()
	switch {
	case r.err != nil:
	case report.isFailure() && !isUnknownAccount(report.code):
		r.fail(errAccountFailure)
	case !report.isFailure() && !exists && p.Extra != nil:
		r.fail(decodeError("the entry has no profile"))
	}
	return exists && !report.isFailure()
}

const errAccountFailure = decodeError("the service reports a failure for this account")

// readFlatProfile reads a profile that is a whole response. It fails unless the
// profile is that of the given account, if one is given.
func readFlatProfile(r *reader, p *Profile, requested MRI) {
	f := flatProfile{Profile: p}
	for name := range r.document(&p.Extra) {
		f.readMember(r, name)
	}
	f.finish()
	switch {
	case r.err != nil:
	case p.MRI == "":
		r.fail(decodeError("the response names no account"))
	case requested != "" && lowerASCII(requested.ID()) != "self" && !p.MRI.Equal(requested):
		r.fail(decodeError("the response is about another account"))
	}
}

// readPublicProfile reads one entry of a batch. An account that does not exist has
// only its name, or a status.
func readPublicProfile(r *reader, p *Profile) (exists bool) {
	f := flatProfile{Profile: p}
	var report failureReport
	for name := range r.members(&p.Extra) {
		exists = exists || string(name) != "username"
		if string(name) == "status" {
			report.readMember(r, name)
		} else {
			f.readMember(r, name)
		}
	}
	f.finish()
	switch {
	case r.err != nil:
	case p.MRI == "":
		r.fail(errNoIdentifier)
	case report.isFailure() && report.code != 0 && !isUnknownAccount(report.code):
		r.fail(errAccountFailure)
	}
	return exists && !report.isFailure()
}

// isUnknownAccount reports whether a code says that a name is not that of an account.
func isUnknownAccount(code int) bool {
	return code/100 == http.StatusNotFound || code == codeInvalidName || code == codeInvalidNames
}

// Codes of the profile services for a name that no account can have, and for a batch
// with such a name.
const (
	codeInvalidName  = 40000
	codeInvalidNames = 40002
)

// flatProfile reads the profiles of the api and profile services, whose members are
// all strings.
type flatProfile struct {
	*Profile
	place Location
}

func (f *flatProfile) readMember(r *reader, name []byte) {
	switch string(name) {
	case "username":
		readNullable(r, &f.MRI)
		f.MRI = qualifyMRI(string(f.MRI))
	case "displayname":
		readNullable(r, &f.DisplayName)
	case "firstname":
		readNullable(r, &f.Name.First)
	case "lastname":
		readNullable(r, &f.Name.Last)
	case "birthday":
		readDate(r, &f.Birthday)
	case "gender":
		readEnum(r, &f.Gender, parseGender)
	case "language":
		readLanguage(r, &f.Language)
	case "country":
		readCountry(r, &f.place)
	case "province", "state":
		readNullable(r, &f.place.State)
	case "city":
		readNullable(r, &f.place.City)
	case "homepage":
		readNullable(r, &f.Homepage)
	case "about":
		readNullable(r, &f.About)
	case "jobtitle":
		readNullable(r, &f.JobTitle)
	case "emails":
		readTexts(r, &f.Emails, new(sharedLists[string]))
	case "phoneHome":
		f.readPhone(r, PhoneHome)
	case "phoneOffice":
		f.readPhone(r, PhoneWork)
	case "phoneMobile":
		f.readPhone(r, PhoneMobile)
	case "mood":
		readNullable(r, &f.Mood.Plain)
	case "richMood":
		readNullable(r, &f.Mood.Rich)
	case "avatarUrl":
		readNullable(r, &f.AvatarURL)
	case "namespace":
		readNullable(r, &f.Namespace)
	}
}

// readPersonMember reads a member of a profile of the people service. Its names are those
// of flat profiles, but for the display name. A name without prefix is no identifier.
func (f *flatProfile) readPersonMember(r *reader, name []byte) {
	switch string(name) {
	case "displayName":
		readNullable(r, &f.DisplayName)
	case "mood", "richMood": // no client reads one here; it is HTML in all newer responses
		readProfileMember(r, f.Profile, name)
	case "username": // saved in Extra
	default:
		f.readMember(r, name)
	}
}

func (f *flatProfile) readPhone(r *reader, t PhoneType) {
	var number string
	readNullable(r, &number)
	if number != "" {
		if f.Phones == nil {
			f.Phones = make([]Phone, 0, 2) // few people have a third
		}
		f.Phones = append(f.Phones, Phone{Number: number, Type: t})
	}
}

func (f *flatProfile) finish() {
	if f.place != (Location{}) {
		f.Locations = []Location{f.place}
	}
	if f.Mood.Plain == "" {
		f.Mood.Plain = plainText(f.Mood.Rich)
	}
	f.Name.inferLast()
}
