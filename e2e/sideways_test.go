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

// eval runs a script on the page, for nothing but what it does.
func (w *window) eval(script string) {
	w.Helper()
	_, err := chromedp.Run(w.ctx, chromedp.Evaluate[json.RawMessage](script+"; null"))
	w.must(err)
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
		w.eval(`document.documentElement.dir = "rtl"`)
		w.noSideways(p.name + " from right to left")
	}
}

// TestSomethingWideIsFound is the control: a page with one thing on it that is
// too wide, this way and that.
func TestSomethingWideIsFound(t *testing.T) {
	for _, dir := range []string{"ltr", "rtl"} {
		w := open(t, look{who: guest, width: 320})
		w.visit("/i/riverside")
		w.eval(`document.documentElement.dir = "` + dir + `"`)
		w.noSideways("the page before, " + dir)
		w.eval(`document.querySelector("main").append(Object.assign(document.createElement("img"), {width: 900, height: 1, style: "max-width: none"}))`)
		if len(w.sideways()) == 0 {
			t.Errorf("something 900 px wide isn't found (%s)", dir)
		}
	}
}
