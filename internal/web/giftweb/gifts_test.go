package giftweb_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
)

func TestWhatPeopleCanShare(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.visitor(lang)
		b.see("/gifts").Doc.Has(t, ".empty", b.t("gifts.none"))

		h.many(11, "Ada", h.carl, "reading aloud")
		h.many(3, "Bea", h.carl, "sewing")
		h.publish()
		h.as(h.sue, lang).see("/gifts").Doc.Has(t, "main h2", b.t("gifts.work.title"))
		a := b.see("/gifts")
		a.Doc.Has(t, ".bars li", "10")
		a.Doc.Has(t, ".chips a", "*")
		a.Doc.Has(t, "caption", b.t("gifts.kind.skill.title"))
		a.Doc.None(t, ".empty")
		if strings.Contains(a.Body, b.t("gifts.work.title")) {
			t.Error("a visitor sees the work of connectors")
		}
	})
}

// No true count and no name may be read on a page that anybody sees.
func TestVisitorsReadNoSmallNumberAndNoName(t *testing.T) {
	h := open(t)
	h.many(11, "Ada", h.carl, "reading aloud")
	h.many(3, "Bea", h.carl, "sewing")
	h.publish()
	for _, b := range []*browser{h.visitor(i18n.English), h.as(h.mia, i18n.English), h.as(h.ned, i18n.English)} {
		for _, path := range []string{"/gifts", "/gifts/reading-aloud", "/gifts/sewing", "/gifts/find?q=sewing+reading+aloud"} {
			text := b.see(path).Doc.Text("main")
			if found := regexp.MustCompile(`\b([1-9]|11) (people|gifts)|Ada|Bea|Carl`).FindString(text); found != "" {
				t.Errorf("%s says %q: %s", path, found, text)
			}
		}
	}
}

func TestASpanishWordFindsTheEnglishGift(t *testing.T) {
	h := open(t)
	h.many(9, "Ada", h.carl, "bedtime stories")
	h.publish()
	b := h.visitor(i18n.English)
	a := b.see("/gifts/find?q=leer+cuentos")
	a.Doc.Has(t, ".list h3 a", "Reading aloud")
	a.Doc.Has(t, ".list li", "“leer cuentos” is another way to say “reading aloud”")
	a.Doc.Has(t, ".list li", "About 10 people")
	if got := a.Doc.Attr(".list h3 a", "href"); got != "/i/oak/gifts/reading-aloud" {
		t.Errorf("it leads to %q", got)
	}
	// The word itself needs no reason, the same word in another language does.
	a = b.see("/gifts/find?q=reading+aloud")
	if strings.Contains(a.Doc.Text(".list li"), "another way") {
		t.Errorf("why: %s", a.Doc.Text(".list li"))
	}
	b.see("/gifts/find?q=leer+en+voz+alta").Doc.Has(t, ".list li", "“leer en voz alta” is another way to say “reading aloud”")
}

func TestASearchTakesWhateverIsTyped(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.visitor(lang)
		if got := b.see("/gifts/find").Doc.Attr("#q", "value"); got != "" {
			t.Errorf("an empty search holds %q", got)
		}
		b.see("/gifts/find?q=%20%20")
		b.see("/gifts/find?q=zzyzx").Doc.Has(t, "main .lead", b.t("gifts.find.nothing", i18n.Args{"text": "zzyzx"}))
		long := b.see("/gifts/find?q=" + strings.Repeat("reading+", 5000))
		if n := len([]rune(long.Doc.Attr("#q", "value"))); n > 120 {
			t.Errorf("a long search is shown with %d letters", n)
		}
		for _, odd := range []string{"\x00", "\xff\xfe", "<script>", "%_\\", "a' or '1'='1", strings.Repeat("á", 500)} {
			for _, who := range []*browser{b, h.as(h.sue, lang)} {
				who.see("/gifts/find?q="+url.QueryEscape(odd)).Doc.None(t, "main script")
			}
		}
	})
}

func TestAConnectorFindsThePeopleTheyKnow(t *testing.T) {
	h := open(t)
	ada := h.person("Ada", h.carl)
	h.gives(ada, "doing all the voices")
	h.gives(h.person("Cam", h.cora), "reading aloud")
	b := h.as(h.carl, i18n.English)
	a := b.see("/gifts/find?q=voices")
	a.Doc.Has(t, ".list h3 a", "Ada")
	if got := a.Doc.Attr(".list h3 a", "href"); got != "/i/oak/people/"+ada {
		t.Errorf("the name leads to %q", got)
	}
	a = b.see("/gifts/reading-aloud")
	a.Doc.Has(t, ".list li", "doing all the voices")
	a.Doc.Has(t, "main p", b.t("gifts.known.others", i18n.Args{"n": 1}))
	if strings.Contains(a.Body, "Cam") {
		t.Error("a connector sees somebody whom they don't know")
	}
	h.as(h.sue, i18n.English).see("/gifts/reading-aloud").Doc.Has(t, ".list h3 a", "Cam")
}

func TestALongListOfPeopleGoesOn(t *testing.T) {
	h := open(t)
	h.many(53, "Ada", h.carl, "reading aloud")
	b := h.as(h.carl, i18n.Spanish)
	a := b.see("/gifts/reading-aloud")
	if n := len(a.Doc.All("main .list h3")); n != 50 {
		t.Fatalf("%d people", n)
	}
	rest := b.want(200, b.Get(a.Doc.Attr(".more a", "href")))
	rest.Doc.Has(t, ".list h3", "Ada 52")
	rest.Doc.None(t, ".more a")
}

func TestATermsPageInBothLanguages(t *testing.T) {
	h := open(t)
	h.many(11, "Ada", h.carl, "reading aloud")
	h.many(12, "Cam", h.carl, "baking")
	h.many(3, "Bea", h.carl, "sewing")
	h.publish()
	es := h.visitor(i18n.Spanish)
	a := es.see("/gifts/reading-aloud")
	if got := a.Doc.Text("main h1"); got != "Leer en voz alta" {
		t.Errorf("heading %q", got)
	}
	a.Doc.Has(t, ".lead", "Unas 10 personas")
	a.Doc.Has(t, "main a", es.t("gifts.ask.go"))
	en := h.visitor(i18n.English)
	a = en.see("/gifts/sewing")
	a.Doc.Has(t, ".lead", en.t("gifts.term.some.skill"))
	en.see("/gifts/find?q=sewing").Doc.Has(t, ".list li", en.t("gifts.people.small"))
	a = en.see("/gifts/welding")
	a.Doc.Has(t, ".lead", en.t("gifts.term.none"))
	a.Doc.Has(t, "main h2", en.t("gifts.offer.title"))
	en.gone("/gifts/no-such-term")
}

func TestAMergedTermLeadsToWhatItWentInto(t *testing.T) {
	h := open(t)
	h.many(9, "Ada", h.carl, "sewing")
	h.publish()
	h.must(h.gifts.Merge(h.Context(), h.sue, h.in.ID, "sewing", "crafts"))
	b := h.visitor(i18n.English)
	a := b.led(b.Get("/i/oak/gifts/sewing"), "/gifts/crafts")
	a.Doc.Has(t, ".lead", "About 10 people") // counted before they were joined
	a.Sound(t)
	b.see("/gifts").Doc.Has(t, ".bars a", "Making things by hand")
	s := h.as(h.sue, i18n.English)
	s.led(s.Get("/i/oak/words/sewing"), "/words/crafts")
	s.led(s.Get("/i/oak/common/sewing"), "/common/crafts")
}

func TestStatementsOfAPage(t *testing.T) {
	h := open(t)
	h.many(20, "Ada", h.carl, "reading aloud", "sewing", "baking", "driving")
	h.publish()
	v, c := h.visitor(i18n.English), h.as(h.carl, i18n.English)
	v.see("/gifts/find?q=warm") // the list of words is read once
	for path, most := range map[string]int{"/gifts": 2, "/gifts/reading-aloud": 2, "/gifts/find?q=leer": 3} {
		h.costs(most, "a visitor's "+path, func(context.Context) { v.see(path) })
	}
	for path, most := range map[string]int{
		"/gifts/reading-aloud": 5, "/gifts/find?q=leer": 4, "/gifts/unasked": 1, "/gifts/review": 2,
		"/common":        4, // since what is shared is counted first and only the terms shown are named: two statements in place of one that read everybody
		"/common/sewing": 2, "/gatherings": 2, "/words": 2, "/words/sewing": 2, "/words/new": 1, "/words/sewing/join": 2,
	} {
		h.costs(most, "a connector's "+path, func(context.Context) { c.see(path) })
	}
}

// Whoever may not is told that there is no such page, and nothing is changed.
func TestRights(t *testing.T) {
	h := open(t)
	id := h.gives(h.person("Ada", h.carl), "reading aloud")[0]
	h.gives(h.person("Bea", h.carl), "reading aloud")
	made, err := h.gifts.AddTerm(h.Context(), h.sue, h.in.ID, wordDraft("kites"))
	h.must(err)
	pages := []string{
		"/gifts/unasked", "/gifts/review", "/common", "/common/reading-aloud", "/gatherings", "/gatherings/x",
		"/words", "/words/new", "/words/reading-aloud", "/words/reading-aloud/join",
	}
	forms := [][]string{
		{"/gifts/noted", "gift", id, "says", "gone"},
		{"/common/reading-aloud", "title", "Hello", "text", "Come"},
		{"/words/new", "kind", "skill", "label_en", "stilts"},
		{"/words/" + made.ID, "label_en", "string", "label_es", ""},
		{"/words/" + made.ID + "/join", "into", "crafts"},
	}
	for name, who := range map[string]access.Actor{"a member": h.mia, "a connector next door": h.ned} {
		t.Run(name, func(t *testing.T) {
			b := h.as(who, i18n.English)
			for _, path := range pages {
				b.gone(path)
			}
			for _, f := range forms {
				if a := b.send(f[0], f[1:]...); a.Status != 404 {
					t.Errorf("POST %s: %d", f[0], a.Status)
				}
			}
		})
	}
	visitor := h.visitor(i18n.English)
	for _, path := range pages {
		if a := visitor.Get("/i/oak" + path); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
			t.Errorf("a visitor's %s: %d %s", path, a.Status, a.Header.Get("Location"))
		}
	}
	for _, f := range forms {
		if a := visitor.send(f[0], f[1:]...); a.Status != 401 {
			t.Errorf("a visitor's POST %s: %d", f[0], a.Status)
		}
	}
	cora := h.as(h.cora, i18n.English) // a connector who doesn't know them
	if a := cora.send("/gifts/noted", "gift", id, "says", "gone"); a.Status != 404 {
		t.Errorf("another connector puts a gift away: %d", a.Status)
	}
	if a := cora.send("/common/reading-aloud", "title", "Hello", "text", "Come"); a.Status != 404 {
		t.Errorf("another connector brings them together: %d", a.Status)
	}
	cora.see("/common/reading-aloud").Doc.Has(t, ".empty", cora.t("gifts.draft.none"))
	all, err := h.gifts.InCommon(h.Context(), h.carl, h.in.ID)
	h.must(err)
	if len(all) != 1 || all[0].Known != 2 {
		t.Errorf("something was changed: %+v", all)
	}
}
