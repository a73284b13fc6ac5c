package people

import (
	"context"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/place"
)

// Service is what may be done with people: by their connector, by stewards,
// and by themselves.
type Service struct {
	DB  *db.DB
	Now clock.Clock

	// Sources are the other rooms that keep something about a person; see Own
	// for this one's.
	Sources []Source
	// Replays erase again, after a restore, what other rooms had erased and
	// written into the journal, by the subject they wrote.
	Replays map[string]func(ctx context.Context, q db.Querier, initiative, id string) error
}

// Record is all that this room keeps about a person.
type Record struct {
	Card
	Contacts []Contact
	Consents []Consent
	Self     bool // who looks is the person
}

// Get reads a person with contacts and consents. Their connector, stewards and
// they themselves may; whoever else looks is noted. Faults: NotFound.
func (s *Service) Get(ctx context.Context, who access.Actor, in, id string) (r Record, err error) {
	defer fault.Wrap(&err, "people.Get %s in %s", id, in)
	v, err := viewOf(who, in)
	if err != nil {
		return Record{}, err
	}
	if id == v.self {
		return v.record(ctx, s.DB.Read(), id)
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		if r, err = v.record(ctx, q, id); err != nil {
			return err
		}
		return v.note(ctx, q, "read person", id)
	})
	return r, err
}

func (v view) record(ctx context.Context, q db.Querier, id string) (r Record, err error) {
	if r.Card, err = v.person(ctx, q, id); err != nil {
		return Record{}, err
	}
	if r.Contacts, err = contacts(ctx, q, v.initiative, id); err != nil {
		return Record{}, err
	}
	r.Consents, err = consents(ctx, q, v.initiative, id)
	r.Self = id == v.self
	return r, err
}

// Create writes a person down. Connectors may, and become their connector;
// stewards may, for any connector. Faults: NotFound; Invalid.
func (s *Service) Create(ctx context.Context, who access.Actor, in string, d Draft) (p Person, err error) {
	defer fault.Wrap(&err, "people.Create in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return Person{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		p, err = s.create(ctx, q, v, d)
		return err
	})
	return p, err
}

func (s *Service) create(ctx context.Context, q db.Querier, v view, d Draft) (Person, error) {
	here, err := initiative.Get(ctx, q, v.initiative)
	if err != nil {
		return Person{}, err
	}
	var f fault.Form
	n := New{Person: d.person(&f), By: v.who.Account}
	n.Contacts = d.contacts(&f)
	n.Consents = d.Consent.parse(here.Today(s.Now()), &f)
	n.Household = strings.TrimSpace(d.Household) // its code so far: checkKept asks only whether there is one
	checkKept(n.Person, n.Contacts, n.Consents, &f)
	if n.Connector, err = v.connector(ctx, q, d.Connector, &f); err != nil {
		return Person{}, err
	}
	if err := checkArea(ctx, q, v.initiative, n.Area, &f); err != nil {
		return Person{}, err
	}
	if err := f.Err(); err != nil {
		return Person{}, err
	}
	if n.Household, err = v.householdOf(ctx, q, n.Person, d.Household); err != nil {
		return Person{}, err
	}
	p, err := Add(ctx, q, v.initiative, n)
	if err != nil {
		return Person{}, err
	}
	return p, v.note(ctx, q, "create person", p.ID)
}

// Edit changes what is kept of a person. Their connector and stewards may; so
// may they themselves, all but household and connector. Contacts and consents
// have verbs of their own. Faults: NotFound; Invalid.
func (s *Service) Edit(ctx context.Context, who access.Actor, in, id string, d Draft) (p Person, err error) {
	defer fault.Wrap(&err, "people.Edit %s in %s", id, in)
	v, err := viewOf(who, in)
	if err != nil {
		return Person{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		p, err = v.edit(ctx, q, id, d)
		return err
	})
	return p, err
}

func (v view) edit(ctx context.Context, q db.Querier, id string, d Draft) (Person, error) {
	have, err := v.record(ctx, q, id)
	if err != nil {
		return Person{}, err
	}
	if !v.cares(have.Connector) { // they themselves
		d.Household = have.HouseholdCode
	}
	var f fault.Form
	p := d.person(&f)
	p.ID, p.Connector, p.PausedAt = id, have.Connector, have.PausedAt
	p.Household = strings.TrimSpace(d.Household)
	if p.Age != have.Age || p.Age == Under18 {
		checkKept(p, have.Contacts, have.Consents, &f)
	}
	if err := checkArea(ctx, q, v.initiative, p.Area, &f); err != nil {
		return Person{}, err
	}
	if err := f.Err(); err != nil {
		return Person{}, err
	}
	if d.Household == have.HouseholdCode {
		p.Household = have.Household
	} else if p.Household, err = v.householdOf(ctx, q, p, d.Household); err != nil {
		return Person{}, err
	}
	if err := updatePerson(ctx, q, v.initiative, p); err != nil {
		return Person{}, err
	}
	return p, v.note(ctx, q, "edit person", id)
}

// Pause leaves a person alone until it is taken back: nobody is to ask them
// for anything. Their connector, stewards and they themselves may. Faults:
// NotFound.
func (s *Service) Pause(ctx context.Context, who access.Actor, in, id string, pause bool) (err error) {
	defer fault.Wrap(&err, "people.Pause %s in %s", id, in)
	v, err := viewOf(who, in)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		p, err := v.person(ctx, q, id)
		if err != nil || p.Paused() == pause {
			return err
		}
		at, act := db.Stamp{}, "unpause person"
		if pause {
			at, act = db.At(s.Now()), "pause person"
		}
		if err := setPaused(ctx, q, in, id, at); err != nil {
			return err
		}
		return v.note(ctx, q, act, id)
	})
}

// connector is who will know the person: a connector themselves, and for a
// steward whoever they chose, if anyone.
func (v view) connector(ctx context.Context, q db.Querier, chosen string, f *fault.Form) (string, error) {
	switch {
	case !v.all:
		return v.self, nil
	case chosen == "" && v.who.Is(v.initiative, access.Connector):
		return v.self, nil
	case chosen == "":
		return "", nil
	}
	return chosen, checkConnector(ctx, q, v.initiative, chosen, f)
}

// householdOf finds the household by its code among the connector's, or makes
// it; "" for no code.
func (v view) householdOf(ctx context.Context, q db.Querier, p Person, code string) (string, error) {
	if strings.TrimSpace(code) == "" {
		return "", nil
	}
	h, err := HouseholdByCode(ctx, q, v.initiative, p.Connector, code, p.Area)
	return h.ID, err
}

// checkConnector refuses whoever holds no conversations here.
func checkConnector(ctx context.Context, q db.Querier, in, person string, f *fault.Form) error {
	ids, err := connectors(ctx, q, in)
	if err == nil {
		f.Check(slices.Contains(ids, person), "connector", "people.connector.unknown")
	}
	return err
}

// connectors are those who hold conversations here: connectors and stewards.
func connectors(ctx context.Context, q db.Querier, in string) ([]string, error) {
	own, err := access.With(ctx, q, in, access.Connector)
	if err != nil {
		return nil, err
	}
	stewards, err := access.With(ctx, q, in, access.Steward)
	if err != nil {
		return nil, err
	}
	ids := append(own, stewards...)
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func checkArea(ctx context.Context, q db.Querier, in, area string, f *fault.Form) error {
	if area == "" {
		return nil
	}
	areas, err := place.Areas(ctx, q, in)
	if err == nil {
		f.Check(slices.ContainsFunc(areas, func(a place.Area) bool { return a.ID == area }), "area", "people.area.unknown")
	}
	return err
}
