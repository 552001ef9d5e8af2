package export

import (
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/require"
)

func TestVCardFolding(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"a", "é", "日", "🎈", "aé日🎈", ","} {
		for length := range 200 {
			note := strings.Repeat("x", length%5) + strings.Repeat(unit, length)
			c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{About: note}}
			file := writeContacts(t, VCard3, Options{}, c)
			for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
				require.LessOrEqual(t, len(line), 75)
				require.True(t, utf8.ValidString(line), "a character is cut")
				require.NotEqual(t, " ", line)
			}
			unfolded := writeContacts(t, VCard3, Options{NoFold: true}, c)
			require.Equal(t, unfolded, strings.ReplaceAll(file, "\r\n ", ""))
			if note != "" {
				require.Contains(t, unfolded, "NOTE:"+strings.ReplaceAll(note, ",", `\,`)+"\r\n")
			}
		}
	}
}

// The Skype name of a Microsoft account has a colon, which ends the parameters of a
// property unless it is quoted.
func TestVCardSkypeNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		id             skypecontacts.MRI
		name, uri      string
		user, property string // in version 4
	}{
		"plain":               {"8:joe.4", "joe.4", "skype:joe.4", "joe.4", "IMPP;SERVICE-TYPE=Skype;USERNAME=joe.4:skype:joe.4"},
		"live":                {"8:live:.cid.1f", "live:.cid.1f", "skype:live:.cid.1f", "live:.cid.1f", `IMPP;SERVICE-TYPE=Skype;USERNAME="live:.cid.1f":skype:live:.cid.1f`},
		"reserved characters": {`8:a,b;c d"e^f`, `a,b;c d"e^f`, "skype:a%2Cb%3Bc%20d%22e%5Ef", `a`, `IMPP;SERVICE-TYPE=Skype;USERNAME="a,b;c d^'e^^f":skype:a%2Cb%3Bc%20d%22e%5Ef`},
		"bot":                 {"28:concierge", "28:concierge", "skype:28:concierge", "28:concierge", `IMPP;SERVICE-TYPE=Skype;USERNAME="28:concierge":skype:28:concierge`},
		"phone":               {"4:+442079460099", "", "", "", ""},
		"no prefix":           {"joe.4", "joe.4", "skype:joe.4", "joe.4", "IMPP;SERVICE-TYPE=Skype;USERNAME=joe.4:skype:joe.4"},
		"line break":          {"8:a\nb", "a\nb", "skype:a%0Ab", "ab", "IMPP;SERVICE-TYPE=Skype;USERNAME=ab:skype:a%0Ab"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &contact{MRI: test.id, DisplayName: "Somebody"}
			for _, format := range []Format{VCard3, VCard4} {
				file := writeContacts(t, format, Options{Bots: true, NoFold: true}, c)
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

func TestAppendEscaped(t *testing.T) {
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

func TestVCardURIs(t *testing.T) {
	t.Parallel()
	c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{
		Homepage: "https://joe.example/a,b;c\r\nNOTE:no", AvatarURL: " https://avatar.example/joe 4,;",
	}}
	for format, want := range map[Format]string{
		VCard3: "URL:https://joe.example/a%2Cb%3Bc%0D%0ANOTE:no\r\nPHOTO;VALUE=uri:https://avatar.example/joe%204%2C%3B\r\n",
		VCard4: "URL:https://joe.example/a%2Cb%3Bc%0D%0ANOTE:no\r\nPHOTO:https://avatar.example/joe%204%2C%3B\r\n",
	} {
		require.Contains(t, writeContacts(t, format, Options{Avatars: true}, c), want)
		require.NotContains(t, writeContacts(t, format, Options{}, c), "PHOTO")
	}
}

func TestVCardPhones(t *testing.T) {
	t.Parallel()
	file := writeContacts(t, VCard3, Options{}, phoneContact())
	require.Contains(t, file, "\r\nTEL;TYPE=CELL:44 20 7946 0099\r\nTEL;TYPE=HOME:44 20 7946 0099\r\nTEL;TYPE=WORK:44 20 7946 0099"+
		"\r\nTEL;TYPE=FAX:44 20 7946 0099\r\nTEL;TYPE=PAGER:44 20 7946 0099\r\nTEL;TYPE=VOICE:44 20 7946 0099\r\nTEL;TYPE=VOICE:44 20 7946 0099\r\nEND")
}

func TestVCardNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contact contact
		fn, n   string
	}{
		"both":                {contact{DisplayName: "JB", Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "Joe", Last: "Bloggs", Title: "Dr"}}}, "JB", "Bloggs;Joe;;Dr;"},
		"company only":        {contact{Profile: skypecontacts.Profile{Name: skypecontacts.Name{Company: "Bloggs; Sons"}}}, `Bloggs\; Sons`, `;;;;`},
		"suffix":              {contact{DisplayName: "Joe Bloggs, Jr."}, `Joe Bloggs\, Jr.`, `Bloggs;Joe;;;Jr.`},
		"reserved characters": {contact{Profile: skypecontacts.Profile{Name: skypecontacts.Name{First: "J;o", Last: "B,s"}}}, `J\;o B\,s`, `B\,s;J\;o;;;`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.contact.MRI = "8:joe.4"
			file := writeContacts(t, VCard3, Options{Bots: true}, &test.contact)
			require.Contains(t, file, "\r\nFN:"+test.fn+"\r\nN:"+test.n+"\r\n")
		})
	}
}

func TestVCard4Gender(t *testing.T) {
	t.Parallel()
	for gender, want := range map[skypecontacts.Gender]string{"male": "M", "female": "F", "both": ";both"} {
		file := writeContacts(t, VCard4, Options{}, &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Gender: gender}})
		require.Contains(t, file, "\r\nGENDER:"+want+"\r\n")
	}
}

func TestVCardRoundTripGoVCard(t *testing.T) {
	t.Parallel()
	// go-vcard does not unescape semicolons.
	escape := func(s string) string { return strings.ReplaceAll(s, ";", `\;`) }
	contacts := importers.Contacts()
	for _, format := range []Format{VCard3, VCard4} {
		cards := vcard.NewDecoder(convertCSV(t, contacts, format))
		for i, want := range importedPeople(contacts, vcardPhoneTypes) {
			card, err := cards.Decode()
			require.NoError(t, err)
			got := map[string]string{}
			for name, fields := range card {
				for _, field := range fields {
					got[strings.TrimSuffix(name+" "+field.Params.Get("TYPE"), " ")] = field.Value
				}
			}
			expected := map[string]string{
				"VERSION": "3.0", "UID": want.UID, "FN": escape(want.Shown), "N": escape(want.Last) + ";" + escape(want.First) + ";;;" + escape(want.Suffix),
				"X-SKYPE": want.Skype, "X-SKYPE-USERNAME": want.Skype, "IMPP": want.Chat, "PRODID": "-//skypecontacts//export//EN", "BDAY": want.Birthday,
				"NICKNAME": escape(want.Nickname), "ORG": escape(want.Company), "URL": vcardURI(want.Homepage), "NOTE": escape(want.Note),
			}
			if format == VCard4 {
				expected["VERSION"], expected["CREATED"] = "4.0", contacts[i].CreatedAt.Format("20060102T150405Z")
				expected["BDAY"] = strings.ReplaceAll(want.Birthday, "-", "")
				expected["GENDER"] = map[skypecontacts.Gender]string{"female": "F"}[contacts[i].Profile.Gender]
				require.Equal(t, want.Skype, card.Get("IMPP").Params.Get("USERNAME"))
			}
			if want.Place != [3]string{} {
				l := contacts[i].Profile.Locations[0]
				expected[strings.TrimSpace("ADR "+strings.ToUpper(l.Type))] = ";;;" + escape(want.Place[0]) + ";" + escape(want.Place[1]) + ";;" + want.Place[2]
			}
			for _, phone := range want.Phones {
				expected["TEL "+phone[0]] = phone[1]
			}
			for name, value := range expected {
				if value == "" {
					delete(expected, name)
				}
			}
			require.Equal(t, expected, got)
		}
		_, err := cards.Decode()
		require.Equal(t, io.EOF, err)
	}
}

// These people lost a Skype name, a note, an address or a company on Android (issue 11,
// cases 01 and 02).
func TestVCardAndroidCases(t *testing.T) {
	t.Parallel()
	const file = `type,id,display_name,profile.locations[0].country,profile.locations[0].city,profile.name.first,profile.name.surname,profile.name.company,profile.about,profile.website
Skype,joe.4,Joe Bloggs,gb,Leeds,Joe,Bloggs,,"A keen sailor who likes tea and scones and takes the boat out on most Saturdays when the weather is fine",
Skype,anna.7,Anna Cooper,us,Boston,Anna,Cooper,,,https://anna.example/a/very/long/address/that/does/not/fit/on/one/line/of/a/vcard
Skype,fred.2,Fred Two,,,Fred,Two,ACME,"A keen sailor who likes tea and scones and takes the boat out on most Saturdays when the weather is fine",
Skype,live:daisy.5.with.a.long.identifier.that.is.longer.than.usual,Daisy Five,,,Daisy,Five,ACME,,
`
	note := []string{"A keen sailor who likes tea and scones and takes the boat out on most Saturdays when the weather is fine"}
	want := []importers.AndroidPerson{
		{Formatted: "Joe Bloggs", Name: [5]string{"Bloggs", "Joe"}, Places: [][7]string{{3: "Leeds", 6: "United Kingdom"}}, Notes: note, Skype: []string{"joe.4"}},
		{Formatted: "Anna Cooper", Name: [5]string{"Cooper", "Anna"}, Places: [][7]string{{3: "Boston", 6: "United States"}}, Skype: []string{"anna.7"}, Websites: []string{"https://anna.example/a/very/long/address/that/does/not/fit/on/one/line/of/a/vcard"}},
		{Formatted: "Fred Two", Name: [5]string{"Two", "Fred"}, Company: "ACME", Notes: note, Skype: []string{"fred.2"}},
		{Formatted: "Daisy Five", Name: [5]string{"Five", "Daisy"}, Company: "ACME", Skype: []string{"live:daisy.5.with.a.long.identifier.that.is.longer.than.usual"}},
	}
	for _, format := range []Format{VCard3, VCard4} {
		for _, opts := range []Options{{}, {NoFold: true}} {
			var out strings.Builder
			_, err := Write(&out, format, ReadCSV(strings.NewReader(file)), opts)
			require.NoError(t, err)
			people := importers.ReadAndroid(t, out.String())
			for i := range people {
				people[i].Properties = 0
			}
			require.Equal(t, want, people, format)
		}
	}
}

// A line behind N, ORG or ADR is not folded, and all others are as short as the RFC says.
func TestVCardFoldsAfterStructured(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 20) + "text"
	c := &contact{MRI: skypecontacts.MRI("8:live:" + strings.Repeat("joe.", 30) + "4"), DisplayName: long, Profile: skypecontacts.Profile{
		Name: skypecontacts.Name{First: long, Last: long, Nickname: long, Company: long}, JobTitle: long, About: long,
		Homepage: "https://joe.example/" + strings.ReplaceAll(long, " ", "/"), Emails: []string{strings.Repeat("joe.", 30) + "4@mail.example"},
	}}
	structured := []string{"N", "ORG", "ADR"}
	for range 4 { // places
		for _, format := range []Format{VCard3, VCard4} {
			before, name := "", "" // of the properties
			for line := range strings.SplitSeq(writeContacts(t, format, Options{}, c, &contact{MRI: "8:anna.7"}), "\r\n") {
				if strings.HasPrefix(line, " ") {
					require.NotContains(t, structured, before, "%s is folded", name)
				} else {
					before = name
					name, _, _ = strings.Cut(line, ":")
					name, _, _ = strings.Cut(name, ";")
				}
				if name != "ADR" || before != "ADR" {
					require.LessOrEqual(t, len(line), maxVCardLine)
				}
			}
		}
		c.Profile.Locations = append(c.Profile.Locations, skypecontacts.Location{City: long, State: long, Country: "GB", Type: "home"})
	}
}

// vcardURI returns a homepage as vCards have it.
func vcardURI(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, ",", "%2C"), ";", "%3B")
}

var vcardPhoneTypes = map[skypecontacts.PhoneType]string{"mobile": "CELL", "work": "WORK", "home": "HOME"}
