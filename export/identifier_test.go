package export

import (
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestContactUID(t *testing.T) {
	t.Parallel()
	require.Equal(t, "urn:uuid:5085a710-0f93-89fc-aede-667d37c5bd2f", UID("8:joe.4"))
	require.Equal(t, UID("8:joe.4"), UID("8:Joe.4"))
	require.Equal(t, UID("8:joe.4"), UID("joe.4"))
	require.NotEqual(t, UID("8:joe.4"), UID("28:joe.4"))
	require.Regexp(t, `^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, UID("8:anna.7"))
}

// Letters that Unicode takes for the same without being so are two people.
func TestContactUIDOtherLetters(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]skypecontacts.MRI{
		{"8:kate", "8:\u212aate"}, {"8:jess", "8:je\u017fs"}, {"8:live:ida", "8:live:\u0130da"}, {"8:\u00e9", "8:\u00c9"}, {"8:\u00e5", "8:\u212b"},
	} {
		require.NotEqual(t, UID(pair[0]), UID(pair[1]))
		var out strings.Builder
		report, err := Write(&out, VCard4, contactSequence(&contact{MRI: pair[0]}, &contact{MRI: pair[1]}), Options{})
		require.NoError(t, err)
		require.Equal(t, Report{Read: 2, Written: 2, NotHeld: map[string]int{}}, report, "%+q", pair)
	}
}

func TestContactAccount(t *testing.T) {
	t.Parallel()
	for id, want := range map[skypecontacts.MRI]chatAccount{
		"8:joe.4":               {"Skype", "joe.4", "skype:joe.4"},
		"joe.4":                 {"Skype", "joe.4", "skype:joe.4"},
		"8:live:.cid.1f":        {"Skype", "live:.cid.1f", "skype:live:.cid.1f"},
		`8:a,b;c d"e^f`:         {"Skype", `a,b;c d"e^f`, "skype:a%2Cb%3Bc%20d%22e%5Ef"},
		"28:concierge":          {"Skype", "28:concierge", "skype:28:concierge"},
		"2:anna@office.example": {"Skype for Business", "anna@office.example", "sip:anna@office.example"},
		"2:a b@office.example":  {"Skype for Business", "a b@office.example", "sip:a%20b@office.example"},
		"4:+442079460099":       {},
	} {
		require.Equal(t, want, contactAccount(&contact{MRI: id}), id)
	}
}

// An account of Skype for Business is called by SIP and has a mail address, not a Skype name.
func TestSkypeForBusiness(t *testing.T) {
	t.Parallel()
	const head = "type,id,display_name\nSkypeForBusiness,"
	for _, address := range []string{"anna@office.example", "fred.2+sales@office.example", "o'neil@office.example"} {
		for format, want := range map[Format][]string{
			VCard3:     {"\r\nIMPP:sip:" + address + "\r\n", "\r\nEMAIL;TYPE=INTERNET:" + address + "\r\n"},
			VCard4:     {"\r\nIMPP:sip:" + address + "\r\n", "\r\nEMAIL:" + address + "\r\n"},
			JSContact:  {`"service":"Skype for Business","user":"` + address + `","uri":"sip:` + address + `"`, `"emails":{"1":{"address":"` + address + `"}}`},
			GoogleCSV:  {",Other," + address + ",", ",Skype for Business," + address + "\r\n"},
			OutlookCSV: {"," + address + ",", ",Skype for Business: " + address + ","},
		} {
			var out strings.Builder
			_, err := Write(&out, format, ReadCSV(strings.NewReader(head+address+",Anna at work\n")), Options{NoFold: true})
			require.NoError(t, err)
			for _, text := range want {
				require.Contains(t, out.String(), text, format)
			}
			require.NotContains(t, out.String(), "skype:", format)
			require.NotContains(t, out.String(), "X-SKYPE", format)
		}
	}
}
