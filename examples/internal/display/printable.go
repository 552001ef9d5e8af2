// Package display has how text, tables and the parts of a contact are shown. It imports
// little, so that a program for WebAssembly may use it.
package display

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// IsUnprintable reports whether r must not reach a terminal: control and format
// characters could move the cursor or change the direction of the text. Line ends and
// tabs are printable.
func IsUnprintable(r rune) bool {
	if r >= ' ' && r <= '~' { // most are
		return false
	}
	return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// Printable returns s without what [IsUnprintable] reports.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if IsUnprintable(r) {
			return -1
		}
		return r
	}, s)
}

// Clean returns s as one printable line.
func Clean(s string) string {
	separate := func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}
	return strings.Join(strings.Fields(Printable(strings.Map(separate, s))), " ")
}

// Shorten returns s as one printable line that takes at most limit columns.
func Shorten(s string, limit int) string {
	s = Clean(s)
	if columns(s) <= limit {
		return s
	}
	taken := 0
	for i, r := range s {
		if taken += runeColumns(r); taken >= limit {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// columns returns how many columns of a terminal a printable line takes.
//
// It counts characters as UAX #11 says, and has the few rules for sequences that names
// need: marks take no column, U+FE0F makes an emoji wide, a flag is two letters of one
// column, and a skin tone belongs to the emoji before it. A whole implementation of
// grapheme clusters would be one more module in go.mod, which everybody who imports the
// SDK reads; golang.org/x/text is there anyway, for golang.org/x/net.
func columns(line string) (total int) {
	last := 0
	for _, r := range line {
		n := runeColumns(r)
		switch {
		case r == '\uFE0F' && last == 1:
			n = 1
		case r >= 0x1F3FB && r <= 0x1F3FF && last == 2: // skin tones
			n = 0
		}
		total += n
		if n > 0 {
			last = n
		}
	}
	return total
}

// runeColumns returns how many columns r takes without the characters beside it.
func runeColumns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), r >= 0x1160 && r <= 0x11FF: // marks; Hangul vowels and finals
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}
