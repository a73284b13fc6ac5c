package organization

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Tally counts what everybody sees of an initiative's organizations.
type Tally struct {
	Kinds  map[Kind]int   // organizations by kind
	Areas  map[string]int // organizations by area; "" for those without one
	Places int            // where they can be found
}

// Tally counts the organizations that are shown, and their places. Anyone may:
// they are no people.
func (s *Service) Tally(ctx context.Context, in string) (t Tally, err error) {
	defer fault.Wrap(&err, "organization.Tally in %s", in)
	q := s.DB.Read()
	cells, err := tally(ctx, q, in)
	if err != nil {
		return Tally{}, err
	}
	t = Tally{Kinds: map[Kind]int{}, Areas: map[string]int{}}
	for _, c := range cells {
		t.Kinds[c.kind] += c.n
		t.Areas[c.area] += c.n
	}
	t.Places, err = countSites(ctx, q, in)
	return t, err
}

// Brings gives what some organizations can bring, by their ids. Who may see
// them is the caller's to ask, as List does.
func (s *Service) Brings(ctx context.Context, in string, ids []string) (byID map[string][]Offer, err error) {
	defer fault.Wrap(&err, "organization.Brings in %s", in)
	byID = map[string][]Offer{}
	if len(ids) == 0 {
		return byID, nil
	}
	all, err := offersOfAll(ctx, s.DB.Read(), in, ids)
	for _, o := range all {
		byID[o.Organization] = append(byID[o.Organization], o)
	}
	return byID, err
}

// Lent gives the rooms and things that shown organizations lend, the newest
// first, so many at most. Anyone may.
func (s *Service) Lent(ctx context.Context, in string, most int) (all []Lending, err error) {
	defer fault.Wrap(&err, "organization.Lent in %s", in)
	return lent(ctx, s.DB.Read(), in, most)
}

// Lending is an offer with the name of whose it is.
type Lending struct {
	Offer
	OrganizationName string
}

// Site is a place where a shown organization can be found.
type Site struct {
	Location
	OrganizationName string
	OrganizationKind Kind
}

// Sites gives the places of shown organizations, by id, a page of so many from
// after one on. Anyone may: no place of a person is among them.
func (s *Service) Sites(ctx context.Context, in, after string, most int) (all []Site, err error) {
	defer fault.Wrap(&err, "organization.Sites in %s", in)
	return sites(ctx, s.DB.Read(), in, after, most)
}

// CheckedOn is the day when somebody last said that all of it holds.
func (o Organization) CheckedOn() db.Day { return db.Day{Time: o.ReviewOn.AddDate(0, -fresh, 0)} }

// CheckedOn is the day when somebody last said that the service is as it says.
func (s ServiceRecord) CheckedOn() db.Day { return db.Day{Time: s.ReviewOn.AddDate(0, -fresh, 0)} }

// Offering is a service in a list, with whose it is.
type Offering struct {
	ServiceRecord
	OrganizationName string
}

// Offerings gives the services that everybody sees, by name, a page at a time;
// with an area, those given in it. Anyone may.
func (s *Service) Offerings(ctx context.Context, in, area, after string) (all []Offering, more string, err error) {
	defer fault.Wrap(&err, "organization.Offerings in %s", in)
	all, err = offerings(ctx, s.DB.Read(), in, area, after, pageSize+1)
	if len(all) > pageSize {
		all = all[:pageSize]
		more = all[pageSize-1].ID
	}
	return all, more, err
}
