package export

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// chatAccount is an account for messages, as address books have it.
type chatAccount struct {
	service string
	user    string // what a user can search for; "" if there is no account
	uri     string // opens a chat
}

// contactAccount returns the account of a person by name, that of Skype for Business by
// address, and any other kind by the whole identifier. A telephone number has none. The
// URI of an address is one of SIP (RFC 3261): that is how Lync and Skype for Business call
// their users, and Android reads IMPP with "sip:" only.
func contactAccount(c *skypecontacts.Contact) chatAccount {
	id := c.MRI.ID()
	switch c.MRI.Kind() {
	case skypecontacts.KindPhone:
		return chatAccount{}
	case skypecontacts.KindLync:
		// PathEscape escapes apostrophes, which a SIP address may have.
		return chatAccount{"Skype for Business", id, "sip:" + strings.ReplaceAll(url.PathEscape(id), "%27", "'")}
	case skypecontacts.KindSkype:
	default:
		id = string(c.MRI)
	}
	return chatAccount{"Skype", id, "skype:" + url.PathEscape(id)}
}

// identifierHash returns a hash of id that does not depend on the case of ASCII
// letters or on whether id has the prefix "8:".
func identifierHash(id skypecontacts.MRI) [16]byte {
	text := append(make([]byte, 0, 64), "skype:"...)
	text = append(append(text, id.Kind()...), ':')
	hash := sha256.Sum256(append(text, lowerASCII(id.ID())...))
	return [16]byte(hash[:16])
}

// contactUID returns a URN with the UUID (version 8 of RFC 9562) that is made from
// the [identifierHash] of a contact.
func contactUID(hash [16]byte) string {
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
func UID(id skypecontacts.MRI) string { return contactUID(identifierHash(id)) }
