package browser

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// axeFile is axe-core, which finds faults of accessibility in a page.
const axeFile = "testdata/node_modules/axe-core/axe.min.js"

// finding is a rule of axe-core that a page does not follow.
type finding struct {
	Rule   string   `json:"rule"`
	Impact string   `json:"impact"` // minor, moderate, serious or critical
	Help   string   `json:"help"`
	Where  []string `json:"where"`
}

func (f finding) String() string {
	return fmt.Sprintf("%s: %s: %s, at %s", f.Impact, f.Rule, f.Help, strings.Join(f.Where, " · "))
}

// requireAxe returns axe-core, or leaves the test out if it is not installed.
func requireAxe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(axeFile)
	if os.IsNotExist(err) {
		const why = "axe-core is not installed here (npm ci in internal/browser/testdata)"
		measured.leaveOut(why)
		t.Skip("left out, since " + why)
	}
	require.NoError(t, err)
	return string(source)
}

// findings runs axe-core. It comes by the protocol, so that the page's policy need not allow
// it.
func (p *page) findings(axe string) []finding {
	p.t.Helper()
	// Cards and rows are alike, and axe-core takes a second for a hundred cards.
	eval[chromedp.Void](p, `document.querySelectorAll(".card:nth-child(n+9):not(:last-child), .card dl > div:nth-child(n+20)").forEach(e => e.remove())`)
	if !eval[bool](p, `!!globalThis.axe`) {
		eval[bool](p, "%s;true", axe)
	}
	return eval[[]finding](p, `axe.run(document, {resultTypes: ["violations"]}).then(result => result.violations.map(v => ({
		rule: v.id, impact: v.impact, help: v.help,
		where: v.nodes.slice(0, 4).map(n => n.target.join(" ") + ": " + n.html.slice(0, 160) + (n.any[0] ? ": " + n.any[0].message : "")),
	})))`)
}

// expectAccessible fails for each serious finding, and adds the others to the table.
func (p *page) expectAccessible(subject, axe string) {
	p.t.Helper()
	serious := []string{}
	moderate := []string{}
	for _, f := range p.findings(axe) {
		if slices.Contains([]string{"serious", "critical"}, f.Impact) {
			serious = append(serious, f.String())
		} else {
			moderate = append(moderate, f.Rule)
		}
	}
	assert.Empty(p.t, strings.Join(serious, "\n"), subject)
	measured.add(subject, "faults of accessibility", fmt.Sprintf("%d serious, %d moderate %s", len(serious), len(moderate), strings.Join(moderate, " ")), "0 serious")
}
