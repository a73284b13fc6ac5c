package people

import (
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Invite lets a person take up an account, by a link or a code that works
// once. Stewards may, to be anything; their connector may, to be a member.
// Faults: NotFound; Invalid at "kind", and at "age" for somebody under 18
// without a parent's consent; Conflict "account.claim.taken".
func (s *Service) Invite(ctx context.Context, who access.Actor, in, person string, kind access.Kind) (keys account.Invited, err error) {
	defer fault.Wrap(&err, "people.Invite %s in %s", person, in)
	v, err := workingView(who, in)
	if err != nil {
		return account.Invited{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		if err := v.theirs(ctx, q, person); err != nil {
			return err
		}
		var f fault.Form
		f.Check(kind == access.Member || v.all && slices.Contains(access.Kinds(), kind), "kind", "access.kind.unknown")
		if err := f.Err(); err != nil {
			return err
		}
		if err := mayKeep(ctx, q, in, person, "age"); err != nil {
			return err
		}
		keys, err = account.Invite(ctx, q, account.Invitation{Initiative: in, Person: person, Kind: kind, By: who.Account})
		return err
	})
	return keys, err
}
