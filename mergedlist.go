package skypecontacts

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
)

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

// pageEntries are the entries of one list of a page. Those of a page that may be changes
// to something known are decoded again when that is known, over it: the scope may be
// behind the lists.
type pageEntries[T any, P rosterEntry[T]] struct {
	key     func(*T) string
	whole   *mergedList[T, P] // of a page that changes nothing known, else nil
	changes []entryChange
}

func newPageEntries[T any, P rosterEntry[T]](key func(*T) string) pageEntries[T, P] {
	return pageEntries[T, P]{key: key}
}

// entryChange is an entry that can be decoded.
type entryChange struct {
	key     string
	raw     []byte
	removed bool
}

const entryBytes = 96 // of an entry in an index, or in changes beside its raw form

// read reads a list. An entry that cannot be decoded is added to skipped.
func (p *pageEntries[T, P]) read(r *reader, list string, isWhole bool, skipped *[]SkippedItem, decode func(*reader, *T) (removed bool)) {
	size := int(reflect.TypeFor[T]().Size())
	var item, blank T // one for all entries: a large T would be garbage each time
	var removed bool
	if isWhole {
		p.whole = newMergedList[T, P](nil, p.key)
		p.whole.index = map[string]int{}
	}
	for index := range r.entries(list) {
		if index == maxEntries {
			r.fail(ErrTooLarge)
			break
		}
		r.consume()
		r.allocate(size + entryBytes)
		item, removed = blank, false
		raw, err := r.entry(func() { removed = decode(r, &item) })
		switch {
		case err != nil:
			r.allocate(skippedBytes + len(raw))
			*skipped = append(*skipped, SkippedItem{List: list, Index: index, Raw: bytes.Clone(raw), Err: err})
		case isWhole:
			p.whole.grow(r)
			p.whole.merge(&item, p.key(&item), raw, removed, decode)
		default:
			p.changes = append(p.changes, entryChange{p.key(&item), bytes.Clone(raw), removed})
		}
	}
}

// over returns the list of which the entries were merged already, or a copy of the known
// one to which the changes can be applied.
func (p *pageEntries[T, P]) over(known []T) *mergedList[T, P] {
	if p.whole != nil {
		return p.whole
	}
	if len(p.changes) == 0 {
		return newMergedList[T, P](slices.Clone(known), p.key)
	}
	items := append(make([]T, 0, len(known)+len(p.changes)), known...)
	return newMergedList[T, P](items, p.key)
}

// mergedList is a list whose entries are identified by a key.
type mergedList[T any, P rosterEntry[T]] struct {
	items   []T
	key     func(*T) string
	index   map[string]int // of the items by their keys; of all, or of those that the first page names
	partial bool           // the index is not of all
	removed map[int]bool
	shared  int          // the items before it are those of the older list
	own     map[int]bool // of those, the ones that share nothing with it anymore
}

// newMergedList returns a list of items that share what they point to with an older list.
func newMergedList[T any, P rosterEntry[T]](items []T, key func(*T) string) *mergedList[T, P] {
	return &mergedList[T, P]{items: items, key: key, removed: map[int]bool{}, shared: len(items), own: map[int]bool{}}
}

// grow allocates for the next entry of a long list.
func (m *mergedList[T, P]) grow(r *reader) {
	if len(m.items) == cap(m.items) {
		m.items = slices.Grow(m.items, r.expectedEntries(len(m.items)))
	}
}

// apply merges the changes of a page. It ends with the error of interrupted, which is that of
// the context and may be nil.
func (m *mergedList[T, P]) apply(changes []entryChange, interrupted func() error, decode func(*reader, *T) (removed bool)) error {
	if len(changes) == 0 {
		return nil
	}
	m.buildIndex(changes)
	for _, c := range changes {
		if interrupted != nil {
			if err := interrupted(); err != nil {
				return err
			}
		}
		var item T
		at, known := m.index[c.key]
		switch isNew := !known || m.removed[at]; {
		case !isNew || c.removed:
		case !known && len(m.items) == maxEntries:
			return ErrTooLarge
		default:
			_ = decodeEntry(c.raw, func(e *reader) { decode(e, &item) }) // cannot fail: it was decoded from the same bytes
		}
		m.merge(&item, c.key, c.raw, c.removed, decode)
	}
	return nil
}

// buildIndex finds the items that the changes name. For the first changes it looks for
// these alone, which are few among many items; for further ones it finds all.
func (m *mergedList[T, P]) buildIndex(changes []entryChange) {
	if m.index != nil && !m.partial {
		return
	}
	var wanted map[string]bool
	if m.partial = m.index == nil; m.partial {
		wanted = make(map[string]bool, len(changes))
		for _, c := range changes {
			wanted[c.key] = true
		}
	}
	m.index = make(map[string]int, len(wanted))
	for i := range m.items {
		if key := m.key(&m.items[i]); !m.partial || wanted[key] {
			m.index[key] = i
		}
	}
}

// merge adds, replaces or removes one entry that was decoded from raw.
func (m *mergedList[T, P]) merge(item *T, key string, raw []byte, removed bool, decode func(*reader, *T) bool) {
	at, known := m.index[key]
	switch {
	case known && removed:
		m.removed[at] = true
	case known && m.removed[at]:
		m.items[at], m.own[at] = *item, true
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
		m.items = append(m.items, *item)
	}
}

// list returns the entries that were not removed.
func (m *mergedList[T, P]) list() []T {
	if len(m.removed) == 0 {
		return slices.Clip(m.items)
	}
	kept := m.items[:0]
	for i, item := range m.items {
		if !m.removed[i] {
			kept = append(kept, item)
		}
	}
	clear(m.items[len(kept):])
	return slices.Clip(kept)
}
