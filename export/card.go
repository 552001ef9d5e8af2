package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// The types of telephone number, besides those of the service, that files have.
const (
	phoneFax   skypecontacts.PhoneType = "fax"
	phonePager skypecontacts.PhoneType = "pager"
)

// names are the first and last name, made from the display name if the person gave
// neither. What is shown for lack of that, such as a nickname or a number, and what
// a bot is called, is not divided. A company has no such names.
func names(c *skypecontacts.Contact) (first, last string) {
	name := c.Profile.Name
	if strings.TrimSpace(name.First) != "" || strings.TrimSpace(name.Last) != "" {
		return name.First, name.Last
	}
	shown := c.FullName()
	isDisplayName := shown == strings.TrimSpace(c.DisplayName) || shown == strings.TrimSpace(c.Profile.DisplayName)
	switch {
	case shown == strings.TrimSpace(name.Company):
		return "", ""
	case !isDisplayName, c.IsBot(), !strings.ContainsFunc(shown, unicode.IsLetter):
		return shown, ""
	default:
		return splitName(shown)
	}
}

// splitName divides a whole name, also one with the last name first: "Bloggs, Joe".
func splitName(whole string) (first, last string) {
	last, first, _ = strings.Cut(whole, ",")
	first, last = strings.TrimSpace(first), strings.TrimSpace(last)
	if first == "" || last == "" || strings.Contains(first, ",") || isSuffix(first) {
		return skypecontacts.SplitName(whole)
	}
	return first, last
}

// isSuffix reports whether what follows a comma is no first name: "Joe Bloggs, Jr."
func isSuffix(s string) bool {
	suffixes := []string{"jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "ltd", "inc", "llc", "gmbh"}
	return slices.Contains(suffixes, strings.ToLower(strings.ReplaceAll(s, ".", "")))
}

// joined is a first and last name as one name.
func joined(first, last string) string { return strings.TrimSpace(first + " " + last) }

// skypeName is what one would look for in Skype: the bare name of a person, and
// the whole identifier of whatever else. A telephone has none.
func skypeName(c *skypecontacts.Contact) string {
	switch c.MRI.Kind() {
	case skypecontacts.KindPhone:
		return ""
	case skypecontacts.KindSkype:
		return c.MRI.ID()
	default:
		return string(c.MRI)
	}
}

// skypeURI is the address by which a program opens a chat.
func skypeURI(name string) string { return "skype:" + url.PathEscape(name) }

// phones are the numbers of the profile, and the one that is the identifier.
func phones(c *skypecontacts.Contact) []skypecontacts.Phone {
	list := without(c.Profile.Phones, func(p skypecontacts.Phone) bool { return strings.TrimSpace(p.Number) == "" })
	own := skypecontacts.Phone{Number: c.MRI.ID(), Type: skypecontacts.PhoneOther}
	same := func(p skypecontacts.Phone) bool { return sameNumber(p.Number, own.Number) }
	if c.MRI.Kind() != skypecontacts.KindPhone || slices.ContainsFunc(list, same) {
		return list
	}
	return append(slices.Clip(list), own)
}

func emails(c *skypecontacts.Contact) []string {
	return without(c.Profile.Emails, func(email string) bool { return strings.TrimSpace(email) == "" })
}

func places(c *skypecontacts.Contact) []skypecontacts.Location {
	return without(c.Profile.Locations, func(l skypecontacts.Location) bool { return l == skypecontacts.Location{Type: l.Type} })
}

// without is a list without its blank items.
func without[T any](list []T, blank func(T) bool) []T {
	if !slices.ContainsFunc(list, blank) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), blank)
}

// birthday is a whole date or none. Some formats have no other.
func birthday(c *skypecontacts.Contact) skypecontacts.Date {
	if d := c.Profile.Birthday; d.Year != 0 && d.Month != 0 && d.Day != 0 {
		return d
	}
	return skypecontacts.Date{}
}

// homepage is a URI, or empty if what the person gave is none. People leave the
// beginning of an address away.
func homepage(c *skypecontacts.Contact) string {
	text := escapeURI(c.Profile.Homepage)
	scheme, _, found := strings.Cut(text, "://")
	bare := !found || strings.ContainsAny(scheme, "./?#")
	if bare {
		text = "https://" + text
	}
	uri, err := url.Parse(text)
	if err != nil || uri.Host == "" || bare && (uri.User != nil || !strings.Contains(uri.Host, ".")) {
		return ""
	}
	return text
}

// escapeURI escapes what no URI may hold and leaves the rest as it is.
func escapeURI(text string) string {
	text = mended(strings.TrimSpace(text))
	escaped := make([]byte, 0, len(text))
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			escaped = fmt.Appendf(escaped, "%%%02X", c)
		} else {
			escaped = append(escaped, c)
		}
	}
	return string(escaped)
}

// country is the name of a country, or its code if that is all there is.
func country(l skypecontacts.Location) string { return cmp.Or(l.CountryName, string(l.Country)) }

// fingerprint stands for an identifier, whose case does not matter.
func fingerprint(id skypecontacts.MRI) [16]byte {
	text := append(make([]byte, 0, 64), "skype:"...)
	text = append(append(text, id.Kind()...), ':')
	hash := sha256.Sum256(append(text, strings.ToLower(id.ID())...))
	return [16]byte(hash[:16])
}

// uid is a UUID (version 8 of RFC 9562) made from the identifier.
func uid(id skypecontacts.MRI) string {
	hash := fingerprint(id)
	hash[6] = hash[6]&0x0f | 0x80
	hash[8] = hash[8]&0x3f | 0x80
	text := make([]byte, 0, 45)
	text = append(text, "urn:uuid:"...)
	text = append(hex.AppendEncode(text, hash[:4]), '-')
	text = append(hex.AppendEncode(text, hash[4:6]), '-')
	text = append(hex.AppendEncode(text, hash[6:8]), '-')
	text = append(hex.AppendEncode(text, hash[8:10]), '-')
	return string(hex.AppendEncode(text, hash[10:16]))
}

// mended is text in which every byte that is not UTF-8 is U+FFFD.
func mended(s string) string {
	if utf8.ValidString(s) { // much faster than to mend
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n")

// clean is text that is UTF-8, has the line ends of Unix, and no control characters
// but those and tabs.
func clean(s string) string {
	control := func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }
	s = mended(s)
	for i := range len(s) {
		if control(rune(s[i])) {
			return strings.Map(func(r rune) rune {
				if control(r) {
					return -1
				}
				return r
			}, lineEnds.Replace(s))
		}
	}
	return s
}
