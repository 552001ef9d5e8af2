package browser

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	picturesFolder  = clone + "/docs/pictures"
	maxPictureBytes = 300_000 // all pictures together
)

// The README shows every picture, and says in words what is in it.
func TestPictures(t *testing.T) { //nolint:paralleltest // may write the pictures
	if *updatePictures {
		takePictures(t)
	}
	readme, err := os.ReadFile(clone + "/README.md")
	require.NoError(t, err)
	var shown []string
	for _, match := range regexp.MustCompile(`!\[([^\]]{20,})\]\((docs/pictures/[^)]+)\)`).FindAllSubmatch(readme, -1) {
		shown = append(shown, string(match[2]))
	}
	pictures, err := filepath.Glob(picturesFolder + "/*")
	require.NoError(t, err)
	var names []string
	total := int64(0)
	for _, path := range pictures {
		names = append(names, "docs/pictures/"+filepath.Base(path))
		info, err := os.Stat(path)
		require.NoError(t, err)
		total += info.Size()
	}
	assert.NotEmpty(t, names)
	assert.ElementsMatch(t, names, shown)
	assert.Less(t, total, int64(maxPictureBytes))
	measured.add("README", "pictures", fmt.Sprintf("%d, %d KB", len(names), total/1000), fmt.Sprintf("%d KB", maxPictureBytes/1000))
}

// takePictures writes the pictures. All people in them are invented.
func takePictures(t *testing.T) {
	t.Helper()
	require.NoError(t, os.MkdirAll(picturesFolder, 0o755))
	wide, phone := screen{width: 1120, height: 860}, screens[3]
	book := newAddressBook(t, "pictured", "", picturedContacts())

	p := newPage(t, wide)
	p.open(newDocument(t, book.html).url)
	p.take("addressbook", wide)
	p.show(phone)
	eval[chromedp.Void](p, `document.querySelector(".bar").scrollIntoView({behavior: "instant"})`)
	p.take("addressbook-phone", phone)

	c := newConverter(t, wide, startConverter(t).url)
	c.tabTo("#try-sample")
	c.press(kb.Enter)
	c.waitForPreview()
	eval[chromedp.Void](c.page, `document.activeElement.blur(); document.querySelector("#preview").scrollIntoView({block: "start", behavior: "instant"}); scrollBy(0, -70)`)
	c.take("converter", wide)

	terminal := screen{width: 900, height: 420, dark: true}
	p = newPage(t, terminal)
	p.open(newDocument(t, terminalPage(t)).url)
	p.take("terminal", screen{width: 900, height: eval[int64](p, `document.documentElement.scrollHeight`), dark: true})
}

// picturedContacts returns invented people.
func picturedContacts() []*skypecontacts.Contact {
	var contacts []*skypecontacts.Contact
	for i, line := range strings.Split(`Anna Cooper|+441614960123|Manchester|GB|favorite
Amira Nasser||Cairo|EG|
Alan Baker|+12025550143|Washington|US|
Ben Okafor|+441632960812|Leeds|GB|
Beatriz Costa|+441632960455|São Paulo|BR|
Clara Weiß|+493023125999|Berlin|DE|favorite
Chidi Eze||Lagos|NG|
Daisy Five|+441632960555|Bristol|GB|
David Ng|||GB|blocked
Emil Novák||Brno|CZ|
Fred Adams|+442079460002|London|GB|
Joe Bloggs|+442079460001|London|GB|favorite
山田 花子||東京|JP|`, "\n") {
		cell := strings.Split(line, "|")
		first, _, _ := strings.Cut(cell[0], " ")
		c := &skypecontacts.Contact{
			MRI: skypecontacts.MRI(fmt.Sprintf("8:live:%s.%d", strings.ToLower(first), i)), DisplayName: cell[0], Authorized: true,
			Favorite: cell[4] == "favorite", Blocked: cell[4] == "blocked", CreatedAt: time.Date(2011+i, time.Month(1+i%12), 3+i, 0, 0, 0, 0, time.UTC),
		}
		c.Profile.Locations = []skypecontacts.Location{{Type: "home", City: cell[2], Country: skypecontacts.CountryCode(cell[3])}}
		if cell[1] != "" {
			c.Profile.Phones = []skypecontacts.Phone{{Number: cell[1], Type: skypecontacts.PhoneMobile}}
		}
		if i%3 == 0 {
			c.Profile.Birthday = skypecontacts.Date{Year: 1960 + 3*i, Month: time.Month(1 + i), Day: 7 + i}
			c.Profile.Emails = []string{strings.ToLower(first) + "@mail.example"}
		}
		contacts = append(contacts, c)
	}
	return contacts
}

// take writes a picture of what is on the screen.
func (p *page) take(name string, s screen) {
	p.t.Helper()
	p.show(s)
	eval[chromedp.Void](p, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))`)
	content, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	require.NoError(p.t, err)
	picture, _, err := image.Decode(bytes.NewReader(content))
	require.NoError(p.t, err)
	var small bytes.Buffer
	require.NoError(p.t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, picture))
	require.NoError(p.t, os.WriteFile(filepath.Join(picturesFolder, name+".png"), small.Bytes(), 0o644))
}

// terminalPage returns a page with what examples/export prints, as a terminal shows it.
func terminalPage(t *testing.T) []byte {
	t.Helper()
	var screen strings.Builder
	folder := t.TempDir()
	sample, err := os.ReadFile(sampleFile)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "contacts.csv"), sample, 0o600))
	for _, args := range []string{"-from contacts.csv -dry-run", "-from contacts.csv -o contacts.vcf"} {
		program := exec.CommandContext(t.Context(), buildProgram(t, "export"), strings.Fields(args)...)
		program.Dir = folder
		output, err := program.CombinedOutput()
		require.NoError(t, err, string(output))
		fmt.Fprintf(&screen, "<b>$ skypecontacts-export %s</b>\n%s\n", args, html.EscapeString(string(output)))
	}
	return []byte(`<!doctype html><link rel="icon" href="data:,"><style>
		html { background: #10161a; } body { margin: 0; padding: 20px 24px; }
		pre { margin: 0; font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; color: #d7dee3; white-space: pre-wrap; }
		b { color: #7fd3a7; font-weight: 600; }</style><pre>` + strings.TrimSpace(screen.String()) + `</pre>`)
}
