package organization

import (
	"context"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// fresh is how long what an organization says is taken to hold before we ask
// again, in months: a starting value of our own judgement.
const fresh = 6

// reviewOn is the day from which we ask whether something still holds.
func reviewOn(said db.Day) db.Day { return db.Day{Time: said.AddDate(0, fresh, 0)} }

// ReviewOn is that day, for whoever brings in what was said on a day of their
// initiative.
func ReviewOn(said db.Day) db.Day { return reviewOn(said) }

// New is an organization to be written down, with what came along.
type New struct {
	Organization
	Offers  []Offer
	Details []Detail
}

// Add writes organizations down in the transaction of whoever knows that this
// may be, some hundreds in one statement; taken as checked. One without an id
// is given one, without a status it is a draft, and without a day of review it holds for half a
// year from today in UTC.
func Add(ctx context.Context, q db.Querier, initiative string, all []New) (added []Organization, err error) {
	defer fault.Wrap(&err, "organization.Add in %s", initiative)
	var offers []Offer
	var details []Detail
	for _, n := range all {
		o := n.Organization
		now, id, err := db.Mark(q)
		if err != nil {
			return nil, err
		}
		if o.ID == "" {
			o.ID = id
		}
		if o.Status == "" {
			o.Status = Drafted
		}
		o.CreatedAt, o.ChangedAt = db.At(now), db.At(now)
		if o.ReviewOn.IsZero() {
			o.ReviewOn = reviewOn(db.DayOf(now, time.UTC))
		}
		added = append(added, o)
		for _, offer := range n.Offers {
			offer.Organization = o.ID
			offers = append(offers, offer)
		}
		for _, d := range n.Details {
			d.OwnerEntity, d.Owner = EntityOrganization, o.ID
			details = append(details, d)
		}
	}
	if err := putOrganizations(ctx, q, initiative, added); err != nil {
		return nil, err
	}
	if err := AddOffers(ctx, q, initiative, offers); err != nil {
		return nil, err
	}
	if err := AddDetails(ctx, q, initiative, details); err != nil {
		return nil, err
	}
	return added, db.Touch(ctx, q, initiative)
}

// AddOffers writes down what organizations can bring; see Add.
func AddOffers(ctx context.Context, q db.Querier, initiative string, all []Offer) (err error) {
	defer fault.Wrap(&err, "organization.AddOffers in %s", initiative)
	for i := range all {
		if err := mark(q, &all[i].ID, &all[i].CreatedAt, nil); err != nil {
			return err
		}
	}
	return putOffers(ctx, q, initiative, all)
}

// AddLocations writes places down; see Add. Ids are set in what was given.
func AddLocations(ctx context.Context, q db.Querier, initiative string, all []Location) (err error) {
	defer fault.Wrap(&err, "organization.AddLocations in %s", initiative)
	for i := range all {
		if err := mark(q, &all[i].ID, &all[i].CreatedAt, &all[i].ChangedAt); err != nil {
			return err
		}
	}
	return putLocations(ctx, q, initiative, all)
}

// AddServices writes services down; see Add. They are found by their words
// after Index, which wants their places written down too.
func AddServices(ctx context.Context, q db.Querier, initiative string, all []ServiceRecord) (err error) {
	defer fault.Wrap(&err, "organization.AddServices in %s", initiative)
	for i := range all {
		s := &all[i]
		if err := mark(q, &s.ID, &s.CreatedAt, &s.ChangedAt); err != nil {
			return err
		}
		if s.Status == "" {
			s.Status = Active
		}
		if s.ReviewOn.IsZero() {
			s.ReviewOn = reviewOn(db.DayOf(s.CreatedAt.Time, time.UTC))
		}
	}
	return putServices(ctx, q, initiative, all)
}

// AddPlaces writes down where services are given; see Add.
func AddPlaces(ctx context.Context, q db.Querier, initiative string, all []ServicePlace) (err error) {
	defer fault.Wrap(&err, "organization.AddPlaces in %s", initiative)
	for i := range all {
		if err := mark(q, &all[i].ID, &all[i].CreatedAt, &all[i].ChangedAt); err != nil {
			return err
		}
	}
	return putPlaces(ctx, q, initiative, all)
}

// AddDetails writes down whatever else is known; see Add.
func AddDetails(ctx context.Context, q db.Querier, initiative string, all []Detail) (err error) {
	defer fault.Wrap(&err, "organization.AddDetails in %s", initiative)
	for i := range all {
		if err := mark(q, &all[i].ID, &all[i].CreatedAt, &all[i].ChangedAt); err != nil {
			return err
		}
	}
	return putDetails(ctx, q, initiative, all)
}

// mark gives a new row its id, unless it has one, and its moments.
func mark(q db.Querier, id *string, created, changed *db.Stamp) error {
	now, fresh, err := db.Mark(q)
	if err != nil {
		return err
	}
	if *id == "" {
		*id = fresh
	}
	if created.IsZero() {
		*created = db.At(now)
	}
	if changed != nil {
		*changed = db.At(now)
	}
	return nil
}
