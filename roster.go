package skypecontacts

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

var (
	getRoster     = register(route{op: "GetRoster", service: contactsService, method: http.MethodGet, path: "/users/{id}", large: true})
	refreshRoster = register(route{op: "RefreshRoster", service: contactsService, method: http.MethodGet, path: "/users/{id}", large: true, cached: true})
)

// Roster is all that the service keeps about an account's contacts. It can be
// stored as JSON and loaded again without loss, to go on with
// [Client.RefreshRoster] after a restart.
type Roster struct {
	Contacts []Contact     `json:"contacts"`
	Blocked  []BlockedUser `json:"blocked,omitzero"`
	Groups   []Group       `json:"groups,omitzero"`
	Scope    string        `json:"scope,omitzero"` // of the last answer: "full" or "delta", in any case
	ETag     string        `json:"etag,omitzero"`  // names this state to the service
	Skipped  []SkippedItem `json:"skipped,omitzero"`
	Extra    Extra         `json:"extra,omitzero"`
}

// GetRoster returns contacts, blocklist and groups in one answer. Entries that
// come twice are merged. Empty lists mean that there is nobody.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}.
//
// Source: SkPy's protocol notes, the official web client of 2018 and three
// others. Sure of the fields.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure.
func (c *Client) GetRoster(ctx context.Context) (*Roster, error) {
	req := request{params: []string{c.userID()}, query: url.Values{"reason": {"default"}}}
	return c.roster(ctx, getRoster, req, nil)
}

// RefreshRoster brings a roster up to date, asking only for what has changed. It
// returns prev itself if nothing has, and else a new roster. It never modifies
// prev; but the two may share what has not changed, so do not modify either. A
// nil prev asks for everything.
//
// In an answer with changes only, a contact the service marks as deleted goes, a
// field it sends as null or not at all keeps its value, and a flag it does not
// send is false. A full answer takes the place of everything.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}?delta with If-None-Match.
//
// Source: the official web client of 2018 and three others. Sure of the request;
// of deleted groups and blocklist entries only by analogy.
//
// Errors: as for [Client.ListContacts]. Repeated after a failure.
func (c *Client) RefreshRoster(ctx context.Context, prev *Roster) (*Roster, error) {
	etag := "/" // asks for everything
	if prev != nil && prev.ETag != "" {
		etag = prev.ETag
	}
	return c.roster(ctx, refreshRoster, request{
		params: []string{c.userID()},
		query:  url.Values{"delta": {""}, "reason": {"default"}},
		header: http.Header{"If-None-Match": {etag}},
	}, prev)
}

func (c *Client) roster(ctx context.Context, r *route, req request, prev *Roster) (*Roster, error) {
	roster := prev
	err := c.call(ctx, r, req, func(a *answer) (err error) {
		switch {
		case a.status != http.StatusNotModified:
			roster, err = a.roster(cmp.Or(prev, &Roster{}))
		case prev == nil:
			err = decodeError("nothing is known that could be unchanged")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return roster, nil
}

// forUpdate is a copy over which a newer entry can be read: it shares nothing
// that reading changes, and says no wherever a missing member means no.
func (c *Contact) forUpdate() Contact {
	u := *c
	u.Authorized, u.Blocked, u.Explicit, u.Favorite, u.Suggested = false, false, false, false, false
	u.Extra, u.Profile.Extra = maps.Clone(c.Extra), maps.Clone(c.Profile.Extra)
	return u
}

func (b *BlockedUser) forUpdate() BlockedUser {
	return BlockedUser{MRI: b.MRI, Extra: maps.Clone(b.Extra)}
}

// forUpdate keeps only the name: a group that has become empty comes without
// its member list.
func (g *Group) forUpdate() Group {
	return Group{ID: g.ID, Name: g.Name, Extra: maps.Clone(g.Extra)}
}

// merger is a list whose entries are known by a key.
type merger[T any] struct {
	items []T
	key   func(*T) string
	place map[string]int
	gone  map[int]bool
}

func newMerger[T any](known []T, key func(*T) string) *merger[T] {
	m := &merger[T]{items: slices.Clone(known), key: key, place: make(map[string]int, len(known)), gone: map[int]bool{}}
	for i := range m.items {
		m.place[key(&m.items[i])] = i
	}
	return m
}

// merge reads a list into m. An entry for something known is read over it.
func merge[T any](r *reader, what string, m *merger[T], skipped *[]SkippedItem,
	decode func(*reader, *T) (removed bool), forUpdate func(*T) T,
) {
	listed := map[string]bool{}
	for _, s := range *skipped {
		listed[string(s.Raw)] = true
	}
	r.each(what, func(index int) {
		if index == maxEntries {
			r.fail(ErrTooLarge)
			return
		}
		var item T
		var removed bool
		raw, err := r.entry(func() { removed = decode(r, &item) })
		if err != nil {
			if !listed[string(raw)] {
				listed[string(raw)] = true
				*skipped = append(*skipped, SkippedItem{Index: index, Raw: bytes.Clone(raw), Err: err})
			}
			return
		}
		at, known := m.place[m.key(&item)]
		switch {
		case known && removed:
			m.gone[at] = true
		case known:
			if !m.gone[at] {
				item = forUpdate(&m.items[at])
				_ = readEntry(raw, func(e *reader) { decode(e, &item) }) // it was read well a moment ago
			}
			m.items[at] = item
			delete(m.gone, at)
		case !removed:
			m.place[m.key(&item)] = len(m.items)
			m.items = append(m.items, item)
		}
	})
}

func (m *merger[T]) list() []T {
	kept := m.items[:0]
	for i, item := range m.items {
		if !m.gone[i] {
			kept = append(kept, item)
		}
	}
	clear(m.items[len(kept):])
	return slices.Clip(kept)
}
