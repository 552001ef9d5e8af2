package export

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestHomepageURI(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                      "",
		"https://joe.example/?a=1,2&b=%20":      "https://joe.example/?a=1,2&b=%20",
		" http://localhost:8080/ ":              "http://localhost:8080/",
		"https://joe.example/my page;x":         "https://joe.example/my%20page;x",
		"joe.example":                           "https://joe.example",
		"joe.example:8080/é?u=http://b.example": "https://joe.example:8080/%C3%A9?u=http://b.example",
		"just a text":                           "",
		"text":                                  "",
		"one.two three":                         "",
		"joe@mail.example":                      "",
		"javascript:alert(1)":                   "",
		"https://":                              "",
		"https://joe.example/<\xff\">":          "https://joe.example/%3C%EF%BF%BD%22%3E",
	} {
		require.Equal(t, want, homepageURI(&contact{Profile: skypecontacts.Profile{Homepage: text}}), text)
	}
}

func TestBlankItems(t *testing.T) {
	t.Parallel()
	empty := &contact{MRI: "8:joe.4"}
	blank := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{
		Phones: []skypecontacts.Phone{{Type: "home"}, {Number: " "}}, Emails: []string{"", " "},
		Locations: []skypecontacts.Location{{}, {Type: "home"}, {Type: "boat"}}, Birthday: skypecontacts.Date{Year: 1987}, Homepage: " ",
	}}
	for format := range formatTable {
		if format == HTML { // which has the parts of a date
			empty.Profile.Birthday = blank.Profile.Birthday
		} else {
			empty.Profile.Birthday = skypecontacts.Date{}
		}
		if format != JSONLines {
			require.Equal(t, writeContacts(t, format, Options{}, empty), writeContacts(t, format, Options{}, blank), format)
		}
	}
	require.Len(t, blank.Profile.Phones, 2, "the list of the caller is not changed")
}

func TestPlainPhoneNumber(t *testing.T) {
	t.Parallel()
	require.Equal(t, "442079460099", plainPhoneNumber("+44 (20) 7946-00.99"))
	require.Equal(t, "442079460099", plainPhoneNumber("442079460099"))
	require.Equal(t, "02079460099", plainPhoneNumber("02079460099"))
}

func TestContactEmails(t *testing.T) {
	t.Parallel()
	for want, emails := range map[string][]string{
		"anna@office.example":                      nil,
		"Anna@Office.example":                      {"Anna@Office.example"},
		"a@mail.example anna@office.example":       {"a@mail.example", " "},
		"a@mail.example anna@office.example b@c.d": {"a@mail.example", "anna@office.example", "b@c.d"},
	} {
		c := &contact{MRI: "2:anna@office.example", Profile: skypecontacts.Profile{Emails: emails}}
		require.Equal(t, want, strings.Join(contactEmails(c), " "))
	}
	for _, id := range []skypecontacts.MRI{"2:anna", "8:live:anna@office.example", "4:+442079460099"} {
		require.Empty(t, contactEmails(&contact{MRI: id}), id)
	}
	list := append(make([]string, 0, 8), "a@mail.example")
	contactEmails(&contact{MRI: "2:anna@office.example", Profile: skypecontacts.Profile{Emails: list}})
	require.Empty(t, list[:2][1], "the list of the caller is not changed")
}

func TestContactNote(t *testing.T) {
	t.Parallel()
	mood := skypecontacts.Mood{Plain: "at the seaside", Rich: "at the <i>seaside</i>"}
	tests := map[string]struct {
		profile            skypecontacts.Profile
		without, withMoods string
	}{
		"neither":   {skypecontacts.Profile{}, "", ""},
		"about":     {skypecontacts.Profile{About: "Tea"}, "Tea", "Tea"},
		"mood":      {skypecontacts.Profile{Mood: mood}, "", "Mood: at the seaside"},
		"both":      {skypecontacts.Profile{About: "Tea", Mood: mood}, "Tea", "Tea\n\nMood: at the seaside"},
		"only rich": {skypecontacts.Profile{Mood: skypecontacts.Mood{Rich: "(smile)"}}, "", "Mood: (smile)"},
		"blank":     {skypecontacts.Profile{About: "Tea", Mood: skypecontacts.Mood{Plain: " "}}, "Tea", "Tea"},
	}
	for name, test := range tests {
		c := &contact{MRI: "8:joe.4", Profile: test.profile}
		require.Equal(t, [2]string{test.without, test.withMoods}, [2]string{contactNote(c, false), contactNote(c, true)}, name)
	}
}
