package skypecontacts

import (
	"bytes"
	"errors"
	"slices"
)

// maxEntries is how long a list that is kept in memory may be. The longest ever
// mentioned has 730 entries, while 16 MiB of two bytes each would fill gigabytes.
const maxEntries = 100_000

// answer reads the object that is a whole answer. Some of the ways in which the
// services report a failure come under 200: a member "status" or "errorCode".
func (r *reader) answer(extra *Extra, member func(name []byte) bool) {
	switch r.kind() {
	case '{':
	case 'n':
		r.fail(decodeError("the answer is null"))
	default:
		r.value()
		r.fail(decodeError("the answer is not an object"))
	}
	var reported status
	r.owner(extra, func(name []byte) bool {
		switch {
		case string(name) == "status" && r.kind() == '{':
			reported = r.status()
		case string(name) == "errorCode":
			reported.coded = true
			number(r, &reported.code)
		default:
			return member(name)
		}
		return true
	})
	if r.err == nil && reported.isFailure() {
		r.err = reported
	}
}

// answerList reads an answer that is an array at the top.
func answerList[T any](r *reader, skipped *[]SkippedItem, decode func(*reader, *T)) []T {
	if r.kind() == '{' {
		r.answer(new(Extra), func([]byte) bool { return false }) // perhaps a status
		r.fail(decodeError("the answer is not a list"))
	}
	if r.kind() == 'n' {
		r.fail(decodeError("the answer is null"))
	}
	return entries(r, "the answer", skipped, decode)
}

// status is a failure reported in a body. It is an error only on its way to
// [Error.Code] and [Error.Message].
type status struct {
	code  int
	coded bool // there is a code
	text  string
}

// isFailure tells a failure from the word that all is well, which has a code of
// its own, or zero.
func (s status) isFailure() bool {
	if !s.coded {
		return s.text != ""
	}
	return s.code != 0 && s.code/100 != 2 && s.code/100/100 != 2
}

func (s status) Error() string { return "the answer reports a failure" }

func (r *reader) status() (s status) {
	r.owner(new(Extra), func(name []byte) bool {
		switch string(name) {
		case "code":
			s.coded = true
			number(r, &s.code)
		case "text":
			text(r, &s.text)
		default:
			return false
		}
		return true
	})
	return s
}

// entries reads the list that an answer is about, each entry by itself. One that
// cannot be read is reported in skipped and the next one is read.
func entries[T any](r *reader, what string, skipped *[]SkippedItem, decode func(*reader, *T)) []T {
	var list []T
	r.each(what, func(index int) {
		if index == maxEntries {
			r.fail(ErrTooLarge)
			return
		}
		if len(list) == cap(list) {
			list = slices.Grow(list, r.more(len(list)))
		}
		last := len(list)
		list = list[:last+1]
		raw, err := r.entry(func() { decode(r, &list[last]) })
		if err == nil {
			return
		}
		clear(list[last:])
		list = list[:last]
		if err != errRemoved {
			*skipped = append(*skipped, SkippedItem{Index: index, Raw: bytes.Clone(raw), Err: err})
		}
	})
	return list
}

// more is how many entries to make room for after the first n of a list. The rest
// of the answer is taken to be like what was read of it, which spares a long list
// the copying that append would do; but a few short entries at the beginning
// must not make for more than a few times the memory of the answer.
func (r *reader) more(n int) int {
	const short = 256 // bytes
	read := r.dec.InputOffset()
	left := int64(len(r.body)) - read
	expected := int64(n) * left / read
	return max(8, n, int(min(expected+expected/32, left/short)))
}

// each visits the entries of the list that an answer is about. Null is an empty
// list, since the services write it so, and anything else that is no array is a
// failure.
func (r *reader) each(what string, visit func(index int)) {
	if k := r.kind(); k != '[' && k != 'n' {
		r.value()
		r.fail(decodeError(what + " is not a list"))
	}
	index := 0
	r.array(func() {}, func() {
		visit(index)
		index++
	})
}

// readEntry reads an entry once more.
func readEntry(raw []byte, decode func(*reader)) error {
	r := newBodyReader(raw)
	_, err := r.entry(func() { decode(r) })
	return err
}

// errRemoved marks an entry that says that something is no longer in the list.
var errRemoved = errors.New("removed")

// entry reads one entry of a list. It passes over the rest of one that something
// is wrong with. raw is the entry as it came, valid until the next step.
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
	return bytes.TrimLeft(r.kept(start, r.dec.InputOffset()), ", \t\r\n"), err
}

const errNoIdentifier = decodeError("the entry has no identifier")
