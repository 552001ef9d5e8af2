package skypecontacts

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStrictness(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	entry := func(member string) string {
		return `{"contacts":[{"mri":"8:joe.4",` + member + `},{"mri":"8:anna.7"}]}`
	}
	tests := []struct {
		name, body string
		skipped    int // -1: the whole response is rejected
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

// A number that the field cannot hold is not rounded; it is saved in Extra.
func TestReadNumber(t *testing.T) {
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

// The list of the benchmarks decodes to the same as encoding/json decodes it into
// plain structs, converted by the rules of the model.
func TestDecodeAgainstPlainStructs(t *testing.T) {
	t.Parallel()
	const n = 2_000
	body := generatedList(n)
	var plain plainList
	require.NoError(t, json.Unmarshal(body, &plain))
	want := ContactList{Count: n, Scope: "full"}
	for i := range plain.Contacts {
		want.Contacts = append(want.Contacts, plain.Contacts[i].contact(t))
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

func (p *plainContact) contact(t *testing.T) Contact {
	t.Helper()
	instant := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		return at.UTC()
	}
	born, err := time.Parse(time.DateOnly, p.Profile.Birthday)
	require.NoError(t, err)
	c := Contact{
		MRI: MRI(p.MRI), PersonID: p.PersonID, DisplayName: p.DisplayName, DisplayNameSource: p.DisplayNameSource,
		Authorized: p.Authorized, Blocked: p.Blocked, Explicit: p.Explicit, CreatedAt: instant(p.CreationTime),
		Profile: Profile{
			Name:   Name{First: p.Profile.Name.First, Last: p.Profile.Name.Surname},
			Gender: Gender(p.Profile.Gender), Birthday: Date{born.Year(), born.Month(), born.Day()},
			Language: LanguageCode(strings.ToLower(p.Profile.Language)), Mood: ParseMood(p.Profile.Mood),
			About: p.Profile.About, Homepage: p.Profile.Website, AvatarURL: p.Profile.AvatarURL,
		},
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
	body := generatedList(n)
	perContact := testing.AllocsPerRun(5, func() { decodeList(body, n) }) / n
	assert.Less(t, perContact, 7.)
}
