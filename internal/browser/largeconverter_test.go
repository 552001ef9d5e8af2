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
	largePeople     = 100_000
	maxClick        = 200 * time.Millisecond // but for one in a hundred, on a machine that has other work
	maxSlowestClick = 3 * time.Second
	maxMemory       = 16 // times the size of the file, beside what the empty page takes
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
	subject := "converter, 100,000 people"

	start := time.Now()
	c.choose(path)
	clicks := c.clickUntilShown("#convert")
	measured.add(subject, "preview", rounded(start), "")
	assert.Equal(t, "100,000", eval[string](c.page, `document.querySelector("#counts dd").textContent`))
	for _, format := range []string{"google", "vcard", "jsonl"} {
		c.chooseFormat(format)
		start = time.Now()
		c.convert()
		clicks = append(clicks, c.clickUntilShown("#result")...)
		measured.add(subject, "conversion to "+format, rounded(start), "")
		c.expectSame(runExport(t, path, fileNames[format], "-to", format))
	}
	assert.Equal(t, loaded, site.requested(), "a request while files were read and converted")
	c.expectClean(c.assets()...)

	slices.Sort(clicks)
	most, slowest := clicks[len(clicks)*99/100], clicks[len(clicks)-1]
	measured.add(subject, fmt.Sprintf("slowest of %d clicks until the next frame", len(clicks)), slowest.String(), maxSlowestClick.String())
	measured.add(subject, "99 of 100 clicks at most", most.String(), maxClick.String())
	assert.Less(t, most, maxClick)
	assert.Less(t, slowest, maxSlowestClick)
	measured.add(subject, "file", fmt.Sprintf("%.1f MB", float64(size)/1e6), "")
	if after := peakMemory(t, others); after > 0 {
		grown := float64(after - before)
		measured.add(subject, "most memory of the page, beside that of the empty one",
			fmt.Sprintf("%.0f MB, %.1f × the file", grown/1e6, grown/float64(size)), fmt.Sprintf("%d × the file", maxMemory))
		assert.Less(t, grown, float64(maxMemory*size))
	}
}

func rounded(start time.Time) string { return time.Since(start).Round(100 * time.Millisecond).String() }

// clickUntilShown clicks beside everything until the work is done and an element is shown.
// It returns how long it took each time from the click until the next frame was ready.
func (c *converter) clickUntilShown(selector string) (times []time.Duration) {
	c.t.Helper()
	eval[chromedp.Void](c.page, `{
		globalThis.clicks ??= addEventListener("click", e => requestAnimationFrame(() => setTimeout(() => clicks.push(performance.now() - e.timeStamp))))
		globalThis.clicks = []
	}`)
	for start := time.Now(); c.isShown("#working") || !c.isShown(selector); {
		c.clickBeside()
		require.False(c.t, c.isShown("#error"), "%s\n%s", c.text("#error"), strings.Join(c.recorded(), "\n"))
		require.Less(c.t, time.Since(start), patience)
		time.Sleep(pause)
	}
	for _, time := range eval[[]float64](c.page, `clicks`) {
		times = append(times, milliseconds(time))
	}
	require.NotEmpty(c.t, times)
	return times
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
