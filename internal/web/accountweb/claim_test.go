package accountweb_test

import (
	"context"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/web"
)

func TestAnInvitationIsTakenUpByItsLink(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		_, in := h.elm(lang)
		to, _ := h.invite(in, "ana", access.Connector)
		b := h.browser(lang)
		for range 2 {
			asked := b.see(to)
			asked.Doc.Has(t, "main", b.t("account.take.lead", i18n.Args{"name": "Elm Street"}))
			asked.Doc.Has(t, "main", b.t("account.take.as.connector"))
			asked.Doc.Has(t, "main a", b.t("account.take.signin"))
		}
		b.faulty(b.send(to, "email", "ana"), "email", "account.email.unreadable", "ana")
		b.led(b.send(to, "email", "ana@example.org"), "/i/elm-street")
		if who := h.signedIn(b); who.Person(in.ID) != "ana" || !who.Is(in.ID, access.Connector) {
			t.Errorf("who = %+v", who)
		}
		b.led(b.send(h.letter("ana@example.org")), "/devices")
		b.see("/devices").Doc.Has(t, "main", "ana@example.org")

		other := h.browser(lang)
		other.want(404, other.Get(to)).Doc.Has(t, "main a[href=/claim]", other.t("account.gone.claim.go"))
		other.want(404, other.send(to))
	})
}

func TestWhoSpeaksForAnOrganizationBeginsAtItsPage(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t, func(h *house, _ *web.Config) {
			h.pages.SpeaksFor = func(_ context.Context, _, person string) ([]string, error) {
				return []string{"Choir of " + person}, nil
			}
		})
		_, in := h.elm(lang)
		for _, email := range []string{"", "ana@example.org"} {
			person := "ana" + email
			to, _ := h.invite(in, person, access.Partner)
			h.must(h.db.Tx(t.Context(), func(q db.Querier) error {
				return access.Entrust(t.Context(), q, person, access.Grant{Initiative: in.ID, Object: "choir", Right: organization.Speaks}, "")
			}))
			b := h.browser(lang)
			b.see(to).Doc.Has(t, "main", b.t("account.take.speaks", i18n.Args{"names": "Choir of " + person}))
			b.led(b.send(to, "email", email), "/i/elm-street/organizations/choir")
		}
	})
}

func TestACodeThatWasSaidAloud(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		_, in := h.elm(lang)
		_, code := h.invite(in, "ana", "")
		b := h.browser(lang)
		b.see("/claim").Doc.Has(t, "label[for=code]", b.t("account.code.label"))
		b.faulty(b.send("/claim", "code", "7K3M-Q0XA"), "code", "link.unknown", "7K3M-Q0XA")
		typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
		found := b.send("/claim", "code", typed)
		b.want(303, found)
		b.want(200, found.Follow()).Doc.Has(t, "main", b.t("account.take.as.member"))
		to := found.Header.Get("Location")
		b.says(b.led(b.send(to), "/devices").Follow(), "account.take.keep")
		b.see("/devices").Doc.Has(t, "main", b.t("account.ways.noaddress"))
		b.faulty(b.send("/claim", "code", code), "code", "link.unknown", code)
	})
}

func TestAnInvitationForWhoIsSignedIn(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		b, in := h.elm(lang)
		to, _ := h.invite(in, "ana", access.Member)
		doc := b.see(to).Doc
		doc.Has(t, "main", b.t("account.take.joins"))
		doc.None(t, "main input[name=email]")
		b.want(422, b.send(to)).Doc.Has(t, ".summary", b.t("account.claim.another"))

		oak, err := h.initiatives.Create(t.Context(), h.signedIn(b), draft("Oak Hill"))
		h.must(err)
		to, _ = h.invite(oak.Initiative, "sol", access.Steward)
		b.led(b.send(to), "/i/oak-hill")
		if who := h.signedIn(b); !who.Is(oak.ID, access.Steward) || !who.Is(in.ID, access.Steward) {
			t.Errorf("who = %+v", who)
		}
	})
}

func TestTheFirstStewardSetsTheHouseUp(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		h := open(t)
		printed, err := h.accounts.FirstSteward(t.Context())
		h.must(err)
		to := strings.TrimPrefix(printed, "https://commonweal.test")
		b := h.browser(lang)
		b.see(to).Doc.Has(t, "h1", b.t("account.first.title"))
		b.faulty(b.send(to, "email", "sol"), "email", "account.email.unreadable", "sol")
		b.says(b.led(b.send(to, "email", "sol@example.org"), "/first").Follow(), "account.first.done")
		b.want(404, b.Get(to)).Doc.Has(t, "main", b.t("account.gone.first.text"))
		b.want(404, b.send(to, "email", "eve@example.org"))

		// Whoever stops here comes back here.
		b.send("/sign-in", "email", "sol@example.org")
		b.led(b.send(h.letter("sol@example.org")), "/first")

		if form := b.see("/first"); !strings.Contains(form.Body, `value="`+string(lang)+`" checked`) {
			t.Error("the reader's language isn't ticked")
		}
		empty := b.send("/first", "help_phone", "555 0100")
		b.faulty(empty, "name", "initiative.name.missing", "")
		empty.Doc.Has(t, "#zone-fault", b.t("initiative.zone.missing"))
		b.faulty(empty, "steward", "initiative.steward.missing", "")
		empty.Doc.Has(t, "#langs-fault", b.t("initiative.langs.missing"))
		if got := empty.Doc.Attr("input[name=help_phone]", "value"); got != "555 0100" {
			t.Errorf("help phone = %q, want what was typed", got)
		}
		b.led(b.send("/first", "name", "Calle Olmo", "slug", "olmo", "place", "El Olmo", "steward", "Sol",
			"zone", "America/Chicago", "langs", "es", "langs", "en", "help_phone", "555 0100"), "/i/olmo")
		in, _, err := h.initiatives.BySlug(t.Context(), "olmo")
		h.must(err)
		if in.Name != "Calle Olmo" || in.HelpPhone != "555 0100" || len(in.Langs) != 2 || in.Zone.String() != "America/Chicago" {
			t.Errorf("initiative = %+v", in)
		}
		if who := h.signedIn(b); !who.Is(in.ID, access.Steward) {
			t.Errorf("who = %+v", who)
		}
		b.want(404, b.Get("/first"))
		b.want(422, b.send("/first", "name", "Another", "steward", "Sol", "zone", "UTC", "langs", "en")).Doc.Has(t, ".summary", b.t("initiative.first.taken"))
	})
}
