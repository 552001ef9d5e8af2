package skypetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// everythingSpelling chooses among all forms.
func everythingSpelling(seed uint64) spelling {
	return spelling{spellingSeed(seed), tableOf(StyleEverything)}
}

// The seed 0 has the first form of every member.
func TestPlainSpelling(t *testing.T) {
	t.Parallel()
	s, o := everythingSpelling(0), objectMembers{}
	s.setText(&o, profileTextMember, "text", "")
	s.setEmpty(&o, inviteEmptyMember, "empty", "")
	s.setText(&o, flatTextMember, "flatText", "")
	s.setFlag(&o, "flag", false)
	s.setList(&o, profileListMember, "list", nil)
	s.setList(&o, emailsMember, "emails", nil)
	s.setText(&o, profileTextMember, "name", "Fred")
	assert.Equal(t, objectMembers{{"flatText", nil}, {"flag", false}, {"emails", []any{}}, {"name", "Fred"}}, o)
	assert.Equal(t, "GB", s.letterCase("country", "gb"))
	added := time.Date(2016, time.November, 14, 4, 28, 12, 5, time.UTC)
	assert.Equal(t, "2016-11-14T04:28:12Z", s.formatTime(contactTimeMember, "time", added))
	assert.Equal(t, s, s.derived("1:person"))
	assert.NotEqual(t, everythingSpelling(7).derived("1:person"), everythingSpelling(7).derived("2:person"))
}

// Other seeds choose every form, and always the same one for the same member.
func TestSpellingForms(t *testing.T) {
	t.Parallel()
	at := time.Date(2016, time.November, 14, 4, 28, 12, 0, time.UTC)
	for name, test := range map[string]struct {
		form func(s spelling, o objectMembers) any
		want []string
	}{
		"text of a profile":      {func(s spelling, o objectMembers) any { s.setText(&o, profileTextMember, "x", ""); return o }, []string{"[]", "[{x <nil>}]"}},
		"text of a flat profile": {func(s spelling, o objectMembers) any { s.setText(&o, flatTextMember, "x", ""); return o }, []string{"[]", "[{x <nil>}]"}},
		"flag":                   {func(s spelling, o objectMembers) any { s.setFlag(&o, "x", false); return o }, []string{"[]", "[{x false}]"}},
		"list":                   {func(s spelling, o objectMembers) any { s.setList(&o, profileListMember, "x", nil); return o }, []string{"[]", "[{x <nil>}]", "[{x []}]"}},
		"letter case":            {func(s spelling, _ objectMembers) any { return s.letterCase("x", "gb") }, []string{"gb", "GB", "Gb"}},
		"time": {func(s spelling, _ objectMembers) any { return s.formatTime(contactTimeMember, "x", at) }, []string{
			"2016-11-14T04:28:12Z", "2016-11-14T04:28:12.00Z", "2016-11-14T04:28:12.000Z", "2016-11-14T04:28:12.000000Z", "2016-11-14T04:28:12.0000000Z",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forms := map[string]bool{}
			for seed := range uint64(500) {
				s := everythingSpelling(seed)
				form := fmt.Sprint(test.form(s, objectMembers{}))
				assert.Equal(t, form, fmt.Sprint(test.form(s, objectMembers{})))
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

// A form is as frequent as its share says.
func TestSpellingShares(t *testing.T) {
	t.Parallel()
	counts := map[memberForm]int{}
	table := tableOf(StyleEverything)
	for seed := uint64(1); seed <= 24_000; seed++ {
		counts[spelling{spellingSeed(seed * 0x9e3779b97f4a7c15), table}.form(goneMember)]++
	}
	assert.InDelta(t, 23_000, counts[formAbsent], 300)
	assert.InDelta(t, 1_000, counts[formSet], 300)
}

func TestSpellingIdentifiers(t *testing.T) {
	t.Parallel()
	assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, spellingSeed(7).uuid("person"))
	assert.NotEqual(t, spellingSeed(7).uuid("person"), spellingSeed(8).uuid("person"))
	assert.NotEqual(t, spellingSeed(7).certificate("email"), spellingSeed(7).certificate("phone"))
}
