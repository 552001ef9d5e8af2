package skypecontacts

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
)

var (
	getOwnProfile        = newRoute(route{op: "GetOwnProfile", service: apiService, method: http.MethodGet, path: "/users/self/profile"})
	getOwnProfileCurrent = newRoute(route{op: "GetOwnProfile", service: profileService, method: http.MethodGet, path: "/users/self/profile"})
	getProfile           = newRoute(route{op: "GetProfile", service: apiService, method: http.MethodGet, path: "/users/{id}/profile"})
	getPublicProfiles    = newRoute(route{op: "GetPublicProfiles", service: apiService, method: http.MethodPost, path: "/users/self/contacts/profiles", list: true})
	batchProfiles        = newRoute(route{op: "GetPublicProfiles", service: profileService, method: http.MethodPost, path: "/batch/profiles", list: true})
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

// isPerson reports whether the profile services may know an identifier. They name
// people without prefix, so that any other identifier would be taken for a person.
func isPerson(id MRI) bool {
	return id == "" || id.Kind() == KindSkype && prefixLen(id.ID()) == 0
}

var errNotAPerson = fmt.Errorf("%w: the identifier is not that of a person", ErrInvalid)

// ProfileList is the result of [Client.GetPublicProfiles].
type ProfileList struct {
	Profiles []Profile     `json:"profiles,omitzero"` // in the order of the arguments
	Missing  []MRI         `json:"missing,omitzero"`  // do not exist, are not in the response, or are no people
	Skipped  []SkippedItem `json:"skipped,omitzero"`  // could not be decoded, or were not requested
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
// Route: POST api.skype.com/users/self/contacts/profiles with a form, gone since
// June 2018; with [DialectCurrent] POST profile.skype.com/profile/v1/batch/profiles
// with JSON.
//
// Source: SkPy's protocol notes and its history. Sure of both.
//
// Errors: [ErrInvalid], [ErrUnauthorized], [ErrNotFound] where the route itself is
// gone, [ErrRateLimited], [ErrUnavailable], [ErrDecode]. Repeated after a failure:
// unlike every other POST it changes nothing.
func (c *Client) GetPublicProfiles(ctx context.Context, ids ...MRI) (*ProfileList, error) {
	asked, people, err := uniqueIDs(ids)
	switch {
	case err != nil:
		return nil, c.profilesRoute().wrap(err)
	case len(people) == 0:
		return &ProfileList{Missing: asked}, ctx.Err()
	}
	args := callArgs{form: url.Values{"contacts[]": people}}
	if c.dialect == DialectCurrent {
		args = callArgs{json: batchBody{Usernames: people}}
	}
	return fetch(ctx, c.core, c.profilesRoute(), args, func(in *reader, l *ProfileList) { l.readFrom(in, asked) })
}

var errNoIDs = fmt.Errorf("%w: no account is asked for", ErrInvalid)

func (c *Client) profilesRoute() *route {
	if c.dialect == DialectCurrent {
		return batchProfiles
	}
	return getPublicProfiles
}

type batchBody struct {
	Usernames []string `json:"usernames"`
}

// uniqueIDs checks identifiers and returns each once, and the names of those that are
// people.
func uniqueIDs(ids []MRI) (unique []MRI, people []string, err error) {
	if len(ids) == 0 {
		return nil, nil, errNoIDs
	}
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		id, err := ParseMRI(string(id))
		if err != nil {
			return nil, nil, err
		}
		if seen[id.key()] {
			continue
		}
		seen[id.key()] = true
		unique = append(unique, id)
		if isPerson(id) {
			people = append(people, id.ID())
		}
	}
	return unique, people, nil
}

// batchEntry is what a batch response says about one account.
type batchEntry struct {
	requested  bool // and not in the response so far
	unreadable bool
	profile    *Profile // nil if there is none
}

// readFrom reads a batch response, whose entries come in any order.
func (l *ProfileList) readFrom(r *reader, asked []MRI) {
	found := make(map[string]batchEntry, len(asked))
	for _, id := range asked {
		if isPerson(id) {
			found[id.key()] = batchEntry{requested: true}
		}
	}
	profiles := readDocumentList(r, &l.Skipped, func(e *reader, p *Profile) { readBatchEntry(e, p, found) })
	if r.err != nil {
		return
	}
	for i := range profiles {
		found[profiles[i].MRI.key()] = batchEntry{profile: &profiles[i]}
	}
	for _, id := range asked {
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

// readBatchEntry reads an entry and records it in found. It fails for an account
// that was not requested or is in the response already.
func readBatchEntry(r *reader, p *Profile, found map[string]batchEntry) {
	exists := readPublicProfile(r, p)
	entry, known := found[p.MRI.key()]
	switch {
	case r.err != nil:
		if entry.requested {
			found[p.MRI.key()] = batchEntry{unreadable: true}
		}
	case !known:
		r.fail(decodeError("an account that was not asked for"))
	case !entry.requested:
		r.fail(decodeError("an account that is in the response already"))
	case !exists:
		r.fail(errRemoved)
	default:
		found[p.MRI.key()] = batchEntry{}
	}
}

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
		r.fail(decodeError("the service reports a failure for this account"))
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
		readStrings(r, &f.Emails)
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

func (f *flatProfile) readPhone(r *reader, t PhoneType) {
	var number string
	readNullable(r, &number)
	if number != "" {
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
