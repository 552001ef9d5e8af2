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
	"reflect"
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

// addPage decodes a page over what was known before. Nothing is merged from a page that
// was cut off.
func (m *rosterMerge) addPage(resp *response) error {
	if resp.status == http.StatusNotModified {
		if m.unchanged = m.hasBase && m.next == nil; !m.unchanged {
			return errUnaskedNotModified
		}
		return nil
	}
	body, err := resp.readDocument()
	if err != nil {
		return err
	}
	if m.size += int64(len(body)); m.size > resp.limit {
		return ErrTooLarge
	}
	resp.memory = m.memory
	// The scope may be behind the lists, whose decoding depends on it.
	page := rosterPage{count: -1}
	if err := resp.decode(body, page.readScope); err != nil {
		return err
	}
	var reported []SkippedItem // of an older response; each page has its own entries
	if m.next == nil {
		base := m.base(page.scope)
		if base == nil {
			return decodeError("a delta to a request for everything")
		}
		reported = base.Skipped
		m.begin(base, page.scope)
	}
	m.next.Scope = cmp.Or(page.scope, m.next.Scope)
	m.next.ETag = cmp.Or(resp.header.Get("ETag"), m.next.ETag)
	if m.next.Extra == nil {
		m.next.Extra = page.extra
	}
	maps.Copy(m.next.Extra, page.extra)
	m.hasContacts = m.hasContacts || page.hasContacts
	m.isEmpty = m.isEmpty || page.count == 0
	err = resp.decode(body, func(r *reader) { m.readLists(r, reported) })
	m.memory = resp.memory
	return err
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

// begin starts a roster over base.
func (m *rosterMerge) begin(base *Roster, scope string) {
	m.next = &Roster{Scope: scope, ETag: base.ETag, Extra: maps.Clone(base.Extra), Skipped: slices.Clone(base.Skipped)}
	m.contacts = newMergedList(base.Contacts, func(c *Contact) string { return c.MRI.key() })
	m.blocked = newMergedList(base.Blocked, func(b *BlockedUser) string { return b.MRI.key() })
	m.groups = newMergedList(base.Groups, func(g *Group) string { return lowerASCII(g.ID) })
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

// readLists reads the lists of a page. reported are the unreadable entries that were
// reported of an older response.
func (m *rosterMerge) readLists(r *reader, reported []SkippedItem) {
	for name := range r.document(new(Extra)) {
		switch string(name) {
		case "contacts":
			m.contacts.readFrom(r, "contacts", reported, &m.next.Skipped, readContact)
		case "blocklist":
			m.blocked.readFrom(r, "blocklist", reported, &m.next.Skipped, readBlocked)
		case "groups":
			m.groups.readFrom(r, "groups", reported, &m.next.Skipped, readGroup)
		default:
			r.skip()
		}
	}
}

// rosterPage is what a page says beside its lists.
type rosterPage struct {
	scope       string
	count       int // as received, -1 without one
	hasContacts bool
	extra       Extra
}

// readScope reads all members but the lists.
func (p *rosterPage) readScope(r *reader) {
	for name := range r.document(&p.extra) {
		switch string(name) {
		case "contacts":
			p.hasContacts = true
			r.skip()
		case "blocklist", "groups":
			r.skip()
		case "count":
			readNumber(r, &p.count)
		case "scope":
			readString(r, &p.scope)
		}
	}
}

// resetForDelta prepares a contact for a newer entry that is decoded over it: every
// flag is false.
func (c *Contact) resetForDelta() {
	c.Authorized, c.Blocked, c.Explicit, c.Favorite, c.Suggested = false, false, false, false, false
}

func (b *BlockedUser) resetForDelta() {}

// resetForDelta keeps only the name: the entry of a group that has become empty has no
// list of members.
func (g *Group) resetForDelta() { g.IsFavorite, g.Contacts = false, nil }

// unshare copies what decoding a newer entry would modify in place.
func (c *Contact) unshare() {
	c.Extra, c.Profile.Extra = maps.Clone(c.Extra), maps.Clone(c.Profile.Extra)
}

func (b *BlockedUser) unshare() { b.Extra = maps.Clone(b.Extra) }
func (g *Group) unshare()       { g.Extra = maps.Clone(g.Extra) }

// rosterEntry is a pointer to an entry of a roster.
type rosterEntry[T any] interface {
	*T
	resetForDelta()
	unshare()
}

const indexBytes = 96 // of an entry in the index of a mergedList

// mergedList is a list whose entries are identified by a key.
type mergedList[T any, P rosterEntry[T]] struct {
	items   []T
	key     func(*T) string
	index   map[string]int
	removed map[int]bool
	shared  int          // the items before it are those of the older list
	own     map[int]bool // of those, the ones that share nothing with it anymore
}

func newMergedList[T any, P rosterEntry[T]](known []T, key func(*T) string) *mergedList[T, P] {
	m := &mergedList[T, P]{
		items: slices.Clone(known), key: key, index: make(map[string]int, len(known)), removed: map[int]bool{},
		shared: len(known), own: map[int]bool{},
	}
	for i := range m.items {
		m.index[key(&m.items[i])] = i
	}
	return m
}

// readFrom reads a list of a response. An entry for a known key is merged into a
// copy. An entry that cannot be decoded is added to skipped once for each time that it
// is in the list, unless it was reported before.
func (m *mergedList[T, P]) readFrom(r *reader, list string, reported []SkippedItem, skipped *[]SkippedItem,
	decode func(*reader, *T) (removed bool),
) {
	before := map[string]int{} // how often an entry was reported
	for _, s := range reported {
		if s.List == list {
			before[string(s.Raw)]++
		}
	}
	size := int(reflect.TypeFor[T]().Size())
	var item, blank T // one for all entries: a large T would be garbage each time
	var removed bool
	for index := range r.entries(list) {
		if index == maxEntries || len(m.items) > maxEntries {
			r.fail(ErrTooLarge)
			break
		}
		r.allocate(size + indexBytes)
		if m.shared == 0 && len(m.items) == cap(m.items) {
			m.items = slices.Grow(m.items, r.expectedEntries(index))
		}
		item, removed = blank, false
		raw, err := r.entry(func() { removed = decode(r, &item) })
		switch {
		case err == nil:
			m.merge(item, raw, removed, decode)
		case before[string(raw)] > 0:
			before[string(raw)]--
		default:
			r.allocate(skippedBytes + len(raw))
			*skipped = append(*skipped, SkippedItem{List: list, Index: index, Raw: bytes.Clone(raw), Err: err})
		}
	}
}

// merge adds, replaces or removes one entry that was decoded from raw.
func (m *mergedList[T, P]) merge(item T, raw []byte, removed bool, decode func(*reader, *T) bool) {
	key := m.key(&item)
	at, known := m.index[key]
	switch {
	case known && removed:
		m.removed[at] = true
	case known && m.removed[at]:
		m.items[at], m.own[at] = item, true
		delete(m.removed, at)
	case known:
		older := P(&m.items[at])
		if at < m.shared && !m.own[at] {
			m.own[at] = true
			older.unshare()
		}
		older.resetForDelta()
		_ = decodeEntry(raw, func(e *reader) { decode(e, older) }) // cannot fail: it was decoded from the same bytes
	case !removed:
		m.index[key] = len(m.items)
		m.items = append(m.items, item)
	}
}

// list returns the entries that were not removed.
func (m *mergedList[T, P]) list() []T {
	kept := m.items[:0]
	for i, item := range m.items {
		if !m.removed[i] {
			kept = append(kept, item)
		}
	}
	clear(m.items[len(kept):])
	return slices.Clip(kept)
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
