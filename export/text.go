package export

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// byteOrderMark is U+FEFF in UTF-8. Excel and Outlook write it at the beginning of a file.
var byteOrderMark = []byte("\xEF\xBB\xBF")

// validUTF8 returns text with U+FFFD for every sequence of bytes that is not UTF-8.
func validUTF8(text string) string {
	if utf8.ValidString(text) { // much faster than ToValidUTF8
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

var lineEndReplacer = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n")

// cleanText returns text as valid UTF-8, with "\n" for every line end and without
// control characters other than those and tabs.
func cleanText(text string) string {
	control := func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }
	text = validUTF8(text)
	for i := range len(text) {
		if control(rune(text[i])) {
			return strings.Map(func(r rune) rune {
				if control(r) {
					return -1
				}
				return r
			}, lineEndReplacer.Replace(text))
		}
	}
	return text
}

// isASCII reports whether every byte of text is below 0x80.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// maxFieldName is the number of characters that a name has at most.
const maxFieldName = 64

// isFieldName reports whether name may be printed: it is what a column or member may be called.
// The name of a person is that too, but an identifier, a number, an address and an escape
// sequence are not.
func isFieldName(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	return unicode.IsLetter(first) && utf8.RuneCountInString(name) <= maxFieldName && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune(" _./[]-", r)
	})
}

// isDigits reports whether text has digits of ASCII only, and at least one.
func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// lowerASCII returns text with A to Z in lower case. [strings.ToLower] would also
// make "k" of U+212A, the sign for kelvin, and so one identifier of two.
func lowerASCII(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return 'A' <= r && r <= 'Z' }) < 0 {
		return text
	}
	lower := []byte(text)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c | 0x20
		}
	}
	return string(lower)
}

// hasVisible reports whether something of a text can be seen.
func hasVisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && !isInvisible(r) })
}

// isInvisible reports whether r shows nothing, not even white space.
func isInvisible(r rune) bool {
	return r > unicode.MaxASCII && unicode.In(r, unicode.C, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		r < ' ' || r == 0x7f || r == 0x2800 // blank pattern of braille
}
