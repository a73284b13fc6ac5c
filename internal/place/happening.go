package place

import (
	"context"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
)

// Happening is one thing going on that anybody may come to.
type Happening struct {
	ID, Area string
	Title    string
	Spot     string // where, in words
	On       db.Day
	At       string // HH:MM on the initiative's clock, or ""
	Lang     i18n.Lang
}

// most is how many happenings are ever looked through for the nearest one, or
// shown in a list.
const most = 50

// Upcoming gives what is on from now, the soonest first, fifty at most.
// Anyone may. Faults: NotFound.
func (s *Service) Upcoming(ctx context.Context, in string) (all []Happening, err error) {
	defer fault.Wrap(&err, "place.Upcoming in %s", in)
	here, err := initiative.Get(ctx, s.DB.Read(), in)
	if err != nil {
		return nil, err
	}
	return soonest(ctx, s.DB.Read(), here, s.Now())
}

// Next is one thing happening near: of what is on soon, the nearest to an area
// in the tree of areas, then the soonest. found is false when nothing is on.
// Anyone may.
func Next(ctx context.Context, q db.Querier, in initiative.Initiative, area string, now time.Time) (next Happening, found bool, err error) {
	defer fault.Wrap(&err, "place.Next in %s", in.ID)
	all, err := soonest(ctx, q, in, now)
	if err != nil || len(all) == 0 {
		return Happening{}, false, err
	}
	areas, err := Areas(ctx, q, in.ID)
	if err != nil {
		return Happening{}, false, err
	}
	next = all[0]
	for _, h := range all[1:] {
		if apart(areas, area, h.Area) < apart(areas, area, next.Area) {
			next = h
		}
	}
	return next, true, nil
}

// Near is Next, of now: for a page that has just heard where somebody lives.
// Faults: NotFound.
func (s *Service) Near(ctx context.Context, in, area string) (next Happening, found bool, err error) {
	defer fault.Wrap(&err, "place.Near in %s", in)
	here, err := initiative.Get(ctx, s.DB.Read(), in)
	if err != nil {
		return Happening{}, false, err
	}
	return Next(ctx, s.DB.Read(), here, area, s.Now())
}

func soonest(ctx context.Context, q db.Querier, in initiative.Initiative, now time.Time) ([]Happening, error) {
	return upcoming(ctx, q, in.ID, in.Today(now), now.In(in.Zone).Format(clockLayout), most)
}

// GetHappening reads one happening. Anyone may. Faults: NotFound.
func (s *Service) GetHappening(ctx context.Context, in, id string) (h Happening, err error) {
	defer fault.Wrap(&err, "place.GetHappening %s in %s", id, in)
	return happening(ctx, s.DB.Read(), in, id)
}

// CreateHappening announces something. Connectors and stewards may. Faults:
// NotFound, Invalid.
func (s *Service) CreateHappening(ctx context.Context, who access.Actor, in string, d HappeningDraft) (h Happening, err error) {
	defer fault.Wrap(&err, "place.CreateHappening in %s", in)
	id := s.IDs.New()
	err = s.announce(ctx, who, in, d, "create happening", func(q db.Querier, parsed Happening) (string, error) {
		h = parsed
		h.ID = id
		return id, insertHappening(ctx, q, in, h, db.At(s.Now()))
	})
	return h, err
}

// EditHappening changes an announcement. Connectors and stewards may. Faults:
// NotFound, Invalid.
func (s *Service) EditHappening(ctx context.Context, who access.Actor, in, id string, d HappeningDraft) (h Happening, err error) {
	defer fault.Wrap(&err, "place.EditHappening %s in %s", id, in)
	err = s.announce(ctx, who, in, d, "edit happening", func(q db.Querier, parsed Happening) (string, error) {
		h = parsed
		h.ID = id
		changed, err := updateHappening(ctx, q, in, h)
		return id, existed(changed, err)
	})
	return h, err
}

// RemoveHappening takes an announcement back. Connectors and stewards may.
// Faults: NotFound.
func (s *Service) RemoveHappening(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "place.RemoveHappening %s in %s", id, in)
	if err := who.Require(in, access.Converse); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := existed(deleteHappening(ctx, q, in, id)); err != nil {
			return err
		}
		return note(ctx, q, who, in, "remove happening", id)
	})
}

func (s *Service) announce(ctx context.Context, who access.Actor, in string, d HappeningDraft, act string,
	keep func(q db.Querier, parsed Happening) (object string, err error),
) error {
	if err := who.Require(in, access.Converse); err != nil {
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
		var f fault.Form
		parsed := d.parse(have, here.Langs, here.Today(s.Now()), &f)
		if err := f.Err(); err != nil {
			return err
		}
		object, err := keep(q, parsed)
		if err != nil {
			return err
		}
		return note(ctx, q, who, in, act, object)
	})
}

// existed turns "no row was changed" into NotFound.
func existed(changed int64, err error) error {
	if err == nil && changed == 0 {
		return fault.ErrNotFound
	}
	return err
}
