package e2e_test

import (
	"path"
	"strings"
	"testing"

	"commonweal/internal/i18n"
	"commonweal/internal/web/htmlcheck"
)

// TestAServiceAnswersANeed: somebody asks in Spanish, alone, with neither name
// nor contact. Whoever reads it finds a service by their words; the code shows
// the answer in Spanish, and leads to the service and on to its phone.
func TestAServiceAnswersANeed(t *testing.T) {
	const need, reply = "Necesito vacunas para mi bebé", "La clínica vacuna los jueves, sin cita."
	es := i18n.In(i18n.Spanish)
	w := open(t, look{lang: "es"})
	w.withoutScripts()
	w.visit("/i/riverside/share")
	w.tap(`input[name=consent][value=anon]`)
	w.write(`textarea[name=need]`, need)
	w.press(send)
	w.press(send)
	w.press(send)
	code := codeShape.FindString(w.text("main"))
	if code == "" {
		t.Fatalf("the last page shows no code: %s", w.text("main"))
	}

	reader := open(t, look{who: steward})
	reader.withoutScripts()
	all := waiting(t, running.as(steward), need)
	if len(all) != 1 {
		t.Fatalf("the need waits %d times", len(all))
	}
	reader.visit(all[0].path)
	service := findsAService(reader, "Vacunas", reply)

	later := open(t, look{lang: "es"})
	later.withoutScripts()
	later.visit("/i/riverside/answer")
	later.write(`[name=code]`, code)
	later.press(send)
	later.says(need)
	later.says(reply)
	later.noSideways("the answer")
	later.says(es.T("asks.book.service"))
	later.press(`main a[href="` + service + `"]`)
	later.says("Vacunas")
	later.press(`main a[href^="/i/riverside/organizations/"]`)
	later.says(es.T("orgs.page.reach"))
	if number := later.text("main a.tel"); number == "" {
		t.Errorf("where the service belongs there is no phone: %s", later.text("main"))
	}
}

// findsAService answers a need with a service that its page suggests, and gives
// the service's path.
func findsAService(w *window, name, reply string) (service string) {
	w.Helper()
	var step, text string
	for _, f := range w.doc().Forms() {
		for _, c := range f.Controls {
			switch {
			case strings.HasPrefix(c.Name, "step-") && c.Value == "service":
				step = `input[name="` + c.Name + `"][value=service]`
			case strings.HasPrefix(c.Name, "text-"):
				text = `textarea[name="` + c.Name + `"]`
			}
		}
	}
	for _, n := range w.doc().All("main a[href]") {
		if strings.Contains(href(n), "/services/") && htmlcheck.Text(n) == name {
			service = href(n)
		}
	}
	if service == "" {
		w.Fatalf("no service %q is suggested: %s", name, w.text("main"))
	}
	w.tap(step)
	w.tap(`main input[value="` + path.Base(service) + `"]`)
	w.write(text, reply)
	w.press(`main form:has(` + step + `) button.btn[type=submit]`)
	return service
}
