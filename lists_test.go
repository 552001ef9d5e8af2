package skypecontacts

import (
	"encoding/json"
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
