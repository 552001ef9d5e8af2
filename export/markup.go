package export

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ownMarkup is HTML of this package. Only constants and the files of the page become it, and
// no text of a contact: the compiler converts nothing else.
type ownMarkup string

// markup writes HTML into a buffer. Package html/template would do more than is needed here:
// its reflection makes the linker keep every exported method, which adds 0.65 MB to the
// compressed WebAssembly of a converter.
type markup struct{ page []byte }

// own writes markup as it is.
func (m *markup) own(part ownMarkup) { m.page = append(m.page, part...) }

// around writes a text of any origin between two pieces of markup.
func (m *markup) around(before ownMarkup, text string, after ownMarkup) {
	m.page = append(appendText(append(m.page, before...), text), after...)
}

// text writes a text of any origin.
func (m *markup) text(text string) { m.page = appendText(m.page, text) }

// appendText appends a text of any origin, for an element or in the quotes of an attribute.
func appendText(page []byte, text string) []byte {
	if isPlainText(text) { // most, and much faster
		return append(page, text...)
	}
	return append(page, html.EscapeString(pageText(text))...)
}

// isolated writes a text that has a direction of its own, whatever is around it.
func (m *markup) isolated(text string) {
	if isASCII(text) {
		m.text(text)
		return
	}
	m.around("<bdi>", text, "</bdi>")
}

// isPlainText reports whether text has nothing to escape: ASCII without control characters and
// characters of HTML.
func isPlainText(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ' && c != '\n' && c != '\t', c >= 0x7f, c == '<', c == '>', c == '&', c == '"', c == '\'':
			return false
		}
	}
	return true
}

// pageText returns text without what a page must not have, or what would change the text
// around it: invalid UTF-8, control characters, and the characters that set the direction
// of text until another one ends it. Each text is in an element that finds out its own
// direction.
func pageText(text string) string {
	for _, r := range text {
		if r == utf8.RuneError || isHarmful(r) {
			return strings.Map(func(r rune) rune {
				if isHarmful(r) {
					return -1
				}
				return r
			}, cleanText(text))
		}
	}
	return text
}

// isHarmful reports whether r is a control character, one that sets a direction, or no
// character at all.
func isHarmful(r rune) bool {
	switch {
	case ' ' <= r && r < 0x7f, r == '\n', r == '\t':
		return false
	case r < 0xA0, 0x202A <= r && r <= 0x202E, 0x2066 <= r && r <= 0x206F, 0xFFF9 <= r && r <= 0xFFFB:
		return true
	default:
		return r&0xFFFE == 0xFFFE || 0xFDD0 <= r && r <= 0xFDEF
	}
}

// linkTarget is where a link leads. Only the functions below make one, each with a scheme of
// its own; the zero value is no link.
type linkTarget struct {
	scheme ownMarkup
	rest   string
	leaves bool // whether another page takes the place of this one
}

// link writes a text as a link, or as text if there is no target, or nothing of the text to
// see or to speak.
func (m *markup) link(target linkTarget, text string) {
	if target.scheme == "" || !hasVisible(text) {
		m.isolated(text)
		return
	}
	m.own(`<a href="`)
	m.around(target.scheme, target.rest, `"`)
	if target.leaves {
		m.own(` rel="noreferrer noopener"`)
	}
	m.own(">")
	m.isolated(text)
	m.own("</a>")
}

// phoneTarget returns the target that dials a number of digits and a plus sign, as
// [dialedDigits] returns it.
func phoneTarget(number string) linkTarget {
	digits := strings.TrimPrefix(number, "+")
	if len(digits) < 3 || strings.Trim(digits, "0123456789") != "" {
		return linkTarget{}
	}
	return linkTarget{scheme: "tel:", rest: number}
}

// mailTarget returns the target that writes to an address, unless it is none.
func mailTarget(address string) linkTarget {
	address = strings.TrimSpace(address)
	name, host, found := strings.Cut(address, "@")
	noAddress := func(r rune) bool { return r == '@' || r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsPrint(r) }
	if !found || name == "" || host == "" || strings.ContainsFunc(name+host, noAddress) {
		return linkTarget{}
	}
	return linkTarget{scheme: "mailto:", rest: url.PathEscape(address)}
}

// chatTarget returns the target that opens a chat in Skype with an account.
func chatTarget(name string) linkTarget {
	return linkTarget{scheme: "skype:", rest: url.PathEscape(name) + "?chat"}
}

// webTarget returns the target of a URI as [homepageURI] returns it, unless it is no address
// of the web or has a user name, by which an address looks like that of another site.
func webTarget(uri string) linkTarget {
	scheme, rest, _ := strings.Cut(uri, "://")
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	switch {
	case host == "" || strings.Contains(host, "@"):
		return linkTarget{}
	case strings.EqualFold(scheme, "https"):
		return linkTarget{scheme: "https://", rest: rest, leaves: true}
	case strings.EqualFold(scheme, "http"):
		return linkTarget{scheme: "http://", rest: rest, leaves: true}
	default:
		return linkTarget{}
	}
}

// countText returns a number with a comma between thousands.
func countText(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// peopleText returns a number of people in words.
func peopleText(count int) string {
	if count == 1 {
		return "1 person"
	}
	return countText(count) + " people"
}
