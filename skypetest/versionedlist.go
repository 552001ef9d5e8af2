package skypetest

// versionedList is a list that can be read in full and as a delta. The rows keep
// their order; the row of a removed entry stays and is marked.
type versionedList[T any] struct {
	rows  []*versionedRow[T]
	byKey map[string]*versionedRow[T]
}

type versionedRow[T any] struct {
	value   T
	changed int // the account's version of the last change
	removed bool
}

// get returns the entry with that key, or nil if there is none or it was removed.
func (l *versionedList[T]) get(key string) *T {
	if r := l.byKey[key]; r != nil && !r.removed {
		return &r.value
	}
	return nil
}

// put adds or replaces an entry.
func (l *versionedList[T]) put(key string, value T, version int) {
	if l.byKey == nil {
		l.byKey = make(map[string]*versionedRow[T])
	}
	r := l.byKey[key]
	if r == nil {
		r = new(versionedRow[T])
		l.byKey[key] = r
		l.rows = append(l.rows, r)
	}
	*r = versionedRow[T]{value: value, changed: version}
}

// markChanged puts an entry into the deltas from before version.
func (l *versionedList[T]) markChanged(key string, version int) {
	if r := l.byKey[key]; r != nil {
		r.changed = version
	}
}

// remove marks the row of an entry as removed.
func (l *versionedList[T]) remove(key string, version int) {
	if r := l.byKey[key]; r != nil {
		r.removed, r.changed = true, version
	}
}
