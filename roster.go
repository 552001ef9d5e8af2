package skypecontacts

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

var (
	getRoster     = register(route{op: "GetRoster", service: contactsService, method: http.MethodGet, path: "/users/{id}", large: true})
	refreshRoster = register(route{op: "RefreshRoster", service: contactsService, method: http.MethodGet, path: "/users/{id}", large: true, cached: true})
	allContacts   = register(route{op: "AllContacts", service: contactsService, method: http.MethodGet, path: "/users/{id}", stream: true})
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

// roster reads a whole view over what was known before.
func (a *answer) roster(prev *Roster) (*Roster, error) {
	body, err := a.document()
	if err != nil {
		return nil, err
	}
	// The scope may stand behind the lists, and they cannot be read without it.
	update := Roster{ETag: a.header.Get("ETag")}
	err = decodeBody(body, func(r *reader) {
		r.answer(&update.Extra, func(name []byte) bool {
			switch string(name) {
			case "contacts", "blocklist", "groups", "count":
				r.skip()
			case "scope":
				text(r, &update.Scope)
			default:
				return false
			}
			return true
		})
	})
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(update.Scope, "full") {
		prev = &Roster{}
	}
	update.ETag = cmp.Or(update.ETag, prev.ETag)
	if known := maps.Clone(prev.Extra); known != nil {
		maps.Copy(known, update.Extra)
		update.Extra = known
	}
	contacts := newMerger(prev.Contacts, func(c *Contact) string { return c.MRI.key() })
	blocked := newMerger(prev.Blocked, func(b *BlockedUser) string { return b.MRI.key() })
	groups := newMerger(prev.Groups, func(g *Group) string { return strings.ToLower(g.ID) })
	update.Skipped = slices.Clone(prev.Skipped)
	err = decodeBody(body, func(r *reader) {
		r.answer(new(Extra), func(name []byte) bool {
			switch string(name) {
			case "contacts":
				merge(r, "contacts", contacts, &update.Skipped, readContact, (*Contact).forUpdate)
			case "blocklist":
				merge(r, "blocklist", blocked, &update.Skipped, readBlocked, (*BlockedUser).forUpdate)
			case "groups":
				merge(r, "groups", groups, &update.Skipped, readGroup, (*Group).forUpdate)
			default:
				r.skip()
			}
			return true
		})
	})
	if err != nil {
		return nil, err
	}
	update.Contacts, update.Blocked, update.Groups = contacts.list(), blocked.list(), groups.list()
	return &update, nil
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

const (
	continuationHeader = "X-Skype-Continuation-Token"
	maxPages           = 1000
	maxEntry           = 1 << 20 // bytes of one contact
	readAhead          = 64 << 10
)

// AllContacts yields the contact list one contact at a time, as it arrives, page
// after page, in memory that does not grow with the list but for the identifiers
// seen. A contact that comes twice is yielded once. It works as well with a
// service that ignores paging and sends everything in one answer.
//
// An entry that cannot be read is yielded as a [SkippedItem], and the loop may go
// on. Any other error is the last thing yielded; what came before it stands.
// Breaking out of the loop ends the request under way.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}?page_size=100, with the
// X-Skype-Continuation-Token of each answer sent with the next request.
//
// Source: the official web client of 2018 and one other. Sure of the paging; 100
// is the only page size seen. A contact may be at most 1 MiB, and there may be at
// most 1,000 pages.
//
// Errors: as for [Client.ListContacts], and [ErrDecode] when the pages repeat
// themselves. A page that fails or breaks off is repeated like any GET, and what it
// repeats is not yielded again.
func (c *Client) AllContacts(ctx context.Context) iter.Seq2[*Contact, error] {
	return func(yield func(*Contact, error) bool) {
		s := contactStream{yield: yield, seen: map[fingerprint]struct{}{}, versions: []entryDecoder{readContact}}
		req := request{
			params: []string{c.userID()},
			query:  url.Values{"page_size": {"100"}, "reason": {"default"}},
			header: http.Header{},
		}
		used := map[string]bool{}
		for page := 1; ; page++ {
			var next string
			s.begin()
			err := c.call(ctx, allContacts, req, func(a *answer) error {
				next = a.header.Get(continuationHeader)
				if !a.json {
					return decodeError("the answer is not declared to be JSON")
				}
				return s.read(a.body)
			})
			switch {
			case s.stopped:
				return
			case err != nil:
			case next == "":
				return
			case used[next] || s.fresh == 0:
				err = allContacts.failure(decodeError("the pages repeat themselves"))
			case page == maxPages:
				err = allContacts.failure(decodeError("the list has too many pages"))
			}
			if err != nil {
				yield(nil, err)
				return
			}
			used[next] = true
			req.header.Set(continuationHeader, next)
		}
	}
}

// ReadContacts yields the contacts of a saved answer: a version 2 contact list or
// whole view, or a version 1 contact list. Like [Client.AllContacts] it holds one
// contact at a time in memory, yields each once, and yields an entry that cannot
// be read as a [SkippedItem]. Any other error is the last thing yielded: [ErrDecode]
// for what is no such answer, or whatever reading from body fails with.
func ReadContacts(body io.Reader) iter.Seq2[*Contact, error] {
	return func(yield func(*Contact, error) bool) {
		s := contactStream{
			yield: yield, seen: map[fingerprint]struct{}{},
			versions: []entryDecoder{readContact, readLegacyContact},
		}
		s.begin()
		err := s.read(body)
		if reported, ok := errors.AsType[status](err); ok { // the answer to a call that failed was saved
			err = decodeError(reported.Error())
		}
		if err != nil && !s.stopped {
			yield(nil, err)
		}
	}
}

type entryDecoder = func(*reader, *Contact) (removed bool)

// contactStream hands out contacts while they arrive.
type contactStream struct {
	yield    func(*Contact, error) bool
	versions []entryDecoder // of which the first that finds an identifier is used
	seen     map[fingerprint]struct{}
	stopped  bool // the loop was left

	fresh   int // entries of this page that were handed out
	reached int // entries of this page that were dealt with, in all attempts at it
}

// fingerprint stands for an identifier in a set that may be large: it takes less
// than half of the memory, and holds nothing for the collector to follow.
type fingerprint [16]byte

func fingerprintOf(id MRI) fingerprint {
	sum := sha256.Sum256([]byte(id.key()))
	return fingerprint(sum[:16])
}

var errStopped = errors.New("the loop was left")

func (s *contactStream) begin() { s.fresh, s.reached = 0, 0 }

// read reads one page, again from its beginning if it broke off before.
func (s *contactStream) read(body io.Reader) error {
	buffered := bufio.NewReaderSize(body, readAhead)
	if mark, _ := buffered.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
		_, _ = buffered.Discard(len(byteOrderMark))
	}
	ration := &ration{from: buffered}
	r := newReader(ration, ration.kept)
	r.answer(new(Extra), func(name []byte) bool {
		if string(name) == "contacts" {
			r.each("contacts", func(index int) {
				s.visit(r, index)
				ration.dealt = r.dec.InputOffset()
			})
			return true
		}
		for depth := r.dec.StackDepth(); ; {
			r.token()
			ration.dealt = r.dec.InputOffset()
			if r.err != nil || r.dec.StackDepth() == depth {
				return true
			}
		}
	})
	r.end()
	switch {
	case s.stopped:
		return nil
	case r.broken && ration.err != nil:
		return ration.err
	default:
		return r.err
	}
}

func (s *contactStream) visit(r *reader, index int) {
	contact := new(Contact)
	raw, err := r.entry(func() { present(s.versions[0])(r, contact) })
	if r.err != nil {
		return
	}
	for _, decode := range s.versions[1:] {
		if err == errNoIdentifier {
			contact = new(Contact)
			err = readEntry(raw, func(e *reader) { present(decode)(e, contact) })
		}
	}
	again := index < s.reached
	s.reached = max(s.reached, index+1)
	switch {
	case err == errRemoved:
		return
	case err != nil && again:
		return
	case err != nil:
		contact, err = nil, SkippedItem{Index: index, Raw: bytes.Clone(raw), Err: err}
	default:
		id := fingerprintOf(contact.MRI)
		if _, known := s.seen[id]; known {
			return
		}
		s.seen[id] = struct{}{}
	}
	s.fresh++
	if !s.yield(contact, err) {
		s.stopped = true
		r.fail(errStopped)
	}
}

// ration lets through only so much of a body at a time, so that a single entry
// cannot fill the memory, and keeps what the entry under way has come to.
type ration struct {
	from   io.Reader
	read   int64  // offset up to which all was read
	dealt  int64  // offset up to which all was dealt with
	recent []byte // what was read last, with everything since dealt
	err    error  // other than io.EOF, which the decoder would hide among its own
}

func (l *ration) Read(p []byte) (int, error) {
	left := l.dealt + maxEntry + readAhead - l.read
	if left <= 0 {
		l.err = ErrTooLarge
		return 0, l.err
	}
	n, err := l.from.Read(p[:min(int64(len(p)), left)])
	if err != nil && err != io.EOF {
		l.err = err
	}
	wanted := l.recent[len(l.recent)-int(l.read-l.dealt):]
	l.recent = append(l.recent[:copy(l.recent, wanted)], p[:n]...)
	l.read += int64(n)
	return n, err
}

// kept is what was read between two offsets since dealt.
func (l *ration) kept(from, upTo int64) []byte {
	begin := l.read - int64(len(l.recent))
	return l.recent[from-begin : upTo-begin]
}
