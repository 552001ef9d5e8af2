package skypecontacts

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

var (
	legacyListContacts       = newRoute(route{op: "LegacyListContacts", service: contactsV1Service, method: http.MethodGet, path: "/users/{id}/contacts", list: true})
	legacyListAuthRequests   = newRoute(route{op: "LegacyListAuthRequests", service: contactsV1Service, method: http.MethodGet, path: "/users/self/contacts/auth-request", list: true})
	legacyAcceptAuthRequest  = newRoute(route{op: "LegacyAcceptAuthRequest", service: contactsV1Service, method: http.MethodPut, path: "/users/self/contacts/auth-request/{id}/accept", write: true})
	legacyDeclineAuthRequest = newRoute(route{op: "LegacyDeclineAuthRequest", service: contactsV1Service, method: http.MethodPut, path: "/users/self/contacts/auth-request/{id}/decline", write: true})
	legacySearchDirectory    = newRoute(route{op: "LegacySearchDirectory", service: apiService, method: http.MethodGet, path: "/search/users/any", list: true})
)

// LegacyListContacts returns the contact list by version 1 of the API.
//
// Deprecated: the last known client of this version stopped in June 2024; use
// [Client.ListContacts].
//
// Route: GET contacts.skype.com/contacts/v1/users/{id}/contacts, with the id in
// lower case, which this version requires.
//
// Source: SkPy's protocol notes; one client used it until June 2024.
//
// Errors: [ErrUnauthorized], [ErrNotFound], [ErrRateLimited], [ErrUnavailable],
// [ErrTooLarge], [ErrDecode]. Repeated after a failure.
func (c *Client) LegacyListContacts(ctx context.Context) (*ContactList, error) {
	args := callArgs{params: []string{lowerASCII(c.self())}}
	return fetch(ctx, c.core, legacyListContacts, args, readContactList(readLegacyContact))
}

// AuthRequestList is the result of [Client.LegacyListAuthRequests].
type AuthRequestList struct {
	Requests []AuthRequest `json:"requests,omitzero"`
	Skipped  []SkippedItem `json:"skipped,omitzero"`
}

// LogValue returns "[redacted]".
func (a AuthRequestList) LogValue() slog.Value { return slog.StringValue(redacted) }

// AuthRequest is a pending contact request of version 1.
type AuthRequest struct {
	From     MRI       `json:"from,omitzero"`
	Greeting string    `json:"greeting,omitzero"` // plain text; the HTML of the service is in Extra if it differs
	Time     time.Time `json:"time,omitzero"`     // UTC
	Extra    Extra     `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (a AuthRequest) LogValue() slog.Value { return slog.StringValue(redacted) }

// LegacyListAuthRequests returns the requests that were neither accepted nor
// declined. An empty list means that there are none.
//
// Deprecated: the route responds with 404 since May 2019 at the latest; use
// [Client.ListInvites].
//
// Route: GET contacts.skype.com/contacts/v1/users/self/contacts/auth-request as
// documented. Every client found used the host api.skype.com; set
// [Endpoints.ContactsV1] for that.
//
// Source: SkPy's protocol notes; the 404 from its history.
//
// Errors: [ErrUnauthorized], [ErrNotFound], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure. Clients polled at most once a minute.
func (c *Client) LegacyListAuthRequests(ctx context.Context) (*AuthRequestList, error) {
	return fetch(ctx, c.core, legacyListAuthRequests, callArgs{}, readAuthRequestList)
}

// LegacyAcceptAuthRequest accepts a request, so that both sides are authorized.
//
// Deprecated: the route responds with 404 since May 2019 at the latest; use
// [Client.AcceptInvite].
//
// Route: PUT contacts.skype.com/contacts/v1/users/self/contacts/auth-request/{id}/accept.
//
// Source: as for [Client.LegacyListAuthRequests]; success is 200 or 201.
//
// Errors: [ErrInvalid], [ErrUnauthorized], [ErrForbidden], [ErrNotFound],
// [ErrRateLimited], [ErrUnavailable]. Repeated after a failure, since accepting
// twice changes nothing more.
func (c *Client) LegacyAcceptAuthRequest(ctx context.Context, from MRI) error {
	return send(ctx, c.core, legacyAcceptAuthRequest, callArgs{params: []string{string(from)}})
}

// LegacyDeclineAuthRequest declines a request.
//
// Deprecated: the route responds with 404 since May 2019 at the latest; use
// [Client.DeclineInvite].
//
// Route: PUT contacts.skype.com/contacts/v1/users/self/contacts/auth-request/{id}/decline.
//
// Source: as for [Client.LegacyListAuthRequests]; success is 200 or 201.
//
// Errors: [ErrInvalid], [ErrUnauthorized], [ErrForbidden], [ErrNotFound],
// [ErrRateLimited], [ErrUnavailable]. Repeated after a failure, since declining
// twice changes nothing more.
func (c *Client) LegacyDeclineAuthRequest(ctx context.Context, from MRI) error {
	return send(ctx, c.core, legacyDeclineAuthRequest, callArgs{params: []string{string(from)}})
}

// LegacySearchDirectory searches the old directory. An empty list means that nobody
// was found.
//
// Deprecated: the route responds with 404 since July 2016 at the latest; use
// [Client.SearchDirectory].
//
// Route: GET api.skype.com/search/users/any.
//
// Source: SkPy's protocol notes; the 404 from its history.
//
// Errors: [ErrInvalid] for a blank query or one with control characters,
// [ErrUnauthorized], [ErrNotFound], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure.
func (c *Client) LegacySearchDirectory(ctx context.Context, query string) (*DirectoryResults, error) {
	if err := checkQuery(query); err != nil {
		return nil, legacySearchDirectory.wrap(err)
	}
	args := callArgs{query: url.Values{"keyWord": {query}, "contactTypes[]": {"skype"}}}
	return fetch(ctx, c.core, legacySearchDirectory, args, readLegacyDirectory)
}

// readLegacyContact reads an entry of version 1: a flat object with a bare name and
// the type of the account.
func readLegacyContact(r *reader, c *Contact) (removed bool) {
	var id, kind string
	var relation relationReader
	for name := range r.members(&c.Extra) {
		switch string(name) {
		case "id":
			readString(r, &id)
		case "type":
			readString(r, &kind)
		case "profile": // in an entry of version 2 that has an id instead of an mri
			readNestedProfile(r, &c.Profile)
		default:
			relation.readMember(r, c, name)
			if r.unread() {
				readProfileMember(r, &c.Profile, name)
			}
		}
	}
	if prefix, ok := legacyKinds[lowerASCII(kind)]; ok && id != "" && prefixLen(id) == 0 {
		id = string(prefix) + ":" + id
	} else if kind != "" && !ok {
		addExtra(&c.Extra, "type", kind)
	}
	if id != "" {
		c.MRI = qualifyMRI(id)
	}
	return relation.finish(r, c)
}

var legacyKinds = map[string]MRIKind{
	"skype": KindSkype, "msn": KindMSN, "pstn": KindPhone, "agent": KindBot, "lync": KindLync,
}

func readAuthRequestList(r *reader, l *AuthRequestList) {
	l.Requests = readDocumentList(r, &l.Skipped, readAuthRequest)
}

func readAuthRequest(r *reader, a *AuthRequest) {
	var greeting string
	var iso time.Time
	for name := range r.members(&a.Extra) {
		switch string(name) {
		case "sender":
			readString(r, &a.From)
		case "greeting":
			readString(r, &greeting)
		case "event_time":
			readTime(r, &a.Time)
		case "event_time_iso":
			readTime(r, &iso)
		}
	}
	a.From = qualifyMRI(string(a.From))
	if a.Time.IsZero() {
		a.Time = iso // the same to the second
	}
	if a.Greeting = plainText(greeting); a.Greeting != greeting {
		addExtra(&a.Extra, "greeting", greeting)
	}
	if a.From == "" {
		r.fail(errNoIdentifier)
	}
}

func readLegacyDirectory(r *reader, d *DirectoryResults) {
	d.Entries = readDocumentList(r, &d.Skipped, readLegacyEntry)
}

// legacyCards are the cards that the old directory has for one person.
type legacyCards struct {
	entry    *DirectoryEntry // filled from the Skype card
	place    Location
	lyncID   MRI
	lyncName string
}

// readLegacyEntry reads an entry of the old directory. The Lync card counts only if
// there is no Skype card.
func readLegacyEntry(r *reader, e *DirectoryEntry) {
	p, cards := &e.Profile, legacyCards{entry: e}
	for name := range r.members(&p.Extra) {
		if string(name) == "ContactCards" {
			cards.readFrom(r)
		}
	}
	switch {
	case p.MRI != "":
		p.MRI, e.ContactType = qualifyMRI(string(p.MRI)), "Skype"
		if cards.lyncID != "" {
			addExtra(&p.Extra, "ContactCards/Lync/SkypeName", string(cards.lyncID))
			addExtra(&p.Extra, "ContactCards/Lync/DisplayName", cards.lyncName)
		}
	case cards.lyncID != "":
		p.MRI, e.ContactType = MRI("2:"+cards.lyncID.ID()), "Lync"
		p.DisplayName, p.Name.First = cards.lyncName, cards.lyncName
	default:
		r.fail(errNoIdentifier)
	}
	if cards.place != (Location{}) {
		p.Locations = []Location{cards.place}
	}
	p.Name.inferLast()
}

func (c *legacyCards) readFrom(r *reader) {
	for card := range r.members(nil) {
		switch string(card) {
		case "Skype":
			for name := range r.members(nil) {
				readSkypeCardMember(r, c.entry, name)
			}
		case "Lync":
			c.readLyncCard(r)
		case "CurrentLocation":
			c.readLocationCard(r)
		}
	}
}

func (c *legacyCards) readLyncCard(r *reader) {
	for name := range r.members(nil) {
		switch string(name) {
		case "SkypeName":
			readString(r, &c.lyncID)
		case "DisplayName":
			readString(r, &c.lyncName)
		}
	}
}

func (c *legacyCards) readLocationCard(r *reader) {
	for name := range r.members(nil) {
		switch string(name) {
		case "City":
			readString(r, &c.place.City)
		case "Country":
			readCountry(r, &c.place)
		case "Province":
			readString(r, &c.place.State)
		}
	}
}

func readSkypeCardMember(r *reader, e *DirectoryEntry, name []byte) {
	p := &e.Profile
	switch string(name) {
	case "SkypeName":
		readString(r, &p.MRI)
	case "DisplayName":
		readString(r, &p.DisplayName)
		p.Name.First = p.DisplayName
	case "About":
		readString(r, &p.About)
	case "Age":
		readNumber(r, &p.Age)
	case "Gender":
		readEnum(r, &p.Gender, parseGender)
	case "Language":
		readLanguage(r, &p.Language)
	case "Rank":
		readNumber(r, &e.Rank)
	}
}
