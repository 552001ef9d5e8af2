package skypecontacts

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSharedTexts(t *testing.T) {
	t.Parallel()
	var texts sharedTexts
	var want, got []string
	for n := range 3 * maxChunk / 4 {
		text := strings.Repeat(fmt.Sprint(n%10), n)
		want = append(want, text)
		got = append(got, texts.add([]byte(text)))
		if n%100 == 0 {
			texts.endGroup()
		}
	}
	assert.Equal(t, want, got)

	texts.endGroup()
	texts.add([]byte(strings.Repeat("x", maxChunk/4+1)))
	assert.Zero(t, texts.used, "a long text has its own memory")
	texts.add([]byte(strings.Repeat("x", maxChunk/4)))
	assert.Equal(t, maxChunk/4, texts.used)
}

// No append to a list and no change of its elements reaches another.
func TestSharedLists(t *testing.T) {
	t.Parallel()
	var lists sharedLists[Phone]
	var want, got [][]Phone
	for n := range 200 {
		var list []Phone
		for i := range n % 7 {
			list = append(list, Phone{Number: fmt.Sprint(n, i)})
		}
		lists.pending = append(lists.pending, list...)
		want, got = append(want, list), append(got, lists.add(1, n%11 == 0))
		assert.Empty(t, lists.pending)
		if n%50 == 0 {
			lists.endGroup()
		}
	}
	require.Equal(t, want, got)
	for i := range got {
		assert.Equal(t, len(got[i]), cap(got[i]))
		for k := range got[i] {
			got[i][k].Number = "changed"
		}
		got[i] = append(got[i], Phone{Number: "appended"})
	}
	for i, list := range got {
		for k, phone := range list {
			assert.Equal(t, k == len(want[i]), phone.Number == "appended")
		}
	}
}

// No two lists of a decoded response overlap, and none has room behind its end. An entry
// that could not be decoded leaves nothing in another.
func TestDecodedListsAreApart(t *testing.T) {
	t.Parallel()
	phones := func(n int) string {
		return strings.TrimSuffix(strings.Repeat(`{"number":"+1","type":"home"},`, n), ",")
	}
	body := `{"contacts":[`
	for i := range 300 {
		n := i % 6
		if i%50 == 49 {
			n = []int{17, 100}[i/50%2]
		}
		body += fmt.Sprintf(`{"mri":"8:%d","profile":{"phones":[%s],"locations":[{"city":"London"}]},"phones":[%s]},`, i, phones(n), phones(i%3)) +
			`{"profile":{"phones":[` + phones(2) + `]}},{"mri":"8:x","profile":{"phones":[{"number":"+2"}],"phones":[]}},`
	}
	list, err := decodeComplete([]byte(body + `{"mri":"8:end"}]}`))
	require.NoError(t, err)
	require.Len(t, list.Contacts, 301)
	require.Len(t, list.Skipped, 600)
	for i := range list.Contacts {
		c := &list.Contacts[i]
		for _, phones := range [][]Phone{c.Phones, c.Profile.Phones} {
			assert.Equal(t, len(phones), cap(phones))
			for k := range phones {
				require.Equal(t, Phone{Number: "+1", Type: PhoneHome}, phones[k])
				phones[k].Number = "seen"
			}
		}
		for k := range c.Profile.Locations {
			require.Equal(t, "London", c.Profile.Locations[k].City)
			c.Profile.Locations[k].City = "seen"
		}
	}
}

// A list of elements with long texts has its own memory, so that no contact keeps the long
// texts of its neighbours.
func TestKeptNeighbours(t *testing.T) { //nolint:paralleltest // measures memory
	const bound = 12 << 10
	for _, length := range []int{400, 600, 100_000} {
		before := heapObjects()
		var body strings.Builder
		body.WriteString(`{"contacts":[`)
		for i := range 320 {
			city := "London"
			if i%16 > 0 {
				city = strings.Repeat("x", length)
			}
			fmt.Fprintf(&body, `{"mri":"8:%d","profile":{"locations":[{"city":"%s"}],"emails":["%s"]}},`, i, city, city)
		}
		var kept []Contact
		keep := func(c *Contact, err error) bool {
			if err == nil && c.Profile.Locations[0].City == "London" {
				kept = append(kept, *c)
			}
			return err == nil
		}
		require.NoError(t, newContactStream(keep, readContact).readPage(strings.NewReader(strings.TrimSuffix(body.String(), ",")+`]}`), nil))
		body.Reset()
		require.Len(t, kept, 20)
		each := (int64(heapObjects()) - int64(before)) / int64(len(kept))
		assert.Less(t, each, int64(bound), "texts of %d bytes", length)
		runtime.KeepAlive(kept)
	}
}

// One contact that is kept of a long list keeps at most 8 KiB in memory.
func TestKeptContact(t *testing.T) { //nolint:paralleltest // measures memory
	const n, every, bound = 20_000, 100, 8 << 10
	body := payload.Contacts(n)
	for name, decode := range map[string]func(keep func(*Contact)) error{
		"ListContacts": func(keep func(*Contact)) error {
			list, err := decodeArriving(body, 1<<16)
			for i := range list.Contacts {
				keep(&list.Contacts[i])
			}
			return err
		},
		"GetRoster": func(keep func(*Contact)) error {
			roster, err := refreshArriving(nil, 1<<16, body)
			for i := range roster.Contacts {
				keep(&roster.Contacts[i])
			}
			return err
		},
		"AllContacts": func(keep func(*Contact)) (err error) {
			s := newContactStream(func(c *Contact, err error) bool { keep(c); return err == nil }, readContact)
			return s.readPage(strings.NewReader(string(body)), nil)
		},
	} {
		kept, seen := make([]Contact, 0, n/every), 0
		before := heapObjects()
		err := decode(func(c *Contact) {
			if seen++; seen%every == 0 {
				kept = append(kept, *c)
			}
		})
		require.NoError(t, err)
		each := (int64(heapObjects()) - int64(before)) / int64(len(kept))
		t.Logf("%s: %d bytes", name, each)
		assert.Less(t, each, int64(bound), name)
		require.Len(t, slices.Clip(kept), n/every)
		runtime.KeepAlive(kept)
	}
}

// heapObjects returns the bytes of live objects.
func heapObjects() uint64 {
	runtime.GC()
	runtime.GC() // the first may leave what it found alive while it ran
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
