package skypecontacts

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// listCase is a response to ListContacts.
type listCase struct {
	name, body string
	skipped    int // -1: the whole response is rejected
}

// checkLists checks that each response is rejected, or skips only as many entries.
func checkLists(t *testing.T, tests []listCase) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			list, err := newTestClient(t, newWire(reply(200, test.body))).ListContacts(t.Context())
			if test.skipped < 0 {
				require.Error(t, err)
				require.Nil(t, list)
				return
			}
			require.NoError(t, err)
			require.Len(t, list.Skipped, test.skipped)
			for _, s := range list.Skipped {
				assert.ErrorIs(t, s.Err, ErrDecode)
				assert.True(t, json.Valid(s.Raw), "the entry is saved as received")
			}
			for _, c := range list.Contacts {
				assert.NotEqual(t, MRI("8:mallory.1"), c.MRI)
				assert.False(t, c.Blocked)
				assert.NotContains(t, c.DisplayName, "\xff")
			}
			if len(list.Contacts) > 0 {
				assert.Equal(t, MRI("8:anna.7"), list.Contacts[len(list.Contacts)-1].MRI, "the next entry is not affected")
			}
		})
	}
}

func TestListShapes(t *testing.T) {
	t.Parallel()
	checkLists(t, []listCase{
		{"list is an object", `{"contacts":{}}`, -1},
		{"list is text", `{"contacts":"none"}`, -1},
		{"top is a list", `[{"mri":"8:joe.4"}]`, -1},
		{"status without code", `{"contacts":[],"status":{"text":"no"}}`, -1},
		{"status that is not an object", `{"contacts":[],"status":"fine"}`, -1},
		{"status without members", `{"contacts":[],"status":{}}`, -1},
		{"null", `null`, -1},
		{"contacts is null", `{"contacts":null}`, 0},
		{"an error code", `{"contacts":[],"errorCode":803}`, -1},
		{"an error code of 0", `{"contacts":[],"errorCode":0}`, 0},
		{"status of a success", `{"contacts":[],"status":{"code":20000,"text":"OK"}}`, 0},
		{"an entry that is not an object", `{"contacts":[17,"joe.4",null,[],{"mri":"8:anna.7"}]}`, 4},
	})
}

// A break in the body of the loop over a document saves the rest in Extra, and a
// failure that the response reports later is still found.
func TestDocumentBreak(t *testing.T) {
	t.Parallel()
	var extra Extra
	err := decodeBody([]byte(`{"a":1,"b":{"c":[2]},"status":{"code":40411,"text":"no"},"d":3}`), func(r *reader) {
		for range r.document(&extra) {
			break
		}
	})
	require.Equal(t, reportedFailure{code: 40411, message: "no"}, err)
	require.Equal(t, Extra{"a": raw(`1`), "b": raw(`{"c":[2]}`), "d": raw(`3`)}, extra)
}

func TestEntryLimit(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]error{maxEntries: nil, maxEntries + 1: ErrTooLarge} {
		var skipped []SkippedItem
		var entries []struct{}
		err := decodeBody([]byte("["+strings.Repeat("{},", n-1)+"{}]"), func(r *reader) {
			entries = readEntries(r, "the list", &skipped, func(r *reader, _ *struct{}) { r.skip() })
		})
		require.ErrorIs(t, err, want)
		require.Len(t, entries, maxEntries)
		require.Empty(t, skipped)
	}
}

// An entry under a key that cannot be decoded ends only itself, wherever that is.
func TestKeyedEntries(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]struct {
		got     []string
		skipped string // the raw form of the one that fails
	}{
		`null`: {}, `{}`: {}, `{"a":1}`: {[]string{"a=1"}, ""}, `{ "a" : 1 , "b" : [2] }`: {[]string{"a=1", "b=[2]"}, ""},
		`{"a":1,"a":2,"":null}`: {[]string{"a=1", "a=2", "=null"}, ""}, `{"\u0061":{"x":{"y":1}}}`: {[]string{`a={"x":{"y":1}}`}, ""},
		`{"a":1,"fail":{"x":{"y":1}},"b":2}`: {[]string{"a=1", "b=2"}, `{"fail":{"x":{"y":1}}}`}, `{"fail":7,"b":2}`: {[]string{"b=2"}, `{"fail":7}`},
		`{"fail":[[{"y":{}}]]}`: {nil, `{"fail":[[{"y":{}}]]}`}, `{"inside":{"x":{"y":[1,2]},"z":3},"b":2}`: {[]string{"b=2"}, `{"inside":{"x":{"y":[1,2]},"z":3}}`},
	} {
		var skipped []SkippedItem
		var got []string
		err := decodeBody([]byte(list), func(r *reader) {
			got = readKeyedEntries(r, "list", &skipped, func(r *reader, key string, entry *string) {
				switch key {
				case "inside": // in the middle of the value
					for range r.members(new(Extra)) {
						r.fail(errNoIdentifier)
					}
				case "fail": // with the value unread
					r.fail(errNoIdentifier)
				default:
					*entry = key + "=" + string(r.value())
				}
			})
		})
		require.NoError(t, err, list)
		require.Equal(t, want.got, append([]string(nil), got...), list)
		raw := ""
		for _, item := range skipped {
			raw += string(item.Raw)
		}
		require.Equal(t, want.skipped, raw, list)
	}
	for _, list := range []string{`[]`, `7`, `"a"`, `true`, `{"a":1`, `{"a"`, `{"a":1]`} {
		require.ErrorIs(t, decodeBody([]byte(list), func(r *reader) {
			readKeyedEntries(r, "list", new([]SkippedItem), func(r *reader, _ string, _ *string) { r.skip() })
		}), ErrDecode, list)
	}
}

// What a document reports, by the members that the loop over it reads.
func TestDocument(t *testing.T) {
	t.Parallel()
	const notObject = decodeError("the response is not an object")
	for body, want := range map[string]error{
		`{}`: nil, `{"known":7}`: nil, `{"count":7}`: nil, `{"scope":null}`: nil, `{"known":7,"other":1,"message":null}`: nil,
		`{"known":7,"status":{"code":200}}`: nil, `{"known":7,"message":"hello","errorCode":0}`: nil,
		`{"other":7}`: errNoKnownMember, `{"Known":7}`: errNoKnownMember, `{"message":null}`: errNoKnownMember,
		`{"status":"ok"}`: errNoKnownMember, `{"status":"ok","other":1}`: errNoKnownMember,
		`{"known":7,"message":"no"}`:    reportedFailure{0, "no"},
		`{"error":[1],"known":7}`:       reportedFailure{0, "[1]"},
		`{"other":1,"errorCode":40300}`: reportedFailure{40300, "40300"},
		`null`:                          errNullDocument,
		`[]`:                            notObject, `7`: notObject, `"known"`: notObject, `true`: notObject,
		`{"known":7,"known":8}`: decodeError("a member appears twice"),
	} {
		err := decodeBody([]byte(body), func(r *reader) {
			for name := range r.document(new(Extra)) {
				if string(name) == "known" {
					r.skip()
				}
			}
		})
		assert.Equal(t, want, err, body)
	}
}

func TestCheckWriteResponse(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		`{}`: nil, `null`: nil, `[]`: nil, `true`: nil, `"OK"`: nil, `""`: nil, `0`: nil, `200`: nil, `{"id":7}`: nil, `{"id":7,"message":null}`: nil, `{"status":200}`: nil,
		`{"errorCode":0,"message":null}`: nil, `{"status":"ok"}`: nil, `{"contacts":{"message":"no"}}`: nil,
		`7`: reportedFailure{7, "7"}, `false`: reportedFailure{0, "false"}, `"Access denied"`: reportedFailure{0, "Access denied"},
		`["Access denied"]`: reportedFailure{0, `["Access denied"]`}, `[{"error":"x"}]`: reportedFailure{0, `[{"error":"x"}]`},
		`{"message":null}`: errNoKnownMember, `{"status":null,"error":""}`: errNoKnownMember,
		`{"id":7,"message":"no"}`:   reportedFailure{0, "no"},
		`{"id":7,"error":[true]}`:   reportedFailure{0, "[true]"},
		`{"Status":{"code":40411}}`: reportedFailure{40411, `{"code":40411}`},
	} {
		assert.Equal(t, want, decodeBody([]byte(body), checkWriteResponse), body)
	}
	assert.ErrorIs(t, decodeBody([]byte(`{"id":`), checkWriteResponse), ErrDecode)
	assert.ErrorIs(t, decodeBody([]byte(`{"id":7} {}`), checkWriteResponse), ErrDecode)
}

// The memory of a list is limited by that of its body: a list of ordinary contacts up
// to the limit of entries can be read.
func TestLongLists(t *testing.T) {
	t.Parallel()
	const n = 30_000
	body := `{"contacts":[` + strings.Repeat(`{"mri":"8:joe.4"},`, n-1) + `{"mri":"8:anna.7"}]}`
	c := newTestClient(t, newWire(reply(200, body)))
	list, err := c.ListContacts(t.Context())
	require.NoError(t, err)
	assert.Len(t, list.Contacts, n)
	roster, err := c.GetRoster(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []Contact{{MRI: "8:joe.4"}, {MRI: "8:anna.7"}}, roster.Contacts)

	list, err = newTestClient(t, newWire(reply(200, body)), WithMaxBody(int64(len(body)))).ListContacts(t.Context())
	require.ErrorIs(t, err, ErrTooLarge, "each contact has 32 times the memory of its entry")
	assert.Nil(t, list)
}

// No body allocates more than 30 times its limit, garbage included, and none costs out of
// proportion to its length. GetRoster decodes a repeated entry twice.
//
//nolint:paralleltest // it measures the heap of the process
func TestResponseMemory(t *testing.T) {
	const length = 1 << 20
	filled := func(before, element, after string) string {
		return before + strings.Repeat(element+",", (length-len(before)-len(after))/(len(element)+1)-1) + element + after
	}
	ordinary := func() {}
	for i, body := range []string{
		filled(`{"contacts":[`, `{"mri":"8:joe.4","display_name":"Joe Bloggs","profile":{"name":{"first":"Joe"},"mood":"Happy"}}`, `]}`),
		filled(`{"contacts":[{"mri":"8:a","profile":{"locations":[`, `[]`, `]}}]}`),
		filled(`{"contacts":[{"mri":"8:a","profile":{"locations":[`, `{}`, `]}}]}`),
		filled(`{"contacts":[{"mri":"8:a","email_hashes":[`, `"\u0041"`, `]}]}`),
		filled(`{"contacts":[`, `{"mri":"8:a","profile":{"phones":[7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7]}}`, `]}`),
		filled(`{"contacts":[`, `{"mri":"8:a","x":1,"y":2,"z":3}`, `]}`),
		filled(`{"contacts":[`, `7`, `]}`),
		filled(`{"contacts":[`, `{}`, `]}`),
		filled(`{"groups":[{"id":"1","contacts":[`, `"a"`, `]}],"contacts":[]}`),
		filled(`{"x":[`, `{}`, `],"contacts":[]}`),
		filled(`{"error":[`, `{}`, `],"contacts":[]}`),
	} {
		for name, call := range map[string]func(*Client) error{
			"ListContacts": func(c *Client) error { _, err := c.ListContacts(context.Background()); return err },
			"GetRoster":    func(c *Client) error { _, err := c.GetRoster(context.Background()); return err },
		} {
			c := newTestClient(t, newWire(reply(200, body)), WithMaxBody(length))
			before := allocatedBytes()
			f := func() { _ = call(c) } // several are too large
			f()
			limit := map[string]float64{"ListContacts": 30, "GetRoster": 45}[name]
			assert.Less(t, float64(allocatedBytes()-before)/length, limit, "%s %d", name, i)
			if i == 0 {
				ordinary = f
			}
			assertCost(t, 20, ordinary, f, name, i)
		}
	}
}

// The size that a server names takes no memory before a part of the body has come, and later
// no more than short entries would, up to the limits of the body and of a list.
func TestNamedSize(t *testing.T) {
	t.Parallel()
	for _, named := range []int64{1e10, 1e15, math.MaxInt64} {
		for _, limit := range []int64{16 << 20, math.MaxInt64} {
			for entries, most := range map[int]int64{10: 20, 90_000: min(maxEntries+1000, limit/256)} {
				body := []byte(`{"contacts":[` + strings.TrimSuffix(strings.Repeat(`{"mri":"8:anna"},`, entries), ",") + `]}`)
				for name, listed := range map[string]func(*response) (length, room int, err error){
					"list": func(resp *response) (int, int, error) {
						var list ContactList
						err := resp.decodeDocument(true, func(r *reader) { readContactList(readContact)(r, &list) })
						return len(list.Contacts), cap(list.Contacts), err
					},
					"roster": func(resp *response) (int, int, error) {
						m := rosterMerge{}
						err := m.addPage(resp)
						return 0, cap(m.contacts.items), err
					},
				} {
					resp := arriving(body, 1<<16, "")
					resp.size, resp.limit, resp.body.left = named, limit, limit
					length, room, err := listed(resp)
					require.NoError(t, err)
					if name == "list" {
						require.Equal(t, entries, length)
					}
					assert.LessOrEqual(t, int64(room), max(most, int64(length)*4/3), "%s of %d entries, named %d, limit %d", name, entries, named, limit)
				}
			}
		}
	}
}
