package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The services of profiles also send the word "null" for a missing value.
func TestReadNullable(t *testing.T) {
	t.Parallel()
	p, err := newTestClient(t, newWire(reply(200, `{"username":"fred.2","language":"null","gender":"null","country":"null"}`))).GetOwnProfile(t.Context())
	require.NoError(t, err)
	require.Equal(t, &Profile{MRI: "8:fred.2"}, p)
}

// What is read of a name replaces the parts that were sent; a name that was inferred
// from one field is inferred again.
func TestReadName(t *testing.T) {
	t.Parallel()
	inferred := Name{First: "Joe van", Last: "Bloggs", Inferred: true, Company: "Skype"}
	for _, test := range []struct {
		known Name
		sent  string
		want  Name
	}{
		{Name{}, `{"first":"Joe","surname":"Bloggs","nickname":"joey","company":"Skype","title":"Dr."}`, Name{First: "Joe", Last: "Bloggs", Nickname: "joey", Company: "Skype", Title: "Dr."}},
		{Name{}, `{"first":"Joe van Bloggs"}`, Name{First: "Joe van", Last: "Bloggs", Inferred: true}},
		{Name{}, `{"first":"Joe van","last":"Bloggs"}`, Name{First: "Joe van", Last: "Bloggs"}},
		{inferred, `{}`, inferred},
		{inferred, `null`, inferred},
		{inferred, `{"first":null}`, inferred},
		{inferred, `{"first":"Anna Maria Cooper"}`, Name{First: "Anna Maria", Last: "Cooper", Inferred: true, Company: "Skype"}},
		{inferred, `{"first":"Joe","surname":"Smith"}`, Name{First: "Joe", Last: "Smith", Company: "Skype"}},
		{Name{First: "Joe", Last: "Bloggs"}, `{"surname":"Smith"}`, Name{First: "Joe", Last: "Smith"}},
	} {
		got := test.known
		require.NoError(t, decodeBody([]byte(test.sent), func(r *reader) { readName(r, &got) }))
		assert.Equal(t, test.want, got, "%+v %s", test.known, test.sent)
	}
}

func TestReadLocations(t *testing.T) {
	t.Parallel()
	require.Equal(t, &[]Location{{Type: "home", City: "London", State: "England", Country: "GB"}, {CountryName: "France"}, {}},
		decoded(t, `[{"type":"home","city":"London","state":"England","country":"gb"},{"country":"France"},{"country":"null","city":null}]`, readLocations))
}

// The ID of a number that the account noted down is kept as text; nobody recorded one. A
// number of a profile has none.
func TestReadPhones(t *testing.T) {
	t.Parallel()
	var c Contact
	require.NoError(t, decodeBody([]byte(`{"mri":"8:joe.4","phones":[{"id":"a1","number":"+1","type":"home"},{"number":"+2","id":7},{"id":null},{"id":[1]}],"profile":{"phones":[{"number":"+3","type":2,"id":"1"}]}}`),
		func(r *reader) { readContact(r, &c) }))
	require.Equal(t, Contact{
		MRI: "8:joe.4", Phones: []Phone{{Number: "+1", Type: PhoneHome, ID: "a1"}, {Number: "+2", Type: PhoneOther, ID: "7"}, {Type: PhoneOther}, {Type: PhoneOther}},
		Profile: Profile{Phones: []Phone{{Number: "+3", Type: PhoneMobile}}, Extra: Extra{"phones/0/id": raw(`"1"`)}}, Extra: Extra{"phones/3/id": raw(`[1]`)},
	}, c)
}

func TestReadMood(t *testing.T) {
	t.Parallel()
	for members, want := range map[string]Mood{
		`"mood":"a &amp; b"`:                      {Plain: "a & b", Rich: "a &amp; b"},
		`"mood":"plain","richMood":"<b>rich</b>"`: {Plain: "rich", Rich: "<b>rich</b>"},
		`"mood":"plain","richMood":""`:            {Plain: "plain", Rich: "plain"},
		`"mood":"plain","richMood":null`:          {Plain: "plain", Rich: "plain"},
		`"richMood":"<b>rich</b>","mood":null`:    {Plain: "rich", Rich: "<b>rich</b>"},
		`"mood":7`:                                {},
	} {
		p := decoded(t, "{"+members+"}", func(r *reader, p *Profile) {
			for name := range r.members(&p.Extra) {
				readProfileMember(r, p, name)
			}
		})
		assert.Equal(t, want, p.Mood, members)
	}
}
