package setupweb_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/jobs"
	"commonweal/internal/mail"
	"commonweal/internal/people"
)

func TestWhoMayDoWhat(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.steward, lang)
		a := b.see(setup + "/people")
		a.Doc.Has(t, ".list li", "Carl")
		a.Doc.Has(t, ".tag", b.t("setup.people.noaccount"))
		a.Doc.Has(t, "section p", b.t("setup.people.none"))
		b.see(setup+"/people?q=ro").Doc.Has(t, ".list a", "Rosa")
		b.see(setup+"/people?q=nobody").Doc.Has(t, "p", b.t("setup.people.nobody"))

		rosa := setup + "/people/" + h.rosa.Person(h.in.ID)
		b.see(rosa).Doc.Has(t, "h1", "Rosa")
		b.done(b.send(rosa+"/give", "kind", "steward"), "setup.people.given")
		b.want(422, b.send(rosa+"/give", "kind", "king")).Doc.Has(t, ".summary", b.t("access.kind.unknown"))
		b.done(b.send(rosa+"/remove", "kind", "steward"), "setup.people.removed")
		own := setup + "/people/" + h.in.Steward
		b.want(422, b.send(own+"/remove", "kind", "steward")).Doc.Has(t, ".summary", b.t("access.steward.last"))
		b.want(404, b.Get(setup+"/people/none"))
		b.want(404, b.send(setup+"/people/none/give", "kind", "member"))
		b.want(404, b.send(rosa+"/release", "sure", "yes"))
	})
}

func TestSomebodyIsInvitedAndReleased(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.steward, lang)
		rosa := setup + "/people/" + h.rosa.Person(h.in.ID)
		b.want(422, b.send(rosa+"/invite", "kind", "king")).Doc.Has(t, "#kind-fault", b.t("access.kind.unknown"))
		a := b.want(200, b.send(rosa+"/invite", "kind", "member"))
		code := a.Doc.Text(".code strong")
		a.Doc.Has(t, "section", "/claim/")
		if len(a.Doc.All("svg.qr")) != 1 || code == "" {
			t.Error("no picture, or no code")
		}
		if b.see(rosa).Doc.None(t, ".code"); strings.Contains(b.see(rosa).Body, code) {
			t.Error("the code is shown twice")
		}
		inv, _, err := h.accounts.Claim(t.Context(), access.Actor{}, code, "", lang, "phone")
		h.must(err)
		if inv.Person != h.rosa.Person(h.in.ID) {
			t.Errorf("claimed %+v", inv)
		}
		b.want(422, b.send(rosa+"/invite", "kind", "member")).Doc.Has(t, ".summary", b.t("account.claim.taken"))
		b.want(200, b.send(rosa+"/release")).Doc.Has(t, ".quote", "Rosa")
		b.done(b.send(rosa+"/release", "sure", "yes"), "setup.people.released").Doc.Has(t, "h2", b.t("setup.people.inviting"))

		nico, err := h.people.Create(t.Context(), h.connector, h.in.ID, people.Draft{Name: "Nico", Age: people.Under18})
		h.must(err)
		b.want(422, b.send(setup+"/people/"+nico.ID+"/invite", "kind", "member")).Doc.Has(t, ".summary", b.t("people.parent.first"))
	})
}

// run does the jobs of the house, of which one kind goes wrong.
func (h *house) run(times int) {
	h.Helper()
	courier := &mail.Courier{DB: h.db, Now: h.now.Now}
	broken := func(context.Context, jobs.Work) error { return errors.New("broken") }
	runner := &jobs.Runner{
		DB: h.db, IDs: db.NewIDs(h.now.Now, nil), Now: h.now.Now, Log: slog.New(slog.DiscardHandler),
		Handle: map[string]jobs.Handler{mail.DeliverJob: courier.Deliver, "release.publish": broken},
	}
	for range times {
		if _, err := runner.RunDue(h.Context()); err != nil && !strings.Contains(err.Error(), "broken") {
			h.Fatal(err)
		}
		h.now.Advance(time.Hour)
	}
}

func TestWorkThatGotStuck(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b, own := h.as(h.steward, lang), h.as(h.operator, lang)
		b.see(setup+"/jobs").Doc.Has(t, ".empty", b.t("setup.jobs.none"))
		own.see("/server/jobs").Doc.Has(t, ".empty", b.t("setup.jobs.none"))
		for _, in := range []string{h.in.ID, ""} {
			h.tx(func(q db.Querier) error {
				if err := jobs.Add(t.Context(), q, jobs.Job{Initiative: in, Kind: "release.publish"}); err != nil {
					return err
				}
				return jobs.Add(t.Context(), q, jobs.Job{Initiative: in, Kind: "never.heard"})
			})
		}
		h.run(jobs.MaxAttempts)
		for path, who := range map[string]*browser{setup: b, "/server": own} {
			who.see(path).Doc.Has(t, ".tag.late", b.t("setup.jobs.stuck", i18n.Args{"n": 1}))
			a := who.see(path + "/jobs")
			a.Doc.Has(t, "h2", b.t("setup.job.release_publish"))
			a.Doc.Has(t, "h2", b.t("setup.job.else"))
			id := a.Doc.Attr("form input[name=id]", "value")
			who.done(who.send(path+"/jobs/retry", "id", id), "setup.jobs.retried").Doc.None(t, "form input[name=id]")
			who.want(404, who.send(path+"/jobs/retry", "id", id))
		}
	})
}

func TestLettersThatWait(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b, own := h.as(h.steward, lang), h.as(h.operator, lang)
		b.see(setup+"/outbox").Doc.Has(t, ".empty", b.t("setup.outbox.none"))
		for _, in := range []string{h.in.ID, ""} {
			h.tx(func(q db.Querier) error {
				return mail.Send(t.Context(), q, mail.Message{
					Initiative: in, Person: h.rosa.Person(h.in.ID), To: "rosa@example.org", Lang: "es", Subject: "account.mail.subject",
					Lines: []fault.Message{{Key: "mail.quote", Args: map[string]any{"text": "hola"}}},
				})
			})
		}
		h.run(1)
		for path, who := range map[string]*browser{setup: b, "/server": own} {
			who.see(path).Doc.Has(t, ".tag.late", b.t("setup.outbox.wait", i18n.Args{"n": 1}))
			a := who.see(path + "/outbox")
			a.Doc.Has(t, "h2", "rosa@example.org")
			if strings.Contains(a.Body, "hola") {
				t.Error("the list shows what is in a letter")
			}
			id := a.Doc.Attr("form input[name=id]", "value")
			who.want(200, who.send(path+"/outbox/letter", "id", id)).Doc.Has(t, ".card", "hola")
			a = who.done(who.send(path+"/outbox/handed", "id", id), "setup.outbox.handed")
			a.Doc.Has(t, ".tag.done", b.t("mail.status.handed"))
			who.want(404, who.send(path+"/outbox/handed", "id", id))
		}
	})
}

func TestTheOperatorBeginsAnInitiative(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b := h.as(h.operator, lang)
		b.see("/server").Doc.Has(t, "h3", "Riverside")
		b.see("/server/new")
		wrong := b.want(422, b.send("/server/new", "name", "Oak", "slug", "riverside", "langs", "en"))
		for _, field := range []string{"slug", "zone", "steward"} {
			if wrong.Doc.Text("#"+field+"-fault") == "" {
				t.Errorf("no fault at %s", field)
			}
		}
		if wrong.Doc.Attr("#name", "value") != "Oak" {
			t.Error("what was typed is lost")
		}
		a := b.want(200, b.send("/server/new", "name", "Oak", "steward", "Otto", "langs", "es", "zone", "America/Chicago"))
		a.Doc.Has(t, "h1", "Otto")
		b.see("/server").Doc.Has(t, ".tag", b.t("setup.server.unclaimed"))
		oak, _, err := h.initiatives.BySlug(t.Context(), "oak")
		h.must(err)
		a = b.want(200, b.send("/server/invite", "initiative", oak.ID))
		_, _, err = h.accounts.Claim(t.Context(), access.Actor{}, a.Doc.Text(".code strong"), "", lang, "phone")
		h.must(err)
		b.see("/server").Doc.None(t, "form[action=/server/invite]")
		if a := b.send("/server/invite", "initiative", oak.ID); a.Status != 409 {
			t.Errorf("an invitation into a house where somebody lives: %d", a.Status)
		}

		b.see("/server/network")
		b.want(422, b.send("/server/network", "name", "", "about", "We learn")).Doc.Has(t, "textarea[name=about]", "We learn")
		b.done(b.send("/server/network", "name", "Valley"), "setup.saved").Doc.Has(t, ".card h3", "Valley")
		all, err := h.initiatives.Networks(t.Context())
		h.must(err)
		b.done(b.send("/server/network/join", "network", all[0].ID, "initiative", oak.ID), "setup.saved").Doc.Has(t, ".card li", "Oak")
		b.done(b.send("/server/network/leave", "network", all[0].ID, "initiative", oak.ID), "setup.saved").Doc.None(t, ".card li")
		b.want(404, b.send("/server/network/join", "network", "none", "initiative", oak.ID))
	})
}
