package skypecontacts

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pieces reads at most n bytes at a time, as a body arrives.
type pieces struct {
	from io.Reader
	n    int
}

func (p pieces) Read(b []byte) (int, error) { return p.from.Read(b[:min(len(b), p.n)]) }

// arriving returns a response whose body arrives in pieces of n bytes. Its size is unknown.
func arriving(body []byte, n int, etag string) *response {
	return &response{
		status: http.StatusOK, header: http.Header{"Etag": {etag}}, isJSON: true, size: -1, limit: 16 << 20,
		body: &boundedBody{from: pieces{bytes.NewReader(body), n}, left: 16 << 20},
	}
}

func decodeArriving(body []byte, n int) (list ContactList, err error) {
	err = arriving(body, n, "").decodeDocument(true, func(r *reader) { readContactList(readContact)(r, &list) })
	return list, err
}

func decodeComplete(body []byte) (list ContactList, err error) {
	err = decodeBody(body, func(r *reader) { readContactList(readContact)(r, &list) })
	return list, err
}

func refreshArriving(prev *Roster, n int, pages ...[]byte) (*Roster, error) {
	m := rosterMerge{prev: prev, hasBase: prev != nil && prev.ETag != ""}
	for i, page := range pages {
		if err := m.addPage(arriving(page, n, fmt.Sprint(i))); err != nil {
			return nil, err
		}
	}
	return m.next, m.complete()
}

// requireSame compares a result with that of the old decoder. Errors have other words where
// a response is wrong in two ways.
func requireSame[T any](tb testing.TB, want T, wantErr error, got T, err error, what ...any) {
	tb.Helper()
	require.Equal(tb, wantErr == nil, err == nil, append(what, wantErr, err)...)
	if err == nil {
		require.Equal(tb, want, got, what...)
	}
}

// requireSameRoster is [requireSame] for a roster, in which a list without entries may be
// nil or empty.
func requireSameRoster(tb testing.TB, want *Roster, wantErr error, got *Roster, err error, what ...any) {
	tb.Helper()
	if err == nil && wantErr == nil {
		*want, *got = normal(*want), normal(*got)
	}
	requireSame(tb, want, wantErr, got, err, what...)
}

// checkDecoder compares the results of the decoder with those of the old one, for a list
// and for a roster with and without an older one.
func checkDecoder(tb testing.TB, input []byte) {
	tb.Helper()
	n := 1 + len(input)%7
	want, wantErr := decodeOld(input)
	got, err := decodeComplete(input)
	requireSame(tb, want, wantErr, got, err, "complete")
	got, err = decodeArriving(input, n)
	requireSame(tb, want, wantErr, got, err, "arriving")
	for _, prev := range []*Roster{nil, knownRoster()} {
		want, wantErr := refreshOld(prev, input, input)
		got, err := refreshArriving(prev, n, input, input)
		requireSameRoster(tb, want, wantErr, got, err, "roster")
	}
}

// The decoder returns the same as the old one for every fixture and for long lists.
func TestDecoderIsLikeTheOld(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.json")
	require.NoError(t, err)
	for _, file := range files {
		checkDecoder(t, []byte(fixture(t, strings.TrimPrefix(filepath.ToSlash(file), "testdata/"))))
	}
	list := payload.Contacts(3000)
	checkDecoder(t, list)
	for _, cut := range []int{1, len(list) / 2, len(list) - 1} {
		checkDecoder(t, list[:cut])
	}
}

// rosterBodies returns a random response of a roster in up to three pages. Few identifiers
// are in them again and again: as duplicates, removed, added again, and unreadable.
func rosterBodies(random *rand.Rand) (pages [][]byte) {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	entries := func(entry func() string) string {
		var list []string
		for range random.IntN(6) {
			list = append(list, entry())
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	id := func() string { return pick("8:joe.4", "8:JOE.4", "8:anna.7", "8:daisy.5", "8:fred.2", "28:concierge") }
	change := func() string {
		return pick("", "", `,"deleted":true`, `,"deleted":false`, `,"x":`+pick("1", "[2]", `"\u0061"`), `,"favorite":true`, `,"display_name":"`+pick("Joe", `J\u00f6e`, "")+`"`,
			`,"profile":{"phones":[{"number":"+1"},{"number":"+2","type":1}],"locations":[{"country":"gb"},{}]}`, `,"phones":[{"id":7,"number":"+3"}]`,
			`,"profile":{"name":null,"mood":"a &amp; b","language":"EN"}`, `,"mri":"8:twice"`)
	}
	contact := func() string {
		return pick(`{"mri":"`+id()+`"`+change()+change()+`}`, `{"mri":"`+id()+`"}`, "17", "{}")
	}
	blocked := func() string { return `{"mri":"` + id() + `"` + pick("", `,"deleted":true`, `,"since":1`) + `}` }
	group := func() string {
		return `{"id":"` + pick("a", "A", "000C3765-A8A0", "b") + `"` + pick("", `,"deleted":true`, `,"name":"N","contacts":["`+id()+`"]`) + `}`
	}
	scope := pick("", "", `"scope":"full"`, `"scope":"delta"`, `"scope":"Full"`)
	for range 1 + random.IntN(3) {
		members := []string{
			`"contacts":` + entries(contact), `"blocklist":` + entries(blocked), `"groups":` + pick(entries(group), "null"),
			scope, `"hint":` + pick("1", "2"),
		}
		random.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		members = members[:1+random.IntN(len(members))]
		members = append(members, `"count":`+pick("0", "3"))
		pages = append(pages, []byte("{"+strings.Trim(strings.ReplaceAll(strings.Join(members, ","), ",,", ","), ",")+"}"))
	}
	return pages
}

// A roster is what the old decoder made of the same pages, wherever the scope is.
func TestRosterIsLikeTheOld(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 1))
		pages := rosterBodies(random)
		prev := knownRoster()
		if random.IntN(4) == 0 {
			prev = nil
		}
		want, wantErr := refreshOld(prev, pages...)
		got, err := refreshArriving(prev, 1+random.IntN(50), pages...)
		requireSameRoster(t, want, wantErr, got, err, fmt.Sprintf("seed %d: %s", seed, pages))
		if prev != nil {
			require.Equal(t, knownRoster(), prev, seed)
		}
		if err == nil {
			compared++
		}
	}
	assert.Greater(t, compared, 1000)
}
