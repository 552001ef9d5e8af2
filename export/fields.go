package export

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/skypecontacts/skypecontacts"
)

// The types of telephone number that contacts.csv and the formats have besides
// those of the service.
const (
	phoneFax   skypecontacts.PhoneType = "fax"
	phonePager skypecontacts.PhoneType = "pager"
)

// contactPhones returns the numbers of the profile, those that the user added, and the
// identifier if it is a telephone number, which has letters if a spreadsheet rounded it. Each number is there once, however it is
// written.
func contactPhones(c *skypecontacts.Contact) []skypecontacts.Phone {
	isBlank := func(p skypecontacts.Phone) bool { return strings.TrimSpace(p.Number) == "" }
	phones, added := withoutBlank(c.Profile.Phones, isBlank), c.Phones
	if c.MRI.Kind() == skypecontacts.KindPhone && !strings.ContainsFunc(c.MRI.ID(), unicode.IsLetter) {
		added = append(slices.Clip(added), skypecontacts.Phone{Number: c.MRI.ID(), Type: skypecontacts.PhoneOther})
	}
	if len(added) == 0 {
		return phones
	}
	known := make(map[string]bool, len(phones)+len(added))
	for _, phone := range phones {
		known[plainPhoneNumber(phone.Number)] = true
	}
	phones = slices.Clip(phones)
	for _, phone := range added {
		number := plainPhoneNumber(phone.Number)
		if !known[number] && !isBlank(phone) {
			phones = append(phones, phone)
			known[number] = true
		}
	}
	return phones
}

// dialedDigits returns number without spaces and punctuation.
func dialedDigits(number string) string {
	if strings.Trim(number, "+0123456789") == "" { // much faster than Map
		return number
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("()-./", r) {
			return -1
		}
		return r
	}, number)
}

// plainPhoneNumber returns number without punctuation and plus sign. It is the same for
// two ways to write a number.
func plainPhoneNumber(number string) string { return strings.TrimPrefix(dialedDigits(number), "+") }

// contactEmails returns the addresses of the profile, and the identifier of an account of
// Skype for Business, which is one.
func contactEmails(c *skypecontacts.Contact) []string {
	emails := withoutBlank(c.Profile.Emails, func(email string) bool { return strings.TrimSpace(email) == "" })
	id := c.MRI.ID()
	isID := func(email string) bool { return lowerASCII(strings.TrimSpace(email)) == lowerASCII(id) }
	if c.MRI.Kind() == skypecontacts.KindLync && strings.Contains(id, "@") && !slices.ContainsFunc(emails, isID) {
		emails = append(slices.Clip(emails), id)
	}
	return emails
}

// contactNote returns the text about the contact, followed by the mood if it is asked for.
func contactNote(c *skypecontacts.Contact, mood bool) string {
	p := &c.Profile
	text := strings.TrimSpace(cmp.Or(p.Mood.Plain, p.Mood.Rich))
	switch {
	case !mood || text == "":
		return p.About
	case p.About == "":
		return "Mood: " + text
	default:
		return p.About + "\n\nMood: " + text
	}
}

func contactLocations(c *skypecontacts.Contact) []skypecontacts.Location {
	return withoutBlank(c.Profile.Locations, func(l skypecontacts.Location) bool { return l == skypecontacts.Location{Type: l.Type} })
}

// withoutBlank returns list without its blank items. It does not change list.
func withoutBlank[T any](list []T, blank func(T) bool) []T {
	if !slices.ContainsFunc(list, blank) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), blank)
}

// fullBirthday returns the birthday if it has year, month and day, as some formats
// require, and the zero Date if not.
func fullBirthday(c *skypecontacts.Contact) skypecontacts.Date {
	if d := c.Profile.Birthday; isWholeDay(d) {
		return d
	}
	return skypecontacts.Date{}
}

// homepageURI returns the homepage as a URI, or "" if it is none. "https://" is put
// before an address without a scheme.
func homepageURI(c *skypecontacts.Contact) string {
	text := escapeURI(c.Profile.Homepage)
	scheme, _, found := strings.Cut(text, "://")
	noScheme := !found || strings.ContainsAny(scheme, "./?#")
	if noScheme {
		text = "https://" + text
	}
	uri, err := url.Parse(text)
	if err != nil || uri.Host == "" || noScheme && (uri.User != nil || !strings.Contains(uri.Host, ".")) {
		return ""
	}
	return text
}

// homepageURI returns the homepage of the contact being written as a URI, and counts one
// that is none.
func (o *formatOutput) homepageURI(c *skypecontacts.Contact) string {
	uri := homepageURI(c)
	if uri == "" && strings.TrimSpace(c.Profile.Homepage) != "" {
		o.report.NotHeld["profile.homepage"]++
	}
	return uri
}

// escapeURI escapes the bytes that RFC 3986 does not allow anywhere in a URI.
func escapeURI(text string) string {
	text = validUTF8(strings.TrimSpace(text))
	isAllowed := func(r rune) bool { return ' ' < r && r < 0x7f && !strings.ContainsRune("\"<>\\^`{|}", r) }
	if strings.IndexFunc(text, func(r rune) bool { return !isAllowed(r) }) < 0 {
		return text
	}
	escaped := make([]byte, 0, len(text))
	for i := range len(text) {
		if c := text[i]; isAllowed(rune(c)) {
			escaped = append(escaped, c)
		} else {
			escaped = fmt.Appendf(escaped, "%%%02X", c)
		}
	}
	return string(escaped)
}
