package skypecontacts

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

var (
	getOwnProfile        = register(route{op: "GetOwnProfile", service: apiService, method: http.MethodGet, path: "/users/self/profile"})
	getOwnProfileCurrent = register(route{op: "GetOwnProfile", service: profileService, method: http.MethodGet, path: "/users/self/profile"})
	getProfile           = register(route{op: "GetProfile", service: apiService, method: http.MethodGet, path: "/users/{id}/profile"})
	getPublicProfiles    = register(route{op: "GetPublicProfiles", service: apiService, method: http.MethodPost, path: "/users/self/contacts/profiles", large: true})
	batchProfiles        = register(route{op: "GetPublicProfiles", service: profileService, method: http.MethodPost, path: "/batch/profiles", large: true})
)

// GetOwnProfile returns what the account says about itself, with e-mail
// addresses and telephone numbers that nobody else is shown.
//
// Route: GET api.skype.com/users/self/profile; in the Current dialect GET
// profile.skype.com/profile/v1/users/self/profile.
//
// Source: SkPy's protocol notes and recordings of several clients, 2015 to 2025;
// the successor is from one client of about 2018. Sure of the fields.
//
// Errors: [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable], [ErrDecode].
// Repeated after a failure.
func (c *Client) GetOwnProfile(ctx context.Context) (*Profile, error) {
	r := getOwnProfile
	if c.dialect == Current {
		r = getOwnProfileCurrent
	}
	return do(ctx, c, r, request{}, func(in *reader, p *Profile) { readFlatProfile(in, p, "") })
}

// GetProfile returns the profile of one account. Since May 2017 the service
// answers 403 to anyone but the account itself; [Client.GetPublicProfiles] is
// what works for others.
//
// Route: GET api.skype.com/users/{id}/profile.
//
// Source: SkPy's protocol notes; the 403 from reports of several clients.
//
// Errors: [ErrInvalid], [ErrForbidden] for the profile of another, [ErrNotFound],
// [ErrUnauthorized], [ErrRateLimited], [ErrUnavailable]; [ErrDecode] also for an
// answer about another account than was asked for. Repeated after a failure.
func (c *Client) GetProfile(ctx context.Context, id MRI) (*Profile, error) {
	return do(ctx, c, getProfile, request{params: []string{string(id)}},
		func(in *reader, p *Profile) { readFlatProfile(in, p, id) })
}

// ProfileList is the answer to [Client.GetPublicProfiles].
type ProfileList struct {
	Profiles []Profile     `json:"profiles,omitzero"` // in the order asked for
	Missing  []MRI         `json:"missing,omitzero"`  // asked for, and said or found not to exist
	Skipped  []SkippedItem `json:"skipped,omitzero"`  // could not be read, or were not asked for
}

// GetPublicProfiles returns what the given accounts show everybody, in one
// request. Accounts that do not exist are in Missing; asking for none is
// [ErrInvalid]. The mood is often missing from these answers. For more than
// about a hundred accounts use [Client.LookupProfiles]: the service was seen to
// refuse 730 at once.
//
// Route: POST api.skype.com/users/self/contacts/profiles with a form, gone since
// June 2018; in the Current dialect POST profile.skype.com/profile/v1/batch/profiles
// with JSON.
//
// Source: SkPy's protocol notes and its history. Sure of both.
//
// Errors: [ErrInvalid], [ErrUnauthorized], [ErrNotFound] where the route itself is
// gone, [ErrRateLimited], [ErrUnavailable], [ErrDecode]. Not repeated once it may
// have arrived, as no POST is, although it changes nothing.
func (c *Client) GetPublicProfiles(ctx context.Context, ids ...MRI) (*ProfileList, error) {
	r := c.profilesRoute()
	asked, names, err := uniqueIDs(ids)
	if err != nil {
		return nil, r.failure(err)
	}
	req := request{form: url.Values{"contacts[]": names}}
	if c.dialect == Current {
		req = request{json: batchBody{Usernames: names}}
	}
	return do(ctx, c, r, req, func(in *reader, l *ProfileList) { l.read(in, asked) })
}

var errNoIDs = fmt.Errorf("%w: no account is asked for", ErrInvalid)

func (c *Client) profilesRoute() *route {
	if c.dialect == Current {
		return batchProfiles
	}
	return getPublicProfiles
}

type batchBody struct {
	Usernames []string `json:"usernames"`
}

// uniqueIDs checks identifiers and gives each once, in full and without prefix.
// Without it two of different kinds may be one.
func uniqueIDs(ids []MRI) (full []MRI, bare []string, err error) {
	if len(ids) == 0 {
		return nil, nil, errNoIDs
	}
	seen := make(map[string]bool, 2*len(ids))
	first := func(key string) bool {
		again := seen[key]
		seen[key] = true
		return !again
	}
	for _, id := range ids {
		id, err := ParseMRI(string(id))
		if err != nil {
			return nil, nil, err
		}
		if first(id.key()) {
			full = append(full, id)
		}
		if first(bareKey(id)) {
			bare = append(bare, id.ID())
		}
	}
	return full, bare, nil
}

// read sorts the entries of a batch by what they say. They come in any order and
// are told apart by name alone.
func (l *ProfileList) read(r *reader, asked []MRI) {
	const awaited, unreadable = -1, -2
	found := make(map[string]int, len(asked)) // by bare name: place in the answer, or one of the above
	for _, id := range asked {
		found[bareKey(id)] = awaited
	}
	place := 0
	profiles := answerList(r, &l.Skipped, func(e *reader, p *Profile) {
		exists := readPublicProfile(e, p)
		at, known := found[bareKey(p.MRI)]
		switch {
		case e.err != nil:
			if known && at == awaited {
				found[bareKey(p.MRI)] = unreadable
			}
		case !known:
			e.fail(decodeError("an account that was not asked for"))
		case at != awaited:
			e.fail(decodeError("an account that is in the answer already"))
		case !exists:
			e.fail(errRemoved)
		default:
			found[bareKey(p.MRI)] = place
			place++
		}
	})
	if r.err != nil {
		return
	}
	for _, id := range asked {
		switch at := found[bareKey(id)]; at {
		case unreadable:
		case awaited:
			l.Missing = append(l.Missing, id)
		default:
			profiles[at].MRI = id
			l.Profiles = append(l.Profiles, profiles[at])
			found[bareKey(id)] = awaited // nobody else of that name is in the answer
		}
	}
}

func bareKey(id MRI) string { return strings.ToLower(id.ID()) }

// readFlatProfile reads a profile that is a whole answer. It must be about the
// given account, if one is given.
func readFlatProfile(r *reader, p *Profile, about MRI) {
	f := flatProfile{Profile: p}
	r.answer(&p.Extra, func(name []byte) bool { return f.member(r, name) })
	f.finish()
	switch {
	case r.err != nil:
	case p.MRI == "":
		r.fail(decodeError("the answer names no account"))
	case about != "" && !strings.EqualFold(about.ID(), "self") && !strings.EqualFold(p.MRI.ID(), about.ID()):
		r.fail(decodeError("the answer is about another account"))
	}
}

// readPublicProfile reads one entry of a batch. An account that does not exist
// comes with nothing but its name, or with a status.
func readPublicProfile(r *reader, p *Profile) (exists bool) {
	f := flatProfile{Profile: p}
	var failed *status
	r.owner(&p.Extra, func(name []byte) bool {
		exists = exists || string(name) != "username"
		if string(name) == "status" && r.kind() == '{' {
			s := r.status()
			failed = &s
			return true
		}
		return f.member(r, name)
	})
	f.finish()
	switch {
	case r.err != nil:
	case p.MRI == "":
		r.fail(errNoIdentifier)
	case failed != nil && failed.code != 0 && failed.code/100 != http.StatusNotFound:
		r.fail(decodeError("the service reports a failure for this account"))
	}
	return exists && failed == nil
}

// flatProfile reads the profiles of the api and profile services, in which all
// is text at one level.
type flatProfile struct {
	*Profile
	place Location
}

func (f *flatProfile) member(r *reader, name []byte) bool {
	switch string(name) {
	case "username":
		nullable(r, &f.MRI)
		f.MRI = qualify(string(f.MRI))
	case "displayname":
		nullable(r, &f.DisplayName)
	case "firstname":
		nullable(r, &f.Name.First)
	case "lastname":
		nullable(r, &f.Name.Last)
	case "birthday":
		r.date(&f.Birthday)
	case "gender":
		enum(r, &f.Gender, parseGender)
	case "language":
		language(r, &f.Language)
	case "country":
		country(r, &f.place)
	case "province", "state":
		nullable(r, &f.place.State)
	case "city":
		nullable(r, &f.place.City)
	case "homepage":
		nullable(r, &f.Homepage)
	case "about":
		nullable(r, &f.About)
	case "jobtitle":
		nullable(r, &f.JobTitle)
	case "emails":
		texts(r, &f.Emails)
	case "phoneHome":
		f.phone(r, PhoneHome)
	case "phoneOffice":
		f.phone(r, PhoneWork)
	case "phoneMobile":
		f.phone(r, PhoneMobile)
	case "mood":
		nullable(r, &f.Mood.Plain)
	case "richMood":
		nullable(r, &f.Mood.Rich)
	case "avatarUrl":
		nullable(r, &f.AvatarURL)
	default:
		return false
	}
	return true
}

func (f *flatProfile) phone(r *reader, t PhoneType) {
	var number string
	nullable(r, &number)
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
