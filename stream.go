package skypecontacts

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
)

var allContacts = register(route{op: "AllContacts", service: contactsService, method: http.MethodGet, path: "/users/{id}", stream: true})

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
