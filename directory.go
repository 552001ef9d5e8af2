package skypecontacts

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
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
}

// LogValue returns "[redacted]".
func (d DirectoryEntry) LogValue() slog.Value { return slog.StringValue(redacted) }

// SearchDirectory searches the public directory by name, Skype name or e-mail
// address. An empty list means that nobody was found.
//
// Route: GET skypegraph.skype.com/search/v1.1/namesearch/swx/, which responds with
// 403 since March 2023; with [DialectCurrent] GET skypegraph.skype.com/v2.0/search/.
//
// Source: SkPy's protocol notes and its history. Sure of the fields; it is not
// known whether either route still works.
//
// Errors: [ErrInvalid] for a blank query or one with control characters,
// [ErrUnauthorized], [ErrForbidden], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure.
func (c *Client) SearchDirectory(ctx context.Context, query string) (*DirectoryResults, error) {
	r, parameter := searchDirectory, "searchstring"
	if c.dialect == DialectCurrent {
		r, parameter = searchDirectoryCurrent, "searchString"
	}
	if err := checkQuery(query); err != nil {
		return nil, r.wrap(err)
	}
	return fetch(ctx, c.core, r, callArgs{query: url.Values{parameter: {query}, "requestId": {"skypecontacts-go"}}}, readDirectory)
}

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
		if string(name) == "nodeProfileData" {
			for name := range r.members(nil) {
				readNodeMember(r, e, &place, name)
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
