package e2e_test

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"commonweal/internal/i18n"
	"commonweal/internal/web/htmlcheck"
)

// send is the filled button of a page's form.
const send = `main form button.btn[type=submit]`

// TestAResidentAloneOnAPhone is way (a): a small phone, Spanish, no JavaScript,
// no account. What they said is found by its English word, somebody answers,
// and the code shows the answer.
func TestAResidentAloneOnAPhone(t *testing.T) {
	const need, gift, reply = "Cuentos en español para Nayeli", "leer cuentos por la tarde", "Una vecina lee los jueves a las cuatro."
	es := i18n.In(i18n.Spanish)
	w := open(t, look{who: guest, lang: "es"})
	w.withoutScripts()
	w.visit("/i/riverside")
	w.press(`main a[href="/i/riverside/share"]`)
	w.tap(`input[name=consent][value=name]`)
	w.write(`textarea[name=need]`, need)
	w.press(send)
	w.write(`[name=gift_skill]`, gift)
	w.press(send)
	w.tap(`input[name=support][value=childcare]`)
	w.tap(`input[name=next][value=help]`)
	w.write(`[name=name]`, "Abelina T.")
	w.tap(`input[name=age][value=adult]`)
	w.press(send)

	w.says(es.T("ask.thanks.next"))
	code := codeShape.FindString(w.text("main"))
	if code == "" {
		t.Fatalf("the last page shows no code: %s", w.text("main"))
	}
	w.noSideways("thanks")
	w.press(`main form[action^="/i/riverside/answer"] button`)
	w.says(need)
	w.says(gift)

	one := neighbour(t, "reading aloud", gift)
	for _, words := range []string{need, gift, i18n.In(i18n.English).T("day.support.childcare")} {
		if !strings.Contains(one, words) {
			t.Errorf("what they said is without %q: %q", words, one)
		}
	}
	answers(t, need, reply)

	later := open(t, look{who: guest, lang: "es"})
	later.withoutScripts()
	later.visit("/i/riverside/answer")
	later.write(`[name=code]`, strings.ToLower(code))
	later.press(send)
	later.says(need)
	later.says(reply)
}

// neighbour has a steward look for a gift, in English, go to the one whose gift
// it is, and read what they said.
func neighbour(t *testing.T, text, gift string) string {
	t.Helper()
	who := running.as(steward)
	found := who.get(t, "/i/riverside/gifts/find?"+url.Values{"q": {text}}.Encode()).doc(t)
	for _, item := range found.All("main .list li") {
		if !strings.Contains(htmlcheck.Text(item), gift) {
			continue
		}
		person := who.get(t, linkIn(item.Descendants(), "/people/"))
		return who.get(t, linkIn(slices.Values(person.doc(t).All("main a[href]")), "/talks/")).doc(t).Text("main")
	}
	t.Fatalf("%q finds nobody who said %q, but %s", text, gift, found.Text("main"))
	return ""
}

// linkIn is where the first link leads that goes into a room, or "".
func linkIn(nodes iter.Seq[*html.Node], room string) string {
	for n := range nodes {
		if to := href(n); strings.Contains(to, room) {
			return to
		}
	}
	return ""
}

// answers has a steward find what somebody said among what waits, and answer
// that a neighbour can.
func answers(t *testing.T, need, reply string) {
	t.Helper()
	who := running.as(steward)
	for _, talk := range waiting(t, who, need) {
		for _, f := range talk.forms(t) {
			if strings.Contains(f.Action, "/needs/") {
				sendReply(t, who, f, reply)
				return
			}
		}
	}
	t.Fatalf("%q waits nowhere", need)
}

// waiting are the conversations that say something, of all that wait for an
// answer.
func waiting(t *testing.T, who *person, words string) (talks []answer) {
	t.Helper()
	seen := map[string]bool{}
	for path := "/i/riverside/needs"; path != ""; {
		list := who.get(t, path).doc(t)
		for _, n := range list.All("main a[href]") {
			to, _, _ := strings.Cut(href(n), "#")
			if !strings.Contains(to, "/talks/") || seen[to] {
				continue
			}
			seen[to] = true
			if talk := who.get(t, to); strings.Contains(talk.doc(t).Text("main"), words) {
				talks = append(talks, talk)
			}
		}
		path = list.Attr("main .more a", "href")
	}
	return talks
}

// sendReply fills in the form that answers a need.
func sendReply(t *testing.T, who *person, f htmlcheck.Form, reply string) {
	t.Helper()
	v := f.Blank()
	for _, c := range f.Controls {
		switch {
		case strings.HasPrefix(c.Name, "step-") && c.Value == "neighbour":
			v.Set(c.Name, c.Value)
		case strings.HasPrefix(c.Name, "text-"):
			v.Set(c.Name, reply)
		}
	}
	if a := who.post(t, f.Action, v); a.status != http.StatusSeeOther {
		t.Fatalf("the answer isn't taken: %d %s", a.status, a.doc(t).Text("main"))
	}
}

// TestTooEarlyIsSaid: pressed before anything was chosen, a page says what is
// missing, leads to it, and has kept what was typed.
func TestTooEarlyIsSaid(t *testing.T) {
	const need = "Alguien que arregle la luz"
	es := i18n.In(i18n.Spanish)
	w := open(t, look{who: guest, lang: "es"})
	w.withoutScripts()
	w.visit("/i/riverside/share")
	w.write(`textarea[name=need]`, need)
	w.press(send)
	w.says(es.T("conversation.consent.missing"))
	if got := w.text("textarea[name=need]"); got != need {
		t.Errorf("of what was typed %q is left", got)
	}
	w.tap(`main .summary a`)
	w.space()
	w.press(send)
	w.says(es.T("ask.title.2"))
}

// TestAnybodyLooksAroundTheDemo goes in through each of its doors.
func TestAnybodyLooksAroundTheDemo(t *testing.T) {
	en := i18n.In(i18n.English)
	for i, who := range faces {
		t.Run(who, func(t *testing.T) {
			w := open(t, look{who: guest, width: 1280})
			w.visit("/demo")
			account := w.doc().All("main input[name=account]")[i]
			w.press(`main form:has(input[value="` + attribute(account, "value") + `"]) button`)
			w.visit("/i/riverside")
			menu := w.text("header")
			for key, sees := range map[string]bool{"nav.me": true, "nav.day": who != resident, "nav.setup": who == steward} {
				if strings.Contains(menu, en.T(key)) != sees {
					t.Errorf("%q in the menu of a %s: %v, want %v; the menu: %s", en.T(key), who, !sees, sees, menu)
				}
			}
		})
	}
}
