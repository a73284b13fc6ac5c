package conversation

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/people"
)

// isReachable says whether there is a way to reach a person.
func isReachable(ctx context.Context, q db.Querier, initiative, person string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int64], `select count(*) from contact where initiative_id = $1 and person_id = $2`, initiative, person)
	return n > 0, err
}

// stands holds of a handover d while the person's yes does.
const stands = `exists (select 1 from consent k where k.initiative_id = d.initiative_id and k.id = d.consent_id and k.withdrawn_at is null)`

// isHanded says whether a need was handed to the service already.
func isHanded(ctx context.Context, q db.Querier, initiative string, h handing) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int64], `select count(*) from handover d
		where d.initiative_id = $1 and d.need_id = $2 and d.service_id = $3 and `+stands, initiative, h.need, h.service)
	return n > 0, err
}

// insertHandover keeps somebody's yes, by the consent that was just written.
func insertHandover(ctx context.Context, q db.Querier, c Conversation, id string, h handing, organization string, at db.Stamp) error {
	return db.Exec(ctx, q, `insert into handover (initiative_id, id, need_id, person_id, consent_id, service_id, organization_id, handed_at)
		select $1, $2, $3, $4, max(k.id), $5, $6, $7 from consent k
		where k.initiative_id = $1 and k.person_id = $4 and k.purpose = $8 and k.withdrawn_at is null`,
		c.Initiative, id, h.need, c.Person, h.service, organization, at, string(people.HandOver))
}

// calls reads who waits to be called, with how they can be reached. A yes was
// said to the service that the answer names: when another answer is given, or
// the service is another's, nobody reads the contact any more.
func calls(ctx context.Context, q db.Querier, initiative, organization string) ([]Call, error) {
	var all []Call
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var c Call
		var way people.Contact
		err := row.Scan(&c.ID, &c.Service, &c.Person, &c.Name, &c.HandedAt, &way.ID, &way.Kind, &way.Value, &way.Safe)
		if n := len(all); n == 0 || all[n-1].ID != c.ID {
			all = append(all, c)
		}
		last := &all[len(all)-1]
		way.Person = c.Person
		last.Contacts = append(last.Contacts, way)
		return struct{}{}, err
	}, `select d.id, s.name, p.id, p.name, d.handed_at, w.id, w.kind, w.value, w.safe
		from handover d
		join need n on n.initiative_id = d.initiative_id and n.id = d.need_id and n.service_id = d.service_id
		join service s on s.initiative_id = d.initiative_id and s.id = d.service_id and s.organization_id = d.organization_id
		join person p on p.initiative_id = d.initiative_id and p.id = d.person_id
		join contact w on w.initiative_id = p.initiative_id and w.person_id = p.id
		where d.initiative_id = $1 and d.organization_id = $2 and d.done_at is null and p.erased_at is null and `+stands+`
		order by d.handed_at, d.id, w.id`, initiative, organization)
	return all, err
}

func setCalled(ctx context.Context, q db.Querier, initiative, organization, id string, at db.Stamp) (int64, error) {
	return db.Changed(ctx, q, `update handover set done_at = $4
		where initiative_id = $1 and organization_id = $2 and id = $3 and done_at is null`, initiative, organization, id, at)
}

// handedOf reads to which services a person's contact was handed.
func handedOf(ctx context.Context, q db.Querier, initiative, person string) ([]handedPart, error) {
	return db.All(ctx, q, func(row db.Row) (h handedPart, err error) {
		var at db.Stamp
		err = row.Scan(&h.need, &h.Service, &at)
		h.On = at.Format("2006-01-02")
		return h, err
	}, `select d.need_id, coalesce(s.name, ''), d.handed_at from handover d
		left join service s on s.initiative_id = d.initiative_id and s.id = d.service_id
		where d.initiative_id = $1 and d.person_id = $2 order by d.handed_at, d.id`, initiative, person)
}
