package people_test

import (
	"context"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

// listening is a source that says what it was asked to erase.
func listening(name string, said bool, heard *[]string) people.Source {
	return people.Source{
		Name: name, Said: said,
		Export: func(context.Context, db.Querier, string, string) (any, error) { return name + " of you", nil },
		Erase: func(_ context.Context, _ db.Querier, _, person string) error {
			*heard = append(*heard, name+" of "+person)
			return nil
		},
	}
}

func TestUnder18NothingButANameIsKeptBeforeAParentAgrees(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		full := people.Draft{
			Name: "Leo", Age: people.Under18, Area: h.area, Household: "blue door", Langs: []string{"es"}, MetOn: "2026-11-01",
			Contacts: []people.ContactDraft{{Kind: people.Phone, Value: "555 0100"}, {Kind: people.Email, Value: "leo@example.org"}},
		}
		_, err := h.Create(t.Context(), h.carl, h.in.ID, full)
		h.expect("without a parent", h.told(err),
			"area people.parent.first", "household people.parent.first", "langs people.parent.first",
			"met_on people.parent.first", "phone people.parent.first", "email people.parent.first")
		full.Consent = yes(people.KeepNotes)
		_, err = h.Create(t.Context(), h.carl, h.in.ID, full)
		if got := h.told(err); len(got) != 7 || got[0] != "given_by people.giver.parental" {
			t.Errorf("with their own yes: %q", got)
		}
		full.Consent = parent(people.KeepNotes)
		leo := h.create(h.carl, full)
		if r := h.get(h.carl, leo.ID); r.AreaName != "Oak" || len(r.Contacts) != 2 || r.Consents[0].GiverName != "Rosa" {
			t.Errorf("with a parent's: %+v", r)
		}
		if err := people.CheckKeep(t.Context(), d.Read(), h.in.ID, leo.ID); err != nil {
			t.Errorf("with a parent's: %v", err)
		}
	})
}

func TestUnder18AParentAgreesLater(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		leo := h.create(h.carl, people.Draft{Name: "Leo", Age: people.Under18})
		phone := people.ContactDraft{Kind: people.Phone, Value: "555 0100"}
		h.expect("notes", h.told(people.CheckKeep(t.Context(), d.Read(), h.in.ID, leo.ID)), "age people.parent.first")
		h.expect("a contact", h.told(h.AddContact(t.Context(), h.carl, h.in.ID, leo.ID, phone)), "phone people.parent.first")
		h.expect("their own yes", h.told(h.Agree(t.Context(), h.carl, h.in.ID, leo.ID, yes(people.BeAsked))), "given_by people.giver.parental")
		_, err := h.Edit(t.Context(), h.carl, h.in.ID, leo.ID, people.Draft{Name: "Leo", Age: people.Under18, Area: h.area})
		h.expect("an area", h.told(err), "area people.parent.first")
		if err := h.Agree(t.Context(), h.carl, h.in.ID, leo.ID, parent(people.KeepNotes)); err != nil {
			t.Fatal(err)
		}
		if err := h.AddContact(t.Context(), h.carl, h.in.ID, leo.ID, phone); err != nil {
			t.Errorf("with a parent's yes: %v", err)
		}
	})
}

func TestFoundToBeUnder18(t *testing.T) {
	h := open(t, dbtest.Open(t))
	full := draft("Leo")
	full.Area = h.area
	leo := h.create(h.carl, full)
	_, err := h.Edit(t.Context(), h.carl, h.in.ID, leo.ID, people.Draft{Name: "Leo", Age: people.Under18, Area: h.area})
	h.expect("more than a name is kept", h.told(err), "given_by people.giver.parental", "area people.parent.first")
}

func TestUnder18WithoutAParentOnlyTheNameIsLeft(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		var heard []string
		h.Sources = append(h.Sources, listening("gifts", true, &heard), listening("mail", false, &heard))
		leo := h.create(h.carl, people.Draft{
			Name: "Leo", Age: people.Under18, Area: h.area, Household: "blue door", Langs: []string{"es"}, Consent: parent(people.KeepNotes),
			Contacts: []people.ContactDraft{{Kind: people.Phone, Value: "555 0100"}},
		})
		r := h.get(h.carl, leo.ID)
		if err := h.Withdraw(t.Context(), h.carl, h.in.ID, leo.ID, r.Consents[0].ID); err != nil {
			t.Fatal(err)
		}
		r = h.get(h.carl, leo.ID)
		if r.Name != "Leo" || r.Age != people.Under18 || r.ConnectorName != "Carl" {
			t.Errorf("name, age or connector are gone: %+v", r)
		}
		if r.Area != "" || r.Household != "" || len(r.Langs) != 0 || len(r.Contacts) != 0 || len(r.Consents) != 0 {
			t.Errorf("more than the name is left: %+v", r)
		}
		h.expect("other rooms", heard, "gifts of "+leo.ID, "mail of "+leo.ID)
	})
}

func TestWithdrawingTakesAwayWhatItAllowed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		var heard []string
		h.Sources = append(h.Sources, listening("gifts", true, &heard), listening("mail", false, &heard))
		full := draft("Ana")
		full.Consent = yes(people.Purposes()...)
		full.Contacts = []people.ContactDraft{{Kind: people.Phone, Value: "555 0100"}}
		ana := h.create(h.carl, full)
		self := h.actor(ana.ID, access.Member)
		withdraw := func(p people.Purpose) error {
			for _, c := range h.get(self, ana.ID).Consents {
				if c.Purpose == p {
					return h.Withdraw(t.Context(), self, h.in.ID, ana.ID, c.ID)
				}
			}
			return nil
		}
		if err := withdraw(people.BeAsked); err != nil || len(heard) != 0 {
			t.Errorf("being asked: %v, erased %q", err, heard)
		}
		h.must("twice", withdraw(people.BeAsked), fault.NotFound)
		if err := withdraw(people.KeepNotes); err != nil {
			t.Fatal(err)
		}
		h.expect("without notes", heard, "gifts of "+ana.ID)
		if r := h.get(self, ana.ID); len(r.Contacts) != 1 {
			t.Errorf("contacts %+v", r.Contacts)
		}
		if err := withdraw(people.BeReached); err != nil {
			t.Fatal(err)
		}
		h.must("the name", withdraw(people.KeepName), fault.Conflict)
		r := h.get(self, ana.ID)
		if r.Name != "Ana" || len(r.Contacts) != 0 || people.Agreed(r.Consents, people.BeAsked) || !people.Agreed(r.Consents, people.PassOn) {
			t.Errorf("left %+v", r)
		}
		if err := h.Agree(t.Context(), self, h.in.ID, ana.ID, yes(people.BeAsked)); err != nil {
			t.Fatal(err)
		}
		if r = h.get(self, ana.ID); !people.Agreed(r.Consents, people.BeAsked) || len(r.Consents) != 6 {
			t.Errorf("agreed again: %+v", r.Consents)
		}
	})
}

func TestContactsComeAndGo(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ana, ben := h.create(h.carl, draft("Ana")), h.create(h.carl, draft("Ben"))
		h.expect("nothing", h.told(h.AddContact(t.Context(), h.carl, h.in.ID, ana.ID, people.ContactDraft{})),
			"kind people.kind.missing", "value people.contact.missing")
		h.expect("a header", h.told(h.AddContact(t.Context(), h.carl, h.in.ID, ana.ID,
			people.ContactDraft{Kind: people.Email, Value: "a@example.org\r\nBcc: all@example.org"})), "value people.email.unreadable")
		if err := h.AddContact(t.Context(), h.carl, h.in.ID, ana.ID, people.ContactDraft{Kind: people.Other, Value: "ask at the bakery"}); err != nil {
			t.Fatal(err)
		}
		c := h.get(h.carl, ana.ID).Contacts[0]
		h.must("through somebody else", h.RemoveContact(t.Context(), h.carl, h.in.ID, ben.ID, c.ID), fault.NotFound)
		if err := h.RemoveContact(t.Context(), h.carl, h.in.ID, ana.ID, c.ID); err != nil {
			t.Fatal(err)
		}
		h.must("twice", h.RemoveContact(t.Context(), h.carl, h.in.ID, ana.ID, c.ID), fault.NotFound)
	})
}

func TestAYesThatWasSaidTwiceIsTakenBackOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		var heard []string
		h.Sources = append(h.Sources, listening("said", true, &heard))
		ana := h.create(h.carl, people.Draft{Name: "Ana", Consent: yes(people.KeepName, people.KeepNotes)})
		if err := h.Agree(t.Context(), h.carl, h.in.ID, ana.ID, yes(people.KeepName, people.KeepNotes)); err != nil {
			t.Fatal(err)
		}
		h.must("another connector", h.WithdrawAll(t.Context(), h.cora, h.in.ID, ana.ID, people.KeepNotes), fault.NotFound)
		h.must("the name", h.WithdrawAll(t.Context(), h.carl, h.in.ID, ana.ID, people.KeepName), fault.Conflict)
		if err := h.WithdrawAll(t.Context(), h.carl, h.in.ID, ana.ID, people.KeepNotes); err != nil {
			t.Fatal(err)
		}
		r := h.get(h.carl, ana.ID)
		if people.Agreed(r.Consents, people.KeepNotes) || !people.Agreed(r.Consents, people.KeepName) || len(heard) == 0 {
			t.Errorf("consents %+v, erased %q", r.Consents, heard)
		}
		h.must("again", h.WithdrawAll(t.Context(), h.carl, h.in.ID, ana.ID, people.KeepNotes), fault.NotFound)
	})
}
