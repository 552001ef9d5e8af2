package skypecontacts

import (
	"encoding/json"
	"net/http"
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
	mobile, other, own := Phone{"+1", PhoneMobile}, Phone{"+1", PhoneOther}, Phone{"+2", PhoneHome}
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
			MRI: "8:joe.4", Phones: []Phone{{"+1", PhoneOther}},
			Profile: Profile{Phones: []Phone{{"+2", PhoneMobile}, {"+1", PhoneHome}}},
		},
		{MRI: "8:anna.7", Profile: Profile{Phones: []Phone{{"+3", PhoneWork}}}},
		{MRI: "8:daisy.5", Phones: []Phone{{"+4", PhoneOther}}},
	}, list.Contacts)
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
		`null`:   {MRI: "28:concierge"},
		`"none"`: {MRI: "28:concierge", Extra: Extra{"agent": raw(`"none"`)}},
	} {
		var c Contact
		require.NoError(t, decodeBody([]byte(`{"mri":"28:concierge","agent":`+agent+`}`), func(r *reader) { readContact(r, &c) }))
		assert.Equal(t, want, c, agent)
	}
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
