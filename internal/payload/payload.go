// Package payload has the contact list that tests and benchmarks decode, and the structs
// into which other JSON libraries decode it.
package payload

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Contacts returns a contact list of version 2 with n made-up people.
func Contacts(n int) []byte {
	b := []byte(`{"contacts":[`)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendContact(b, i)
	}
	return append(b, `],"count":`+strconv.Itoa(n)+`,"scope":"full"}`...)
}

// AppendContact appends the entry of person i, who is the same in every list. An entry has
// about 700 bytes. Most have a full profile. One in ten is a suggestion without a profile,
// one in four has its text in ASCII with escapes, and one in 25 has a member that no source
// describes.
func AppendContact(b []byte, i int) []byte {
	first := []string{"Anna", "Željko", "李", "Олена", "Joe", "Zoë", "Daisy", "Γιώργος"}[i%8]
	last := []string{"Cooper", "Bloggs", "Müller", "伟强", "Іваненко", "Nuñez"}[i%6]
	mood := []string{"out and about", "here &amp; there", "Привіт", "at work", "on the road", "at home", "new number", "gone"}[i%8]
	if i%20 == 1 {
		mood = "<b>new</b> number 🎈"
	}
	if i%4 == 1 {
		first, last, mood = escape(first), escape(last), escape(mood)
	}
	id := fmt.Sprintf("live:person.%06d", i)
	b = fmt.Appendf(b, `{"person_id":"8:%[1]s","mri":"8:%[1]s","display_name":"%[2]s %[3]s",`, id, first, last)
	if i%10 == 5 {
		return fmt.Appendf(b, `"authorized":false,"blocked":false,"suggested":true,"email_hashes":["QUFB%08[1]d"],`+
			`"phone_hashes":["QkJC%08[1]d","Q0ND%08[1]d"]}`, i)
	}
	b = fmt.Appendf(b, `"display_name_source":"profile","profile":{`+
		`"avatar_url":"https://avatar.skype.com/v1/avatars/%[1]s?auth_key=%[2]d","birthday":"19%02[3]d-%02[4]d-%02[5]d","gender":"%[6]s",`+
		`"locations":[{"type":"home","country":"%[7]s","city":"City %[3]d"}],"phones":[{"number":"+4420%08[2]d","type":"mobile"}],`+
		`"mood":"%[8]s","name":{"first":"%[9]s","surname":"%[10]s"},"about":"Person %[2]d of the list",`+
		`"website":"https://example.org/%[2]d","language":"%[11]s"},`,
		id, i, 60+i%40, 1+i%12, 1+i%28, []string{"female", "male"}[i%2], []string{"GB", "de", "fr", "UA", "cn"}[i%5],
		mood, first, last, []string{"en", "de", "FR", "uk", "zh"}[i%5])
	if i%25 == 7 {
		b = fmt.Appendf(b, `"sync_state":{"revision":%d},`, i)
	}
	return fmt.Appendf(b, `"authorized":true,"auth_certificate":"QUFBQUFBQUFB%08[1]d","blocked":false,"explicit":true,`+
		`"creation_time":"2016-11-%02[2]dT04:28:12.67Z",`+
		`"relationship_history":{"sources":[{"type":"add_contact","time":"2016-11-%02[2]dT04:28:12Z"}]}}`, i, 1+i%28)
}

// escape returns JSON text in ASCII.
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < 0x80 && r != '<' && r != '>' && r != '&':
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.String()
}
