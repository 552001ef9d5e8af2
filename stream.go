package skypecontacts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
)

var allContacts = newRoute(route{op: "AllContacts", service: contactsService, method: http.MethodGet, path: "/users/{id}", stream: true})

// AllContacts yields the contact list one contact at a time, as it arrives, page
// after page. Its memory grows only with the number of contacts yielded, by 16 bytes
// and the overhead of a map entry for each. A duplicate contact is yielded once. A
// service that ignores paging and sends everything in one response works as well.
//
// An entry that cannot be decoded is yielded as a [SkippedItem], and the loop may
// continue. Any other error is the last value; the contacts before it are valid.
// Breaking out of the loop cancels the request in progress.
//
// Route: GET contacts.skype.com/contacts/v2/users/{id}?page_size=100, with the
// X-Skype-Continuation-Token of each response in the next request.
//
// Source: the official web client of 2018 and one other. Sure of the paging; 100
// is the only page size seen. A contact may have at most 1 MiB, a list at most 1,000
// pages.
//
// Errors: as for [Client.ListContacts], and [ErrDecode] when the pages repeat
// themselves. A page that fails or is cut off is repeated like any GET, and contacts that
// were yielded are not yielded again.
func (c *Client) AllContacts(ctx context.Context) iter.Seq2[*Contact, error] {
	return func(yield func(*Contact, error) bool) {
		s := newContactStream(yield, readContact)
		args := callArgs{
			params: []string{c.self()},
			query:  url.Values{"page_size": {"100"}, "reason": {"default"}},
			header: http.Header{},
		}
		pages := pageTokens{}
		for {
			next, err := s.fetchPage(ctx, c.core, args)
			switch {
			case s.stopped:
				return
			case err != nil:
			case next == "":
				return
			case s.fresh == 0:
				err = allContacts.wrap(errRepeatedPages)
			default:
				if err = pages.add(next); err != nil {
					err = allContacts.wrap(err)
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			args.header.Set(continuationHeader, next)
		}
	}
}

// ReadContacts yields the contacts of a saved response: a version 2 contact list or
// whole view, or a version 1 contact list. Like [Client.AllContacts] it holds one
// contact at a time in memory, yields each once, and yields an entry that cannot be
// decoded as a [SkippedItem]. Any other error is the last value: [ErrDecode] for
// other content, or the error of reading from body.
func ReadContacts(body io.Reader) iter.Seq2[*Contact, error] {
	return func(yield func(*Contact, error) bool) {
		s := newContactStream(yield, readContactWithMRI, readLegacyContact)
		err := s.readPage(body, nil)
		if err == nil && !s.hasContacts {
			err = decodeError("the file has no contacts")
		}
		if reported, ok := errors.AsType[reportedFailure](err); ok { // the saved response is that of a failed call
			err = decodeError(reported.Error())
		}
		if err != nil && !s.stopped {
			yield(nil, err)
		}
	}
}

type contactDecoder = func(*reader, *Contact) (removed bool)

// contactStream yields contacts while they arrive.
type contactStream struct {
	yield    func(*Contact, error) bool
	decoders []contactDecoder // the first that finds an identifier is used
	seen     map[fingerprint]struct{}
	progress func() // called after each entry that was yielded; may be nil
	stopped  bool   // the loop was left

	hasContacts bool                // the page has the member contacts
	fresh       int                 // entries of this page that were yielded
	unreadable  map[fingerprint]int // how often each unreadable entry of this page was yielded
}

func newContactStream(yield func(*Contact, error) bool, decoders ...contactDecoder) *contactStream {
	return &contactStream{yield: yield, decoders: decoders, seen: map[fingerprint]struct{}{}}
}

// fingerprint identifies an MRI or an entry in a large set. It takes less than half of the
// memory, and contains no pointer for the garbage collector to follow.
type fingerprint [16]byte

func fingerprintOf(data []byte) fingerprint {
	sum := sha256.Sum256(data)
	return fingerprint(sum[:16])
}

// errStopped ends the decoding of a page after the loop was left.
var errStopped = errors.New("the loop was left")

// fetchPage requests one page and returns the continuation token of the next.
func (s *contactStream) fetchPage(ctx context.Context, c *core, args callArgs) (next string, err error) {
	s.fresh, s.unreadable = 0, nil
	err = c.execute(ctx, allContacts, args, func(resp *response) error {
		next = resp.header.Get(continuationHeader)
		if !resp.isJSON {
			return errNotJSON
		}
		s.progress = resp.body.progress
		return s.readPage(resp.body, resp.interrupted)
	})
	return next, err
}

// readPage reads one page, again from its beginning if it was cut off before.
func (s *contactStream) readPage(body io.Reader, interrupted func() error) error {
	window := newWindowReader(body, maxEntryBytes+readAhead)
	r := newStreamReader(window)
	r.interrupted = interrupted
	seen := map[fingerprint]int{} // how often each unreadable entry is in this attempt
	empty, known := true, false
	for name := range r.document(new(Extra)) {
		empty = false
		switch string(name) {
		case "blocklist", "groups", "count", "scope":
			known = true
			r.discard()
		case "contacts":
			known, s.hasContacts = true, true
			for index := range r.entries("contacts") {
				r.memory = memoryFactor * maxEntryBytes // only one contact is held
				s.readEntry(r, index, seen)
				r.consume()
			}
		default:
			r.discard()
		}
	}
	if !empty && !known {
		r.fail(errNoKnownMember)
	}
	r.end()
	switch {
	case s.stopped:
		return nil
	case r.broken && window.err != nil:
		return window.err
	default:
		return r.err
	}
}

// readEntry reads one entry and yields it, unless that was done before.
// seen counts the unreadable entries of this attempt.
func (s *contactStream) readEntry(r *reader, index int, seen map[fingerprint]int) {
	contact := new(Contact)
	raw, err := r.entry(func() { skipRemoved(s.decoders[0])(r, contact) })
	if r.err != nil {
		return
	}
	for _, decode := range s.decoders[1:] {
		if err == errNoIdentifier {
			contact = new(Contact)
			err = decodeEntry(raw, func(e *reader) { skipRemoved(decode)(e, contact) })
		}
	}
	switch {
	case err == errRemoved:
		return
	case err != nil:
		entry := fingerprintOf(raw)
		if seen[entry]++; seen[entry] <= s.unreadable[entry] {
			return // yielded in an earlier attempt
		}
		if s.unreadable == nil {
			s.unreadable = map[fingerprint]int{}
		}
		s.unreadable[entry]++
		contact, err = nil, newSkippedError(SkippedItem{List: "contacts", Index: index, Raw: bytes.Clone(raw), Err: err})
	default:
		id := fingerprintOf([]byte(contact.MRI.key()))
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
	if s.progress != nil {
		s.progress()
	}
}
