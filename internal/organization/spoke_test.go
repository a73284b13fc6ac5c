package organization_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/organization"
	"commonweal/internal/people"
)

// somebody is a new spokesperson as they are typed.
func somebody(name string) organization.SpokespersonDraft {
	return organization.SpokespersonDraft{Name: name, Email: strings.ToLower(name) + "@club.example", Asked: people.Phoned}
}

// speaker adds somebody who speaks for an organization.
func (h *house) speaker(o organization.Organization, name string) access.Actor {
	h.Helper()
	_, err := h.AddSpokesperson(h.Context(), h.sue, h.in.ID, o.ID, somebody(name))
	h.ok(err)
	r, err := h.Get(h.Context(), h.sue, h.in.ID, o.ID)
	h.ok(err)
	for _, s := range r.Spokespersons {
		if s.Name == name {
			return h.speaking(h.actor(s.Person, access.Partner))
		}
	}
	h.Fatalf("%s doesn't speak for %s: %+v", name, o.Name, r.Spokespersons)
	return access.Actor{}
}

// heard keeps what people are told.
func (h *house) heard() *[]organization.Notice {
	told := &[]organization.Notice{}
	h.Tell = func(_ context.Context, _ db.Querier, _ string, all []organization.Notice) error {
		*told = append(*told, all...)
		return nil
	}
	return told
}

func (h *house) holds(person string, k access.Kind) bool {
	h.Helper()
	all, err := access.With(h.Context(), h.DB.Read(), h.in.ID, k)
	h.ok(err)
	return slices.Contains(all, person)
}

func TestAnAssociationGoesOnWhenOneWhoSpeaksForItLeaves(t *testing.T) {
	run(t, func(h *house) {
		told := h.heard()
		o := h.shown("Reading Parents")
		rosa, omar := h.speaker(o, "Rosa"), h.speaker(o, "Omar")
		_, err := h.Edit(h.Context(), rosa, h.in.ID, o.ID, draft("Reading Parents of Oak"))
		h.ok(err)
		h.ok(h.Leave(h.Context(), rosa, h.in.ID, o.ID, rosa.Person(h.in.ID), false))

		rosa = h.speaking(rosa)
		_, err = h.Edit(h.Context(), rosa, h.in.ID, o.ID, draft("Mine"))
		h.must("who left edits", err, fault.NotFound)
		if h.holds(rosa.Person(h.in.ID), access.Partner) {
			h.Error("who left is a partner still")
		}
		_, err = h.AddOffer(h.Context(), omar, h.in.ID, o.ID, organization.OfferDraft{Kind: organization.Members, Text: "Twelve readers"})
		h.ok(err)
		if len(*told) != 0 {
			h.Errorf("told though somebody is left: %+v", *told)
		}
	})
}

func TestTheLastOneHandsOverToTheStewards(t *testing.T) {
	run(t, func(h *house) {
		told := h.heard()
		o := h.shown("Barbers")
		omar := h.speaker(o, "Omar")
		self := omar.Person(h.in.ID)
		err := h.Leave(h.Context(), omar, h.in.ID, o.ID, self, false)
		h.must("the last one just leaves", err, fault.Conflict)
		h.says(fault.Says(err, ""))
		h.must("a member sends them away", h.Leave(h.Context(), h.mia, h.in.ID, o.ID, self, true), fault.NotFound)

		h.ok(h.Leave(h.Context(), omar, h.in.ID, o.ID, self, true))
		if len(*told) != 1 || (*told)[0].Person != h.sue.Person(h.in.ID) || (*told)[0].Line.Key != "organization.notice.unspoken" {
			h.Errorf("the stewards were told %+v", *told)
		}
		h.says((*told)[0].Line)
		r, err := h.Get(h.Context(), h.sue, h.in.ID, o.ID)
		h.ok(err)
		if !r.Unspoken {
			h.Error("the page doesn't say that nobody speaks for it")
		}
		h.ok(h.TakeOver(h.Context(), h.sue, h.in.ID, o.ID))
		h.must("a second time", h.TakeOver(h.Context(), h.sue, h.in.ID, o.ID), fault.Conflict)
	})
}

func TestWhatASpokespersonDoesIsNotedForWhom(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		omar := h.speaker(o, "Omar")
		_, err := h.Edit(h.Context(), omar, h.in.ID, o.ID, draft("Barbers"))
		h.ok(err)
		n, err := db.One(h.Context(), h.DB.Read(), db.Value[int], `select count(*) from audit
			where initiative_id = $1 and act = 'edit organization' and person_id = $2 and organization_id = $3`, h.in.ID, omar.Person(h.in.ID), o.ID)
		h.ok(err)
		if n != 1 {
			h.Errorf("%d notes", n)
		}
	})
}

func TestNamesOfThoseWhoSpeakAreForThoseWhoMayKnow(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		omar := h.speaker(o, "Omar")
		for name, c := range map[string]struct {
			who  access.Actor
			want string
		}{"a visitor": {h.visitor, ""}, "a member": {h.mia, ""}, "a connector": {h.carl, "Omar"}, "himself": {omar, "Omar"}} {
			r, err := h.Get(h.Context(), c.who, h.in.ID, o.ID)
			h.ok(err)
			if len(r.Spokespersons) != 1 || r.Spokespersons[0].Name != c.want || (c.want == "") != (r.Spokespersons[0].Person == "") {
				h.Errorf("%s reads %+v", name, r.Spokespersons)
			}
		}
	})
}

func TestWhoProposesSpeaksForItAndAStewardShowsIt(t *testing.T) {
	run(t, func(h *house) {
		told := h.heard()
		o, err := h.Join(h.Context(), h.mia, h.in.ID, draft("Reading Parents"), "founder")
		h.ok(err)
		h.expect("told", []string{(*told)[0].Line.Key}, "organization.notice.proposed")
		_, err = h.Join(h.Context(), h.visitor, h.in.ID, draft("X"), "")
		h.must("a visitor joins", err, fault.NotFound)
		mia := h.speaking(h.mia)
		if h.holds(mia.Person(h.in.ID), access.Partner) {
			h.Error("a neighbour who speaks for an association became a partner")
		}
		_, err = h.Edit(h.Context(), mia, h.in.ID, o.ID, draft("Reading Parents of Oak"))
		h.ok(err)
		h.must("who proposed shows it", h.Show(h.Context(), mia, h.in.ID, o.ID, organization.Shown), fault.Conflict)
		h.must("or makes it a draft", h.Show(h.Context(), mia, h.in.ID, o.ID, organization.Drafted), fault.Conflict)
		h.expect("visitors", h.names(h.visitor, organization.Filter{}))
		h.ok(h.Show(h.Context(), h.sue, h.in.ID, o.ID, organization.Shown))
		h.expect("visitors, once shown", h.names(h.visitor, organization.Filter{}), "Reading Parents of Oak")
		h.ok(h.Show(h.Context(), mia, h.in.ID, o.ID, organization.Hidden))
	})
}

// invitations are new partners with somebody to write to each.
func (h *house) invitations(n int) (all []organization.Invitation) {
	h.Helper()
	var orgs []organization.New
	for i := range n {
		orgs = append(orgs, organization.New{Organization: organization.Organization{Kind: organization.Association, Name: fmt.Sprint("Club ", i)}})
	}
	h.tx(func(q db.Querier) error {
		added, err := organization.Add(h.Context(), q, h.in.ID, orgs)
		for i, o := range added {
			all = append(all, organization.Invitation{Organization: o.ID, SpokespersonDraft: somebody(fmt.Sprint("P", i))})
		}
		return err
	})
	return all
}

func TestFortyAreInvitedInOnePressAndOnce(t *testing.T) {
	run(t, func(h *house) {
		all := h.invitations(40)
		n, err := h.Invite(h.Context(), h.sue, h.in.ID, all)
		h.ok(err)
		if n != 40 || h.count("spokesperson") != 40 || h.count("message") != 40 || h.count("invitation") != 40 {
			h.Errorf("invited %d: %d speak, %d letters", n, h.count("spokesperson"), h.count("message"))
		}
		before := h.count("person")
		n, err = h.Invite(h.Context(), h.sue, h.in.ID, all)
		h.ok(err)
		if n != 0 || h.count("spokesperson") != 40 || h.count("message") != 40 || h.count("person") != before {
			h.Errorf("a second press invited %d: %d speak, %d letters", n, h.count("spokesperson"), h.count("message"))
		}
		h.expect("nobody else sees them", h.names(h.visitor, organization.Filter{}))
		_, err = h.Invite(h.Context(), h.carl, h.in.ID, all)
		h.must("a connector invites", err, fault.NotFound)
	})
}

func TestOneAddressIsOnePersonWhoSpeaksForTwo(t *testing.T) {
	run(t, func(h *house) {
		all := h.invitations(2)
		all[1].SpokespersonDraft = all[0].SpokespersonDraft
		all[1].Email = strings.ToUpper(all[1].Email)
		before := h.count("person")
		n, err := h.Invite(h.Context(), h.sue, h.in.ID, all)
		h.ok(err)
		if n != 2 || h.count("person") != before+1 || h.count("spokesperson") != 2 {
			h.Errorf("%d invited, %d people more", n, h.count("person")-before)
		}
	})
}

func TestOneWrongAddressKeepsAllBack(t *testing.T) {
	run(t, func(h *house) {
		all := h.invitations(3)
		all[1].Email, all[2].Asked = "at home", ""
		_, err := h.Invite(h.Context(), h.sue, h.in.ID, all)
		h.expect("faults", h.told(err), "email 2 organization.email.unreadable", "asked 3 organization.asked.missing")
		if h.count("spokesperson") != 0 || h.count("message") != 0 {
			h.Error("some were invited")
		}
	})
}

func TestALetterNamesNobodyInItsSubject(t *testing.T) {
	run(t, func(h *house) {
		all := h.invitations(1)
		_, err := h.Invite(h.Context(), h.sue, h.in.ID, all)
		h.ok(err)
		letter, err := db.One(h.Context(), h.DB.Read(), db.Value[string], `select subject || ' / ' || body from message where initiative_id = $1`, h.in.ID)
		h.ok(err)
		subject, body, _ := strings.Cut(letter, " / ")
		if strings.Contains(subject, "Club") || !strings.Contains(body, "Club 0") || !strings.Contains(body, "https://oak.example/claim/") {
			h.Errorf("the letter: %s", letter)
		}
	})
}

func TestWhoIsErasedSpeaksForNobody(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		omar := h.speaker(o, "Omar")
		h.tx(func(q db.Querier) error {
			return organization.AddDetails(h.Context(), q, h.in.ID, []organization.Detail{
				{Entity: organization.EntityContact, OwnerEntity: organization.EntityOrganization, Owner: o.ID, Fields: map[string]any{"name": "Omar", "title": "chair"}},
				{Entity: organization.EntityContact, OwnerEntity: organization.EntityOrganization, Owner: o.ID, Fields: map[string]any{"email": "desk@club.example"}},
			})
		})
		source := organization.Source()
		copied, err := source.Export(h.Context(), h.DB.Read(), h.in.ID, omar.Person(h.in.ID))
		h.ok(err)
		if text := fmt.Sprint(copied); !strings.Contains(text, "Barbers") || !strings.Contains(text, "chair") {
			h.Errorf("his copy: %s", text)
		}
		for range 2 {
			h.tx(func(q db.Querier) error { return source.Erase(h.Context(), q, h.in.ID, omar.Person(h.in.ID)) })
		}
		if h.count("detail") != 1 || h.count("spokesperson") != 1 {
			h.Errorf("%d details, %d rows of who spoke", h.count("detail"), h.count("spokesperson"))
		}
		r, err := h.Get(h.Context(), h.sue, h.in.ID, o.ID)
		h.ok(err)
		if !r.Unspoken {
			h.Error("the erased one speaks still")
		}
	})
}

func TestInvitingFortyCostsSoManyStatements(t *testing.T) {
	run(t, func(h *house) {
		all := h.invitations(40)
		ran := dbtest.Count(h.DB)
		_, err := h.Invite(h.Context(), h.sue, h.in.ID, all)
		h.ok(err)
		const each, once = 17, 12
		if n := ran.N(); n > 40*each+once {
			h.Errorf("%d statements", n)
		}
	})
}
