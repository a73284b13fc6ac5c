package connectorweb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"commonweal/internal/conversation"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

func TestAnEmptyDayHelps(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.carl, lang)
		doc := b.see("/day").Doc
		doc.Has(t, ".empty", b.t("day.waiting.none"))
		doc.Has(t, ".empty a", b.t("day.visit.add"))
		for _, key := range []string{"day.else.none", "day.unasked.none", "day.review.none", "day.block.none"} {
			doc.Has(t, "main p", b.t(key))
		}
		doc.None(t, ".tag.late")
		b.see("/needs").Doc.Has(t, ".empty", b.t("day.waiting.none"))
	})
}

func TestTheDayShowsWhatWaitsAndWhomToVisit(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		id := h.talk(h.carl, rosa())
		b := h.as(h.carl, lang)
		a := b.see("/day")
		a.Doc.Has(t, "main strong a[href=/i/riverside/talks/"+id+"]", "Rosa")
		a.Doc.Has(t, ".tag.late", b.t("day.urgent.tag"))
		a.Doc.Has(t, ".tag.plain", b.t("day.waiting.by", i18n.Args{"day": i18n.In(lang).Date(h.told(h.carl, id).AnswerBy.Time)}))
		for _, key := range []string{"day.item.need", "day.item.advice", "day.item.support.childcare", "day.item.support.place"} {
			a.Doc.Has(t, "main li a", b.t(key))
		}
		a.Doc.Has(t, "main .cols a", "blue door")
		a.Doc.Has(t, "main h3", "Don Luis")
		a.Doc.Has(t, "main .tag", b.t("day.else.days", i18n.Args{"n": 30}))
		a.Doc.Has(t, "main .cols", b.t("day.block.counted", i18n.Args{"n": 1, "homes": "40", "asked": "1"}))
		a.Doc.Has(t, "main strong", b.t("day.block.left", i18n.Args{"n": 39}))
		a.Doc.Has(t, "main .cols", "census 2020")
		for _, secret := range []string{"Libros", "biblioteca", "Que los niños"} {
			if strings.Contains(a.Body, secret) {
				t.Errorf("the day says %q, which is on the conversation's own page", secret)
			}
		}

		h.now.Advance(40 * 24 * time.Hour)
		late := b.see("/day").Doc
		late.Has(t, ".tag.late", b.t("day.waiting.late", i18n.Args{"day": i18n.In(lang).Date(h.told(h.carl, id).AnswerBy.Time)}))
		late.Has(t, "main q", "coser ropa") // never asked
		late.Has(t, "main p", b.t("day.else.none"))
		b.see("/needs").Doc.Has(t, "main strong a", "Rosa")
	})
}

func TestWhoSeesADay(t *testing.T) {
	h := open(t)
	id := h.talk(h.carl, rosa())
	for name, who := range map[string]struct {
		browser *browser
		sees    bool
	}{
		"its connector":  {h.as(h.carl, i18n.English), true},
		"a steward":      {h.as(h.sue, i18n.English), true},
		"another":        {h.as(h.cora, i18n.English), false},
		"somebody wrong": {h.as(h.actor("nobody", "connector"), i18n.English), false},
	} {
		for _, path := range []string{"/day", "/needs"} {
			if got := strings.Contains(who.browser.see(path).Body, id); got != who.sees {
				t.Errorf("%s at %s: sees it = %v", name, path, got)
			}
		}
	}
	// A third person's name is seen by one connector alone.
	if strings.Contains(h.as(h.sue, i18n.English).see("/day").Body, "Don Luis") {
		t.Error("a steward sees a connector's reminder")
	}
	member, visitor := h.as(h.mia, i18n.English), h.site.Visitor(t)
	for _, path := range []string{"/day", "/needs", "/talks/" + id} {
		member.want(404, member.Get("/i/riverside"+path))
		if a := visitor.Get("/i/riverside" + path); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
			t.Errorf("a visitor at %s: %d %s", path, a.Status, a.Header.Get("Location"))
		}
		carl := h.as(h.carl, i18n.English)
		carl.want(404, carl.Get("/i/elsewhere"+path))
	}
}

func TestWhatWaitsIsShownPageByPage(t *testing.T) {
	h := open(t)
	for i := range 60 {
		d := rosa()
		d.Name, d.Need, d.Supports, d.Advice, d.AdviceTo, d.Household = fmt.Sprintf("Ana %02d", i), fmt.Sprint("Libros ", i), nil, "", "", ""
		d.Urgent = i == 59
		h.talk(h.carl, d)
	}
	b := h.as(h.carl, i18n.English)
	day := b.see("/day")
	if n := len(day.Doc.All("main strong a")); n != 6 {
		t.Errorf("the day lists %d conversations, want 6", n)
	}
	day.Doc.Has(t, "main a[href=/i/riverside/needs]", b.t("day.waiting.all"))
	seen := map[string]int{}
	next := "/needs"
	for pages := 0; next != "" && pages < 5; pages++ {
		a := b.see(next)
		for _, n := range a.Doc.All("main strong a") {
			seen[n.Attr[0].Val]++
		}
		if pages == 0 {
			if first := a.Doc.Text("main strong a"); first != "Ana 59" {
				t.Errorf("first is %q, want the urgent one", first)
			}
		}
		next = strings.TrimPrefix(a.Doc.Attr(".more a", "href"), "/i/riverside")
	}
	if len(seen) != 60 {
		t.Errorf("%d conversations in all, want 60", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s stands %d times", id, n)
		}
	}
}

func TestADayCostsTheSameHoweverMuchThereIs(t *testing.T) {
	h := open(t)
	b := h.as(h.carl, i18n.English)
	count := func() int {
		b.see("/day")
		c := dbtest.Count(h.db)
		b.see("/day")
		n := c.N()
		return n
	}
	h.answered(h.talk(h.carl, rosa()))
	little := count()
	for i := range 20 {
		d := rosa()
		d.Name, d.Need, d.Household = fmt.Sprint("Ana ", i), fmt.Sprint("Libros ", i), fmt.Sprint("door ", i)
		h.answered(h.talk(h.carl, d))
	}
	if many := count(); many != little || many > 15 {
		t.Errorf("%d statements with much, %d with little; want the same, at most 15", many, little)
	}
}

// answered answers the need of a conversation of Carl's.
func (h *house) answered(talk string) {
	h.Helper()
	need := h.told(h.carl, talk).Needs[0].ID
	h.must(h.talks.Answer(h.Context(), h.carl, h.in.ID, need, conversation.AnswerDraft{Step: conversation.Cannot, Text: "no hay"}))
}

func TestWhoGetsNoMailIsTold(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.carl, lang)
		b.see("/day").Doc.Has(t, "section p", b.t("notice.note.none"))
		for i := range 5 {
			d := rosa()
			d.Name = fmt.Sprint("Ana ", i)
			h.answered(h.talk(h.carl, d))
		}
		a := b.see("/day")
		a.Doc.Has(t, "h3 a", "Ana 0")
		a.Doc.Has(t, "section p", b.t("conversation.notice.answer"))
		a.Doc.Has(t, "section p", b.t("notice.note.more", i18n.Args{"n": 5}))
		if strings.Contains(a.Doc.Text("main"), "Libros") {
			t.Error("the day tells a need in words")
		}
		if n := len(a.Doc.All("form input[name=through]")); n != 3 {
			t.Errorf("%d neighbours to tell, want the first three", n)
		}
		h.as(h.cora, lang).see("/day").Doc.Has(t, "section p", b.t("notice.note.none"))
	})
}

func TestAGiftIsAskedAboutFromTheDay(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		_, id := h.neighbour(h.carl, "Ana", "sewing clothes")
		h.now.Advance(200 * 24 * time.Hour)
		b := h.as(h.carl, lang)
		doc := b.see("/day").Doc
		doc.Has(t, "main button", b.t("day.gift.asked"))
		doc.Has(t, "main button", b.t("day.gift.holds"))
		for _, said := range []string{"asked", "holds", "over"} {
			back := b.led(b.send("/day/gifts/"+id, "said", said), "/day").Follow()
			b.want(200, back).Doc.Has(t, ".flash", b.t("day.gift.noted."+said))
		}
		b.want(422, b.send("/day/gifts/"+id, "said", "something"))
		other := h.as(h.cora, lang)
		other.want(404, other.send("/day/gifts/"+id, "said", "over"))
		got, err := h.gifts.Of(t.Context(), h.sue, h.in.ID, h.holderOf(id))
		h.must(err)
		if len(got) != 1 || got[0].LastAskedAt.IsZero() || !got[0].Hidden() {
			t.Errorf("gift = %+v", got)
		}
	})
}

func (h *house) holderOf(id string) string {
	h.Helper()
	found, err := h.gifts.Search(h.Context(), h.sue, h.in.ID, "sewing", i18n.English)
	h.must(err)
	for _, g := range found.People {
		if g.ID == id {
			return g.Person
		}
	}
	all, err := h.gifts.ToReview(h.Context(), h.sue, h.in.ID)
	h.must(err)
	for _, g := range all {
		if g.ID == id {
			return g.Person
		}
	}
	l, err := h.people.List(h.Context(), h.sue, h.in.ID, people.Filter{Text: "Ana"})
	h.must(err)
	return l.People[0].ID
}

func TestWhoWasNamedSaysYes(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		h.talk(h.carl, rosa())
		b := h.as(h.carl, lang)
		to := reminder(t, h)
		page := b.see(to)
		page.Doc.Has(t, "h1", b.t("day.else.heading", i18n.Args{"name": "Don Luis"}))
		page.Doc.Has(t, "main .lead", "vive enfrente")
		other := h.as(h.cora, lang)
		other.want(404, other.Get("/i/riverside"+to))
		other.want(404, other.send(to, "name", "Don Luis", "channel", "doorstep"))
		other.want(404, other.send(to+"/forget"))

		long := strings.Repeat("a", 201)
		bad := b.want(422, b.send(to, "name", long, "channel", "smoke", "next", "yes"))
		bad.Doc.Has(t, "#name-fault", b.t("conversation.text.long", i18n.Args{"max": 200}))
		bad.Doc.Has(t, "#channel-fault", b.t("people.channel.missing"))
		if bad.Doc.Attr("input[name=name]", "value") != long {
			t.Error("what was typed is gone")
		}

		a := b.want(303, b.send(to, "name", "Luis", "channel", "phone", "next", "yes"))
		made := strings.TrimPrefix(strings.Split(a.Header.Get("Location"), "#")[0], "/i/riverside/people/")
		got, err := h.people.Get(t.Context(), h.carl, h.in.ID, made)
		h.must(err)
		if got.Name != "Luis" || !people.Agreed(got.Consents, people.BeAsked) || got.Consents[0].Channel != people.Phoned {
			t.Errorf("written down: %+v", got)
		}
		b.want(404, b.Get("/i/riverside"+to))
	})
}

func TestANameIsForgotten(t *testing.T) {
	h := open(t)
	h.talk(h.carl, rosa())
	b := h.as(h.carl, i18n.English)
	to := reminder(t, h)
	back := b.led(b.send(to+"/forget"), "/day").Follow()
	b.want(200, back).Doc.Has(t, ".flash", b.t("day.else.forgotten"))
	if strings.Contains(back.Body, "Don Luis") {
		t.Error("the name is still there")
	}
}

// reminder is the path of Carl's first reminder.
func reminder(t *testing.T, h *house) string {
	t.Helper()
	d, err := h.talks.Day(t.Context(), h.carl, h.in.ID)
	h.must(err)
	if len(d.Referrals) == 0 {
		t.Fatal("no reminder")
	}
	return "/referrals/" + d.Referrals[0].ID
}

func TestAnOfferToMeetIsShownToWhoAsks(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		h.neighbour(h.carl, "Ana", "sewing clothes")
		h.neighbour(h.cora, "Bea", "sewing")
		all, err := h.gifts.InCommon(t.Context(), h.carl, h.in.ID)
		h.must(err)
		made, err := h.gifts.BringTogether(t.Context(), h.carl, h.in.ID, all[0].Term.ID, gift.GatheringDraft{Lang: lang})
		h.must(err)
		doc := h.as(h.carl, lang).see("/day").Doc
		doc.Has(t, "main a[href=/i/riverside/gatherings/"+made.ID+"]", made.Title)
		doc.Has(t, "main li p", i18n.In(lang).T("day.common.ask", i18n.Args{"n": 1}))
	})
}
