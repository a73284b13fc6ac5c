package htmlcheck_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/web/htmlcheck"
)

const page = `<form method="get" action="/find"><input name="q"></form>
<form method="post" action="/save#message"><input type="hidden" name="once" value="K">
<input name="name" maxlength="6"><input name="kept" value="as it was"><textarea name="note">
</textarea><input type="email" name="mail"><input type="date" name="on">
<input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b">
<input type="checkbox" name="next" value="help" checked><input type="checkbox" name="next" value="do">
<select name="area"><option value="">None</option><option value="mill">Mill</option></select>
<button name="go" value="on">On</button><button name="go" value="back">Back</button></form>`

func TestWhatAFormSends(t *testing.T) {
	all := htmlcheck.Parse(t, page).Forms()
	if len(all) != 1 || all[0].Action != "/save" || !all[0].Asks() {
		t.Fatalf("forms: %+v", all)
	}
	f := all[0]
	for name, test := range map[string]struct{ got, want url.Values }{
		"nothing": {f.Blank(), url.Values{"once": {"K"}}},
		"untouched": {f.Sent(), url.Values{
			"once": {"K"}, "name": {""}, "kept": {"as it was"}, "note": {""}, "mail": {""}, "on": {""}, "next": {"help"}, "area": {""}, "go": {"on"},
		}},
		"lines": {f.Lines("words"), url.Values{
			"once": {"K"}, "name": {"words "}, "kept": {"words kept"}, "note": {"words note"}, "mail": {"words mail"},
		}},
		"everything": {f.Typed("a", time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)), url.Values{
			"once": {"K"}, "name": {"a-name"}, "kept": {"as it was"}, "note": {"a-note"}, "mail": {"a@example.org"}, "on": {"2026-11-21"},
			"kind": {"a"}, "next": {"help", "do"}, "area": {"mill"}, "go": {"on"},
		}},
	} {
		if d := cmp.Diff(test.want, test.got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestAFormOfOnlyAButtonAsksNothing(t *testing.T) {
	all := htmlcheck.Parse(t, `<form method="post" action="/sign-out"><button>Out</button></form>`).Forms()
	if len(all) != 1 || all[0].Asks() {
		t.Errorf("forms: %+v", all)
	}
}
