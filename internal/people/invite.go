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
// Whoever takes up an account may all that its person may, so somebody who holds
// more than a membership is a steward's to invite. Faults: NotFound; Invalid at
// "kind", and at "age" for somebody under 18
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
		if err := v.mayHandKey(ctx, q, person); err != nil {
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

// mayHandKey is NotFound for a connector who would hand out more than a
// membership: the person has other permissions already.
func (v view) mayHandKey(ctx context.Context, q db.Querier, person string) error {
	if v.all {
		return nil
	}
	held, err := access.History(ctx, q, v.initiative, person)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(held, func(h access.Held) bool { return h.Kind != access.Member && h.EndedAt.IsZero() }) {
		return fault.ErrNotFound
	}
	return nil
}
