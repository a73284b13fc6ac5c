package orgweb_test

import (
	"fmt"
	"strings"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
)

func TestAPersonAndAGroupGoDifferentWays(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.visitor(lang)
		a := b.see("/organizations/new")
		a.Doc.Has(t, ".card a[href=/i/oak/share]", b.t("orgs.new.person.go"))
		a.Doc.Has(t, ".card a[href=/i/oak/organizations/new/group]", b.t("orgs.new.account.go"))
		if to := b.Get("/i/oak/organizations/new/group"); to.Status != 303 || !strings.HasPrefix(to.Header.Get("Location"), "/sign-in?next=") {
			t.Errorf("a visitor: %d %s", to.Status, to.Header.Get("Location"))
		}
	})
}

func TestAMemberProposesAndAStewardShows(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		b := h.as(h.mia, lang)
		bad := b.faulty(b.send("/organizations/new/group", "name", "", "kind", "association", "about", "Cantamos los martes"), "name", "organization.name.missing")
		bad.Doc.Has(t, "textarea#about", "Cantamos los martes")
		a := b.want(303, b.send("/organizations/new/group", "name", "Coro", "kind", "association", "lang", "es", "members", "12", "job", "canto"))
		id := strings.TrimPrefix(strings.Split(a.Header.Get("Location"), "#")[0], "/i/oak/organizations/")
		b = h.as(speaks(h.mia, h.in.ID, id), lang)
		page := b.see("/organizations/" + id)
		page.Doc.Has(t, ".sure", b.t("orgs.draft.wait"))
		if strings.Contains(page.Body, "/show") {
			t.Error("what was proposed can be shown by whoever proposed it")
		}
		steward := h.as(h.sue, lang)
		steward.see("/organizations/"+id).Doc.Has(t, ".sure", b.t("orgs.draft.text"))
		steward.says(steward.send("/organizations/"+id+"/show"), "/organizations/"+id, "orgs.draft.shown")
		h.visitor(lang).see("/organizations/"+id).Doc.Has(t, "h1", "Coro")
	})
}

func TestOneThatIsThereAlreadyIsAskedAbout(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		lib := h.library()
		b := h.as(h.mia, lang)
		a := b.faulty(b.send("/organizations/new/group", "name", "City Library", "kind", "institution", "about", "Libros", "lang", "es"), "other", "orgs.similar.title")
		a.Doc.Has(t, ".sure a[href=/i/oak/organizations/"+lib.ID+"]", "City Library")
		a.Doc.Has(t, "textarea#about", "Libros")
		b.want(303, b.send("/organizations/new/group", "name", "City Library", "kind", "institution", "lang", "es", "other", "yes"))
	})
}

func TestWhoSaidYesIsCalledOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		lib := h.library()
		one := "/organizations/" + lib.ID
		h.must(h.organizations.TakeOver(t.Context(), h.sue, h.in.ID, lib.ID))
		h.sue = speaks(h.sue, h.in.ID, lib.ID)
		h.asks("Rosa", "555-0177", "Learn English after work", h.get(lib.ID).Services[0].ID)
		b := h.as(h.sue, lang)
		a := b.see(one + "/calls")
		a.Doc.Has(t, "main h2", "Rosa")
		a.Doc.Has(t, ".tel", "555-0177")
		if strings.Contains(a.Body, "after work") {
			t.Error("what somebody needs is told to the service")
		}
		var id string
		for _, n := range a.Doc.All("input[name=call]") {
			for _, attr := range n.Attr {
				if attr.Key == "value" {
					id = attr.Val
				}
			}
		}
		back := b.says(b.send(one+"/calls", "call", id), one+"/calls", "orgs.calls.done")
		back.Doc.Has(t, ".empty", b.t("orgs.calls.none"))
		other := h.as(h.mia, lang)
		other.want(404, other.Get("/i/oak"+one+"/calls"))
	})
}

func TestASpokespersonMendsThePage(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		choir := h.choir()
		one := "/organizations/" + choir.ID
		b := h.as(h.mia, lang)

		b.see(one+"/edit").Doc.Has(t, "textarea#about", "Cantamos.")
		b.faulty(b.send(one+"/edit", "name", "Coro", "kind", "association", "members", "many"), "members", "organization.members.unreadable", i18n.Args{"typed": "many"})
		b.says(b.send(one+"/edit", "name", "Coro Nuevo", "kind", "association", "lang", "es"), one, "orgs.form.saved").Doc.Has(t, "h1", "Coro Nuevo")

		b.see(one + "/offers")
		b.faulty(b.send(one+"/offers", "kind", "room", "text", ""), "text", "organization.offer.missing")
		b.says(b.send(one+"/offers", "kind", "room", "text", "Un salón", "lang", "es"), one, "orgs.offer.saved").Doc.Has(t, "main", "Un salón")
		b.says(b.send(one+"/offers", "kind", "habits", "text", "Martes", "lang", "es", "then", "again"), one+"/offers", "orgs.offer.saved")
		offer := one + "/offers/" + h.get(choir.ID).Offers[0].ID
		b.see(offer).Doc.Has(t, "textarea", "Un salón")
		b.says(b.send(offer, "kind", "room", "text", "Dos salones", "lang", "es"), one, "orgs.offer.changed").Doc.Has(t, "main", "Dos salones")
		b.says(b.send(offer, "then", "remove"), one, "orgs.offer.removed")

		b.see(one + "/places")
		b.faulty(b.send(one+"/places", "name", "", "kind", "physical"), "name", "organization.name.missing")
		b.says(b.send(one+"/places", "name", "La sala", "kind", "physical", "street", "1 Elm"), one, "orgs.place.saved").Doc.Has(t, "main", "1 Elm")
		place := one + "/places/" + h.get(choir.ID).Places[0].ID
		b.see(place).Doc.Has(t, "h1", b.t("orgs.place.edit"))
		b.faulty(b.send(place, "name", "La sala", "kind", "physical", "lat", "north"), "lat", "organization.degrees.unreadable", i18n.Args{"typed": "north"})

		b.see(one + "/services")
		b.faulty(b.send(one+"/services", "name", ""), "name", "organization.name.missing")
		b.says(b.send(one+"/services", "name", "Clases de canto", "status", "active", "lang", "es"), one, "orgs.service.saved").Doc.Has(t, "main", "Clases de canto")
		service := one + "/services/" + h.get(choir.ID).Services[0].ID
		b.see(service)
		b.says(b.send(service, "name", "Canto", "status", "temporarily closed", "lang", "es"), one, "orgs.service.changed").Doc.Has(t, ".tag", b.t("orgs.service.status.closed"))
		b.says(b.send(service, "then", "remove"), one, "orgs.service.removed")
		b.says(b.send(place, "then", "remove"), one, "orgs.place.removed")
	})
}

func TestHoursAreWrittenInLines(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		lib := h.library()
		one := "/organizations/" + lib.ID
		b := h.as(h.sue, lang)
		b.see(one+"/hours").Doc.Has(t, "main", "City Library")
		b.faulty(b.send(one+"/hours", "days-1", "MO", "opens-1", "09:00", "opens-2", "10:00"), "days-2", "organization.days.missing")
		b.faulty(b.send(one+"/hours", "days-1", "MO", "opens-1", "09:00", "days-2", "TU", "opens-2", "noonish"), "opens-2", "organization.hours.unreadable")
		a := b.says(b.send(one+"/hours", "days-1", "MO", "days-1", "TU", "days-1", "WE", "opens-1", "08:30", "closes-1", "12:00", "about-1", "not in August"), one, "orgs.hours.saved")
		a.Doc.Has(t, ".hours", b.t("date.weekday.01")+"–"+b.t("date.weekday.03"))
		a.Doc.Has(t, ".hours", "8:30–12:00")
		a.Doc.Has(t, ".hours", "not in August")
		service := h.get(lib.ID).Services[0]
		b.see(one+"/hours?of="+service.ID).Doc.Has(t, "main", service.Name)
		b.says(b.send(one+"/hours", "of", service.ID, "days-1", "SU", "opens-1", "10:00", "closes-1", "11:00"), one, "orgs.hours.saved")
		h.visitor(lang).see("/services/"+service.ID).Doc.Has(t, ".hours", "10:00–11:00")
		b.want(404, b.Get("/i/oak"+one+"/hours?of=nothing"))
	})
}

func TestItGoesOnWhenOneLeaves(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		choir := h.choir()
		one := "/organizations/" + choir.ID
		b := h.as(h.mia, lang)
		b.faulty(b.send(one+"/speakers", "name", "Nuria", "email", "nuria@example.org", "lang", "es"), "asked", "organization.asked.missing")
		b.faulty(b.send(one+"/speakers", "name", "Nuria", "email", "nuria at home", "lang", "es", "asked", "phone"), "email", "organization.email.unreadable", i18n.Args{"typed": "nuria at home"})
		me := h.mia.Person(h.in.ID)
		last := b.want(422, b.send(one+"/leave", "person", me))
		last.Doc.Has(t, ".summary", b.t("organization.spokesperson.last"))
		b.says(b.send(one+"/speakers", "name", "Nuria", "email", "nuria@example.org", "lang", "es", "asked", "phone"), one+"/speakers", "orgs.speakers.sent").
			Doc.Has(t, "main h2 .tag", b.t("orgs.speakers.waiting"))
		h.saysYes("nuria@example.org", lang)
		b.see(one+"/speakers").Doc.Has(t, "main h2", "Nuria")
		code := b.want(200, b.send(one+"/speakers", "name", "Olga", "lang", "es", "asked", "doorstep"))
		if code.Doc.Text(".code strong") == "" {
			t.Error("somebody without e-mail gets no code")
		}
		b.want(303, b.send(one+"/leave", "person", me))
		if got := h.get(choir.ID); len(got.Spokespersons) != 2 || got.Unspoken {
			t.Errorf("after one left: %+v", got.Spokespersons)
		}
	})
}

func TestTheLastHandsOverToAStewardWhoTakesOver(t *testing.T) {
	h := open(t)
	choir := h.choir()
	one := "/organizations/" + choir.ID
	b := h.as(h.mia, i18n.English)
	b.want(303, b.send(one+"/leave", "person", h.mia.Person(h.in.ID), "handover", "yes"))
	s := h.as(h.sue, i18n.English)
	s.see(one+"/speakers").Doc.Has(t, "button", s.t("orgs.speakers.take"))
	s.says(s.send(one+"/takeover"), one+"/speakers", "orgs.speakers.taken").Doc.Has(t, "main h2", "Sue")
}

func TestManyAreInvitedInOnePress(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		var ids []string
		for _, name := range []string{"Choir", "Garden", "Mosque"} {
			o, err := h.organizations.Create(t.Context(), h.sue, h.in.ID, organization.Draft{Kind: organization.Association, Name: name, Lang: "en"})
			h.must(err)
			ids = append(ids, o.ID)
		}
		b := h.as(h.sue, lang)
		b.see("/organizations/invite").Doc.Has(t, "main", "Mosque")
		b.faulty(b.send("/organizations/invite"), "invite", "orgs.invite.pick")
		b.faulty(b.send("/organizations/invite", "invite", ids[0], "asked", "phone"), "email-"+ids[0], "orgs.invite.address")
		form := []string{"asked", "phone"}
		for i, id := range ids[:2] {
			form = append(form, "invite", id, "name-"+id, "Person "+string(rune('A'+i)), "email-"+id, string(rune('a'+i))+"@example.org")
		}
		wrong := append([]string{}, form...)
		wrong[len(wrong)-1] = "b at home"
		b.faulty(b.send("/organizations/invite", wrong...), "email-"+ids[1], "organization.email.unreadable", i18n.Args{"typed": "b at home"})
		if len(h.get(ids[0]).Spokespersons) != 0 {
			t.Error("one was invited, although the press was refused")
		}
		b.says(b.send("/organizations/invite", form...), "/organizations/invite", "orgs.invite.done", i18n.Args{"n": 2})
		for _, id := range ids[:2] {
			if got := h.get(id); len(got.Spokespersons) != 1 || got.IsShown() {
				t.Errorf("%s: %d speak for it, shown %v", got.Name, len(got.Spokespersons), got.IsShown())
			}
		}
		after := b.see("/organizations/invite").Doc
		after.Has(t, "main .list li", "Person A")
		again := after.Text("main form")
		if strings.Contains(again, "Choir") || !strings.Contains(again, "Mosque") {
			t.Errorf("after the press wait: %s", again)
		}
		h.as(h.carl, lang).want(404, h.as(h.carl, lang).Get("/i/oak/organizations/invite"))
	})
}

func TestWhatNobodyLookedOverIsAskedAbout(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		lib := h.library()
		one := "/organizations/" + lib.ID
		h.now.Advance(200 * 24 * 60 * 60 * 1e9)
		b := h.as(h.sue, lang)
		b.see(one).Doc.Has(t, ".sure h2", b.t("orgs.still.title"))
		b.says(b.send(one+"/still"), one, "orgs.still.thanks").Doc.Has(t, ".sure h2", b.t("orgs.own.title"))
		b.says(b.send(one+"/still", "of", h.get(lib.ID).Services[0].ID), one, "orgs.still.thanks")
		v := h.visitor(lang)
		v.want(404, v.Get("/i/oak/still/organization/nothing")).Doc.Has(t, "h1", v.t("orgs.still.gone"))
		b.says(b.send(one+"/hide"), one, "orgs.own.hidden")
		v.want(404, v.Get("/i/oak"+one))
		b.says(b.send(one+"/show"), one, "orgs.draft.shown")
	})
}

// saysYes follows the letter that asks somebody without an account to speak.
func (h *house) saysYes(email string, lang i18n.Lang) {
	h.Helper()
	body, err := db.One(h.Context(), h.organizations.DB.Read(), db.Value[string],
		`select body from message where initiative_id = $1 and to_address = $2`, h.in.ID, email)
	h.must(err)
	_, rest, _ := strings.Cut(body, "/i/oak")
	to, v := strings.Fields(rest)[0], h.visitor(lang)
	for range 2 {
		v.see(to).Doc.Has(h.T, "main", v.t("orgs.asked.yes"))
	}
	if a := v.want(303, v.send(to)); !strings.HasPrefix(a.Header.Get("Location"), "/claim/") {
		h.Errorf("led to %s", a.Header.Get("Location"))
	}
	v.want(404, v.send(to)).Doc.Has(h.T, "h1", v.t("orgs.still.gone"))
}

func TestWhoSpeaksForOneFarDownTheListFindsIt(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		for i := range 20 {
			_, err := h.organizations.Create(t.Context(), h.sue, h.in.ID, organization.Draft{Kind: organization.Association, Name: fmt.Sprint("Alley Club ", i), Lang: "en"})
			h.must(err)
		}
		choir := h.choir() // of Mia; its name comes late in the alphabet
		b := h.as(h.mia, lang)
		for _, path := range []string{"/organizations", "/organizations?q=nothing"} {
			b.see(path).Doc.Has(t, ".chips a[href=/i/oak/organizations/"+choir.ID+"]", choir.Name)
		}
		h.as(h.carl, lang).see("/organizations").Doc.None(t, ".chips a[href=/i/oak/organizations/"+choir.ID+"]")
	})
}

func TestManyPartnersStandOnPages(t *testing.T) {
	each(t, func(t *testing.T, h *house, lang i18n.Lang) {
		var last organization.Organization
		for i := range 125 {
			var err error
			last, err = h.organizations.Create(t.Context(), h.sue, h.in.ID, organization.Draft{
				Kind: organization.Association, Name: fmt.Sprintf("Clúb %03d", i), Lang: "es", Email: "club@example.org",
			})
			h.must(err)
		}
		b := h.as(h.sue, lang)
		for path, want := range map[string]struct{ boxes, ticked int }{
			"": {60, 0}, "?tick=all": {60, 60}, "?page=3&tick=all": {5, 5}, "?page=99": {5, 0}, "?page=x": {60, 0}, "?q=CLUB+044&tick=all": {1, 1}, "?q=mosque": {0, 0},
		} {
			doc := b.see("/organizations/invite" + path).Doc
			if n, ticked := len(doc.All("input[name=invite]")), len(doc.All("input[name=invite][checked]")); n != want.boxes || ticked != want.ticked {
				t.Errorf("%q: %d to tick, %d ticked; want %+v", path, n, ticked, want)
			}
		}
		bad := b.want(422, b.send("/organizations/invite?page=3", "invite", last.ID, "asked", "phone", "name-"+last.ID, "Ana", "email-"+last.ID, "at home"))
		bad.Doc.Has(t, "#email-"+last.ID+"-fault", b.t("organization.email.unreadable", i18n.Args{"typed": "at home"}))
	})
}
