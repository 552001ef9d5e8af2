package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	largePeople = 100_000
	maxClick    = 200 * time.Millisecond
	maxMemory   = 25 // times the size of the file, beside what the empty page takes
)

// largeFile writes a contacts.csv of 100,000 people.
func largeFile(t *testing.T) (path string, bytes int64) {
	t.Helper()
	generated := importers.Generated()
	contacts := make([]*skypecontacts.Contact, largePeople)
	for i := range contacts {
		contact := *generated[i%len(generated)]
		contact.MRI = skypecontacts.MRI(fmt.Sprintf("8:person.%d", i))
		contact.Profile.About = contact.Profile.About[:min(80, len(contact.Profile.About))]
		contacts[i] = &contact
	}
	path = filepath.Join(t.TempDir(), "contacts.csv")
	content := importers.ContactsCSV(contacts)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path, int64(len(content))
}

// A file of 100,000 people is converted as examples/export does it. Meanwhile the page
// responds to clicks, and its memory is bounded.
func TestLargeConverter(t *testing.T) { //nolint:paralleltest // measures time
	site := startConverter(t)
	path, size := largeFile(t)
	others := renderers(t)
	c := newConverter(t, desk, site.url)
	before := peakMemory(t, others)
	loaded := site.requested()
	var slowest time.Duration
	clicks := 0
	start := time.Now()
	working := func(done string) {
		eval[chromedp.Void](c.page, `{
			globalThis.clicks = []
			addEventListener("click", e => { requestAnimationFrame(() => setTimeout(() => clicks.push(performance.now() - e.timeStamp))) }, {capture: true, once: false})
		}`)
		for !eval[bool](c.page, `!%s && %s`, isVisible("#working"), isVisible(done)) {
			c.do(chromedp.MouseClickXY(3, 3)) // beside everything
			require.False(t, c.isShown("#error"), "%s\n%s", c.text("#error"), strings.Join(c.recorded(), "\n"))
			require.Less(t, time.Since(start), patience)
		}
		times := eval[[]float64](c.page, `clicks`)
		require.NotEmpty(t, times)
		clicks += len(times)
		slowest = max(slowest, milliseconds(slices.Max(times)))
	}
	t.Log("size", size)
	c.choose(path)
	t.Log("chosen")
	working("#convert")
	t.Log("preview", clicks, slowest, time.Since(start))
	preview := time.Since(start)
	assert.Equal(t, "100,000", eval[string](c.page, `document.querySelector("#counts dd").textContent`))
	durations := []string{"preview " + preview.Round(100*time.Millisecond).String()}
	for _, format := range []string{"google", "vcard", "jsonl"} {
		start = time.Now()
		c.chooseFormat(format)
		c.convert()
		working("#result")
		t.Log(format, time.Since(start))
		durations = append(durations, format+" "+time.Since(start).Round(100*time.Millisecond).String())
		c.expectSame(runExport(t, path, fileNames[format], "-to", format))
		t.Log("same", clicks, slowest, time.Since(start))
	}
	memory := peakMemory(t, others)
	assert.Equal(t, loaded, site.requested(), "a request while files were read and converted")
	c.expectClean(c.assets()...)

	subject := "converter, 100,000 people"
	measured.add(subject, "file", fmt.Sprintf("%.1f MB", float64(size)/1e6), "")
	measured.add(subject, "time", strings.Join(durations, ", "), "")
	measured.add(subject, fmt.Sprintf("slowest of %d clicks until the next frame", clicks), slowest.String(), maxClick.String())
	assert.Less(t, slowest, maxClick)
	if memory > 0 {
		grown := float64(memory - before)
		measured.add(subject, "peak memory of the page beside that of the empty one", fmt.Sprintf("%.0f MB, %.1f × the file", grown/1e6, grown/float64(size)), fmt.Sprintf("%d × the file", maxMemory))
		assert.Less(t, grown, float64(maxMemory*size))
	}
}

// renderers returns the processes of Chromium that have pages.
func renderers(t *testing.T) (pids []int64) {
	t.Helper()
	result, err := chromedp.CallBrowser(requireChromium(t), systeminfo.GetProcessInfo, cdp.Empty{})
	require.NoError(t, err)
	for _, process := range result.ProcessInfo {
		if process.Type == "renderer" {
			pids = append(pids, process.ID)
		}
	}
	return pids
}

// peakMemory returns the largest memory that one of the processes with pages ever had,
// without those others, and 0 on systems that do not tell.
func peakMemory(t *testing.T, others []int64) (bytes int64) {
	t.Helper()
	for _, pid := range renderers(t) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, peak, found := strings.Cut(string(status), "VmHWM:")
		if err != nil || !found || slices.Contains(others, pid) {
			continue
		}
		kilobytes, err := strconv.ParseInt(strings.Fields(peak)[0], 10, 64)
		require.NoError(t, err)
		bytes = max(bytes, kilobytes<<10)
	}
	return bytes
}

// Work on a large file can be cancelled with a key, and other work follows.
func TestCancel(t *testing.T) {
	t.Parallel()
	path, _ := largeFile(t)
	c := newConverter(t, desk, startConverter(t).url)
	cancel := func() {
		t.Helper()
		c.waitFor(`document.activeElement.id === "cancel"`)
		c.press(kb.Enter)
		c.waitFor(`!%s && document.querySelector("#status").textContent === "Cancelled."`, isVisible("#working"))
	}
	c.choose(path)
	cancel()
	c.choose(path)
	c.waitForPreview()
	c.convert()
	cancel()
	c.choose(sampleFile)
	c.waitForPreview()
	c.convert()
	c.waitForResult()
	c.expectSame(runExport(t, sampleFile, "contacts.vcf"))
	c.expectClean(c.assets()...)
}
