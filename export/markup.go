package export

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// elementName and attributeName are names of HTML. Only constants become one, and no text of
// a contact.
type (
	elementName   string
	attributeName string
)

// attribute is an attribute of an element. Its value is escaped when it is written.
type attribute struct {
	name  attributeName
	value string
}

// markup writes HTML into a buffer. Package html/template would do more than is needed here:
// its reflection makes the linker keep every exported method, which adds 0.65 MB to the
// compressed WebAssembly of a converter.
type markup struct{ page []byte }

// open writes the begin of an element.
func (m *markup) open(name elementName, attributes ...attribute) {
	page := append(append(m.page, '<'), name...)
	for _, a := range attributes {
		page = append(append(append(page, ' '), a.name...), `="`...)
		page = append(appendText(page, a.value), '"')
	}
	m.page = append(page, '>')
}

// close writes the end of an element.
func (m *markup) close(name elementName) {
	m.page = append(append(append(m.page, "</"...), name...), '>')
}

// element writes an element that has a text.
func (m *markup) element(name elementName, text string, attributes ...attribute) {
	m.open(name, attributes...)
	m.text(text)
	m.close(name)
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
	m.element("bdi", text)
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

// line writes a line end between two elements, for those who read the source.
func (m *markup) line() { m.page = append(m.page, '\n') }

// file writes an element with the content of a file of this package, in which nothing is
// escaped: it must not have the end of the element.
func (m *markup) file(name elementName, content string) {
	m.open(name)
	m.page = append(m.page, content...)
	m.close(name)
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
	scheme, rest string
	leaves       bool // whether another page takes the place of this one
}

// link writes a text as a link, or as text if there is no target.
func (m *markup) link(target linkTarget, text string) {
	if target.scheme == "" {
		m.isolated(text)
		return
	}
	page := append(m.page, `<a href="`...) //nolint:gocritic // it is assigned below
	page = appendText(append(page, target.scheme...), target.rest)
	if target.leaves {
		page = append(page, `" rel="noreferrer noopener`...)
	}
	m.page = append(page, `">`...)
	m.isolated(text)
	m.close("a")
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
