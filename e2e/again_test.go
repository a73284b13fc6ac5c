package e2e_test

import "testing"

// TestSendingAgainKeepsOnce: the browser's own Back between the pages of the
// form asks whether to send them again (decision 11). Whoever says yes comes to
// the page as it was, goes on from there, and has said it once.
func TestSendingAgainKeepsOnce(t *testing.T) {
	const need, gift = "Someone to look at the boiler with me", "mending radios"
	w := open(t, look{})
	w.withoutScripts()
	w.visit("/i/riverside/share")
	w.tap(`input[name=consent][value=anon]`)
	w.write(`textarea[name=need]`, need)
	w.press(send)
	w.write(`[name=gift_skill]`, gift)
	w.press(send)
	w.backTo(w.history().CurrentIndex - 1)
	w.reload()
	w.write(`[name=gift_skill]`, gift)
	w.press(send)
	w.press(send)
	code := codeShape.FindString(w.text("main"))
	if code == "" {
		t.Fatalf("the last page shows no code: %s", w.text("main"))
	}
	w.reload()
	if again := codeShape.FindString(w.text("main")); again != code {
		t.Errorf("sent again, the last page shows the code %q, was %q", again, code)
	}
	if n := len(waiting(t, running.as(steward), need)); n != 1 {
		t.Errorf("sent again, the need waits %d times", n)
	}
}
