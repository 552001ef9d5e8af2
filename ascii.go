package skypecontacts

import "strings"

// lowerASCII converts ASCII letters to lower case. [strings.ToLower] is not for
// identifiers: it makes the Kelvin sign a k, so that two accounts become one.
func lowerASCII(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			lower := []byte(s)
			for i, c := range lower {
				if 'A' <= c && c <= 'Z' {
					lower[i] = c + 'a' - 'A'
				}
			}
			return string(lower)
		}
	}
	return s
}

// letterPairs holds every pair of letters in one case, so that a code of two letters needs
// no memory of its own.
type letterPairs string

var (
	upperPairs = newLetterPairs('A')
	lowerPairs = newLetterPairs('a')
)

func newLetterPairs(first byte) letterPairs {
	var pairs strings.Builder
	for i := range byte(26) {
		for j := range byte(26) {
			pairs.Write([]byte{first + i, first + j})
		}
	}
	return letterPairs(pairs.String())
}

// find returns a pair of letters in the case of the table.
func (p letterPairs) find(pair string) string {
	const aside = 0x20 // between the cases of a letter
	at := 2 * (26*int(pair[0]|aside-'a') + int(pair[1]|aside-'a'))
	return string(p[at : at+2])
}

func isLetterPair(s string) bool { return len(s) == 2 && isLetter(s[0]) && isLetter(s[1]) }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isInLowerCase reports whether a text is the given one in lower case. Unlike
// [strings.EqualFold] it knows ASCII letters only, and unlike lowerASCII it takes no memory.
func isInLowerCase(text []byte, lower string) bool {
	if len(text) != len(lower) {
		return false
	}
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
