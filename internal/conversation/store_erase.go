package conversation

import (
	"context"

	"commonweal/internal/db"
)

// Which conversations are emptied: one, or all of a person.
const (
	byID     = `id = $2`
	byPerson = `person_id = $2`
)

// emptyTalks takes every word off some conversations and who said them; day,
// area, household and asker stay, since counts do. Gifts are the other room's.
func emptyTalks(ctx context.Context, q db.Querier, initiative, which, id string) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	talks := `(select id from conversation where initiative_id = $1 and ` + which + `)`
	for _, statement := range [...]string{
		emptyNeed + ` where initiative_id = $1 and erased_at is null and conversation_id in ` + talks,
		emptySupport + ` where initiative_id = $1 and erased_at is null and conversation_id in ` + talks,
		emptyAdvice + ` where initiative_id = $1 and erased_at is null and conversation_id in ` + talks,
	} {
		if err := db.Exec(ctx, q, statement, initiative, id, db.At(now)); err != nil {
			return err
		}
	}
	for _, statement := range [...]string{
		`delete from handover where initiative_id = $1 and need_id in (select id from need where initiative_id = $1 and conversation_id in ` + talks + `)`,
		`delete from referral where initiative_id = $1 and conversation_id in ` + talks,
		`delete from conversation_reply where initiative_id = $1 and conversation_id in ` + talks,
	} {
		if err := db.Exec(ctx, q, statement, initiative, id); err != nil {
			return err
		}
	}
	return db.Exec(ctx, q, `update conversation set person_id = null, care = '', lang = '',
			next_help = false, next_advise = false, next_do = false, erased_at = $3
		where initiative_id = $1 and erased_at is null and `+which, initiative, id, db.At(now))
}

// What stays of a record is that it was, and whether it was answered.
const (
	emptyNeed = `update need set text = '', delivery = '', urgent = false, visibility = 'me',
		step_text = '', gift_id = null, service_id = null, erased_at = $3`
	emptySupport = `update support set text = '', step_text = '', gift_id = null, erased_at = $3`
	emptyAdvice  = `update advice set text = '', to_whom = '', answer = '', changed = '', would_help = false, erased_at = $3`
)

const oneRecord = ` where initiative_id = $1 and id = $2 and erased_at is null`

// eraseNeed empties a need and the advice that it was taken as.
func eraseNeed(ctx context.Context, q db.Querier, initiative, id string) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	if err := db.Exec(ctx, q, emptyNeed+oneRecord, initiative, id, db.At(now)); err != nil {
		return err
	}
	if err := db.Exec(ctx, q, `delete from handover where initiative_id = $1 and need_id = $2`, initiative, id); err != nil {
		return err
	}
	return db.Exec(ctx, q, emptyAdvice+` where initiative_id = $1 and need_id = $2 and erased_at is null`, initiative, id, db.At(now))
}

// eraseOne empties a support or advice.
func eraseOne(ctx context.Context, q db.Querier, initiative string, w What, id string) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	statement := emptyAdvice
	if w == WhatSupport {
		statement = emptySupport
	}
	return db.Exec(ctx, q, statement+oneRecord, initiative, id, db.At(now))
}

// talksOf are the ids of a person's conversations.
func talksOf(ctx context.Context, q db.Querier, initiative, person string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select id from conversation
		where initiative_id = $1 and person_id = $2 order by id`, initiative, person)
}
