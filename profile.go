package skypecontacts

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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
// Errors: [ErrInvalid], [ErrForbidden] for the profile of another, [ErrNotFound],
// [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable]; [ErrDecode] also for a
// response about another account. Repeated after a failure.
func (c *Client) GetProfile(ctx context.Context, id MRI) (*Profile, error) {
	return fetch(ctx, c.core, getProfile, callArgs{params: []string{string(id)}},
		func(in *reader, p *Profile) { readFlatProfile(in, p, id) })
}

// ProfileList is the result of [Client.GetPublicProfiles].
type ProfileList struct {
	Profiles []Profile     `json:"profiles,omitzero"` // in the order of the arguments
	Missing  []MRI         `json:"missing,omitzero"`  // do not exist, or are not in the response
	Skipped  []SkippedItem `json:"skipped,omitzero"`  // could not be decoded, or were not requested
}

// GetPublicProfiles returns the public profiles of the given accounts, in one
// request. Accounts that do not exist are in Missing; a call without accounts is
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
// gone, [ErrRateLimited], [ErrUnavailable], [ErrDecode]. Not repeated once it may
// have arrived, like every POST, although it changes nothing.
func (c *Client) GetPublicProfiles(ctx context.Context, ids ...MRI) (*ProfileList, error) {
	asked, names, err := uniqueIDs(ids)
	if err != nil {
		return nil, c.profilesRoute().wrap(err)
	}
	args := callArgs{form: url.Values{"contacts[]": names}}
	if c.dialect == DialectCurrent {
		args = callArgs{json: batchBody{Usernames: names}}
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

// uniqueIDs checks identifiers and returns each once, in full and without prefix.
// Two identifiers of different kinds may be the same without prefix.
func uniqueIDs(ids []MRI) (full []MRI, bare []string, err error) {
	if len(ids) == 0 {
		return nil, nil, errNoIDs
	}
	seenFull, seenBare := make(map[string]bool, len(ids)), make(map[string]bool, len(ids))
	for _, id := range ids {
		id, err := ParseMRI(string(id))
		if err != nil {
			return nil, nil, err
		}
		if !seenFull[id.key()] {
			seenFull[id.key()] = true
			full = append(full, id)
		}
		if !seenBare[bareKey(id)] {
			seenBare[bareKey(id)] = true
			bare = append(bare, id.ID())
		}
	}
	return full, bare, nil
}

// bareKey is the form in which a batch names accounts, without case.
func bareKey(id MRI) string { return strings.ToLower(id.ID()) }

// batchEntry is what a batch response says about one bare name.
type batchEntry struct {
	requested  bool
	unreadable bool
	profile    *Profile // nil if there is none
}

// readFrom reads a batch response, whose entries come in any order and are
// identified by their bare name only.
func (l *ProfileList) readFrom(r *reader, asked []MRI) {
	found := make(map[string]batchEntry, len(asked))
	for _, id := range asked {
		found[bareKey(id)] = batchEntry{requested: true}
	}
	profiles := readDocumentList(r, &l.Skipped, func(e *reader, p *Profile) { readBatchEntry(e, p, found) })
	if r.err != nil {
		return
	}
	for i := range profiles {
		found[bareKey(profiles[i].MRI)] = batchEntry{profile: &profiles[i]}
	}
	for _, id := range asked {
		entry := found[bareKey(id)]
		switch {
		case entry.unreadable:
		case entry.profile == nil:
			l.Missing = append(l.Missing, id)
		default:
			entry.profile.MRI = id
			l.Profiles = append(l.Profiles, *entry.profile)
			found[bareKey(id)] = batchEntry{} // one entry stands for one account
		}
	}
}

// readBatchEntry reads an entry and records it in found. It fails for an account
// that was not requested or is in the response already.
func readBatchEntry(r *reader, p *Profile, found map[string]batchEntry) {
	exists := readPublicProfile(r, p)
	entry, requested := found[bareKey(p.MRI)]
	first := entry.requested && !entry.unreadable
	switch {
	case r.err != nil:
		if first {
			found[bareKey(p.MRI)] = batchEntry{unreadable: true}
		}
		return
	case !requested:
		r.fail(decodeError("an account that was not asked for"))
		return
	case !first:
		r.fail(decodeError("an account that is in the response already"))
		return
	case !exists:
		r.fail(errRemoved)
		return
	}
	found[bareKey(p.MRI)] = batchEntry{}
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
	case requested != "" && !strings.EqualFold(requested.ID(), "self") && !strings.EqualFold(p.MRI.ID(), requested.ID()):
		r.fail(decodeError("the response is about another account"))
	}
}

// readPublicProfile reads one entry of a batch. An account that does not exist has
// only its name, or a status.
func readPublicProfile(r *reader, p *Profile) (exists bool) {
	f := flatProfile{Profile: p}
	var reported *reportedFailure
	for name := range r.members(&p.Extra) {
		exists = exists || string(name) != "username"
		if string(name) == "status" && r.kind() == '{' {
			status := readReportedFailure(r)
			reported = &status
		} else {
			f.readMember(r, name)
		}
	}
	f.finish()
	switch {
	case r.err != nil:
	case p.MRI == "":
		r.fail(errNoIdentifier)
	case reported != nil && reported.code != 0 && reported.code/100 != http.StatusNotFound:
		r.fail(decodeError("the service reports a failure for this account"))
	}
	return exists && reported == nil
}

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
