package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// leave presses the quick exit and waits until the page is another. The page
// that it leads to is out in the world, which tests don't reach: that the
// browser stands elsewhere is enough.
func (w *window) leave() {
	w.Helper()
	w.tap("form.exit button")
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for range 200 {
		// While it goes from one page to another it has no history to show.
		history, err := chromedp.Run(w.ctx, chromedp.NavigationEntries())
		if err == nil && !strings.HasPrefix(history.Entries[history.CurrentIndex].URL, running.base) {
			return
		}
		<-again.C
	}
	w.Fatal("the quick exit leads nowhere")
}

// back goes back as far as the browser can, and gives what stands there.
func (w *window) back() (all string) {
	w.Helper()
	history, err := chromedp.Run(w.ctx, chromedp.NavigationEntries())
	w.must(err)
	for i := int(history.CurrentIndex) - 1; i >= 0; i-- {
		// A page that would have to be posted again isn't shown at all, and says
		// so as an error of the browser.
		_ = chromedp.Do(w.ctx, chromedp.NavigateToHistoryEntry(history.Entries[i].ID))
		all += history.Entries[i].Title + "\n" + w.text("html") + "\n"
	}
	return all
}

// TestBackShowsNothingAfterTheQuickExit (S16): somebody comes into the room.
func TestBackShowsNothingAfterTheQuickExit(t *testing.T) {
	const typed = "somewhere safe to go"
	t.Run("my page", func(t *testing.T) {
		token, err := running.session(t.Context(), resident)
		if err != nil {
			t.Fatal(err)
		}
		w := open(t, look{})
		call(w, network.SetCookie, network.SetCookieParams{Name: "cw", Value: token, URL: running.base})
		w.visit("/i/riverside/me")
		words := w.text("main .list li")
		w.leave()
		if seen := w.back(); words == "" || strings.Contains(seen, words) {
			t.Errorf("going back shows %q", words)
		}
	})
	t.Run("what was typed", func(t *testing.T) {
		w := open(t, look{})
		w.visit("/i/riverside/share")
		w.tap(`input[name=consent][value=anon]`)
		w.write(`textarea[name=need]`, typed)
		w.press(send)
		w.leave()
		if seen := w.back(); strings.Contains(seen, typed) {
			t.Errorf("going back shows what was typed")
		}
	})
}
