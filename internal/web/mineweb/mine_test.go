package mineweb_test

import (
	"encoding/json"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/webtest"
)

const me = "/i/riverside/me"

func TestThePageWithNothingOnIt(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.rosa, lang)
		a := b.see(me)
		a.Doc.Has(t, ".empty", b.t("mine.said.none"))
		a.Doc.Has(t, ".empty", b.t("mine.gifts.none"))
		a.Doc.Has(t, "main p", b.t("mine.looks.none"))
		a.Doc.Has(t, "dd", "Rosa")
		a.Doc.Has(t, "dd", "Español, qu")
		if title := a.Doc.Text("title"); strings.Contains(title, "Rosa") || !strings.HasPrefix(title, b.t("page.private")) {
			t.Errorf("the tab says %q", title)
		}
		if cache := a.Header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
			t.Errorf("Cache-Control %q", cache)
		}
		for _, path := range []string{"/gift", "/about", "/contact", "/forget"} {
			b.see(me + path)
		}
	})
}

func TestThePageWithAllOfIt(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		said := h.talk()
		h.must(h.conversations.Answer(t.Context(), h.connector, h.in.ID, said.Needs[0].ID, conversation.AnswerDraft{Step: conversation.Neighbour, Text: "Ben va con usted"}))
		_, err := h.people.Get(t.Context(), h.connector, h.in.ID, h.rosa.Person(h.in.ID))
		h.must(err)
		b := h.as(h.rosa, lang)
		counted := dbtest.Count(h.db)
		a := b.see(me)
		if n := counted.N(); n > 14 {
			t.Errorf("%d statements:\n%s", n, strings.Join(counted.Statements(), "\n"))
		}
		for _, words := range []string{"Un médico que hable español", "Ben va con usted", "Que la biblioteca abra los domingos", "los niños", "un cuarto"} {
			if !strings.Contains(a.Doc.Text("main"), words) {
				t.Errorf("the page doesn't say %q", words)
			}
		}
		a.Doc.Has(t, "h3", "leer cuentos")
		if n := strings.Count(a.Doc.Text("main"), "leer cuentos leer cuentos"); n != 0 {
			t.Error("the gift stands there twice")
		}
		a.Doc.Has(t, ".list li", b.t("mine.look.person", i18n.Args{"name": "Carl"}))
		a.Doc.Has(t, "main li", b.t("mine.sees.connector", i18n.Args{"name": "Carl"}))
		a.Doc.Has(t, "strong", "555-0199")
	})
}

func TestWhatWasSaidIsChangedThankedErased(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		said := h.talk()
		b := h.as(h.rosa, lang)
		need, advice := said.Needs[0].ID, said.Advice[0].ID

		form := b.want(200, b.send(me+"/edit", "what", "need", "id", need))
		form.Doc.Has(t, "textarea[name=text]", "Un médico que hable español")
		wrong := b.want(422, b.send(me+"/change", "what", "need", "id", need, "text", " ", "delivery", "", "visibility", "everybody"))
		wrong.Doc.Has(t, "#visibility-fault", b.t("conversation.visibility.missing"))
		b.done(b.send(me+"/change", "what", "need", "id", need, "text", "Una doctora", "visibility", "me"), "asks.edit.saved")
		if got := h.said().Needs[0]; got.Text != "Una doctora" || got.Visibility != conversation.OnlyMe {
			t.Errorf("the need is %+v", got)
		}
		b.done(b.send(me+"/help", "what", "advice", "id", advice), "asks.book.helping")

		h.must(h.conversations.AnswerAdvice(t.Context(), h.connector, h.in.ID, advice, "La abrimos", ""))
		b.done(b.send(me+"/change", "what", "need", "id", need, "text", "Una doctora", "visibility", "connector"), "asks.edit.saved")
		h.must(h.conversations.Answer(t.Context(), h.connector, h.in.ID, need, conversation.AnswerDraft{Step: conversation.Cannot, Text: "No hay"}))
		b.done(b.send(me+"/thank", "what", "need", "id", need), "asks.book.thanked")
		if h.said().Needs[0].ThankedAt.IsZero() {
			t.Error("no thanks were noted")
		}

		asked := b.want(200, b.send(me+"/erase", "what", "support", "id", said.Supports[0].ID))
		asked.Doc.Has(t, "main", b.t("asks.erase.lead"))
		b.want(200, b.send(me+"/erase", "what", "need", "id", need)).Doc.Has(t, "main", "Una doctora")
		if len(h.said().Needs) != 1 {
			t.Fatal("asking has erased")
		}
		b.done(b.send(me+"/erase", "what", "need", "id", need, "sure", "yes"), "asks.erase.done")
		if left := h.said().Needs; len(left) != 0 {
			t.Errorf("after erasing there is %+v", left)
		}
		b.want(200, b.send(me+"/erase", "what", "talk", "id", said.ID)).Doc.Has(t, "h1", b.t("mine.said.eraseall"))
		b.done(b.send(me+"/erase", "what", "talk", "id", said.ID, "sure", "yes"), "asks.erase.done").Doc.None(t, "main blockquote")
	})
}

func TestGifts(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.rosa, lang)
		wrong := b.want(422, b.send(me+"/gift", "text", "", "times", "los sábados", "teach", "yes"))
		wrong.Doc.Has(t, "#text-fault", b.t("gift.text.missing"))
		wrong.Doc.Has(t, "#kind-fault", b.t("gift.kind.missing"))
		if wrong.Doc.Attr("#times", "value") != "los sábados" || len(wrong.Doc.All("#teach[checked]")) != 1 {
			t.Error("what was typed is lost")
		}
		b.done(b.send(me+"/gift", "text", "arreglar bicis", "kind", "skill", "teach", "yes", "times", "los sábados"), "mine.gift.added")
		id := h.myGifts()[0].ID
		form := b.want(200, b.send(me+"/edit", "what", "gift", "id", id))
		if form.Doc.Attr("#text", "value") != "arreglar bicis" || len(form.Doc.All("#teach[checked]")) != 1 {
			t.Error("the form doesn't hold what is kept")
		}
		b.want(422, b.send(me+"/gift/change", "id", id, "text", strings.Repeat("x", gift.MaxText+1), "kind", "skill"))
		b.done(b.send(me+"/gift/change", "id", id, "text", "arreglar motos", "kind", "knowledge"), "asks.edit.saved")
		if g := h.myGifts()[0]; g.Text != "arreglar motos" || g.Kind != gift.Knowledge || g.WouldTeach {
			t.Errorf("the gift is %+v", g)
		}
		a := b.done(b.send(me+"/gift/past", "id", id), "mine.gift.away")
		a.Doc.Has(t, ".tag", b.t("mine.gifts.hidden"))
		b.done(b.send(me+"/gift/still", "id", id), "mine.gift.kept").Doc.None(t, ".tag.early")
		h.now.Advance(200 * 24 * 60 * 60 * 1e9)
		b.see(me).Doc.Has(t, ".tag.early", b.t("mine.gifts.ask"))
		b.want(200, b.send(me+"/erase", "what", "gift", "id", id)).Doc.Has(t, "main", "arreglar motos")
		b.done(b.send(me+"/erase", "what", "gift", "id", id, "sure", "yes"), "asks.erase.done")
		if n := len(h.myGifts()); n != 0 {
			t.Errorf("%d gifts are left", n)
		}
	})
}

func TestAboutMe(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.rosa, lang)
		wrong := b.want(422, b.send(me+"/about", "name", " ", "langs", "es", "area", "nowhere"))
		wrong.Doc.Has(t, "#name-fault", b.t("people.name.missing"))
		wrong.Doc.Has(t, "#area-fault", b.t("people.area.unknown"))
		if len(wrong.Doc.All("input[value=es][checked]")) != 1 {
			t.Error("what was ticked is lost")
		}
		b.done(b.send(me+"/about", "name", "Rosa María", "langs", "es", "langs", "en"), "mine.about.saved")
		if r := h.record(); r.Name != "Rosa María" || len(r.Langs) != 2 || r.Connector != h.connector.Person(h.in.ID) {
			t.Errorf("kept: %+v", r.Card)
		}

		b.want(422, b.send(me+"/contact", "kind", "email", "value", "nowhere", "safe", "yes")).Doc.Has(t, "#value-fault", "nowhere")
		b.want(422, b.send(me+"/contact", "value", "")).Doc.Has(t, "#kind-fault", b.t("people.kind.missing"))
		b.done(b.send(me+"/contact", "kind", "email", "value", "rosa@example.org"), "mine.contact.added")
		kept := h.record().Contacts
		if len(kept) != 2 {
			t.Fatalf("contacts: %+v", kept)
		}
		b.done(b.send(me+"/contact/remove", "id", kept[0].ID), "mine.contact.removed")
		if n := len(h.record().Contacts); n != 1 {
			t.Errorf("%d contacts are left", n)
		}

		b.done(b.send(me+"/pause", "pause", "yes"), "mine.pause.on").Doc.Has(t, ".sure h2", b.t("mine.pause.paused"))
		if !h.record().Paused() {
			t.Error("not paused")
		}
		b.done(b.send(me+"/pause"), "mine.pause.off")
	})
}

func TestYesesAreGivenAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		h.talk()
		b := h.as(h.rosa, lang)
		if n := len(b.see(me).Doc.All("input[name=purpose][value=name]")); n != 1 {
			t.Errorf("the yes to a name, said twice, stands there %d times", n)
		}
		b.done(b.send(me+"/agree", "purpose", "asked"), "mine.yes.given")
		if !people.Agreed(h.record().Consents, people.BeAsked) {
			t.Error("the yes isn't kept")
		}
		b.want(422, b.send(me+"/agree", "purpose", "everything")).Doc.Has(t, ".summary", b.t("people.consent.unknown"))
		for _, c := range h.record().Consents {
			b.want(200, b.send(me+"/withdraw", "purpose", string(c.Purpose))).Doc.Has(t, ".lead", b.t("mine.withdraw."+string(c.Purpose)))
		}
		b.done(b.send(me+"/withdraw", "purpose", "reach", "sure", "yes"), "mine.withdraw.done")
		if n := len(h.record().Contacts); n != 0 {
			t.Errorf("%d contacts are left", n)
		}
		b.done(b.send(me+"/withdraw", "purpose", "name", "sure", "yes"), "mine.forget.instead")
		a := b.done(b.send(me+"/withdraw", "purpose", "notes", "sure", "yes"), "mine.withdraw.done")
		a.Doc.Has(t, ".empty", b.t("mine.gifts.none"))
		b.want(404, b.send(me+"/withdraw", "purpose", "notes", "sure", "yes"))
		b.want(404, b.send(me+"/withdraw", "purpose", "everything"))
		b.done(b.send(me+"/contact", "kind", "phone", "value", "555-0111"), "mine.contact.added")
		if !people.Agreed(h.record().Consents, people.BeReached) {
			t.Error("a contact is kept without a yes to it")
		}
	})
}

func TestACopyToTakeAlong(t *testing.T) {
	h := open(t)
	h.talk()
	a := h.as(h.rosa, i18n.English).send(me + "/copy")
	var copied people.Copy
	if err := json.Unmarshal([]byte(a.Body), &copied); err != nil || a.Status != 200 {
		t.Fatalf("status %d: %v", a.Status, err)
	}
	if copied.Person != h.rosa.Person(h.in.ID) || !strings.Contains(a.Body, "Un médico") || !strings.Contains(a.Body, "555-0199") {
		t.Errorf("the copy holds %s", a.Body)
	}
	if got := a.Header.Get("Content-Disposition"); got != `attachment; filename="copy.json"` {
		t.Errorf("Content-Disposition %q", got)
	}
}

func TestErasedAndGone(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		h.talk()
		b := h.as(h.rosa, lang)
		b.want(422, b.send(me+"/forget")).Doc.Has(t, "#sure-fault", b.t("mine.forget.unsure"))
		a := b.send(me+"/forget", "sure", "yes")
		if to := a.Header.Get("Location"); a.Status != 303 || to != "/i/riverside#message" {
			t.Fatalf("status %d, to %q", a.Status, to)
		}
		if _, err := h.people.Get(t.Context(), h.steward, h.in.ID, h.rosa.Person(h.in.ID)); err == nil {
			t.Error("somebody erased is still there")
		}
		only := h.as(h.steward, lang)
		only.want(422, only.send(me+"/forget", "sure", "yes")).Doc.Has(t, ".summary", only.t("people.erase.steward"))
	})
}

// TestWhoFindsIt asks for every page as whoever has no business there.
func TestWhoFindsIt(t *testing.T) {
	h := open(t)
	said := h.talk()
	id := h.myGifts()[0].ID
	stranger := access.Actor{Account: "account-x", Memberships: []access.Membership{{Initiative: "elsewhere", Person: "x", Kind: access.Steward}}}
	for name, who := range map[string]access.Actor{"nobody here": stranger, "an account alone": {Account: "account-y"}, "the operator": {Account: "account-z", Operator: true}} {
		b := h.site.As(t, who)
		for _, path := range []string{"", "/gift", "/about", "/contact", "/forget"} {
			if a := b.Get(me + path); a.Status != 404 {
				t.Errorf("%s: GET %s is %d", name, path, a.Status)
			}
		}
		for _, path := range []string{"/edit", "/change", "/erase", "/copy", "/pause", "/gift/still", "/forget"} {
			if a := b.Post(me+path, nil); a.Status != 404 {
				t.Errorf("%s: POST %s is %d", name, path, a.Status)
			}
		}
	}
	if a := h.site.Visitor(t).Get(me); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
		t.Errorf("a visitor: %d %s", a.Status, a.Header.Get("Location"))
	}
	// A steward's own page changes nothing of anybody else's.
	sue := &browser{h.site.As(t, h.steward), h, i18n.English}
	for _, a := range []webtest.Answer{
		sue.send(me+"/edit", "what", "need", "id", said.Needs[0].ID),
		sue.send(me+"/change", "what", "need", "id", said.Needs[0].ID, "text", "x"),
		sue.send(me+"/erase", "what", "talk", "id", said.ID, "sure", "yes"),
		sue.send(me+"/erase", "what", "gift", "id", id, "sure", "yes"),
		sue.send(me+"/edit", "what", "gift", "id", id),
		sue.send(me+"/gift/change", "id", id, "text", "x", "kind", "skill"),
		sue.send(me+"/gift/past", "id", id),
		sue.send(me+"/withdraw", "purpose", "pass", "sure", "yes"),
		sue.send(me+"/contact/remove", "id", h.record().Contacts[0].ID),
	} {
		if a.Status != 404 {
			t.Errorf("a steward is answered %d: %s", a.Status, a.Doc.Text("main"))
		}
	}
	if len(h.myGifts()) != 1 || h.said().Needs[0].Text == "" {
		t.Error("something of Rosa's is gone")
	}
}

func TestUnder18AParentSaysYes(t *testing.T) {
	h := open(t)
	var p people.Person
	p, err := h.people.Create(t.Context(), h.connector, h.in.ID, people.Draft{
		Name: "Nico", Age: people.Under18,
		Consent: people.ConsentDraft{Purposes: []people.Purpose{people.KeepName, people.KeepNotes}, Channel: people.Paper, GivenBy: people.Parent, GiverName: "Rosa"},
	})
	h.must(err)
	b := h.as(h.actor(p.ID, access.Member), i18n.English)
	a := b.see(me)
	a.Doc.Has(t, ".list p", "Rosa, your parent or whoever looks after you, said yes")
	a.Doc.None(t, "input[name=purpose][value=asked]")
	b.want(422, b.send(me+"/agree", "purpose", "asked")).Doc.Has(t, ".summary", b.t("people.giver.parental"))
}
