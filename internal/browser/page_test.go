package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for what should be there soon, on a machine that has
// other work too.
const patience = 90 * time.Second

// pause is the time between two looks at what a test waits for. The browser works meanwhile.
const pause = 10 * time.Millisecond

// screen is what a page is shown on.
type screen struct {
	name          string
	width, height int64
	phone, dark   bool
}

// screens are those on which every page is tested.
var screens = []screen{
	{name: "desk, light", width: 1280, height: 900},
	{name: "desk, dark", width: 1280, height: 900, dark: true},
	{name: "phone, light", width: 390, height: 844, phone: true},
	{name: "phone, dark", width: 390, height: 844, phone: true, dark: true},
}

// desk is the screen of tests for which it does not matter.
var desk = screens[0]

// page is a tab with a profile of its own. It records what a good page never does.
type page struct {
	t       *testing.T
	ctx     context.Context
	screen  screen
	workers sync.WaitGroup

	mu       sync.Mutex
	requests []string // URLs, without those of data: and blob:, which reach no host
	foreign  []string // hosts other than this machine to which something was sent
	faults   []string
}

// newPage opens an empty tab.
func newPage(t *testing.T, s screen) *page {
	t.Helper()
	p := &page{t: t}
	ctx, cancel := chromedp.NewContext(requireChromium(t), chromedp.WithListener(p.record), chromedp.WithNewBrowserContext(p.useProxy()))
	p.ctx = ctx
	t.Cleanup(func() {
		cancel()
		p.workers.Wait()
	})
	require.NoError(t, chromedp.Do(ctx))
	// Chromium reports every change of a document otherwise, which takes longer than the change.
	call(p, css.Disable, cdp.Empty{})
	call(p, dom.Disable, cdp.Empty{})
	call(p, audits.Enable, cdp.Empty{})
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	p.show(s)
	return p
}

// isOfChromium reports whether a host is one to which Chromium connects on its own, whatever
// the page is.
func isOfChromium(host string) bool {
	return strings.HasSuffix(host, ".google.com:443") || strings.HasSuffix(host, ".googleapis.com:443")
}

// useProxy sends what the tab and its workers send to other hosts than this machine to a
// proxy, which records and refuses it.
func (p *page) useProxy() chromedp.CreateBrowserContextOption {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isOfChromium(r.Host) {
			p.mu.Lock()
			p.foreign = append(p.foreign, r.Host)
			p.mu.Unlock()
		}
		http.Error(w, "the tests have no network", http.StatusForbidden)
	}))
	p.t.Cleanup(proxy.Close)
	return func(params *target.CreateBrowserContextParams) { params.ProxyServer = proxy.URL }
}

// call sends a command of the protocol that has no result.
func call[P any](p *page, command cdp.Command[P, cdp.Empty], params P) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, command, params)
	require.NoError(p.t, err)
}

// show emulates a screen.
func (p *page) show(s screen) {
	p.t.Helper()
	p.screen = s
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.width, Height: s.height, DeviceScaleFactor: 1, Mobile: s.phone,
	})
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// open loads a page.
func (p *page) open(url string) {
	p.t.Helper()
	p.do(chromedp.Navigate(url))
}

// do runs actions, in their time.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	require.NoError(p.t, chromedp.Do(ctx, actions...), strings.Join(p.recorded(), "\n"))
}

// eval returns the value of an expression of JavaScript. It waits if that is a promise.
func eval[T any](p *page, expression string, args ...any) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](fmt.Sprintf(expression, args...), chromedp.EvalAwaitPromise))
	require.NoError(p.t, err, expression)
	return value
}

// waitFor waits until an expression of JavaScript is true. The page's policy lets nothing
// wait in the page.
func (p *page) waitFor(expression string, args ...any) {
	p.t.Helper()
	expression = fmt.Sprintf(expression, args...)
	for end := time.Now().Add(patience); !eval[bool](p, "%s", expression); {
		if time.Now().After(end) {
			require.Fail(p.t, "not in time: "+expression, "%s", strings.Join(p.recorded(), "\n"))
		}
		time.Sleep(pause)
	}
}

// eventually waits until a condition is true.
func eventually(t *testing.T, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, patience, pause)
}

// press sends the events of keys.
func (p *page) press(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// tabTo presses Tab until an element that matches a selector has the focus.
func (p *page) tabTo(selector string) {
	p.t.Helper()
	for range 200 {
		p.press(kb.Tab)
		if eval[bool](p, `document.activeElement.matches(%q)`, selector) {
			return
		}
	}
	require.Fail(p.t, "no key leads there", selector)
}

// record stores what a good page never does. It is called for each event of the tab.
func (p *page) record(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fault := ""
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "data:") && !strings.HasPrefix(e.Request.URL, "blob:") {
			p.requests = append(p.requests, e.Request.URL)
		}
	case *network.EventWebSocketCreated:
		p.requests = append(p.requests, e.URL)
	case *runtime.EventConsoleAPICalled:
		fault = fmt.Sprintf("console.%s: %s", e.Type, consoleText(e.Args)) // also what a Go program prints before it ends
	case *runtime.EventExceptionThrown:
		fault = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			fault += " " + e.ExceptionDetails.Exception.Description
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			fault = fmt.Sprintf("log of the browser: %s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *audits.EventIssueAdded:
		if e.Issue.Code == audits.InspectorIssueCodeContentSecurityPolicyIssue {
			fault = fmt.Sprintf("violation of %s: %s", e.Issue.Details.ContentSecurityPolicyIssueDetails.ViolatedDirective,
				e.Issue.Details.ContentSecurityPolicyIssueDetails.BlockedURL)
		}
	case *cdppage.EventJavascriptDialogOpening:
		fault = "dialog: " + e.Message
	case *cdppage.EventWindowOpen:
		fault = "new window: " + e.URL
	case *target.EventAttachedToTarget:
		if e.TargetInfo.Type == "worker" {
			p.workers.Go(func() { p.attach(e.TargetInfo.TargetID) })
		}
	}
	if fault != "" {
		p.faults = append(p.faults, fault)
	}
}

// attach records the events of a worker, too.
func (p *page) attach(worker target.ID) {
	ctx, _ := chromedp.NewContext(p.ctx, chromedp.WithTargetID(worker), chromedp.WithListener(p.record)) // the tab ends it
	_ = chromedp.Do(ctx)                                                                                 // fails if the worker has ended
}

func consoleText(args []*runtime.RemoteObject) string {
	var texts []string
	for _, arg := range args {
		texts = append(texts, strings.Trim(string(arg.Value)+" "+arg.Description, " "))
	}
	return strings.Join(texts, " ")
}

// recorded returns the faults until now.
func (p *page) recorded() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.faults)
}

// requested returns the URLs of the requests until now.
func (p *page) requested() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// foreignHosts returns the hosts other than this machine to which something was sent.
func (p *page) foreignHosts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.foreign)
}

// expectClean fails if the page did what a good page never does, or sent a request besides
// those.
func (p *page) expectClean(requests ...string) {
	p.t.Helper()
	eval[chromedp.Void](p, `new Promise(done => requestAnimationFrame(() => setTimeout(done)))`) // what is under way happens
	assert.Empty(p.t, p.recorded())
	assert.Subset(p.t, requests, p.requested())
	assert.Empty(p.t, p.foreignHosts())
}

// overflow returns by how many pixels the page is wider than the screen, and what is. A
// phone shows such a page smaller, so that innerWidth grows.
func (p *page) overflow() (pixels int, widest []string) {
	p.t.Helper()
	pixels = max(0, eval[int](p, `document.scrollingElement.scrollWidth`)-int(p.screen.width))
	if pixels == 0 {
		return 0, nil
	}
	return pixels, eval[[]string](p, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %d + 0.5)
		.slice(0, 5).map(e => e.tagName + "." + e.className + ": " + e.textContent.slice(0, 60))`, p.screen.width)
}
