package skypecontacts

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	searchDirectory        = register(route{op: "SearchDirectory", service: directoryService, method: http.MethodGet, path: "/search/v1.1/namesearch/swx/", large: true})
	searchDirectoryCurrent = register(route{op: "SearchDirectory", service: directoryService, method: http.MethodGet, path: "/v2.0/search/", large: true})
)

// DirectoryResults is the answer to a search.
type DirectoryResults struct {
	Entries []DirectoryEntry `json:"entries,omitzero"` // in the service's order, best first
	Skipped []SkippedItem    `json:"skipped,omitzero"`
	Extra   Extra            `json:"extra,omitzero"`
}

// DirectoryEntry is one person found.
type DirectoryEntry struct {
	Profile     Profile `json:"profile,omitzero"`
	ContactType string  `json:"contact_type,omitzero"` // such as "Skype" or "Skype4Consumer"
	Rank        int     `json:"rank,omitzero"`         // only in the old directory
}

// SearchDirectory looks for people by name, Skype name or e-mail address. It
// searches the public directory and does not find one's own contacts by any
// other quality. No result is an empty list.
//
// Route: GET skypegraph.skype.com/search/v1.1/namesearch/swx/, which answers 403
// since March 2023; in the Current dialect GET skypegraph.skype.com/v2.0/search/.
//
// Source: SkPy's protocol notes and its history. Sure of the fields; whether
// either still answers is not known.
//
// Errors: [ErrInvalid] for a blank query or one with control characters,
// [ErrUnauthorized], [ErrForbidden], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure.
func (c *Client) SearchDirectory(ctx context.Context, query string) (*DirectoryResults, error) {
	r, parameter := searchDirectory, "searchstring"
	if c.dialect == Current {
		r, parameter = searchDirectoryCurrent, "searchString"
	}
	if err := checkQuery(query); err != nil {
		return nil, r.failure(err)
	}
	return do(ctx, c, r, request{query: url.Values{parameter: {query}, "requestId": {"skypecontacts-go"}}}, readDirectory)
}

// checkQuery refuses what is surely not meant: the service answers it with
// whatever comes first.
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
	r.answer(&d.Extra, func(name []byte) bool {
		switch string(name) {
		case "results":
			d.Entries = entries(r, "results", &d.Skipped, readDirectoryEntry)
		case "requestId": // our own, echoed
			r.skip()
		default:
			return false
		}
		return true
	})
}

func readDirectoryEntry(r *reader, e *DirectoryEntry) {
	p, place := &e.Profile, Location{}
	r.owner(&p.Extra, func(name []byte) bool {
		if string(name) != "nodeProfileData" {
			return false
		}
		r.owner(&p.Extra, func(name []byte) bool {
			switch string(name) {
			case "skypeId":
				text(r, &p.MRI)
			case "name":
				text(r, &p.Name.First)
			case "avatarUrl":
				text(r, &p.AvatarURL)
			case "city":
				text(r, &place.City)
			case "state":
				text(r, &place.State)
			case "country", "countryCode":
				country(r, &place)
			case "language":
				language(r, &p.Language)
			case "gender":
				enum(r, &p.Gender, parseGender)
			case "age":
				number(r, &p.Age)
			case "about":
				text(r, &p.About)
			case "contactType":
				text(r, &e.ContactType)
			default:
				return false
			}
			return true
		})
		return true
	})
	p.MRI = qualify(string(p.MRI))
	p.DisplayName = p.Name.First
	p.Name.inferLast()
	if place != (Location{}) {
		p.Locations = []Location{place}
	}
	if p.MRI == "" {
		r.fail(errNoIdentifier)
	}
}
