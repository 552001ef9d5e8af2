package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the tests look for is found in a page that has it.
func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, html string
		fault      string // in what is recorded
		request    string
	}{
		{"console", `<script>console.error("wrong")</script>`, `console.error: "wrong"`, ""},
		{"exception", `<script>nobody()</script>`, "nobody is not defined", ""},
		{"exception of a worker", `<script>new Worker(URL.createObjectURL(new Blob(["nobody()"])))</script>`, "nobody is not defined", ""},
		{"console of a worker", `<script>new Worker(URL.createObjectURL(new Blob(["setTimeout(() => console.error('wrong'), 100)"])))</script>`, `console.error: "wrong"`, ""},
		{"policy", `<meta http-equiv=Content-Security-Policy content="default-src 'none'"><p style="color:red">`, "style-src", ""},
		{"request", `<img src=/picture.png>`, "", "/picture.png"},
		{"request of a worker", `<script>new Worker(URL.createObjectURL(new Blob(["setInterval(() => fetch(origin + '/worker.json'), 100)"])))</script>`, "", "/worker.json"},
		{"new window", `<script>window.open("/elsewhere")</script>`, "new window", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, s := newPage(t, desk), newDocument(t, []byte("<!DOCTYPE html><link rel=icon href=data:,>"+tt.html))
			p.open(s.url)
			eventually(t, func() bool {
				return strings.Contains(strings.Join(p.recorded(), "\n"), tt.fault) &&
					strings.Contains(strings.Join(p.requested(), "\n"), tt.request)
			})
		})
	}
}

func TestOverflowIsFound(t *testing.T) {
	t.Parallel()
	p := newPage(t, screens[2])
	p.open(newDocument(t, []byte(`<!DOCTYPE html><meta name=viewport content="width=device-width"><link rel=icon href=data:,><div class=wide style="width:500px">words`)).url)
	pixels, widest := p.overflow()
	assert.Greater(t, pixels, 100)
	assert.Equal(t, []string{"DIV.wide: words"}, widest)
}

// Keys arrive as events of a user, and axe-core runs in a page whose policy allows nothing.
func TestKeysAndAxe(t *testing.T) {
	t.Parallel()
	axe := requireAxe(t)
	p := newPage(t, desk)
	p.open(newDocument(t, []byte(`<!DOCTYPE html><meta http-equiv=Content-Security-Policy content="default-src 'none'; img-src data:">
		<link rel=icon href=data:,><input name=a><input name=b type=checkbox>`)).url)
	p.tabTo("[name=a]")
	p.press("anna")
	p.tabTo("[name=b]")
	p.press(" ")
	assert.Equal(t, "anna true", eval[string](p, `document.querySelector("[name=a]").value + " " + document.querySelector("[name=b]").checked`))
	p.press(kb.Tab, 8) // Shift
	var rules []string
	for _, f := range p.findings(axe) {
		if f.Impact == "critical" || f.Impact == "serious" {
			rules = append(rules, f.Rule)
		}
	}
	require.Contains(t, rules, "label")
	assert.Empty(t, p.recorded())
}

// A request to another host arrives nowhere, and is recorded twice.
func TestForeignHosts(t *testing.T) {
	t.Parallel()
	p := newPage(t, desk)
	p.open(newDocument(t, []byte(`<!DOCTYPE html><link rel=icon href=data:,><img src=http://hostile.example/picture.png>`)).url)
	eventually(t, func() bool { return len(p.foreignHosts()) > 0 })
	assert.Equal(t, []string{"hostile.example"}, p.foreignHosts())
	assert.Contains(t, p.requested(), "http://hostile.example/picture.png")
}
