package organization

import (
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// GetService reads a service with its places, phones and hours. Anyone may, if
// it and its organization are shown; its spokespersons and stewards in any
// case. Faults: NotFound.
func (s *Service) GetService(ctx context.Context, who access.Actor, in, id string) (e Entry, err error) {
	defer fault.Wrap(&err, "organization.GetService %s in %s", id, in)
	q, v := s.DB.Read(), viewOf(who, in)
	one, err := getService(ctx, q, in, id)
	if err != nil {
		return Entry{}, err
	}
	if one.Hidden() && !v.edits(one.Organization) {
		return Entry{}, fault.ErrNotFound
	}
	name := ""
	if one.Organization != "" {
		o, err := v.get(ctx, q, one.Organization)
		if err != nil {
			return Entry{}, err
		}
		name = o.Name
	}
	places, err := placesOf(ctx, q, in, []string{id})
	if err != nil {
		return Entry{}, err
	}
	owners := []string{id}
	for _, l := range places[id] {
		owners = append(owners, l.ID)
	}
	details, err := detailsOf(ctx, q, in, owners)
	if err != nil {
		return Entry{}, err
	}
	return keep(details).entry(one, name, places[id]), nil
}

// Offered reads a service that is there for everybody just now. Faults: NotFound.
func Offered(ctx context.Context, q db.Querier, in, id string) (one ServiceRecord, err error) {
	defer fault.Wrap(&err, "organization.Offered %s in %s", id, in)
	return offered(ctx, q, in, id)
}

// Speaking are the people who speak for an organization. Who may know is the
// caller's to ask.
func Speaking(ctx context.Context, q db.Querier, in, organization string) (people []string, err error) {
	defer fault.Wrap(&err, "organization.Speaking for %s in %s", organization, in)
	all, err := spokespersons(ctx, q, in, organization)
	for _, one := range speaking(all) {
		people = append(people, one.Person)
	}
	return people, err
}

// AddService writes down a service of an organization. Its spokespersons and
// stewards may. Faults: NotFound; Invalid, with the fields of ServiceDraft.
func (s *Service) AddService(ctx context.Context, who access.Actor, in, organization string, d ServiceDraft) (one ServiceRecord, err error) {
	defer fault.Wrap(&err, "organization.AddService to %s in %s", organization, in)
	err = s.act(ctx, who, in, organization, "add service", func(q db.Querier, _ view, _ Organization) error {
		g, err := s.ground(ctx, q, in)
		if err != nil {
			return err
		}
		if one, err = s.read(ctx, q, g, organization, d); err != nil {
			return err
		}
		one.Organization, one.ReviewOn = organization, reviewOn(g.on)
		all := []ServiceRecord{one}
		if err := AddServices(ctx, q, in, all); err != nil {
			return err
		}
		one = all[0]
		return s.settle(ctx, q, in, one.ID, d)
	})
	return one, err
}

// EditService changes a service; so it is fresh again, and shown. Whoever may
// add one may. Faults: NotFound; Invalid, with the fields of ServiceDraft.
func (s *Service) EditService(ctx context.Context, who access.Actor, in, id string, d ServiceDraft) (one ServiceRecord, err error) {
	defer fault.Wrap(&err, "organization.EditService %s in %s", id, in)
	err = s.actOnService(ctx, who, in, id, "edit service", func(q db.Querier, have ServiceRecord) error {
		g, err := s.ground(ctx, q, in)
		if err != nil {
			return err
		}
		if one, err = s.read(ctx, q, g, have.Organization, d); err != nil {
			return err
		}
		one.ID, one.Organization, one.ReviewOn = id, have.Organization, reviewOn(g.on)
		one.Words, one.Source, one.SourceID, one.Extra = have.Words, have.Source, have.SourceID, have.Extra
		one.OrganizationRef, one.CreatedAt, one.ChangedAt = have.OrganizationRef, have.CreatedAt, db.At(s.Now())
		if err := putServices(ctx, q, in, []ServiceRecord{one}); err != nil {
			return err
		}
		return s.settle(ctx, q, in, id, d)
	})
	return one, err
}

// RemoveService puts a service out of sight as one that is given no longer;
// what was answered with it still says so. Whoever may add one may. Faults:
// NotFound.
func (s *Service) RemoveService(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "organization.RemoveService %s in %s", id, in)
	return s.actOnService(ctx, who, in, id, "remove service", func(q db.Querier, have ServiceRecord) error {
		have.Status, have.HiddenAt, have.ChangedAt = Defunct, db.At(s.Now()), db.At(s.Now())
		if err := putServices(ctx, q, in, []ServiceRecord{have}); err != nil {
			return err
		}
		return Index(ctx, q, in, []string{id})
	})
}

// actOnService is act upon the organization that gives a service. A service of
// no organization is a steward's.
func (s *Service) actOnService(ctx context.Context, who access.Actor, in, id, act string, do func(q db.Querier, have ServiceRecord) error) error {
	v := viewOf(who, in)
	return s.DB.Tx(ctx, func(q db.Querier) error {
		have, err := getService(ctx, q, in, id)
		if err != nil {
			return err
		}
		if !v.edits(have.Organization) {
			return fault.ErrNotFound
		}
		if err := do(q, have); err != nil {
			return err
		}
		if err := db.Touch(ctx, q, in); err != nil {
			return err
		}
		return v.note(ctx, q, act, have.Organization)
	})
}

// read reads a draft against the places that the organization has.
func (s *Service) read(ctx context.Context, q db.Querier, g ground, organization string, d ServiceDraft) (ServiceRecord, error) {
	places, err := locationsOf(ctx, q, g.in.ID, organization)
	if err != nil {
		return ServiceRecord{}, err
	}
	var f fault.Form
	one := d.parse(g.in, places, &f)
	return one, f.Err()
}

// settle writes down where a service is given and its phone, and makes it
// found.
func (s *Service) settle(ctx context.Context, q db.Querier, in, id string, d ServiceDraft) error {
	if err := s.setPlaces(ctx, q, in, id, d.Places); err != nil {
		return err
	}
	if err := s.setPhone(ctx, q, in, EntityService, id, d.Phone); err != nil {
		return err
	}
	return Index(ctx, q, in, []string{id})
}

func (s *Service) setPlaces(ctx context.Context, q db.Querier, in, service string, locations []string) error {
	have, err := placesOf(ctx, q, in, []string{service})
	if err != nil {
		return err
	}
	var there []string
	for _, l := range have[service] {
		there = append(there, l.ID)
	}
	var gone []string
	for _, id := range there {
		if !slices.Contains(locations, id) {
			gone = append(gone, id)
		}
	}
	if err := deletePlacesOf(ctx, q, in, service, gone); err != nil {
		return err
	}
	var added []ServicePlace
	for _, id := range locations {
		if !slices.Contains(there, id) {
			there = append(there, id)
			added = append(added, ServicePlace{Service: service, Location: id})
		}
	}
	return AddPlaces(ctx, q, in, added)
}

// AddPlace writes down a place of an organization. Its spokespersons and
// stewards may. Faults: NotFound; Invalid, with the fields of PlaceDraft.
func (s *Service) AddPlace(ctx context.Context, who access.Actor, in, organization string, d PlaceDraft) (l Location, err error) {
	defer fault.Wrap(&err, "organization.AddPlace to %s in %s", organization, in)
	err = s.act(ctx, who, in, organization, "add place", func(q db.Querier, _ view, _ Organization) error {
		l, err = s.putPlace(ctx, q, in, Location{Organization: organization}, d)
		return err
	})
	return l, err
}

// EditPlace changes a place. As AddPlace.
func (s *Service) EditPlace(ctx context.Context, who access.Actor, in, organization, id string, d PlaceDraft) (l Location, err error) {
	defer fault.Wrap(&err, "organization.EditPlace %s in %s", id, in)
	err = s.act(ctx, who, in, organization, "edit place", func(q db.Querier, _ view, _ Organization) error {
		have, err := s.ownPlace(ctx, q, in, organization, id)
		if err != nil {
			return err
		}
		if l, err = s.putPlace(ctx, q, in, have, d); err != nil {
			return err
		}
		services, err := servicesAt(ctx, q, in, id)
		if err != nil {
			return err
		}
		return Index(ctx, q, in, services)
	})
	return l, err
}

// RemovePlace takes a place away, and what was given there from there. As
// AddPlace.
func (s *Service) RemovePlace(ctx context.Context, who access.Actor, in, organization, id string) (err error) {
	defer fault.Wrap(&err, "organization.RemovePlace %s in %s", id, in)
	return s.act(ctx, who, in, organization, "remove place", func(q db.Querier, _ view, _ Organization) error {
		if _, err := s.ownPlace(ctx, q, in, organization, id); err != nil {
			return err
		}
		services, err := servicesAt(ctx, q, in, id)
		if err != nil {
			return err
		}
		if err := deleteLocation(ctx, q, in, id); err != nil {
			return err
		}
		return Index(ctx, q, in, services)
	})
}

// ownPlace reads a place of an organization; NotFound for anybody else's.
func (s *Service) ownPlace(ctx context.Context, q db.Querier, in, organization, id string) (Location, error) {
	all, err := locationsOf(ctx, q, in, organization)
	if err != nil {
		return Location{}, err
	}
	i := slices.IndexFunc(all, func(l Location) bool { return l.ID == id })
	if i < 0 {
		return Location{}, fault.ErrNotFound
	}
	return all[i], nil
}

// putPlace writes a place and its address; have is what there is of it.
func (s *Service) putPlace(ctx context.Context, q db.Querier, in string, have Location, d PlaceDraft) (Location, error) {
	g, err := s.ground(ctx, q, in)
	if err != nil {
		return Location{}, err
	}
	var f fault.Form
	l, a := d.parse(g.areas, &f)
	if err := f.Err(); err != nil {
		return Location{}, err
	}
	l.ID, l.Organization, l.Source, l.SourceID, l.OrganizationRef = have.ID, have.Organization, have.Source, have.SourceID, have.OrganizationRef
	l.Extra, l.CreatedAt = have.Extra, have.CreatedAt
	all := []Location{l}
	if err := AddLocations(ctx, q, in, all); err != nil {
		return Location{}, err
	}
	return all[0], s.setAddress(ctx, q, in, all[0].ID, a)
}

// setAddress keeps the one address of a place.
func (s *Service) setAddress(ctx context.Context, q db.Querier, in, location string, a Address) error {
	if err := deleteDetailsOf(ctx, q, in, location, EntityAddress); err != nil || a == (Address{}) {
		return err
	}
	return AddDetails(ctx, q, in, []Detail{{
		Entity: EntityAddress, OwnerEntity: EntityLocation, Owner: location,
		Fields: map[string]any{
			"address_1": a.Street, "city": a.City, "state_province": a.Region, "postal_code": a.PostalCode,
			"country": a.Country, "address_type": "physical",
		},
	}})
}
