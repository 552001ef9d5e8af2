package skypecontacts

import (
	"fmt"
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MRI is a Skype identifier with the number that says what it names:
// "8:joe.4" is a person, "28:concierge" a bot, "4:+442099887766" a telephone.
//
// The methods of [Client] accept a bare name too ("joe.4", "live:joe") and add
// the prefix themselves. The service ignores case in user names, so compare with
// [MRI.Equal]. In a log an MRI shows only its kind; see [MRI.LogValue].
type MRI string

// MRIKind is the number before the first colon of an [MRI]. Numbers not named
// here are kept as received.
type MRIKind string

// The kinds of identifier seen in responses.
const (
	KindMSN    MRIKind = "1"  // Messenger account, named by an e-mail address
	KindLync   MRIKind = "2"  // Lync or Skype for Business account
	KindPhone  MRIKind = "4"  // telephone number in E.164 form
	KindSkype  MRIKind = "8"  // Skype or Teams Free account
	KindThread MRIKind = "19" // group conversation
	KindBot    MRIKind = "28" // bot
	KindSystem MRIKind = "48" // feed of the service, such as call logs
)

// maxIDBytes is far above the longest identifier seen (a thread's, about 70
// bytes) and far below what a server would refuse.
const maxIDBytes = 256

// ParseMRI checks an identifier and puts it in its full form: a bare name gets
// "8:", a plus sign with digits gets "4:", and what begins with digits and a
// colon is kept. It refuses, with [ErrInvalid], whatever could not be one path
// segment of a request: an empty name, a name of dots only (also before a
// semicolon), more than 256 bytes, invalid UTF-8, characters that are not visible,
// any of / \ ? # % { }, and characters of other scripts that look like these or like
// a dot. The error does not repeat the identifier.
func ParseMRI(s string) (MRI, error) {
	id := qualifyMRI(s)
	if err := checkID(id.ID()); err != nil {
		return "", err
	}
	if len(id) > maxIDBytes {
		return "", errIDTooLong
	}
	return id, nil
}

var errIDTooLong = fmt.Errorf("%w: identifier is longer than %d bytes", ErrInvalid, maxIDBytes)

// checkID returns an error if an identifier without prefix cannot be one path
// segment.
func checkID(s string) error {
	switch {
	case s == "":
		return fmt.Errorf("%w: identifier is empty", ErrInvalid)
	case !utf8.ValidString(s):
		return fmt.Errorf("%w: identifier is not valid UTF-8", ErrInvalid)
	case isDotSegment(s):
		return fmt.Errorf("%w: identifier is made of dots only", ErrInvalid)
	}
	for _, r := range s {
		if strings.ContainsRune(`/\?#%{}`+lookAlikes, r) || unicode.In(r, invisible...) {
			return fmt.Errorf("%w: identifier holds a character (%U) that no identifier has", ErrInvalid, r)
		}
	}
	return nil
}

// lookAlikes are characters of other scripts that some servers and programs convert
// to a dot, a slash or another character with a meaning in URLs.
const lookAlikes = "\u2024\u2025\u2026\u3002\uFE19\uFE30\uFE52\uFF0E\uFF61" + // dots
	"\u2044\u2215\u29F8\uFF0F\u0337\u0338\u2100\u2101\u2105\u2106" + // slashes, and signs such as "c/o"
	"\u2216\u29F5\u29F9\uFE68\uFF3C" + // backslashes
	"\uFF1F\uFE16\uFE56\u2047\u2048\u2049\uFF03\uFE5F\uFF05\uFE6A" + // question marks, number signs, percent signs
	"\uFF1B\uFE14\uFE54\u037E\uFF1A\uFE13\uFE55\u2A74" + // semicolons, colons
	"\uFF5B\uFE5B\uFE37\uFF5D\uFE5C\uFE38" // braces

// invisible characters are not part of any known identifier.
var invisible = []*unicode.RangeTable{
	unicode.C, unicode.Z, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
	{R16: []unicode.Range16{{Lo: 0x2800, Hi: 0x2800, Stride: 1}}}, // blank pattern of braille
}

// isDotSegment reports whether a server may take s for a dot segment. Some ignore
// what follows a semicolon.
func isDotSegment(s string) bool {
	name, _, _ := strings.Cut(s, ";")
	return strings.Trim(name, ".") == ""
}

// qualifyMRI adds the prefix that a bare name lacks. It accepts any text, so that
// no contact of a response is lost to an unusual identifier; [ParseMRI] is strict.
func qualifyMRI(s string) MRI {
	switch {
	case s == "" || prefixLen(s) > 0:
		return MRI(s)
	case len(s) > 1 && s[0] == '+' && strings.Trim(s[1:], "0123456789") == "":
		return MRI("4:" + s)
	default:
		return MRI("8:" + s)
	}
}

// prefixLen returns the length of "digits then colon" at the start of s, or 0. Names
// such as "live:joe" or ".cid.1f" have colons and dots but never digits and a
// colon first, so this is the only test needed.
func prefixLen(s string) int {
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits == len(s) || s[digits] != ':' {
		return 0
	}
	return digits + 1
}

// Kind returns what the identifier names. A bare name counts as [KindSkype], or as
// [KindPhone] if it is a telephone number.
func (m MRI) Kind() MRIKind {
	full := qualifyMRI(string(m))
	if full == "" {
		return ""
	}
	return MRIKind(full[:prefixLen(string(full))-1])
}

// ID returns the identifier without its prefix: "joe.4" for "8:joe.4".
func (m MRI) ID() string { return string(m[prefixLen(string(m)):]) }

// IsBot reports whether the identifier names a bot.
func (m MRI) IsBot() bool { return m.Kind() == KindBot }

// Equal reports whether both name the same account, ignoring the case of ASCII
// letters, and whether or not they have the prefix.
func (m MRI) Equal(other MRI) bool { return m.key() == other.key() }

// key is the form in which identifiers are compared and used as map keys.
func (m MRI) key() string { return lowerASCII(string(qualifyMRI(string(m)))) }

// LogValue returns the kind without the identifier, for log/slog. A kind that is not
// one of the constants is redacted too.
func (m MRI) LogValue() slog.Value {
	switch kind := m.Kind(); kind {
	case KindMSN, KindLync, KindPhone, KindSkype, KindThread, KindBot, KindSystem:
		return slog.StringValue(string(kind) + ":" + redacted)
	default:
		return slog.StringValue(redacted)
	}
}

// isPerson reports whether the services of profiles and pictures may know an identifier.
// They name people without prefix, so that any other identifier would be taken for a
// person.
func isPerson(id MRI) bool {
	return id == "" || id.Kind() == KindSkype && prefixLen(id.ID()) == 0
}

var errNotAPerson = fmt.Errorf("%w: the identifier is not that of a person", ErrInvalid)
