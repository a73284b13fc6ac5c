package organization

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"commonweal/internal/db"
)

// toIndex reads what some services are found by, of those that everybody sees,
// in one statement. One without a place of its own is where its organization is.
func toIndex(ctx context.Context, q db.Querier, initiative string, services []string) ([]indexed, error) {
	byID := map[string]int{}
	var all []indexed
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var s indexed
		var area string
		if err := row.Scan(&s.id, &s.name, &s.about, &s.eligibility, &s.words, &area); err != nil {
			return struct{}{}, err
		}
		i, known := byID[s.id]
		if !known {
			i = len(all)
			byID[s.id] = i
			all = append(all, s)
		}
		if area != "" {
			all[i].areas = append(all[i].areas, area)
		}
		return struct{}{}, nil
	}, `select s.id, s.name, s.about, s.eligibility, s.words, coalesce(l.area_id, o.area_id, '')
		from service s
		left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		left join service_place p on p.initiative_id = s.initiative_id and p.service_id = s.id
		left join location l on l.initiative_id = p.initiative_id and l.id = p.location_id
		where s.initiative_id = $1 and s.id in (`+marks(2, len(services))+`)
			and s.hidden_at is null and s.status in ('active', 'temporarily closed') and (o.id is null or o.status = 'shown')
		order by s.id, p.id`, withIDs(services, initiative)...)
	return all, err
}

func unindex(ctx context.Context, q db.Querier, initiative string, services []string) error {
	return db.Exec(ctx, q, `delete from service_word where initiative_id = $1 and service_id in (`+marks(2, len(services))+`)`,
		withIDs(services, initiative)...)
}

func insertWords(ctx context.Context, q db.Querier, initiative string, all []wordRow) error {
	const width = 5
	for len(all) > 0 {
		n := min(len(all), maxArgs/width)
		args := make([]any, 0, n*width)
		for _, w := range all[:n] {
			args = append(args, initiative, w.word, w.area, w.place, w.service)
		}
		if err := db.Exec(ctx, q, `insert into service_word (initiative_id, word, area_id, place, service_id)
			values `+tuples(n, width), args...); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

func serviceIDs(ctx context.Context, q db.Querier, initiative string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select id from service where initiative_id = $1 order by id`, initiative)
}

func serviceIDsOf(ctx context.Context, q db.Querier, initiative, organization string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select id from service where initiative_id = $1 and organization_id = $2 order by id`,
		initiative, organization)
}

// spot is an area as a search looks at it: the outline only of the one asked
// about.
type spot struct{ id, parent, name, outline string }

func spots(ctx context.Context, q db.Querier, initiative, area string) ([]spot, error) {
	return db.All(ctx, q, func(row db.Row) (s spot, err error) {
		err = row.Scan(&s.id, &s.parent, &s.name, &s.outline)
		return s, err
	}, `select id, coalesce(parent_id, ''), name, case when id = $2 then boundary else '' end
		from area where initiative_id = $1 order by id`, initiative, area)
}

// key is one word to look for, and how much it says.
type key struct {
	word   string
	weight int
}

// How many services are looked at: of each word in each area, and in all. So a
// search costs the same however many services there are.
const (
	perWord    = 16
	candidates = 24
)

// candidate is a service that may be what is looked for.
type candidate struct {
	service      ServiceRecord
	organization string
	places       []Location
	keys         map[int]bool // which of the keys it has
	near         int          // which of the areas it is in; the last is anywhere
}

// find reads services by words, near first, with their places, in one
// statement for several wants: the candidates of each. The areas are the one
// asked for and those around it.
func find(ctx context.Context, q db.Querier, initiative string, wants [][]key, areas []string) ([][]candidate, error) {
	args := []any{initiative, candidates}
	var hits []string
	for want, keys := range wants {
		for i, k := range keys {
			for near, area := range append(slices.Clone(areas), "") {
				args = append(args, k.word, area)
				hits = append(hits, fmt.Sprintf(`select service_id, %d as want, %d as key_no, %d as weight, %d as near
					from (select service_id from service_word where initiative_id = $1 and word = $%d and area_id = $%d
						order by place, service_id limit %d) as h%d`, want, i, k.weight, near, len(args)-1, len(args), perWord, len(hits)))
			}
		}
	}
	all := make([][]candidate, len(wants))
	if len(hits) == 0 {
		return all, nil
	}
	at := make([]map[string]int, len(wants))
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var c candidate
		var want, key, near int
		var place maybeLocation
		err := row.Scan(append(append(c.service.fields(), &c.organization, &want, &key, &near), place.fields()...)...)
		if err != nil {
			return struct{}{}, err
		}
		if at[want] == nil {
			at[want] = map[string]int{}
		}
		i, known := at[want][c.service.ID]
		if !known {
			i = len(all[want])
			at[want][c.service.ID] = i
			c.keys, c.near = map[int]bool{}, near
			all[want] = append(all[want], c)
		}
		have := &all[want][i]
		have.keys[key], have.near = true, min(have.near, near)
		have.add(place.location())
		return struct{}{}, nil
	}, `with hit as (`+strings.Join(hits, ` union all `)+`),
		each_key as (select want, service_id, key_no, max(weight) as weight, min(near) as near from hit group by want, service_id, key_no),
		ranked as (select want, service_id,
				row_number() over (partition by want order by sum(weight) desc, min(near), service_id) as n
			from each_key group by want, service_id)
		select `+serviceColumns+`, coalesce(o.name, ''), k.want, k.key_no, k.near, `+maybeColumns+`
		from ranked r
		join each_key k on k.want = r.want and k.service_id = r.service_id
		join service s on s.initiative_id = $1 and s.id = r.service_id
		left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		left join service_place p on p.initiative_id = s.initiative_id and p.service_id = s.id
		left join location l on l.initiative_id = p.initiative_id and l.id = p.location_id
		where r.n <= $2
		order by k.want, s.id, k.key_no, p.id`, args...)
	return all, err
}

// add puts a place to a candidate, once.
func (c *candidate) add(l Location) {
	if l.ID == "" {
		return
	}
	for _, have := range c.places {
		if have.ID == l.ID {
			return
		}
	}
	c.places = append(c.places, l)
}
