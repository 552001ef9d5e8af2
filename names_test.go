package skypecontacts

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSplitName(t *testing.T) {
	t.Parallel()
	for full, want := range map[string][2]string{
		"":                        {"", ""},
		"   ":                     {"", ""},
		"Joe":                     {"Joe", ""},
		"Joe Bloggs":              {"Joe", "Bloggs"},
		"  Joe   van \t Bloggs  ": {"Joe van", "Bloggs"},
		"María José\u00a0Álvarez": {"María José", "Álvarez"},
		"山田\u3000太郎":              {"山田", "太郎"},
		"Joe\nBloggs":             {"Joe", "Bloggs"},
		"Dr. J. R.":               {"Dr. J.", "R."},
	} {
		first, last := SplitName(full)
		assert.Equal(t, want, [2]string{first, last}, "%q", full)
	}
}

func TestFullName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		c    Contact
		want string
	}{
		{"display name", Contact{MRI: "8:joe.4", DisplayName: " Joe Bloggs ", Profile: Profile{Name: Name{First: "Joseph"}}}, "Joe Bloggs"},
		{"blank display name", Contact{MRI: "8:joe.4", DisplayName: " ", Profile: Profile{Name: Name{First: "Joe", Last: "Bloggs"}}}, "Joe Bloggs"},
		{"display name is the id", Contact{MRI: "8:joe.4", DisplayName: "JOE.4", Profile: Profile{Name: Name{Last: "Bloggs"}}}, "Bloggs"},
		{"display name is the MRI", Contact{MRI: "8:joe.4", DisplayName: "8:Joe.4", Profile: Profile{Name: Name{Nickname: "joe"}}}, "joe"},
		{"display name of the profile", Contact{MRI: "8:joe.4", Profile: Profile{DisplayName: "Joe B.", Name: Name{First: "Joe"}}}, "Joe B."},
		{"company", Contact{MRI: "28:concierge", Profile: Profile{Name: Name{Company: "Skype"}}}, "Skype"},
		{"phone", Contact{MRI: "4:+442099887766", DisplayName: "+442099887766"}, "+442099887766"},
		{"nothing", Contact{MRI: "8:live:.cid.1f"}, "live:.cid.1f"},
	} {
		assert.Equal(t, test.want, test.c.FullName(), test.name)
	}
	p := Profile{MRI: "8:joe.4", DisplayName: "joe.4", Name: Name{First: "Joe"}}
	assert.Equal(t, "Joe", p.FullName())
}

func TestNameFull(t *testing.T) {
	t.Parallel()
	for want, name := range map[string]Name{
		"Joe van Bloggs": {First: " Joe van ", Last: "Bloggs ", Nickname: "joey", Company: "Skype", Title: "Dr."},
		"Joe":            {First: "Joe"},
		"Bloggs":         {Last: "Bloggs"},
		"":               {First: " ", Last: "\t", Nickname: "joey", Company: "Skype"},
	} {
		assert.Equal(t, want, name.Full())
	}
	whole := Name{First: "Joe van Bloggs"}
	whole.inferLast()
	assert.Equal(t, Name{First: "Joe van", Last: "Bloggs", Inferred: true}, whole)
	assert.Equal(t, "Joe van Bloggs", whole.Full())
}

func FuzzName(f *testing.F) { fuzzTargets(f)["Name"].Fuzz(f) }

// The parts of a name joined are the name, but for its white space.
func checkName(tb testing.TB, input []byte) {
	first, last := SplitName(string(input))
	words := strings.Fields(string(input))
	require.Equal(tb, strings.Join(words, " "), strings.TrimSpace(first+" "+last))
	require.False(tb, strings.ContainsFunc(last, unicode.IsSpace))
	require.Equal(tb, len(words) > 1, last != "")
	n := Name{First: string(input)}
	n.inferLast()
	require.Equal(tb, last != "", n.Inferred)
	again := n
	again.inferLast()
	require.Equal(tb, n, again)
}
