package skypecontacts

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	searchDirectory        = newRoute(route{op: "SearchDirectory", service: directoryService, method: http.MethodGet, path: "/search/v1.1/namesearch/swx/", list: true})
	searchDirectoryCurrent = newRoute(route{op: "SearchDirectory", service: directoryService, method: http.MethodGet, path: "/v2.0/search/", list: true})
)

// DirectoryResults is the result of a search.
type DirectoryResults struct {
	Entries []DirectoryEntry `json:"entries,omitzero"` // in the order of the response, best first
	Skipped []SkippedItem    `json:"skipped,omitzero"`
	Extra   Extra            `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (d DirectoryResults) LogValue() slog.Value { return slog.StringValue(redacted) }

// DirectoryEntry is one person that was found.
type DirectoryEntry struct {
	Profile     Profile `json:"profile,omitzero"`
	ContactType string  `json:"contact_type,omitzero"` // such as "Skype" or "Skype4Consumer"
	SkypeHandle string  `json:"skype_handle,omitzero"` // the Skype name as written; only with [DialectCurrent]
	Rank        int     `json:"rank,omitzero"`         // only in the old directory
	// MutualContacts is how many contacts this person shares with the own account, only
	// with [DialectCurrent], and a guess: see Source of [Client.SearchDirectory]. The client
	// asks for it from two on, so that 0 means one, none or not known.
	MutualContacts int `json:"mutual_contacts,omitzero"`
}

// LogValue returns "[redacted]".
func (d DirectoryEntry) LogValue() slog.Value { return slog.StringValue(redacted) }

// SearchDirectory searches the public directory by name, Skype name or e-mail
// address. An empty list means that nobody was found.
//
// Route: GET skypegraph.skype.com/search/v1.1/namesearch/swx/, which responds with
// 403 since March 2023; with [DialectCurrent] GET skypegraph.skype.com/v2.0/search/.
//
// Source: SkPy's protocol notes and its history. Sure of the fields but one; it is not
// known whether either route still works. Not documented is what asks for the number of
// mutual contacts: the header X-SkypeGraphServiceSettings, which four scripts send in the
// same words. Nobody recorded the number: a whole number whose name in nodeAnnotation
// begins with "mutual" is taken for it, and the rest of nodeAnnotation is in Extra.
//
// Errors: [ErrInvalid] for a blank query or one with control characters,
// [ErrUnauthorized], [ErrForbidden], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure.
func (c *Client) SearchDirectory(ctx context.Context, query string) (*DirectoryResults, error) {
	r, args := searchDirectory, callArgs{query: url.Values{"searchstring": {query}, "requestId": {"skypecontacts-go"}}}
	if c.dialect == DialectCurrent {
		r = searchDirectoryCurrent
		args.query = url.Values{"searchString": {query}, "requestId": {"skypecontacts-go"}, "locale": {c.locale}}
		args.header = http.Header{"X-Skypegraphservicesettings": {askForMutualContacts}}
	}
	if err := checkQuery(query); err != nil {
		return nil, r.wrap(err)
	}
	return fetch(ctx, c.core, r, args, readDirectory)
}

// askForMutualContacts is the header as the sources have it. None that asks for the number
// has fewer members, so that it is not known which of them could be left out.
const askForMutualContacts = `{"experiment":"MinimumFriendsForAnnotationsEnabled","geoProximity":"disabled",` +
	`"minimumFriendsForAnnotationsEnabled":"true","minimumFriendsForAnnotations":2,"demotionScoreEnabled":"true"}`

// checkQuery returns an error for queries to which the service responds with arbitrary
// results.
func checkQuery(query string) error {
	switch {
	case strings.TrimSpace(query) == "":
		return fmt.Errorf("%w: query is blank", ErrInvalid)
	case !utf8.ValidString(query):
		return fmt.Errorf("%w: query is not valid UTF-8", ErrInvalid)
	case strings.ContainsFunc(query, unicode.IsControl):
		return fmt.Errorf("%w: query holds a control character", ErrInvalid)
	}
	return nil
}

func readDirectory(r *reader, d *DirectoryResults) {
	for name := range r.document(&d.Extra) {
		switch string(name) {
		case "results":
			d.Entries = readEntries(r, "results", &d.Skipped, readDirectoryEntry)
		case "requestId": // that of the request
			r.skip()
		}
	}
}

func readDirectoryEntry(r *reader, e *DirectoryEntry) {
	p, place := &e.Profile, Location{}
	for name := range r.members(&p.Extra) {
		switch string(name) {
		case "nodeProfileData":
			for name := range r.members(nil) {
				readNodeMember(r, e, &place, name)
			}
		case "nodeAnnotation":
			for name := range r.members(nil) {
				readAnnotation(r, e, name)
			}
		}
	}
	p.MRI = qualifyMRI(cmp.Or(string(p.MRI), e.SkypeHandle))
	p.DisplayName = p.Name.First
	p.Name.inferLast()
	if place != (Location{}) {
		p.Locations = []Location{place}
	}
	if p.MRI == "" {
		r.fail(errNoIdentifier)
	}
}

// readAnnotation reads a member of nodeAnnotation.
func readAnnotation(r *reader, e *DirectoryEntry, name []byte) {
	if e.MutualContacts > 0 || !strings.HasPrefix(lowerASCII(string(name)), "mutual") {
		return
	}
	v := r.value()
	count, err := strconv.Atoi(strings.Trim(string(v), `"`))
	if err == nil && count >= 0 {
		e.MutualContacts = count
	} else {
		r.saveUnlessNull(v)
	}
}

// readNodeMember reads a member of nodeProfileData.
func readNodeMember(r *reader, e *DirectoryEntry, place *Location, name []byte) {
	p := &e.Profile
	switch string(name) {
	case "skypeId":
		readString(r, &p.MRI)
	case "name":
		readString(r, &p.Name.First)
	case "avatarUrl":
		readString(r, &p.AvatarURL)
	case "city":
		readString(r, &place.City)
	case "state":
		readString(r, &place.State)
	case "country", "countryCode":
		readCountry(r, place)
	case "language":
		readLanguage(r, &p.Language)
	case "gender":
		readEnum(r, &p.Gender, parseGender)
	case "age":
		readNumber(r, &p.Age)
	case "about":
		readString(r, &p.About)
	case "contactType":
		readString(r, &e.ContactType)
	case "skypeHandle":
		readString(r, &e.SkypeHandle)
	}
}
