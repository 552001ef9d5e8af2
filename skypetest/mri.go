package skypetest

import (
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// qualifyMRI adds the prefix to an identifier that has none: 4 to a telephone
// number, 8 to any other.
func qualifyMRI(id string) skypecontacts.MRI {
	if hasPrefix(id) {
		return skypecontacts.MRI(id)
	}
	if isPhoneNumber(id) {
		return skypecontacts.MRI("4:" + id)
	}
	return skypecontacts.MRI("8:" + id)
}

// hasPrefix reports whether an identifier begins with digits and a colon.
func hasPrefix(id string) bool {
	digits := len(id) - len(strings.TrimLeft(id, "0123456789"))
	return digits > 0 && digits < len(id) && id[digits] == ':'
}

// isPhoneNumber reports whether s is a plus sign and digits.
func isPhoneNumber(s string) bool {
	return len(s) > 1 && s[0] == '+' && strings.Trim(s[1:], "0123456789") == ""
}

// isMailAddress reports whether s has something on both sides of an at sign.
func isMailAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t\r\n")
}

// splitMRI divides a qualified identifier into its prefix and the rest.
func splitMRI(id skypecontacts.MRI) (prefix, name string) {
	prefix, name, _ = strings.Cut(string(id), ":")
	return prefix, name
}

// mriName is a qualified identifier without its prefix.
func mriName(id skypecontacts.MRI) string {
	_, name := splitMRI(id)
	return name
}

// publicAvatarURL is the address of a person's picture that needs no key.
func publicAvatarURL(id skypecontacts.MRI) string {
	return "https://avatar.skype.com/v1/avatars/" + mriName(id) + "/public"
}

// mriKey is the map key of an identifier, the same for all that the service
// takes for equal: it ignores the case of ASCII letters.
func mriKey(id skypecontacts.MRI) string { return lowerASCII(string(qualifyMRI(string(id)))) }

// lowerASCII returns s with its ASCII letters in lower case. strings.ToLower
// would also make a k of the Kelvin sign.
func lowerASCII(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' }) {
		return s
	}
	lower := []byte(s)
	for i, b := range lower {
		if 'A' <= b && b <= 'Z' {
			lower[i] = b + 'a' - 'A'
		}
	}
	return string(lower)
}

func equalFoldASCII(a, b string) bool { return lowerASCII(a) == lowerASCII(b) }

// isBareName reports whether s can be the name of a person without prefix: ASCII
// letters, digits and some signs, and no prefix.
func isBareName(s string) bool {
	const signs = "._,-:'"
	if s == "" || hasPrefix(s) {
		return false
	}
	for i := range len(s) {
		b := lowerASCII(s[i : i+1])[0]
		if ('a' > b || b > 'z') && ('0' > b || b > '9') && !strings.Contains(signs, s[i:i+1]) {
			return false
		}
	}
	return true
}
