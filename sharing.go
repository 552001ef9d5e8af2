package skypecontacts

import (
	"slices"
	"strings"
)

const (
	maxChunk = 2 << 10 // bytes of the piece of memory that texts share
	maxSlab  = 16      // elements of the piece of memory that short lists share

	// groupBytes of texts and lists end a group of entries. What the entries of a group
	// share stays in memory as long as one of them.
	groupBytes = 6 << 10
)

// sharedMemory holds the texts and short lists of entries that follow each other in pieces
// of memory, which takes fewer and smaller allocations than one for each. No two lists
// overlap, and none has room behind its end, so that an append to it is a copy.
type sharedMemory struct {
	texts sharedTexts
	lists *contactLists // nil before the first, since most responses have none
}

// contactLists are the short lists of contacts.
type contactLists struct {
	locations sharedLists[Location]
	phones    sharedLists[Phone]
	sources   sharedLists[RelationshipSource]
	strings   sharedLists[string]
}

func (m *sharedMemory) contactLists() *contactLists {
	if m.lists == nil {
		m.lists = new(contactLists)
	}
	return m.lists
}

// beginEntry ends the group of the entries before, if it is large enough.
func (m *sharedMemory) beginEntry() {
	used := m.texts.used
	if m.lists != nil {
		used += m.lists.locations.used + m.lists.phones.used + m.lists.sources.used + m.lists.strings.used
	}
	if used < groupBytes {
		return
	}
	m.texts.endGroup()
	if m.lists != nil {
		m.lists.locations.endGroup()
		m.lists.phones.endGroup()
		m.lists.sources.endGroup()
		m.lists.strings.endGroup()
	}
}

// sharedTexts are texts one after another in a piece of memory.
type sharedTexts struct {
	chunk strings.Builder
	size  int // of the newest chunk: twice that of the one before, since a document may be small
	used  int // bytes in this group
	long  int // texts with memory of their own
}

func (t *sharedTexts) endGroup() { t.chunk, t.used = strings.Builder{}, 0 }

// add returns a text as a string. A long one has its own memory.
func (t *sharedTexts) add(text []byte) string {
	if len(text) > maxChunk/4 {
		t.long++
		return string(text)
	}
	if len(text) > t.chunk.Cap()-t.chunk.Len() {
		t.size = min(max(2*t.size, maxChunk/8, len(text)), maxChunk)
		t.chunk = strings.Builder{}
		t.chunk.Grow(t.size)
	}
	start := t.chunk.Len()
	t.chunk.Write(text)
	t.used += len(text)
	return t.chunk.String()[start:]
}

// sharedLists are short lists one after another in a piece of memory.
type sharedLists[T any] struct {
	free []T // the rest of the newest slab
	size int // of the newest slab, as in [sharedTexts]
	used int // bytes in this group

	pending []T // the elements of the list that is being read
}

func (l *sharedLists[T]) endGroup() { l.free, l.used = nil, 0 }

// add returns a copy of the pending elements and clears them. A long list has its own
// memory, and so has one of elements that keep much else.
func (l *sharedLists[T]) add(elementBytes int, keepsMuch bool) []T {
	n := len(l.pending)
	var list []T
	switch {
	case n == 0:
	case n > maxSlab/4 || keepsMuch:
		list = slices.Clip(slices.Clone(l.pending))
	default:
		if n > len(l.free) {
			l.size = min(max(2*l.size, n), maxSlab)
			l.free = make([]T, l.size)
		}
		list, l.free = l.free[:n:n], l.free[n:]
		copy(list, l.pending)
		l.used += n * elementBytes
	}
	clear(l.pending)
	l.pending = l.pending[:0]
	return list
}
