package giftweb_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/htmlcheck"
)

func wordDraft(label string) gift.TermDraft {
	return gift.TermDraft{Kind: gift.Skill, Labels: map[i18n.Lang]string{i18n.English: label}}
}

func TestPeopleAreBroughtTogetherOnce(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.carl, lang)
		b.see("/common").Doc.Has(t, ".empty", b.t("gifts.common.none"))
		b.see("/gatherings").Doc.Has(t, ".empty", b.t("gifts.gatherings.none"))

		ada := h.person("Ada", h.carl)
		h.gives(ada, "reading aloud")
		h.many(7, "Bea", h.carl, "leer cuentos")
		h.gives(h.person("Cam", h.cora), "read to children")
		a := b.see("/common")
		a.Doc.Has(t, ".list li", b.t("gifts.common.share", i18n.Args{"n": 9}))
		a.Doc.Has(t, ".list li", b.t("gifts.common.more", i18n.Args{"n": 2}))
		a.Doc.Has(t, ".list li", b.t("gifts.common.others", i18n.Args{"n": 1}))

		a = b.see("/common/reading-aloud")
		title := a.Doc.Attr("#title", "value")
		if !strings.Contains(title, "9") {
			t.Errorf("first line %q", title)
		}
		if got := b.see("/common/reading-aloud?text=es").Doc.Attr("#title", "value"); !strings.Contains(got, "¿Nos vemos?") {
			t.Errorf("in Spanish: %q", got)
		}
		form := []string{"title", "Come and read", "text", "On the steps, at four.", "lang", string(lang), "once", a.Doc.Attr("input[name=once]", "value")}
		sent := b.send("/common/reading-aloud", form...)
		to := strings.TrimPrefix(strings.TrimSuffix(sent.Header.Get("Location"), "#message"), "/i/oak")
		made := b.led(sent, to)
		made.Sound(t)
		made.Doc.Has(t, ".flash", b.t("gifts.gathering.made"))
		if got := made.Doc.Text("main h1"); got != "Come and read" {
			t.Errorf("heading %q", got)
		}
		made.Doc.Has(t, ".said", "On the steps, at four.")
		made.Doc.Has(t, ".list li", "Ada")
		if got := made.Doc.Attr(".list a", "href"); got != "/i/oak/people/"+ada {
			t.Errorf("the name leads to %q", got)
		}
		made.Doc.Has(t, "main p", b.t("gifts.gathering.others", i18n.Args{"n": 1}))

		again := b.led(b.send("/common/reading-aloud", form...), "/gatherings")
		again.Doc.Has(t, ".flash", b.t("gift.gathering.done"))
		if n := len(again.Doc.All("main .list li")); n != 1 {
			t.Errorf("sent twice, %d gatherings", n)
		}
		b.see("/common/reading-aloud").Doc.Has(t, ".empty", b.t("gifts.draft.none"))

		cora := h.as(h.cora, lang) // finds hers, and no other name
		cora.see("/gatherings").Doc.Has(t, ".list li", b.t("gifts.gatherings.yours", i18n.Args{"n": 1}))
		text := cora.see(to).Doc.Text("main")
		if !strings.Contains(text, "Cam") || strings.Contains(text, "Ada") {
			t.Errorf("Cora reads %s", text)
		}
		b.gone("/gatherings/no-such")
	})
}

func TestADraftThatCannotBeKeepsWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		h.many(2, "Ada", h.carl, "sewing")
		b := h.as(h.carl, lang)
		a := b.want(422, b.send("/common/sewing", "title", strings.Repeat("x", 201), "text", "Come by", "lang", "es"))
		a.Doc.Has(t, ".summary a[href=#title]", b.t("gift.text.long", i18n.Args{"max": 200}))
		a.Doc.Has(t, "#text", "Come by")
		if got := a.Doc.Attr("input[name=lang]", "value"); got != "es" {
			t.Errorf("the draft's language is %q", got)
		}
	})
}

func TestGiftsThatNobodyAskedForAreLookedAfter(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.carl, lang)
		b.see("/gifts/unasked").Doc.Has(t, ".empty", b.t("gifts.unasked.none"))
		old := h.gives(h.person("Ada", h.carl), "sewing", "baking", "driving")
		h.now.Advance(31 * 24 * time.Hour)
		a := b.see("/gifts/unasked")
		a.Doc.Has(t, ".list li", "sewing")
		for i, says := range []string{"asked", "used", "gone"} {
			back := b.led(b.send("/gifts/noted", "gift", old[i], "says", says, "back", "/i/oak/gifts/unasked"), "/gifts/unasked")
			back.Doc.Has(t, ".flash", b.t("gifts.noted."+says))
			back.Sound(t)
		}
		b.see("/gifts/unasked").Doc.Has(t, ".empty", b.t("gifts.unasked.none"))
		b.want(404, b.send("/gifts/noted", "gift", old[0], "says", "forgotten"))
		elsewhere := b.send("/gifts/noted", "gift", old[0], "says", "asked", "back", "https://evil.example/")
		b.led(elsewhere, "/gifts/unasked")

		h.many(17, "Bea", h.carl, "carpentry")
		h.now.Advance(31 * 24 * time.Hour)
		a = b.see("/gifts/unasked")
		if n := len(a.Doc.All("main .list h2")); n != 15 {
			t.Errorf("%d at a time", n)
		}
		a.Doc.Has(t, "main p", b.t("gifts.care.more"))
	})
}

func TestAGiftIsStillSoOrPutAway(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.carl, lang)
		b.see("/gifts/review").Doc.Has(t, ".empty", b.t("gifts.review.none"))
		ids := h.gives(h.person("Ada", h.carl), "sewing", "baking")
		h.now.Advance(400 * 24 * time.Hour)
		b.see("/gifts/review").Doc.Has(t, ".list li", "baking")
		b.led(b.send("/gifts/noted", "gift", ids[0], "says", "holds", "back", "/i/oak/gifts/review"), "/gifts/review").
			Doc.Has(t, ".flash", b.t("gifts.noted.holds"))
		b.led(b.send("/gifts/noted", "gift", ids[1], "says", "gone", "back", "/i/oak/gifts/review"), "/gifts/review")
		a := b.see("/gifts/review")
		if n := len(a.Doc.All("main .list h2")); n != 1 {
			t.Fatalf("%d gifts to review", n)
		}
		a.Doc.Has(t, ".tag", b.t("gifts.review.hidden"))
	})
}

func TestALinkInAMailChangesNothingUntilItIsAnswered(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		ada := h.person("Ada", h.carl, people.Contact{Kind: people.Email, Value: "ada@example.org"})
		ids := h.gives(ada, "sewing", "baking", "driving")
		h.now.Advance(400 * 24 * time.Hour)
		h.must(h.gifts.Confirm(h.Context(), h.carl, h.in.ID, ids[2], false))
		path := strings.TrimPrefix(h.letter(), "/i/oak")
		b := h.visitor(lang)
		for range 2 { // a mail program looks first
			a := b.see(path)
			if all, ticked := len(a.Doc.All("input[name=gift]")), len(a.Doc.All("input[name=gift][checked]")); all != 3 || ticked != 2 {
				t.Errorf("%d of %d are ticked, want 2 of 3: one was put away", ticked, all)
			}
			if got := a.Doc.Text("title"); strings.Contains(got, b.t("gifts.still.title")) {
				t.Errorf("the tab says %q", got)
			}
		}
		b.want(404, b.Get("/i/elm"+path)) // a link of another initiative
		b.want(404, b.Post("/i/elm"+path, url.Values{}))

		answered := b.want(303, b.send(path, "gift", ids[0]))
		if got, _, _ := strings.Cut(answered.Header.Get("Location"), "#"); got != "/i/oak" {
			t.Errorf("led to %q", got)
		}
		b.want(404, b.send(path, "gift", ids[1])).Doc.Has(t, "h1", b.t("gifts.lost.title"))
		b.want(404, b.Get("/i/oak"+path)).Doc.Has(t, ".lead", b.t("gifts.lost.lead"))
		a := h.as(h.carl, lang).see("/gifts/review")
		a.Doc.Has(t, ".list li", "baking")
		a.Doc.Has(t, ".tag", b.t("gifts.review.hidden"))
		if strings.Contains(a.Doc.Text("main .list"), "sewing") {
			t.Error("what was confirmed still waits")
		}
	})
}

func TestTheListOfWordsIsFoundAndCounted(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		h.many(3, "Ada", h.carl, "reading aloud")
		b := h.as(h.carl, lang)
		a := b.see("/words")
		for _, k := range gift.Kinds() {
			a.Doc.Has(t, "caption", b.t("gift.kind."+string(k)))
		}
		a = b.see("/words?q=bedtime+stories")
		if n := len(a.Doc.All("tbody tr")); n == 0 || n > 4 {
			t.Errorf("a search leaves %d words", n)
		}
		a.Doc.Has(t, "tbody tr", "3")
		b.see("/words?q=leer+en").Doc.Has(t, "tbody tr", "3") // part of a name
		b.see("/words?q=zzyzx").Doc.Has(t, ".lead", b.t("gifts.words.nothing", i18n.Args{"text": "zzyzx"}))
	})
}

func TestAWordIsAddedChangedAndJoined(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		h.gives(h.person("Ada", h.carl), "string figures")
		b := h.as(h.carl, lang)
		b.see("/words/new")
		sent := b.send("/words/new", "kind", "skill", "label_en", "string games", "synonyms_en", "string figures\nstring tricks", "label_es", "juegos de hilo", "parent", "")
		to := strings.TrimPrefix(strings.TrimSuffix(sent.Header.Get("Location"), "#message"), "/i/oak")
		a := b.led(sent, to)
		a.Sound(t)
		a.Doc.Has(t, ".flash", b.t("gifts.word.added"))
		a.Doc.Has(t, ".lead", b.t("gifts.word.under", i18n.Args{"n": 1}))

		a = b.led(b.send(to, "label_en", "cat’s cradle", "synonyms_en", "string tricks", "label_es", "juegos de hilo", "synonyms_es", "figuras de hilo"), to)
		a.Doc.Has(t, "#synonyms_en", "string games") // the old name stays
		a.Doc.Has(t, ".flash", b.t("gifts.word.saved"))

		b.see(to+"/join").Doc.Has(t, ".sure", b.t("gifts.join.gifts", i18n.Args{"n": 1}))
		a = b.led(b.send(to+"/join", "into", "crafts"), "/words/crafts")
		a.Doc.Has(t, ".flash", b.t("gifts.join.done"))
		a.Doc.Has(t, ".lead", b.t("gifts.word.under", i18n.Args{"n": 1}))
		a.Doc.Has(t, "#synonyms_es", "figuras de hilo")
		b.led(b.send(to+"/join", "into", "sewing"), "/words/crafts") // pressed again
		b.see("/gifts/find?q=figures").Doc.Has(t, "main", "string figures")
		b.gone("/words/no-such")
	})
}

func TestWordsThatCannotBeKeepWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.carl, lang)
		refused := func(a htmlcheck.Doc, fields ...string) {
			for _, f := range fields {
				if len(a.All("#"+f+"-fault")) != 1 || len(a.All(fmt.Sprintf(".summary a[href=#%s]", f))) != 1 {
					t.Errorf("%s is not said to be wrong", f)
				}
			}
		}
		a := b.want(422, b.send("/words/new", "synonyms_en", "a b\nknots", "label_es", "coser"))
		refused(a.Doc, "kind", "label_en", "label_es")
		a.Doc.Has(t, "#synonyms_en", "knots")
		a = b.want(422, b.send("/words/sewing", "label_en", "", "synonyms_en", "stitching", "label_es", "cocinar"))
		refused(a.Doc, "label_en", "label_es")
		a.Doc.Has(t, "#synonyms_en", "stitching")
		a = b.want(422, b.send("/words/sewing/join", "into", "sewing"))
		refused(a.Doc, "into")
		b.want(422, b.send("/words/sewing/join", "into", ""))
	})
}
