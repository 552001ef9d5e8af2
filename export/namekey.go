package export

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The groups of names that do not begin with a letter of an alphabet. Groups are in the order
// of their texts, so that of what is no letter is behind all of UTF-8.
const (
	groupHan    = "漢"
	groupHangul = "한"
	groupOther  = "\xff"
)

// maxFoldedName is the size of the part of a name by which it is sorted.
const maxFoldedName = 120

// nameGroup returns the group of a folded name: its first letter in upper case, one group
// for all characters of Chinese, one for Korean, and one for what is no letter.
func nameGroup(folded string) string {
	first, _ := utf8.DecodeRuneInString(folded)
	switch {
	case 'a' <= first && first <= 'z':
		return string(first - 'a' + 'A')
	case unicode.Is(unicode.Han, first):
		return groupHan
	case unicode.Is(unicode.Hangul, first):
		return groupHangul
	case unicode.IsLetter(first):
		return string(unicode.ToUpper(first))
	default:
		return groupOther
	}
}

// appendNameKey appends the key of a folded name of a group. The groups of letters are in the
// order of Unicode. Names that are equal are sorted by id, which makes the key like no other.
func appendNameKey(key []byte, group, folded string, id [16]byte) []byte {
	key = append(append(key, group...), 0)
	key = append(append(key, folded...), 0)
	return append(key, id[:]...)
}

// keyGroup returns the group of a key.
func keyGroup(key string) string {
	group, _, _ := strings.Cut(key, "\x00")
	return group
}

// foldName returns the beginning of name as it is compared: without case, without the accents
// of Latin and Greek letters, without what is not visible, and with one space for white
// space.
func foldName(name string) string {
	folded := make([]byte, 0, min(len(name), maxFoldedName)+utf8.UTFMax)
	for _, r := range name {
		if len(folded) >= maxFoldedName {
			break
		}
		switch {
		case 'a' <= r && r <= 'z', '!' <= r && r <= '@': // most
			folded = append(folded, byte(r)) //nolint:gosec // it is ASCII
		case 'A' <= r && r <= 'Z':
			folded = append(folded, byte(r)|0x20)
		case unicode.IsSpace(r):
			if len(folded) > 0 && folded[len(folded)-1] != ' ' {
				folded = append(folded, ' ')
			}
		case isInvisible(r) || unicode.Is(unicode.Mn, r):
		default:
			r = unicode.ToLower(plainLetter(r))
			if letters, accented := unaccented()[r]; accented {
				folded = append(folded, letters...)
			} else {
				folded = utf8.AppendRune(folded, r)
			}
		}
	}
	return strings.TrimRight(string(folded), " ")
}

// plainLetter returns the ASCII letter of a wide one or of one for formulas, in which people
// write their names for the look of it.
func plainLetter(r rune) rune {
	const alphabets = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	switch {
	case 'Ａ' <= r && r <= 'Ｚ', 'ａ' <= r && r <= 'ｚ':
		return r - 'Ａ' + 'A'
	case '𝐀' <= r && r <= '𝚣':
		return rune(alphabets[(r-'𝐀')%int32(len(alphabets))])
	default:
		return r
	}
}

// accents has the letters of Latin, Greek and Russian that are sorted as others, by those.
// golang.org/x/text knows those of all languages, but adds 0.15 MB to a WebAssembly file. A test
// compares the table with it.
var accents = map[string]string{
	"a": "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ", "b": "ḃḅḇ", "c": "çćĉċčḉ", "d": "ďḋḍḏḑḓđ", "e": "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ", "f": "ḟ",
	"g": "ĝğġģǧǵḡ", "h": "ĥȟḣḥḧḩḫẖħ", "i": "ìíîïĩīĭįǐȉȋḭḯỉịı", "j": "ĵǰ", "k": "ķǩḱḳḵ", "l": "ĺļľḷḹḻḽł", "m": "ḿṁṃ", "n": "ñńņňǹṅṇṉṋ",
	"o": "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợøǿ", "p": "ṕṗ", "r": "ŕŗřȑȓṙṛṝṟ", "s": "śŝşšșṡṣṥṧṩ", "t": "ţťțṫṭṯṱẗŧ",
	"u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự", "v": "ṽṿ", "w": "ŵẁẃẅẇẉẘ", "x": "ẋẍ", "y": "ýÿŷȳẏẙỳỵỷỹ", "z": "źżžẑẓẕ",
	"ae": "æǣǽ", "oe": "œ", "ss": "ß", "th": "þ",
	"α": "ά", "ε": "έ", "η": "ή", "ι": "ίϊΐ", "ο": "ό", "υ": "ύϋΰ", "ω": "ώ", "е": "ё",
}

// unaccented returns accents by the letter that is sorted as another.
var unaccented = sync.OnceValue(func() map[rune]string {
	letters := make(map[rune]string)
	for letter, accented := range accents {
		for _, r := range accented {
			letters[r] = letter
		}
	}
	return letters
})
