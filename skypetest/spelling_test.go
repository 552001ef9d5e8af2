package skypetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The seed 0 has the form of the documentation for every member.
func TestDocumentedSpelling(t *testing.T) {
	t.Parallel()
	s, o := spellingSeed(0), jsonObject{}
	s.setText(o, "text", "")
	s.setEmpty(o, "empty")
	s.setProfileText(o, "profileText", "")
	s.setFlag(o, "flag", false)
	s.setList(o, "list", nil)
	s.setText(o, "name", "Fred")
	assert.Equal(t, jsonObject{"profileText": nil, "flag": false, "name": "Fred"}, o)
	assert.Equal(t, "GB", s.letterCase("country", "gb"))
	assert.Equal(t, "2016-11-14T04:28:12Z", s.formatTime("time", time.Date(2016, time.November, 14, 4, 28, 12, 5, time.UTC)))
}

// Other seeds choose every form, and always the same one for the same member.
func TestSpellingForms(t *testing.T) {
	t.Parallel()
	at := time.Date(2016, time.November, 14, 4, 28, 12, 0, time.UTC)
	for name, test := range map[string]struct {
		form func(s spellingSeed, o jsonObject) any
		want []string
	}{
		"setText":        {func(s spellingSeed, o jsonObject) any { s.setText(o, "x", ""); return o }, []string{"map[]", "map[x:<nil>]"}},
		"setProfileText": {func(s spellingSeed, o jsonObject) any { s.setProfileText(o, "x", ""); return o }, []string{"map[]", "map[x:<nil>]", "map[x:null]"}},
		"setFlag":        {func(s spellingSeed, o jsonObject) any { s.setFlag(o, "x", false); return o }, []string{"map[]", "map[x:false]"}},
		"setList":        {func(s spellingSeed, o jsonObject) any { s.setList(o, "x", nil); return o }, []string{"map[]", "map[x:<nil>]", "map[x:[]]"}},
		"letterCase":     {func(s spellingSeed, _ jsonObject) any { return s.letterCase("x", "gb") }, []string{"gb", "GB", "Gb"}},
		"formatTime": {func(s spellingSeed, _ jsonObject) any { return s.formatTime("x", at) }, []string{
			"2016-11-14T04:28:12Z", "2016-11-14T04:28:12.00Z", "2016-11-14T04:28:12.000Z", "2016-11-14T04:28:12.000000Z", "2016-11-14T04:28:12.0000000Z",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forms := map[string]bool{}
			for s := range spellingSeed(500) {
				form := fmt.Sprint(test.form(s, jsonObject{}))
				assert.Equal(t, form, fmt.Sprint(test.form(s, jsonObject{})))
				forms[form] = true
			}
			want := map[string]bool{}
			for _, form := range test.want {
				want[form] = true
			}
			assert.Equal(t, want, forms)
		})
	}
}

func TestSpellingIdentifiers(t *testing.T) {
	t.Parallel()
	assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, spellingSeed(7).uuid("person"))
	assert.NotEqual(t, spellingSeed(7).uuid("person"), spellingSeed(8).uuid("person"))
	assert.NotEqual(t, spellingSeed(7).certificate("email"), spellingSeed(7).certificate("phone"))
}
