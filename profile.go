package skypecontacts

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
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

// LookupOptions says how [Client.LookupProfiles] works. Zero fields mean the
// defaults.
type LookupOptions struct {
	ChunkSize   int // accounts in one request; default 100
	Concurrency int // requests at once; default 4
	// Progress, if given, is called after each chunk with the number of accounts
	// done so far and of all. It is never called twice at once.
	Progress func(done, total int)
}

// LookupResult is what came of one account: either its profile or the reason why
// there is none. The reason matches [ErrNotFound] if there is no such account.
type LookupResult struct {
	MRI     MRI // as asked for
	Profile *Profile
	Err     error
}

// LookupProfiles looks up any number of accounts, a chunk with each request and
// several requests at once, and yields one result for every identifier, in the
// order given. An identifier that cannot be one, or a chunk that fails, costs only
// its own results. Breaking out of the loop ends the requests under way. With a
// [WithLimiter], every request waits for it.
//
// Route: that of [Client.GetPublicProfiles].
//
// Source: as there. The official client asked for 100 at a time.
//
// Errors: in the results, as for [Client.GetPublicProfiles], and [ErrNotFound] and
// [ErrDecode] for single accounts. A chunk is not repeated once it may have
// arrived.
func (c *Client) LookupProfiles(ctx context.Context, ids []MRI, opts LookupOptions) iter.Seq[LookupResult] {
	orDefault(&opts.ChunkSize, 100)
	orDefault(&opts.Concurrency, 4)
	return func(yield func(LookupResult) bool) {
		ids := slices.Clone(ids) // which the loop may change
		if opts.ChunkSize < 0 || opts.Concurrency < 0 {
			for _, id := range ids {
				if !yield(LookupResult{MRI: id, Err: c.profilesRoute().failure(errNegative)}) {
					return
				}
			}
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()

		chunks := slices.Collect(slices.Chunk(ids, opts.ChunkSize))
		results := make([]chan []LookupResult, len(chunks))
		start := func(i int) {
			results[i] = make(chan []LookupResult, 1)
			workers.Go(func() { results[i] <- c.lookupChunk(ctx, chunks[i]) })
		}
		for i := range min(opts.Concurrency, len(chunks)) {
			start(i)
		}
		done := 0
		for i := range chunks {
			found := <-results[i]
			if next := i + opts.Concurrency; next < len(chunks) {
				start(next)
			}
			done += len(found)
			if opts.Progress != nil {
				opts.Progress(done, len(ids))
			}
			for _, result := range found {
				if !yield(result) {
					return
				}
			}
		}
	}
}

var errNegative = fmt.Errorf("%w: LookupOptions must not be negative", ErrInvalid)

// lookupChunk makes one request and gives every identifier its result.
func (c *Client) lookupChunk(ctx context.Context, ids []MRI) []LookupResult {
	route, results := c.profilesRoute(), make([]LookupResult, len(ids))
	var usable []MRI
	for i, id := range ids {
		results[i].MRI = id
		if _, err := ParseMRI(string(id)); err != nil {
			results[i].Err = route.failure(err)
		} else {
			usable = append(usable, id)
		}
	}
	if len(usable) == 0 {
		return results
	}
	list, err := c.GetPublicProfiles(ctx, usable...)
	if err != nil {
		list = &ProfileList{}
	}
	found := make(map[string]*Profile, len(list.Profiles))
	for i := range list.Profiles {
		found[list.Profiles[i].MRI.key()] = &list.Profiles[i]
	}
	missing := make(map[string]bool, len(list.Missing))
	for _, id := range list.Missing {
		missing[id.key()] = true
	}
	for i := range results {
		result, key := &results[i], results[i].MRI.key()
		switch {
		case result.Err != nil:
		case err != nil:
			result.Err = err
		case found[key] != nil:
			result.Profile = found[key]
		case missing[key]:
			result.Err = route.failure(ErrNotFound)
		default:
			result.Err = route.failure(decodeError("the entry for this account cannot be read"))
		}
	}
	return results
}

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

const errNoIdentifier = decodeError("the entry has no identifier")

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

// nullable reads a text for which these services also write the word null.
func nullable[S ~string](r *reader, field *S) {
	before := *field
	text(r, field)
	if *field == "null" {
		*field = before
	}
}

func language(r *reader, field *LanguageCode) {
	nullable(r, field)
	*field = LanguageCode(strings.ToLower(string(*field)))
}

func country(r *reader, place *Location) {
	var name string
	nullable(r, &name)
	place.setCountry(name)
}

// profileMember reads the parts of a profile that version 2 nests in a contact
// and version 1 mixes with it.
func profileMember(r *reader, p *Profile, name []byte) bool {
	switch string(name) {
	case "avatar_url":
		text(r, &p.AvatarURL)
	case "birthday":
		r.date(&p.Birthday)
	case "gender":
		enum(r, &p.Gender, parseGender)
	case "language":
		language(r, &p.Language)
	case "about":
		text(r, &p.About)
	case "website":
		text(r, &p.Homepage)
	case "jobtitle":
		text(r, &p.JobTitle)
	case "emails":
		texts(r, &p.Emails)
	case "mood":
		rich := p.Mood.Rich
		text(r, &rich)
		p.Mood = ParseMood(rich)
	case "richMood":
		var rich string
		if text(r, &rich); rich != "" {
			p.Mood = ParseMood(rich)
		}
	case "name":
		readName(r, &p.Name)
	case "locations":
		objects(r, &p.Locations, Location{}, func(l *Location, name []byte) bool {
			switch string(name) {
			case "type":
				text(r, &l.Type)
			case "city":
				text(r, &l.City)
			case "state":
				text(r, &l.State)
			case "country":
				country(r, l)
			default:
				return false
			}
			return true
		})
	case "phones":
		readPhones(r, &p.Phones)
	default:
		return false
	}
	return true
}

func readPhones(r *reader, phones *[]Phone) {
	objects(r, phones, Phone{Type: PhoneOther}, func(p *Phone, name []byte) bool {
		switch string(name) {
		case "number":
			text(r, &p.Number)
		case "type":
			enum(r, &p.Type, parsePhoneType)
		default:
			return false
		}
		return true
	})
}

func readName(r *reader, n *Name) {
	whole := *n
	if whole.Inferred {
		whole.First, whole.Last, whole.Inferred = n.full(), "", false
	}
	r.object(func(name []byte) bool {
		switch string(name) {
		case "first":
			text(r, &whole.First)
		case "surname", "last":
			text(r, &whole.Last)
		case "nickname":
			text(r, &whole.Nickname)
		case "company":
			text(r, &whole.Company)
		case "title":
			text(r, &whole.Title)
		default:
			return false
		}
		return true
	})
	whole.inferLast()
	*n = whole
}
