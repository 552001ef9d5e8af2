package stair

// Limit is a constant.
const Limit = 3

// High uses Thing.
func High(n int) int { return Thing{Field: n}.Double() + len(hidden) }

// Double is in another file than Thing.
func (t Thing) Double() int { return 2 * t.Field }

var hidden []int
