package skypecontacts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how deep the members of an answer may be nested. The service's own
// go to seven.
const maxDepth = 64

// maxMembers is how many members an object may have. The service's own have up
// to thirty, and each name is compared with all before it.
const maxMembers = 256

// marshal writes the body of a request. It fails on text that is not UTF-8.
func marshal(v any) ([]byte, error) { return jsonv2.Marshal(v) }

// reader reads an answer token by token straight into the public types.
//
// It is tolerant where the wire was seen to vary and strict about what would
// hide a failure. A member nobody documented, or whose value is of a kind
// nobody saw, goes to Extra. Whatever is wrong with one entry of a list costs
// only that entry; see [reader.entry]. Anything else ends the reading: err is set,
// and every later step does nothing.
type reader struct {
	dec    *jsontext.Decoder
	err    error
	broken bool // err is the decoder's, which cannot go on

	extra *Extra // of the innermost object that has one
	depth int    // of that object

	body  []byte                        // the whole answer, if it was received in full
	valid bool                          // body is valid UTF-8
	kept  func(from, upTo int64) []byte // what was read between two offsets

	names    []uint64 // hashes of the members read so far in the open objects
	unquoted []byte   // scratch space
	shared   string   // the part of body that begins at sharedAt
	sharedAt int64
}

// Text that is not UTF-8 is mended, since real mood lines are cut in the middle of
// an emoji. Names that appear twice are the reader's own affair: to the decoder
// they would be the end of the answer.
var answerOptions = jsonv2.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

func newReader(from io.Reader, kept func(from, upTo int64) []byte) *reader {
	return &reader{
		dec: jsontext.NewDecoder(from, answerOptions), kept: kept, names: make([]uint64, 0, 32),
	}
}

// newBodyReader reads what was received in full.
func newBodyReader(body []byte) *reader {
	r := newReader(bytes.NewBuffer(body), func(from, upTo int64) []byte { return body[from:upTo] })
	r.body, r.valid = body, utf8.Valid(body)
	return r
}

var byteOrderMark = []byte("\xEF\xBB\xBF")

// decodeBody reads a whole answer that was received in full.
func decodeBody(body []byte, read func(*reader)) error {
	r := newBodyReader(bytes.TrimPrefix(body, byteOrderMark))
	read(r)
	r.end()
	return r.err
}

// end makes sure that nothing follows the answer.
func (r *reader) end() {
	if r.err != nil {
		return
	}
	if _, err := r.dec.ReadToken(); err == nil {
		r.fail(decodeError("something follows the end of the answer"))
	} else if err != io.EOF {
		r.abort(err)
	}
}

// fail ends the reading of the entry, or of the answer if it is not a list. The
// first reason counts.
func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// abort ends the reading because the decoder cannot go on.
func (r *reader) abort(err error) {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax): // whose own text quotes the answer
		err = decodeError(fmt.Sprintf("not well-formed JSON at byte %d", syntax.ByteOffset))
	case err == io.EOF:
		err = decodeError("the answer is empty")
	}
	r.err, r.broken = err, true
}

// kind is the kind of the next value: one of n t f " 0 { [, or } and ] at the
// end of an object or array. It is 0 once the reading has failed.
func (r *reader) kind() jsontext.Kind {
	if r.err != nil {
		return 0
	}
	return r.dec.PeekKind()
}

// value reads the next value whole, without white space around it. It is valid
// until the next step, and null once the reading has failed.
func (r *reader) value() jsontext.Value {
	if r.err != nil {
		return jsontext.Value("null")
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		r.abort(err)
		return jsontext.Value("null")
	}
	return v
}

// skip passes over the next value without keeping it in memory.
func (r *reader) skip() {
	if r.err == nil {
		if err := r.dec.SkipValue(); err != nil {
			r.abort(err)
		}
	}
}

// token passes over a bracket or a value without members.
func (r *reader) token() {
	if r.err != nil {
		return
	}
	if _, err := r.dec.ReadToken(); err != nil {
		r.abort(err)
	}
}

// object reads an object. member is given each name in turn and reads the value,
// or reports false to have it kept in Extra. Null is an object without members,
// and what is no object goes to Extra itself.
func (r *reader) object(member func(name []byte) bool) {
	if r.kind() != '{' {
		r.keepUnlessNull(r.value())
		return
	}
	r.token()
	outer := len(r.names)
	for k := r.kind(); k != '}' && r.err == nil; k = r.kind() {
		name := r.unquote(r.value())
		if r.err != nil {
			break
		}
		r.remember(name, outer)
		if !member(name) {
			r.keep(r.value())
		}
	}
	r.names = r.names[:outer]
	r.token()
}

// nameSeed makes it impossible to write two names that pass for one. Even so it
// would only cost the entry that has them.
var nameSeed = maphash.MakeSeed()

// remember notes a name of the innermost object, which is inside of others with so
// many names, and fails if it is there already.
func (r *reader) remember(name []byte, outer int) {
	if len(r.names)-outer == maxMembers {
		r.fail(decodeError(fmt.Sprintf("an object has over %d members", maxMembers)))
	}
	hash := maphash.Bytes(nameSeed, name)
	if slices.Contains(r.names[outer:], hash) {
		r.fail(decodeError("a member appears twice"))
	}
	r.names = append(r.names, hash)
}

// owner reads an object that has an Extra of its own.
func (r *reader) owner(extra *Extra, member func(name []byte) bool) {
	outer, depth := r.extra, r.depth
	r.extra, r.depth = extra, r.dec.StackDepth()
	r.object(member)
	r.extra, r.depth = outer, depth
}

// array calls begin, then element for each element. Null leaves everything as it
// is, and what is no array goes to Extra.
func (r *reader) array(begin, element func()) {
	if r.kind() != '[' {
		r.keepUnlessNull(r.value())
		return
	}
	begin()
	r.token()
	for k := r.kind(); k != ']' && r.err == nil; k = r.kind() {
		element()
	}
	r.token()
}

// shareSize bounds what a text may keep in memory beside itself.
const shareSize = 4 << 10

// string is the text of the string v, which was just read. In a body that was
// received in full, texts without escapes are parts of a larger string: that
// takes a fraction of the time of one allocation for each.
func (r *reader) string(v jsontext.Value) string {
	size := int64(len(v) - 2)
	if r.body == nil || size > shareSize/4 || !r.plain(v) {
		return string(r.unquote(v))
	}
	start := r.dec.InputOffset() - 1 - size
	if start+size > r.sharedAt+int64(len(r.shared)) {
		r.shared, r.sharedAt = string(r.body[start:min(start+shareSize, int64(len(r.body)))]), start
	}
	return r.shared[start-r.sharedAt:][:size]
}

// unquote is the text of a string. It is valid until the next step.
func (r *reader) unquote(v jsontext.Value) []byte {
	if v[0] != '"' {
		return nil
	}
	if r.plain(v) {
		return v[1 : len(v)-1]
	}
	// The error would say that something was mended, which was asked for.
	r.unquoted, _ = jsontext.AppendUnquote(r.unquoted[:0], v)
	return r.unquoted
}

// plain reports whether a string is written as it reads.
func (r *reader) plain(v jsontext.Value) bool {
	return bytes.IndexByte(v, '\\') < 0 && (r.valid || utf8.Valid(v))
}

// keep puts a value that no field can hold into the Extra of the innermost
// object that has one, under its name there or its path from there.
func (r *reader) keep(v jsontext.Value) {
	if r.err != nil || r.extra == nil {
		return
	}
	if r.dec.StackDepth()+nesting(v) > maxDepth {
		r.fail(decodeError(fmt.Sprintf("nested deeper than %d", maxDepth)))
		return
	}
	pointer := r.dec.StackPointer()
	key := pointer.LastToken()
	if r.dec.StackDepth() > r.depth+1 {
		path := string(pointer)
		for range r.depth + 1 {
			path = path[strings.IndexByte(path, '/')+1:]
		}
		key = path
	}
	if *r.extra == nil {
		*r.extra = make(Extra)
	}
	(*r.extra)[key] = json.RawMessage(bytes.Clone(v))
}

func (r *reader) keepUnlessNull(v jsontext.Value) {
	if v.Kind() != 'n' {
		r.keep(v)
	}
}

// nesting is how many brackets are open at once within a value.
func nesting(v jsontext.Value) (deepest int) {
	if k := v.Kind(); k != '{' && k != '[' {
		return 0
	}
	dec := jsontext.NewDecoder(bytes.NewReader(v), answerOptions)
	for {
		if _, err := dec.ReadToken(); err != nil {
			return deepest
		}
		deepest = max(deepest, dec.StackDepth())
	}
}

// text reads a string. Here and below null leaves the field as it is, so that
// an update does not erase what is known.
func text[S ~string](r *reader, field *S) {
	if v := r.value(); v[0] == '"' {
		*field = S(r.string(v))
	} else {
		r.keepUnlessNull(v)
	}
}

// texts reads a list of strings.
func texts[S ~string](r *reader, field *[]S) {
	r.array(func() { *field = nil }, func() {
		v := r.value()
		if v[0] == '"' {
			*field = append(*field, S(r.string(v)))
		} else {
			r.keepUnlessNull(v)
		}
	})
}

// parsed reads a string that parse understands. One that it does not understand
// is kept as it came.
func parsed[T any](r *reader, field *T, parse func(string) (T, error)) {
	v := r.value()
	if v[0] == '"' {
		if value, err := parse(r.string(v)); err == nil {
			*field = value
			return
		}
	}
	r.keepUnlessNull(v)
}

func (r *reader) time(field *time.Time) { parsed(r, field, parseTime) }
func (r *reader) date(field *Date)      { parsed(r, field, ParseDate) }

// enum reads a value that some services write as a number and others as a word.
func enum[T ~string](r *reader, field *T, parse func(string) T) {
	switch v := r.value(); v.Kind() {
	case '"':
		*field = parse(r.string(v))
	case '0':
		*field = parse(string(v))
	default:
		r.keepUnlessNull(v)
	}
}

// boolean reads true and false, also as words in a string.
func (r *reader) boolean(field *bool) {
	v := r.value()
	switch v.Kind() {
	case 't', 'f':
		*field = v.Kind() == 't'
		return
	case '"':
		if value, err := strconv.ParseBool(strings.ToLower(r.string(v))); err == nil {
			*field = value
			return
		}
	}
	r.keepUnlessNull(v)
}

// number reads a number, also as digits in a string. What the field cannot hold
// exactly goes to Extra.
func number[N int | float64](r *reader, field *N) {
	v := r.value()
	digits := ""
	switch v.Kind() {
	case '0':
		digits = string(v)
	case '"':
		digits = r.string(v)
	}
	if f, err := strconv.ParseFloat(digits, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) && float64(N(f)) == f {
		*field = N(f)
		return
	}
	if v.Kind() != '"' || digits != "" {
		r.keepUnlessNull(v)
	}
}

// objects reads a list of small objects that have no Extra of their own. Each
// begins as a copy of blank.
func objects[T any](r *reader, field *[]T, blank T, member func(item *T, name []byte) bool) {
	r.array(func() { *field = nil }, func() {
		if r.kind() != '{' {
			r.keepUnlessNull(r.value())
			return
		}
		*field = append(*field, blank)
		item := &(*field)[len(*field)-1]
		r.object(func(name []byte) bool { return member(item, name) })
	})
}

// addExtra keeps a text that a field holds only in part.
func addExtra(extra *Extra, name, value string) {
	if *extra == nil {
		*extra = make(Extra)
	}
	(*extra)[name], _ = json.Marshal(value)
}
