package table

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/people"
)

// between parts several values of one cell, as the import parts them.
const between = "; "

var personHeader = []string{
	"Name", "Phone", "Email", "Safe to call", "Other contact", "Area", "Household", "Connector", "Languages", "Met on",
	"Under 18", "Parent", "Agreed", "Agreed on",
}

// eachPerson gives the people of an initiative, by name, each with all their
// contacts, which come a row each.
func eachPerson(ctx context.Context, q db.Querier, in string, give func([]string) error) error {
	var last *person
	flush := func() error {
		if last == nil {
			return nil
		}
		return give(last.cells())
	}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var p person
		var kind people.ContactKind
		var value, safe string
		if err := row.Scan(&p.id, &p.name, &p.area, &p.home, &p.connector, &p.langs, &p.met, &p.age, &p.agreed, &p.parent, &kind, &value, &safe); err != nil {
			return struct{}{}, err
		}
		if last == nil || last.id != p.id {
			if err := flush(); err != nil {
				return struct{}{}, err
			}
			last = &p
		}
		last.add(kind, value, safe)
		return struct{}{}, nil
	}, `select p.id, p.name, coalesce(a.name, ''), coalesce(h.code, ''), coalesce(k.name, ''), p.langs, coalesce(p.met_on, ''), p.age,
			coalesce((select max(y.given_on) from consent y where y.initiative_id = p.initiative_id and y.person_id = p.id
				and y.purpose = $2 and y.withdrawn_at is null), ''),
			coalesce((select max(y.giver) from consent y where y.initiative_id = p.initiative_id and y.person_id = p.id
				and y.purpose = $2 and y.withdrawn_at is null and y.given_by = 'parent'), ''),
			coalesce(c.kind, ''), coalesce(c.value, ''), coalesce(c.safe, '')
		from person p
		left join area a on a.initiative_id = p.initiative_id and a.id = p.area_id
		left join household h on h.initiative_id = p.initiative_id and h.id = p.household_id
		left join person k on k.initiative_id = p.initiative_id and k.id = p.connector_id
		left join contact c on c.initiative_id = p.initiative_id and c.person_id = p.id
		where p.initiative_id = $1 and p.erased_at is null
		order by p.name_folded, p.id, c.id`, in, string(people.KeepName))
	if err != nil {
		return err
	}
	return flush()
}

// person is a row of the table of people, as it comes together.
type person struct {
	id, name, area, home, connector, langs, met, age, agreed, parent string

	phones, emails, others, safe []string
}

func (p *person) add(kind people.ContactKind, value, safe string) {
	switch kind {
	case people.Phone:
		p.phones = append(p.phones, value)
	case people.Email:
		p.emails = append(p.emails, value)
	case people.Other:
		p.others = append(p.others, value)
	}
	if safe != "" {
		p.safe = append(p.safe, safe)
	}
}

func (p *person) cells() []string {
	agreed, under18 := "no", ""
	if p.agreed != "" {
		agreed = "yes"
	}
	if p.age == string(people.Under18) {
		under18 = "yes"
	}
	return []string{
		p.name, strings.Join(p.phones, between), strings.Join(p.emails, between), strings.Join(p.safe, between),
		strings.Join(p.others, between), p.area, p.home, p.connector, p.langs, p.met, under18, p.parent, agreed, p.agreed,
	}
}

var homeHeader = []string{"Household code", "Area", "Connector", "Note"}

func eachHome(ctx context.Context, q db.Querier, in string, give func([]string) error) error {
	return each(ctx, q, len(homeHeader), give, `select h.code, coalesce(a.name, ''), coalesce(k.name, ''), h.note
		from household h
		left join area a on a.initiative_id = h.initiative_id and a.id = h.area_id
		left join person k on k.initiative_id = h.initiative_id and k.id = h.connector_id
		where h.initiative_id = $1 and h.erased_at is null order by h.code_folded, h.id`, in)
}

// each gives rows whose every column is text.
func each(ctx context.Context, q db.Querier, columns int, give func([]string) error, query string, args ...any) error {
	cells, into := make([]string, columns), make([]any, columns)
	for i := range cells {
		into[i] = &cells[i]
	}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		if err := row.Scan(into...); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, give(cells)
	}, query, args...)
	return err
}

var partnerHeader = []string{"Organization", "Kind", "About", "Can bring", "Website", "Email", "Phone", "Area", "Languages", "Members"}

// eachPartner gives the organizations of an initiative, by name, with what they
// can bring and their own phones.
func eachPartner(ctx context.Context, q db.Querier, in string, give func([]string) error) error {
	offers, err := gathered(ctx, q, `select organization_id, text from organization_offer
		where initiative_id = $1 order by organization_id, created_at, id`, in)
	if err != nil {
		return err
	}
	phones, err := gathered(ctx, q, `select owner_id, fields from detail
		where initiative_id = $1 and entity = 'phone' and owner_entity = 'organization' and owner_id is not null order by owner_id, id`, in)
	if err != nil {
		return err
	}
	_, err = db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var id, name, kind, about, website, email, area, langs string
		var members int
		if err := row.Scan(&id, &name, &kind, &about, &website, &email, &area, &langs, &members); err != nil {
			return struct{}{}, err
		}
		counted := ""
		if members > 0 {
			counted = strconv.Itoa(members)
		}
		return struct{}{}, give([]string{
			name, kind, about, strings.Join(offers[id], between), website, email, strings.Join(numbers(phones[id]), between), area, langs, counted,
		})
	}, `select o.id, o.name, o.kind, o.about, o.website, o.email, coalesce(a.name, ''), o.langs, coalesce(o.members, 0)
		from organization o
		left join area a on a.initiative_id = o.initiative_id and a.id = o.area_id
		where o.initiative_id = $1 order by o.name_folded, o.id`, in)
	return err
}

// gathered are texts by whose they are.
func gathered(ctx context.Context, q db.Querier, query string, args ...any) (map[string][]string, error) {
	all := map[string][]string{}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var id, text string
		err := row.Scan(&id, &text)
		all[id] = append(all[id], text)
		return struct{}{}, err
	}, query, args...)
	return all, err
}

// numbers are the numbers of phones, as their fields give them.
func numbers(fields []string) (all []string) {
	for _, text := range fields {
		var phone struct {
			Number string `json:"number"`
		}
		// Fields are as somebody gave them: one without a number has none to show.
		if err := json.Unmarshal([]byte(text), &phone); err == nil && phone.Number != "" {
			all = append(all, phone.Number)
		}
	}
	return all
}
