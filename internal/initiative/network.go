package initiative

import (
	"context"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Network groups initiatives that learn together. It owns nothing of theirs.
type Network struct {
	ID, Name, About string
	Initiatives     []string // ids
}

// NetworkDraft is a network as somebody typed it.
type NetworkDraft struct{ Name, About string }

// CreateNetwork makes a network without initiatives. The operator may.
// Faults: NotFound, Invalid.
func (s *Service) CreateNetwork(ctx context.Context, who access.Actor, d NetworkDraft) (n Network, err error) {
	defer fault.Wrap(&err, "initiative.CreateNetwork")
	if err := who.Require("", access.Operate); err != nil {
		return Network{}, err
	}
	n = Network{ID: s.IDs.New(), Name: strings.TrimSpace(d.Name), About: strings.TrimSpace(d.About)}
	var f fault.Form
	f.Check(n.Name != "", "name", "initiative.name.missing")
	f.Check(length(n.Name) <= maxName, "name", "initiative.name.long", "max", maxName)
	f.Check(length(n.About) <= maxAbout, "about", "initiative.about.long", "max", maxAbout)
	if err := f.Err(); err != nil {
		return Network{}, err
	}
	return n, s.DB.Tx(ctx, func(q db.Querier) error { return insertNetwork(ctx, q, n, db.At(s.Now())) })
}

// Join puts an initiative into a network; doing it again changes nothing. The
// operator may. Faults: NotFound.
func (s *Service) Join(ctx context.Context, who access.Actor, network, id string) (err error) {
	defer fault.Wrap(&err, "initiative.Join %s to %s", id, network)
	if err := who.Require("", access.Operate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if _, err := Get(ctx, q, id); err != nil {
			return err
		}
		if err := networkExists(ctx, q, network); err != nil {
			return err
		}
		if err := join(ctx, q, network, id, db.At(s.Now())); err != nil {
			return err
		}
		return s.note(ctx, q, who, id, "join network")
	})
}

// Leave takes an initiative out of a network. The operator may, and its
// stewards: nobody is kept in a network. Faults: NotFound.
func (s *Service) Leave(ctx context.Context, who access.Actor, network, id string) (err error) {
	defer fault.Wrap(&err, "initiative.Leave %s from %s", id, network)
	if !who.May("", access.Operate) && !who.May(id, access.Steer) {
		return fault.ErrNotFound
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := leave(ctx, q, network, id); err != nil {
			return err
		}
		return s.note(ctx, q, who, id, "leave network")
	})
}

// Networks gives every network with the ids of its initiatives. Anyone may.
func (s *Service) Networks(ctx context.Context) (all []Network, err error) {
	defer fault.Wrap(&err, "initiative.Networks")
	if all, err = networks(ctx, s.DB.Read()); err != nil {
		return nil, err
	}
	members, err := networkMembers(ctx, s.DB.Read())
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		i := slices.IndexFunc(all, func(n Network) bool { return n.ID == m.network })
		if i >= 0 {
			all[i].Initiatives = append(all[i].Initiatives, m.initiative)
		}
	}
	return all, nil
}
