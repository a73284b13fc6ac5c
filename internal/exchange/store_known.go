package exchange

import (
	"context"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/people"
)

// knownPeople reads everybody who is here, with how they can be reached: two
// statements, however many they are.
func knownPeople(ctx context.Context, q db.Querier, in string) ([]*entry, error) {
	byID := map[string]*entry{}
	all, err := db.All(ctx, q, func(row db.Row) (*entry, error) {
		e := &entry{}
		var age people.Age
		err := row.Scan(&e.id, &e.name, &e.area, &e.household, &e.connector, &age)
		e.under18 = age == people.Under18
		byID[e.id] = e
		return e, err
	}, `select id, name, coalesce(area_id, ''), coalesce(household_id, ''), coalesce(connector_id, ''), age
		from person where initiative_id = $1 and erased_at is null order by id`, in)
	if err != nil {
		return nil, err
	}
	_, err = db.All(ctx, q, func(row db.Row) (c people.Contact, err error) {
		if err := row.Scan(&c.Person, &c.Kind, &c.Value); err != nil {
			return c, err
		}
		if e, ok := byID[c.Person]; ok {
			e.learn(c)
		}
		return c, nil
	}, `select person_id, kind, value from contact where initiative_id = $1`, in)
	return all, err
}

// homes are households by connector and code.
type homes map[string]people.Household

func homeKey(connector, code string) string { return connector + "\x00" + db.Fold(code) }

// id is a household's; "" for none.
func (h homes) id(connector, code string) string {
	if code == "" {
		return ""
	}
	return h[homeKey(connector, code)].ID
}

// make writes down the households that aren't there yet, and says which those
// are.
func (h homes) make(ctx context.Context, q db.Querier, in string, all []people.Household) (made map[string]bool, err error) {
	var fresh []people.Household
	made = map[string]bool{}
	for _, one := range all {
		key := homeKey(one.Connector, one.Code)
		if _, there := h[key]; there || one.Code == "" {
			continue
		}
		one.Code = strings.TrimSpace(one.Code)
		h[key], made[key] = one, true
		fresh = append(fresh, one)
	}
	if err := people.AddHouseholds(ctx, q, in, fresh); err != nil {
		return nil, err
	}
	for _, one := range fresh {
		h[homeKey(one.Connector, one.Code)] = one
	}
	return made, nil
}

// came gives what a row became when it is the first to speak of a household
// that was made for it.
func (h homes) came(made map[string]bool, connector, code string) []got {
	key := homeKey(connector, code)
	if !made[key] {
		return nil
	}
	delete(made, key)
	return []got{{kind: kindHousehold, id: h[key].ID, act: Add, side: true}}
}

// knownHouseholds reads all households.
func knownHouseholds(ctx context.Context, q db.Querier, in string) (homes, error) {
	all, err := db.All(ctx, q, func(row db.Row) (h people.Household, err error) {
		err = row.Scan(&h.ID, &h.Code, &h.Area, &h.Connector, &h.Note)
		return h, err
	}, `select id, code, coalesce(area_id, ''), coalesce(connector_id, ''), note
		from household where initiative_id = $1 and erased_at is null`, in)
	found := make(homes, len(all))
	for _, h := range all {
		found[homeKey(h.Connector, h.Code)] = h
	}
	return found, err
}

// knownOrganizations reads all associations and institutions, with the
// telephones and addresses that they and their contacts have.
func knownOrganizations(ctx context.Context, q db.Querier, in string) ([]*entry, error) {
	byID := map[string]*entry{}
	all, err := db.All(ctx, q, func(row db.Row) (*entry, error) {
		e := &entry{}
		var email, site string
		err := row.Scan(&e.id, &e.name, &e.area, &email, &site)
		e.emails, e.sites = some(emailKey(email)), some(siteKey(site))
		byID[e.id] = e
		return e, err
	}, `select id, name, coalesce(area_id, ''), email, website from organization where initiative_id = $1 order by id`, in)
	if err != nil {
		return nil, err
	}
	_, err = db.All(ctx, q, func(row db.Row) (owner string, err error) {
		var text string
		if err := row.Scan(&owner, &text); err != nil {
			return owner, err
		}
		var fields map[string]any
		if err := fromJSON(text, &fields); err != nil {
			return owner, err
		}
		if e, ok := byID[owner]; ok {
			e.learnDetail(fields)
		}
		return owner, nil
	}, `select owner_id, fields from detail where initiative_id = $1 and owner_id is not null
		and owner_entity = 'organization' and entity in ('phone', 'contact')`, in)
	return all, err
}

func (e *entry) learnDetail(fields map[string]any) {
	number, _ := fields["number"].(string)
	email, _ := fields["email"].(string)
	e.phones = append(e.phones, some(phoneKey(number))...)
	e.emails = append(e.emails, some(emailKey(email))...)
}
