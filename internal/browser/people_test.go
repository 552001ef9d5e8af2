package browser

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/require"
)

// contactsOf returns the contacts that a client reads of data.
func contactsOf(t *testing.T, data skypetest.Data) []*skypecontacts.Contact {
	t.Helper()
	server := skypetest.NewServer(skypetest.WithData(data))
	defer server.Close()
	var contacts []*skypecontacts.Contact
	for contact, err := range server.Client().AllContacts(t.Context()) {
		require.NoError(t, err)
		contacts = append(contacts, contact)
	}
	return contacts
}

// addressBook is a page with contacts.
type addressBook struct {
	name   string
	html   []byte
	people int
	words  string // that some have
}

// newAddressBook writes a page with everybody.
func newAddressBook(t *testing.T, name, words string, contacts []*skypecontacts.Contact) addressBook {
	t.Helper()
	var page bytes.Buffer
	report, err := export.Write(&page, export.HTML, func(yield func(*skypecontacts.Contact, error) bool) {
		for _, contact := range contacts {
			if !yield(contact, nil) {
				return
			}
		}
	}, export.Options{Suggested: true, Bots: true, Mood: true})
	require.NoError(t, err)
	return addressBook{name: name, html: page.Bytes(), people: report.Written, words: words}
}

// sentinel is what the scripts of hostile contacts set, if they run.
const sentinel = "pwned"

// hostileTexts are texts that a page could take for something else.
var hostileTexts = []string{
	`<script>` + sentinel + `=1</script>`,
	`</script><script>` + sentinel + `=1</script>`,
	`</style><script>` + sentinel + `=1</script><style>*{display:none}`,
	`</title></head><body onload="` + sentinel + `=1">`,
	`"><img src=x onerror="` + sentinel + `=1">`,
	`'><svg onload='` + sentinel + `=1'>`,
	`<!--`, `]]>`, `--><script>` + sentinel + `=1</script>`, `<![CDATA[`,
	`&lt;script&gt;` + sentinel + `=1&lt;/script&gt;`,
	"<scr\x00ipt>" + sentinel + "=1</scr\x00ipt>",
	`<iframe srcdoc="<script>parent.` + sentinel + `=1</script>">`,
	`<link rel=stylesheet href=http://hostile.example/a.css>`,
	`<meta http-equiv=refresh content="0;url=http://hostile.example/">`,
	`<base href=http://hostile.example/>`,
	`<form action=http://hostile.example/><button id=search>`,
	`<details open ontoggle="` + sentinel + `=1">`,
	`{{.}}${` + sentinel + `=1}`,
	"javascript:" + sentinel + "=1",
	"\u202Eevil\u202C \u2066isolated", // the other direction of writing, not ended
	"\u200B\u200B", "   ", "\u00A0", "\uFEFF", "\r\n\r\n", "\xff\xfe not UTF-8",
	"山田 花子 日本語のとても長い名前", "김철수", "محمد بن عبد الله", "שלום עולם", "Ελληνικά", "Zoë Łukasz",
	"🎈🎉👩‍👩‍👧", "Z̴̡̛a̵l̶g̷o̸", "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306",
	strings.Repeat("wide", 2500), strings.Repeat("many words ", 910), strings.Repeat("一", 10_000),
}

// hostileLinks are homepages, identifiers and numbers that must not become what they say.
var hostileLinks = []string{
	"javascript:" + sentinel + "=1", "JaVaScRiPt:" + sentinel + "=1", "java\tscript:" + sentinel + "=1", " javascript:" + sentinel + "=1",
	"data:text/html,<script>" + sentinel + "=1</script>", "vbscript:" + sentinel, "file:///etc/passwd", "blob:null/1",
	`https://hostile.example/"onmouseover="` + sentinel + `=1`, "//hostile.example/", "https://hostile.example/" + strings.Repeat("a", 10_000),
	"https://user:pass@hostile.example@other.example/", "https:hostile.example", "#search", "?a=b",
}

// hostileContacts returns contacts with those texts and links in every field.
func hostileContacts() []*skypecontacts.Contact {
	var contacts []*skypecontacts.Contact
	for i, text := range slices.Concat(hostileTexts, hostileLinks) {
		link := hostileLinks[i%len(hostileLinks)]
		contacts = append(contacts, &skypecontacts.Contact{
			MRI: skypecontacts.MRI(fmt.Sprintf("8:hostile.%d", i)), DisplayName: text, DisplayNameSource: "user_edits", Authorized: true,
			Favorite: i%3 == 0, Blocked: i%5 == 0, Suggested: i%7 == 0,
			Profile: skypecontacts.Profile{
				DisplayName: text, Name: skypecontacts.Name{First: text, Last: text, Nickname: text, Company: text},
				About: text, Homepage: link, AvatarURL: link, JobTitle: text, Emails: []string{text, link}, Gender: skypecontacts.Gender(text),
				Language: skypecontacts.LanguageCode(text), Mood: skypecontacts.Mood{Plain: text, Rich: text},
				Locations: []skypecontacts.Location{{Type: text, City: text, State: text, Country: skypecontacts.CountryCode(text), CountryName: text}},
				Phones:    []skypecontacts.Phone{{Number: text, Type: skypecontacts.PhoneType(text)}, {Number: link}},
			},
		}, &skypecontacts.Contact{MRI: skypecontacts.MRI("8:" + text), DisplayName: text}, &skypecontacts.Contact{MRI: skypecontacts.MRI("28:" + link)})
	}
	phones := make([]skypecontacts.Phone, 3000)
	for i := range phones {
		phones[i].Number = fmt.Sprintf("+44161496%04d", i)
	}
	return append(contacts, &skypecontacts.Contact{MRI: "8:many.numbers", DisplayName: "Many Numbers", Phones: phones})
}
