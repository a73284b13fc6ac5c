package kitchen_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/web"
	"commonweal/internal/web/assets"
	"commonweal/internal/web/htmlcheck"
	"commonweal/internal/web/kitchen"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

func site(t *testing.T) *webtest.Site {
	t.Helper()
	return webtest.New(t, webtest.Site{Config: web.Config{Routes: kitchen.Routes(), Nav: web.Navigation()}})
}

func steward() access.Actor {
	return access.Actor{Account: "a", Memberships: []access.Membership{{Initiative: "riverside", Person: "p", Kind: access.Steward}}}
}

// pages are all pages of the kitchen, full and refused, in each language, for
// a visitor and for a steward.
func pages(t *testing.T) map[string]webtest.Answer {
	t.Helper()
	s := site(t)
	all := map[string]webtest.Answer{}
	for _, lang := range i18n.Langs() {
		for name, b := range map[string]*webtest.Browser{"visitor": s.Visitor(t), "steward": s.As(t, steward())} {
			b.Header.Set("Accept-Language", string(lang))
			for _, r := range kitchen.Routes() {
				if r.Example == "" || strings.HasSuffix(r.Example, "/broken") || r.Need != access.Anyone && name == "visitor" {
					continue
				}
				all[string(lang)+" "+name+" "+r.Example] = b.Get(r.Example)
			}
			all[string(lang)+" "+name+" refused"] = b.Post("/i/riverside/share", url.Values{"phone": {"555"}})
		}
	}
	return all
}

func TestEveryPageIsSound(t *testing.T) {
	for name, p := range pages(t) {
		t.Run(name, func(t *testing.T) {
			p.Sound(t)
			if p.Doc.Attr("html", "lang") != name[:2] {
				t.Errorf("lang = %q", p.Doc.Attr("html", "lang"))
			}
		})
	}
}

func TestARefusedFormSaysWhatToMend(t *testing.T) {
	for lang, want := range map[i18n.Lang][]string{
		i18n.English: {"There are 2 things to look at again", "Error: "}, i18n.Spanish: {"Hay 2 cosas que revisar", "Error: "},
	} {
		b := site(t).Visitor(t)
		b.Header.Set("Accept-Language", string(lang))
		got := b.Post("/i/riverside/share", url.Values{"phone": {"555-0123"}, "kind": {"skill", "passion"}, "once": {"key"}, "area": {"elm"}})
		if got.Status != http.StatusUnprocessableEntity {
			t.Fatalf("status = %d", got.Status)
		}
		d := got.Doc
		if title := d.Text("title"); !strings.HasPrefix(title, want[1]) {
			t.Errorf("title = %q", title)
		}
		d.Has(t, "#message[role=alert] h2", want[0])
		for _, field := range []string{"consent", "need"} {
			if len(d.All("#message a[href=#"+field+"]")) != 1 || len(d.All("#"+field)) != 1 {
				t.Errorf("the summary doesn't lead to %s", field)
			}
			if len(d.All("#"+field+"-fault")) != 1 {
				t.Errorf("%s has no message at its place", field)
			}
		}
		if got := d.Attr("#need", "aria-describedby"); got != "need-hint need-fault" || d.Attr("#need", "aria-invalid") != "true" {
			t.Errorf("need is described by %q, invalid %q", got, d.Attr("#need", "aria-invalid"))
		}
		if got := d.Attr("fieldset[role=radiogroup]", "aria-describedby"); got != "consent-hint consent-fault" {
			t.Errorf("consent is described by %q", got)
		}
		for selector, value := range map[string]string{"#phone": "555-0123", "[name=once]": "key", "option[selected]": "elm"} {
			if got := d.Attr(selector, "value"); got != value {
				t.Errorf("%s = %q, want %q kept", selector, got, value)
			}
		}
		if n := len(d.All("[name=kind][checked]")); n != 2 {
			t.Errorf("%d kinds are still ticked, want 2", n)
		}
		if got := d.Attr("main form", "action"); got != "/i/riverside/share#message" {
			t.Errorf("action = %q, want the place of the message", got)
		}
	}
}

func TestAnAcceptedFormLeadsToItsMessage(t *testing.T) {
	b := site(t).Visitor(t)
	got := b.Post("/i/riverside/share", url.Values{"consent": {"name"}, "need": {"books"}})
	if got.Status != http.StatusSeeOther {
		t.Fatalf("status = %d", got.Status)
	}
	next := got.Follow()
	next.Doc.Has(t, "#message[role=status][tabindex=-1]", "There are 3 things")
	b.Get("/i/riverside/share").Doc.None(t, "#message")
}

func TestTheFrameFitsWhoLooks(t *testing.T) {
	s := site(t)
	home := s.Visitor(t).Get("/i/riverside").Doc
	if got := texts(home, ".fewnav a"); !slices.Equal(got, []string{"Home", "Gifts", "Organizations", "Share yours"}) {
		t.Errorf("a visitor's navigation = %q", got)
	}
	home.None(t, ".menu")
	home.None(t, ".exit")
	home.None(t, "form[action=/sign-out]")
	home.Has(t, "a[aria-current=page]", "Home")
	if got := home.Attr("a.lang", "href"); got != "/i/riverside?lang=es" || home.Attr("a.lang", "lang") != "es" || home.Text("a.lang") != "Español" {
		t.Errorf("the way to the other language = %q", got)
	}
	home.Has(t, "footer .help", "Call or text us: 555-0100")
	home.Has(t, "footer a[href=tel:5550100]", "555-0100")
	home.None(t, ".invented")

	day := s.As(t, steward()).Get("/i/riverside/day?after=x").Doc
	if got := texts(day, ".topnav a"); !slices.Equal(got, []string{"Home", "Gifts", "Organizations", "Rooms", "My page", "My day", "Conversation", "Set-up"}) {
		t.Errorf("a steward's navigation = %q", got)
	}
	if got := texts(day, ".menu a"); len(got) != 8 {
		t.Errorf("a steward's menu = %q", got)
	}
	day.Has(t, "form.exit[action=/leave][method=post]", "Leave this page now")
	day.Has(t, "form[action=/sign-out]", "Sign out")
	if got := day.Text("title"); got != "Your page – Riverside Reads" {
		t.Errorf("a private page's title = %q tells what it is about", got)
	}
	if got := day.Attr("a.lang", "href"); got != "/i/riverside/day?after=x&lang=es" {
		t.Errorf("the other language = %q", got)
	}
	if got := s.Visitor(t).Get("/i/riverside/share").Doc; len(got.All(".exit")) != 1 {
		t.Error("no quick exit on a page about needs")
	}
}

func texts(d htmlcheck.Doc, selector string) (all []string) {
	for _, n := range d.All(selector) {
		all = append(all, htmlcheck.Text(n))
	}
	return all
}

func TestAnInventedPlaceSaysSo(t *testing.T) {
	place := webtest.Riverside()
	place.Invented = true
	s := webtest.New(t, webtest.Site{Config: web.Config{Routes: kitchen.Routes()}, In: []page.In{place}})
	for path, want := range map[string]string{"/i/riverside": "This place and its people are invented.", "/i/riverside/share?lang=es": "Este lugar y su gente son inventados."} {
		s.Visitor(t).Get(path).Doc.Has(t, ".invented", want)
	}
}

func TestFontsAreTheVisitorsChoice(t *testing.T) {
	s := site(t)
	sheet := func(b *webtest.Browser, path string) string {
		return b.Get(path).Doc.Attr("link[rel=stylesheet]", "href")
	}
	saving := s.Visitor(t)
	saving.Header.Set("Save-Data", "on")
	clearer := s.Visitor(t)
	for _, test := range []struct{ name, got, want string }{
		{"usual", sheet(s.Visitor(t), "/i/riverside"), assets.Path(assets.Sheet)},
		{"saving data", sheet(saving, "/i/riverside"), assets.Path(assets.Plain)},
		{"clearer letters", sheet(clearer, "/i/riverside?letters=clear"), assets.Path(assets.Clear)},
		{"and kept", sheet(clearer, "/i/riverside/share"), assets.Path(assets.Clear)},
		{"and back", sheet(clearer, "/i/riverside?letters=usual"), assets.Path(assets.Sheet)},
		{"and kept too", sheet(clearer, "/i/riverside/share"), assets.Path(assets.Sheet)},
	} {
		if test.got == "" || test.got != test.want {
			t.Errorf("%s: stylesheet %q, want %q", test.name, test.got, test.want)
		}
	}
}

// What a resident's first visit weighs, all told, and what must come to read
// and act.
func TestAFirstVisitFitsTheBudget(t *testing.T) {
	const kilobyte = 1 << 10
	s := site(t)
	for _, path := range []string{"/i/riverside", "/i/riverside/gifts", "/i/riverside/share"} {
		for _, save := range []string{"", "on"} {
			b := s.Visitor(t)
			b.Header.Set("Accept-Encoding", "br")
			b.Header.Set("Save-Data", save)
			html := len(b.Get(path).Body)
			b.Header.Set("Accept-Encoding", "identity")
			doc := b.Get(path).Doc
			all := html
			for _, file := range needed(doc, save == "on") {
				all += weigh(t, file)
			}
			t.Logf("%s Save-Data %q: html %d, all %d bytes", path, save, html, all)
			most := 60 * kilobyte
			if save == "on" {
				most = 15 * kilobyte
			}
			if html > 8*kilobyte || all > most {
				t.Errorf("%s Save-Data %q: html %d, all %d bytes", path, save, html, all)
			}
		}
	}
}

// needed are the files that a browser fetches for a page: what the page names,
// and what its stylesheet does.
func needed(d htmlcheck.Doc, plain bool) []string {
	files := []string{d.Attr("link[rel=stylesheet]", "href"), d.Attr("link[rel=icon]", "href"), assets.Path("stroke.svg"), assets.Path("lamp.svg")}
	if !plain {
		files = append(files, assets.Path("source-sans-3.woff2"), assets.Path("fraunces-600.woff2"))
	}
	return files
}

func weigh(t *testing.T, path string) int {
	t.Helper()
	a, ok := assets.At(path)
	if !ok {
		t.Fatalf("no asset at %q", path)
	}
	text, _ := a.Encoded(true, true)
	return len(text)
}
