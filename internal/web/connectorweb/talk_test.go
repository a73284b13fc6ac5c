package connectorweb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
)

func TestAConversationAsItsReaderSeesIt(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		ana, _ := h.neighbour(h.carl, "Ana", "good with toddlers")
		h.neighbour(h.cora, "Bea", "good with toddlers")
		id := h.talk(h.carl, rosa())
		b := h.as(h.carl, lang)
		a := b.see("/talks/" + id)
		a.Doc.Has(t, "h1", "Rosa")
		for _, said := range []string{"Libros para mi hija", "Por la tarde", "Abrir la biblioteca", "coser ropa", "Que los niños lean"} {
			a.Doc.Has(t, ".said", said)
		}
		for _, key := range []string{"day.next.help", "day.next.join", "day.consent.name"} {
			a.Doc.Has(t, "main li", b.t(key))
		}
		a.Doc.Has(t, "main li a", "Don Luis")
		// The third ask: who could mind the children, and the word that led to her.
		a.Doc.Has(t, ".card .list a[href=/i/riverside/people/"+ana+"]", "Ana")
		a.Doc.Has(t, ".card option", "Ana – good with toddlers")
		a.Doc.Has(t, ".card p", b.t("day.who.others", i18n.Args{"n": 1}))
		a.Doc.Has(t, ".card .hint", b.t("day.answer.named", i18n.Args{"name": "Rosa", "lang": b.t("day.lang.es")}))
		if strings.Contains(a.Body, "Bea") {
			t.Error("another connector's neighbour is named")
		}
		looked, err := audit.ByObject(t.Context(), h.db.Read(), h.in.ID, h.told(h.carl, id).Person)
		h.must(err)
		if len(looked) == 0 {
			t.Error("nobody noted that it was read")
		}
	})
}

func TestANextStepGoesBackToWhoAsked(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		_, toddlers := h.neighbour(h.carl, "Ana", "good with toddlers")
		id := h.talk(h.carl, rosa())
		told := h.told(h.carl, id)
		b := h.as(h.carl, lang)
		need, childcare, room, advice := told.Needs[0].ID, told.Supports[0].ID, told.Supports[1].ID, told.Advice[0].ID

		at := "/needs/" + need + "/answer"
		empty := b.want(422, b.send(at, "step-"+need, "cannot", "text-"+need, " "))
		empty.Doc.Has(t, "#text-"+need+"-fault", b.t("conversation.answer.missing"))
		empty.Doc.Has(t, ".summary a[href=#text-"+need+"]", b.t("conversation.answer.missing"))
		empty.Doc.Has(t, "title", b.t("form.error", i18n.Args{"title": b.t("day.tab")}))
		none := b.want(422, b.send(at, "text-"+need, "Hay libros"))
		none.Doc.Has(t, "#step-"+need+"-fault", b.t("conversation.step.missing"))
		none.Doc.Has(t, "textarea#text-"+need, "Hay libros")

		sent := b.led(b.send(at, "step-"+need, "neighbour", "text-"+need, "Ana trae libros"), "/talks/"+id).Follow()
		b.want(200, sent).Doc.Has(t, ".flash", b.t("day.answer.sent"))
		sent.Doc.Has(t, ".card .tag.done", b.t("day.step.neighbour.label"))
		sent.Doc.Has(t, ".card p", "Ana trae libros")

		b.led(b.send("/supports/"+childcare+"/answer", "step-"+childcare, "neighbour", "gift-"+childcare, toddlers, "text-"+childcare, "Ana puede"), "/talks/"+id)
		b.led(b.send("/supports/"+room+"/answer", "step-"+room, "cannot", "text-"+room, "Está cerrado"), "/talks/"+id)
		b.want(422, b.send("/supports/"+room+"/answer", "step-"+room, "advice", "text-"+room, "x"))
		b.want(422, b.send("/advice/"+advice+"/answer")).Doc.Has(t, "#answer-"+advice+"-fault", b.t("conversation.answer.missing"))
		b.led(b.send("/advice/"+advice+"/answer", "answer-"+advice, "Lo dijimos", "changed-"+advice, "Abren los sábados"), "/talks/"+id)

		done := h.told(h.carl, id)
		if s := done.Supports[0].Answer; s.Step != conversation.Neighbour || s.Gift != toddlers || s.Text != "Ana puede" {
			t.Errorf("childcare = %+v", s)
		}
		if s := done.Supports[1].Answer; s.Step != conversation.Cannot || s.Text != "Está cerrado" {
			t.Errorf("room = %+v", s)
		}
		if got := done.Advice[0]; got.Answer != "Lo dijimos" || got.Changed != "Abren los sábados" {
			t.Errorf("advice = %+v", got)
		}
		unasked, err := h.gifts.Of(t.Context(), h.carl, h.in.ID, h.personOf(toddlers))
		h.must(err)
		if unasked[0].LastAskedAt.IsZero() {
			t.Error("the neighbour whose gift was pointed to wasn't noted as asked")
		}
		b.see("/day").Doc.Has(t, ".empty", b.t("day.waiting.none"))

		// An answer can be put in other words; then it is as it was typed.
		again := b.see("/talks/" + id)
		again.Doc.Has(t, "details textarea#text-"+need, "Ana trae libros")
		b.led(b.send(at, "step-"+need, "advice", "text-"+need, "Lo pasamos a la biblioteca"), "/talks/"+id)
		if got := h.told(h.carl, id); len(got.Advice) != 2 {
			t.Errorf("%d advice, want the need taken as advice too", len(got.Advice))
		}

		// Who was told that it is passed on isn't answered late, however long it takes.
		h.now.Advance(90 * 24 * time.Hour)
		day := b.see("/day").Doc
		day.Has(t, ".tag.plain", b.t("day.waiting.passed"))
		day.Has(t, "main li a", b.t("day.item.passed"))
		day.None(t, ".tag.late")
		if lead := day.Text("main .lead"); strings.Contains(lead, b.t("day.lead.late", i18n.Args{"n": 1})) {
			t.Errorf("the day begins with %q: nobody waits for long", lead)
		}
		talk := b.see("/talks/" + id).Doc
		talk.Has(t, ".tag.done", b.t("day.step.answered"))
		talk.None(t, ".tag.late")
	})
}

func (h *house) personOf(id string) string {
	h.Helper()
	found, err := h.gifts.Search(h.Context(), h.sue, h.in.ID, "good with toddlers", i18n.English)
	h.must(err)
	for _, g := range found.People {
		if g.ID == id {
			return g.Person
		}
	}
	h.Fatal("the gift isn't found")
	return ""
}

func TestAConversationWithoutAName(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		id := h.talk(h.carl, conversation.Draft{Consent: conversation.WithoutName, Channel: "paper", Lang: i18n.English, Care: "Clean streets"})
		b := h.as(h.carl, lang)
		a := b.see("/talks/" + id)
		a.Doc.Has(t, "h1", b.t("day.unnamed"))
		a.Doc.Has(t, "main p", b.t("day.talk.nothing"))
		a.Doc.None(t, "main form")
		d := rosa()
		d.Consent, d.Name, d.Household, d.ElseName, d.ElseNote = conversation.WithoutName, "", "", "", ""
		a = b.see("/talks/" + h.talk(h.carl, d))
		a.Doc.Has(t, ".hint", b.t("day.answer.unnamed", i18n.Args{"lang": b.t("day.lang.es")}))
	})
}

func TestNobodyElseReadsOrAnswers(t *testing.T) {
	h := open(t)
	id := h.talk(h.carl, rosa())
	told := h.told(h.carl, id)
	need := told.Needs[0].ID
	form := []string{"step-" + need, "neighbour", "text-" + need, "x"}
	for name, who := range map[string]access.Actor{"another connector": h.cora, "a member": h.mia, "nobody here": {Account: "stranger"}} {
		b := h.as(who, i18n.English)
		for _, a := range []struct{ get, post string }{
			{get: "/talks/" + id},
			{get: "/needs/" + need + "/answer", post: "/needs/" + need + "/answer"},
			{post: "/supports/" + told.Supports[0].ID + "/answer"},
			{post: "/advice/" + told.Advice[0].ID + "/answer"},
		} {
			if a.get != "" {
				b.want(404, b.Get("/i/riverside"+a.get))
			}
			if a.post != "" {
				if got := b.send(a.post, form...).Status; got != 404 {
					t.Errorf("%s posts to %s: %d", name, a.post, got)
				}
			}
		}
	}
	carl := h.as(h.carl, i18n.English)
	carl.want(404, carl.Get("/i/elsewhere/talks/"+id))
	if got := h.site.Visitor(t).Post("/i/riverside/needs/"+need+"/answer", nil).Status; got != 401 {
		t.Errorf("a visitor: %d, want 401", got)
	}
	if got := h.told(h.carl, id).Needs[0].Answer.Step; got != conversation.Waiting {
		t.Errorf("somebody answered: %q", got)
	}
	steward := h.as(h.sue, i18n.English)
	steward.led(steward.Get("/i/riverside/needs/"+need+"/answer"), "/talks/"+id)
	steward.led(steward.send("/needs/"+need+"/answer", form...), "/talks/"+id)
}

func TestAConversationCostsTheSameHoweverMuchWaits(t *testing.T) {
	h := open(t)
	for i := range 15 {
		h.neighbour(h.carl, fmt.Sprint("Ana ", i), "good with toddlers")
	}
	little := rosa()
	little.Name, little.Supports = "Eva", []conversation.SupportKind{conversation.Childcare}
	few, many := h.talk(h.carl, little), ""
	much := rosa()
	much.Supports, much.Support = conversation.SupportKinds(), "Alguien que cosa"
	many = h.talk(h.carl, much)
	b := h.as(h.carl, i18n.English)
	count := func(id string) int {
		b.see("/talks/" + id)
		c := dbtest.Count(h.db)
		b.see("/talks/" + id)
		return c.N()
	}
	if a, z := count(few), count(many); a != z || z > 20 {
		t.Errorf("%d statements with little, %d with much; want the same, at most 20", a, z)
	}
}

// A yes to being called is worth nothing where nobody would call.
func TestAServiceCallsOnlyWhereSomebodySpeaksForIt(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		var church string
		h.tx(func(q db.Querier) error {
			added, err := organization.Add(t.Context(), q, h.in.ID, []organization.New{{Organization: organization.Organization{
				Kind: organization.Association, Name: "Elm Church", Status: organization.Shown,
			}}})
			if err != nil {
				return err
			}
			church = added[0].ID
			one := []organization.ServiceRecord{{Organization: church, Name: "Libros para cada hija", Lang: i18n.Spanish}}
			if err := organization.AddServices(t.Context(), q, h.in.ID, one); err != nil {
				return err
			}
			if err := organization.AddDetails(t.Context(), q, h.in.ID, []organization.Detail{{
				Entity: organization.EntityPhone, OwnerEntity: organization.EntityService, Owner: one[0].ID, Fields: map[string]any{"number": "555-0142"},
			}}); err != nil {
				return err
			}
			return organization.Index(t.Context(), q, h.in.ID, []string{one[0].ID})
		})
		id := h.talk(h.carl, rosa())
		b := h.as(h.carl, lang)
		silent := b.see("/talks/" + id)
		silent.Doc.Has(t, "main p", b.t("day.handover.silent", i18n.Args{"name": "Libros para cada hija"}))
		silent.Doc.Has(t, "main p a.tel", "555-0142")
		silent.Doc.None(t, "input[name^=handover-]")

		h.must(h.talks.Organizations.TakeOver(t.Context(), h.sue, h.in.ID, church))
		spoken := b.see("/talks/" + id)
		spoken.Doc.Has(t, ".sure", b.t("day.handover.title"))
		if strings.Contains(spoken.Body, "555-0142") {
			t.Error("a number is told although the service may call")
		}
	})
}
