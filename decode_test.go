package skypecontacts

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Pages of the whole view, the last of which begins anew.
func TestPages(t *testing.T) {
	t.Parallel()
	page := func(name, next string) httpmock.Responder {
		return reply(200, fixture(t, "contacts/"+name+".json"), continuationHeader, next)
	}
	w := newWire(page("get_roster_page_1", "two"), page("get_roster_page_2", "three"), page("get_roster_page_reset", ""))
	seen := map[string]bool{}
	for contact, err := range newTestClient(t, w).AllContacts(t.Context()) {
		require.NoError(t, err)
		require.False(t, seen[contact.MRI.key()], "no contact comes twice")
		seen[contact.MRI.key()] = true
	}
	for _, name := range []string{"page_1", "page_2", "page_reset"} {
		var body struct{ Contacts []struct{ MRI MRI } }
		require.NoError(t, json.Unmarshal([]byte(fixture(t, "contacts/get_roster_"+name+".json")), &body))
		require.NotEmpty(t, body.Contacts)
		for _, c := range body.Contacts {
			assert.True(t, seen[c.MRI.key()], "%s of %s", c.MRI, name)
		}
	}
	require.Len(t, w.requests(), 3)
	assert.Contains(t, w.requests()[1], continuationHeader+": two\n")
	assert.Contains(t, w.requests()[2], continuationHeader+": three\n")
}

func TestUnknownBot(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		fixture(t, "bots/get_bot_unknown.json"), fixture(t, "bots/list_bots_null.json"), "{}",
		`{"agentDescriptions":[{"agentId":"another"}]}`,
	} {
		_, err := newTestClient(t, newWire(reply(200, body))).GetBot(t.Context(), "concierge")
		require.ErrorIs(t, err, ErrNotFound, body)
	}
	_, err := newTestClient(t, newWire(reply(200, `{"agentDescriptions":[7]}`))).GetBot(t.Context(), "concierge")
	require.ErrorIs(t, err, ErrDecode, "the entry that cannot be read may be the one")
}

func TestProfileOfAnother(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"username":"mallory.1"}`, `{"firstname":"Joe"}`, `{"username":5}`, `{}`, `[]`, `"joe.4"`} {
		p, err := newTestClient(t, newWire(reply(200, body))).GetProfile(t.Context(), "joe.4")
		require.ErrorIs(t, err, ErrDecode, body)
		require.Nil(t, p)
	}
}

func TestStrictness(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	entry := func(member string) string {
		return `{"contacts":[{"mri":"8:joe.4",` + member + `},{"mri":"8:anna.7"}]}`
	}
	tests := []struct {
		name, body string
		skipped    int // -1: the answer is refused as a whole
	}{
		{"byte order mark", "\xEF\xBB\xBF" + entry(`"a":1`), 0},
		{"two byte order marks", "\xEF\xBB\xBF\xEF\xBB\xBF" + entry(`"a":1`), -1},
		{"UTF-16", "\xFF\xFE{\x00}\x00", -1},
		{"invalid UTF-8", entry("\"display_name\":\"Jo\xff\""), 0},
		{"lone surrogate", entry(`"display_name":"\ud83d"`), 0},
		{"NUL in a name", entry(`"display_name":"\u0000"`), 0},
		{"a member twice in an entry", entry(`"mri":"8:mallory.1"`), 1},
		{"an escaped member twice in an entry", entry(`"m\u0072i":"8:mallory.1"`), 1},
		{"other case is another member", entry(`"MRI":"8:mallory.1"`), 0},
		{"Kelvin sign is another member", entry("\"bloc\u212aed\":true"), 0},
		{"a list twice", `{"contacts":[],"contacts":[{"mri":"8:joe.4"}]}`, -1},
		{"nested as deep as allowed", entry(`"a":` + deep(maxDepth-3)), 0},
		{"nested too deep", entry(`"a":` + deep(maxDepth-2)), 1},
		{"nested too deep beside the list", `{"contacts":[],"a":` + deep(maxDepth) + `}`, -1},
		{"nested far too deep", entry(`"a":` + deep(20000)), -1},
		{"trailing comma", entry(`"a":1,`), -1},
		{"two documents", `{"contacts":[]} {"contacts":[]}`, -1},
		{"list is an object", `{"contacts":{}}`, -1},
		{"list is text", `{"contacts":"none"}`, -1},
		{"top is a list", `[{"mri":"8:joe.4"}]`, -1},
		{"status without code", `{"contacts":[],"status":{"text":"no"}}`, -1},
		{"status that is no object", `{"contacts":[],"status":"fine"}`, 0},
		{"status that says nothing", `{"contacts":[],"status":{}}`, 0},
	}
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
				assert.True(t, json.Valid(s.Raw), "the entry is kept as it came")
			}
			for _, c := range list.Contacts {
				assert.NotEqual(t, MRI("8:mallory.1"), c.MRI)
				assert.False(t, c.Blocked)
				assert.NotContains(t, c.DisplayName, "\xff")
			}
			if len(list.Contacts) > 0 {
				assert.Equal(t, MRI("8:anna.7"), list.Contacts[len(list.Contacts)-1].MRI, "the neighbour is there")
			}
		})
	}
}

// A number that the field cannot hold is not rounded; it is kept as it came.
func TestNumbers(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int{
		"29": 29, `"29"`: 29, "29.0": 29, "-1": -1, "null": 0, `""`: 0, "29.5": 0, "1e300": 0, `"old"`: 0, "true": 0, `"NaN"`: 0, `"1e999"`: 0,
	} {
		body := `{"results":[{"nodeProfileData":{"skypeId":"joe.4","age":` + value + `}}]}`
		got, err := newTestClient(t, newWire(reply(200, body))).SearchDirectory(t.Context(), "joe")
		require.NoError(t, err)
		p := got.Entries[0].Profile
		assert.Equal(t, want, p.Age, value)
		if kept := string(p.Extra["age"]); want == 0 && value != "null" && value != `""` {
			assert.Equal(t, value, kept)
		} else {
			assert.Empty(t, kept, value)
		}
	}
}

func TestSkippedItem(t *testing.T) {
	t.Parallel()
	item := SkippedItem{Index: 3, Raw: raw(`{"name":"canary-person"}`), Err: errNoIdentifier}
	require.EqualError(t, item, "skypecontacts: entry 3 skipped: the entry has no identifier")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		assert.NotContains(t, fmt.Sprintf(verb+verb, item, []SkippedItem{item}), "canary", verb)
	}
	assert.Equal(t, item.Error(), item.LogValue().String())
	text, err := json.Marshal(item)
	require.NoError(t, err)
	require.JSONEq(t, `{"index":3,"raw":{"name":"canary-person"},"error":"the entry has no identifier"}`, string(text))
	var back SkippedItem
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, item, back)
	require.ErrorIs(t, back, ErrDecode)
	require.Error(t, json.Unmarshal([]byte(`{"index":"three"}`), &back))
}

// Accounts of different kinds may have one bare name, by which alone they are
// told apart in a batch.
func TestProfilesOfOneBareName(t *testing.T) {
	t.Parallel()
	w := newWire(reply(200, `[{"username":"joe","displayname":"Joe"}]`))
	list, err := newTestClient(t, w).GetPublicProfiles(t.Context(), "8:joe", "28:Joe", "8:JOE")
	require.NoError(t, err)
	require.Contains(t, w.requests()[0], "\n\ncontacts[]=joe")
	require.Equal(t, &ProfileList{
		Profiles: []Profile{{MRI: "8:joe", DisplayName: "Joe"}}, Missing: []MRI{"28:Joe"},
	}, list)
}

// These services also write the word null for nothing.
func TestTheWordNull(t *testing.T) {
	t.Parallel()
	p, err := newTestClient(t, newWire(reply(200, `{"username":"fred.2","language":"null","gender":"null","country":"null"}`))).GetOwnProfile(t.Context())
	require.NoError(t, err)
	require.Equal(t, &Profile{MRI: "8:fred.2"}, p)
}

// The own profile can be asked for by name, whatever the own name is.
func TestProfileOfSelf(t *testing.T) {
	t.Parallel()
	p, err := newTestClient(t, newWire(reply(200, `{"username":"fred.2"}`))).GetProfile(t.Context(), "self")
	require.NoError(t, err)
	require.Equal(t, MRI("8:fred.2"), p.MRI)
}
