package skypecontacts

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLowerASCII(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":               "",
		"joe.4":          "joe.4",
		"8:Live:JOE.4":   "8:live:joe.4",
		"AZ[@`":          "az[@`",
		"\u212Aate":      "\u212Aate",      // the Kelvin sign is not a k
		"je\u017F\u017F": "je\u017F\u017F", // the long s is not an s
		"\u0130STANBUL":  "\u0130stanbul",
		"\u00C9va":       "\u00C9va",
		"\uFF2Aoe":       "\uFF2Aoe",
		"\xFFJoe":        "\xFFjoe",
	} {
		assert.Equal(t, want, lowerASCII(text), text)
		assert.True(t, isInLowerCase([]byte(text), want), text)
		assert.False(t, isInLowerCase([]byte(text), want+"x"), text)
		assert.False(t, isInLowerCase([]byte(text+"\u212A"), want+"k"), text)
		assert.False(t, isInLowerCase([]byte(text+"\u212A"), want+"abc"), "as long")
	}
	text := "Joe"
	lowerASCII(text)
	assert.Equal(t, "Joe", text)
}

// twins are pairs of identifiers that are one under Unicode case folding, but not to the
// service.
var twins = map[MRI]MRI{
	"8:kate":     "8:\u212Aate",      // the Kelvin sign
	"8:jess":     "8:je\u017F\u017F", // the long s
	"8:istvan":   "8:\u0130stvan",    // the dotted capital i
	"8:\u00E5sa": "8:\u212Bsa",       // the Angstrom sign
	"8:\u00E9va": "8:\u00C9va",       // a capital beyond ASCII
	"28:k":       "28:\u212A",
}

// Two accounts whose names differ in a letter beyond ASCII stay two in every list, delta
// and look-up.
func TestAccountsBeyondASCII(t *testing.T) {
	t.Parallel()
	for id, other := range twins {
		t.Run(string(id), func(t *testing.T) {
			t.Parallel()
			both := contactsPage(string(id), string(other))
			client := func(body string) *Client { return newTestClient(t, newWire(reply(200, body))) }
			assert.False(t, id.Equal(other))
			assert.Equal(t, collected{IDs: []MRI{id, other}}, collect(client(both).AllContacts(t.Context())))
			assert.Equal(t, collected{IDs: []MRI{id, other}}, collect(ReadContacts(strings.NewReader(both))))
			roster, err := client(both).GetRoster(t.Context())
			require.NoError(t, err)
			assert.Equal(t, []Contact{{MRI: id}, {MRI: other}}, roster.Contacts)

			known := &Roster{Contacts: []Contact{{MRI: id}}, Blocked: []BlockedUser{{MRI: id}}, ETag: `"1"`}
			delta := `{"scope":"delta","contacts":[{"mri":"` + string(other) + `","deleted":true}],"blocklist":[{"mri":"` + string(other) + `","deleted":true}]}`
			roster, err = client(delta).RefreshRoster(t.Context(), known)
			require.NoError(t, err)
			assert.Equal(t, known.Contacts, roster.Contacts)
			assert.Equal(t, known.Blocked, roster.Blocked)
			assert.Equal(t, RosterChanges{Added: []Contact{{MRI: other}}, Removed: []Contact{{MRI: id}}},
				(&Roster{Contacts: []Contact{{MRI: other}}}).Changes(known))
			if id.Kind() != KindSkype {
				return
			}
			_, err = client(`{"username":"`+other.ID()+`"}`).GetProfile(t.Context(), id)
			assert.ErrorIs(t, err, ErrDecode, "a profile of another account")
			c := client("[" + found(id.ID()) + "]")
			list, err := c.GetPublicProfiles(t.Context(), id, other)
			require.NoError(t, err)
			assert.Equal(t, &ProfileList{Profiles: []Profile{{MRI: id, Name: Name{First: id.ID()}}}, Missing: []MRI{other}}, list)
			assert.Equal(t, []looked{{MRI: id, Name: id.ID()}, {MRI: other, Err: ErrNotFound}},
				lookedUp(t, c.LookupProfiles(t.Context(), []MRI{id, other}, LookupOptions{}), ErrNotFound))
		})
	}
}

// Groups and words of the service are folded in the same way.
func TestWordsBeyondASCII(t *testing.T) {
	t.Parallel()
	known := &Roster{Contacts: []Contact{{MRI: "8:joe.4"}}, Groups: []Group{{ID: "K", Name: "Kin"}}, ETag: `"1"`}
	refresh := func(body string) (*Roster, error) {
		return newTestClient(t, newWire(reply(200, body))).RefreshRoster(t.Context(), known)
	}
	for id, want := range map[string][]Group{"k": nil, "K": nil, "\u212A": known.Groups} {
		got, err := refresh(`{"scope":"delta","groups":[{"id":"` + id + `","deleted":true}]}`)
		require.NoError(t, err, id)
		assert.Equal(t, want, append([]Group(nil), got.Groups...), id)
	}
	_, err := newTestClient(t, newWire(reply(200, `{"username":"joe.4"}`))).GetProfile(t.Context(), "\u017Felf")
	assert.ErrorIs(t, err, ErrDecode, "the long s is not that of self")
	_, ok := parseRegistrationToken("regi\u017FtrationToken=x")
	assert.False(t, ok)
	assert.Equal(t, PhoneType("wor\u212A"), parsePhoneType("wor\u212A"))
	assert.False(t, isLoopback(&url.URL{Host: "localho\u017Ft"}))
}

func TestLetterPairs(t *testing.T) {
	t.Parallel()
	for _, first := range "abzABZ" {
		for _, second := range "abzABZ" {
			pair := string([]rune{first, second})
			assert.True(t, isLetterPair(pair))
			assert.Equal(t, strings.ToUpper(pair), upperPairs.find(pair))
			assert.Equal(t, strings.ToLower(pair), lowerPairs.find(pair))
		}
	}
	for _, other := range []string{"", "a", "abc", "a1", "[a", "{a", "@a", "`a", "é", "a\x00"} {
		assert.False(t, isLetterPair(other), other)
	}
}
