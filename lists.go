package skypecontacts

import (
	"bytes"
	"errors"
	"iter"
	"slices"
)

// maxEntries limits a list that is held in memory. The longest list ever mentioned
// has 730 entries, while 16 MiB of two bytes each would fill gigabytes.
const maxEntries = 100_000

// document iterates over the members of the object that is a whole response. It
// fails if the response reports a failure, as some do under 200, by a member
// "status" or "errorCode".
func (r *reader) document(extra *Extra) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		switch r.kind() {
		case '{':
		case 'n':
			r.fail(errNullDocument)
		default:
			r.value()
			r.fail(decodeError("the response is not an object"))
		}
		var reported reportedFailure
		more := true
		for name := range r.members(extra) {
			switch string(name) {
			case "status":
				if r.kind() == '{' {
					reported = readReportedFailure(r)
				}
			case "errorCode":
				reported.hasCode = true
				readNumber(r, &reported.code)
			default:
				more = more && yield(name)
			}
		}
		if r.err == nil && reported.isFailure() {
			r.err = reported
		}
	}
}

const errNullDocument = decodeError("the response is null")

// readReportedFailure reads a status object.
func readReportedFailure(r *reader) (f reportedFailure) {
	for name := range r.members(new(Extra)) {
		switch string(name) {
		case "code":
			f.hasCode = true
			readNumber(r, &f.code)
		case "text":
			readString(r, &f.message)
		}
	}
	return f
}

// checkWriteResponse fails if the response to a change reports a failure.
func checkWriteResponse(r *reader) {
	if r.kind() != '{' {
		r.value()
		return
	}
	for range r.document(new(Extra)) {
		r.skip()
	}
}

// readDocumentList reads a response that is an array.
func readDocumentList[T any](r *reader, skipped *[]SkippedItem, decode func(*reader, *T)) []T {
	switch r.kind() {
	case '{':
		for range r.document(new(Extra)) { // it may report a failure
			r.skip()
		}
		r.fail(decodeError("the response is not a list"))
	case 'n':
		r.fail(errNullDocument)
	}
	return readEntries(r, "the response", skipped, decode)
}

// readEntries reads the list that a response is about. An entry that cannot be
// decoded is reported in skipped.
func readEntries[T any](r *reader, list string, skipped *[]SkippedItem, decode func(*reader, *T)) []T {
	var entries []T
	for index := range r.entries(list) {
		if index == maxEntries {
			r.fail(ErrTooLarge)
			break
		}
		if len(entries) == cap(entries) {
			entries = slices.Grow(entries, r.expectedEntries(len(entries)))
		}
		last := len(entries)
		entries = entries[:last+1]
		raw, err := r.entry(func() { decode(r, &entries[last]) })
		if err == nil {
			continue
		}
		clear(entries[last:])
		entries = entries[:last]
		if err != errRemoved {
			*skipped = append(*skipped, SkippedItem{Index: index, Raw: bytes.Clone(raw), Err: err})
		}
	}
	return entries
}

// readListMember reads the members that all lists of version 2 have beside their
// entries.
func readListMember(r *reader, name []byte, count *int, scope *string) {
	switch string(name) {
	case "count":
		readNumber(r, count)
	case "scope":
		readString(r, scope)
	}
}

// expectedEntries returns for how many entries to allocate after the first n of a
// list. It assumes that the rest of the body is like what was read, which spares a
// long list the copies that append would make; short entries at the beginning must
// not cause more than a few times the memory of the body.
func (r *reader) expectedEntries(n int) int {
	const shortEntry = 256 // bytes
	read := r.dec.InputOffset()
	left := int64(len(r.body)) - read
	expected := int64(n) * left / read
	return max(8, n, int(min(expected+expected/32, left/shortEntry)))
}

// entries iterates over the indexes of the list that a response is about. Null is an
// empty list, since the services send it so. Any other value that is no array fails.
func (r *reader) entries(list string) iter.Seq[int] {
	if k := r.kind(); k != '[' && k != 'n' {
		r.value()
		r.fail(decodeError(list + " is not a list"))
	}
	return r.elements()
}

// decodeEntry decodes an entry from its raw form.
func decodeEntry(raw []byte, decode func(*reader)) error {
	r := newBodyReader(raw)
	_, err := r.entry(func() { decode(r) })
	return err
}

const errNoIdentifier = decodeError("the entry has no identifier")

// errRemoved marks an entry that says that it is no longer in the list.
var errRemoved = errors.New("removed")

// skipRemoved wraps a decoder so that it fails with errRemoved for entries that are
// marked as removed.
func skipRemoved[T any](decode func(*reader, *T) (removed bool)) func(*reader, *T) {
	return func(r *reader, entry *T) {
		if decode(r, entry) {
			r.fail(errRemoved)
		}
	}
}

// entry decodes one entry of a list. After an error it reads the rest of the entry,
// so that the next one can be decoded. raw is the entry as received, valid until the
// next step.
func (r *reader) entry(decode func()) (raw []byte, err error) {
	start, depth, names := r.dec.InputOffset(), r.dec.StackDepth(), len(r.names)
	if r.kind() == '{' {
		decode()
	} else {
		r.value()
		r.fail(decodeError("the entry is not an object"))
	}
	if err = r.err; err != nil && !r.broken {
		r.err, r.names = nil, r.names[:names]
		for r.dec.StackDepth() > depth && r.err == nil {
			r.token()
		}
	}
	if r.broken {
		return nil, r.err
	}
	return bytes.TrimLeft(r.rawBetween(start, r.dec.InputOffset()), ", \t\r\n"), err
}
