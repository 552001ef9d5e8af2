package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// errNotInstalled is returned if there is no browser on this machine.
var errNotInstalled = errors.New("no Chromium is installed here (Debian's chromium)")

// sharedChromium starts the browser of all tests, which endChromium ends.
var (
	sharedChromium = sync.OnceValues(startChromium)
	endChromium    = func() {}
)

// startChromium returns the context of a running browser.
func startChromium() (context.Context, error) {
	program, err := findChromium()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "browser")
	if err != nil {
		return nil, err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program),
		chromedp.ProxyServer("127.0.0.1:9"), // for what it asks the network on its own; a page has another one
		chromedp.Env("TMPDIR="+folder),
		chromedp.Flag("enable-precise-memory-info", true),
	)
	if os.Getuid() == 0 { // the sandbox does not start as root
		options = append(options, chromedp.NoSandbox)
	}
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancelBrowser := chromedp.NewContext(allocator)
	endChromium = func() {
		cancelBrowser()
		cancelAllocator() // waits until the process has ended and its files are removed
		_ = os.RemoveAll(folder)
	}
	return ctx, chromedp.Do(ctx)
}

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errNotInstalled
}

// requireChromium returns the context of the browser, or leaves the test out if there is
// none.
func requireChromium(t *testing.T) context.Context {
	t.Helper()
	ctx, err := sharedChromium()
	if errors.Is(err, errNotInstalled) {
		measured.leaveOut(err.Error())
		t.Skip("left out, since " + err.Error())
	}
	require.NoError(t, err)
	return ctx
}
