package e2e_test

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"commonweal/internal/web/htmlcheck"
)

// What a hand does and an eye sees. All of it goes through the debugger and
// none through a script, so that it works where JavaScript is off.

// ofDocument asks something about the page as it stands. While a page comes the
// browser numbers its elements anew, and an answer may come too late: then it
// is asked again.
func ofDocument[R any](w *window, ask func(root cdp.NodeID) (R, error)) R {
	w.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for tries := 1; ; tries++ {
		document, err := chromedp.Call(w.ctx, dom.GetDocument, dom.GetDocumentParams{})
		if err == nil {
			var got R
			if got, err = ask(document.Root.NodeID); err == nil {
				return got
			}
		}
		if tries == 100 {
			w.Fatal(err)
		}
		<-again.C
	}
}

// node is the first element that a selector finds.
func (w *window) node(selector string) cdp.BackendNodeID {
	w.Helper()
	found := ofDocument(w, func(root cdp.NodeID) (cdp.BackendNodeID, error) {
		n, err := chromedp.Call(w.ctx, dom.QuerySelector, dom.QuerySelectorParams{NodeID: root, Selector: selector})
		if err != nil || n.NodeID == 0 {
			return 0, err
		}
		about, err := chromedp.Call(w.ctx, dom.DescribeNode, dom.DescribeNodeParams{NodeID: n.NodeID})
		if err != nil {
			return 0, err
		}
		return about.Node.BackendNodeID, nil
	})
	if found == 0 {
		w.Fatalf("there is no %s on a page that says %q", selector, w.text("body"))
	}
	return found
}

// doc is the page as it stands.
func (w *window) doc() htmlcheck.Doc {
	w.Helper()
	return htmlcheck.Parse(w, ofDocument(w, func(root cdp.NodeID) (string, error) {
		all, err := chromedp.Call(w.ctx, dom.GetOuterHTML, dom.GetOuterHTMLParams{NodeID: root})
		return all.OuterHTML, err
	}))
}

// text is what the first element says that a selector finds.
func (w *window) text(selector string) string {
	w.Helper()
	return w.doc().Text(selector)
}

func (w *window) says(text string) {
	w.Helper()
	if got := w.text("main"); !strings.Contains(got, text) {
		w.Errorf("the page doesn't say %q, but %q", text, got)
	}
}

// tap touches an element where it can be seen.
func (w *window) tap(selector string) {
	w.Helper()
	n := w.node(selector)
	call(w, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: n})
	quads := call(w, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: n}).Quads
	if len(quads) == 0 {
		w.Fatalf("%s can't be seen", selector)
	}
	q := quads[0]
	x, y := (q[0]+q[2]+q[4]+q[6])/4, (q[1]+q[3]+q[5]+q[7])/4
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		call(w, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: 1})
	}
}

// press taps what leads to another page, and waits until that is there.
func (w *window) press(selector string) {
	w.Helper()
	w.await(selector, func() { w.tap(selector) })
}

// await waits until another page is there after something was done.
func (w *window) await(what string, do func()) {
	w.Helper()
	ctx, stop := context.WithTimeout(w.ctx, 30*time.Second)
	defer stop()
	there := make(chan struct{}, 1)
	w.must(chromedp.Listen(ctx, func(event any) {
		if _, ok := event.(*page.EventLoadEventFired); ok {
			select {
			case there <- struct{}{}:
			default:
			}
		}
	}))
	do()
	select {
	case <-there:
	case <-ctx.Done():
		w.Fatalf("%s leads nowhere on a page that says %q", what, w.text("main"))
	}
}

// write types into a field.
func (w *window) write(selector, text string) {
	w.Helper()
	call(w, dom.Focus, dom.FocusParams{BackendNodeID: w.node(selector)})
	call(w, input.InsertText, input.InsertTextParams{Text: text})
}

// space presses the space bar, which ticks what has the focus.
func (w *window) space() {
	w.Helper()
	w.key(input.DispatchKeyEventParams{Key: " ", Code: "Space", Text: " ", WindowsVirtualKeyCode: 32})
}

// further goes down a list of answers, some steps from the one that is chosen.
func (w *window) further(selector string, steps int) {
	w.Helper()
	call(w, dom.Focus, dom.FocusParams{BackendNodeID: w.node(selector)})
	for range steps {
		w.key(input.DispatchKeyEventParams{Key: "ArrowDown", Code: "ArrowDown", WindowsVirtualKeyCode: 40})
	}
}

// key presses a key and lets it go.
func (w *window) key(k input.DispatchKeyEventParams) {
	w.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		k.Type = kind
		call(w, input.DispatchKeyEvent, k)
	}
}

// choose picks a file of this machine.
func (w *window) choose(selector, path string) {
	w.Helper()
	call(w, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: w.node(selector)})
}
