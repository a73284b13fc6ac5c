package organization

import (
	"context"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// stale is an organization or a service whose day of review has come.
type stale struct {
	id, organization string
	itself           bool // the organization itself
	reminders        int
}

// staleThings reads some organizations and services that wait to be asked
// about: never reminded of, or not since a day. Those that aren't shown wait
// for nobody.
func staleThings(ctx context.Context, q db.Querier, initiative string, on, remindedBefore db.Day, limit int) ([]stale, error) {
	return db.All(ctx, q, func(row db.Row) (s stale, err error) {
		err = row.Scan(&s.id, &s.organization, &s.itself, &s.reminders)
		return s, err
	}, `select id, organization_id, itself, reminders from (
			select o.id, o.id as organization_id, true as itself, o.reminders, o.review_on from organization o
			where o.initiative_id = $1 and o.review_on <= $2 and o.status = 'shown' and (o.reminded_on is null or o.reminded_on <= $3)
			union all
			select s.id, coalesce(s.organization_id, ''), false, s.reminders, s.review_on from service s
			where s.initiative_id = $1 and s.review_on <= $2 and s.hidden_at is null and s.status <> 'defunct'
				and (s.reminded_on is null or s.reminded_on <= $3)) as waiting
		order by review_on, organization_id, id limit $4`, initiative, on, remindedBefore, limit)
}

// idsIn are the ids of organizations, or of services, among some things.
func idsIn(all []stale, itself bool) (ids []string) {
	for _, one := range all {
		if one.itself == itself {
			ids = append(ids, one.id)
		}
	}
	return ids
}

// eachOf runs a statement over the organizations of some things, and another
// over the services, some hundreds at a time. The ids come after the arguments.
func eachOf(ctx context.Context, q db.Querier, all []stale, organization, service string, args ...any) error {
	for _, part := range [...]struct {
		statement string
		ids       []string
	}{{organization, idsIn(all, true)}, {service, idsIn(all, false)}} {
		for some := range slices.Chunk(part.ids, chunk) {
			err := db.Exec(ctx, q, part.statement+` and id in (`+marks(len(args)+1, len(some))+`)`, withIDs(some, slices.Clone(args)...)...)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func setReminded(ctx context.Context, q db.Querier, initiative string, all []stale, on db.Day) error {
	return eachOf(ctx, q, all,
		`update organization set reminders = reminders + 1, reminded_on = $2 where initiative_id = $1`,
		`update service set reminders = reminders + 1, reminded_on = $2 where initiative_id = $1`, initiative, on)
}

// hideThings puts things out of sight. What was never shown stays what it is.
func hideThings(ctx context.Context, q db.Querier, initiative string, all []stale, at db.Stamp) error {
	return eachOf(ctx, q, all,
		`update organization set changed_at = $2,
			status = case when status = 'shown' then 'hidden' else status end where initiative_id = $1`,
		`update service set hidden_at = $2, changed_at = $2 where initiative_id = $1`, initiative, at)
}

// renew notes that things still hold. What is still a draft stays one.
func renew(ctx context.Context, q db.Querier, initiative string, all []stale, review db.Day) error {
	return eachOf(ctx, q, all,
		`update organization set review_on = $2, reminders = 0, reminded_on = null,
			status = case when status = 'hidden' then 'shown' else status end where initiative_id = $1`,
		`update service set review_on = $2, reminders = 0, reminded_on = null, hidden_at = null where initiative_id = $1`,
		initiative, review)
}

// servicesTouched are the services among some things, and those of the
// organizations among them.
func servicesTouched(ctx context.Context, q db.Querier, initiative string, all []stale) ([]string, error) {
	services, of := idsIn(all, false), idsIn(all, true)
	if len(of) == 0 {
		return services, nil
	}
	more, err := db.All(ctx, q, db.Value[string], `select id from service
		where initiative_id = $1 and organization_id in (`+marks(2, len(of))+`) order by id`, withIDs(of, initiative)...)
	services = append(services, more...)
	slices.Sort(services)
	return slices.Compact(services), err
}

// speaker is somebody who can be written to about an organization.
type speaker struct {
	organization, name, person, email string
	langs                             []i18n.Lang
}

// reachable reads whoever speaks for some organizations and has a mail address.
func reachable(ctx context.Context, q db.Querier, initiative string, organizations []string) ([]speaker, error) {
	if len(organizations) == 0 {
		return nil, nil
	}
	return db.All(ctx, q, func(row db.Row) (s speaker, err error) {
		err = row.Scan(&s.organization, &s.name, &s.person, (*langs)(&s.langs), &s.email)
		return s, err
	}, `select s.organization_id, o.name, p.id, p.langs, min(c.value)
		from spokesperson s
		join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		join person p on p.initiative_id = s.initiative_id and p.id = s.person_id
		join contact c on c.initiative_id = p.initiative_id and c.person_id = p.id and c.kind = 'email'
		where s.initiative_id = $1 and s.until_at is null and `+held+` and p.erased_at is null and p.paused_at is null
			and s.organization_id in (`+marks(2, len(organizations))+`)
		group by s.organization_id, o.name, p.id, p.langs order by s.organization_id, p.id`, withIDs(organizations, initiative)...)
}

// toReview reads what waits for "is it still so?", hidden or not.
func toReview(ctx context.Context, q db.Querier, initiative string, on db.Day, limit int) ([]Waiting, error) {
	return db.All(ctx, q, func(row db.Row) (w Waiting, err error) {
		err = row.Scan(&w.ID, &w.Organization, &w.Name, &w.IsService, &w.ReviewOn, &w.Hidden)
		return w, err
	}, `select id, organization_id, name, is_service, review_on, hidden from (
			select o.id, o.id as organization_id, o.name, false as is_service, o.review_on, o.status = 'hidden' as hidden from organization o
			where o.initiative_id = $1 and o.review_on <= $2 and o.status in ('shown', 'hidden')
			union all
			select s.id, coalesce(s.organization_id, ''), s.name, true, s.review_on, s.hidden_at is not null from service s
			where s.initiative_id = $1 and s.review_on <= $2 and s.status <> 'defunct') as waiting
		order by review_on, name, id limit $3`, initiative, on, limit)
}

// initiatives are the ids of every initiative, for the daily round.
func initiatives(ctx context.Context, q db.Querier) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select id from initiative order by id`)
}
