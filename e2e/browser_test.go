package e2e_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"commonweal/internal/db/dbtest"
)

// program is the browser, or "".
func program() string {
	path := os.Getenv("COMMONWEAL_TEST_CHROMIUM")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// The one browser of this run. Tests open windows of their own in it.
var browser = struct {
	sync.Once
	ctx context.Context
	err error
}{}

// chromium starts the browser, once; it ends with the run.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := program()
	if path == "" {
		dbtest.Absent(t, "chromium", "nothing is looked at with a browser")
	}
	browser.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
		ctx, _ := chromedp.NewExecAllocator(context.Background(), options...)
		browser.ctx, _ = chromedp.NewContext(ctx)
		browser.err = chromedp.Do(browser.ctx) // starts it
	})
	if browser.err != nil {
		t.Fatal(browser.err)
	}
	return browser.ctx
}

// window is a window of the browser with cookies and a cache of its own, as a
// phone has that was never here before.
type window struct {
	*testing.T
	at   *demo
	ctx  context.Context // ends with the page's time; the window's own has none
	own  context.Context
	stop func()
}

// patience is how long a page may take with all that is done on it. What takes
// longer hangs.
const patience = 2 * time.Minute

// look is how a window looks at pages.
type look struct {
	who   string
	at    *demo  // nil is the one that all tests share
	lang  string // what the browser accepts; "" is English
	width int64  // 0 is a phone's
}

// phone is how wide a small phone is.
const phone = 360

func open(t *testing.T, l look) *window {
	t.Helper()
	ctx, stop := chromedp.NewContext(chromium(t), chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	w := &window{T: t, at: l.at, own: ctx, stop: func() {}}
	if w.at == nil {
		w.at = &running
	}
	w.must(chromedp.Do(ctx)) // opens it, for as long as the context lasts that it is opened with
	w.anew()
	t.Cleanup(func() { w.stop() })
	if l.width == 0 {
		l.width = phone
	}
	if l.lang == "" {
		l.lang = "en"
	}
	w.must(chromedp.Do(w.ctx, chromedp.EmulateViewport(l.width, 740)))
	call(w, network.Enable, network.EnableParams{})
	call(w, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": l.lang}})
	if token := w.at.tokens[l.who]; token != "" {
		call(w, network.SetCookie, network.SetCookieParams{Name: "cw", Value: token, URL: w.at.base})
	}
	return w
}

func (w *window) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// until waits for something that the browser does when it is ready. In between,
// while it goes from one page to another, it may have no answer.
func (w *window) until(what string, so func() bool) {
	w.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for !so() {
		select {
		case <-again.C:
		case <-w.ctx.Done():
			w.Fatalf("not before the time was up: %s", what)
		}
	}
}

// withoutScripts takes JavaScript away from the window's pages.
func (w *window) withoutScripts() {
	w.Helper()
	call(w, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// anew begins the time of another page.
func (w *window) anew() {
	w.stop()
	w.ctx, w.stop = context.WithTimeout(w.own, patience)
}

// visit opens a page and waits until it is there.
func (w *window) visit(path string) {
	w.Helper()
	w.anew()
	w.must(chromedp.Do(w.ctx, chromedp.Navigate(w.at.base+path)))
}

// call tells the browser something that has no word of its own.
func call[P, R any](w *window, command cdp.Command[P, R], params P) R {
	w.Helper()
	got, err := chromedp.Call(w.ctx, command, params)
	w.must(err)
	return got
}
