package skypecontacts

import (
	"testing"

	"github.com/stretchr/testify/assert"
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

func TestIsBot(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		c    Contact
		want bool
	}{{Contact{MRI: "28:concierge", Agent: &Agent{Trusted: true}}, true}, {Contact{MRI: "28:x"}, true}, {Contact{MRI: "8:x", Agent: &Agent{}}, true}, {Contact{MRI: "8:joe.4"}, false}} {
		assert.Equal(t, test.want, test.c.IsBot())
	}
	bot := Bot{ID: "concierge"}
	assert.True(t, bot.MRI().Equal("28:Concierge"))
}
