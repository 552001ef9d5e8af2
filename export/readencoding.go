package export

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"golang.org/x/text/encoding/unicode"
)

// headBytes is how much of a file says what it is.
const headBytes = 4096

// contactReader returns the contacts of a file in UTF-8.
type contactReader func(source *bufio.Reader) iter.Seq2[*skypecontacts.Contact, error]

// readDecoded returns what read yields of a file in UTF-8 or UTF-16, of which it reads
// nothing before the loop begins.
func readDecoded(r io.Reader, read contactReader) iter.Seq2[*skypecontacts.Contact, error] {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		source := bufio.NewReaderSize(r, headBytes)
		decoded := decodeUTF16(source)
		withUTF16Notice(read(decoded), decoded != source)(yield)
	}
}

// withUTF16Notice returns contacts, of which the first comes with a notice if the file
// is in UTF-16.
func withUTF16Notice(contacts iter.Seq2[*skypecontacts.Contact, error], isUTF16 bool) iter.Seq2[*skypecontacts.Contact, error] {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		untold := isUTF16
		for contact, err := range contacts {
			if untold && contact != nil && err == nil {
				untold, err = false, &RowError{Line: 1, EndLine: 1, Reason: "the file is in UTF-16, and was read as such", Notice: true}
			}
			if !yield(contact, err) {
				return
			}
		}
	}
}

// decodeUTF16 returns source, or a reader of the same text in UTF-8 if source is in
// UTF-16: Excel writes that as "Unicode text", and a redirection of PowerShell 5 does.
// Without a byte order mark it has a zero in every second byte of a header.
func decodeUTF16(source *bufio.Reader) *bufio.Reader {
	head, _ := source.Peek(4) // the next read returns the error again
	order := unicode.LittleEndian
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		order = unicode.BigEndian
	case len(head) < 4:
		return source
	case head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
	case head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		order = unicode.BigEndian
	default:
		return source
	}
	return bufio.NewReaderSize(unicode.UTF16(order, unicode.UseBOM).NewDecoder().Reader(source), headBytes)
}

// decodeWindows1252 decodes a text in Windows-1252, in which spreadsheets of Western
// Europe and America save CSV. isWestern is false if the text is probably in another
// encoding: it has a byte that stands for no character, or more letters beyond ASCII
// in a row than a word of those languages has.
func decodeWindows1252(text string) (decoded string, isWestern bool) {
	isWestern = true
	run := 0
	var out strings.Builder
	for i := range len(text) {
		char := rune(text[i])
		if char >= 0x80 && char < 0xA0 {
			char = windows1252[char-0x80]
		}
		out.WriteRune(char)
		switch b := text[i]; {
		case b == 0x81, b == 0x8D, b == 0x8F, b == 0x90, b == 0x9D:
			isWestern = false
		case b < 0xC0:
			run = 0
		default:
			run++
			isWestern = isWestern && run <= maxWesternLetters
		}
	}
	return out.String(), isWestern
}

// windows1252 has the characters of the bytes from 0x80 to 0x9F; all others are as in
// Unicode. Package charmap of golang.org/x/text has the same, but with the tables of all
// other code pages, which would be in the page that a browser loads.
var windows1252 = [...]rune{
	'€', '\uFFFD', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\uFFFD', 'Ž', '\uFFFD',
	'\uFFFD', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\uFFFD', 'ž', 'Ÿ',
}

// maxWesternLetters is how many letters beyond ASCII a word of a Western language has
// in a row at most: "créées" has two.
const maxWesternLetters = 3
