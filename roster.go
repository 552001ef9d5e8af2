package skypecontacts

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

var (
	getRoster     = newRoute(route{op: "GetRoster", service: contactsService, method: http.MethodGet, path: "/users/{id}", list: true})
	refreshRoster = newRoute(route{op: "RefreshRoster", service: contactsService, method: http.MethodGet, path: "/users/{id}", list: true, conditional: true})
)

// Roster is the whole view of an account: contacts, blocklist and groups. It can be
// stored as JSON and loaded again without loss, to continue with
// [Client.RefreshRoster] after a restart.
type Roster struct {
	Contacts []Contact     `json:"contacts"`
	Blocked  []BlockedUser `json:"blocked,omitzero"`
	Groups   []Group       `json:"groups,omitzero"`
	Scope    string        `json:"scope,omitzero"` // of the last response: "full" or "delta", in any case
	ETag     string        `json:"etag,omitzero"`  // of the last response
	Skipped  []SkippedItem `json:"skipped,omitzero"`
	Extra    Extra         `json:"extra,omitzero"`
}

// LogValue returns "[redacted]".
func (r Roster) LogValue() slog.Value { return slog.StringValue(redacted) }

// GetRoster returns contacts, blocklist and groups in one response. Duplicate entries
// are merged. Empty lists mean that there are no entries.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}.
//
// Source: SkPy's protocol notes, the official web client of 2018 and three
// others. Sure of the fields.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure.
func (c *Client) GetRoster(ctx context.Context) (*Roster, error) {
	args := callArgs{params: []string{c.self()}, query: url.Values{"reason": {"default"}}}
	return fetchRoster(ctx, c.core, getRoster, args, nil)
}

// RefreshRoster returns prev with all changes since. It returns prev itself if there
// are none, and else a new roster. It never modifies prev; since the two may share
// unchanged values, callers must modify neither. A nil prev requests everything.
//
// In a response with changes only, a contact that is marked as deleted is removed, a
// member that is null or missing leaves the field as it was, and a missing flag is
// false. A full response replaces everything.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}?delta with If-None-Match.
//
// Source: the official web client of 2018 and three others. Sure of the request;
// of deleted groups and blocklist entries only by analogy.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure.
func (c *Client) RefreshRoster(ctx context.Context, prev *Roster) (*Roster, error) {
	etag := "/" // requests everything
	if prev != nil && prev.ETag != "" {
		etag = prev.ETag
	}
	return fetchRoster(ctx, c.core, refreshRoster, callArgs{
		params: []string{c.self()},
		query:  url.Values{"delta": {""}, "reason": {"default"}},
		header: http.Header{"If-None-Match": {etag}},
	}, prev)
}

// fetchRoster requests a whole view or a delta, page by page. The pages share the
// timeout of the call and the limit of a body.
func fetchRoster(ctx context.Context, c *core, r *route, args callArgs, prev *Roster) (*Roster, error) {
	m := rosterMerge{prev: prev, hasBase: prev != nil && r.conditional && prev.ETag != ""}
	pages := pageTokens{}
	args.left = new(c.timeout)
	for {
		var token string
		err := c.execute(ctx, r, args, func(resp *response) error {
			token = resp.header.Get(continuationHeader)
			if err := m.addPage(resp); err != nil || token != "" {
				return err
			}
			return m.complete()
		})
		switch {
		case err != nil:
			return nil, err
		case m.unchanged:
			return prev, nil
		case token == "":
			return m.next, nil
		}
		if err := pages.add(token); err != nil {
			return nil, r.wrap(err)
		}
		// A further page is not conditional: it belongs to the first.
		args.header = http.Header{continuationHeader: {token}}
	}
}

// rosterMerge is a roster while its pages are merged.
type rosterMerge struct {
	prev      *Roster // what was known before, nil if nothing
	hasBase   bool    // the request named the ETag of prev
	unchanged bool    // the response was 304

	next     *Roster // without its lists until the last page, nil before the first
	contacts *mergedList[Contact, *Contact]
	blocked  *mergedList[BlockedUser, *BlockedUser]
	groups   *mergedList[Group, *Group]

	size, memory int64 // of the pages so far, and of what was decoded from them, in bytes
	hasContacts  bool  // a page has the member contacts
	isEmpty      bool  // a page says that there are no contacts
}

// addPage decodes a page and merges it with what was known before. Nothing is merged from
// a page that was cut off or whose decoding ended with the attempt.
func (m *rosterMerge) addPage(resp *response) error {
	if resp.status == http.StatusNotModified {
		if m.unchanged = m.hasBase && m.next == nil; !m.unchanged {
			return errUnaskedNotModified
		}
		return nil
	}
	resp.memory = m.memory
	resp.body.left = min(resp.body.left, resp.limit-m.size)
	left := resp.body.left
	page := newRosterPage(m.hasBase, m.next != nil)
	if err := resp.decodeDocument(true, page.read); err != nil {
		return err
	}
	if err := m.merge(page, resp); err != nil {
		return err
	}
	m.size, m.memory = m.size+left-resp.body.left, resp.memory
	return nil
}

// merge merges a page that was decoded. After an error nothing is left of a first page, and
// a further one may be merged again, which has no other effect than once.
func (m *rosterMerge) merge(page *rosterPage, resp *response) error {
	var reported []SkippedItem // of an older response; each page has its own entries
	first := m.next == nil
	if first {
		base := m.base(page.scope)
		if base == nil {
			return decodeError("a delta to a request for everything")
		}
		reported = base.Skipped
		m.begin(base, page)
	}
	if err := cmp.Or(
		m.contacts.apply(page.contacts.changes, resp.interrupted, readContact),
		m.blocked.apply(page.blocked.changes, resp.interrupted, readBlocked),
		m.groups.apply(page.groups.changes, resp.interrupted, readGroup),
	); err != nil {
		if first {
			m.next = nil
		}
		return err
	}
	m.next.Scope = cmp.Or(page.scope, m.next.Scope)
	m.next.ETag = cmp.Or(resp.header.Get("ETag"), m.next.ETag)
	if m.next.Extra == nil {
		m.next.Extra = page.extra
	}
	maps.Copy(m.next.Extra, page.extra)
	m.next.Skipped = append(m.next.Skipped, withoutReported(page.skipped, reported)...)
	m.hasContacts = m.hasContacts || page.hasContacts
	m.isEmpty = m.isEmpty || page.count == 0
	return nil
}

// base returns the roster over which the first page is decoded, nil if a delta has none.
func (m *rosterMerge) base(scope string) *Roster {
	switch {
	case m.hasBase && lowerASCII(scope) != "full":
		return m.prev
	case lowerASCII(scope) == "delta":
		return nil
	default:
		return &Roster{}
	}
}

// begin starts a roster over base with the entries of the first page that were merged
// already.
func (m *rosterMerge) begin(base *Roster, page *rosterPage) {
	m.next = &Roster{ETag: base.ETag, Extra: maps.Clone(base.Extra), Skipped: slices.Clone(base.Skipped)}
	m.contacts = page.contacts.over(base.Contacts)
	m.blocked = page.blocked.over(base.Blocked)
	m.groups = page.groups.over(base.Groups)
}

// complete ends the roster after the last page. It fails if the pages lack the contacts:
// they do not replace a roster that has some, unless they say that there are none.
func (m *rosterMerge) complete() error {
	if m.unchanged {
		return nil
	}
	m.next.Contacts, m.next.Blocked, m.next.Groups = m.contacts.list(), m.blocked.list(), m.groups.list()
	lost := m.prev != nil && len(m.prev.Contacts) > 0 && len(m.next.Contacts) == 0
	if lost && !m.hasContacts && !m.isEmpty {
		return decodeError("a full response without contacts")
	}
	return nil
}

// withoutReported returns the unreadable entries that were not reported of an older
// response, each as often as it is there now more than it was then.
func withoutReported(skipped, reported []SkippedItem) (unreported []SkippedItem) {
	type entry struct{ list, raw string }
	before := map[entry]int{}
	for _, s := range reported {
		before[entry{s.List, string(s.Raw)}]++
	}
	for _, s := range skipped {
		if e := (entry{s.List, string(s.Raw)}); before[e] > 0 {
			before[e]--
		} else {
			unreported = append(unreported, s)
		}
	}
	return unreported
}

// rosterPage is one response of a roster.
type rosterPage struct {
	scope       string
	count       int // as received, -1 without one
	hasContacts bool
	extra       Extra
	skipped     []SkippedItem

	contacts pageEntries[Contact, *Contact]
	blocked  pageEntries[BlockedUser, *BlockedUser]
	groups   pageEntries[Group, *Group]

	isFurther bool // not the first page
	hasBase   bool // it may be a delta
}

func newRosterPage(hasBase, isFurther bool) *rosterPage {
	return &rosterPage{
		count: -1, hasBase: hasBase, isFurther: isFurther,
		contacts: newPageEntries(func(c *Contact) string { return c.MRI.key() }),
		blocked:  newPageEntries(func(b *BlockedUser) string { return b.MRI.key() }),
		groups:   newPageEntries(func(g *Group) string { return lowerASCII(g.ID) }),
	}
}

func (p *rosterPage) read(r *reader) {
	for name := range r.document(&p.extra) {
		isWhole := !p.isFurther && (!p.hasBase || lowerASCII(p.scope) == "full")
		switch string(name) {
		case "contacts":
			p.hasContacts = true
			p.contacts.read(r, "contacts", isWhole, &p.skipped, readContact)
		case "blocklist":
			p.blocked.read(r, "blocklist", isWhole, &p.skipped, readBlocked)
		case "groups":
			p.groups.read(r, "groups", isWhole, &p.skipped, readGroup)
		case "count":
			readNumber(r, &p.count)
		case "scope":
			readString(r, &p.scope)
		}
	}
}

// RosterChanges is the difference between two rosters, by the MRI of the contacts.
type RosterChanges struct {
	Added   []Contact // in the newer roster only
	Removed []Contact // in the older roster only
	Changed []Contact // in both with different fields, as in the newer roster
}

// LogValue returns "[redacted]".
func (r RosterChanges) LogValue() slog.Value { return slog.StringValue(redacted) }

// Changes returns how the contacts of r differ from those of prev, an older roster of
// the same account. Without prev all contacts are added. The order is that of the
// rosters. The lists are empty if there are no changes.
func (r *Roster) Changes(prev *Roster) RosterChanges {
	if prev == nil {
		prev = &Roster{}
	}
	older := make(map[string]*Contact, len(prev.Contacts))
	for i := range prev.Contacts {
		older[prev.Contacts[i].MRI.key()] = &prev.Contacts[i]
	}
	var changes RosterChanges
	newer := make(map[string]bool, len(r.Contacts))
	for i := range r.Contacts {
		c := &r.Contacts[i]
		newer[c.MRI.key()] = true
		switch before := older[c.MRI.key()]; {
		case before == nil:
			changes.Added = append(changes.Added, *c)
		case !sameContact(before, c):
			changes.Changed = append(changes.Changed, *c)
		}
	}
	for _, c := range prev.Contacts {
		if !newer[c.MRI.key()] {
			changes.Removed = append(changes.Removed, c)
		}
	}
	return changes
}

// sameContact reports whether two contacts have the same fields. It compares them as
// JSON, since a roster that was stored has other white space and escapes in Extra.
func sameContact(a, b *Contact) bool {
	left, err := json.Marshal(a)
	if err != nil {
		return false
	}
	right, err := json.Marshal(b)
	return err == nil && bytes.Equal(left, right)
}
