package skypecontacts

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

var (
	legacyListContacts       = register(route{op: "LegacyListContacts", service: contactsV1Service, method: http.MethodGet, path: "/users/{id}/contacts", large: true})
	legacyListAuthRequests   = register(route{op: "LegacyListAuthRequests", service: contactsV1Service, method: http.MethodGet, path: "/users/self/contacts/auth-request", large: true})
	legacyAcceptAuthRequest  = register(route{op: "LegacyAcceptAuthRequest", service: contactsV1Service, method: http.MethodPut, path: "/users/self/contacts/auth-request/{id}/accept", empty: true})
	legacyDeclineAuthRequest = register(route{op: "LegacyDeclineAuthRequest", service: contactsV1Service, method: http.MethodPut, path: "/users/self/contacts/auth-request/{id}/decline", empty: true})
	legacySearchDirectory    = register(route{op: "LegacySearchDirectory", service: apiService, method: http.MethodGet, path: "/search/users/any", large: true})
)

// LegacyListContacts returns the contact list by the first version of the API.
// Prefer [Client.ListContacts].
//
// Route: GET contacts.skype.com/contacts/v1/users/{id}/contacts, with the id in
// lower case, as this version insists.
//
// Source: SkPy's protocol notes; one client used it until June 2024.
//
// Errors: [ErrUnauthorized], [ErrNotFound], [ErrRateLimited], [ErrUnavailable],
// [ErrTooLarge], [ErrDecode]. Repeated after a failure.
func (c *Client) LegacyListContacts(ctx context.Context) (*ContactList, error) {
	return do(ctx, c, legacyListContacts, request{params: []string{strings.ToLower(c.userID())}},
		func(in *reader, l *ContactList) { l.read(in, readLegacyContact) })
}

// AuthRequestList is the answer to [Client.LegacyListAuthRequests].
type AuthRequestList struct {
	Requests []AuthRequest `json:"requests,omitzero"`
	Skipped  []SkippedItem `json:"skipped,omitzero"`
}

// AuthRequest is somebody's wish to be a contact, in the first version's form.
type AuthRequest struct {
	From     MRI       `json:"from,omitzero"`
	Greeting string    `json:"greeting,omitzero"` // plain text; the service sends HTML, which is in Extra if it had any markup
	Time     time.Time `json:"time,omitzero"`     // UTC
	Extra    Extra     `json:"extra,omitzero"`
}

// LegacyListAuthRequests returns the requests that wait for an answer. Prefer
// [Client.ListInvites]. None waiting is an empty list.
//
// Route: GET contacts.skype.com/contacts/v1/users/self/contacts/auth-request as
// documented. Every client found used the host api.skype.com; set
// [Endpoints.ContactsV1] for that.
//
// Source: SkPy's protocol notes; the route answered 404 by May 2019.
//
// Errors: [ErrUnauthorized], [ErrNotFound], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure. Clients asked at most once a minute.
func (c *Client) LegacyListAuthRequests(ctx context.Context) (*AuthRequestList, error) {
	return do(ctx, c, legacyListAuthRequests, request{}, func(in *reader, l *AuthRequestList) {
		l.Requests = answerList(in, &l.Skipped, readAuthRequest)
	})
}

// LegacyAcceptAuthRequest accepts a request, so that both sides are authorized.
// Prefer [Client.AcceptInvite].
//
// Route: PUT contacts.skype.com/contacts/v1/users/self/contacts/auth-request/{id}/accept.
//
// Source: as for [Client.LegacyListAuthRequests]; success is 200 or 201.
//
// Errors: [ErrInvalid], [ErrUnauthorized], [ErrForbidden], [ErrNotFound],
// [ErrRateLimited], [ErrUnavailable]. Repeated after a failure, since accepting
// twice changes nothing more.
func (c *Client) LegacyAcceptAuthRequest(ctx context.Context, from MRI) error {
	return c.send(ctx, legacyAcceptAuthRequest, request{params: []string{string(from)}})
}

// LegacyDeclineAuthRequest declines a request. Prefer [Client.DeclineInvite].
//
// Route: PUT contacts.skype.com/contacts/v1/users/self/contacts/auth-request/{id}/decline.
//
// Source: as for [Client.LegacyListAuthRequests]; success is 200 or 201.
//
// Errors: [ErrInvalid], [ErrUnauthorized], [ErrForbidden], [ErrNotFound],
// [ErrRateLimited], [ErrUnavailable]. Repeated after a failure, since declining
// twice changes nothing more.
func (c *Client) LegacyDeclineAuthRequest(ctx context.Context, from MRI) error {
	return c.send(ctx, legacyDeclineAuthRequest, request{params: []string{string(from)}})
}

// LegacySearchDirectory looks for people in the old directory. Prefer
// [Client.SearchDirectory]. No result is an empty list.
//
// Route: GET api.skype.com/search/users/any.
//
// Source: SkPy's protocol notes; the route answered 404 by July 2016.
//
// Errors: [ErrInvalid] for a blank query or one with control characters,
// [ErrUnauthorized], [ErrNotFound], [ErrRateLimited], [ErrUnavailable],
// [ErrDecode]. Repeated after a failure.
func (c *Client) LegacySearchDirectory(ctx context.Context, query string) (*DirectoryResults, error) {
	if err := checkQuery(query); err != nil {
		return nil, legacySearchDirectory.failure(err)
	}
	req := request{query: url.Values{"keyWord": {query}, "contactTypes[]": {"skype"}}}
	return do(ctx, c, legacySearchDirectory, req, func(in *reader, d *DirectoryResults) {
		d.Entries = answerList(in, &d.Skipped, readLegacyEntry)
	})
}

// readLegacyContact reads an entry of the first version: flat, with a bare name
// and the kind of account beside it.
func readLegacyContact(r *reader, c *Contact) (removed bool) {
	var id, kind string
	var relation contactReader
	r.owner(&c.Extra, func(name []byte) bool {
		switch string(name) {
		case "id":
			text(r, &id)
		case "type":
			text(r, &kind)
		default:
			return relation.member(r, c, name) || profileMember(r, &c.Profile, name)
		}
		return true
	})
	if prefix, ok := legacyKinds[strings.ToLower(kind)]; ok && id != "" && prefixLen(id) == 0 {
		id = string(prefix) + ":" + id
	} else if kind != "" && !ok {
		addExtra(&c.Extra, "type", kind)
	}
	if id != "" {
		c.MRI = qualify(id)
	}
	return relation.finish(r, c)
}

var legacyKinds = map[string]MRIKind{
	"skype": KindSkype, "msn": KindMSN, "pstn": KindPhone, "agent": KindBot, "lync": KindLync,
}

func readAuthRequest(r *reader, a *AuthRequest) {
	var greeting string
	var iso time.Time
	r.owner(&a.Extra, func(name []byte) bool {
		switch string(name) {
		case "sender":
			text(r, &a.From)
		case "greeting":
			text(r, &greeting)
		case "event_time":
			r.time(&a.Time)
		case "event_time_iso":
			r.time(&iso)
		default:
			return false
		}
		return true
	})
	a.From = qualify(string(a.From))
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

// readLegacyEntry reads an entry of the old directory: several cards about one
// person, of which the Lync card counts only when there is no Skype card.
func readLegacyEntry(r *reader, e *DirectoryEntry) {
	p, place := &e.Profile, Location{}
	var lync struct {
		id   MRI
		name string
	}
	r.owner(&p.Extra, func(name []byte) bool {
		if string(name) != "ContactCards" {
			return false
		}
		r.object(func(name []byte) bool {
			switch string(name) {
			case "Skype":
				r.object(func(name []byte) bool { return legacyCardMember(r, e, name) })
			case "Lync":
				r.object(func(name []byte) bool {
					switch string(name) {
					case "SkypeName":
						text(r, &lync.id)
					case "DisplayName":
						text(r, &lync.name)
					default:
						return false
					}
					return true
				})
			case "CurrentLocation":
				r.object(func(name []byte) bool {
					switch string(name) {
					case "City":
						text(r, &place.City)
					case "Country":
						country(r, &place)
					case "Province":
						text(r, &place.State)
					default:
						return false
					}
					return true
				})
			default:
				return false
			}
			return true
		})
		return true
	})
	switch {
	case p.MRI != "":
		p.MRI, e.ContactType = qualify(string(p.MRI)), "Skype"
		if lync.id != "" {
			addExtra(&p.Extra, "ContactCards/Lync/SkypeName", string(lync.id))
			addExtra(&p.Extra, "ContactCards/Lync/DisplayName", lync.name)
		}
	case lync.id != "":
		p.MRI, e.ContactType = MRI("2:"+lync.id.ID()), "Lync"
		p.DisplayName, p.Name.First = lync.name, lync.name
	default:
		r.fail(errNoIdentifier)
	}
	if place != (Location{}) {
		p.Locations = []Location{place}
	}
	p.Name.inferLast()
}

func legacyCardMember(r *reader, e *DirectoryEntry, name []byte) bool {
	p := &e.Profile
	switch string(name) {
	case "SkypeName":
		text(r, &p.MRI)
	case "DisplayName":
		text(r, &p.DisplayName)
		p.Name.First = p.DisplayName
	case "About":
		text(r, &p.About)
	case "Age":
		number(r, &p.Age)
	case "Gender":
		enum(r, &p.Gender, parseGender)
	case "Language":
		language(r, &p.Language)
	case "Rank":
		number(r, &e.Rank)
	default:
		return false
	}
	return true
}
