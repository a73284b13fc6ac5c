package upkeep

import (
	"context"
	"strconv"
	"strings"

	"commonweal/internal/db"
)

// called names whatever has a name among ids, in one statement: people,
// accounts by whom they are here, households, places, what is on,
// organizations and rooms.
func called(ctx context.Context, q db.Querier, initiative string, ids []string) (map[string]string, error) {
	byID := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	args := make([]any, 1, len(ids)+1)
	args[0] = initiative
	marks := make([]string, len(ids))
	for i, id := range ids {
		args = append(args, id)
		marks[i] = "$" + strconv.Itoa(i+2)
	}
	in := " in (" + strings.Join(marks, ", ") + ")"
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var id, name string
		err := row.Scan(&id, &name)
		byID[id] = name
		return struct{}{}, err
	}, `select id, name from person where initiative_id = $1 and id`+in+`
		union all select a.account_id, p.name from account_person a
			join person p on p.initiative_id = a.initiative_id and p.id = a.person_id
			where a.initiative_id = $1 and a.account_id`+in+`
		union all select id, code from household where initiative_id = $1 and id`+in+`
		union all select id, name from area where initiative_id = $1 and id`+in+`
		union all select id, title from happening where initiative_id = $1 and id`+in+`
		union all select id, name from organization where initiative_id = $1 and id`+in+`
		union all select id, title from room where initiative_id = $1 and id`+in, args...)
	return byID, err
}

// withAccount gives the people who can sign in.
func withAccount(ctx context.Context, q db.Querier, initiative string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select person_id from account_person where initiative_id = $1`, initiative)
}

// unclaimed looks for them among the initiatives of the server.
func unclaimed(ctx context.Context, q db.Querier) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select i.id from initiative i
		where not exists (select 1 from account_person a where a.initiative_id = i.id) order by i.created_at, i.id`)
}

// firstPerson is who was written down first: the founder.
func firstPerson(ctx context.Context, q db.Querier, initiative string) (string, error) {
	return db.One(ctx, q, db.Value[string], `select id from person
		where initiative_id = $1 and erased_at is null order by created_at, id limit 1`, initiative)
}
