package export

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"

	"github.com/skypecontacts/skypecontacts"
)

// skypeName returns what a user can search for in Skype: the name without prefix
// for a person, the whole identifier for any other kind, and "" for a telephone
// number.
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

// skypeURI returns the URI that opens a chat with name.
func skypeURI(name string) string { return "skype:" + url.PathEscape(name) }

// identifierHash returns a hash of id that does not depend on the case of ASCII
// letters or on whether id has the prefix "8:".
func identifierHash(id skypecontacts.MRI) [16]byte {
	text := append(make([]byte, 0, 64), "skype:"...)
	text = append(append(text, id.Kind()...), ':')
	hash := sha256.Sum256(append(text, lowerASCII(id.ID())...))
	return [16]byte(hash[:16])
}

// contactUID returns a URN with the UUID (version 8 of RFC 9562) that is made from
// the hash of id.
func contactUID(id skypecontacts.MRI) string {
	hash := identifierHash(id)
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

// UID returns the UID of the entry that [Write] writes for id as vCard or JSContact. It
// depends neither on the case of id nor on whether id has the prefix "8:", so it tells
// whether a person is in an address book that keeps UIDs.
func UID(id skypecontacts.MRI) string { return contactUID(id) }
