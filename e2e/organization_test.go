package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"commonweal/internal/i18n"
)

// example is the path of a route that works in the demo.
func (d *demo) example(t *testing.T, pattern string) string {
	t.Helper()
	i := slices.IndexFunc(d.routes, func(r route) bool { return r.Route == "GET "+pattern })
	if i < 0 {
		t.Fatalf("there is no page %s", pattern)
	}
	return d.routes[i].Path
}

// TestAnAssociationGoesOnWithoutOneOfTwo: whoever speaks for it invites one
// more, who takes that up on another phone and acts for it. One of the two stops,
// and the association goes on: what was written stays, and more is written.
func TestAnAssociationGoesOnWithoutOneOfTwo(t *testing.T) {
	const early, late = "A handcart and four people on Saturdays", "Chairs for thirty"
	speakers := running.example(t, "/i/{initiative}/organizations/{organization}/speakers")
	here := strings.TrimSuffix(speakers, "/speakers")
	first := open(t, look{who: resident})
	first.withoutScripts()
	first.visit(speakers)
	first.write(`[name=name]`, "Omar")
	first.tap(`input[name=asked]`)
	first.press(`main form[action^="` + speakers + `"] button.btn`)
	code := codeShape.FindString(first.text("main"))
	if code == "" {
		t.Fatalf("no code to give to the second: %s", first.text("main"))
	}

	second := open(t, look{})
	second.withoutScripts()
	second.visit("/claim")
	second.write(`[name=code]`, code)
	second.press(send)
	second.press(send)

	brings(second, here, early)
	second.visit(speakers)
	second.tap(`main details summary`)
	second.press(`main form[action^="` + here + `/leave"] button`)
	second.visit(here)
	if second.doc().All(`main a[href=`+here+`/edit]`) != nil {
		t.Error("who no longer speaks for it is led to where it is mended")
	}

	brings(first, here, late)
	first.visit(speakers)
	first.says(i18n.In(i18n.English).T("orgs.speakers.last"))
	anybody := open(t, look{})
	anybody.visit(here)
	anybody.says(early)
	anybody.says(late)
}

// brings writes down one more thing that an organization can bring.
func brings(w *window, organization, text string) {
	w.Helper()
	w.visit(organization + "/offers")
	w.write(`[name=text]`, text)
	w.tap(`input[name=kind]`)
	w.press(send)
	w.says(text)
}
