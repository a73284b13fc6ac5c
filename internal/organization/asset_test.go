package organization_test

import (
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/organization"
)

func TestOnlyWhatIsShownIsCounted(t *testing.T) {
	run(t, func(h *house) {
		ctx, in := t.Context(), h.in.ID
		hidden, err := h.Create(ctx, h.sue, in, draft("Hidden Circle"))
		h.ok(err)
		shown := h.shown("Choir")
		for _, o := range []organization.Organization{hidden, shown} {
			h.place(o, h.east)
			_, err := h.AddOffer(ctx, h.sue, in, o.ID, organization.OfferDraft{Kind: organization.Room, Text: "A hall of " + o.Name})
			h.ok(err)
			_, err = h.AddService(ctx, h.sue, in, o.ID, organization.ServiceDraft{Name: "Songs of " + o.Name})
			h.ok(err)
		}

		tally, err := h.Tally(ctx, in)
		h.ok(err)
		if tally.Kinds[organization.Association] != 1 || tally.Places != 1 || tally.Areas[""] != 1 {
			t.Errorf("tally = %+v", tally)
		}
		lent, err := h.Lent(ctx, in, 9)
		h.ok(err)
		if len(lent) != 1 || lent[0].OrganizationName != "Choir" {
			t.Errorf("lent = %+v", lent)
		}
		sites, err := h.Sites(ctx, in, "", 9)
		h.ok(err)
		if len(sites) != 1 || sites[0].OrganizationName != "Choir" {
			t.Errorf("sites = %+v", sites)
		}
		for area, want := range map[string]int{"": 1, h.east: 0} { // given nowhere yet
			all, more, err := h.Offerings(ctx, in, area, "")
			h.ok(err)
			if len(all) != want || more != "" {
				t.Errorf("offerings in %q = %d, more %q", area, len(all), more)
			}
		}
	})
}

func TestWhatSomeBringIsReadAtOnce(t *testing.T) {
	run(t, func(h *house) {
		ctx, in := t.Context(), h.in.ID
		choir, garden := h.shown("Choir"), h.shown("Garden")
		for _, text := range []string{"One", "Two"} {
			_, err := h.AddOffer(ctx, h.sue, in, garden.ID, organization.OfferDraft{Kind: organization.Habits, Text: text})
			h.ok(err)
		}
		brings, err := h.Brings(ctx, in, []string{choir.ID, garden.ID})
		h.ok(err)
		if len(brings[choir.ID]) != 0 || len(brings[garden.ID]) != 2 || brings[garden.ID][0].Text != "One" {
			t.Errorf("brings = %+v", brings)
		}
		if none, err := h.Brings(ctx, in, nil); err != nil || len(none) != 0 {
			t.Errorf("nobody brings %v: %v", none, err)
		}
	})
}

func TestPartnersWaitUntilSomebodySpeaks(t *testing.T) {
	run(t, func(h *house) {
		ctx, in := t.Context(), h.in.ID
		h.shown("Shown")
		mosque, err := h.Create(ctx, h.sue, in, draft("Mosque"))
		h.ok(err)
		h.tx(func(q db.Querier) error {
			return organization.AddDetails(ctx, q, in, []organization.Detail{{
				Entity: organization.EntityContact, OwnerEntity: organization.EntityOrganization, Owner: mosque.ID,
				Fields: map[string]any{"name": "Omar", "email": "omar@example.org", "title": "imam"},
			}})
		})
		all, err := h.Unspoken(ctx, h.sue, in)
		h.ok(err)
		if len(all) != 1 || all[0].Name != "Omar" || all[0].Email != "omar@example.org" || all[0].Job != "imam" {
			t.Fatalf("waiting: %+v", all)
		}
		for _, who := range []access.Actor{h.carl, h.mia, h.visitor} {
			if _, err := h.Unspoken(ctx, who, in); !fault.Is(err, fault.NotFound) {
				t.Errorf("%v reads whom to write to: %v", who.Memberships, err)
			}
		}
		_, err = h.AddSpokesperson(ctx, h.sue, in, mosque.ID, somebody("Omar"))
		h.ok(err)
		come, err := h.Awaited(ctx, h.sue, in)
		h.ok(err)
		if len(come) != 1 || come[0].Name != "Omar" || come[0].OrganizationName != "Mosque" {
			t.Errorf("awaited: %+v", come)
		}
		h.tx(func(q db.Querier) error {
			r, err := h.Get(ctx, h.sue, in, mosque.ID)
			h.ok(err)
			h.ok(db.Exec(ctx, q, `insert into account (id, lang, operator, created_at) values ('omar', 'en', false, '')`))
			return db.Exec(ctx, q, `insert into account_person (initiative_id, person_id, account_id, claimed_at) values ($1, $2, 'omar', '')`, in, r.Spokespersons[0].Person)
		})
		if come, err = h.Awaited(ctx, h.sue, in); err != nil || len(come) != 0 {
			t.Errorf("who came is awaited: %+v, %v", come, err)
		}
		_, err = h.Awaited(ctx, h.carl, in)
		h.must("a connector reads who is awaited", err, fault.NotFound)
		if all, err = h.Unspoken(ctx, h.sue, in); err != nil || len(all) != 0 {
			t.Errorf("somebody speaks for it, and it waits: %+v, %v", all, err)
		}
	})
}
