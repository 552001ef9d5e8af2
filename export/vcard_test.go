package export

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func writeString(t *testing.T, format Format, opts Options, contacts ...*contact) string {
	t.Helper()
	var out bytes.Buffer
	report, err := Write(&out, format, sequence(contacts...), opts)
	require.NoError(t, err)
	require.Equal(t, len(contacts), report.Written)
	return out.String()
}

func TestVCardLinesAreFolded(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"a", "é", "日", "🎈", "aé日🎈", ","} {
		for length := range 200 {
			note := strings.Repeat("x", length%5) + strings.Repeat(unit, length)
			c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{About: note}}
			file := writeString(t, VCard3, Options{}, c)
			for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
				require.LessOrEqual(t, len(line), 75)
				require.True(t, utf8.ValidString(line), "a character is cut")
				require.NotEqual(t, " ", line)
			}
			unfolded := writeString(t, VCard3, Options{NoFold: true}, c)
			require.Equal(t, unfolded, strings.ReplaceAll(file, "\r\n ", ""))
			if note != "" {
				require.Contains(t, unfolded, "NOTE:"+strings.ReplaceAll(note, ",", `\,`)+"\r\n")
			}
		}
	}
}

// The name of most accounts made with Microsoft has a colon, which ends the
// parameters of a line unless it is quoted.
func TestVCardSkypeNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		id             skypecontacts.MRI
		name, uri      string
		user, property string // in version 4
	}{
		"plain":      {"8:joe.4", "joe.4", "skype:joe.4", "joe.4", "IMPP;SERVICE-TYPE=Skype;USERNAME=joe.4:skype:joe.4"},
		"live":       {"8:live:.cid.1f", "live:.cid.1f", "skype:live:.cid.1f", "live:.cid.1f", `IMPP;SERVICE-TYPE=Skype;USERNAME="live:.cid.1f":skype:live:.cid.1f`},
		"odd":        {`8:a,b;c d"e^f`, `a,b;c d"e^f`, "skype:a%2Cb%3Bc%20d%22e%5Ef", `a`, `IMPP;SERVICE-TYPE=Skype;USERNAME="a,b;c d^'e^^f":skype:a%2Cb%3Bc%20d%22e%5Ef`},
		"bot":        {"28:concierge", "28:concierge", "skype:28:concierge", "28:concierge", `IMPP;SERVICE-TYPE=Skype;USERNAME="28:concierge":skype:28:concierge`},
		"telephone":  {"4:+442079460099", "", "", "", ""},
		"bare":       {"joe.4", "joe.4", "skype:joe.4", "joe.4", "IMPP;SERVICE-TYPE=Skype;USERNAME=joe.4:skype:joe.4"},
		"line break": {"8:a\nb", "a\nb", "skype:a%0Ab", "ab", "IMPP;SERVICE-TYPE=Skype;USERNAME=ab:skype:a%0Ab"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &contact{MRI: test.id, DisplayName: "Somebody"}
			for _, format := range []Format{VCard3, VCard4} {
				file := writeString(t, format, Options{Bots: true, NoFold: true}, c)
				card, err := vcard.NewDecoder(strings.NewReader(file)).Decode()
				require.NoError(t, err)
				require.Equal(t, strings.ReplaceAll(test.name, ";", `\;`), card.Value("X-SKYPE"))
				require.Equal(t, test.uri, card.Value("IMPP"))
				require.Equal(t, "Somebody", card.Value("FN"))
				switch {
				case test.name == "":
					require.Equal(t, "+442079460099", card.Value("TEL"))
				case format == VCard3:
					require.Equal(t, "Skype", card.Get("IMPP").Params.Get("X-SERVICE-TYPE"))
				default:
					require.Equal(t, "Skype", card.Get("IMPP").Params.Get("SERVICE-TYPE"))
					require.Equal(t, test.user, card.Get("IMPP").Params.Get("USERNAME"))
					require.Contains(t, file, test.property+"\r\n")
				}
			}
		})
	}
}

func TestVCardText(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`a,b;c\d:"e"`:           `a\,b\;c\\d:"e"`,
		"a\r\nb\nc\rd\r\r\ne":   `a\nb\nc\nd\n\ne`,
		"a\x00b\x1b\x7fc\td":    "abc\td",
		"a\vb\fc":               `a\nb\nc`,
		"caf\xe9":               "caf\uFFFD",
		"é🎈\u2028":              "é🎈\u2028",
		"\\n":                   `\\n`,
		"BEGIN:VCARD\nFN:other": `BEGIN:VCARD\nFN:other`,
	}
	for text, want := range tests {
		require.Equal(t, want, string(appendEscaped(nil, text)))
	}
}

func TestVCardAvatarsAndHomepage(t *testing.T) {
	t.Parallel()
	c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{
		Homepage: "https://joe.example/a,b;c\r\nNOTE:no", AvatarURL: " https://avatar.example/joe 4",
	}}
	for format, want := range map[Format]string{
		VCard3: "URL:https://joe.example/a\\,b\\;c%0D%0ANOTE:no\r\nPHOTO;VALUE=uri:https://avatar.example/joe%204\r\n",
		VCard4: "URL:https://joe.example/a,b;c%0D%0ANOTE:no\r\nPHOTO:https://avatar.example/joe%204\r\n",
	} {
		require.Contains(t, writeString(t, format, Options{Avatars: true}, c), want)
		require.NotContains(t, writeString(t, format, Options{}, c), "PHOTO")
	}
}

func TestTelephones(t *testing.T) {
	t.Parallel()
	c := &contact{MRI: "4:+442079460099", DisplayName: "Dentist"}
	for _, kind := range []skypecontacts.PhoneType{"mobile", "home", "work", "fax", "pager", "other", "satellite"} {
		c.Profile.Phones = append(c.Profile.Phones, skypecontacts.Phone{Number: "44 20 7946 0099", Type: kind})
	}
	file := writeString(t, VCard3, Options{}, c)
	require.Contains(t, file, "\r\nTEL;TYPE=CELL:44 20 7946 0099\r\nTEL;TYPE=HOME:44 20 7946 0099\r\nTEL;TYPE=WORK:44 20 7946 0099"+
		"\r\nTEL;TYPE=FAX:44 20 7946 0099\r\nTEL;TYPE=PAGER:44 20 7946 0099\r\nTEL;TYPE=VOICE:44 20 7946 0099\r\nTEL;TYPE=VOICE:44 20 7946 0099\r\nEND")
	file = writeString(t, JSContact, Options{}, c)
	for _, kind := range []string{`,"features":{"mobile":true}`, `,"contexts":{"private":true}`, `,"contexts":{"work":true}`, `,"features":{"fax":true}`, `,"features":{"pager":true}`, "", `,"label":"satellite"`} {
		require.Contains(t, file, `{"number":"44 20 7946 0099"`+kind+"}")
	}
}

func TestHomepages(t *testing.T) {
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

func TestVCardNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contact contact
		fn, n   string
	}{
		"both":             {contact{DisplayName: "JB", Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Title: "Dr"}}}, "JB", "Bloggs;Joe;;Dr;"},
		"display only":     {contact{DisplayName: "Joe van Bloggs"}, "Joe van Bloggs", "Bloggs;Joe van;;;"},
		"first only":       {contact{Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Joe"}}}, "Joe", ";Joe;;;"},
		"last only":        {contact{Profile: skypecontacts.Profile{Name: skypecontacts.Name{Last: "Bloggs"}}}, "Bloggs", "Bloggs;;;;"},
		"id only":          {contact{DisplayName: "joe.4"}, "joe.4", ";joe.4;;;"},
		"company only":     {contact{Profile: skypecontacts.Profile{Name: skypecontacts.Name{Company: "Bloggs; Sons"}}}, `Bloggs\; Sons`, `;;;;`},
		"nickname only":    {contact{Profile: skypecontacts.Profile{Name: skypecontacts.Name{Nickname: "Joe the Great"}}}, "Joe the Great", ";Joe the Great;;;"},
		"profile display":  {contact{Profile: skypecontacts.Profile{DisplayName: "Joe Bloggs"}}, "Joe Bloggs", "Bloggs;Joe;;;"},
		"number":           {contact{DisplayName: "+44 20 7946 0099"}, "+44 20 7946 0099", ";+44 20 7946 0099;;;"},
		"bot":              {contact{DisplayName: "Concierge Bot", Agent: &skypecontacts.Agent{}}, "Concierge Bot", ";Concierge Bot;;;"},
		"last name first":  {contact{DisplayName: "van Bloggs, Joe"}, `van Bloggs\, Joe`, "van Bloggs;Joe;;;"},
		"suffix":           {contact{DisplayName: "Joe Bloggs, Jr."}, `Joe Bloggs\, Jr.`, `Jr.;Joe Bloggs\,;;;`},
		"two commas":       {contact{DisplayName: "Joe, Anna, Fred"}, `Joe\, Anna\, Fred`, `Fred;Joe\, Anna\,;;;`},
		"semicolon inside": {contact{Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "J;o", Last: "B,s"}}}, `J\;o B\,s`, `B\,s;J\;o;;;`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.contact.MRI = "8:joe.4"
			file := writeString(t, VCard3, Options{Bots: true}, &test.contact)
			require.Contains(t, file, "\r\nFN:"+test.fn+"\r\nN:"+test.n+"\r\n")
		})
	}
}

func TestVCard4Gender(t *testing.T) {
	t.Parallel()
	for gender, want := range map[skypecontacts.Gender]string{"male": "M", "female": "F", "both": ";both"} {
		file := writeString(t, VCard4, Options{}, &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Gender: gender}})
		require.Contains(t, file, "\r\nGENDER:"+want+"\r\n")
	}
}
