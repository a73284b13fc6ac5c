package people

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Erase leaves nothing of a person but an empty row: every Source forgets
// them, what counts them stays, the journal keeps id and day so that a
// restored copy forgets them again, and a job takes the bytes out of the
// store's log. Their connector, stewards and they themselves may; it is noted.
// Faults: NotFound; Conflict "people.erase.steward" for the only steward,
// since nobody would be left to hold the house.
func (s *Service) Erase(ctx context.Context, who access.Actor, in, person string) (err error) {
	defer fault.Wrap(&err, "people.Erase %s in %s", person, in)
	v, err := viewOf(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if _, err := v.person(ctx, q, person); err != nil {
			return err
		}
		stewards, err := access.With(ctx, q, in, access.Steward)
		if err != nil {
			return err
		}
		if len(stewards) == 1 && stewards[0] == person {
			return fault.New(fault.Conflict, "people.erase.steward")
		}
		if err := s.erase(ctx, q, in, person, db.At(s.Now())); err != nil {
			return err
		}
		return v.note(ctx, q, "erase person", person)
	})
}

// erase does it in one piece, for a first time or again after a restore.
func (s *Service) erase(ctx context.Context, q db.Querier, in, person string, at db.Stamp) error {
	if err := s.eraseElsewhere(ctx, q, in, person, func(Source) bool { return true }); err != nil {
		return err
	}
	if err := eraseOwn(ctx, q, in, person); err != nil {
		return err
	}
	if err := ScrubLater(ctx, q); err != nil {
		return err
	}
	return journal(ctx, q, Erasure{Initiative: in, Subject: subjectPerson, ID: person, At: at})
}

// eraseElsewhere runs the Erase of those other rooms' sources that are meant.
func (s *Service) eraseElsewhere(ctx context.Context, q db.Querier, in, person string, meant func(Source) bool) error {
	for _, source := range s.Sources {
		if !meant(source) {
			continue
		}
		if err := source.Erase(ctx, q, in, person); err != nil {
			return err
		}
	}
	return nil
}

// eraseOwn empties a person's row and forgets contacts and consents. The area
// stays, since counts by area do. The household's note goes as well: nobody
// can tell of whom in it a connector wrote; and with its last person goes all
// but its area.
func eraseOwn(ctx context.Context, q db.Querier, in, person string) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	p, err := living(ctx, q, in, person)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := forgetDetails(ctx, q, in, p); err != nil {
		return err
	}
	if err := emptyPerson(ctx, q, in, person, now); err != nil {
		return err
	}
	if p.Household != "" {
		if err := emptyHousehold(ctx, q, in, p.Household, now); err != nil {
			return err
		}
	}
	// Whoever they knew is without a connector now, and shows so to stewards.
	_, _, err = moveAll(ctx, q, in, person, "")
	return err
}

// keepNameOnly forgets all but the name, the age and the connector.
func keepNameOnly(ctx context.Context, q db.Querier, in string, p Person) error {
	if err := forgetDetails(ctx, q, in, p); err != nil {
		return err
	}
	kept := Person{ID: p.ID, Name: p.Name, Age: p.Age}
	return updatePerson(ctx, q, in, kept)
}

// forgetDetails drops what stands about a person beside their own row.
func forgetDetails(ctx context.Context, q db.Querier, in string, p Person) error {
	if p.Household != "" {
		if err := dropNote(ctx, q, in, p.Household); err != nil {
			return err
		}
	}
	if err := deleteContacts(ctx, q, in, p.ID); err != nil {
		return err
	}
	return deleteConsents(ctx, q, in, p.ID)
}
