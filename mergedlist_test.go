package skypecontacts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The entries of a page are merged in their order, whether that happens while the page
// arrives or later, when it is known what they change.
func TestPageEntries(t *testing.T) {
	t.Parallel()
	group := func(id, name string) Group { return Group{ID: id, Name: name} }
	known := []Group{group("a", "A"), group("b", "B"), group("c", "C")}
	for name, test := range map[string]struct {
		entries      string
		whole, delta []Group
	}{
		"nothing":              {``, nil, known},
		"a new entry":          {`{"id":"d","name":"D"}`, []Group{group("d", "D")}, append(known[:3:3], group("d", "D"))},
		"a change":             {`{"id":"B","name":"new"}`, []Group{group("B", "new")}, []Group{known[0], group("B", "new"), known[2]}},
		"a change twice":       {`{"id":"b","name":"x"},{"id":"b"}`, []Group{group("b", "x")}, []Group{known[0], group("b", "x"), known[2]}},
		"removed":              {`{"id":"b","deleted":true}`, nil, []Group{known[0], known[2]}},
		"removed, added again": {`{"id":"b","deleted":true},{"id":"b"}`, []Group{group("b", "")}, []Group{known[0], group("b", ""), known[2]}},
		"added, removed":       {`{"id":"d","name":"D"},{"id":"d","deleted":true}`, nil, known},
	} {
		for _, isWhole := range []bool{true, false} {
			var skipped []SkippedItem
			page := newPageEntries(func(g *Group) string { return lowerASCII(g.ID) })
			require.NoError(t, decodeBody([]byte("["+test.entries+"]"), func(r *reader) { page.read(r, "groups", isWhole, &skipped, readGroup) }))
			base := known
			if isWhole {
				base = nil
			}
			list := page.over(base)
			require.NoError(t, list.apply(page.changes, nil, readGroup))
			want := test.delta
			if isWhole {
				want = test.whole
			}
			assert.ElementsMatch(t, want, list.list(), "%s, %t", name, isWhole)
			assert.Empty(t, skipped)
		}
	}
	assert.Equal(t, []Group{group("a", "A"), group("b", "B"), group("c", "C")}, known)
}

// The first changes look only for the items that they name; further ones find all.
func TestMergedListIndex(t *testing.T) {
	t.Parallel()
	known := []Group{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	change := func(id string) []entryChange {
		return []entryChange{{key: id, raw: []byte(`{"id":"` + id + `","name":"new"}`)}}
	}
	list := newMergedList(append([]Group(nil), known...), func(g *Group) string { return g.ID })
	for i, want := range []map[string]int{{"b": 1}, {"a": 0, "b": 1, "c": 2}, {"a": 0, "b": 1, "c": 2, "d": 3}} {
		require.NoError(t, list.apply(change([]string{"b", "c", "d"}[i]), nil, readGroup))
		assert.Equal(t, want, list.index)
	}
	assert.Equal(t, []Group{{ID: "a"}, {ID: "b", Name: "new"}, {ID: "c", Name: "new"}, {ID: "d", Name: "new"}}, list.list())
}

// A merged list has at most as many items as a list that is requested as a whole.
func TestMergedListLimit(t *testing.T) {
	t.Parallel()
	list := newMergedList(make([]Group, maxEntries-1), func(g *Group) string { return g.ID })
	changes := []entryChange{{key: "a", raw: []byte(`{"id":"a"}`)}, {key: "a", raw: []byte(`{"id":"a"}`)}}
	require.NoError(t, list.apply(changes, nil, readGroup))
	require.Equal(t, ErrTooLarge, list.apply([]entryChange{{key: "b", raw: []byte(`{"id":"b"}`)}}, nil, readGroup))
}

// A page with too many entries is not read to its end.
func TestPageEntriesLimit(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]error{maxEntries: nil, maxEntries + 1: ErrTooLarge} {
		var skipped []SkippedItem
		page := newPageEntries(func(b *BlockedUser) string { return b.MRI.key() })
		body := `[` + strings.TrimSuffix(strings.Repeat(`{"mri":"8:a"},`, n), ",") + `]`
		err := decodeBody([]byte(body), func(r *reader) {
			r.memory = 1 << 40
			page.read(r, "blocklist", true, &skipped, readBlocked)
		})
		require.Equal(t, want, err, fmt.Sprint(n))
	}
}
