package upkeep

import (
	"cmp"
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

// Holder is somebody who may do something in an initiative.
type Holder struct {
	Person, Name string
	Kinds        []access.Kind
	HasAccount   bool // and so can sign in
}

// Is says whether they have a kind of membership.
func (h Holder) Is(k access.Kind) bool { return slices.Contains(h.Kinds, k) }

// Holders gives everyone who may do something in an initiative, by name.
// Stewards may know. Faults: NotFound.
func (s *Service) Holders(ctx context.Context, who access.Actor, in string) (all []Holder, err error) {
	defer fault.Wrap(&err, "upkeep.Holders in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	held, err := access.Holding(ctx, q, in)
	if err != nil {
		return nil, err
	}
	kinds := map[string][]access.Kind{}
	var ids []string
	for _, h := range held {
		if kinds[h.Person] == nil {
			ids = append(ids, h.Person)
		}
		kinds[h.Person] = append(kinds[h.Person], h.Kind)
	}
	names, err := people.Names(ctx, q, in, ids)
	if err != nil {
		return nil, err
	}
	accounts, err := withAccount(ctx, q, in)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		all = append(all, Holder{Person: id, Name: names[id], Kinds: kinds[id], HasAccount: slices.Contains(accounts, id)})
	}
	slices.SortFunc(all, func(a, b Holder) int {
		return cmp.Or(cmp.Compare(db.Fold(a.Name), db.Fold(b.Name)), cmp.Compare(a.Person, b.Person))
	})
	return all, nil
}

// Holder says what one person may do, who need not be able to do anything yet.
// Stewards may know. Faults: NotFound, also for somebody erased.
func (s *Service) Holder(ctx context.Context, who access.Actor, in, person string) (h Holder, err error) {
	defer fault.Wrap(&err, "upkeep.Holder %s in %s", person, in)
	if err := who.Require(in, access.Steer); err != nil {
		return Holder{}, err
	}
	q := s.DB.Read()
	names, err := people.Names(ctx, q, in, []string{person})
	if err != nil {
		return Holder{}, err
	}
	if names[person] == "" {
		return Holder{}, fault.ErrNotFound
	}
	h = Holder{Person: person, Name: names[person]}
	held, err := access.History(ctx, q, in, person)
	if err != nil {
		return Holder{}, err
	}
	for _, one := range held {
		if one.EndedAt.IsZero() {
			h.Kinds = append(h.Kinds, one.Kind)
		}
	}
	accounts, err := withAccount(ctx, q, in)
	h.HasAccount = slices.Contains(accounts, person)
	return h, err
}

// Unclaimed are the initiatives in which nobody has an account: their first
// steward hasn't taken up the invitation. The operator may know. Faults:
// NotFound.
func (s *Service) Unclaimed(ctx context.Context, who access.Actor) (ids []string, err error) {
	defer fault.Wrap(&err, "upkeep.Unclaimed")
	if err := who.Require("", access.Operate); err != nil {
		return nil, err
	}
	return unclaimed(ctx, s.DB.Read())
}

// InviteFirst invites the first steward of an initiative that somebody else
// has made for them, again if need be. The operator may, while nobody there
// has an account: later on, that would be a way in. Faults: NotFound; Conflict
// "account.claim.taken".
func (s *Service) InviteFirst(ctx context.Context, who access.Actor, in string) (keys account.Invited, err error) {
	defer fault.Wrap(&err, "upkeep.InviteFirst in %s", in)
	if err := who.Require("", access.Operate); err != nil {
		return account.Invited{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		person, err := firstPerson(ctx, q, in)
		if err != nil {
			return err
		}
		taken, err := withAccount(ctx, q, in)
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return fault.New(fault.Conflict, "account.claim.taken")
		}
		keys, err = account.Invite(ctx, q, account.Invitation{Initiative: in, Person: person, Kind: access.Steward, By: who.Account})
		return err
	})
	return keys, err
}
