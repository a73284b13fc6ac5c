package access

import (
	"context"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Service is what stewards do with people's permissions.
type Service struct{ DB *db.DB }

// Give gives a person of the initiative a membership. Stewards may. Whether
// there is such a person is the caller's to know. Faults: NotFound; Invalid at
// "kind".
func (s *Service) Give(ctx context.Context, who Actor, m Membership) (err error) {
	defer fault.Wrap(&err, "access.Service.Give")
	if err := mayChange(who, m); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error { return Give(ctx, q, m, who.Account) })
}

// Remove ends a person's membership at once. Stewards may. Faults: NotFound;
// Invalid at "kind"; Conflict "access.steward.last" for the only steward, since
// nobody would be left to give the key back.
func (s *Service) Remove(ctx context.Context, who Actor, m Membership) (err error) {
	defer fault.Wrap(&err, "access.Service.Remove")
	if err := mayChange(who, m); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := Remove(ctx, q, m, who.Account); err != nil {
			return err
		}
		if m.Kind != Steward {
			return nil
		}
		left, err := With(ctx, q, m.Initiative, Steward)
		if err == nil && len(left) == 0 {
			return fault.New(fault.Conflict, "access.steward.last")
		}
		return err
	})
}

// Holding gives every membership that holds in an initiative. Stewards may.
// Faults: NotFound.
func (s *Service) Holding(ctx context.Context, who Actor, initiative string) ([]Held, error) {
	if err := who.Require(initiative, Steer); err != nil {
		return nil, err
	}
	return Holding(ctx, s.DB.Read(), initiative)
}

func mayChange(who Actor, m Membership) error {
	if err := who.Require(m.Initiative, Steer); err != nil {
		return err
	}
	var f fault.Form
	f.Check(slices.Contains(Kinds(), m.Kind), "kind", "access.kind.unknown")
	return f.Err()
}
