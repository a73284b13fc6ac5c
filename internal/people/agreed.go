package people

import (
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
)

// AddContact keeps one more way to reach a person. Their connector, stewards
// and they themselves may. Faults: NotFound; Invalid.
func (s *Service) AddContact(ctx context.Context, who access.Actor, in, person string, d ContactDraft) (err error) {
	defer fault.Wrap(&err, "people.AddContact to %s in %s", person, in)
	return s.change(ctx, who, in, person, "add contact", func(q db.Querier, _ view, _ Record) error {
		var f fault.Form
		c := d.parse("value", &f)
		if err := f.Err(); err != nil {
			return err
		}
		c.Person = person
		return AddContact(ctx, q, in, c)
	})
}

// RemoveContact drops a way to reach a person. Their connector, stewards and
// they themselves may. Faults: NotFound.
func (s *Service) RemoveContact(ctx context.Context, who access.Actor, in, person, contact string) (err error) {
	defer fault.Wrap(&err, "people.RemoveContact %s in %s", contact, in)
	return s.change(ctx, who, in, person, "remove contact", func(q db.Querier, _ view, _ Record) error {
		return existed(deleteContact(ctx, q, in, person, contact))
	})
}

// Agree notes what a person agreed to. Their connector, stewards and they
// themselves may; for somebody under 18 a parent has to have said so. Faults:
// NotFound; Invalid.
func (s *Service) Agree(ctx context.Context, who access.Actor, in, person string, d ConsentDraft) (err error) {
	defer fault.Wrap(&err, "people.Agree for %s in %s", person, in)
	return s.change(ctx, who, in, person, "note consent", func(q db.Querier, v view, _ Record) error {
		here, err := initiative.Get(ctx, q, in)
		if err != nil {
			return err
		}
		var f fault.Form
		given := d.parse(here.Today(s.Now()), &f)
		f.Check(len(d.Purposes) > 0, "consent", "people.consent.none")
		if err := f.Err(); err != nil {
			return err
		}
		return AddConsent(ctx, q, in, person, v.who.Account, given)
	})
}

// Withdraw takes back what a person agreed to, and with it what was kept on
// the strength of it: the notes of what they said, the ways to reach them; and
// of somebody under 18, without a parent's consent, all but the name. Their
// connector, stewards and they themselves may. Faults: NotFound; Conflict
// "people.consent.name" for the only yes to keeping a grown-up's name: that is
// erasing.
func (s *Service) Withdraw(ctx context.Context, who access.Actor, in, person, consent string) (err error) {
	defer fault.Wrap(&err, "people.Withdraw %s in %s", consent, in)
	return s.change(ctx, who, in, person, "withdraw consent", func(q db.Querier, _ view, r Record) error {
		i := slices.IndexFunc(r.Consents, func(c Consent) bool { return c.ID == consent && c.Stands() })
		if i < 0 {
			return fault.ErrNotFound
		}
		r.Consents[i].WithdrawnAt = db.At(s.Now())
		if r.Age != Under18 && !Agreed(r.Consents, KeepName) {
			return fault.New(fault.Conflict, "people.consent.name")
		}
		return s.withdraw(ctx, q, in, r, r.Consents[i])
	})
}

// WithdrawAll takes back every yes to one purpose, as when somebody said it in
// two conversations; see Withdraw. Faults: NotFound when there is none;
// Conflict "people.consent.name".
func (s *Service) WithdrawAll(ctx context.Context, who access.Actor, in, person string, to Purpose) (err error) {
	defer fault.Wrap(&err, "people.WithdrawAll of %s in %s", person, in)
	return s.change(ctx, who, in, person, "withdraw consent", func(q db.Querier, _ view, r Record) error {
		var given []Consent
		for i, c := range r.Consents {
			if c.Purpose == to && c.Stands() {
				r.Consents[i].WithdrawnAt = db.At(s.Now())
				given = append(given, r.Consents[i])
			}
		}
		if len(given) == 0 {
			return fault.ErrNotFound
		}
		if r.Age != Under18 && !Agreed(r.Consents, KeepName) {
			return fault.New(fault.Conflict, "people.consent.name")
		}
		for _, c := range given {
			if err := s.withdraw(ctx, q, in, r, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// withdraw takes back one consent of a record in which it is withdrawn
// already, erases what is no longer agreed to, and keeps that in the journal.
func (s *Service) withdraw(ctx context.Context, q db.Querier, in string, r Record, c Consent) error {
	if err := withdrawConsent(ctx, q, in, c); err != nil {
		return err
	}
	if err := s.forgo(ctx, q, in, r, c.Purpose); err != nil {
		return err
	}
	if err := ScrubLater(ctx, q); err != nil {
		return err
	}
	return journal(ctx, q, Erasure{Initiative: in, Subject: subjectConsent, ID: c.ID, At: c.WithdrawnAt})
}

func (s *Service) forgo(ctx context.Context, q db.Querier, in string, r Record, withdrawn Purpose) error {
	switch {
	case r.Age == Under18 && !agreedByParent(r.Consents):
		if err := s.eraseElsewhere(ctx, q, in, r.ID, func(Source) bool { return true }); err != nil {
			return err
		}
		return keepNameOnly(ctx, q, in, r.Person)
	case withdrawn == KeepNotes && !Agreed(r.Consents, KeepNotes):
		return s.eraseElsewhere(ctx, q, in, r.ID, func(o Source) bool { return o.Said })
	case withdrawn == BeReached && !Agreed(r.Consents, BeReached):
		return deleteContacts(ctx, q, in, r.ID)
	}
	return nil
}

// change runs a change of one person for whoever may see them, and notes it.
func (s *Service) change(ctx context.Context, who access.Actor, in, person, act string,
	run func(q db.Querier, v view, r Record) error,
) error {
	v, err := viewOf(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		r, err := v.record(ctx, q, person)
		if err != nil {
			return err
		}
		if err := run(q, v, r); err != nil {
			return err
		}
		return v.note(ctx, q, act, person)
	})
}

// existed turns "no row was changed" into NotFound.
func existed(changed int64, err error) error {
	if err == nil && changed == 0 {
		return fault.ErrNotFound
	}
	return err
}
