package organization

import (
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
)

// ground is what a form of this room is read against.
type ground struct {
	in    initiative.Initiative
	areas []place.Area
	on    db.Day
}

func (s *Service) ground(ctx context.Context, q db.Querier, in string) (g ground, err error) {
	if g.in, err = initiative.Get(ctx, q, in); err != nil {
		return ground{}, err
	}
	g.on = g.in.Today(s.Now())
	g.areas, err = place.Areas(ctx, q, in)
	return g, err
}

// Create writes an organization down, as a draft. Stewards may. Faults:
// NotFound; Invalid, with the fields of Draft.
func (s *Service) Create(ctx context.Context, who access.Actor, in string, d Draft) (o Organization, err error) {
	defer fault.Wrap(&err, "organization.Create in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return Organization{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		o, err = s.create(ctx, q, viewOf(who, in), d, Drafted)
		return err
	})
	return o, err
}

func (s *Service) create(ctx context.Context, q db.Querier, v view, d Draft, status Status) (Organization, error) {
	g, err := s.ground(ctx, q, v.initiative)
	if err != nil {
		return Organization{}, err
	}
	var f fault.Form
	o := d.parse(g.in, g.areas, &f)
	if err := v.checkParent(ctx, q, o, &f); err != nil {
		return Organization{}, err
	}
	if err := f.Err(); err != nil {
		return Organization{}, err
	}
	o.Status, o.ReviewOn = status, reviewOn(g.on)
	n := New{Organization: o}
	if number := phone(d.Phone, "phone", &f); number != "" {
		n.Details = []Detail{phoneDetail("", number)}
	}
	added, err := Add(ctx, q, v.initiative, []New{n})
	if err != nil {
		return Organization{}, err
	}
	return added[0], v.note(ctx, q, "create organization", added[0].ID)
}

// Edit changes what an organization says of itself; so it is fresh again. Its
// spokespersons and stewards may; that an institution is an association after
// all is a steward's to say. Faults: NotFound; Invalid, with the fields of
// Draft.
func (s *Service) Edit(ctx context.Context, who access.Actor, in, id string, d Draft) (o Organization, err error) {
	defer fault.Wrap(&err, "organization.Edit %s in %s", id, in)
	err = s.act(ctx, who, in, id, "edit organization", func(q db.Querier, v view, have Organization) error {
		g, err := s.ground(ctx, q, in)
		if err != nil {
			return err
		}
		var f fault.Form
		o = d.parse(g.in, g.areas, &f)
		o.ID = id
		// In a room an association sits with the neighbours, before institutions come in.
		f.Check(v.steers || o.Kind == have.Kind || o.Kind == Institution, "kind", "organization.kind.steward")
		if err := v.checkParent(ctx, q, o, &f); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		o.Status, o.Source, o.SourceID, o.Extra = have.Status, have.Source, have.SourceID, have.Extra
		o.CreatedAt, o.ChangedAt, o.ReviewOn = have.CreatedAt, db.At(s.Now()), reviewOn(g.on)
		if err := putOrganizations(ctx, q, in, []Organization{o}); err != nil {
			return err
		}
		if err := s.setPhone(ctx, q, in, EntityOrganization, id, d.Phone); err != nil {
			return err
		}
		return s.indexOf(ctx, q, in, id)
	})
	return o, err
}

// checkParent refuses a parent that isn't there, or that lies within.
func (v view) checkParent(ctx context.Context, q db.Querier, o Organization, f *fault.Form) error {
	if o.Parent == "" {
		return nil
	}
	up, err := v.get(ctx, q, o.Parent)
	if fault.Is(err, fault.NotFound) {
		f.Add("parent", "organization.parent.unknown")
		return nil
	}
	f.Check(o.Parent != o.ID && (o.ID == "" || up.Parent != o.ID), "parent", "organization.parent.within")
	return err
}

// Show lets everybody see an organization, or puts it out of sight. Its
// spokespersons and stewards may; what was proposed is shown by a steward.
// Faults: NotFound; Invalid at "status"; Conflict "organization.show.steward".
func (s *Service) Show(ctx context.Context, who access.Actor, in, id string, to Status) (err error) {
	defer fault.Wrap(&err, "organization.Show %s in %s", id, in)
	var f fault.Form
	f.Check(slices.Contains([]Status{Drafted, Shown, Hidden}, to), "status", "organization.status.unknown")
	if err := f.Err(); err != nil {
		return err
	}
	return s.act(ctx, who, in, id, "show organization", func(q db.Querier, v view, have Organization) error {
		if have.Status == Proposed && !v.steers {
			return fault.New(fault.Conflict, "organization.show.steward")
		}
		if have.Status == Proposed && to == Hidden { // out of sight it is, and still a steward's to show
			to = Proposed
		}
		on, err := today(ctx, q, in, s.Now())
		if err != nil {
			return err
		}
		if err := setStatus(ctx, q, in, id, to, reviewOn(on), db.At(s.Now())); err != nil {
			return err
		}
		return s.indexOf(ctx, q, in, id)
	})
}

// AddOffer writes down one more thing that an organization can bring. Its
// spokespersons and stewards may. Faults: NotFound; Invalid at "kind", "text"
// and "lang".
func (s *Service) AddOffer(ctx context.Context, who access.Actor, in, organization string, d OfferDraft) (o Offer, err error) {
	defer fault.Wrap(&err, "organization.AddOffer to %s in %s", organization, in)
	err = s.act(ctx, who, in, organization, "add offer", func(q db.Querier, _ view, _ Organization) error {
		if o, err = s.offer(ctx, q, in, d); err != nil {
			return err
		}
		o.Organization = organization
		all := []Offer{o}
		err = AddOffers(ctx, q, in, all)
		o = all[0]
		return err
	})
	return o, err
}

// EditOffer puts other words to an offer. As AddOffer.
func (s *Service) EditOffer(ctx context.Context, who access.Actor, in, organization, id string, d OfferDraft) (err error) {
	defer fault.Wrap(&err, "organization.EditOffer %s in %s", id, in)
	return s.act(ctx, who, in, organization, "edit offer", func(q db.Querier, _ view, _ Organization) error {
		o, err := s.offer(ctx, q, in, d)
		if err != nil {
			return err
		}
		o.ID, o.Organization = id, organization
		return existed(updateOffer(ctx, q, in, o))
	})
}

// RemoveOffer takes an offer back. As AddOffer.
func (s *Service) RemoveOffer(ctx context.Context, who access.Actor, in, organization, id string) (err error) {
	defer fault.Wrap(&err, "organization.RemoveOffer %s in %s", id, in)
	return s.act(ctx, who, in, organization, "remove offer", func(q db.Querier, _ view, _ Organization) error {
		return existed(deleteOffer(ctx, q, in, organization, id))
	})
}

func (s *Service) offer(ctx context.Context, q db.Querier, in string, d OfferDraft) (Offer, error) {
	here, err := initiative.Get(ctx, q, in)
	if err != nil {
		return Offer{}, err
	}
	var f fault.Form
	o := d.parse(here, &f)
	return o, f.Err()
}

// act does something to an organization that the actor may change, and notes
// who did it and for whom.
func (s *Service) act(ctx context.Context, who access.Actor, in, id, act string,
	do func(q db.Querier, v view, have Organization) error,
) error {
	v := viewOf(who, in)
	if !v.edits(id) {
		return fault.ErrNotFound
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		have, err := get(ctx, q, in, id)
		if err != nil {
			return err
		}
		if err := do(q, v, have); err != nil {
			return err
		}
		if err := db.Touch(ctx, q, in); err != nil {
			return err
		}
		return v.note(ctx, q, act, id)
	})
}

// existed turns "no row was changed" into NotFound.
func existed(changed int64, err error) error {
	if err == nil && changed == 0 {
		return fault.ErrNotFound
	}
	return err
}
