package export

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// The style and the script of the page. Both are in it as they are: nothing of them has the
// end of an element.
var (
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string
)

// htmlWriter is the [formatWriter] of the page. The summary stands before the cards, and they
// are sorted, so the page is written when all contacts are known.
type htmlWriter struct {
	out     *formatOutput
	card    cardWriter // of one contact
	cards   sortedCards
	summary pageSummary
	groups  map[string]int // people in each group of names
	key     []byte         // of one contact
}

func newHTMLWriter(out *formatOutput) formatWriter {
	return &htmlWriter{
		out: out, card: cardWriter{out: out}, cards: sortedCards{runBytes: runBytes},
		summary: newPageSummary(), groups: make(map[string]int),
	}
}

func (h *htmlWriter) writeContact(c *skypecontacts.Contact, id [16]byte) error {
	picture, err := h.out.contactPicture(c)
	if err != nil {
		return err
	}
	card := newContactCard(c)
	h.summary.add(&card)
	folded := foldName(card.name)
	group := nameGroup(folded)
	h.groups[group]++
	h.key = appendNameKey(h.key[:0], group, folded, string(id[:]))
	h.card.page = h.card.page[:0]
	h.card.writeCard(&card, id, picture)
	h.cards.add(h.key, h.card.page)
	return nil
}

func (h *htmlWriter) finish() error {
	page := &h.card.markup
	page.page = page.page[:0]
	writePageHead(page)
	page.line()
	page.open("body")
	page.line()
	page.element("a", "Skip to the people", attribute{"class", "skip"}, attribute{"href", "#people"})
	h.summary.write(page)
	if h.summary.people > 1 {
		h.writeTools(page)
	}
	page.line()
	page.open("main", attribute{"id", "people"}, attribute{"tabindex", "-1"})
	if err := h.writePeople(page); err != nil {
		return err
	}
	page.line()
	page.close("main")
	writeLeftOut(page, h.out)
	page.line()
	page.file("script", pageScript)
	page.line()
	page.close("body")
	page.line()
	page.close("html")
	page.line()
	return h.flush(page)
}

// flush writes what is in the buffer to the file.
func (h *htmlWriter) flush(page *markup) error {
	_, err := h.out.file.Write(page.page)
	page.page = page.page[:0]
	return err
}

// writePageHead writes what precedes the body. Its policy lets the browser load nothing and
// run nothing but the script of this package.
func writePageHead(page *markup) {
	page.page = append(page.page, "<!DOCTYPE html>\n"...)
	page.open("html", attribute{"lang", "en"})
	page.line()
	page.open("head")
	for _, meta := range [][]attribute{
		{{"charset", "utf-8"}},
		{{"http-equiv", "Content-Security-Policy"}, {"content", "default-src 'none'; style-src " + sourceHash(pageStyle) +
			"; script-src " + sourceHash(pageScript) + "; img-src data:; base-uri 'none'; form-action 'none'"}},
		{{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}},
		{{"name", "referrer"}, {"content", "no-referrer"}},
		{{"name", "color-scheme"}, {"content", "light dark"}},
		{{"name", "format-detection"}, {"content", "telephone=no"}}, // numbers are links already
		{{"name", "generator"}, {"content", "skypecontacts"}},
	} {
		page.line()
		page.open("meta", meta...)
	}
	page.line()
	page.element("title", pageTitle)
	page.line()
	page.open("link", attribute{"rel", "icon"}, attribute{"href", "data:,"}) // a browser requests one from a server otherwise
	page.line()
	page.file("style", pageStyle)
	page.line()
	page.close("head")
}

// sourceHash returns the hash of a script or style as a policy has it.
func sourceHash(source string) string {
	hash := sha256.Sum256([]byte(source))
	return "'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"
}

// writeTools writes the search box and the filters, which the script shows, and the links to
// the groups.
func (h *htmlWriter) writeTools(page *markup) {
	page.line()
	page.open("div", attribute{"class", "bar"})
	page.line()
	page.open("div", attribute{"id", "tools"}, attribute{"role", "search"}, attribute{"hidden", ""})
	page.element("label", "Search", attribute{"for", "search"})
	page.open("input", attribute{"id", "search"}, attribute{"type", "search"}, attribute{"placeholder", "Name, number, place …"},
		attribute{"autocomplete", "off"}, attribute{"spellcheck", "false"})
	page.open("div", attribute{"id", "filters"}, attribute{"role", "group"}, attribute{"aria-label", "Show only"})
	for fact, names := range cardFactNames {
		if count := h.summary.facts[fact]; count > 0 && count < h.summary.people {
			page.open("button", attribute{"type", "button"}, attribute{"aria-pressed", "false"}, attribute{"data-filter", names.name})
			page.text(names.filter + " ")
			page.element("span", countText(count), attribute{"class", "number"})
			page.close("button")
		}
	}
	page.close("div")
	page.open("p", attribute{"id", "count"}, attribute{"role", "status"})
	page.close("p")
	page.close("div")
	if groups := sortedGroups(h.groups); len(groups) > 1 {
		page.line()
		page.open("nav", attribute{"id", "letters"}, attribute{"aria-label", "Letters"})
		page.open("ul")
		for _, group := range groups {
			page.open("li")
			page.element("a", group, attribute{"href", "#" + groupID(group)})
			page.close("li")
		}
		page.close("ul")
		page.close("nav")
	}
	page.line()
	page.close("div")
}

// groupID returns the name of the place in the page where a group begins.
func groupID(group string) string {
	switch {
	case group == groupOther:
		return "letter-other"
	case isASCII(group):
		return "letter-" + strings.ToLower(group)
	default:
		return fmt.Sprintf("letter-%x", []rune(group)[0])
	}
}

// groupHeading returns what the heading of a group says beside its letter.
func groupHeading(group string) string {
	switch group {
	case groupOther:
		return "Numbers and signs"
	case groupHan:
		return "Chinese characters"
	case groupHangul:
		return "Korean"
	default:
		return ""
	}
}

// writePeople writes the cards in their groups.
func (h *htmlWriter) writePeople(page *markup) error {
	page.line()
	page.open("p", attribute{"id", "nobody"}, attribute{"hidden", ""})
	page.text("Nobody matches. Try fewer letters, or switch off a filter.")
	page.close("p")
	open := ""
	err := h.cards.merge(func(key, card []byte) error {
		if !isKeyOf(key, open) {
			if open != "" {
				closeGroup(page)
			}
			group := keyGroup(key)
			open = group
			page.line()
			page.open("section", attribute{"class", "letter"}, attribute{"id", groupID(group)})
			page.open("h2")
			page.text(group)
			if heading := groupHeading(group); heading != "" {
				page.element("small", " "+heading)
			}
			page.close("h2")
			page.line()
			page.open("ul", attribute{"class", "cards"})
		}
		page.page = append(page.page, card...)
		return h.flush(page)
	})
	if open != "" {
		closeGroup(page)
	} else {
		page.element("p", "There is nobody on this page.", attribute{"class", "empty"})
	}
	return err
}

func closeGroup(page *markup) {
	page.line()
	page.close("ul")
	page.close("section")
}
