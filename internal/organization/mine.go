package organization

import (
	"cmp"
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Mine gives the organizations that somebody speaks for, by name. Anyone may
// ask for their own.
func (s *Service) Mine(ctx context.Context, who access.Actor, in string) (all []Organization, err error) {
	defer fault.Wrap(&err, "organization.Mine in %s", in)
	byID, err := byIDs(ctx, s.DB.Read(), in, viewOf(who, in).mine())
	for _, o := range byID {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b Organization) int {
		return cmp.Or(cmp.Compare(db.Fold(a.Name), db.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// Spoken says for which of some organizations somebody speaks. Anyone may: the
// page of each says so too.
func (s *Service) Spoken(ctx context.Context, in string, organizations []string) (spoken map[string]bool, err error) {
	defer fault.Wrap(&err, "organization.Spoken in %s", in)
	spoken = make(map[string]bool, len(organizations))
	who, err := speakingFor(ctx, s.DB.Read(), in, organizations)
	for id, people := range who {
		spoken[id] = len(people) > 0
	}
	return spoken, err
}

// SpokenForBy gives the names of the organizations that a person speaks for, or
// was asked to. Who may know is the caller's to ask.
func SpokenForBy(ctx context.Context, q db.Querier, in, person string) (names []string, err error) {
	defer fault.Wrap(&err, "organization.SpokenForBy %s in %s", person, in)
	all, err := spokeFor(ctx, q, in, person)
	for _, one := range all {
		if one.Until.IsZero() {
			names = append(names, one.Name)
		}
	}
	return names, err
}
