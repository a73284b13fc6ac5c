package peopleweb_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/htmlcheck"
)

func TestAnEmptyListHelps(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.carl, lang)
		doc := b.see("/people").Doc
		doc.Has(t, ".empty", b.t("peoplepage.list.none"))
		doc.None(t, "main form")
		b.see("/people?q=zzz").Doc.Has(t, ".empty", b.t("peoplepage.list.nobody"))
		b.see("/households").Doc.Has(t, ".empty", b.t("day.visit.none"))
		b.see("/households?q=zzz").Doc.Has(t, ".empty", b.t("peoplepage.homes.nobody"))
	})
}

func TestPeopleAreFoundByNamePlaceAndConnector(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		h.rosa(h.carl)
		for i := range 60 {
			_, err := h.people.Create(t.Context(), h.cora, h.in.ID, people.Draft{
				Name: fmt.Sprintf("Ana %02d", i), Consent: people.ConsentDraft{Purposes: []people.Purpose{people.KeepName}, Channel: people.Paper},
			})
			h.must(err)
		}
		carl, sue := h.as(h.carl, lang), h.as(h.sue, lang)
		doc := carl.see("/people").Doc
		if names := rows(doc); len(names) != 1 || names[0] != "Rosa" {
			t.Errorf("Carl sees %q", names)
		}
		doc.None(t, "select[name=connector]")
		sue.see("/people").Doc.Has(t, "select[name=connector] option", "Cora")
		for query, want := range map[string]int{
			"?q=ros": 1, "?q=ana+5": 10, "?area=" + h.block: 1, "?connector=" + h.carl.Person(h.in.ID): 1, "?connector=-": 4, "?q=zzz": 0,
		} {
			if names := rows(sue.see("/people" + query).Doc); len(names) != want {
				t.Errorf("%s: %q, want %d", query, names, want)
			}
		}
		seen, next := map[string]bool{}, "/people?connector="+h.cora.Person(h.in.ID)
		for pages := 0; next != "" && pages < 4; pages++ {
			a := sue.see(next)
			for _, name := range rows(a.Doc) {
				seen[name] = true
			}
			next = strings.TrimPrefix(a.Doc.Attr(".more a", "href"), "/i/riverside")
		}
		if len(seen) != 60 {
			t.Errorf("%d people over all pages, want 60", len(seen))
		}
	})
}

func rows(d htmlcheck.Doc) (names []string) {
	for _, n := range d.All("main .cols a") {
		names = append(names, htmlcheck.Text(n))
	}
	return names
}

func TestSomebodyIsWrittenDown(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.carl, lang)
		form := b.see("/people/new?household=blue+door")
		form.Doc.Has(t, "#age-hint", b.t("people.parent.first"))
		if got := form.Doc.Attr("input[name=household]", "value"); got != "blue door" {
			t.Errorf("household %q", got)
		}
		empty := b.send("/people/new", "name", " ", "email", "rosa", "met_on", "soon", "channel", "doorstep", "given_by", "self")
		b.faulty(empty, "name", "people.name.missing")
		b.faulty(empty, "consent", "people.consent.missing")
		b.faulty(empty, "email", "people.email.unreadable", i18n.Args{"typed": "rosa"})
		b.faulty(empty, "met_on", "people.day.unreadable", i18n.Args{"typed": "soon"})
		if got := empty.Doc.Attr("input[name=email]", "value"); got != "rosa" {
			t.Errorf("typed text is gone: %q", got)
		}
		child := b.send("/people/new", "name", "Leo", "age", "under18", "area", h.block, "phone", "555 0100", "channel", "doorstep")
		b.faulty(child, "area", "people.parent.first")
		b.faulty(child, "phone", "people.parent.first")

		a := b.want(303, b.send("/people/new", "name", "Rosa", "consent", "name", "consent", "asked", "channel", "doorstep",
			"given_by", "self", "area", h.block, "household", "blue door", "langs", "es", "phone", "555 0199", "safe", "After six", "age", "adult"))
		page := b.says(a, "peoplepage.new.done")
		page.Doc.Has(t, "h1", "Rosa")
		page.Doc.Has(t, "dd", "Mill Row")
		page.Doc.Has(t, "dd a", "blue door")
		page.Doc.Has(t, "dd", b.t("page.lang.es"))
		page.Doc.Has(t, "main p", "After six")
		page.Doc.Has(t, "main p", b.t("peoplepage.gift.none", i18n.Args{"name": "Rosa"}))
		page.Doc.Has(t, "main p", b.t("peoplepage.looked.theirs", i18n.Args{"name": "Rosa"}))
	})
}

func TestAPersonsPageHoldsWhatIsKept(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		p := h.rosa(h.carl)
		g, err := h.gifts.Write(t.Context(), h.carl, h.in.ID, p.ID, gift.Draft{Kind: gift.Skill, Text: "sewing clothes", Lang: i18n.English, Teach: true})
		h.must(err)
		r, err := h.talks.Record(t.Context(), h.carl, h.in.ID, "conversation with rosa", conversation.Draft{
			Consent: conversation.WithName, Channel: people.Doorstep, Lang: i18n.Spanish, Person: p.ID, Need: "Libros",
		})
		h.must(err)
		carl, sue := h.as(h.carl, lang), h.as(h.sue, lang)
		carl.see("/people/" + p.ID)
		a := sue.see("/people/" + p.ID)
		a.Doc.Has(t, "main a[href=tel:5550199]", "555 0199")
		a.Doc.Has(t, "main a[href=mailto:rosa@example.org]", "rosa@example.org")
		a.Doc.Has(t, ".tag.early", sue.t("peoplepage.contact.unasked"))
		a.Doc.Has(t, "main .said", "sewing clothes")
		a.Doc.Has(t, "main .tag", sue.t("day.gift.teach"))
		a.Doc.Has(t, "main a[href=/i/riverside/talks/"+r.ID+"]", sue.t("day.channel.doorstep"))
		a.Doc.Has(t, "main li", sue.t("people.purpose.asked"))
		a.Doc.Has(t, "dd", "QU")
		a.Doc.Has(t, "main li", sue.t("peoplepage.looked.person", i18n.Args{
			"name": "Carl", "day": i18n.In(lang).Date(h.now.Now().In(h.in.Zone)), "time": h.now.Now().In(h.in.Zone).Format("15:04"),
		}))
		if strings.Contains(a.Body, "Libros") {
			t.Error("what somebody said is on a page that isn't the conversation's")
		}
		at := "/people/" + p.ID + "/gifts/" + g.ID
		for _, said := range []string{"asked", "used", "over", "holds"} {
			carl.says(carl.led(carl.send(at, "said", said), "/people/"+p.ID), "peoplepage.gift.noted."+said)
		}
		carl.want(422, carl.send(at, "said", "something"))
		cora := h.as(h.cora, lang)
		cora.want(404, cora.send(at, "said", "over"))
		carl.see("/people/"+p.ID).Doc.Has(t, ".tag.done", carl.t("peoplepage.gift.used", i18n.Args{"day": i18n.In(lang).Date(h.now.Now().In(h.in.Zone))}))
	})
}

func TestNobodyElseOpensAPersonsPages(t *testing.T) {
	h := open(t)
	p := h.rosa(h.carl)
	consent := h.get(p.ID).Consents[0].ID
	paths := []string{"", "/edit", "/contacts", "/consents", "/withdraw?consent=" + consent, "/move", "/invite", "/erase", "/export"}
	posts := []string{"/edit", "/contacts", "/contacts/x/remove", "/consents", "/withdraw", "/pause", "/move", "/invite", "/erase"}
	homes := []string{"", "/edit", "/move"}
	for name, who := range map[string]access.Actor{"another connector": h.cora, "a member": h.mia} {
		b := h.as(who, i18n.English)
		for _, path := range paths {
			if a := b.Get("/i/riverside/people/" + p.ID + path); a.Status != 404 {
				t.Errorf("%s opens %s: %d", name, path, a.Status)
			}
		}
		for _, path := range posts {
			form := []string{"name", "Eve", "consent", consent, "connector", h.cora.Person(h.in.ID), "kind", "member", "value", "555", "sure", "yes", "pause", "yes", "channel", "web"}
			if a := b.send("/people/"+p.ID+path, form...); a.Status != 404 {
				t.Errorf("%s posts to %s: %d", name, path, a.Status)
			}
		}
		for _, path := range homes {
			if a := b.Get("/i/riverside/households/" + p.Household + path); a.Status != 404 {
				t.Errorf("%s opens household%s: %d", name, path, a.Status)
			}
		}
		for _, path := range homes[1:] {
			if a := b.send("/households/"+p.Household+path, "code", "red door", "connector", h.cora.Person(h.in.ID)); a.Status != 404 {
				t.Errorf("%s posts to household%s: %d", name, path, a.Status)
			}
		}
	}
	carl := h.as(h.carl, i18n.English)
	for _, path := range append(paths, "/nothing") {
		carl.want(404, carl.Get("/i/elsewhere/people/"+p.ID+path))
	}
	visitor := h.site.Visitor(t)
	if a := visitor.Get("/i/riverside/people/" + p.ID); a.Status != 303 {
		t.Errorf("a visitor: %d", a.Status)
	}
	if got := h.get(p.ID); got.Name != "Rosa" || got.Paused() || got.Connector != h.carl.Person(h.in.ID) || len(got.Contacts) != 2 {
		t.Errorf("somebody changed her: %+v", got)
	}
}

func TestAPersonIsChangedPausedAndPassedOn(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		p := h.rosa(h.carl)
		b, at := h.as(h.carl, lang), "/people/"+p.ID
		form := b.see(at + "/edit").Doc
		if form.Attr("input[name=name]", "value") != "Rosa" || form.Attr("input[name=met_on]", "value") != "2026-03-01" {
			t.Error("the form doesn't hold what is known")
		}
		form.Has(t, "label", "QU")
		b.faulty(b.send(at+"/edit", "name", ""), "name", "people.name.missing")
		b.says(b.led(b.send(at+"/edit", "name", "Rosa M", "age", "adult", "household", "blue door"), at), "peoplepage.edit.done").Doc.Has(t, "h1", "Rosa M")

		b.says(b.led(b.send(at+"/pause", "pause", "yes"), at), "peoplepage.pause.done").Doc.Has(t, "main .tag", b.t("peoplepage.paused"))
		b.see("/people").Doc.Has(t, "main li .tag", b.t("peoplepage.paused"))
		b.says(b.led(b.send(at+"/pause", "pause", "no"), at), "peoplepage.pause.ended")

		b.faulty(b.send(at+"/move"), "connector", "people.connector.unknown")
		b.says(b.led(b.send(at+"/move", "connector", h.cora.Person(h.in.ID)), "/people"), "peoplepage.move.done")
		b.want(404, b.Get("/i/riverside"+at))
		h.as(h.cora, lang).see(at)
		sue := h.as(h.sue, lang)
		sue.led(sue.send(at+"/move", "connector", h.carl.Person(h.in.ID)), at)
		b.see(at)
	})
}

func TestContactsAndConsentsComeAndGo(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		p := h.rosa(h.carl)
		b, at := h.as(h.carl, lang), "/people/"+p.ID
		b.see(at+"/contacts").Doc.Has(t, "label[for=value]", b.t("peoplepage.contact.value.label"))
		b.faulty(b.send(at+"/contacts", "kind", "email", "value", "rosa"), "value", "people.email.unreadable", i18n.Args{"typed": "rosa"})
		b.says(b.led(b.send(at+"/contacts", "kind", "other", "value", "At the bakery", "safe", ""), at), "peoplepage.contact.kept")
		have := h.get(p.ID)
		if len(have.Contacts) != 3 {
			t.Fatalf("contacts = %+v", have.Contacts)
		}
		b.says(b.led(b.send(at+"/contacts/"+have.Contacts[0].ID+"/remove"), at), "peoplepage.contact.gone")

		b.see(at + "/consents")
		b.faulty(b.send(at+"/consents", "channel", "web"), "consent", "people.consent.none")
		b.says(b.led(b.send(at+"/consents", "consent", "reach", "channel", "phone", "given_by", "self"), at), "peoplepage.consent.kept")

		of := map[people.Purpose]string{}
		for _, c := range have.Consents {
			of[c.Purpose] = c.ID
		}
		ask := b.see(at + "/withdraw?consent=" + of[people.KeepNotes])
		ask.Doc.Has(t, "main p", b.t("peoplepage.withdraw.goes.notes"))
		b.want(404, b.Get("/i/riverside"+at+"/withdraw?consent=none"))
		b.says(b.led(b.send(at+"/withdraw", "consent", of[people.KeepNotes]), at), "peoplepage.withdraw.done").
			Doc.Has(t, "main .tag", b.t("peoplepage.withdraw.on", i18n.Args{"day": i18n.In(lang).Date(h.now.Now().In(h.in.Zone))}))
		for _, to := range []people.Purpose{people.BeAsked, people.BeReached, people.PassOn, people.KeepName} {
			b.see(at+"/withdraw?consent="+of[to]).Doc.Has(t, "main p", b.t("peoplepage.withdraw.goes."+string(to)))
		}
		b.want(422, b.send(at+"/withdraw", "consent", of[people.KeepName])).Doc.Has(t, ".summary", b.t("people.consent.name"))
	})
}

func TestUnder18OnlyANameUntilAParentSaysYes(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.carl, lang)
		a := b.want(303, b.send("/people/new", "name", "Leo", "age", "under18"))
		at := strings.TrimPrefix(strings.Split(a.Header.Get("Location"), "#")[0], "/i/riverside")
		b.says(a, "peoplepage.new.done").Doc.Has(t, ".sure", b.t("peoplepage.child"))
		b.see("/people").Doc.Has(t, "main li .tag", b.t("people.age.under18"))
		b.faulty(b.send(at+"/contacts", "kind", "phone", "value", "555 0100"), "kind", "people.parent.first")
		b.faulty(b.send(at+"/consents", "consent", "asked", "channel", "web", "given_by", "self"), "given_by", "people.giver.parental")
		b.faulty(b.send(at+"/consents", "consent", "name", "channel", "web", "given_by", "parent"), "giver", "people.giver.missing")
		b.want(422, b.send(at+"/invite", "kind", "member")).Doc.Has(t, ".summary", b.t("people.parent.first"))
		b.led(b.send(at+"/consents", "consent", "name", "consent", "reach", "channel", "doorstep", "given_by", "parent", "giver", "Rosa"), at)
		b.led(b.send(at+"/contacts", "kind", "phone", "value", "555 0100"), at)
		page := b.see(at)
		page.Doc.Has(t, "main p", b.t("peoplepage.consent.parent", i18n.Args{
			"name": "Rosa", "day": i18n.In(lang).Date(h.now.Now().In(h.in.Zone)), "how": b.t("day.channel.doorstep"),
		}))
		consent := h.get(strings.TrimPrefix(at, "/people/")).Consents[0].ID
		b.see(at+"/withdraw?consent="+consent).Doc.Has(t, "main p", b.t("peoplepage.withdraw.goes.parent"))
	})
}

func TestAnInvitationIsShownOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		p := h.rosa(h.carl)
		at := "/people/" + p.ID + "/invite"
		b := h.as(h.carl, lang)
		b.see(at).Doc.None(t, "main input[type=radio]")
		b.want(422, b.send(at, "kind", "steward")).Doc.Has(t, ".summary", b.t("access.kind.unknown"))
		a := b.want(200, b.send(at, "kind", "member"))
		a.Doc.Has(t, ".code strong", "-")
		a.Doc.Has(t, "main p", "https://commonweal.test/claim/")
		if len(a.Doc.All("svg.qr")) != 1 {
			t.Error("no picture of the link")
		}
		sue := h.as(h.sue, lang)
		sue.see(at).Doc.Has(t, ".opt", sue.t("access.kind.connector.label"))
		sue.faulty(sue.send(at, "kind", "king"), "kind", "access.kind.unknown")
		sue.want(200, sue.send(at, "kind", "connector"))
	})
}

func TestAPersonTakesEverythingAlong(t *testing.T) {
	h := open(t)
	p := h.rosa(h.carl)
	a := h.as(h.carl, i18n.English).Get("/i/riverside/people/" + p.ID + "/export")
	var out struct {
		Person string `json:"person_id"`
	}
	if err := json.Unmarshal([]byte(a.Body), &out); err != nil || out.Person != p.ID {
		t.Fatalf("%v: %s", err, a.Body)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Cache-Control": "no-store", "Content-Disposition": `attachment; filename="commonweal.json"`,
	} {
		if got := a.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	looks, err := h.people.Looks(t.Context(), h.sue, h.in.ID, p.ID)
	h.must(err)
	if len(looks) > 0 && looks[0].Who == "Rosa" {
		t.Errorf("looks = %+v", looks)
	}
}

func TestErasingAsksFirst(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		p := h.rosa(h.carl)
		b, at := h.as(h.carl, lang), "/people/"+p.ID
		b.see(at+"/erase").Doc.Has(t, "h1", b.t("peoplepage.erase.heading", i18n.Args{"name": "Rosa"}))
		b.faulty(b.send(at+"/erase"), "sure", "peoplepage.erase.unsure")
		if h.get(p.ID).Name != "Rosa" {
			t.Fatal("erased without a tick")
		}
		b.says(b.led(b.send(at+"/erase", "sure", "yes"), "/people"), "peoplepage.erase.done")
		b.want(404, b.Get("/i/riverside"+at))
		sue := h.as(h.sue, lang)
		sue.want(422, sue.send("/people/"+h.sue.Person(h.in.ID)+"/erase", "sure", "yes")).Doc.Has(t, ".summary", sue.t("people.erase.steward"))
	})
}

func TestAHouseholdIsWrittenDownChangedAndPassedOn(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		p := h.rosa(h.carl)
		b, at := h.as(h.carl, lang), "/households/"+p.Household
		b.see("/households").Doc.Has(t, "main .cols span", b.t("day.visit.never"))
		_, err := h.talks.Record(t.Context(), h.carl, h.in.ID, "conversation with rosa", conversation.Draft{
			Consent: conversation.WithName, Channel: people.Doorstep, Lang: i18n.Spanish, Person: p.ID, Need: "Libros",
		})
		h.must(err)
		h.now.Advance(48 * time.Hour)
		b.see("/households").Doc.Has(t, "main .cols span", b.t("day.visit.last", i18n.Args{"day": i18n.In(lang).Date(h.now.Now().Add(-48 * time.Hour).In(h.in.Zone))}))

		home := b.see(at)
		home.Doc.Has(t, "h1", "blue door")
		home.Doc.Has(t, "main li a", "Rosa")
		home.Doc.Has(t, "main a[href=/i/riverside/people/new?household=blue+door]", b.t("peoplepage.new.title"))
		b.see("/households/new")
		b.faulty(b.send("/households/new", "code", ""), "code", "people.code.missing")
		b.faulty(b.send("/households/new", "code", "Blue Door"), "code", "people.code.taken", i18n.Args{"code": "Blue Door"})
		made := b.want(303, b.send("/households/new", "code", "red gate", "area", h.block, "note", "Two dogs"))
		b.says(made, "peoplepage.home.done").Doc.Has(t, "main p", "Two dogs")
		b.see(at + "/edit")
		b.faulty(b.send(at+"/edit", "code", "red gate"), "code", "people.code.taken", i18n.Args{"code": "red gate"})
		b.says(b.led(b.send(at+"/edit", "code", "blue gate"), at), "peoplepage.home.saved")

		b.see(at + "/move")
		b.faulty(b.send(at+"/move", "connector", "nobody"), "connector", "people.connector.unknown")
		b.says(b.led(b.send(at+"/move", "connector", h.cora.Person(h.in.ID)), "/households"), "peoplepage.home.moved")
		h.as(h.cora, lang).see("/people/" + p.ID)
		sue := h.as(h.sue, lang)
		sue.see("/households").Doc.Has(t, "main .cols", "Cora")
		sue.led(sue.send(at+"/move", "connector", h.carl.Person(h.in.ID)), at)
	})
}

func TestPagesCostTheSameHoweverMuchThereIs(t *testing.T) {
	h := open(t)
	p := h.rosa(h.carl)
	add := func(from, to int) {
		for i := from; i < to; i++ {
			_, err := h.gifts.Write(t.Context(), h.carl, h.in.ID, p.ID, gift.Draft{Kind: gift.Skill, Text: fmt.Sprint("sewing ", i), Lang: i18n.English})
			h.must(err)
			_, err = h.talks.Record(t.Context(), h.carl, h.in.ID, fmt.Sprint("conversation with rosa ", i), conversation.Draft{
				Consent: conversation.WithName, Channel: people.Doorstep, Lang: i18n.Spanish, Person: p.ID, Need: fmt.Sprint("Libros ", i), Household: fmt.Sprint("door ", i),
			})
			h.must(err)
		}
	}
	b := h.as(h.sue, i18n.English)
	count := func(path string) int {
		b.see(path)
		c := dbtest.Count(h.db)
		b.see(path)
		return c.N()
	}
	paths := map[string]int{"/people/" + p.ID: 18, "/people": 6, "/households": 7, "/households/" + p.Household: 6}
	little := map[string]int{}
	add(0, 1)
	for path := range paths {
		little[path] = count(path)
	}
	add(1, 12)
	for path, most := range paths {
		if n := count(path); n != little[path] || n > most {
			t.Errorf("%s: %d statements with much, %d with little; want the same, at most %d", path, n, little[path], most)
		}
	}
}
