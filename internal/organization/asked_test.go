package organization_test

import (
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
)

// askedOf is the token of the one letter that asks somebody to speak.
func (h *house) askedOf(email string) string {
	h.Helper()
	body, err := db.One(h.Context(), h.DB.Read(), db.Value[string],
		`select body from message where initiative_id = $1 and to_address = $2 and body like '%/speak/%'`, h.in.ID, email)
	h.ok(err)
	_, rest, _ := strings.Cut(body, "/speak/")
	return strings.Fields(rest)[0]
}

// named are the spokespersons of an organization as somebody reads them.
func (h *house) named(who access.Actor, o organization.Organization) (names []string) {
	h.Helper()
	r, err := h.Get(h.Context(), who, h.in.ID, o.ID)
	h.ok(err)
	for _, s := range r.Spokespersons {
		if (s.Name == "") != (s.Person == "") {
			h.Errorf("who reads a name reads the person: %+v", s)
		}
		names = append(names, s.Name)
	}
	return names
}

func TestAnAddressTellsNoSpokespersonWhoItBelongsTo(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		omar := h.speaker(o, "Omar")
		kim := h.member("Kim", access.Funder)
		for _, email := range []string{"kim@example.org", "nobody@example.org"} {
			keys, err := h.AddSpokesperson(h.Context(), omar, h.in.ID, o.ID,
				organization.SpokespersonDraft{Name: "Guess", Email: email, Job: "chair", Asked: "phone"})
			h.ok(err)
			if keys != (account.Invited{}) {
				h.Errorf("%s: whoever asked holds %+v", email, keys)
			}
		}
		h.expect("Omar reads", h.named(omar, o), "Omar", "", "")
		h.expect("a steward reads", h.named(h.sue, o), "Omar", "Kim", "Guess")
		if kim = h.speaking(kim); len(kim.Grants) != 0 || h.holds(kim.Person(h.in.ID), access.Partner) {
			h.Errorf("Kim was made a spokesperson unasked: %+v", kim.Grants)
		}
		_, err := h.Edit(h.Context(), kim, h.in.ID, o.ID, draft("Kim's"))
		h.must("Kim edits before a yes", err, fault.NotFound)
		h.must("the only one who speaks leaves", h.Leave(h.Context(), omar, h.in.ID, o.ID, omar.Person(h.in.ID), false), fault.Conflict)

		token := h.askedOf("kim@example.org")
		for range 2 {
			a, err := h.LookAsked(h.Context(), token)
			h.ok(err)
			h.expect("asked by", []string{a.Organization.Name}, "Barbers")
		}
		_, err = h.TakeUp(h.Context(), token)
		h.ok(err)
		h.expect("after the yes Omar reads", h.named(omar, o), "Omar", "Kim", "")
		_, err = h.Edit(h.Context(), h.speaking(kim), h.in.ID, o.ID, draft("Barbers of Oak"))
		h.ok(err)
		_, err = h.TakeUp(h.Context(), token)
		h.must("a letter used twice", err, fault.NotFound)
	})
}

func TestWhoHasNoAccountIsLedToOneByTheirYes(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		omar := h.speaker(o, "Omar")
		_, err := h.AddSpokesperson(h.Context(), omar, h.in.ID, o.ID, somebody("Rosa"))
		h.ok(err)
		path, err := h.TakeUp(h.Context(), h.askedOf("rosa@club.example"))
		h.ok(err)
		accounts := &account.Service{DB: h.DB, IDs: h.IDs, Now: h.now.Now}
		_, _, err = accounts.Claim(h.Context(), h.visitor, strings.TrimPrefix(path, "/claim/"), "", i18n.English, "phone")
		h.ok(err)
		h.expect("Omar reads", h.named(omar, o), "Omar", "Rosa")
	})
}

func TestAnOldLetterAsksNobodyWhoWasSentAway(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Barbers")
		omar := h.speaker(o, "Omar")
		_, err := h.AddSpokesperson(h.Context(), omar, h.in.ID, o.ID, somebody("Rosa"))
		h.ok(err)
		_, err = h.AddSpokesperson(h.Context(), omar, h.in.ID, o.ID, somebody("Rosa"))
		h.must("asked twice", err, fault.Conflict)
		r, err := h.Get(h.Context(), h.sue, h.in.ID, o.ID)
		h.ok(err)
		h.ok(h.Leave(h.Context(), h.sue, h.in.ID, o.ID, r.Spokespersons[1].Person, false))
		_, err = h.TakeUp(h.Context(), h.askedOf("rosa@club.example"))
		h.must("an old letter", err, fault.NotFound)
	})
}
