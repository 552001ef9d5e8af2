package export

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
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
	m.page = append(append(m.page, '<'), name...)
	for _, a := range attributes {
		m.page = append(append(append(m.page, ' '), a.name...), `="`...)
		m.text(a.value)
		m.page = append(m.page, '"')
	}
	m.page = append(m.page, '>')
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
func (m *markup) text(text string) {
	m.page = append(m.page, html.EscapeString(pageText(text))...)
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
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' || c == 0x7f {
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

// isHarmful reports whether r, which is not ASCII, is a control character, one that sets a
// direction, or no character at all.
func isHarmful(r rune) bool {
	switch {
	case r < 0x80:
		return false
	case r < 0xA0, 0x202A <= r && r <= 0x202E, 0x2066 <= r && r <= 0x2069, 0x206A <= r && r <= 0x206F:
		return true
	case 0xFDD0 <= r && r <= 0xFDEF, r&0xFFFE == 0xFFFE, 0xFFF9 <= r && r <= 0xFFFB, 0xE0000 <= r && r <= 0xE001F:
		return true
	default:
		return false
	}
}

// linkTarget is where a link leads. Only the functions below make one, each with a scheme of
// its own; the zero value is no link.
type linkTarget struct{ uri string }

// link writes a text as a link, or as text if there is no target.
func (m *markup) link(target linkTarget, text string) {
	if target.uri == "" {
		m.element("bdi", text)
		return
	}
	m.open("a", attribute{"href", target.uri}, attribute{"rel", "noreferrer noopener"})
	m.element("bdi", text)
	m.close("a")
}

// phoneTarget returns the target that dials a number of digits and a plus sign, as
// [dialedDigits] returns it.
func phoneTarget(number string) linkTarget {
	digits := strings.TrimPrefix(number, "+")
	if len(digits) < 3 || strings.Trim(digits, "0123456789") != "" {
		return linkTarget{}
	}
	return linkTarget{"tel:" + number}
}

// mailTarget returns the target that writes to an address, unless it is none.
func mailTarget(address string) linkTarget {
	address = strings.TrimSpace(address)
	name, host, found := strings.Cut(address, "@")
	noAddress := func(r rune) bool { return r == '@' || r == '\uFFFD' || unicode.IsSpace(r) || !unicode.IsPrint(r) }
	if !found || name == "" || host == "" || strings.ContainsFunc(name+host, noAddress) {
		return linkTarget{}
	}
	return linkTarget{"mailto:" + url.PathEscape(address)}
}

// chatTarget returns the target that opens a chat in Skype, and none for a telephone or an
// account of another service.
func chatTarget(id skypecontacts.MRI) linkTarget {
	name := id.ID()
	switch id.Kind() {
	case skypecontacts.KindSkype:
	case skypecontacts.KindBot:
		name = string(id)
	default:
		return linkTarget{}
	}
	return linkTarget{"skype:" + url.PathEscape(validUTF8(name)) + "?chat"}
}

// webTarget returns the target of a URI, unless it is no address of the web or has a user
// name, by which an address looks like that of another site.
func webTarget(uri string) linkTarget {
	parsed, err := url.Parse(uri)
	if err != nil || parsed.Host == "" || parsed.User != nil || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return linkTarget{}
	}
	return linkTarget{uri}
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
