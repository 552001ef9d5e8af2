package skypecontacts

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A contact decodes from its own JSON without loss.
func TestContactAsJSON(t *testing.T) {
	t.Parallel()
	for _, want := range append(append(sampleContacts(t)[:3], knownRoster().Contacts...), Contact{MRI: "8:x"}) {
		text, err := json.Marshal(want)
		require.NoError(t, err)
		var got Contact
		require.NoError(t, json.Unmarshal(text, &got))
		assert.Equal(t, want, got)
	}
}

func TestIsBot(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		c    Contact
		want bool
	}{{Contact{MRI: "28:concierge", Agent: &Agent{Trusted: true}}, true}, {Contact{MRI: "28:x"}, true}, {Contact{MRI: "8:x", Agent: &Agent{}}, true}, {Contact{MRI: "8:joe.4"}, false}} {
		assert.Equal(t, test.want, test.c.IsBot())
	}
}

func TestAllPhones(t *testing.T) {
	t.Parallel()
	mobile, other, own := Phone{Number: "+1", Type: PhoneMobile}, Phone{Number: "+1", Type: PhoneOther}, Phone{Number: "+2", Type: PhoneHome}
	for _, test := range []struct {
		name          string
		profile, list []Phone
		want          []Phone
	}{
		{"none", nil, nil, []Phone{}},
		{"of the profile only", []Phone{mobile}, nil, []Phone{mobile}},
		{"of the contact only", nil, []Phone{own}, []Phone{own}},
		{"the profile first", []Phone{mobile}, []Phone{own}, []Phone{mobile, own}},
		{"in both, with the type of the profile", []Phone{mobile}, []Phone{other, own}, []Phone{mobile, own}},
		{"twice in one list", []Phone{mobile, other}, []Phone{own, own}, []Phone{mobile, own}},
		{"in both, with the ID of the list", []Phone{mobile}, []Phone{{Number: "+1", ID: "7"}}, []Phone{{Number: "+1", Type: PhoneMobile, ID: "7"}}},
	} {
		c := Contact{Phones: test.list, Profile: Profile{Phones: test.profile}}
		all := c.AllPhones()
		assert.Equal(t, test.want, all, test.name)
		for i := range all {
			all[i].Number = "changed"
		}
		assert.Equal(t, Contact{Phones: test.list, Profile: Profile{Phones: test.profile}}, c, "%s: the contact shares the result", test.name)
	}
}

// The numbers that the account added to a contact are apart from those of its profile.
func TestListContactsPhones(t *testing.T) {
	t.Parallel()
	list, err := newTestClient(t, newWire(reply(http.StatusOK, `{"contacts":[
		{"mri":"8:joe.4","phones":[{"number":"+1","type":"other"}],"profile":{"phones":[{"number":"+2","type":"mobile"},{"number":"+1","type":"home"}]}},
		{"mri":"8:anna.7","profile":{"phones":[{"number":"+3","type":1}]},"phones":[]},
		{"mri":"8:daisy.5","phones":[{"number":"+4"}],"profile":{"phones":null}}]}`))).ListContacts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []Contact{
		{
			MRI: "8:joe.4", Phones: []Phone{{Number: "+1", Type: PhoneOther}},
			Profile: Profile{Phones: []Phone{{Number: "+2", Type: PhoneMobile}, {Number: "+1", Type: PhoneHome}}},
		},
		{MRI: "8:anna.7", Profile: Profile{Phones: []Phone{{Number: "+3", Type: PhoneWork}}}},
		{MRI: "8:daisy.5", Phones: []Phone{{Number: "+4", Type: PhoneOther}}},
	}, list.Contacts)
}

// A name that the user gave counts whatever it looks like; any other one only if it is
// not the identifier.
func TestGivenName(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]map[string]string{
		"user_edits": {"joe.4": "joe.4", "8:joe.4": "8:joe.4", "JOE.4": "JOE.4", " Joey ": "Joey", "  ": "Joe Bloggs", "": "Joe Bloggs"},
		"profile":    {"joe.4": "Joe Bloggs", "8:joe.4": "Joe Bloggs", "Joey": "Joey", "": "Joe Bloggs"},
		"identifier": {"joe.4": "Joe Bloggs", "JOE.4": "Joe Bloggs"},
		"":           {"joe.4": "Joe Bloggs", "Joey": "Joey"},
	} {
		for display, full := range want {
			c := Contact{MRI: "8:joe.4", DisplayName: display, DisplayNameSource: source, Profile: Profile{Name: Name{First: "Joe", Last: "Bloggs"}}}
			assert.Equal(t, full, c.FullName(), "%q by %q", display, source)
		}
	}
}

// Members that would have the same path in Extra both survive.
func TestExtraKeys(t *testing.T) {
	t.Parallel()
	for members, want := range map[string]Extra{
		`"agent":{"stage_info":1},"agent/stage_info":2`:        {"agent/stage_info": raw(`1`), "agent~1stage_info": raw(`2`)},
		`"agent~1stage_info":1,"agent":{"stage_info":2}`:       {"agent~01stage_info": raw(`1`), "agent/stage_info": raw(`2`)},
		`"agent":{"info":{"x":1},"info/x":2},"agent/info/x":3`: {"agent/info/x": raw(`1`), "agent/info~1x": raw(`2`), "agent~1info~1x": raw(`3`)},
		`"relationship_history":{"sources":[7]},"relationship_history/sources/0":8`: {
			"relationship_history/sources/0": raw(`7`), "relationship_history~1sources~10": raw(`8`),
		},
		`"":1,"~":2,"/":3`: {"": raw(`1`), "~0": raw(`2`), "~1": raw(`3`)},
	} {
		want := Contact{MRI: "8:joe.4", Agent: nil, Extra: want}
		got := decoded(t, `{"mri":"8:joe.4",`+members+`}`, func(r *reader, c *Contact) { readContact(r, c) })
		got.Agent = nil
		assert.Equal(t, want, *got, members)
	}
	found, err := newTestClient(t, newWire(reply(http.StatusOK,
		`{"results":[{"nodeProfileData":{"skypeId":"joe.4","x":1},"nodeProfileData/x":2}]}`))).SearchDirectory(t.Context(), "joe")
	require.NoError(t, err)
	assert.Equal(t, Extra{"nodeProfileData/x": raw(`1`), "nodeProfileData~1x": raw(`2`)}, found.Entries[0].Profile.Extra)
	old, err := newTestClient(t, newWire(reply(http.StatusOK,
		`[{"ContactCards":{"Skype":{"SkypeName":"joe.4"},"Lync":{"SkypeName":"j"}},"ContactCards/Lync/SkypeName":2}]`))).LegacySearchDirectory(t.Context(), "joe")
	require.NoError(t, err)
	assert.Equal(t, raw(`2`), old.Entries[0].Profile.Extra["ContactCards~1Lync~1SkypeName"])
	assert.Equal(t, raw(`"j"`), old.Entries[0].Profile.Extra["ContactCards/Lync/SkypeName"])
}

func TestReadAgent(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]Contact{
		`{"capabilities":["im.send"],"trust":"trusted","type":"participant"}`: {
			MRI: "28:concierge", Agent: &Agent{Capabilities: []string{"im.send"}, Trust: "trusted", Type: "participant"},
		},
		`{"info":{"trusted":true,"capabilities":["im.receive"],"stage":2}}`: {
			MRI: "28:concierge", Agent: &Agent{Capabilities: []string{"im.receive"}, Trusted: true}, Extra: Extra{"agent/info/stage": raw(`2`)},
		},
		`{"capabilities":["im.send"],"info":{"capabilities":["im.receive"]}}`: {
			MRI: "28:concierge", Agent: &Agent{Capabilities: []string{"im.send"}},
			Extra: Extra{"agent/info/capabilities": raw(`["im.receive"]`)},
		},
		`{"info":{"capabilities":["im.receive"]},"capabilities":["im.send"]}`: {
			MRI: "28:concierge", Agent: &Agent{Capabilities: []string{"im.send"}},
		},
		`{"capabilities":[],"info":{"capabilities":["im.receive"]}}`: {
			MRI: "28:concierge", Agent: &Agent{Capabilities: []string{"im.receive"}},
		},
		`null`:   {MRI: "28:concierge"},
		`"none"`: {MRI: "28:concierge", Extra: Extra{"agent": raw(`"none"`)}},
	} {
		var c Contact
		require.NoError(t, decodeBody([]byte(`{"mri":"28:concierge","agent":`+agent+`}`), func(r *reader) { readContact(r, &c) }))
		assert.Equal(t, want, c, agent)
	}
}

// An id is the identifier of an entry that has no other one.
func TestIdentifierInID(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]Contact{
		`{"id":"anna.7","name":{"first":"Anna","surname":"Cooper"},"suggested":true}`: {
			MRI: "8:anna.7", Suggested: true, Profile: Profile{Name: Name{First: "Anna", Last: "Cooper"}},
		},
		`{"id":"28:concierge","mri":null,"person_id":null}`:          {MRI: "28:concierge"},
		`{"id":"anna.7","person_id":"6c6b1f1e-0000-4000-8000-1234"}`: {MRI: "8:anna.7", PersonID: "6c6b1f1e-0000-4000-8000-1234"},
		`{"id":"1","person_id":"8:anna.7"}`:                          {MRI: "8:anna.7", PersonID: "8:anna.7", Extra: Extra{"id": raw(`"1"`)}},
		`{"id":"1","mri":"8:anna.7"}`:                                {MRI: "8:anna.7", Extra: Extra{"id": raw(`"1"`)}},
		`{"mri":"8:anna.7","id":"ANNA.7"}`:                           {MRI: "8:anna.7"},
		`{"mri":"8:anna.7","id":1,"name":"Anna"}`:                    {MRI: "8:anna.7", Extra: Extra{"id": raw(`1`), "name": raw(`"Anna"`)}},
	} {
		assert.Equal(t, want, *decoded(t, entry, func(r *reader, c *Contact) { readContact(r, c) }), entry)
		// Twice over the same contact, as a delta does.
		c := want
		require.NoError(t, decodeBody([]byte(entry), func(r *reader) { readContact(r, &c) }))
		assert.Equal(t, want, c, entry)
	}
	for _, entry := range []string{`{"id":null}`, `{"id":""}`, `{"id":7}`, `{"name":{"first":"Anna"}}`} {
		require.ErrorIs(t, decodeBody([]byte(entry), func(r *reader) { readContact(r, new(Contact)) }), errNoIdentifier, entry)
	}
}

// In a saved list an entry with an id is one of version 1, whose profile may be nested.
func TestIdentifierInSavedID(t *testing.T) {
	t.Parallel()
	var got []Contact
	for c, err := range ReadContacts(strings.NewReader(`{"contacts":[
		{"id":"concierge","type":"agent","display_name":"Skype","gender":"male"},
		{"id":"anna.7","display_name":"Anna","profile":{"jobtitle":"Baker","shoe":1}},
		{"mri":"8:joe.4","id":"1"}]}`)) {
		require.NoError(t, err)
		got = append(got, *c)
	}
	require.Equal(t, []Contact{
		{MRI: "28:concierge", DisplayName: "Skype", Profile: Profile{Gender: GenderMale}},
		{MRI: "8:anna.7", DisplayName: "Anna", Profile: Profile{JobTitle: "Baker", Extra: Extra{"shoe": raw(`1`)}}},
		{MRI: "8:joe.4", Extra: Extra{"id": raw(`"1"`)}},
	}, got)
}

func TestReadGroup(t *testing.T) {
	t.Parallel()
	var g Group
	var removed bool
	require.NoError(t, decodeBody([]byte(`{"id":"1","name":"Friends","is_favorite":true,"contacts":["joe.4","28:concierge"],"deleted":true,"color":"red"}`),
		func(r *reader) { removed = readGroup(r, &g) }))
	require.True(t, removed)
	require.Equal(t, Group{ID: "1", Name: "Friends", IsFavorite: true, Contacts: []MRI{"8:joe.4", "28:concierge"}, Extra: Extra{"color": raw(`"red"`)}}, g)
	require.NoError(t, decodeBody([]byte(`{"name":"Friends"}`), func(r *reader) { readGroup(r, &g) }), "the identifier is known")
	require.ErrorIs(t, decodeBody([]byte(`{"name":"Friends"}`), func(r *reader) { readGroup(r, new(Group)) }), errNoIdentifier)
}
