package gift

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// stale is a gift whose day of review has come, with where its owner can be
// written to.
type stale struct {
	gift, person string
	reminders    int
	lang         i18n.Lang
	email        bool // they can be written to, and aren't paused
}

// staleGifts reads some gifts that wait to be asked about: never reminded of,
// or not since a day. Those of a person lie together.
func staleGifts(ctx context.Context, q db.Querier, initiative string, today, remindedBefore db.Day, limit int) ([]stale, error) {
	return db.All(ctx, q, func(row db.Row) (s stale, err error) {
		err = row.Scan(&s.gift, &s.person, &s.reminders, &s.lang, &s.email)
		return s, err
	}, `select g.id, coalesce(g.person_id, ''), g.reminders, g.lang,
			exists (select 1 from contact c where c.initiative_id = g.initiative_id
				and c.person_id = g.person_id and c.kind = 'email' and p.paused_at is null)
		from gift g
		left join person p on p.initiative_id = g.initiative_id and p.id = g.person_id
		where g.initiative_id = $1 and g.review_on <= $2 and g.hidden_at is null
			and (g.reminded_on is null or g.reminded_on <= $3)
		order by g.person_id nulls last, g.id limit $4`, initiative, today, remindedBefore, limit)
}

// setReminded counts one more reminder of each gift.
func setReminded(ctx context.Context, q db.Querier, initiative string, ids []string, on db.Day) error {
	return inChunks(ids, func(some []string) error {
		return db.Exec(ctx, q, `update gift set reminders = reminders + 1, reminded_on = $2
			where initiative_id = $1 and id in (`+marks(3, len(some))+`)`, withIDs(some, initiative, on)...)
	})
}

// hide puts gifts out of sight; nothing of them is lost.
func hide(ctx context.Context, q db.Querier, initiative string, ids []string, at db.Stamp) error {
	return inChunks(ids, func(some []string) error {
		return db.Exec(ctx, q, `update gift set hidden_at = $2
			where initiative_id = $1 and id in (`+marks(3, len(some))+`)`, withIDs(some, initiative, at)...)
	})
}

// renew notes that gifts still hold.
func renew(ctx context.Context, q db.Querier, initiative string, ids []string, review db.Day) error {
	return inChunks(ids, func(some []string) error {
		return db.Exec(ctx, q, `update gift set review_on = $2, reminders = 0, reminded_on = null, hidden_at = null
			where initiative_id = $1 and id in (`+marks(3, len(some))+`)`, withIDs(some, initiative, review)...)
	})
}

// waitingFor reads a person's gifts whose day of review has come, the hidden
// ones too.
func waitingFor(ctx context.Context, q db.Querier, initiative, person string, today db.Day) ([]Gift, error) {
	return db.All(ctx, q, scan, `select `+columns+` from gift g
		where g.initiative_id = $1 and g.person_id = $2 and g.erased_at is null and g.review_on <= $3
		order by g.named_at, g.id`, initiative, person, today)
}

// toReview reads gifts of people that wait for "still true", of everybody or of
// one connector's: those hidden lately first.
func toReview(ctx context.Context, q db.Querier, initiative, connector string, today db.Day, hiddenSince db.Stamp, limit int) ([]Held, error) {
	return db.All(ctx, q, scanHeld, `select `+heldColumns+withHolder+`
		where g.initiative_id = $1 and g.review_on <= $3 and g.erased_at is null
			and p.erased_at is null and ($2 = '' or p.connector_id = $2) and g.person_id is not null
			and (g.hidden_at is null or g.hidden_at >= $4)
		order by g.hidden_at desc nulls last, g.review_on, g.id limit $5`, initiative, connector, today, hiddenSince, limit)
}

// initiatives are the ids of every initiative, for the daily round.
func initiatives(ctx context.Context, q db.Querier) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select id from initiative order by id`)
}
