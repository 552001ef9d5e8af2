package export

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
)

// The style and the script of the page. Both are in it as they are: nothing of them has the
// end of an element.
var (
	//go:embed page.css
	pageStyle ownMarkup
	//go:embed page.js
	pageScript ownMarkup
)

// htmlWriter is the [formatWriter] of the page. The summary stands before the cards, and they
// are sorted, so the page is written when all contacts are known.
type htmlWriter struct {
	out     *formatOutput
	card    cardWriter // of one contact
	cards   sortedCards
	summary pageSummary
	groups  map[string]bool // of names, that have people
}

func newHTMLWriter(out *formatOutput) formatWriter {
	return &htmlWriter{
		out: out, card: cardWriter{out: out}, cards: sortedCards{runBytes: runBytes},
		summary: newPageSummary(), groups: make(map[string]bool),
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
	h.groups[group] = true
	h.card.page = appendNameKey(h.card.page[:0], group, folded, id)
	keySize := len(h.card.page)
	h.card.writeCard(&card, id, picture)
	h.cards.add(h.card.page, keySize)
	return nil
}

func (h *htmlWriter) finish() error {
	page := &h.card.markup
	page.page = page.page[:0]
	writePageHead(page)
	page.own("\n<body>\n<a class=\"skip\" href=\"#people\">Skip to the people</a>")
	h.summary.write(page)
	if h.summary.people > 1 {
		h.writeTools(page)
	}
	page.own("\n<main id=\"people\" tabindex=\"-1\">")
	if err := h.writePeople(page); err != nil {
		return err
	}
	page.own("\n</main>")
	writeLeftOut(page, h.out)
	page.own("\n<script>")
	page.own(pageScript)
	page.own("</script>\n</body>\n</html>\n")
	return h.flush(page)
}

// flush writes what is in the buffer to the file.
func (h *htmlWriter) flush(page *markup) error {
	_, err := h.out.file.Write(page.page)
	page.page = page.page[:0]
	return err
}

// writePageHead writes what precedes the body. Its policy lets the browser load nothing and
// run nothing but the script of this package. An icon without content keeps a browser from
// requesting one.
func writePageHead(page *markup) {
	page.own("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"")
	page.text("default-src 'none'; style-src " + sourceHash(pageStyle) + "; script-src " + sourceHash(pageScript) +
		"; img-src data:; base-uri 'none'; form-action 'none'")
	page.own(`">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<meta name="generator" content="skypecontacts">
<title>` + pageTitle + `</title>
<link rel="icon" href="data:,">
<style>`)
	page.own(pageStyle)
	page.own("</style>\n</head>")
}

// sourceHash returns the hash of a script or style as a policy has it.
func sourceHash(source ownMarkup) string {
	hash := sha256.Sum256([]byte(source))
	return "'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"
}

// writeTools writes the search box and the filters, which the script shows, and the links to
// the groups.
func (h *htmlWriter) writeTools(page *markup) {
	page.own("\n<div class=\"bar\">\n<div id=\"tools\" role=\"search\" hidden><label for=\"search\">Search</label>" +
		`<input id="search" type="search" placeholder="Name, number, place …" autocomplete="off" spellcheck="false">` +
		`<div id="filters" role="group" aria-label="Show only">`)
	for fact, names := range cardFactNames {
		if count := h.summary.facts[fact]; count > 0 && count < h.summary.people {
			page.around(`<button type="button" aria-pressed="false" data-filter="`, names.name, `">`)
			page.around("", names.filter, ` <span class="number">`)
			page.around("", countText(count), "</span></button>")
		}
	}
	page.own(`</div><p id="count" role="status"></p></div>`)
	if groups := slices.Sorted(maps.Keys(h.groups)); len(groups) > 1 {
		page.own("\n<nav id=\"letters\" aria-label=\"Letters\"><ul>")
		for _, group := range groups {
			page.around(`<li><a href="#`, groupID(group), `">`)
			page.around("", groupText(group), "</a></li>")
		}
		page.own("</ul></nav>")
	}
	page.own("\n</div>")
}

// groupID returns the name of the place in the page where a group begins.
func groupID(group string) string {
	switch {
	case group == groupOther:
		return "letter-other"
	case isASCII(group):
		return "letter-" + strings.ToLower(group)
	default:
		first, _ := utf8.DecodeRuneInString(group)
		return "letter-" + strconv.FormatInt(int64(first), 16)
	}
}

// groupText returns the letter of a group, or a sign for it.
func groupText(group string) string {
	if group == groupOther {
		return "#"
	}
	return group
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
	page.own("\n<p id=\"nobody\" hidden>Nobody matches. Try fewer letters, or switch off a filter.</p>")
	if h.summary.people == 0 {
		page.own(`<p class="empty">There is nobody on this page.</p>`)
	}
	open := ""
	err := h.cards.merge(func(key, card string) error {
		if group := keyGroup(key); group != open {
			if open != "" {
				page.own("\n</ul></section>")
			}
			open = group
			page.around("\n<section class=\"letter\" id=\"", groupID(open), `"><h2>`)
			page.text(groupText(open))
			if heading := groupHeading(open); heading != "" {
				page.around("<small> ", heading, "</small>")
			}
			page.own("</h2>\n<ul class=\"cards\">")
		}
		if err := h.flush(page); err != nil {
			return err
		}
		_, err := h.out.file.WriteString(card) // as cardWriter wrote it
		return err
	})
	if open != "" {
		page.own("\n</ul></section>")
	}
	return err
}
