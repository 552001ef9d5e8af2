package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maxColdLoad is for a machine that has other work too.
const maxColdLoad = 30 * time.Second

// The time from an empty cache to the first converted file stands beside that of a Go program
// that does nothing.
func TestColdLoad(t *testing.T) { //nolint:paralleltest // measures time
	site := startConverter(t)
	noop := newPage(t, desk)
	noop.open(newSite(t, httpFolder("/", buildNoop(t))).url)
	nothing := noop.timeOf(`globalThis.finished`)

	p := newPage(t, desk)
	p.open(site.url)
	ready := p.timeOf(`document.querySelector("#formats input") !== null`)
	eval[chromedp.Void](p, `document.querySelector("#try-sample").click()`)
	p.timeOf("%s && !%s", isVisible("#convert"), isVisible("#working"))
	eval[chromedp.Void](p, `document.querySelector("#convert").click()`)
	converted := p.timeOf("%s && !%s", isVisible("#downloads a"), isVisible("#working"))
	subject := "converter, from a cold load"
	measured.add(subject, "until a Go program that does nothing has ended", nothing.String(), "")
	measured.add(subject, "until the formats are there", ready.String(), "")
	measured.add(subject, "until the first file is converted", converted.String(), maxColdLoad.String())
	assert.Less(t, converted, maxColdLoad)
}

// timeOf waits in the page until an expression is true, and returns how long it took since
// the page was requested.
func (p *page) timeOf(expression string, args ...any) time.Duration {
	p.t.Helper()
	return milliseconds(eval[float64](p, `new Promise(done => {
		const look = () => %s ? done(performance.now()) : requestAnimationFrame(look)
		look()
	})`, fmt.Sprintf(expression, args...)))
}

// buildNoop returns a folder with a page whose program does nothing, built as the converter.
func buildNoop(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	require.NoError(t, err)
	for name, path := range map[string]string{
		"index.html": "testdata/noop/index.html", "wasm_exec.js": filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"),
	} {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", filepath.Join(folder, "noop.wasm"), "./testdata/noop")
	build.Env = append(build.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	return folder
}
