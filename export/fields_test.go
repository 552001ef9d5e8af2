package export

import (
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

func TestNameParts(t *testing.T) {
	t.Parallel()
	named := func(name skypecontacts.Name) contact { return contact{Profile: skypecontacts.Profile{Name: name}} }
	tests := map[string]struct {
		contact     contact
		first, last string
	}{
		"both":                {contact{DisplayName: "JB", Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Title: "Dr"}}}, "Joe", "Bloggs"},
		"display name only":   {contact{DisplayName: "Joe van Bloggs"}, "Joe van", "Bloggs"},
		"first name only":     {named(skypecontacts.Name{First: "Joe"}), "Joe", ""},
		"last name only":      {named(skypecontacts.Name{Last: "Bloggs"}), "", "Bloggs"},
		"identifier only":     {contact{DisplayName: "joe.4"}, "joe.4", ""},
		"company only":        {named(skypecontacts.Name{Company: "Bloggs; Sons"}), "", ""},
		"nickname only":       {named(skypecontacts.Name{Nickname: "Joe the Great"}), "Joe the Great", ""},
		"profile name only":   {contact{Profile: skypecontacts.Profile{DisplayName: "Joe Bloggs"}}, "Joe", "Bloggs"},
		"number":              {contact{DisplayName: "+44 20 7946 0099"}, "+44 20 7946 0099", ""},
		"bot":                 {contact{DisplayName: "Concierge Bot", Agent: &skypecontacts.Agent{}}, "Concierge Bot", ""},
		"last name first":     {contact{DisplayName: "van Bloggs, Joe"}, "Joe", "van Bloggs"},
		"suffix":              {contact{DisplayName: "Joe Bloggs, Jr."}, "Joe Bloggs,", "Jr."},
		"two commas":          {contact{DisplayName: "Joe, Anna, Fred"}, "Joe, Anna,", "Fred"},
		"reserved characters": {named(skypecontacts.Name{First: "J;o", Last: "B,s"}), "J;o", "B,s"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.contact.MRI = "8:joe.4"
			first, last := nameParts(&test.contact)
			require.Equal(t, [2]string{test.first, test.last}, [2]string{first, last})
			require.Contains(t, writeContacts(t, VCard3, Options{Bots: true, NoFold: true}, &test.contact), "\r\nFN:"+string(appendEscaped(nil, test.contact.FullName()))+"\r\n")
		})
	}
}
