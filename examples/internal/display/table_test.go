package display

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, Table(&out, [][]string{
		{"NAME", "PHONES", "FLAGS"},
		{"Žofie Ćosić", "1\n22\n", "bot"},
		{"", "", ""},
		{"a\tb\rc", "\x1b[2J\u202e3", ""},
		{"日本語", "1", "bot"},
		{"Z\u030cofie 🎈", "2", "bot"},
	}))
	assert.Equal(t, ""+
		"NAME         PHONES  FLAGS\n"+
		"Žofie Ćosić  1       bot\n"+
		"             22\n"+
		"\n"+
		"\n"+
		"a b c        [2J3\n"+
		"日本語       1       bot\n"+
		"Z\u030cofie 🎈     2       bot\n", out.String())
}

func TestFields(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, Fields(&out, [][2]string{{"Name", "Joe"}, {"City", ""}, {"Phones", "1\n2"}}))
	assert.Equal(t, "Name:    Joe\nPhones:  1\n         2\n", out.String())
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	places := []skypecontacts.Location{{Type: "home"}, {CountryName: "Ireland"}, {City: "Rome", Country: "IT"}}
	assert.Equal(t, "Ireland", Country(places))
	assert.Equal(t, "IT", Country(places[2:]))
	assert.Empty(t, Country(places[:1]))
	assert.Equal(t, "Rome", City(places))
	assert.Empty(t, City(nil))
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		contact skypecontacts.Contact
		want    string
	}{
		{skypecontacts.Contact{Authorized: true}, ""},
		{skypecontacts.Contact{}, "pending"},
		{skypecontacts.Contact{Suggested: true, Blocked: true}, "suggested, blocked"},
		{skypecontacts.Contact{MRI: "28:concierge", Authorized: true, Favorite: true}, "favorite, bot"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, Flags(&tt.contact))
		})
	}
}

func TestSkipped(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	Skipped(&out, nil)
	assert.Empty(t, out.String())
	Skipped(&out, []skypecontacts.SkippedItem{{Index: 3, Err: skypecontacts.ErrDecode}})
	assert.Equal(t, "\n1 could not be decoded; the first of them: skypecontacts: entry 3 skipped: undecodable response\n", out.String())
}
