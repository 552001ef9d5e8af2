package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sampleBook(t *testing.T) addressBook {
	t.Helper()
	return newAddressBook(t, "sample", "anna", contactsOf(t, skypetest.SampleData()))
}

func generatedBook(t *testing.T, people int) addressBook {
	t.Helper()
	return newAddressBook(t, fmt.Sprintf("%d generated", people), "an", contactsOf(t, skypetest.Generate(people, 7)))
}

func hostileBook(t *testing.T) addressBook {
	t.Helper()
	return newAddressBook(t, "hostile", "many", hostileContacts())
}

func addressBooks(t *testing.T) []addressBook {
	t.Helper()
	return []addressBook{sampleBook(t), generatedBook(t, 1000), hostileBook(t)}
}

// visibleCards is an expression for the number of people who are shown.
const visibleCards = `[...document.querySelectorAll(".card")].filter(card => card.checkVisibility()).length`

// On every screen a page shows everybody, fits, runs nothing and requests nothing of what is
// in it, and is searched and filtered with keys alone.
func TestAddressBooks(t *testing.T) {
	t.Parallel()
	for _, book := range addressBooks(t) {
		for _, s := range screens {
			t.Run(book.name+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				p, server := newPage(t, s), newDocument(t, book.html)
				p.open(server.url)
				require.Equal(t, book.people, eval[int](p, visibleCards))
				p.expectFit()
				p.expectHarmless()
				p.searchByKeys(book)
				p.filterByKeys(book)
				p.openDetailsByKeys()
				p.expectFit()
				p.expectHarmless()
				p.expectClean(server.url + "/")
				assert.Equal(t, []string{"GET /"}, server.requested())
			})
		}
	}
}

func TestAddressBooksAreAccessible(t *testing.T) {
	t.Parallel()
	axe := requireAxe(t)
	for _, book := range addressBooks(t) {
		for _, s := range screens {
			t.Run(book.name+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				p := newPage(t, s)
				p.open(newDocument(t, book.html).url)
				p.expectAccessible("address book, "+book.name+", "+s.name, axe)
			})
		}
	}
}

// expectFit fails if the page is wider than the screen.
func (p *page) expectFit() {
	p.t.Helper()
	pixels, widest := p.overflow()
	assert.Zero(p.t, pixels, widest)
}

// expectHarmless fails if something of the content is more than text.
func (p *page) expectHarmless() {
	p.t.Helper()
	assert.False(p.t, eval[bool](p, `%q in window`, sentinel), "a script of the content has run")
	assert.Equal(p.t, "[1,1,0]", eval[string](p, `JSON.stringify([document.scripts.length, document.querySelectorAll("style").length,
		document.querySelectorAll("iframe, form, base, object, embed, img, [style], meta[http-equiv=refresh], link[rel=stylesheet]").length])`))
	assert.Empty(p.t, eval[[]string](p, `[...document.querySelectorAll("*")].flatMap(e => [...e.attributes]).map(a => a.name).filter(name => name.startsWith("on"))`))
	assert.Subset(p.t, []string{"http:", "https:", "tel:", "mailto:", "skype:", "sip:", "xmpp:"}, eval[[]string](p,
		`[...new Set([...document.links].filter(a => !a.getAttribute("href").startsWith("#")).map(a => a.protocol))]`))
}

// searchByKeys looks for words, then shows everybody again.
func (p *page) searchByKeys(book addressBook) {
	p.t.Helper()
	matches := eval[int](p, `[...document.querySelectorAll(".card")].filter(card => [...card.querySelectorAll("h3, dd")].some(part =>
		part.textContent.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().includes(%q))).length`, book.words)
	require.Positive(p.t, matches)
	require.Less(p.t, matches, book.people)
	p.tabTo("#search")
	p.press(book.words)
	p.waitForPeople(matches, book.people)
	p.press("a", kb.ModifierCtrl)
	p.press(kb.Backspace)
	p.waitForPeople(book.people, book.people)
	p.press("qqqqq")
	p.waitForPeople(0, book.people)
	p.press("a", kb.ModifierCtrl)
	p.press(kb.Delete)
	p.waitForPeople(book.people, book.people)
}

// filterByKeys switches each filter on and off.
func (p *page) filterByKeys(book addressBook) {
	p.t.Helper()
	filters := eval[[]struct {
		Name   string `json:"name"`
		People int    `json:"people"`
	}](p, `[...document.querySelectorAll("[data-filter]")].map(b => ({
		name: b.dataset.filter, people: document.querySelectorAll('.card[data-has~="' + b.dataset.filter + '"]').length}))`)
	require.NotEmpty(p.t, filters)
	for _, filter := range filters {
		button := fmt.Sprintf("[data-filter=%s]", filter.Name)
		p.tabTo(button)
		p.press(" ")
		p.waitForPeople(filter.People, book.people)
		assert.Equal(p.t, "true", eval[string](p, `document.querySelector(%q).ariaPressed`, button))
		p.press(kb.Enter)
		p.waitForPeople(book.people, book.people)
		assert.Equal(p.t, "false", eval[string](p, `document.querySelector(%q).ariaPressed`, button))
	}
}

// waitForPeople waits until that many people are shown, and their number is announced unless
// they are all.
func (p *page) waitForPeople(people, all int) {
	p.t.Helper()
	status := fmt.Sprintf("%d of %d people", people, all)
	if people == all {
		status = ""
	}
	p.waitFor(`%s === %d && document.querySelector("[role=status]").textContent.replaceAll(",", "") === %q`, visibleCards, people, status)
}

// openDetailsByKeys opens the first long text with a key, and all others at once.
func (p *page) openDetailsByKeys() {
	p.t.Helper()
	if eval[bool](p, `document.querySelector(".card details") === null`) {
		return
	}
	eval[chromedp.Void](p, `document.querySelector(".card details summary").focus()`)
	p.press(kb.Enter)
	assert.True(p.t, eval[bool](p, `document.querySelector(".card details").open`))
	eval[chromedp.Void](p, `document.querySelectorAll("details").forEach(d => { d.open = true })`)
}

// Without scripts everybody is there, and nothing that needs them.
func TestAddressBooksWithoutScript(t *testing.T) {
	t.Parallel()
	for _, book := range addressBooks(t) {
		t.Run(book.name, func(t *testing.T) {
			t.Parallel()
			p, server := newPage(t, desk), newDocument(t, book.html)
			call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			p.open(server.url)
			assert.Equal(t, book.people, eval[int](p, visibleCards))
			assert.False(t, eval[bool](p, `document.querySelector("#tools").checkVisibility()`))
			p.expectFit()
			assert.Equal(t, []string{"GET /"}, server.requested())
		})
	}
}

// On paper there are the people, without what one can only press.
func TestAddressBookOnPaper(t *testing.T) {
	t.Parallel()
	book := generatedBook(t, 200)
	p := newPage(t, screens[1])
	p.open(newDocument(t, book.html).url)
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	assert.Equal(t, book.people, eval[int](p, visibleCards))
	assert.False(t, eval[bool](p, `document.querySelector("#tools").checkVisibility()`))
	p.expectFit()
	paper, err := chromedp.Run(p.ctx, chromedp.PrintToPDF())
	require.NoError(t, err)
	assert.Greater(t, len(paper), 10_000)
}

// A page is opened as a user does it: as a file.
func TestAddressBookAsFile(t *testing.T) {
	t.Parallel()
	book := hostileBook(t)
	path := filepath.Join(t.TempDir(), "contacts.html")
	require.NoError(t, os.WriteFile(path, book.html, 0o600))
	p := newPage(t, desk)
	p.open("file://" + path)
	p.searchByKeys(book)
	p.filterByKeys(book)
	p.expectHarmless()
	p.expectClean("file://" + path)
}
