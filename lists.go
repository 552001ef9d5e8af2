package skypecontacts

import (
	"bytes"
	"cmp"
	"errors"
	"iter"
	"math"
	"reflect"
	"slices"
)

const skippedBytes = 96 // of a SkippedItem, beside its Raw

// maxEntries limits a list that is held in memory. The longest list ever mentioned
// has 730 entries, while 16 MiB of two bytes each would fill gigabytes.
const maxEntries = 100_000

// document iterates over the members of the object that is a whole response. It
// fails if the response reports a failure, as some do under 200, by a member message,
// error, errorCode or status; or if it has members of which none belongs to the
// response: none that the body of the loop reads, and neither count nor scope. An
// object without members is an empty list.
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
		var report failureReport
		empty, known, more := true, false, true
		for name := range r.otherMembers(extra, &report) {
			empty = false
			known = known || string(name) == "count" || string(name) == "scope"
			more = more && yield(name)
			known = known || !r.unread()
		}
		switch {
		case r.err != nil:
		case report.isFailure():
			r.err = report.asError()
		case !known && (report.present || !empty):
			r.err = errNoKnownMember
		}
	}
}

// otherMembers iterates over the members of a response that report neither success
// nor failure. Those that do are added to report.
func (r *reader) otherMembers(extra *Extra, report *failureReport) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		more := true
		for name := range r.members(extra) {
			if isReportName(name) {
				report.readMember(r, name)
			} else {
				more = more && yield(name)
			}
		}
	}
}

const (
	errNullDocument  = decodeError("the response is null")
	errNoKnownMember = decodeError("no member of the response belongs to it")
)

// checkWriteResponse fails if the response to a change reports a failure, or is neither
// an object nor null nor a value that means success. An object with members that may
// report a failure must have another or say that all is well by them. Which others a
// success has was never recorded, so that any other is accepted.
func checkWriteResponse(r *reader) {
	var report failureReport
	switch r.kind() {
	case 'n':
		r.value()
	case '{':
		empty := true
		for range r.otherMembers(new(Extra), &report) {
			empty = false
			r.skip()
		}
		if report.present && empty && !report.succeeded && !report.isFailure() {
			r.fail(errNoKnownMember)
		}
	case 't', 'f':
		report.readMember(r, []byte("status"))
	default:
		report.readMember(r, []byte("error"))
	}
	if r.err == nil && report.isFailure() {
		r.err = report.asError()
	}
}

// readDocumentList reads a response that is an array.
func readDocumentList[T any](r *reader, skipped *[]SkippedItem, decode func(*reader, *T)) []T {
	switch r.kind() {
	case '{':
		for range r.document(new(Extra)) { // it may report a failure
			continue
		}
		r.fail(decodeError("the response is not a list"))
	case 'n':
		r.fail(errNullDocument)
	}
	return readEntries(r, "", skipped, decode)
}

// readEntries reads the list that a response is about. An entry that cannot be
// decoded is reported in skipped.
func readEntries[T any](r *reader, list string, skipped *[]SkippedItem, decode func(*reader, *T)) []T {
	return collectEntries(r, list, r.entries(list), skipped, func(entry *T) ([]byte, error) {
		return r.entry(func() { decode(r, entry) })
	})
}

// readKeyedEntries is readEntries for a list that is an object, in which the name of a
// member is the key of its entry. In skipped an entry is an object with its key. decode
// gets every entry, also one that is not an object and one whose key was there before.
func readKeyedEntries[T any](r *reader, list string, skipped *[]SkippedItem, decode func(r *reader, key string, entry *T)) []T {
	return collectEntries(r, list, r.keyedEntries(list), skipped, func(entry *T) ([]byte, error) {
		raw, err := r.anyEntry(func() {
			key := r.value()
			r.nameEnd = r.dec.InputOffset()
			if r.err == nil {
				decode(r, string(r.unquote(key)), entry)
			}
		})
		if err != nil {
			raw = slices.Concat([]byte("{"), raw, []byte("}"))
		}
		return raw, err
	})
}

// collectEntries appends the entry at each index, which read decodes and returns as
// received.
func collectEntries[T any](r *reader, list string, indexes iter.Seq[int], skipped *[]SkippedItem, read func(*T) ([]byte, error)) []T {
	var entries []T
	size := int(reflect.TypeFor[T]().Size())
	for index := range indexes {
		if index == maxEntries {
			r.fail(ErrTooLarge)
			break
		}
		if len(entries) == cap(entries) {
			entries = slices.Grow(entries, r.expectedEntries(len(entries)))
		}
		r.consume()
		r.allocate(size)
		last := len(entries)
		entries = entries[:last+1]
		raw, err := read(&entries[last])
		if err == nil {
			continue
		}
		clear(entries[last:])
		entries = entries[:last]
		if err != errRemoved {
			r.allocate(skippedBytes + len(raw))
			*skipped = append(*skipped, SkippedItem{List: list, Index: index, Raw: bytes.Clone(raw), Err: err})
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
// not cause more than a few times the memory of the body. What a server says of the size
// counts once a part of it has come.
func (r *reader) expectedEntries(n int) int {
	const shortEntry, proof = 256, 1 << 20 // bytes
	read := r.dec.InputOffset()
	if r.size < read || r.window.end() < r.size && read < proof {
		return max(8, min(n, 1024), n/4)
	}
	left := float64(r.size - read)
	expected := float64(n) * left / float64(read) * 33 / 32
	return max(8, int(min(expected, left/shortEntry, float64(maxEntries-n))))
}

// entries iterates over the indexes of the list that a response is about. Null is an
// empty list, since the services send it so. Any other value that is no array fails.
func (r *reader) entries(list string) iter.Seq[int] {
	if k := r.kind(); k != '[' && k != 'n' {
		r.value()
		r.fail(decodeError(cmp.Or(list, "the response") + " is not a list"))
	}
	return r.elementsUpTo(math.MaxInt)
}

// keyedEntries iterates over the positions in a list that is an object. The body of the
// loop reads the name and the value. Null is an empty list; any other value that is no
// object fails.
func (r *reader) keyedEntries(list string) iter.Seq[int] {
	return func(yield func(int) bool) {
		if r.kind() != '{' {
			if v := r.value(); v.Kind() != 'n' {
				r.fail(decodeError(list + " is not an object"))
			}
			return
		}
		r.token()
		for index := 0; r.hasNext('}') && yield(index); index++ {
			continue
		}
		r.token()
	}
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

const errNotAnObject = decodeError("the entry is not an object")

// entry decodes one entry of a list, which fails if it is not an object.
func (r *reader) entry(decode func()) (raw []byte, err error) {
	return r.anyEntry(func() {
		if r.kind() == '{' {
			decode()
			return
		}
		r.value()
		r.fail(errNotAnObject)
	})
}

// anyEntry decodes one entry of a list. After an error it reads the rest of the entry,
// so that the next one can be decoded. raw is the entry as received, valid until the
// next step.
func (r *reader) anyEntry(decode func()) (raw []byte, err error) {
	start, depth, names := r.dec.InputOffset(), r.dec.StackDepth(), len(r.names)
	r.entryStart = start
	r.shared.beginEntry()
	decode()
	r.entryStart = -1
	if err = r.err; err != nil && !r.broken {
		r.err, r.names = nil, r.names[:names]
		for (r.dec.StackDepth() > depth || r.unread()) && r.err == nil {
			r.token()
		}
	}
	if r.broken {
		return nil, r.err
	}
	return r.rawSince(start), err
}
