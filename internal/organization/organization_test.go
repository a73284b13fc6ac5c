package organization_test

import (
	"fmt"
	"strings"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/organization"
)

func TestADraftIsSeenByThoseWhoMayChangeIt(t *testing.T) {
	run(t, func(h *house) {
		o, err := h.Create(h.Context(), h.sue, h.in.ID, draft("Reading Parents"))
		h.ok(err)
		h.expect("a visitor's list", h.names(h.visitor, organization.Filter{}))
		h.expect("a steward's list", h.names(h.sue, organization.Filter{}), "Reading Parents")
		_, err = h.Get(h.Context(), h.mia, h.in.ID, o.ID)
		h.must("a member reads a draft", err, fault.NotFound)
		_, err = h.Edit(h.Context(), h.mia, h.in.ID, o.ID, draft("Mine"))
		h.must("a member edits", err, fault.NotFound)
		_, err = h.Create(h.Context(), h.carl, h.in.ID, draft("Carl's"))
		h.must("a connector creates", err, fault.NotFound)
		h.must("a member shows", h.Show(h.Context(), h.mia, h.in.ID, o.ID, organization.Shown), fault.NotFound)

		h.ok(h.Show(h.Context(), h.sue, h.in.ID, o.ID, organization.Shown))
		h.expect("a visitor's list, shown", h.names(h.visitor, organization.Filter{}), "Reading Parents")
		h.ok(h.Show(h.Context(), h.sue, h.in.ID, o.ID, organization.Hidden))
		_, err = h.Get(h.Context(), h.visitor, h.in.ID, o.ID)
		h.must("a visitor reads what is hidden", err, fault.NotFound)
	})
}

func TestWhatIsTypedComesBackWithWhatIsWrong(t *testing.T) {
	run(t, func(h *house) {
		_, err := h.Create(h.Context(), h.sue, h.in.ID, organization.Draft{
			Kind: "club", Name: " ", About: strings.Repeat("x", 4001), Lang: "fr", Email: "at home", Website: "no where",
			Phone: "ring", Area: "moon", Langs: []string{"zz9"}, Members: "many", Parent: "nobody",
		})
		h.expect("faults", h.told(err), "kind organization.kind.missing", "name organization.name.missing", "about organization.text.long",
			"lang organization.lang.unknown", "email organization.email.unreadable", "website organization.site.unreadable",
			"phone organization.phone.unreadable", "area organization.area.unknown", "langs organization.langs.unknown",
			"members organization.members.unreadable", "parent organization.parent.unknown")
	})
}

func TestARecordHoldsWhatBelongsToIt(t *testing.T) {
	run(t, func(h *house) {
		d := draft("Elm Library")
		d.Kind, d.Phone, d.Website, d.Members, d.Langs = organization.Institution, "555 0100", "elm.example.org", "12", []string{"es"}
		o, err := h.Create(h.Context(), h.sue, h.in.ID, d)
		h.ok(err)
		_, err = h.AddOffer(h.Context(), h.sue, h.in.ID, o.ID, organization.OfferDraft{Kind: organization.Room, Text: "A quiet room"})
		h.ok(err)
		hall := h.place(o, h.east)
		s := h.service(o, organization.ServiceDraft{Name: "Story time", About: "Books read aloud", Phone: "555 0101"}, hall)
		h.ok(h.SetHours(h.Context(), h.sue, h.in.ID, o.ID, s.ID, []organization.HoursDraft{{Days: []string{"MO", "WE"}, Opens: "17:00", Closes: "19:00"}, {}}))
		h.ok(h.Show(h.Context(), h.sue, h.in.ID, o.ID, organization.Shown))

		r, err := h.Get(h.Context(), h.visitor, h.in.ID, o.ID)
		h.ok(err)
		if r.Website != "https://elm.example.org" || r.Members != 12 || len(r.Phones) != 1 || r.Phones[0].Number != "555 0100" || r.MayEdit {
			h.Errorf("record: %+v", r)
		}
		if len(r.Offers) != 1 || len(r.Services) != 1 || len(r.Places) != 1 || r.Places[0].Addresses[0].String() != "1 Elm St" {
			h.Fatalf("what belongs to it: %+v", r)
		}
		e := r.Services[0]
		if len(e.Hours) != 1 || e.Hours[0].Rule.Opens.String() != "17:00" || e.Phones[0].Number != "555 0101" || e.Places[0].Area != h.east {
			h.Errorf("the service: %+v", e)
		}
		if back := organization.DraftOf(r); back.Phone != d.Phone || back.Members != "12" || back.Website != r.Website {
			h.Errorf("the draft that would leave it: %+v", back)
		}
		if back := organization.ServiceDraftOf(e); back.Name != e.Name || back.Phone != "555 0101" || len(back.Places) != 1 {
			h.Errorf("the service's draft: %+v", back)
		}
		one, err := h.GetService(h.Context(), h.visitor, h.in.ID, s.ID)
		h.ok(err)
		if one.OrganizationName != "Elm Library" || len(one.Places) != 1 {
			h.Errorf("the service by itself: %+v", one)
		}
	})
}

func TestNobodyChangesWhatBelongsToAnother(t *testing.T) {
	run(t, func(h *house) {
		a, b := h.shown("A"), h.shown("B")
		hall := h.place(a, h.east)
		o, err := h.AddOffer(h.Context(), h.sue, h.in.ID, a.ID, organization.OfferDraft{Kind: organization.Reach, Text: "A newsletter"})
		h.ok(err)
		h.must("an offer under another", h.RemoveOffer(h.Context(), h.sue, h.in.ID, b.ID, o.ID), fault.NotFound)
		h.must("a place under another", h.RemovePlace(h.Context(), h.sue, h.in.ID, b.ID, hall), fault.NotFound)
		h.must("hours under another", h.SetHours(h.Context(), h.sue, h.in.ID, b.ID, hall, nil), fault.NotFound)
		_, err = h.AddService(h.Context(), h.sue, h.in.ID, b.ID, organization.ServiceDraft{Name: "S", Places: []string{hall}})
		h.expect("another's place", h.told(err), "places organization.place.unknown")
		_, err = h.Get(h.Context(), h.sue, "elsewhere", a.ID)
		h.must("from another initiative", err, fault.NotFound)
	})
}

func TestAListGoesOnWhereItStopped(t *testing.T) {
	run(t, func(h *house) {
		var all []organization.New
		for i := range 7 {
			area := h.east
			if i%2 == 1 {
				area = h.west
			}
			all = append(all, organization.New{Organization: organization.Organization{
				Kind: organization.Kinds()[i%2], Name: fmt.Sprintf("Club %d", i), Area: area, Status: organization.Shown,
			}})
		}
		h.tx(func(q db.Querier) error {
			_, err := organization.Add(h.Context(), q, h.in.ID, all)
			return err
		})
		l, err := h.List(h.Context(), h.visitor, h.in.ID, organization.Filter{Limit: 4})
		h.ok(err)
		h.expect("the rest", h.names(h.visitor, organization.Filter{After: l.More, Limit: 4}), "Club 4", "Club 5", "Club 6")
		h.expect("of a kind", h.names(h.visitor, organization.Filter{Kind: organization.Institution}), "Club 1", "Club 3", "Club 5")
		h.expect("in a block", h.names(h.visitor, organization.Filter{Area: h.west, Text: "clu"}), "Club 1", "Club 3", "Club 5")
		h.expect("within the whole", h.names(h.visitor, organization.Filter{Area: h.wide, Text: "lub"}))
	})
}

func TestSixHundredAreAFewStatements(t *testing.T) {
	run(t, func(h *house) {
		var all []organization.New
		for i := range 600 {
			all = append(all, organization.New{
				Organization: organization.Organization{Kind: organization.Association, Name: fmt.Sprint("Club ", i), Source: "sheet", SourceID: fmt.Sprint(i)},
				Offers:       []organization.Offer{{Kind: organization.Room, Text: "A room", Lang: "en"}},
				Details:      []organization.Detail{{Entity: organization.EntityPhone, Fields: map[string]any{"number": "555 0100"}}},
			})
		}
		ran := dbtest.Count(h.DB)
		h.tx(func(q db.Querier) error {
			_, err := organization.Add(h.Context(), q, h.in.ID, all)
			return err
		})
		if n := ran.N(); n > 14 { // two thousand arguments each
			h.Errorf("%d statements: %.200q", n, ran.Statements())
		}
		if h.count("organization") != 600 || h.count("organization_offer") != 600 || h.count("detail") != 600 {
			h.Error("not all were written")
		}
	})
}

func TestWhatCameFromElsewhereIsGivenBackAsItCame(t *testing.T) {
	run(t, func(h *house) {
		h.tx(func(q db.Querier) error {
			_, err := organization.Add(h.Context(), q, h.in.ID, []organization.New{{Organization: organization.Organization{
				ID: "o", Kind: organization.Institution, Name: "Ñandú", Status: organization.Shown, Source: "hsds", SourceID: "org-1",
				Extra: map[string]any{"year_incorporated": "1970", "odd": []any{"a", nil}},
			}}})
			return err
		})
		r, err := h.Get(h.Context(), h.visitor, h.in.ID, "o")
		h.ok(err)
		if r.Ref() != "org-1" || fmt.Sprint(r.Extra) != "map[odd:[a <nil>] year_incorporated:1970]" {
			h.Errorf("ref %q, extra %v", r.Ref(), r.Extra)
		}
	})
}
