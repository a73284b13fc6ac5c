package organization_test

import (
	"strings"
	"testing"

	"commonweal/internal/account"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
)

func TestAnInstitutionCannotCallItselfAnAssociation(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		omar := h.speaker(o, "Omar")
		clinic := organization.Draft{Kind: organization.Institution, Name: "Clinic"}
		_, err := h.Edit(h.Context(), omar, h.in.ID, o.ID, clinic)
		h.ok(err) // it was taken for the wrong kind, and says so
		_, err = h.Edit(h.Context(), omar, h.in.ID, o.ID, draft("Clinic"))
		h.expect("at fault", h.told(err), "kind organization.kind.steward")
		_, err = h.Edit(h.Context(), h.sue, h.in.ID, o.ID, draft("Clinic"))
		h.ok(err)
	})
}

func TestWhatWasProposedIsShownByAStewardAlone(t *testing.T) {
	run(t, func(h *house) {
		o, err := h.Join(h.Context(), h.mia, h.in.ID, draft("Reading Parents"), "")
		h.ok(err)
		mia := h.speaking(h.mia)
		h.ok(h.Confirm(h.Context(), mia, h.in.ID, o.ID, o.ID, false))
		h.ok(h.Confirm(h.Context(), mia, h.in.ID, o.ID, o.ID, true))
		h.expect("by saying that it holds", h.names(h.visitor, organization.Filter{}))
		h.ok(h.Show(h.Context(), h.sue, h.in.ID, o.ID, organization.Hidden))
		h.must("put away, and shown by who proposed it", h.Show(h.Context(), mia, h.in.ID, o.ID, organization.Shown), fault.Conflict)
	})
}

func TestALetterAsksOnlyWhoStillSpeaks(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Elm Church")
		omar := h.speaker(o, "Omar")
		h.review(200)
		token := h.token()
		h.speaker(o, "Rosa")
		h.ok(h.Leave(h.Context(), omar, h.in.ID, o.ID, omar.Person(h.in.ID), false))
		_, err := h.Due(h.Context(), token)
		h.must("who left reads", err, fault.NotFound)
		h.must("who left hides it", h.StillTrue(h.Context(), token, nil), fault.NotFound)
		h.expect("listed", h.names(h.visitor, organization.Filter{}), "Elm Church")

		h.review(20)
		h.ok(h.StillTrue(h.Context(), h.token(), []string{o.ID}))
		n, err := db.One(h.Context(), h.DB.Read(), db.Value[int], `select count(*) from audit
			where initiative_id = $1 and act = 'confirm organization' and person_id <> '' and organization_id = $2`, h.in.ID, o.ID)
		h.ok(err)
		if n != 1 {
			h.Errorf("who said so was noted %d times", n)
		}
	})
}

func TestWhoWasSentAwayIsNotLetInByAnOldLetter(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		h.speaker(o, "Rosa")
		keys, err := h.AddSpokesperson(h.Context(), h.sue, h.in.ID, o.ID, somebody("Omar"))
		h.ok(err)
		r, err := h.Get(h.Context(), h.sue, h.in.ID, o.ID)
		h.ok(err)
		for _, s := range r.Spokespersons {
			if s.Name == "Omar" {
				h.ok(h.Leave(h.Context(), h.sue, h.in.ID, o.ID, s.Person, false))
			}
		}
		accounts := &account.Service{DB: h.DB, IDs: h.IDs, Now: h.now.Now}
		_, _, err = accounts.Claim(h.Context(), h.visitor, strings.TrimPrefix(keys.Path, "/claim/"), "", i18n.English, "phone")
		h.must("an old letter", err, fault.NotFound)
	})
}

// Somebody may stand as whom to ask at an organization for which they never
// spoke.
func TestWhoIsErasedIsNobodyToAskAnywhere(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		h.tx(func(q db.Querier) error {
			return organization.AddDetails(h.Context(), q, h.in.ID, []organization.Detail{
				{Entity: organization.EntityContact, OwnerEntity: organization.EntityOrganization, Owner: o.ID, Fields: map[string]any{"name": "M. R.", "email": "Mia@example.org"}},
				{Entity: organization.EntityContact, OwnerEntity: organization.EntityOrganization, Owner: o.ID, Fields: map[string]any{"name": "Mia", "email": "another.mia@example.org"}},
			})
		})
		h.tx(func(q db.Querier) error {
			return organization.Source().Erase(h.Context(), q, h.in.ID, h.mia.Person(h.in.ID))
		})
		left, err := db.All(h.Context(), h.DB.Read(), db.Value[string], `select fields from detail where initiative_id = $1 and entity = 'contact'`, h.in.ID)
		h.ok(err)
		if len(left) != 1 || !strings.Contains(left[0], "another.mia@") {
			h.Errorf("left: %q", left)
		}
	})
}

func TestWhoWasSentAwayFromTheInitiativeSpeaksForNobody(t *testing.T) {
	run(t, func(h *house) {
		o, err := h.Create(h.Context(), h.sue, h.in.ID, draft("Barbers"))
		h.ok(err)
		omar := h.speaker(o, "Omar")
		h.expect("while a partner", h.names(omar, organization.Filter{}), "Barbers")
		omar.Memberships = nil
		h.expect("afterwards", h.names(omar, organization.Filter{}))
		_, err = h.Get(h.Context(), omar, h.in.ID, o.ID)
		h.must("the draft", err, fault.NotFound)
		_, err = h.Edit(h.Context(), omar, h.in.ID, o.ID, draft("Mine"))
		h.must("an edit", err, fault.NotFound)
	})
}
