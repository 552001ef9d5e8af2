package skypecontacts

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProfileOfAnotherAccount(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"username":"mallory.1"}`, `{"firstname":"Joe"}`, `{"username":5}`, `{}`, `[]`, `"joe.4"`} {
		p, err := newTestClient(t, newWire(reply(200, body))).GetProfile(t.Context(), "joe.4")
		require.ErrorIs(t, err, ErrDecode, body)
		require.Nil(t, p)
	}
}

// Accounts of different kinds may have the same bare name, which is all that a batch
// response has.
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

// GetProfile of "self" accepts any account.
func TestProfileOfSelf(t *testing.T) {
	t.Parallel()
	p, err := newTestClient(t, newWire(reply(200, `{"username":"fred.2"}`))).GetProfile(t.Context(), "self")
	require.NoError(t, err)
	require.Equal(t, MRI("8:fred.2"), p.MRI)
}

// lookUpPeople asks the people service, which responds with the body.
func lookUpPeople(t *testing.T, body string, ids ...MRI) (*ProfileList, error) {
	t.Helper()
	return newTestClient(t, newWire(reply(200, body)), WithDialect(DialectCurrent)).GetPublicProfiles(t.Context(), ids...)
}

func skippedPerson(index int, entry, reason string) SkippedItem {
	return SkippedItem{List: "profiles", Index: index, Raw: raw("{" + entry + "}"), Err: decodeError(reason)}
}

// Profiles and Missing are in the order of the arguments, whatever the order and the
// letters of the response are.
func TestPeopleOrder(t *testing.T) {
	t.Parallel()
	list, err := lookUpPeople(t, `{"profiles":{"8:LIVE:.cid.1F":{"profile":{}},"8:anna.7":null,"28:joe.4":{"profile":{}},"8:joe.4":{"profile":{}}}}`,
		"Joe.4", "4:+442079460999", "28:JOE.4", "live:.cid.1f", "anna.7", "8:joe.4")
	require.NoError(t, err)
	require.Equal(t, &ProfileList{
		Profiles: []Profile{{MRI: "8:Joe.4"}, {MRI: "8:live:.cid.1f"}},
		Missing:  []MRI{"4:+442079460999", "28:JOE.4", "8:anna.7"},
		Skipped:  []SkippedItem{skippedPerson(2, `"28:joe.4":{"profile":{}}`, "an account that was not asked for")},
	}, list)
}

// Every entry is a profile, makes its account missing, or is skipped; and an account of
// which the response cannot be decoded is not missing.
func TestPeopleEntries(t *testing.T) {
	t.Parallel()
	joe := []Profile{{MRI: "8:joe.4", DisplayName: "Joe", Name: Name{First: "Joe"}}}
	missing := []MRI{"8:joe.4"}
	const good = `"8:joe.4":{"profile":{"displayName":"Joe"}}`
	const notAsked, twice, failed = "an account that was not asked for", "an account that is in the response already", "the service reports a failure for this account"
	for entries, want := range map[string]ProfileList{
		``:                                  {Missing: missing},
		good:                                {Profiles: joe},
		`"8:joe.4":null`:                    {Missing: missing},
		`"8:joe.4":{}`:                      {Missing: missing},
		`"8:joe.4":{"profile":null}`:        {Missing: missing},
		`"8:joe.4":{"status":{"code":404}}`: {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":{"status":{"code":404}}`, failed)}},
		`"8:joe.4":{"status":{"code":40411,"text":"no"}}`:           {Missing: missing},
		`"8:joe.4":{"status":{"code":40000}}`:                       {Missing: missing},
		`"8:joe.4":{"status":{"text":"no"}}`:                        {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":{"status":{"text":"no"}}`, failed)}},
		`"8:joe.4":{"profile":{},"error":"no"}`:                     {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":{"profile":{},"error":"no"}`, failed)}},
		`"8:joe.4":{"profile":{"displayName":"Joe"},"status":"ok"}`: {Profiles: joe},
		`"8:joe.4":{"x":1}`:                                         {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":{"x":1}`, "the entry has no profile")}},
		`"8:joe.4":{"profile":[]}`:                                  {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":{"profile":[]}`, "the entry has no profile")}},
		`"8:joe.4":[{"profile":{}}]`:                                {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":[{"profile":{}}]`, "the entry is not an object")}},
		`"8:joe.4":7`:                                               {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":7`, "the entry is not an object")}},
		`"8:joe.4":{"profile":{},"profile":{}}`:                     {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":{"profile":{},"profile":{}}`, "a member appears twice")}},
		good + `,"8:JOE.4":{"profile":{}}`:                          {Profiles: joe, Skipped: []SkippedItem{skippedPerson(1, `"8:JOE.4":{"profile":{}}`, twice)}},
		good + `,"8:joe.4":null`:                                    {Profiles: joe, Skipped: []SkippedItem{skippedPerson(1, `"8:joe.4":null`, twice)}},
		good + `,"8:joe.4":5`:                                       {Profiles: joe, Skipped: []SkippedItem{skippedPerson(1, `"8:joe.4":5`, "the entry is not an object")}},
		`"8:joe.4":null,` + good:                                    {Missing: missing, Skipped: []SkippedItem{skippedPerson(1, good, twice)}},
		`"8:joe.4":5,` + good:                                       {Skipped: []SkippedItem{skippedPerson(0, `"8:joe.4":5`, "the entry is not an object"), skippedPerson(1, good, twice)}},
		`"joe.4":{"profile":{}}`:                                    {Missing: missing, Skipped: []SkippedItem{skippedPerson(0, `"joe.4":{"profile":{}}`, notAsked)}},
		`"28:joe.4":{"profile":{}},` + good:                         {Profiles: joe, Skipped: []SkippedItem{skippedPerson(0, `"28:joe.4":{"profile":{}}`, notAsked)}},
		`"":null,"8:\u006Aoe.4":{"profile":{"displayName":"Joe"}}`:  {Profiles: joe, Skipped: []SkippedItem{skippedPerson(0, `"":null`, notAsked)}},
		`"8:jo\u017F.4":{"profile":{}}`:                             {Missing: missing, Skipped: []SkippedItem{skippedPerson(0, `"8:jo\u017F.4":{"profile":{}}`, notAsked)}},
	} {
		list, err := lookUpPeople(t, `{"profiles":{`+entries+`}}`, "joe.4")
		require.NoError(t, err, entries)
		require.Equal(t, &want, list, entries)
	}
}

// What is no list of profiles is an error, and never says that nobody exists.
func TestPeopleDocuments(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{}`:                "the response has no profiles",
		`{"profiles":null}`: "the response has no profiles",
		`{"profiles":null,"status":{"code":200}}`: "the response has no profiles",
		`{"count":0}`:                   "the response has no profiles",
		`{"profiles":[]}`:               "profiles is not an object",
		`{"profiles":"8:joe.4"}`:        "profiles is not an object",
		`[]`:                            "the response is not an object",
		`[{"username":"joe.4"}]`:        "the response is not an object",
		`null`:                          "the response is null",
		`{"x":1}`:                       "no member of the response belongs to it",
		`{"profiles":{},"profiles":{}}`: "a member appears twice",
		`{"status":{"text":"Requested username 'joe.4' not found"}}`:    "the response reports a failure",
		`{"profiles":{},"status":{"text":"required parameters"}}`:       "the response reports a failure",
		`{"profiles":{"8:joe.4":{"profile":{}}},"message":"try later"}`: "the response reports a failure",
	} {
		list, err := lookUpPeople(t, body, "joe.4")
		require.ErrorIs(t, err, ErrDecode, body)
		require.ErrorContains(t, err, want, body)
		require.Nil(t, list, body)
	}
	for _, body := range []string{`{"profiles":{}}`, `{"profiles":{},"status":{"code":200}}`} {
		list, err := lookUpPeople(t, body, "joe.4")
		require.NoError(t, err, body)
		require.Equal(t, &ProfileList{Missing: []MRI{"8:joe.4"}}, list, body)
	}
	list, err := lookUpPeople(t, `{"profiles":{},"took":{"ms":3}}`, "joe.4")
	require.NoError(t, err)
	require.Equal(t, &ProfileList{Missing: []MRI{"8:joe.4"}, Extra: Extra{"took": raw(`{"ms":3}`)}}, list)
}

// The limits of lists hold for the object of profiles, whose number of members is not
// that of an object.
func TestPeopleLimits(t *testing.T) {
	t.Parallel()
	numbered := func(n int, value string) string {
		var entries strings.Builder
		for i := range n {
			fmt.Fprintf(&entries, `"8:%d":%s,`, i, value)
		}
		return `{"profiles":{` + entries.String() + `"8:joe.4":{"profile":{}}}}`
	}
	for body, want := range map[string]error{
		numbered(maxMembers, `null`): nil, numbered(5_000, `{"profile":{"displayName":"x"}}`): nil, numbered(maxEntries-1, `0`): nil,
		numbered(maxEntries, `0`): ErrTooLarge, numbered(1_000_000, `0`): ErrTooLarge,
	} {
		list, err := lookUpPeople(t, body, "joe.4")
		require.ErrorIs(t, err, want, "%d bytes", len(body))
		if want == nil {
			require.Equal(t, []Profile{{MRI: "8:joe.4"}}, list.Profiles)
			require.Len(t, list.Skipped, strings.Count(body, ":0,")+strings.Count(body, ":null,")+strings.Count(body, `"x"`))
		}
	}
	long := strings.Repeat("k", maxEntryBytes)
	for _, entry := range []string{`"` + long + `":null`, `"` + long + `":{"profile":{}}`, `"8:x":{"` + long + `":1}`, `"8:x":"` + long + `"`} {
		list, err := lookUpPeople(t, `{"profiles":{`+entry+`,"8:joe.4":{"profile":{}}}}`, "joe.4")
		require.NoError(t, err)
		require.Equal(t, &ProfileList{
			Profiles: []Profile{{MRI: "8:joe.4"}}, Skipped: []SkippedItem{skippedPerson(0, entry, "the entry has over 1 MiB")},
		}, list)
	}
}

// No body allocates more than 30 times its limit, as for other lists.
//
//nolint:paralleltest // it measures the heap of the process
func TestPeopleMemory(t *testing.T) {
	const length = 1 << 20
	for i, entry := range []string{
		`"8:anna.7":{"profile":{"displayName":"Anna","city":"Leeds"}}`, `"8:joe.4":{"profile":{}}`, `"":0`, `"":{}`, `"8:joe.4":null`,
		`"8:a":{"x":1,"y":2,"z":3}`, `"8:a":{"profile":{"emails":["\u0041","","","","","",""]}}`, `"\u0041":[[],[],[]]`,
	} {
		body := `{"profiles":{` + strings.Repeat(entry+",", length/(len(entry)+1)-1) + entry + `}}`
		c := newTestClient(t, newWire(reply(200, body)), WithDialect(DialectCurrent), WithMaxBody(length+100))
		before := allocatedBytes()
		_, err := c.GetPublicProfiles(context.Background(), "8:joe.4", "8:anna.7")
		assert.Less(t, float64(allocatedBytes()-before)/length, 30.0, "%d %v", i, err)
	}
}
