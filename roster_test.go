package skypecontacts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// knownRoster is a roster before a refresh, with every kind of value that a refresh
// could lose.
func knownRoster() *Roster {
	return &Roster{
		Contacts: []Contact{
			{
				MRI: "8:joe.4", PersonID: "8:joe.4", DisplayName: "Joe Bloggs", DisplayNameSource: "profile",
				Authorized: true, Explicit: true, Favorite: true, AuthCertificate: "Y2VydA==",
				CreatedAt: date(2016, time.November, 14, 4, 28, 12, 670_000_000),
				Sources:   []RelationshipSource{{Type: "add_contact", Time: date(2016, time.November, 14, 4, 28, 12, 0)}},
				Profile: Profile{
					Name:      Name{First: "Joe", Last: "Bloggs", Inferred: true},
					Gender:    GenderMale,
					Birthday:  Date{Year: 1987, Month: time.January, Day: 2},
					Locations: []Location{{Type: "home", City: "London", Country: "GB"}},
					Language:  "en",
					Phones:    []Phone{{Number: "+442099887766", Type: PhoneHome}},
					Mood:      Mood{Plain: "here & there", Rich: "here &amp; there"},
					Extra:     Extra{"skype_handle": json.RawMessage(`"joe"`)},
				},
				Extra: Extra{"workloads": json.RawMessage(`null`), "gone": json.RawMessage(`false`)},
			},
			{MRI: "8:anna.7", DisplayName: "Anna Cooper", Suggested: true, Blocked: true, EmailHashes: []string{"aGFzaA=="}},
			{MRI: "28:concierge", Agent: &Agent{Capabilities: []string{"im.send"}, Trust: "trusted", Trusted: true}},
		},
		Blocked: []BlockedUser{{MRI: "8:anna.7", Extra: Extra{"since": json.RawMessage(`2016`)}}, {MRI: "8:daisy.5"}},
		Groups: []Group{
			{ID: "000C3765-A8A0", Name: "Favorites", IsFavorite: true, Contacts: []MRI{"8:joe.4", "8:anna.7"}},
			{ID: "111", Name: "Bots", Contacts: []MRI{"28:concierge"}, Extra: Extra{"color": json.RawMessage(`"red"`)}},
		},
		Scope:   "full",
		ETag:    `"one"`,
		Skipped: []SkippedItem{{List: "contacts", Index: 3, Raw: json.RawMessage(`{"display_name":"nobody"}`), Err: errNoIdentifier}},
		Extra:   Extra{"server_hint": json.RawMessage(`{"a":[1]}`)},
	}
}

// refreshRosterCase is a response to a refresh of the known roster.
type refreshRosterCase struct {
	name, response string
	want           func(*Roster) // changes the known roster to the expected one
}

// refreshRosterCases are the responses of TestRefreshRoster.
var refreshRosterCases = []refreshRosterCase{
	{"nothing", `{"scope":"delta"}`, func(*Roster) {}},
	{"null lists", `{"scope":"delta","contacts":null,"blocklist":null,"groups":null}`, func(*Roster) {}},
	{
		"new ones come last",
		`{"scope":"delta","contacts":[{"mri":"8:daisy.5"}],"blocklist":[{"mri":"8:fred.2"}],"groups":[{"id":"222","name":"New"}]}`,
		func(r *Roster) {
			r.Contacts = append(r.Contacts, Contact{MRI: "8:daisy.5"})
			r.Blocked = append(r.Blocked, BlockedUser{MRI: "8:fred.2"})
			r.Groups = append(r.Groups, Group{ID: "222", Name: "New"})
		},
	},
	{
		"deleted ones go, in any case",
		`{"scope":"DELTA","contacts":[{"mri":"8:JOE.4","deleted":true}],"blocklist":[{"mri":"8:Daisy.5","deleted":true}],` +
			`"groups":[{"id":"000c3765-a8a0","deleted":true}]}`,
		func(r *Roster) {
			r.Contacts, r.Blocked, r.Groups = r.Contacts[1:], r.Blocked[:1], r.Groups[1:]
			r.Scope = "DELTA"
		},
	},
	{
		"deleted ones that are not known", `{"scope":"delta","contacts":[{"mri":"8:ghost.1","deleted":true}]}`, func(*Roster) {},
	},
	{
		"deleted and made anew in one response",
		`{"scope":"delta","contacts":[{"mri":"8:anna.7","deleted":true},{"mri":"8:anna.7","display_name":"Anna"}]}`,
		func(r *Roster) { r.Contacts[1] = Contact{MRI: "8:anna.7", DisplayName: "Anna"} },
	},
	{
		"made anew and deleted in one response",
		`{"scope":"delta","contacts":[{"mri":"8:anna.7","display_name":"Anna"},{"mri":"8:anna.7","deleted":true}]}`,
		func(r *Roster) { r.Contacts = append(r.Contacts[:1], r.Contacts[2]) },
	},
	{
		"missing and null keep what is known, a flag not sent is false",
		`{"scope":"delta","contacts":[{"mri":"8:joe.4","authorized":true,"display_name":null,"auth_certificate":null,"creation_time":null,` +
			`"relationship_history":null,"agent":null,"profile":{"birthday":null,"gender":null,"locations":null,"phones":null,` +
			`"mood":null,"language":null,"emails":null,"name":{"first":null}}}]}`,
		func(r *Roster) { r.Contacts[0].Explicit, r.Contacts[0].Favorite = false, false },
	},
	{
		"the certificate is removed with the authorization",
		`{"scope":"delta","contacts":[{"mri":"8:joe.4","authorized":false,"explicit":true,"favorite":true}]}`,
		func(r *Roster) { r.Contacts[0].Authorized, r.Contacts[0].AuthCertificate = false, "" },
	},
	{
		"no profile at all", `{"scope":"delta","contacts":[{"mri":"8:joe.4","authorized":true,"explicit":true,"favorite":true}]}`, func(*Roster) {},
	},
	{
		"what is sent is taken over",
		`{"scope":"delta","contacts":[{"mri":"8:joe.4","authorized":true,"explicit":true,"favorite":true,"display_name":"J","gone":true,` +
			`"profile":{"name":{"first":"Joseph van Bloggs"},"mood":"","locations":[],"phones":[{"number":"+1","type":2}],"new":1}}]}`,
		func(r *Roster) {
			c := &r.Contacts[0]
			c.DisplayName, c.Extra["gone"] = "J", json.RawMessage(`true`)
			c.Profile.Name = Name{First: "Joseph van", Last: "Bloggs", Inferred: true}
			c.Profile.Mood, c.Profile.Locations = Mood{}, nil
			c.Profile.Phones = []Phone{{Number: "+1", Type: PhoneMobile}}
			c.Profile.Extra["new"] = json.RawMessage(`1`)
		},
	},
	{
		"a group without its members is empty",
		`{"scope":"delta","groups":[{"id":"111"}]}`,
		func(r *Roster) { r.Groups[1].Contacts = nil },
	},
	{
		"each broken entry is reported, unless it was before, and affects no other",
		`{"scope":"delta","contacts":[{"display_name":"nobody"},17,{"mri":"8:daisy.5"},17]}`,
		func(r *Roster) {
			r.Contacts = append(r.Contacts, Contact{MRI: "8:daisy.5"})
			for _, index := range []int{1, 3} {
				r.Skipped = append(r.Skipped, SkippedItem{
					List: "contacts", Index: index, Raw: json.RawMessage(`17`), Err: decodeError("the entry is not an object"),
				})
			}
		},
	},
	{
		"the scope may stand behind the lists",
		`{"contacts":[{"mri":"8:daisy.5"}],"server_hint":{"a":2},"scope":"Full"}`,
		func(r *Roster) {
			*r = Roster{Contacts: []Contact{{MRI: "8:daisy.5"}}, Scope: "Full", ETag: r.ETag, Extra: Extra{"server_hint": json.RawMessage(`{"a":2}`)}}
		},
	},
	{
		"a full response replaces everything",
		`{"scope":"full","contacts":[{"mri":"8:joe.4"}]}`,
		func(r *Roster) { *r = Roster{Contacts: []Contact{{MRI: "8:joe.4"}}, Scope: "full", ETag: r.ETag} },
	},
	{
		"without a scope nothing is removed",
		`{"contacts":[{"mri":"8:daisy.5"}]}`,
		func(r *Roster) { r.Contacts, r.Scope = append(r.Contacts, Contact{MRI: "8:daisy.5"}), "" },
	},
}

func TestRefreshRoster(t *testing.T) {
	t.Parallel()
	for _, test := range refreshRosterCases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(reply(http.StatusOK, test.response, "ETag", `"two"`))
			prev := knownRoster()
			got, err := newTestClient(t, w).RefreshRoster(t.Context(), prev)
			require.NoError(t, err)

			want := knownRoster()
			want.Scope = "delta"
			test.want(want)
			want.ETag = `"two"`
			assert.Equal(t, normal(*want), normal(*got))
			assert.Equal(t, knownRoster(), prev, "prev is modified")
			require.Len(t, w.requests(), 1)
			assert.Contains(t, w.requests()[0], "GET https://contacts.skype.com/contacts/v2/users/self?delta=&reason=default\n")
			assert.Contains(t, w.requests()[0], `If-None-Match: "one"`)
		})
	}
}

// normal returns r with nil for empty lists.
func normal(r Roster) Roster {
	if len(r.Contacts) == 0 {
		r.Contacts = nil
	}
	if len(r.Blocked) == 0 {
		r.Blocked = nil
	}
	if len(r.Groups) == 0 {
		r.Groups = nil
	}
	return r
}

func TestRefreshRosterUnchanged(t *testing.T) {
	t.Parallel()
	w := newWire(reply(http.StatusNotModified, ""))
	c := newTestClient(t, w)
	prev := knownRoster()
	got, err := c.RefreshRoster(t.Context(), prev)
	require.NoError(t, err)
	assert.Same(t, prev, got)
	assert.Equal(t, knownRoster(), prev)

	got, err = c.RefreshRoster(t.Context(), nil)
	require.ErrorIs(t, err, ErrDecode, "there is no roster that could be unchanged")
	assert.Nil(t, got)
}

func TestRefreshRosterFromNothing(t *testing.T) {
	t.Parallel()
	for name, prev := range map[string]*Roster{"nil": nil, "without a tag": {Contacts: []Contact{{MRI: "8:old.1"}}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(reply(http.StatusOK, `{"scope":"full","contacts":[{"mri":"8:joe.4"}]}`))
			got, err := newTestClient(t, w).RefreshRoster(t.Context(), prev)
			require.NoError(t, err)
			assert.Equal(t, Roster{Contacts: []Contact{{MRI: "8:joe.4"}}, Scope: "full"}, normal(*got))
			assert.Contains(t, w.requests()[0], "If-None-Match: /\n")
		})
	}
}

// A delta without an ETag keeps the one before, so that the next refresh misses no
// change.
func TestRefreshRosterWithoutTag(t *testing.T) {
	t.Parallel()
	for scope, etag := range map[string]string{"delta": `"one"`, "full": ""} {
		w := newWire(reply(http.StatusOK, `{"contacts":[],"scope":"`+scope+`"}`))
		got, err := newTestClient(t, w).RefreshRoster(t.Context(), knownRoster())
		require.NoError(t, err)
		assert.Equal(t, etag, got.ETag, scope)
	}
}

func TestRefreshRosterFailures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		reply string
		want  error
	}{
		{"empty", ``, ErrDecode},
		{"null", `null`, ErrDecode},
		{"a list", `[]`, ErrDecode},
		{"cut off in a delta", `{"scope":"delta","contacts":[{"mri":"8:daisy.5"},{"mri":`, ErrDecode},
		{"contacts is no list", `{"scope":"delta","contacts":{}}`, ErrDecode},
		{"a member twice", `{"scope":"delta","contacts":[],"contacts":[]}`, ErrDecode},
		{"a status", `{"status":{"code":40411,"text":"not found"}}`, ErrNotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			prev := knownRoster()
			got, err := newTestClient(t, newWire(reply(http.StatusOK, test.reply))).RefreshRoster(t.Context(), prev)
			require.ErrorIs(t, err, test.want)
			assert.Nil(t, got)
			assert.Equal(t, knownRoster(), prev)
		})
	}
}

// Duplicate entries of a response are merged, the later over the earlier.
func TestGetRosterMerges(t *testing.T) {
	t.Parallel()
	w := newWire(reply(http.StatusOK, `{"scope":"full","contacts":[{"mri":"8:joe.4","authorized":true,"display_name":"Joe"},{"mri":"8:anna.7"},`+
		`{"mri":"8:JOE.4","profile":{"about":"me"}},{"mri":"8:gone.1","deleted":true}],"blocklist":[{"mri":"8:x"},{"mri":"8:X"}],`+
		`"groups":[{"id":"a","name":"A"},{"id":"A","contacts":["joe.4"]}]}`, "ETag", `"e"`))
	got, err := newTestClient(t, w).GetRoster(t.Context())
	require.NoError(t, err)
	assert.Equal(t, &Roster{
		Contacts: []Contact{{MRI: "8:JOE.4", DisplayName: "Joe", Profile: Profile{About: "me"}}, {MRI: "8:anna.7"}},
		Blocked:  []BlockedUser{{MRI: "8:X"}},
		Groups:   []Group{{ID: "A", Name: "A", Contacts: []MRI{"8:joe.4"}}},
		Scope:    "full",
		ETag:     `"e"`,
	}, got)
}

func TestRosterAsJSON(t *testing.T) {
	t.Parallel()
	stored, err := json.Marshal(knownRoster())
	require.NoError(t, err)
	var loaded Roster
	require.NoError(t, json.Unmarshal(stored, &loaded))
	assert.Equal(t, knownRoster(), &loaded)

	// Also a roster of the service, and its refresh.
	w := newWire(reply(http.StatusOK, fixture(t, "contacts/get_roster_variants.json"), "ETag", `"1"`),
		reply(http.StatusOK, `{"scope":"delta","contacts":[{"mri":"8:daisy.5"},{"odd":"<\u00e9>"}]}`))
	c := newTestClient(t, w)
	got, err := c.GetRoster(t.Context())
	require.NoError(t, err)
	again, err := c.RefreshRoster(t.Context(), reload(t, got))
	require.NoError(t, err)
	want, err := json.Marshal(again)
	require.NoError(t, err)
	is, err := json.Marshal(reload(t, again))
	require.NoError(t, err)
	assert.JSONEq(t, string(want), string(is))
	assert.Contains(t, string(is), `"error":"the entry has no identifier"`)
	assert.ErrorIs(t, reload(t, again).Skipped[len(again.Skipped)-1].Err, ErrDecode)
}

func reload(t *testing.T, r *Roster) *Roster {
	t.Helper()
	stored, err := json.Marshal(r)
	require.NoError(t, err)
	loaded := new(Roster)
	require.NoError(t, json.Unmarshal(stored, loaded))
	return loaded
}

// A newer list of either kind of numbers replaces only its own.
func TestRefreshRosterPhones(t *testing.T) {
	t.Parallel()
	const (
		both     = `{"mri":"8:joe.4","phones":[{"number":"+1","type":"other"}],"profile":{"phones":[{"number":"+9","type":"mobile"}]}}`
		onlyOwn  = `{"mri":"8:joe.4","phones":[{"number":"+1","type":"other"}],"profile":{"name":{"first":"Joe"}}}`
		mobile   = "+9 mobile"
		ownOther = "+1 other"
	)
	tests := []struct {
		name, before, delta string
		profile, own        []string
	}{
		{"edited, whole entry", onlyOwn, `{"mri":"8:joe.4","phones":[{"number":"+2","type":"other"}],"profile":{"name":{"first":"Joe"}}}`, nil, []string{"+2 other"}},
		{"removed, whole entry", onlyOwn, `{"mri":"8:joe.4","phones":[],"profile":{"name":{"first":"Joe"}}}`, nil, nil},
		{"edited", both, `{"mri":"8:joe.4","phones":[{"number":"+2","type":"other"}]}`, []string{mobile}, []string{"+2 other"}},
		{"removed", both, `{"mri":"8:joe.4","phones":[]}`, []string{mobile}, nil},
		{"the profile changed", both, `{"mri":"8:joe.4","profile":{"phones":[{"number":"+9","type":"home"}]}}`, []string{"+9 home"}, []string{ownOther}},
		{"the profile has none", both, `{"mri":"8:joe.4","profile":{"phones":[]}}`, nil, []string{ownOther}},
		{"null and missing", both, `{"mri":"8:joe.4","phones":null,"profile":{}}`, []string{mobile}, []string{ownOther}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, newWire(
				reply(http.StatusOK, `{"contacts":[`+test.before+`],"scope":"full"}`, "ETag", `"1"`),
				reply(http.StatusOK, `{"contacts":[`+test.delta+`],"scope":"delta"}`)))
			known, err := c.RefreshRoster(t.Context(), nil)
			require.NoError(t, err)
			before := reload(t, known)
			next, err := c.RefreshRoster(t.Context(), known)
			require.NoError(t, err)
			require.Len(t, next.Contacts, 1)
			assert.Equal(t, test.profile, numbers(next.Contacts[0].Profile.Phones))
			assert.Equal(t, test.own, numbers(next.Contacts[0].Phones))
			assert.Equal(t, slices.Concat(test.profile, test.own), numbers(next.Contacts[0].AllPhones()))
			assert.Equal(t, before, known, "prev is modified")
		})
	}
}

func numbers(phones []Phone) (list []string) {
	for _, p := range phones {
		list = append(list, p.Number+" "+string(p.Type))
	}
	return list
}

func TestRosterChanges(t *testing.T) {
	t.Parallel()
	prev := &Roster{Contacts: []Contact{
		{MRI: "8:joe.4", DisplayName: "Joe"}, {MRI: "8:anna.7"}, {MRI: "8:daisy.5", Phones: []Phone{{Number: "+1", Type: PhoneOther}}}, {MRI: "8:fred.2"},
	}}
	next := &Roster{
		Contacts: []Contact{
			{MRI: "28:concierge"}, {MRI: "8:fred.2"}, {MRI: "8:joe.4", DisplayName: "Joseph"}, {MRI: "8:daisy.5"}, {MRI: "8:echo123"},
		},
		Groups: []Group{{ID: "1"}}, ETag: "other",
	}
	require.Equal(t, RosterChanges{
		Added:   []Contact{{MRI: "28:concierge"}, {MRI: "8:echo123"}},
		Removed: []Contact{{MRI: "8:anna.7"}},
		Changed: []Contact{{MRI: "8:joe.4", DisplayName: "Joseph"}, {MRI: "8:daisy.5"}},
	}, next.Changes(prev))
	require.Equal(t, RosterChanges{Added: prev.Contacts}, prev.Changes(nil))
	require.Equal(t, RosterChanges{Removed: prev.Contacts}, new(Roster).Changes(prev))
	require.Zero(t, prev.Changes(prev))
	require.Zero(t, new(Roster).Changes(nil))
}

// The case of an MRI is a change of the contact, not another contact.
func TestRosterChangesCase(t *testing.T) {
	t.Parallel()
	prev, next := &Roster{Contacts: []Contact{{MRI: "8:live:Joe"}}}, &Roster{Contacts: []Contact{{MRI: "8:LIVE:joe"}}}
	require.Equal(t, RosterChanges{Changed: next.Contacts}, next.Changes(prev))
}

// A roster that was stored has no changes against a full response of the same state,
// whatever the white space of the response. Another value in Extra is a change.
func TestRosterChangesAfterJSON(t *testing.T) {
	t.Parallel()
	body := fixture(t, "contacts/get_roster_variants.json")
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, []byte(body)))
	c := newTestClient(t, newWire(reply(http.StatusOK, body), reply(http.StatusOK, compact.String())))
	first, err := c.GetRoster(t.Context())
	require.NoError(t, err)
	stored := reload(t, first)
	next, err := c.RefreshRoster(t.Context(), stored)
	require.NoError(t, err)
	require.Equal(t, "Full", next.Scope)
	require.NotEmpty(t, next.Contacts)
	require.Zero(t, next.Changes(stored))
	require.Zero(t, next.Changes(first))
	require.Zero(t, first.Changes(next))

	last := &next.Contacts[len(next.Contacts)-1]
	last.Extra = Extra{"new": raw(`{"a":1}`)}
	require.Equal(t, RosterChanges{Changed: []Contact{*last}}, next.Changes(stored))

	spaced := &Roster{Contacts: []Contact{{MRI: "8:joe.4", Extra: Extra{"new": raw(`{ "a": [1, "<é>"] }`)}}}}
	require.Zero(t, spaced.Changes(reload(t, spaced)))
	require.Zero(t, reload(t, spaced).Changes(spaced))
}

// requireLostRoster asserts that a refresh returned no roster, and ErrDecode after one attempt.
func requireLostRoster(t *testing.T, got *Roster, err error) {
	t.Helper()
	require.ErrorIs(t, err, ErrDecode)
	require.Nil(t, got)
	failure, ok := errors.AsType[*Error](err)
	require.True(t, ok)
	require.Equal(t, 1, failure.Attempts)
	require.NotZero(t, failure.Status)
}

// What does not answer a request for a roster leaves the previous one as it is.
func TestLostRosters(t *testing.T) {
	t.Parallel()
	everybody := func() *Roster { return &Roster{Contacts: []Contact{{MRI: "8:joe.4"}, {MRI: "8:anna.7"}}, ETag: `"1"`} }
	untagged := func() *Roster { return &Roster{Contacts: []Contact{{MRI: "8:joe.4"}}} }
	nobody := func() *Roster { return &Roster{ETag: `"1"`} }
	none := func() *Roster { return nil }
	full := func(body string) []httpmock.Responder { return []httpmock.Responder{reply(200, body, "ETag", `"2"`)} }
	tests := []struct {
		name    string
		prev    func() *Roster
		replies []httpmock.Responder
		left    int // contacts of the result; -1: ErrDecode
	}{
		{"full without contacts", everybody, full(`{"scope":"full"}`), -1},
		{"full in capitals, with other lists", everybody, full(`{"scope":"FULL","blocklist":[{"mri":"8:x"}],"groups":[]}`), -1},
		{"full with a count", everybody, full(`{"scope":"full","count":2}`), -1},
		{"full with a count that is none", everybody, full(`{"scope":"full","count":"none"}`), -1},
		{"full with a count that is an object", everybody, full(`{"scope":"full","count":{}}`), -1},
		{"full with a null count", everybody, full(`{"scope":"full","count":null}`), -1},
		{"full without an ETag before", untagged, full(`{"scope":"full"}`), -1},
		{"full, all on further pages", everybody, []httpmock.Responder{
			reply(200, `{"scope":"full"}`, continuationHeader, "2"), reply(200, `{"scope":"full","groups":[]}`),
		}, -1},
		{"delta to a nil roster", none, full(`{"scope":"delta","contacts":[{"mri":"8:anna.7"}]}`), -1},
		{"delta to a roster without an ETag", untagged, full(`{"contacts":[{"mri":"8:anna.7"}],"scope":"DELTA"}`), -1},
		{"304 to a nil roster", none, []httpmock.Responder{reply(304, "")}, -1},
		{"304 to a roster without an ETag", untagged, []httpmock.Responder{reply(304, "")}, -1},
		{"304 to a further page", everybody, []httpmock.Responder{reply(200, `{"scope":"delta"}`, continuationHeader, "2"), reply(304, "")}, -1},
		{"no known member", everybody, full(`{"stackTrace":null}`), -1},
		{"nothing", everybody, full(`{}`), 2},
		{"full with contacts that are null", everybody, full(`{"scope":"full","contacts":null}`), 0},
		{"full with no contacts", everybody, full(`{"scope":"full","contacts":[]}`), 0},
		{"full with a count of 0", everybody, full(`{"scope":"full","count":0}`), 0},
		{"full with a count of 0 as text", everybody, full(`{"count":"0","scope":"full"}`), 0},
		{"full, where there was nobody", nobody, full(`{"scope":"full"}`), 0},
		{"full, where nothing was known", none, full(`{"scope":"full"}`), 0},
		{"full, a contact on a further page", everybody, []httpmock.Responder{
			reply(200, `{"scope":"full"}`, continuationHeader, "2"), reply(200, `{"contacts":[{"mri":"8:anna.7"}]}`),
		}, 1},
		{"delta without contacts", everybody, full(`{"scope":"delta"}`), 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, prev := newWire(test.replies...), test.prev()
			got, err := newTestClient(t, w).RefreshRoster(t.Context(), prev)
			assert.Equal(t, test.prev(), prev, "prev is modified")
			require.Len(t, w.requests(), len(test.replies))
			if test.left < 0 {
				requireLostRoster(t, got, err)
				return
			}
			require.NoError(t, err)
			require.Len(t, got.Contacts, test.left)
		})
	}
}

// GetRoster asks for everything, and takes no changes for it.
func TestGetRosterOfChanges(t *testing.T) {
	t.Parallel()
	for _, response := range []httpmock.Responder{
		reply(200, `{"scope":"delta","contacts":[{"mri":"8:anna.7"}]}`), reply(200, `{"contacts":[],"scope":"Delta"}`), reply(304, ""),
		reply(200, `{"scope":"delta"}`), reply(304, "", "ETag", `"1"`),
	} {
		w := newWire(response)
		got, err := newTestClient(t, w).GetRoster(t.Context())
		require.ErrorIs(t, err, ErrDecode)
		require.Nil(t, got)
		require.Equal(t, []string{"GET https://contacts.skype.com/contacts/v2/users/self?reason=default\n" + plainHeaders}, w.requests())
	}
}

// rosterHeaders are those of a request for a roster, with one header more.
func rosterHeaders(header string) string {
	next := "User-Agent"
	if header > next {
		next = "X-Skypetoken"
	}
	before, after, _ := strings.Cut(plainHeaders, next)
	return before + header + "\n" + next + after
}

// The pages of a roster are merged, whether they are those of the whole or of changes.
func TestRosterPages(t *testing.T) {
	t.Parallel()
	const unreadable = `{"x":1}`
	pages := func(scope string) []httpmock.Responder {
		return []httpmock.Responder{
			reply(200, `{"scope":"`+scope+`","contacts":[{"mri":"8:joe.4","display_name":"Joe"},`+unreadable+`],"hint":1}`, continuationHeader, "two=", "ETag", `"1"`),
			reply(200, `{"contacts":[{"mri":"8:JOE.4","person_id":"p"},{"mri":"8:anna.7"},`+unreadable+`],"blocklist":[{"mri":"8:x"}],"other":2}`, continuationHeader, "three", "ETag", `"2"`),
			reply(200, `{"scope":"delta","contacts":[{"mri":"8:anna.7","deleted":true}],"groups":[{"id":"1","name":"Friends"}]}`),
		}
	}
	skipped := []SkippedItem{
		{List: "contacts", Index: 1, Raw: raw(unreadable), Err: errNoIdentifier}, {List: "contacts", Index: 2, Raw: raw(unreadable), Err: errNoIdentifier},
	}
	whole := Roster{
		Contacts: []Contact{{MRI: "8:JOE.4", DisplayName: "Joe", PersonID: "p"}},
		Blocked:  []BlockedUser{{MRI: "8:x"}}, Groups: []Group{{ID: "1", Name: "Friends"}},
		Scope: "delta", ETag: `"2"`, Skipped: skipped, Extra: Extra{"hint": raw(`1`), "other": raw(`2`)},
	}
	const base = "GET https://contacts.skype.com/contacts/v2/users/self"
	further := []string{rosterHeaders(continuationHeader + ": two="), rosterHeaders(continuationHeader + ": three")}

	w := newWire(pages("full")...)
	got, err := newTestClient(t, w).GetRoster(t.Context())
	require.NoError(t, err)
	assert.Equal(t, whole, *got)
	assert.Equal(t, []string{base + "?reason=default\n" + plainHeaders, base + "?reason=default\n" + further[0], base + "?reason=default\n" + further[1]}, w.requests())

	w = newWire(pages("delta")...)
	prev := &Roster{Contacts: []Contact{{MRI: "8:daisy.5"}, {MRI: "8:anna.7", DisplayName: "Anna"}}, ETag: `"0"`, Scope: "full"}
	got, err = newTestClient(t, w).RefreshRoster(t.Context(), prev)
	require.NoError(t, err)
	merged := whole
	merged.Contacts = append([]Contact{{MRI: "8:daisy.5"}}, whole.Contacts...)
	assert.Equal(t, merged, *got)
	assert.Equal(t, &Roster{Contacts: []Contact{{MRI: "8:daisy.5"}, {MRI: "8:anna.7", DisplayName: "Anna"}}, ETag: `"0"`, Scope: "full"}, prev)
	delta := base + "?delta=&reason=default\n"
	assert.Equal(t, []string{delta + rosterHeaders(`If-None-Match: "0"`), delta + further[0], delta + further[1]}, w.requests())
}

// A page that cannot be had is an error, and the previous roster is as it was. A page
// that is cut off is asked for again.
func TestBrokenRosterPages(t *testing.T) {
	t.Parallel()
	first := reply(200, `{"scope":"delta","contacts":[{"mri":"8:joe.4","deleted":true},{"mri":"8:daisy.5"}]}`, continuationHeader, "2")
	tests := map[string]struct {
		replies []httpmock.Responder
		is      error
		sent    int
	}{
		"refused":            {[]httpmock.Responder{first, reply(403, "")}, ErrForbidden, 2},
		"unavailable":        {[]httpmock.Responder{first, reply(503, "")}, ErrUnavailable, 4},
		"cut off":            {[]httpmock.Responder{first, broken(`{"contacts":[{"mri":"8:anna.7","deleted":true},`)}, ErrUnavailable, 4},
		"malformed":          {[]httpmock.Responder{first, reply(200, `{"contacts":[{"mri":"8:anna.7","deleted":true},`)}, ErrDecode, 2},
		"a failure":          {[]httpmock.Responder{first, reply(200, `{"contacts":[],"message":"no"}`)}, ErrDecode, 2},
		"of something else":  {[]httpmock.Responder{first, reply(200, `{"news":1}`)}, ErrDecode, 2},
		"a web page":         {[]httpmock.Responder{first, page(200)}, ErrDecode, 2},
		"empty":              {[]httpmock.Responder{first, reply(200, "")}, ErrDecode, 2},
		"the first again":    {[]httpmock.Responder{first, first}, ErrDecode, 2},
		"an earlier one":     {[]httpmock.Responder{first, reply(200, `{"contacts":[]}`, continuationHeader, "3"), first}, ErrDecode, 3},
		"a token of no form": {[]httpmock.Responder{reply(200, `{"contacts":[]}`, continuationHeader, "a\x00b")}, ErrInvalid, 1},
		"cut off at first":   {[]httpmock.Responder{first, broken(`{"contacts":[{"mri":"8:anna.7","deleted":true},`), reply(200, `{"contacts":[{"mri":"8:x"}]}`)}, nil, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, prev := newWire(test.replies...), knownRoster()
			got, err := newTestClient(t, w).RefreshRoster(t.Context(), prev)
			require.ErrorIs(t, err, test.is)
			assert.Equal(t, knownRoster(), prev)
			require.Len(t, w.requests(), test.sent)
			if test.is != nil {
				require.Nil(t, got)
				return
			}
			want := slices.Concat(knownRoster().Contacts[1:], []Contact{{MRI: "8:daisy.5"}, {MRI: "8:x"}})
			assert.Equal(t, want, got.Contacts)
		})
	}
}

// Nothing has changed, so that there are no further pages either.
func TestUnchangedRosterWithPage(t *testing.T) {
	t.Parallel()
	w, prev := newWire(reply(304, "", continuationHeader, "2")), knownRoster()
	got, err := newTestClient(t, w).RefreshRoster(t.Context(), prev)
	require.NoError(t, err)
	require.Same(t, prev, got)
	require.Len(t, w.requests(), 1)
}

// The pages of a roster share the timeout and the limit of the body, and have a largest
// number.
func TestRosterPageLimits(t *testing.T) {
	t.Parallel()
	endless := func(wait time.Duration) (*wire, *atomic.Int64) {
		var sent atomic.Int64
		return newWire(func(req *http.Request) (*http.Response, error) {
			n := sent.Add(1)
			select {
			case <-time.After(wait):
			case <-req.Context().Done():
				return nil, req.Context().Err()
			}
			return reply(200, fmt.Sprintf(`{"contacts":[{"mri":"8:%d"}]}`, n), continuationHeader, fmt.Sprint(n))(req)
		}), &sent
	}
	w, sent := endless(0)
	_, err := newTestClient(t, w).GetRoster(t.Context())
	require.ErrorIs(t, err, ErrDecode)
	require.EqualValues(t, maxPages, sent.Load())

	w, sent = endless(0)
	_, err = newTestClient(t, w, WithMaxBody(1000)).GetRoster(t.Context())
	require.ErrorIs(t, err, ErrTooLarge)
	require.EqualValues(t, 1000/len(`{"contacts":[{"mri":"8:00"}]}`)+1, sent.Load())

	took := timed(t, func(t *testing.T) {
		w, sent := endless(400 * time.Millisecond)
		_, err := newTestClient(t, w, WithTimeout(time.Second)).RefreshRoster(t.Context(), knownRoster())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualValues(t, 3, sent.Load())
	})
	assert.Equal(t, time.Second, took)
}

// Unreadable entries are reported for each list, as often as they are in it.
func TestRosterSkipped(t *testing.T) {
	t.Parallel()
	item := func(list string, index int, text string, err error) SkippedItem {
		return SkippedItem{List: list, Index: index, Raw: raw(text), Err: err}
	}
	const noObject = decodeError("the entry is not an object")
	for body, want := range map[string][]SkippedItem{
		`{"scope":"full","contacts":[{"x":1},{"x":1}],"blocklist":[{"x":1}],"groups":[{"x":1}]}`: {
			item("contacts", 0, `{"x":1}`, errNoIdentifier), item("contacts", 1, `{"x":1}`, errNoIdentifier),
			item("blocklist", 0, `{"x":1}`, errNoIdentifier), item("groups", 0, `{"x":1}`, errNoIdentifier),
		},
		`{"groups":[7,{"id":"1"},7],"contacts":[7]}`:                {item("groups", 0, `7`, noObject), item("groups", 2, `7`, noObject), item("contacts", 0, `7`, noObject)},
		`{"blocklist":[{"mri":""},{"mri":7},null]}`:                 {item("blocklist", 0, `{"mri":""}`, errNoIdentifier), item("blocklist", 1, `{"mri":7}`, errNoIdentifier), item("blocklist", 2, `null`, noObject)},
		`{"contacts":[{"mri":"8:a"}],"groups":[],"blocklist":null}`: nil,
	} {
		got, err := newTestClient(t, newWire(reply(200, body))).GetRoster(t.Context())
		require.NoError(t, err, body)
		assert.Equal(t, want, got.Skipped, body)
		var names []string
		for _, s := range reload(t, got).Skipped {
			names = append(names, s.List)
		}
		assert.Len(t, names, len(want), "the list is stored too")
	}
}

// A contact with many members that is repeated many times costs no more than it is long.
func TestRosterRepeatedEntries(t *testing.T) {
	t.Parallel()
	body := func(repeats int) string {
		return `{"contacts":[{"mri":"8:a","profile":{"phones":[` + strings.Repeat("7,", 4_999) + `7]}}` + strings.Repeat(`,{"mri":"8:A"}`, repeats) + `]}`
	}
	repeated := func(repeats int) func() {
		c := newTestClient(t, newWire(reply(200, body(repeats))))
		return func() {
			got, err := c.GetRoster(t.Context())
			require.NoError(t, err)
			require.Len(t, got.Contacts, 1)
			require.Len(t, got.Contacts[0].Profile.Extra, 5_000)
		}
	}
	assertCost(t, 20, repeated(1), repeated(3_000))
}

// contactPages are responses to requests for a roster: n contacts in so many pages, each
// contact with a profile.
func contactPages(n, pages int, profile string) (replies []httpmock.Responder) {
	for at := range pages {
		var entries []string
		for i := range n / pages {
			entries = append(entries, fmt.Sprintf(`{"mri":"8:person.%d","profile":%s}`, at*n/pages+i, profile))
		}
		var next []string
		if at+1 < pages {
			next = []string{continuationHeader, fmt.Sprint(at + 1)}
		}
		replies = append(replies, reply(200, `{"contacts":[`+strings.Join(entries, ",")+`]}`, next...))
	}
	return replies
}

// The time for a roster depends on its length, not on its number of pages.
func TestRosterTimeOfPages(t *testing.T) {
	t.Parallel()
	const n = 20_000
	paged := func(pages int) func() {
		replies := contactPages(n, pages, "{}")
		return func() {
			got, err := newTestClient(t, newWire(replies...)).GetRoster(t.Context())
			require.NoError(t, err)
			require.Len(t, got.Contacts, n)
		}
	}
	assertCost(t, 5, paged(2), paged(400))
}

// The pages of a roster share the memory that one response may take.
func TestRosterMemoryOfPages(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	locations := `{"locations":[` + strings.Repeat("{},", maxElements-1) + `{}]}`
	perContact := maxElements * int(reflect.TypeFor[Location]().Size())
	most := memoryFactor * limit / perContact
	for n, want := range map[int]error{most / 4 * 4: nil, most/4*4 + 4: ErrTooLarge} {
		for _, pages := range []int{1, 4} {
			w := newWire(contactPages(n, pages, locations)...)
			got, err := newTestClient(t, w, WithMaxBody(limit)).GetRoster(t.Context())
			require.ErrorIs(t, err, want, "%d contacts in %d pages", n, pages)
			require.Equal(t, want == nil, got != nil)
			require.Len(t, w.requests(), pages, "%d contacts in %d pages", n, pages)
		}
	}
}

// A response without a scope is taken for changes if the request named an ETag, and for
// the whole if it did not.
func TestRosterWithoutScope(t *testing.T) {
	t.Parallel()
	const body = `{"contacts":[{"mri":"8:joe.4"},{"mri":"8:daisy.5"}],"hint":2}`
	whole := Roster{Contacts: []Contact{{MRI: "8:joe.4"}, {MRI: "8:daisy.5"}}, ETag: `"two"`, Extra: Extra{"hint": raw(`2`)}}
	merged := *knownRoster()
	merged.Contacts[0].Authorized, merged.Contacts[0].Explicit, merged.Contacts[0].Favorite = false, false, false
	merged.Contacts[0].AuthCertificate = ""
	merged.Contacts = append(merged.Contacts, Contact{MRI: "8:daisy.5"})
	merged.Scope, merged.ETag, merged.Extra["hint"] = "", `"two"`, raw(`2`)
	for etag, want := range map[string]Roster{"": whole, `"one"`: merged} {
		for _, pages := range [][]httpmock.Responder{
			{reply(200, body, "ETag", `"two"`)},
			{reply(200, `{"contacts":[{"mri":"8:joe.4"}]}`, continuationHeader, "2"), reply(200, `{"contacts":[{"mri":"8:daisy.5"}],"hint":2}`, "ETag", `"two"`)},
		} {
			prev := knownRoster()
			prev.ETag = etag
			got, err := newTestClient(t, newWire(pages...)).RefreshRoster(t.Context(), prev)
			require.NoError(t, err)
			assert.Equal(t, normal(want), normal(*got), "%s, %d pages", etag, len(pages))
		}
	}
}

// A page whose decoding did not end is decoded again from the start: nothing of the first
// time counts, and entries that were reported before are not reported again.
func TestRosterPageAgain(t *testing.T) {
	t.Parallel()
	prev := knownRoster()
	unreadable := string(prev.Skipped[0].Raw)
	many := strings.Repeat(`,{"mri":"8:daisy.5"}`, stepsPerCheck)
	page := func(scope string) string {
		return `{"scope":"` + scope + `","contacts":[` + unreadable + `,17,{"mri":"8:new.1"}` + many + `]}`
	}
	for name, bodies := range map[string][2]string{
		"the first":                 {"", page("delta")},
		"the first, then the whole": {"", page("full")},
		"a further":                 {page("delta"), page("delta")},
	} {
		decode := func(interrupt bool, lasts int) (*Roster, rosterMerge) {
			m := rosterMerge{prev: prev, hasBase: true}
			add := func(body string, last bool) {
				looks := 0
				resp := &response{status: 200, header: http.Header{}, isJSON: true, size: -1, limit: 1 << 20, interrupted: func() error {
					if looks++; looks > lasts && last && interrupt {
						return context.Canceled
					}
					return nil
				}}
				resp.body = &boundedBody{from: strings.NewReader(body), left: 1 << 20}
				err := m.addPage(resp)
				require.Equal(t, last && interrupt, errors.Is(err, context.Canceled), name)
			}
			if bodies[0] != "" {
				add(bodies[0], false)
			}
			if interrupt {
				add(page("delta"), true)
				interrupt = false
			}
			add(bodies[1], true)
			require.NoError(t, m.complete(), name)
			return m.next, m
		}
		want, once := decode(false, 0)
		for _, lasts := range []int{2, 100} { // while the page is decoded, while it is merged
			got, again := decode(true, lasts)
			assert.Equal(t, want, got, name)
			assert.Equal(t, []int64{once.size, once.memory}, []int64{again.size, again.memory}, name)
		}
	}
	assert.Equal(t, knownRoster(), prev)
}
