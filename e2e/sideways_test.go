package e2e_test

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// looks are the functions of look.mjs, which axe.mjs uses as well, for the
// debugger to run.
var looks = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("look.mjs")
	return strings.ReplaceAll(string(text), "export function", "function"), err
})

// noSideways holds the page to no wider than its window.
func (w *window) noSideways(what string) {
	w.Helper()
	for _, how := range w.sideways() {
		w.Errorf("%s: %s", what, how)
	}
}

// sideways says by what the page is wider than its window.
func (w *window) sideways() (wide []string) {
	w.Helper()
	functions, err := looks()
	w.must(err)
	found, err := chromedp.Run(w.ctx, chromedp.Evaluate[json.RawMessage](`(() => {`+functions+`; openDetails(); return sideways(); })()`))
	w.must(err)
	w.must(json.Unmarshal(found, &wide))
	return wide
}

// TestNoPageScrollsSideways looks at every page at 320 px, in the language with
// the longer words, as it is and from right to left.
func TestNoPageScrollsSideways(t *testing.T) {
	windows := map[string]*window{}
	for _, p := range running.pages(t) {
		w := windows[p.who]
		if w == nil {
			w = open(t, look{who: p.who, lang: "es", width: 320})
			windows[p.who] = w
		}
		w.visit(p.path)
		w.noSideways(p.name)
		_, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.documentElement.dir = "rtl"`))
		w.must(err)
		w.noSideways(p.name + " from right to left")
	}
	w := windows[guest]
	_, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`const wide = document.createElement("p"); wide.style.width = "900px"; wide.textContent = "wide"; document.querySelector("main").append(wide); "wide"`))
	w.must(err)
	if len(w.sideways()) == 0 {
		t.Error("the control: a page with something 900 px wide isn't found wide")
	}
}
