package people

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
)

// exportFormat names what an export is, for whoever opens it in ten years.
const exportFormat = "commonweal person 1"

// Copy is everything that an initiative keeps about one person, for them to
// take along.
type Copy struct {
	Format     string         `json:"format"`
	MadeAt     time.Time      `json:"made_at"`
	Initiative string         `json:"initiative"`
	Slug       string         `json:"initiative_address"`
	Person     string         `json:"person_id"`
	Parts      map[string]any `json:"parts"`   // by the name of the Source
	LookedAt   []Look         `json:"seen_by"` // the last who looked at them
}

// Look is somebody having looked at a person.
type Look struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who,omitzero"` // a name; "" for somebody erased
	What string    `json:"what"`         // the act as the audit log has it
}

// JSON writes the copy, indented: people open it with what they have.
func (c Copy) JSON() ([]byte, error) { return json.MarshalIndent(c, "", "  ") }

// Export gives everything about a person, through every Source, as it stands
// at one moment. Their connector, stewards and they themselves may; what is for
// the person's own eyes is in their own copy alone. It is noted. Faults:
// NotFound.
func (s *Service) Export(ctx context.Context, who access.Actor, in, person string) (c Copy, err error) {
	defer fault.Wrap(&err, "people.Export %s in %s", person, in)
	v, err := viewOf(who, in)
	if err != nil {
		return Copy{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		if _, err := v.person(ctx, q, person); err != nil {
			return err
		}
		here, err := initiative.Get(ctx, q, in)
		if err != nil {
			return err
		}
		c = Copy{
			Format: exportFormat, MadeAt: s.Now(), Initiative: here.Name, Slug: here.Slug, Person: person,
			Parts: map[string]any{},
		}
		for _, source := range s.all() {
			if c.Parts[source.Name], err = source.export(ctx, q, in, person, person == v.self); err != nil {
				return err
			}
		}
		if c.LookedAt, err = looks(ctx, q, in, person); err != nil {
			return err
		}
		return v.note(ctx, q, "export person", person)
	})
	return c, err
}

// Looks is "who has looked at me", the latest first. Stewards and the person
// may know. Faults: NotFound.
func (s *Service) Looks(ctx context.Context, who access.Actor, in, person string) (all []Look, err error) {
	defer fault.Wrap(&err, "people.Looks at %s in %s", person, in)
	v, err := viewOf(who, in)
	if err != nil {
		return nil, err
	}
	if person != v.self && !v.all {
		return nil, fault.ErrNotFound
	}
	if _, err := living(ctx, s.DB.Read(), in, person); err != nil {
		return nil, err
	}
	return looks(ctx, s.DB.Read(), in, person)
}

func looks(ctx context.Context, q db.Querier, in, person string) ([]Look, error) {
	noted, err := audit.ByObject(ctx, q, in, person)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, n := range noted {
		if n.Person != "" {
			ids = append(ids, n.Person)
		}
	}
	slices.Sort(ids)
	byID, err := names(ctx, q, in, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	all := make([]Look, 0, len(noted))
	for _, n := range noted {
		all = append(all, Look{At: n.At, Who: byID[n.Person], What: n.Act})
	}
	return all, nil
}

// ownPart is what this room keeps about a person, as the copy has it.
type ownPart struct {
	Name      string        `json:"name"`
	Area      string        `json:"area,omitzero"`
	Household string        `json:"household,omitzero"`
	HomeNote  string        `json:"household_note,omitzero"`
	Connector string        `json:"connector,omitzero"`
	Langs     []i18n.Lang   `json:"languages,omitzero"`
	MetOn     string        `json:"met_on,omitzero"`
	Age       Age           `json:"age"`
	PausedAt  time.Time     `json:"paused_at,omitzero"`
	Contacts  []contactPart `json:"contacts"`
	Consents  []consentPart `json:"consents"`
}

type contactPart struct {
	Kind  ContactKind `json:"kind"`
	Value string      `json:"value"`
	Safe  string      `json:"safe_to_use,omitzero"`
}

type consentPart struct {
	Purpose     Purpose   `json:"purpose"`
	Wording     string    `json:"wording"`
	On          string    `json:"on"`
	GivenBy     Giver     `json:"given_by"`
	GiverName   string    `json:"giver,omitzero"`
	Channel     Channel   `json:"channel"`
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
}

func exportOwn(ctx context.Context, q db.Querier, in, person string) (any, error) {
	c, err := card(ctx, q, in, person)
	if err != nil {
		return nil, err
	}
	part := ownPart{
		Name: c.Name, Area: c.AreaName, Household: c.HouseholdCode, Connector: c.ConnectorName,
		Langs: c.Langs, MetOn: c.MetOn.String(), Age: c.Age, PausedAt: c.PausedAt.Time,
	}
	if c.Household != "" {
		h, err := householdCard(ctx, q, in, c.Household)
		if err != nil {
			return nil, err
		}
		part.HomeNote = h.Note
	}
	reached, err := contacts(ctx, q, in, person)
	if err != nil {
		return nil, err
	}
	for _, r := range reached {
		part.Contacts = append(part.Contacts, contactPart{Kind: r.Kind, Value: r.Value, Safe: r.Safe})
	}
	given, err := consents(ctx, q, in, person)
	for _, g := range given {
		part.Consents = append(part.Consents, consentPart{
			Purpose: g.Purpose, Wording: g.Wording, On: g.On.String(), GivenBy: g.GivenBy, GiverName: g.GiverName,
			Channel: g.Channel, WithdrawnAt: g.WithdrawnAt.Time,
		})
	}
	return part, err
}
