package skypecontacts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxEntryBytes = 1 << 20 // of an entry of a list; real ones have up to 4 KiB

	// memoryFactor times the limit of a body is the memory that decoded values may
	// take. The garbage collector may need as much again.
	memoryFactor = 8

	stepsPerCheck = 256 // values between two looks at the context
)

// marshalJSON encodes the body of a request, maps in the order of their names. It fails on
// text that is not UTF-8.
func marshalJSON(v any) ([]byte, error) { return jsonv2.Marshal(v, jsonv2.Deterministic(true)) }

// unmarshalJSON decodes a document into a value of another program. The library's
// errors may hold parts of the document.
func unmarshalJSON(body []byte, into any) error {
	if jsonv2.Unmarshal(bytes.TrimPrefix(body, byteOrderMark), into) != nil {
		return decodeError("the response does not fit the type of the value")
	}
	return nil
}

// reader decodes a JSON document token by token into the public types.
//
// A member that nobody documented, or whose value has an unexpected type, is saved
// in Extra. An error inside an entry of a list ends only that entry; see
// [reader.entry]. Any other error ends the document: err is set, and every later
// step does nothing.
type reader struct {
	dec    jsontext.Decoder
	err    error
	broken bool // err is the decoder's, which cannot continue

	extra *Extra // of the innermost object that has one
	depth int    // of that object

	nameStart, nameEnd int64 // offsets before and behind the name that members yielded last

	window *windowReader // the input; whole unless the document arrives while it is decoded
	whole  windowReader
	size   int64 // of the document in bytes, -1 if unknown

	interrupted func() error // the error of the context, nil while it lasts
	steps       int          // values read
	memory      int64        // bytes that decoded values may still take
	entryStart  int64        // offset of the current entry of a list, -1 outside of one

	names    []uint64 // hashes of the names read so far in the open objects
	lengths  uint64   // of the names in the innermost object, a bit each
	plain    int64    // offset up to which what follows the last text is valid UTF-8 without a backslash
	unquoted []byte   // scratch space
	shared   sharedMemory
}

// decoderOptions: text that is not UTF-8 is repaired, since real mood lines are cut
// in the middle of an emoji. Duplicate names are detected by
// [reader.checkDuplicate]; jsontext would abort the whole response.
var decoderOptions = jsonv2.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

func newReader(from io.Reader, window *windowReader) *reader {
	r := &reader{
		window: window, names: make([]uint64, 0, 20),
		entryStart: -1, memory: memoryFactor * maxEntryBytes, size: -1,
	}
	r.dec.Reset(from, decoderOptions)
	return r
}

// newBodyReader returns a reader of a body that was received completely.
func newBodyReader(body []byte) *reader {
	r := newReader(bytes.NewBuffer(body), nil) // which jsontext does not copy
	r.whole.recent, r.window = body, &r.whole
	r.window.validate()
	r.size = int64(len(body))
	r.memory = memoryFactor * max(int64(len(body)), maxEntryBytes)
	return r
}

// newStreamReader returns a reader of a body that still arrives.
func newStreamReader(window *windowReader) *reader { return newReader(window, window) }

// decodeBody decodes a document that was received completely.
func decodeBody(body []byte, decode func(*reader)) error {
	r := newBodyReader(bytes.TrimPrefix(body, byteOrderMark))
	decode(r)
	r.end()
	return r.err
}

// end fails if anything follows the document.
func (r *reader) end() {
	if r.err != nil {
		return
	}
	if _, err := r.dec.ReadToken(); err == nil {
		r.fail(decodeError("something follows the end of the response"))
	} else if err != io.EOF {
		r.abort(err)
	}
}

// fail ends the entry, or the document if it is not a list. The first error counts.
func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// abort ends the document because the decoder cannot continue.
func (r *reader) abort(err error) {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax): // its own text quotes the response
		err = decodeError(fmt.Sprintf("not well-formed JSON at byte %d", syntax.ByteOffset))
	case err == io.EOF:
		err = decodeError("the response is empty")
	}
	r.err, r.broken = err, true
}

// canContinue reports whether to read another value. It ends the document if the
// context has ended.
func (r *reader) canContinue() bool {
	if r.err != nil {
		return false
	}
	r.steps++
	return r.steps%stepsPerCheck != 0 || r.contextLasts()
}

func (r *reader) contextLasts() bool {
	if r.interrupted == nil {
		return true
	}
	if err := r.interrupted(); err != nil {
		r.err, r.broken = err, true
	}
	return r.err == nil
}

// allocate counts size bytes of memory for decoded values. It ends the document if
// there is none left: a small body can be made of values that take many times its size.
func (r *reader) allocate(size int) {
	if r.memory -= int64(size); r.memory < 0 && r.err == nil {
		r.err, r.broken = ErrTooLarge, true
	}
}

// kind returns the kind of the next value: one of n t f " 0 { [, or } and ] at the
// end of an object or array. It is 0 after an error.
func (r *reader) kind() jsontext.Kind {
	if r.err != nil {
		return 0
	}
	return r.dec.PeekKind()
}

// hasNext reports whether there is another value before the closing bracket.
func (r *reader) hasNext(closing jsontext.Kind) bool { return r.kind() != closing && r.err == nil }

// value reads the next value, without white space around it, token by token, so that even
// a long one ends with the context. It is valid until the next step, and null after an error.
func (r *reader) value() jsontext.Value {
	start, depth := r.dec.InputOffset(), r.dec.StackDepth()
	for r.token() && r.dec.StackDepth() > depth {
		continue
	}
	if r.err != nil {
		return jsontext.Value("null")
	}
	return r.rawSince(start)
}

// rawSince returns the tokens that were read since an offset, without what separates the
// first from what is before it.
func (r *reader) rawSince(start int64) []byte {
	return r.window.tokensBetween(start, r.dec.InputOffset())
}

// skip reads the next value.
func (r *reader) skip() { r.value() }

// consume ends the use of everything that was read.
func (r *reader) consume() { r.window.consumed = r.dec.InputOffset() }

// discard reads the next value token by token and keeps nothing of it, so that it may be
// longer than the window.
func (r *reader) discard() {
	depth := r.dec.StackDepth()
	for r.token() && r.dec.StackDepth() > depth {
		r.consume()
	}
}

// token reads a bracket or a value without members. It reports whether to continue.
func (r *reader) token() bool {
	if !r.canContinue() {
		return false
	}
	if _, err := r.dec.ReadToken(); err != nil {
		r.abort(err)
		return false
	}
	r.checkEntrySize()
	return r.err == nil
}

// checkEntrySize fails if the current entry of a list is too long.
func (r *reader) checkEntrySize() {
	if r.entryStart >= 0 && r.dec.InputOffset()-r.entryStart > maxEntryBytes {
		r.fail(decodeError("the entry has over 1 MiB"))
	}
}

// string returns the text of the string v.
func (r *reader) string(v jsontext.Value) string {
	return r.shared.texts.add(r.unquoteUpTo(v, r.dec.InputOffset()))
}

// unquote returns the text of the string v, which was read last. It is valid until the
// next step.
func (r *reader) unquote(v []byte) []byte { return r.unquoteUpTo(v, r.dec.InputOffset()) }

// unquoteUpTo is [reader.unquote] of a string that ends at an offset.
func (r *reader) unquoteUpTo(v []byte, end int64) []byte {
	if end <= r.plain {
		return v[1 : len(v)-1]
	}
	return r.unquoteAny(v, end)
}

func (r *reader) unquoteAny(v []byte, end int64) []byte {
	r.findPlain(end - int64(len(v)))
	if end <= r.plain || bytes.IndexByte(v, '\\') < 0 && utf8.Valid(v) {
		return v[1 : len(v)-1]
	}
	// The error reports that invalid UTF-8 was replaced, which is intended.
	r.unquoted, _ = jsontext.AppendUnquote(r.unquoted[:0], v)
	return r.unquoted
}

// findPlain looks for the next backslash. To look for one in each text takes longer.
func (r *reader) findPlain(from int64) {
	r.plain = max(from, r.window.valid)
	if i := bytes.IndexByte(r.window.rawBetween(from, r.plain), '\\'); i >= 0 {
		r.plain = from + int64(i)
	}
}
