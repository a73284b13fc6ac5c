package people

import (
	"context"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Move passes a person to another connector. Their present connector and
// stewards may. Faults: NotFound; Invalid at "connector".
func (s *Service) Move(ctx context.Context, who access.Actor, in, person, to string) (err error) {
	defer fault.Wrap(&err, "people.Move %s to %s in %s", person, to, in)
	return s.move(ctx, who, in, to, func(q db.Querier, v view) (string, error) {
		if err := v.theirs(ctx, q, person); err != nil {
			return "", err
		}
		return person, movePerson(ctx, q, in, person, to)
	})
}

// MoveHousehold passes a household to another connector, and with it those of
// its people who had the same one. Its present connector and stewards may.
// Faults: NotFound; Invalid at "connector"; Conflict "people.move.code" when
// the other connector has a household of that code already.
func (s *Service) MoveHousehold(ctx context.Context, who access.Actor, in, household, to string) (err error) {
	defer fault.Wrap(&err, "people.MoveHousehold %s to %s in %s", household, to, in)
	return s.move(ctx, who, in, to, func(q db.Querier, v view) (string, error) {
		h, err := v.household(ctx, q, household)
		if err != nil {
			return "", err
		}
		if h.Connector == to {
			return household, nil
		}
		if err := checkCodes(ctx, q, in, h.Connector, household, to); err != nil {
			return "", err
		}
		return household, moveHousehold(ctx, q, in, h.Household, to)
	})
}

// Moved is how much MoveAll passed on.
type Moved struct{ People, Households int64 }

// MoveAll passes everyone and every household of one connector to another, as
// when somebody stops. Stewards may, and a connector their own; stewards may
// give NoConnector as from. Faults: NotFound; Invalid at "connector"; Conflict
// "people.move.code", which names the codes that both have.
func (s *Service) MoveAll(ctx context.Context, who access.Actor, in, from, to string) (n Moved, err error) {
	defer fault.Wrap(&err, "people.MoveAll from %s to %s in %s", from, to, in)
	err = s.move(ctx, who, in, to, func(q db.Querier, v view) (string, error) {
		if !v.cares(from) {
			return "", fault.ErrNotFound
		}
		if from == to {
			return from, nil
		}
		owner := from
		if from == NoConnector {
			owner = ""
		}
		if err := checkCodes(ctx, q, in, owner, "", to); err != nil {
			return "", err
		}
		n.People, n.Households, err = moveAll(ctx, q, in, owner, to)
		return from, err
	})
	return n, err
}

func (s *Service) move(ctx context.Context, who access.Actor, in, to string, run func(q db.Querier, v view) (object string, err error)) error {
	v, err := workingView(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		object, err := run(q, v)
		if err != nil {
			return err
		}
		// Checked after, and undone with all of it: what the actor may not see
		// is not found, whoever it was to go to.
		var f fault.Form
		if err := checkConnector(ctx, q, in, to, &f); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		return v.note(ctx, q, "move to "+to, object)
	})
}

// checkCodes refuses a move that would give a connector one code twice.
func checkCodes(ctx context.Context, q db.Querier, in, from, household, to string) error {
	codes, err := clashes(ctx, q, in, from, household, to)
	if err == nil && len(codes) > 0 {
		return fault.New(fault.Conflict, "people.move.code", "codes", strings.Join(codes, ", "))
	}
	return err
}
