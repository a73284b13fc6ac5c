package place

import (
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
)

// Service keeps an initiative's areas and what is on in them.
type Service struct {
	DB  *db.DB
	IDs *db.IDs
	Now clock.Clock
}

// Add puts a first area into an initiative that is being made.
func Add(ctx context.Context, q db.Querier, initiative string, a Area, at db.Stamp) error {
	return insertArea(ctx, q, initiative, a, "", at)
}

// List gives every area, by name; Tree puts them in order. Anyone may.
func (s *Service) List(ctx context.Context, initiative string) (areas []Area, err error) {
	defer fault.Wrap(&err, "place.List in %s", initiative)
	return Areas(ctx, s.DB.Read(), initiative)
}

// Boundaries gives the outlines there are, as GeoJSON geometries by area id.
// Anyone may.
func (s *Service) Boundaries(ctx context.Context, initiative string) (byArea map[string]string, err error) {
	defer fault.Wrap(&err, "place.Boundaries in %s", initiative)
	all, err := outlines(ctx, s.DB.Read(), initiative)
	if err != nil {
		return nil, err
	}
	byArea = make(map[string]string, len(all))
	for _, o := range all {
		byArea[o.area] = o.geometry
	}
	return byArea, nil
}

// Create adds an area. Stewards may. Faults: NotFound, Invalid.
func (s *Service) Create(ctx context.Context, who access.Actor, initiative string, d Draft) (a Area, err error) {
	defer fault.Wrap(&err, "place.Create in %s", initiative)
	id := s.IDs.New()
	err = s.edit(ctx, who, initiative, "create area", func(q db.Querier, have []Area, today db.Day) (string, error) {
		var f fault.Form
		parsed, boundary := d.parse("", have, today, &f)
		if err := f.Err(); err != nil {
			return "", err
		}
		a = parsed
		a.ID, a.HasBoundary = id, boundary != ""
		return id, insertArea(ctx, q, initiative, a, boundary, db.At(s.Now()))
	})
	return a, err
}

// Edit changes an area. Stewards may. Faults: NotFound, Invalid.
func (s *Service) Edit(ctx context.Context, who access.Actor, initiative, id string, d Draft) (a Area, err error) {
	defer fault.Wrap(&err, "place.Edit %s in %s", id, initiative)
	err = s.edit(ctx, who, initiative, "edit area", func(q db.Querier, have []Area, today db.Day) (string, error) {
		i := slices.IndexFunc(have, func(a Area) bool { return a.ID == id })
		if i < 0 {
			return "", fault.ErrNotFound
		}
		var f fault.Form
		parsed, boundary := d.parse(id, have, today, &f)
		if err := f.Err(); err != nil {
			return "", err
		}
		a = parsed
		a.HasBoundary = boundary != "" || have[i].HasBoundary && !d.DropBoundary
		if err := updateArea(ctx, q, initiative, a); err != nil {
			return "", err
		}
		if boundary == "" && !d.DropBoundary {
			return id, nil
		}
		return id, setBoundary(ctx, q, initiative, id, boundary)
	})
	return a, err
}

// edit runs a change to the areas for a steward, over those there are.
func (s *Service) edit(ctx context.Context, who access.Actor, in, act string,
	change func(q db.Querier, have []Area, today db.Day) (object string, err error),
) error {
	if err := who.Require(in, access.Steer); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		here, err := initiative.Get(ctx, q, in)
		if err != nil {
			return err
		}
		have, err := Areas(ctx, q, in)
		if err != nil {
			return err
		}
		object, err := change(q, have, here.Today(s.Now()))
		if err != nil {
			return err
		}
		return note(ctx, q, who, in, act, object)
	})
}

// note records the act and tells public pages that they have changed.
func note(ctx context.Context, q db.Querier, who access.Actor, in, act, object string) error {
	if err := db.Touch(ctx, q, in); err != nil {
		return err
	}
	return audit.Note(ctx, q, audit.Event{
		Initiative: in, Account: who.Account, Person: who.Person(in), For: who.For, Act: act, Object: object,
	})
}
