package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// leave presses the quick exit and waits until the page is another. The page
// that it leads to is out in the world, which tests don't reach: that the
// browser stands elsewhere is enough.
func (w *window) leave() {
	w.Helper()
	w.tap("form.exit button")
	w.until("the quick exit leads elsewhere", func() bool {
		history, err := chromedp.Run(w.ctx, chromedp.NavigationEntries())
		return err == nil && !strings.HasPrefix(history.Entries[history.CurrentIndex].URL, running.base)
	})
}

// typed are the lines of a page as they stand, which its source doesn't tell.
const typed = `[...document.querySelectorAll("input, textarea")].map((line) => line.value).join("\n")`

// stands is all that somebody could read on the page, or bring to light.
func (w *window) stands() string {
	w.Helper()
	lines, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](typed))
	w.must(err)
	return w.text("html") + "\n" + lines + "\n"
}

// back goes back as far as the browser can, and gives what stood there.
func (w *window) back() (all string) {
	w.Helper()
	for at := w.history().CurrentIndex - 1; at >= 0; at-- {
		w.backTo(at)
		all += w.history().Entries[at].Title + "\n" + w.stands()
	}
	return all
}

// backTo goes back to a page of the window's history. The page may come out of
// the browser's memory, where nothing is loaded; and one that would have to be
// sent again isn't shown at all, which the browser says itself.
func (w *window) backTo(at int64) {
	w.Helper()
	call(w, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: w.history().Entries[at].ID})
	w.until("the browser goes back", func() bool {
		history, err := chromedp.Run(w.ctx, chromedp.NavigationEntries())
		if err != nil || history.CurrentIndex != at {
			return false
		}
		ready, err := chromedp.Run(w.ctx, chromedp.Evaluate[string]("document.readyState"))
		return err == nil && ready == "complete"
	})
}

func (w *window) history() page.GetNavigationHistoryResult {
	w.Helper()
	history, err := chromedp.Run(w.ctx, chromedp.NavigationEntries())
	w.must(err)
	return history
}

// reload loads a page again. One that was sent is sent again.
func (w *window) reload() {
	w.Helper()
	w.await("loading it again", func() { call(w, page.Reload, page.ReloadParams{}) })
}

// TestBackShowsNothingAfterTheQuickExit (S16): somebody comes into the room.
// The control is somebody who only went to another page.
func TestBackShowsNothingAfterTheQuickExit(t *testing.T) {
	t.Run("my page", func(t *testing.T) {
		token, err := running.session(t.Context(), resident)
		if err != nil {
			t.Fatal(err)
		}
		w := open(t, look{})
		call(w, network.SetCookie, network.SetCookieParams{Name: "cw", Value: token, URL: running.base})
		w.visit("/i/riverside/me")
		words := w.text("main .list li")
		if words == "" {
			t.Fatal("my page shows nothing to hide")
		}
		w.visit("/i/riverside")
		if seen := w.back(); !strings.Contains(seen, words) {
			t.Errorf("the control: going back after another page shows %q", seen)
		}
		w.visit("/i/riverside/me")
		w.leave()
		if seen := w.back(); strings.Contains(seen, words) {
			t.Errorf("going back shows %q", words)
		}
	})
	t.Run("what was typed", func(t *testing.T) {
		const need = "somewhere safe to go"
		w := open(t, look{})
		w.visit("/i/riverside/share")
		w.tap(`input[name=consent][value=anon]`)
		w.write(`textarea[name=need]`, need)
		w.press(send)
		if seen := w.stands(); !strings.Contains(seen, need) {
			t.Errorf("the control: the next page carries %q", seen)
		}
		w.leave()
		if seen := w.back(); strings.Contains(seen, need) {
			t.Errorf("going back shows what was typed")
		}
	})
}
