package e2e_test

import (
	"testing"

	"commonweal/internal/i18n"
)

// TestNoMoreMailWithoutSigningIn: the link at the end of a message leads to one
// button. Opening it changes nothing, since mail programs do that by themselves.
func TestNoMoreMailWithoutSigningIn(t *testing.T) {
	es := i18n.In(i18n.Spanish)
	link := running.mailed(t, "/i/riverside/setup", "/i/riverside/stop/")
	w := open(t, look{lang: "es"})
	w.withoutScripts()
	stop := `main form[action="` + link + `"] button`
	for range 2 {
		w.visit(link)
		w.node(stop)
	}
	w.press(stop)
	w.says(es.T("notice.stop.done"))

	w.visit(link)
	w.says(es.T("notice.stop.stopped"))
	w.press(`main form[action="` + link + `/again"] button`)
	w.visit(link)
	w.node(stop)
}
