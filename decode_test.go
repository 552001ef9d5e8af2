package skypecontacts

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts/internal/payload"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The list of the benchmarks decodes to the same as encoding/json decodes it into
// plain structs, converted by the rules of the model.
func TestDecodeAgainstPlainStructs(t *testing.T) {
	t.Parallel()
	const n = 2_000
	body := payload.Contacts(n)
	var plain payload.List
	var unknown struct {
		Contacts []struct {
			SyncState json.RawMessage `json:"sync_state"`
		} `json:"contacts"`
	}
	require.NoError(t, json.Unmarshal(body, &plain))
	require.NoError(t, json.Unmarshal(body, &unknown))
	want := ContactList{Count: n, Scope: "full"}
	for i := range plain.Contacts {
		c := contactOf(t, &plain.Contacts[i])
		if value := unknown.Contacts[i].SyncState; value != nil {
			c.Extra = Extra{"sync_state": value}
		}
		want.Contacts = append(want.Contacts, c)
	}
	var got ContactList
	require.NoError(t, decodeBody(body, func(r *reader) { readContactList(readContact)(r, &got) }))
	require.Len(t, got.Contacts, n)
	for i := range got.Contacts {
		require.Equal(t, want.Contacts[i], got.Contacts[i])
	}
	want.Contacts, got.Contacts = nil, nil
	require.Equal(t, want, got)
}

// contactOf converts a contact by the rules of the model.
func contactOf(t *testing.T, p *payload.Contact) Contact {
	t.Helper()
	instant := func(text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		at, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		return at.UTC()
	}
	c := Contact{
		MRI: MRI(p.MRI), PersonID: p.PersonID, DisplayName: p.DisplayName, DisplayNameSource: p.DisplayNameSource,
		Authorized: p.Authorized, AuthCertificate: p.AuthCertificate, Blocked: p.Blocked, Explicit: p.Explicit, Suggested: p.Suggested,
		EmailHashes: p.EmailHashes, PhoneHashes: p.PhoneHashes, CreatedAt: instant(p.CreationTime),
		Profile: Profile{
			Name:     Name{First: p.Profile.Name.First, Last: p.Profile.Name.Surname},
			Gender:   Gender(p.Profile.Gender),
			Language: LanguageCode(strings.ToLower(p.Profile.Language)), Mood: ParseMood(p.Profile.Mood),
			About: p.Profile.About, Homepage: p.Profile.Website, AvatarURL: p.Profile.AvatarURL,
		},
	}
	if p.Profile.Birthday != "" {
		born, err := time.Parse(time.DateOnly, p.Profile.Birthday)
		require.NoError(t, err)
		c.Profile.Birthday = Date{born.Year(), born.Month(), born.Day()}
	}
	for _, l := range p.Profile.Locations {
		c.Profile.Locations = append(c.Profile.Locations, Location{
			Type: l.Type, City: l.City, State: l.State, Country: CountryCode(strings.ToUpper(l.Country)),
		})
	}
	for _, phone := range p.Profile.Phones {
		c.Profile.Phones = append(c.Profile.Phones, Phone{Number: phone.Number, Type: PhoneType(phone.Type)})
	}
	for _, s := range p.History.Sources {
		c.Sources = append(c.Sources, RelationshipSource{Type: s.Type, Time: instant(s.Time)})
	}
	return c
}

// Time depends on the machine; allocations and connections do not.
func TestDecodeAllocations(t *testing.T) { //nolint:paralleltest // counts what the whole process does
	const n = 1_000
	body := payload.Contacts(n)
	perContact := testing.AllocsPerRun(5, func() { decodeList(body, n) }) / n
	assert.Less(t, perContact, 1.1)
}

// decodeMembers decodes a document by visit, which gets the reader and the name of each
// member and reports whether the loop goes on.
func decodeMembers(t *testing.T, document string, visit func(r *reader, name string) (more bool)) Extra {
	t.Helper()
	var extra Extra
	require.NoError(t, decodeBody([]byte(document), func(r *reader) {
		for name := range r.members(&extra) {
			if !visit(r, string(name)) {
				break
			}
		}
		require.Nil(t, r.extra, "Extra is that of an object that has ended")
	}))
	return extra
}

// What the body of the loop leaves unread is saved in Extra, also after a break, and the
// document is read to its end: decodeBody fails otherwise.
func TestMembers(t *testing.T) {
	t.Parallel()
	const document = ` {"a": 1 ,"b":[2,{"x":3}] , "c":{"y":"z"},"d":null,"\u0065":"f"} `
	all := Extra{"a": raw(`1`), "b": raw(`[2,{"x":3}]`), "c": raw(`{"y":"z"}`), "d": raw(`null`), "e": raw(`"f"`)}
	without := func(names ...string) Extra {
		rest := maps.Clone(all)
		for _, name := range names {
			delete(rest, name)
		}
		return rest
	}
	skip := func(r *reader, _ string) bool { r.skip(); return true }
	tests := []struct {
		name  string
		visit func(r *reader, name string) bool
		want  Extra
	}{
		{"all read", skip, nil},
		{"none read", func(*reader, string) bool { return true }, all},
		{"one unread", func(r *reader, name string) bool { return name == "c" || skip(r, name) }, without("a", "b", "d", "e")},
		{"break before the first value", func(*reader, string) bool { return false }, all},
		{"break after the first value", func(r *reader, _ string) bool { r.skip(); return false }, without("a")},
		{"break before an array", func(r *reader, name string) bool { return name != "b" && skip(r, name) }, without("a")},
		{"break after an object", func(r *reader, name string) bool { r.skip(); return name != "c" }, without("a", "b", "c")},
		{"break at the last", func(r *reader, name string) bool { r.skip(); return name != "e" }, nil},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, decodeMembers(t, document, test.visit), test.name)
	}
}

// A value that is not an object is saved in the Extra around it; null has no members.
func TestMembersOfNoObject(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]Extra{`null`: nil, `{}`: nil, `"x"`: {"a": raw(`"x"`)}, `[{"b":1}]`: {"a": raw(`[{"b":1}]`)}, `7`: {"a": raw(`7`)}} {
		got := decodeMembers(t, `{"a":`+value+`}`, func(r *reader, _ string) bool {
			for range r.members(nil) {
				t.Error("there are no members")
			}
			return true
		})
		assert.Equal(t, want, got, value)
	}
}

// After an inner object, whether or not it has an Extra, whether or not its loop was
// left, unread values are saved in the Extra of the outer one again.
func TestMembersNested(t *testing.T) {
	t.Parallel()
	const document = `{"in":{"a":1,"deep":{"b":2,"c":3},"d":4},"after":5,"last":{"e":6}}`
	for _, test := range []struct {
		name         string
		own          bool // the inner object has an Extra
		leave        bool // the loop over the inner object
		inner, outer Extra
	}{
		{"own", true, false, Extra{"a": raw(`1`), "deep/b": raw(`2`), "deep/c": raw(`3`), "d": raw(`4`)}, Extra{"after": raw(`5`), "last/e": raw(`6`)}},
		{"own, left", true, true, Extra{"a": raw(`1`), "deep": raw(`{"b":2,"c":3}`), "d": raw(`4`)}, Extra{"after": raw(`5`), "last/e": raw(`6`)}},
		{
			"none", false, false, nil,
			Extra{"in/a": raw(`1`), "in/deep/b": raw(`2`), "in/deep/c": raw(`3`), "in/d": raw(`4`), "after": raw(`5`), "last/e": raw(`6`)},
		},
		{"none, left", false, true, nil, Extra{"in/a": raw(`1`), "in/deep": raw(`{"b":2,"c":3}`), "in/d": raw(`4`), "after": raw(`5`), "last/e": raw(`6`)}},
	} {
		var inner Extra
		extra := &inner
		if !test.own {
			extra = nil
		}
		outer := decodeMembers(t, document, func(r *reader, name string) bool {
			switch name {
			case "in":
				for name := range r.members(extra) {
					if test.leave {
						break
					}
					if string(name) == "deep" {
						for range r.members(nil) {
							continue
						}
					}
				}
			case "last":
				for range r.members(nil) {
					continue
				}
			}
			return true
		})
		assert.Equal(t, test.inner, inner, test.name)
		assert.Equal(t, test.outer, outer, test.name)
	}
}

func TestElements(t *testing.T) {
	t.Parallel()
	all := Extra{"a/0": raw(`1`), "a/1": raw(`[2]`), "a/2": raw(`{"b":3}`), "a/3": raw(`null`), "z": raw(`0`)}
	tests := []struct {
		name    string
		read    func(index int) bool
		leave   int // index at which the loop is left, before the element is read
		visited int
		want    []string // in Extra
	}{
		{"all read", func(int) bool { return true }, -1, 4, []string{"z"}},
		{"none read", func(int) bool { return false }, -1, 4, []string{"a/0", "a/1", "a/2", "a/3", "z"}},
		{"some read", func(index int) bool { return index != 1 }, -1, 4, []string{"a/1", "z"}},
		{"left at once", func(int) bool { return true }, 0, 1, []string{"a/0", "a/1", "a/2", "a/3", "z"}},
		{"left later", func(int) bool { return true }, 2, 3, []string{"a/2", "a/3", "z"}},
	}
	for _, test := range tests {
		visited := 0
		got := decodeMembers(t, `{"a":[ 1 ,[2],{"b":3},null ],"z":0}`, func(r *reader, name string) bool {
			if name != "a" {
				return true
			}
			for index := range r.elements() {
				visited++
				if index == test.leave {
					break
				}
				if test.read(index) {
					r.skip()
				}
			}
			return true
		})
		want := Extra{}
		for _, key := range test.want {
			want[key] = all[key]
		}
		assert.Equal(t, want, got, test.name)
		assert.Equal(t, test.visited, visited, test.name)
	}
	for value, want := range map[string]Extra{`null`: nil, `[]`: nil, `{"b":1}`: {"a": raw(`{"b":1}`)}, `"x"`: {"a": raw(`"x"`)}} {
		got := decodeMembers(t, `{"a":`+value+`}`, func(r *reader, _ string) bool {
			for range r.elements() {
				t.Error("there are no elements")
			}
			return true
		})
		assert.Equal(t, want, got, value)
	}
}

func TestReadObjects(t *testing.T) {
	t.Parallel()
	known := []Phone{{Number: "known", Type: PhoneHome}}
	tests := []struct {
		name, value string
		leave       int // number of phones after which the loop is left
		want        []Phone
		extra       Extra
	}{
		{"replaces the list", `[{"number":"+1"},{"number":"+2","type":"home"}]`, 0, []Phone{{Number: "+1", Type: PhoneOther}, {Number: "+2", Type: PhoneHome}}, nil},
		{"empty", `[]`, 0, nil, nil},
		{"null", `null`, 0, known, nil},
		{"not an array", `{"number":"+1"}`, 0, known, Extra{"phones": raw(`{"number":"+1"}`)}},
		{
			"other elements", `[7,{"number":"+1","x":1},null,"+2",{}]`, 0,
			[]Phone{{Number: "+1", Type: PhoneOther}, {Type: PhoneOther}},
			Extra{"phones/0": raw(`7`), "phones/1/x": raw(`1`), "phones/3": raw(`"+2"`)},
		},
		{
			"left", `[{"number":"+1"},{"number":"+2"},{"number":"+3","x":[1]}]`, 1,
			[]Phone{{Number: "+1", Type: PhoneOther}},
			Extra{"phones/1": raw(`{"number":"+2"}`), "phones/2": raw(`{"number":"+3","x":[1]}`)},
		},
	}
	for _, test := range tests {
		phones := slices.Clone(known)
		got := decodeMembers(t, `{"phones":`+test.value+`,"after":1}`, func(r *reader, name string) bool {
			if name == "after" {
				r.skip()
				return true
			}
			read := 0
			for p := range readObjects(r, &phones, &r.shared.contactLists().phones, Phone{Type: PhoneOther}) {
				for name := range r.members(nil) {
					switch string(name) {
					case "number":
						readString(r, &p.Number)
					case "type":
						readEnum(r, &p.Type, parsePhoneType)
					}
				}
				if read++; read == test.leave {
					break
				}
			}
			return true
		})
		assert.Equal(t, test.want, phones, test.name)
		assert.Equal(t, test.extra, got, test.name)
	}
}

// The name of a member that is left unread is its key in Extra also if its value was looked
// at, for which more of the body had to come.
func TestUnreadAfterALook(t *testing.T) {
	t.Parallel()
	document := `{"profile":"abcdefghijklm","a\u0062":` + strings.Repeat(" ", 100) + `[1],"c/d":{"e":2}}`
	want := Extra{"profile": raw(`"abcdefghijklm"`), "ab": raw(`[1]`), "c~1d": raw(`{"e":2}`)}
	for n := 1; n < 20; n++ {
		var extra Extra
		require.NoError(t, arriving([]byte(document), n, "").decodeStream(func(r *reader) {
			for range r.members(&extra) {
				r.kind()
			}
		}))
		require.Equal(t, want, extra, n)
	}
}

// A loop over a malformed document ends, and the error is that of the document.
func TestMembersOfMalformedJSON(t *testing.T) {
	t.Parallel()
	for _, document := range []string{`{`, `{"a"`, `{"a":`, `{"a":[1,`, `{"a":1,}`, `{"a":1]`, `{"a":1 "b"`, `{1:2}`, `{"a":1,"a":2}`} {
		for _, leave := range []bool{false, true} {
			var extra Extra
			loops := 0
			err := decodeBody([]byte(document), func(r *reader) {
				for range r.members(&extra) {
					for range r.elements() {
						loops++
					}
					if leave {
						break
					}
				}
			})
			require.ErrorIs(t, err, ErrDecode, document)
			require.Less(t, loops, 5, document)
		}
	}
}

func TestElementLimit(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]error{maxElements: nil, maxElements + 1: decodeError("a list has over 10000 elements")} {
		read := 0
		err := decodeBody([]byte(`{"a":[`+strings.Repeat("7,", n-1)+`7]}`), func(r *reader) {
			for range r.members(new(Extra)) {
				for range r.elements() {
					r.skip()
					read++
				}
			}
		})
		assert.Equal(t, want, err)
		assert.Equal(t, maxElements, read)
	}
}

// An entry of over 1 MiB is skipped; the same outside of an entry is read.
func TestEntryBytes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value string
		err   error
	}{
		"a text, just short enough": {`"` + strings.Repeat("x", maxEntryBytes-8) + `"`, nil},
		"a text":                    {`"` + strings.Repeat("x", maxEntryBytes) + `"`, decodeError("the entry has over 1 MiB")},
		"brackets":                  {`[` + strings.Repeat("[],", maxEntryBytes/3) + `[]]`, decodeError("the entry has over 1 MiB")},
		"white space":               {strings.Repeat(" ", maxEntryBytes) + `7`, decodeError("the entry has over 1 MiB")},
		"parts":                     {`"a","b":"` + strings.Repeat("x", maxEntryBytes/2) + `","c":"` + strings.Repeat("y", maxEntryBytes/2) + `"`, decodeError("the entry has over 1 MiB")},
	} {
		var extra Extra
		entry := `{"x":` + test.value + `}`
		r := newBodyReader([]byte(`[` + entry + `,{}]`))
		var errs []error
		for range r.entries("") {
			received, err := r.entry(func() {
				for range r.members(&extra) {
					continue
				}
			})
			errs = append(errs, err)
			if len(errs) == 1 {
				assert.Len(t, received, len(entry), name)
			}
		}
		r.end()
		require.NoError(t, r.err, name)
		assert.Equal(t, []error{test.err, nil}, errs, name)

		outside := newBodyReader([]byte(`{"x":` + test.value + `}`))
		for range outside.members(&extra) {
			continue
		}
		require.NoError(t, outside.err, name)
	}
}

func TestNestingDepth(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int{
		`7`: 0, `"[[["`: 0, `"\"[["`: 0, `"\\"`: 0, `[]`: 1, `{}`: 1, `[[],[]]`: 2, `{"a":[{}]}`: 3, `{"[{":["}]\\\"[[["]}`: 2, `[[[]],[[[]]],[]]`: 4,
	} {
		assert.Equal(t, want, nestingDepth([]byte(value)), value)
	}
}

// An entry of over 1 MiB fails where its limit is, also in what is skipped.
func TestSkippedEntryBytes(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"a text":   `"` + strings.Repeat("x", maxEntryBytes) + `"`,
		"brackets": `[` + strings.Repeat("[],", maxEntryBytes/3) + `[]]`,
		"numbers":  `[` + strings.Repeat("7,", maxEntryBytes/2) + `7]`,
		"members":  `{` + strings.Repeat(`"a":"b",`, maxEntryBytes/8) + `"c":1}`,
	} {
		r := newBodyReader([]byte(`[{"x":` + value + `},{"y":1}]`))
		var errs []error
		var ends []int64
		for range r.entries("") {
			start := r.dec.InputOffset()
			_, err := r.entry(func() {
				for range r.members(new(Extra)) {
					r.skip()
				}
				ends = append(ends, r.dec.InputOffset()-start)
			})
			errs = append(errs, err)
		}
		r.end()
		require.NoError(t, r.err, name)
		assert.Equal(t, []error{decodeError("the entry has over 1 MiB"), nil}, errs, name)
		assert.InDelta(t, maxEntryBytes, ends[0], 20, name)
	}
}

func FuzzDecoder(f *testing.F) { fuzzTargets(f)["Decoder"].Fuzz(f) }
