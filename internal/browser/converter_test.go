package browser

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/dom"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	sampleFile   = clone + "/examples/export/sample.csv"
	messagesFile = clone + "/export/testdata/messages.json"
)

// converter is the page of examples/web in a tab.
type converter struct {
	*page
	url       string
	downloads downloads
}

// downloads are the files that a page has given to the browser, which names them by an
// identifier.
type downloads struct {
	folder string

	mu       sync.Mutex
	names    map[string]string // by identifier
	complete []string          // identifiers
}

func (d *downloads) record(event any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch e := event.(type) {
	case *cdpbrowser.EventDownloadWillBegin:
		d.names[e.GUID] = e.SuggestedFilename
	case *cdpbrowser.EventDownloadProgress:
		if e.State == cdpbrowser.DownloadProgressStateCompleted {
			d.complete = append(d.complete, e.GUID)
		}
	}
}

// take removes a complete file, and returns it, or nil if there is none of that name.
func (d *downloads) take(name string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range d.complete {
		path := filepath.Join(d.folder, id)
		content, err := os.ReadFile(path)
		if d.names[id] == name && err == nil { // those of other tests are in other folders
			_ = os.Remove(path)
			return content
		}
	}
	return nil
}

// newConverter opens the page at a URL.
func newConverter(t *testing.T, s screen, url string) *converter {
	t.Helper()
	c := &converter{page: newPage(t, s), url: url, downloads: downloads{folder: t.TempDir(), names: map[string]string{}}}
	require.NoError(t, chromedp.ListenBrowser(c.ctx, c.downloads.record))
	eventsEnabled := true
	_, err := chromedp.CallBrowser(c.ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: c.downloads.folder, EventsEnabled: &eventsEnabled,
		BrowserContextID: chromedp.FromContext(c.ctx).BrowserContextID,
	})
	require.NoError(t, err)
	c.open(url)
	c.waitFor(`document.querySelector("#formats input") !== null`)
	eval[chromedp.Void](c.page, `{ // what is behind the address of a file, which the policy lets nobody fetch
		globalThis.offeredBlobs = new Map()
		const create = URL.createObjectURL
		URL.createObjectURL = blob => {
			const address = create.call(URL, blob)
			offeredBlobs.set(address, blob)
			return address
		}
		const revoke = URL.revokeObjectURL
		URL.revokeObjectURL = address => {
			offeredBlobs.delete(address)
			revoke.call(URL, address)
		}
	}`)
	return c
}

// choose opens the dialog for files with a key, and chooses one.
func (c *converter) choose(path string) {
	c.t.Helper()
	path, err := filepath.Abs(path)
	require.NoError(c.t, err)
	call(c.page, cdppage.SetInterceptFileChooserDialog, cdppage.SetInterceptFileChooserDialogParams{Enabled: true})
	c.tabTo("#file")
	dialog, err := chromedp.Run(c.ctx, chromedp.WaitEvent(cdppage.FileChooserOpened,
		func(cdppage.EventFileChooserOpened) bool { return true }, chromedp.KeyEvent(kb.Enter)))
	require.NoError(c.t, err)
	call(c.page, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: dialog.BackendNodeID})
}

// isVisible is an expression that reports whether an element is shown.
func isVisible(selector string) string {
	return fmt.Sprintf(`document.querySelector(%q)?.checkVisibility() === true`, selector)
}

// isShown reports whether an element is shown.
func (c *converter) isShown(selector string) bool {
	c.t.Helper()
	return eval[bool](c.page, "%s", isVisible(selector))
}

// waitForPreview waits until a file is looked through.
func (c *converter) waitForPreview() {
	c.t.Helper()
	c.waitFor(`!%s && %s`, isVisible("#working"), isVisible("#convert"))
}

// text returns what an element says.
func (c *converter) text(selector string) string {
	c.t.Helper()
	return eval[string](c.page, `document.querySelector(%q).innerText`, selector)
}

// chooseFormat chooses a format and options with keys.
func (c *converter) chooseFormat(format string, options ...string) {
	c.t.Helper()
	for _, option := range options {
		c.tabTo("#" + option)
		if !eval[bool](c.page, `document.activeElement.checked`) {
			c.press(" ")
		}
	}
	c.tabTo("#formats input")
	for range fileNames {
		if eval[string](c.page, `document.activeElement.value`) != format {
			c.press(kb.ArrowDown)
		}
	}
	require.Equal(c.t, format, eval[string](c.page, `document.querySelector("#formats :checked").value`))
}

// convert starts the work with a key.
func (c *converter) convert() {
	c.t.Helper()
	c.tabTo("#convert")
	c.press(kb.Enter)
}

// waitForResult waits until files are converted.
func (c *converter) waitForResult() {
	c.t.Helper()
	c.waitFor(`!%s && %s`, isVisible("#working"), isVisible("#result"))
}

// download takes the first files with keys, and returns them. Before Chromium takes more than
// ten files without a click it asks, which nobody answers here.
func (c *converter) download() map[string][]byte {
	c.t.Helper()
	files := map[string][]byte{}
	for _, name := range c.offered()[:min(3, len(c.offered()))] {
		c.clickBeside()
		c.tabTo(fmt.Sprintf("#downloads a[download=%q]", name))
		c.press(kb.Enter)
		eventually(c.t, func() bool {
			files[name] = c.downloads.take(name)
			return files[name] != nil
		})
	}
	return files
}

// offered returns the names of the files that the page offers.
func (c *converter) offered() []string {
	c.t.Helper()
	return eval[[]string](c.page, `[...document.querySelectorAll("#downloads a")].map(a => a.download)`)
}

// hashes returns the SHA-256 of all files that the page offers, in hexadecimal.
func (c *converter) hashes() map[string]string {
	c.t.Helper()
	return eval[map[string]string](c.page, `Promise.all([...document.querySelectorAll("#downloads a")].map(async a => {
		const hash = await crypto.subtle.digest("SHA-256", await offeredBlobs.get(a.href).arrayBuffer())
		return [a.download, new Uint8Array(hash).toHex()]
	})).then(Object.fromEntries)`)
}

// clickBeside clicks where nothing is.
func (c *converter) clickBeside() {
	c.t.Helper()
	c.do(chromedp.MouseClickXY(3, 3))
}

// expectSame fails if the page says or writes other than examples/export.
func (c *converter) expectSame(want exported) {
	c.t.Helper()
	assert.Equal(c.t, pageWords.Replace(want.report), c.text("#report"))
	hashes := map[string]string{}
	for name, content := range want.files {
		hashes[name] = fmt.Sprintf("%x", sha256.Sum256(content))
	}
	assert.Equal(c.t, hashes, c.hashes())
	assert.Equal(c.t, len(hashes) > 1, c.isShown("#several"))
	for name, content := range c.download() {
		assert.True(c.t, bytes.Equal(want.files[name], content), name)
	}
}

// formats returns the formats of the page, with the names of their files.
func (c *converter) formats() []string {
	c.t.Helper()
	return eval[[]string](c.page, `[...document.querySelectorAll("#formats input")].map(input => input.value)`)
}

// fileNames are the names of files in the formats.
var fileNames = map[string]string{
	"vcard": "contacts.vcf", "vcard4": "contacts.vcf", "google": "contacts.csv", "outlook": "contacts.csv",
	"jscontact": "contacts.json", "jsonl": "contacts.jsonl", "html": "contacts.html",
}

// Every format of the sample, made with keys alone, is what examples/export writes, and no
// request is sent meanwhile.
func TestConverterFormats(t *testing.T) {
	t.Parallel()
	site := startConverter(t)
	c := newConverter(t, desk, site.url)
	loaded := site.requested()
	c.choose(sampleFile)
	c.waitForPreview()
	assert.ElementsMatch(t, slices.Collect(maps.Keys(fileNames)), c.formats())
	for _, format := range c.formats() {
		c.chooseFormat(format)
		c.convert()
		c.waitForResult()
		c.expectSame(runExport(t, sampleFile, fileNames[format], "-to", format))
	}
	c.chooseFormat("vcard", "suggested", "bots", "no-blocked", "mood")
	c.convert()
	c.waitForResult()
	c.expectSame(runExport(t, sampleFile, "contacts.vcf", "-suggested", "-bots", "-no-blocked", "-mood"))
	c.expectFit()
	assert.Equal(t, loaded, site.requested(), "a request while files were read and converted")
	for _, line := range loaded {
		assert.Regexp(t, `^GET "/(|index.html|page.css|page.js|wasm_exec.js|converter.wasm)", 0 bytes of content$`, line)
	}
	c.expectClean(c.assets()...)
}

// assets returns the URLs of the page's files.
func (c *converter) assets() []string {
	urls := []string{c.url}
	for _, name := range []string{"page.css", "page.js", "wasm_exec.js", "converter.wasm", "sample.csv"} {
		urls = append(urls, c.url+name)
	}
	return urls
}

// Whatever a user has is read as examples/export reads it, or refused in the same words.
func TestConverterInputs(t *testing.T) {
	t.Parallel()
	site := startConverter(t)
	c := newConverter(t, screens[2], site.url)
	folder := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	sample, err := os.ReadFile(sampleFile)
	require.NoError(t, err)
	for _, tt := range []struct {
		name, path string
		failed     bool
	}{
		{"archive", write("skype.zip", inZip(t, "contacts.csv", sample)), false},
		{"conversations", messagesFile, false},
		{"hostile", write("hostile.csv", importers.ContactsCSV(hostileRows())), false},
		{"rows that are broken", write("rows.csv", append(slices.Clone(sample), "Skype,\"cut o"...)), true},
		{"no contacts", write("empty.csv", []byte("type,id,display_name\n")), true},
		{"broken archive", write("broken.zip", inZip(t, "contacts.csv", sample)[:200]), true},
		{"something else", write("picture.csv", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")), true},
		{"empty", write("nothing.csv", nil), true},
	} {
		want := runExport(t, tt.path, "contacts.vcf")
		c.choose(tt.path)
		c.waitFor(`!%s && (%s || %s)`, isVisible("#working"), isVisible("#convert"), isVisible("#error"))
		if c.isShown("#convert") {
			c.chooseFormat("vcard")
			c.convert()
			c.waitFor(`!%s && (%s || %s)`, isVisible("#working"), isVisible("#result"), isVisible("#error"))
		}
		if !tt.failed {
			c.expectSame(want)
			continue
		}
		assert.Empty(t, want.files, tt.name)
		assert.True(t, c.isShown("#error"), tt.name)
		last := strings.TrimPrefix(want.report[strings.LastIndex(want.report, "\n")+1:], "export: ")
		assert.Contains(t, strings.ToLower(c.text("#error-text")), strings.ToLower(last), tt.name)
		assert.Equal(t, "error", eval[string](c.page, `document.activeElement.id`), tt.name)
	}
	c.expectFit()
	assert.False(t, eval[bool](c.page, `%q in window`, sentinel))
	c.expectClean(c.assets()...)
}

// hostileRows returns hostile contacts that a CSV file can hold.
func hostileRows() []*skypecontacts.Contact {
	contacts := hostileContacts()
	for _, c := range contacts {
		c.Profile.Phones = c.Profile.Phones[:min(3, len(c.Profile.Phones))]
		c.Sources = []skypecontacts.RelationshipSource{{Type: "Scd"}}
	}
	return contacts
}

func inZip(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	file, err := w.Create(name)
	require.NoError(t, err)
	_, err = file.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return archive.Bytes()
}

// The preview has the numbers and the people of the file, and is searched with keys.
func TestConverterPreview(t *testing.T) {
	t.Parallel()
	c := newConverter(t, desk, startConverter(t).url)
	c.tabTo("#try-sample")
	c.press(kb.Enter)
	c.waitForPreview()
	assert.Equal(t, "preview-title", eval[string](c.page, `document.activeElement.id`))
	assert.Equal(t, map[string]string{"people": "8", "with a number": "3"}, eval[map[string]string](c.page,
		`Object.fromEntries([...document.querySelectorAll("#counts div")].map(div => [div.querySelector("dt").textContent, div.querySelector("dd").textContent]))`))
	rows := `document.querySelectorAll("#rows tr").length`
	all := eval[int](c.page, "%s", rows)
	c.tabTo("#search")
	c.press("anna")
	c.waitFor(`%s === 1 && document.querySelector("#matches").textContent.startsWith("1 of ")`, rows)
	c.press(kb.Backspace + kb.Backspace + kb.Backspace + kb.Backspace)
	c.waitFor(`%s === %d`, rows, all)
	assert.Equal(t, "status", eval[string](c.page, `document.querySelector("#matches").role`))
}

// A search finds what the table shows, as it is shown there, and as a user writes it.
func TestConverterSearch(t *testing.T) {
	t.Parallel()
	c := newConverter(t, desk, startConverter(t).url)
	path := filepath.Join(t.TempDir(), "contacts.csv")
	require.NoError(t, os.WriteFile(path, []byte("type,id,display_name,phones[0].number,profile.locations[0].city\n"+
		"Skype,joe.4,Joe,0171 234,Lange Straße\n"+
		"Skype,anna.7,Anna,+44 (20) 7946-0002,Łódź\n"+
		"Skype,daisy.5,Room 2-3,,\n"), 0o600))
	c.choose(path)
	c.waitForPreview()
	for text, want := range map[string][]string{
		"":              {"joe.4", "anna.7", "daisy.5"},
		"0171 234":      {"joe.4"},
		"171-234":       {"joe.4"},
		"STRASSE lange": {"joe.4"},
		"straße":        {"joe.4"},
		"020 79460002":  {"anna.7"},
		"+44 (20) 7946": {"anna.7"},
		"lodz":          {"anna.7"},
		"2-3":           {"joe.4", "daisy.5"}, // also in a number
		"room 2-3":      {"daisy.5"},
		"99":            {},
		"999":           {},
	} {
		assert.Equal(t, want, eval[[]string](c.page, `(() => {
			const search = document.querySelector("#search")
			search.value = %q
			search.dispatchEvent(new Event("input"))
			return [...document.querySelectorAll("#rows td:nth-child(2)")].map(td => td.textContent)
		})()`, text), text)
	}
}

// holdWork keeps work from the workers until the page calls releaseWork.
func (c *converter) holdWork() {
	c.t.Helper()
	eval[chromedp.Void](c.page, `{
		globalThis.held = undefined
		const post = Worker.prototype.postMessage
		Worker.prototype.postMessage = function (message) {
			if (!message.work) return post.call(this, message)
			globalThis.held = this
			globalThis.releaseWork = changes => {
				Worker.prototype.postMessage = post
				post.call(this, { ...message, ...changes })
			}
		}
	}`)
}

// Whoever changes an option does not get what was made with the old ones, and a file that is
// being read is read on.
func TestConverterChanges(t *testing.T) {
	t.Parallel()
	c := newConverter(t, desk, startConverter(t).url)
	c.holdWork()
	c.choose(sampleFile)
	c.waitFor(`globalThis.held !== undefined`)
	eval[chromedp.Void](c.page, `{ held.dispatchEvent(new MessageEvent("message", { data: { rows: "\t0\tJoe\tjoe.4\t\t\t\t" } })) }`)
	c.waitFor(isVisible("#bots"))
	c.tabTo("#bots")
	c.press(" ")
	assert.True(t, c.isShown("#working"))
	eval[chromedp.Void](c.page, `{ releaseWork() }`)
	c.waitForPreview()
	for _, option := range []string{"suggested", "bots", "no-blocked", "mood"} {
		c.holdWork()
		c.convert()
		c.waitFor(`globalThis.held !== undefined`)
		c.tabTo("#" + option)
		c.press(" ")
		assert.False(t, c.isShown("#working"), option)
		assert.Empty(t, c.text("#status"), option)
		eval[chromedp.Void](c.page, `{ releaseWork() }`)
	}
	c.convert()
	c.waitForResult()
	assert.Equal(t, 1, eval[int](c.page, `offeredBlobs.size`))
	c.choose(sampleFile)
	c.waitForPreview()
	assert.False(t, c.isShown("#result"))
	assert.Zero(t, eval[int](c.page, `offeredBlobs.size`), "files that nobody can download are kept")
	c.expectClean(c.assets()...)
}

// The page says so if a worker has failed, and works on with another one.
func TestConverterFails(t *testing.T) {
	t.Parallel()
	c := newConverter(t, desk, startConverter(t).url)
	for _, tt := range []struct{ failure, want string }{
		{`releaseWork({ work: "nothing" })`, "The converter has stopped: converter[data.work] is not a function."},
		{`held.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }))`, "The converter has stopped: out of memory."},
	} {
		c.holdWork()
		c.choose(sampleFile)
		c.waitFor(`globalThis.held !== undefined`)
		eval[chromedp.Void](c.page, `{ %s }`, tt.failure)
		c.waitFor(isVisible("#error"))
		assert.Equal(t, tt.want, c.text("#error-text"))
		assert.False(t, c.isShown("#working"))
		eval[chromedp.Void](c.page, `{ releaseWork() }`)
	}
	c.choose(sampleFile)
	c.waitForPreview()
	c.expectClean(c.assets()...)
}

// The static files work the same behind a plain file server, in a folder of it.
func TestStaticConverter(t *testing.T) {
	t.Parallel()
	requireChromium(t)
	folder := buildStatic(t, buildProgram(t, "web"))
	site := newSite(t, httpFolder("/tools/skype/", folder))
	c := newConverter(t, desk, site.url+"/tools/skype/")
	c.tabTo("#try-sample")
	c.press(kb.Enter)
	c.waitForPreview()
	c.convert()
	c.waitForResult()
	c.expectSame(runExport(t, sampleFile, "contacts.vcf"))
	for _, line := range site.requested() {
		assert.Regexp(t, `^GET /tools/skype/(|page.css|page.js|wasm_exec.js|converter.wasm|sample.csv)$`, line)
	}
	c.expectClean(c.assets()...)
}

// In each state, on every screen, the page fits and is accessible.
func TestConverterIsAccessible(t *testing.T) {
	t.Parallel()
	axe := requireAxe(t)
	site := startConverter(t)
	broken := filepath.Join(t.TempDir(), "broken.csv")
	require.NoError(t, os.WriteFile(broken, []byte("type,id,display_name\n"), 0o600))
	for _, s := range screens {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			c := newConverter(t, s, site.url)
			look := func(state string) {
				t.Helper()
				c.expectFit()
				c.expectAccessible("converter, "+state+", "+s.name, axe)
			}
			look("at first")
			c.choose(sampleFile)
			c.waitForPreview()
			look("preview")
			c.convert()
			c.waitForResult()
			look("result")
			c.choose(broken)
			c.waitFor(`!%s && (%s || %s)`, isVisible("#working"), isVisible("#convert"), isVisible("#error"))
			if !c.isShown("#error") {
				c.convert()
				c.waitFor(isVisible("#error"))
			}
			look("error")
			c.expectClean(c.assets()...)
		})
	}
}
