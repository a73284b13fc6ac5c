package people

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// HouseholdRecord is a household with those of its people whom the actor may
// see.
type HouseholdRecord struct {
	HouseholdCard
	Members []Card
}

// GetHousehold reads a household and its people. Its connector and stewards
// may; it is noted. Faults: NotFound.
func (s *Service) GetHousehold(ctx context.Context, who access.Actor, in, id string) (r HouseholdRecord, err error) {
	defer fault.Wrap(&err, "people.GetHousehold %s in %s", id, in)
	v, err := workingView(who, in)
	if err != nil {
		return HouseholdRecord{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) (err error) {
		if r.HouseholdCard, err = v.household(ctx, q, id); err != nil {
			return err
		}
		if r.Members, err = listPeople(ctx, q, v, Filter{Household: id, Limit: maxPage}); err != nil {
			return err
		}
		return v.note(ctx, q, "read household", id)
	})
	return r, err
}

// CreateHousehold writes a household down. Connectors may, for themselves;
// stewards may, for any connector. Faults: NotFound; Invalid.
func (s *Service) CreateHousehold(ctx context.Context, who access.Actor, in string, d HouseholdDraft) (h Household, err error) {
	defer fault.Wrap(&err, "people.CreateHousehold in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return Household{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		var f fault.Form
		h = d.parse(&f)
		if h.Connector, err = v.connector(ctx, q, d.Connector, &f); err != nil {
			return err
		}
		if err := v.checkHousehold(ctx, q, h, &f); err != nil {
			return err
		}
		now, id, err := db.Mark(q)
		if err != nil {
			return err
		}
		h.ID = id
		if err := insertHousehold(ctx, q, in, h, now); err != nil {
			return err
		}
		return v.note(ctx, q, "create household", id)
	})
	return h, err
}

// EditHousehold changes a household, but not whose it is. Its connector and
// stewards may. Faults: NotFound; Invalid.
func (s *Service) EditHousehold(ctx context.Context, who access.Actor, in, id string, d HouseholdDraft) (h Household, err error) {
	defer fault.Wrap(&err, "people.EditHousehold %s in %s", id, in)
	v, err := workingView(who, in)
	if err != nil {
		return Household{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		have, err := v.household(ctx, q, id)
		if err != nil {
			return err
		}
		var f fault.Form
		h = d.parse(&f)
		h.ID, h.Connector = id, have.Connector
		if err := v.checkHousehold(ctx, q, h, &f); err != nil {
			return err
		}
		if err := updateHousehold(ctx, q, in, h); err != nil {
			return err
		}
		return v.note(ctx, q, "edit household", id)
	})
	return h, err
}

// checkHousehold is nil when the household may be kept as it is.
func (v view) checkHousehold(ctx context.Context, q db.Querier, h Household, f *fault.Form) error {
	if err := checkArea(ctx, q, v.initiative, h.Area, f); err != nil {
		return err
	}
	same, err := householdByCode(ctx, q, v.initiative, h.Connector, h.Code)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	f.Check(err != nil || same.ID == h.ID, "code", "people.code.taken", "code", h.Code)
	return f.Err()
}
