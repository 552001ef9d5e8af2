package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// names are the first and last name, made from the name that is shown if the
// person gave neither.
func names(c *skypecontacts.Contact) (first, last string) {
	if name := c.Profile.Name; strings.TrimSpace(name.First) != "" || strings.TrimSpace(name.Last) != "" {
		return name.First, name.Last
	}
	return skypecontacts.SplitName(c.FullName())
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
	own := skypecontacts.Phone{Number: c.MRI.ID(), Type: skypecontacts.PhoneOther}
	same := func(p skypecontacts.Phone) bool { return sameNumber(p.Number, own.Number) }
	if c.MRI.Kind() != skypecontacts.KindPhone || slices.ContainsFunc(c.Profile.Phones, same) {
		return c.Profile.Phones
	}
	return append(slices.Clip(c.Profile.Phones), own)
}

// country is the name of a country, or its code if that is all there is.
func country(l skypecontacts.Location) string { return cmp.Or(l.CountryName, string(l.Country)) }

// fingerprint stands for an identifier, whose case does not matter.
func fingerprint(id skypecontacts.MRI) [16]byte {
	hash := sha256.Sum256([]byte("skype:" + string(id.Kind()) + ":" + strings.ToLower(id.ID())))
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
