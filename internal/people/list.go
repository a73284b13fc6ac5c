package people

import (
	"cmp"
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// How many rows a page of a list has, unless asked otherwise, and at most.
const (
	pageSize = 50
	maxPage  = 200
)

// Filter narrows a list of people or of households.
type Filter struct {
	Text      string // beginnings of words of the name, or of the code
	Area      string // and everything within it
	Household string // of people only
	Connector string // stewards alone choose; NoConnector asks for those without
	After     string // id of the last one seen
	Limit     int    // 0 is 50, at most 200
}

// NoConnector as Filter.Connector asks for those whom no connector knows.
const NoConnector = "-"

func (f Filter) size() int {
	if f.Limit <= 0 {
		return pageSize
	}
	return min(f.Limit, maxPage)
}

// connectorAsked is whose people are asked for: always their own for a
// connector.
func (v view) connectorAsked(f Filter) string {
	if !v.all {
		return v.self
	}
	return f.Connector
}

// Listing is one page of people, without their contacts.
type Listing struct {
	People []Card
	More   string // what to give as After for the next page; "" on the last
}

// IDs are the people on the page, for rooms below that add what they know of
// each in one statement.
func (l Listing) IDs() []string {
	ids := make([]string, len(l.People))
	for i, c := range l.People {
		ids[i] = c.ID
	}
	return ids
}

// HouseholdListing is one page of households.
type HouseholdListing struct {
	Households []HouseholdCard
	More       string
}

// IDs are the households on the page.
func (l HouseholdListing) IDs() []string {
	ids := make([]string, len(l.Households))
	for i, h := range l.Households {
		ids[i] = h.ID
	}
	return ids
}

// List gives people by name, a page at a time, in one statement: stewards see
// everyone, connectors their own. Faults: NotFound.
func (s *Service) List(ctx context.Context, who access.Actor, in string, f Filter) (l Listing, err error) {
	defer fault.Wrap(&err, "people.List in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return Listing{}, err
	}
	l.People, err = listPeople(ctx, s.DB.Read(), v, f)
	if n := f.size(); len(l.People) > n {
		l.People = l.People[:n]
		l.More = l.People[n-1].ID
	}
	return l, err
}

// Households gives households by code, a page at a time, in one statement:
// stewards see all, connectors their own. Faults: NotFound.
func (s *Service) Households(ctx context.Context, who access.Actor, in string, f Filter) (l HouseholdListing, err error) {
	defer fault.Wrap(&err, "people.Households in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return HouseholdListing{}, err
	}
	l.Households, err = listHouseholds(ctx, s.DB.Read(), v, f)
	if n := f.size(); len(l.Households) > n {
		l.Households = l.Households[:n]
		l.More = l.Households[n-1].ID
	}
	return l, err
}

// Named is somebody by name alone.
type Named struct{ ID, Name string }

// Connectors gives those who hold conversations here, by name. Connectors and
// stewards may know. Faults: NotFound.
func (s *Service) Connectors(ctx context.Context, who access.Actor, in string) (all []Named, err error) {
	defer fault.Wrap(&err, "people.Connectors in %s", in)
	if err := who.Require(in, access.Converse); err != nil {
		return nil, err
	}
	ids, err := connectors(ctx, s.DB.Read(), in)
	if err != nil {
		return nil, err
	}
	byID, err := names(ctx, s.DB.Read(), in, ids)
	if err != nil {
		return nil, err
	}
	for id, name := range byID {
		all = append(all, Named{ID: id, Name: name})
	}
	slices.SortFunc(all, func(a, b Named) int {
		return cmp.Or(cmp.Compare(db.Fold(a.Name), db.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// Names gives the names of people by id, for a page or a mail that may show
// them; who may is the caller's to ask. The erased have an empty name.
func Names(ctx context.Context, q db.Querier, in string, ids []string) (byID map[string]string, err error) {
	defer fault.Wrap(&err, "people.Names in %s", in)
	return names(ctx, q, in, ids)
}

// CountByArea counts everybody ever written down, by area id; "" is no area.
// The erased count too, so that a count doesn't tell who left. What the public
// sees of it goes through package evidence.
func CountByArea(ctx context.Context, q db.Querier, in string) (counts map[string]int, err error) {
	defer fault.Wrap(&err, "people.CountByArea in %s", in)
	return countByArea(ctx, q, in)
}
