package browser

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// The bounds are for a machine that has other work too.
const (
	maxFirstPaint = 10 * time.Second
	maxFirstTab   = 2 * time.Second // looks at every card if nothing says where to begin
	maxKeystroke  = 2 * time.Second
)

// A page of 10,000 people is shown soon, and searched while one types.
func TestLargeAddressBook(t *testing.T) { //nolint:paralleltest // measures time
	book := generatedBook(t, 10_000)
	p := newPage(t, desk)
	p.open(newDocument(t, book.html).url)
	paint := milliseconds(eval[float64](p, `new Promise(done => new PerformanceObserver(list => {
		for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") done(entry.startTime)
	}).observe({type: "paint", buffered: true}))`))
	start := time.Now()
	p.press(kb.Tab)
	firstTab := time.Since(start).Round(100 * time.Microsecond)
	p.tabTo("#search")
	eval[chromedp.Void](p, `{
		let pressed
		addEventListener("keydown", () => { pressed = performance.now() }, true)
		globalThis.keystrokes = []
		new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => keystrokes.push(performance.now() - pressed))))
			.observe(document.querySelector("[role=status]"), {childList: true, characterData: true, subtree: true})
	}`)
	var slowest time.Duration
	for i, key := range []string{"a", "n", "n", "a", kb.Backspace, kb.Backspace, kb.Backspace} {
		p.press(key)
		p.waitFor(`keystrokes.length > %d`, i)
		slowest = max(slowest, milliseconds(eval[float64](p, `keystrokes.at(-1)`)))
	}
	subject := "address book, " + book.name
	measured.add(subject, "size", fmt.Sprintf("%.1f MB", float64(len(book.html))/1e6), "")
	measured.add(subject, "first paint", paint.String(), maxFirstPaint.String())
	measured.add(subject, "first Tab", firstTab.String(), maxFirstTab.String())
	measured.add(subject, "slowest keystroke of a search until the result is painted", slowest.String(), maxKeystroke.String())
	assert.Less(t, paint, maxFirstPaint)
	assert.Less(t, firstTab, maxFirstTab)
	assert.Less(t, slowest, maxKeystroke)
}

func milliseconds(n float64) time.Duration {
	return time.Duration(n * float64(time.Millisecond)).Round(100 * time.Microsecond)
}
