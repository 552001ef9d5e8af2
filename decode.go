package skypecontacts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"iter"
	"reflect"
	"slices"
	"strings"
)

const (
	maxDepth    = 64     // of nesting; real responses nest 7 deep
	maxMembers  = 256    // of an object; real objects have up to 30, and each name is compared with all before it
	maxElements = 10_000 // of a list inside an entry; real ones have up to 20
	extraBytes  = 160    // of one value in Extra, beside its text
)

// members iterates over the names of an object. The body of the loop reads the
// value; a value that it leaves unread is saved in Extra, as are all values after a
// break. The name is valid until the value is read.
//
// extra is where the object keeps those values; nil means the Extra of the object
// around it. Null is an object without members. A value that is not an object is
// stored in Extra.
func (r *reader) members(extra *Extra) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		outer, open := r.openObject(extra)
		for more := true; open; {
			name, ok := r.memberName(outer.names)
			if !ok {
				break
			}
			more = more && yield(name)
			if r.unread() {
				r.saveMember(extra != nil)
			}
			if r.entryStart < 0 {
				r.consume()
			}
		}
		r.extra, r.depth, r.names, r.lengths = outer.extra, outer.depth, r.names[:outer.names], outer.lengths
	}
}

// outerObject is the state of the reader that an object replaces while it is open.
type outerObject struct {
	extra        *Extra
	depth, names int
	lengths      uint64
}

// openObject reads the bracket of an object, or all of another value, for which it
// reports false.
func (r *reader) openObject(extra *Extra) (outer outerObject, ok bool) {
	outer = outerObject{r.extra, r.depth, len(r.names), r.lengths}
	r.lengths = 0
	if extra != nil {
		r.extra, r.depth = extra, r.dec.StackDepth()
	}
	if ok = r.kind() == '{'; ok {
		r.token()
	} else {
		r.saveUnlessNull(r.value())
	}
	return outer, ok
}

// memberName reads the name of a member, or the closing bracket, for which it reports
// false. outer is the number of names of the enclosing objects.
func (r *reader) memberName(outer int) (name []byte, ok bool) {
	if r.err != nil {
		return nil, false
	}
	start := r.dec.InputOffset()
	if _, err := r.dec.ReadToken(); err != nil {
		r.abort(err)
		return nil, false
	}
	v := r.rawSince(start)
	if v[0] == '}' {
		return nil, false
	}
	r.nameStart, r.nameEnd = start, r.dec.InputOffset()
	name = r.unquoteUpTo(v, r.nameEnd)
	r.checkDuplicate(name, outer)
	return name, true
}

// unread reports whether the value of the current member is still to be read.
func (r *reader) unread() bool { return r.dec.InputOffset() == r.nameEnd }

// nameSeed is random, so that two names with the same hash cannot be crafted.
var nameSeed = maphash.MakeSeed()

// checkDuplicate records a name and fails if the innermost object has it already.
func (r *reader) checkDuplicate(name []byte, outer int) {
	if len(r.names)-outer == maxMembers {
		r.fail(decodeError(fmt.Sprintf("an object has over %d members", maxMembers)))
	}
	hash := maphash.Bytes(nameSeed, name)
	length := uint64(1) << (len(name) % 64) // few names are as long as another
	if r.lengths&length != 0 && slices.Contains(r.names[outer:], hash) {
		r.fail(decodeError("a member appears twice"))
	}
	r.names, r.lengths = append(r.names, hash), r.lengths|length
}

// elements iterates over the indexes of an array inside an entry. The body of the
// loop reads the element; one that it leaves unread is saved in Extra, as are all
// elements after a break. Null is an empty array. A value that is not an array is
// stored in Extra.
func (r *reader) elements() iter.Seq[int] { return r.elementsUpTo(maxElements) }

func (r *reader) elementsUpTo(limit int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if r.kind() != '[' {
			r.saveUnlessNull(r.value())
			return
		}
		r.openElements(limit)(yield)
	}
}

// openElements is [reader.elementsUpTo] for an array.
func (r *reader) openElements(limit int) iter.Seq[int] {
	return func(yield func(int) bool) {
		r.token()
		more := true
		for index := 0; r.hasNext(']'); index++ {
			if index == limit {
				r.fail(decodeError(fmt.Sprintf("a list has over %d elements", limit)))
				break
			}
			before := r.dec.InputOffset()
			more = more && yield(index)
			if r.err == nil && r.dec.InputOffset() == before {
				r.saveExtra(r.value())
			}
		}
		r.token()
	}
}

// readObjects iterates over an array of small objects that have no Extra. For each it
// yields a copy of blank, whose members the body of the loop reads. The array replaces
// the list.
func readObjects[T any](r *reader, list *[]T, shared *sharedLists[T], blank T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		if r.kind() != '[' {
			r.saveUnlessNull(r.value())
			return
		}
		size, long := int(reflect.TypeFor[T]().Size()), r.shared.texts.long
		for range r.openElements(maxElements) {
			if r.kind() != '{' {
				r.saveUnlessNull(r.value())
				continue
			}
			r.allocate(size)
			shared.pending = append(shared.pending, blank)
			if !yield(&shared.pending[len(shared.pending)-1]) {
				break
			}
		}
		*list = shared.add(size, r.shared.texts.long > long)
	}
}

// saveExtra stores a value in the Extra of the innermost object that has one, under
// its path from there.
func (r *reader) saveExtra(v []byte) {
	if r.err != nil || r.extra == nil {
		return
	}
	path := string(r.dec.StackPointer())
	for range r.depth + 1 {
		path = path[strings.IndexByte(path, '/')+1:]
	}
	r.setExtra(path, v)
}

// saveMember reads and stores the value of a member. In an object with an Extra of its own
// the path is the name, unless that has an escape in a path.
func (r *reader) saveMember(ownExtra bool) {
	if r.err != nil {
		return
	}
	name := r.unquote(r.rawSince(r.nameStart)) // the body of the loop may have looked at the value
	if !ownExtra || bytes.ContainsAny(name, "~/") {
		r.saveExtra(r.value())
		return
	}
	path := r.shared.texts.add(name)
	if v := r.value(); r.err == nil {
		r.setExtra(path, v)
	}
}

func (r *reader) setExtra(path string, v []byte) {
	if r.dec.StackDepth()+nestingDepth(v) > maxDepth {
		r.fail(decodeError(fmt.Sprintf("nested deeper than %d", maxDepth)))
		return
	}
	r.allocate(extraBytes + len(path) + len(v))
	if *r.extra == nil {
		*r.extra = make(Extra)
	}
	(*r.extra)[path] = json.RawMessage(bytes.Clone(v))
}

func (r *reader) saveUnlessNull(v []byte) {
	if v[0] != 'n' {
		r.saveExtra(v)
	}
}

// nestingDepth returns how many brackets are open at once within a value.
func nestingDepth(v []byte) (deepest int) {
	depth, inString := 0, false
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case inString && c == '\\':
			i++ // the escaped character
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}
