package conversation

import (
	"context"

	"commonweal/internal/db"
)

// setAnswer stores what we did with a need or a support.
func setAnswer(ctx context.Context, q db.Querier, initiative string, w What, id string, d AnswerDraft, by string, at db.Stamp) error {
	const set = ` set step = $3, step_text = $4, gift_id = $5, answered_by = $6, answered_at = $7`
	if w == WhatNeed {
		return db.Exec(ctx, q, `update need`+set+`, service_id = $8`+oneRecord, initiative, id,
			string(d.Step), d.Text, null(d.Gift), by, at, null(d.Service))
	}
	return db.Exec(ctx, q, `update support`+set+oneRecord, initiative, id, string(d.Step), d.Text, null(d.Gift), by, at)
}

// passOn makes advice of a need, unless it is already.
func passOn(ctx context.Context, q db.Querier, initiative, id, need string) error {
	return db.Exec(ctx, q, `insert into advice (initiative_id, id, conversation_id, need_id, text, to_whom, answer, changed, would_help)
		select n.initiative_id, $2, n.conversation_id, n.id, n.text, '', '', '', false from need n
		where n.initiative_id = $1 and n.id = $3 and not exists (
			select 1 from advice a where a.initiative_id = n.initiative_id and a.need_id = n.id and a.erased_at is null)`,
		initiative, id, need)
}

func setAdviceAnswer(ctx context.Context, q db.Querier, initiative, advice, answer, changed, by string, at db.Stamp) (int64, error) {
	return db.Changed(ctx, q, `update advice set
			answer = $3, changed = $4, answered_by = $5,
			answered_at = case when $3 = '' then answered_at else coalesce(answered_at, $6) end,
			changed_at = case when $4 = '' then null when changed = $4 then changed_at else $6 end
		where initiative_id = $1 and id = $2 and erased_at is null and (answer <> $3 or changed <> $4)`,
		initiative, advice, answer, changed, by, at)
}

// mayPoint says whether a gift may be pointed to: its person agreed to be
// asked, and is somebody whom the connector knows ("" for a steward).
func mayPoint(ctx context.Context, q db.Querier, initiative, gift, connector string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int64], `select count(*) from gift g
		join person p on p.initiative_id = g.initiative_id and p.id = g.person_id
		where g.initiative_id = $1 and g.id = $2 and g.erased_at is null and g.hidden_at is null
			and p.erased_at is null and p.paused_at is null and p.age <> 'under18'
			and ($3 = '' or p.connector_id = $3) and exists (
				select 1 from consent c where c.initiative_id = p.initiative_id and c.person_id = p.id
					and c.purpose = 'asked' and c.withdrawn_at is null)`, initiative, gift, connector)
	return n > 0, err
}

// addressOf is where somebody without a name can be written to, or "".
func addressOf(ctx context.Context, q db.Querier, c Conversation) (string, error) {
	return db.One(ctx, q, db.Value[string], `select coalesce(min(address), '') from conversation_reply
		where initiative_id = $1 and conversation_id = $2`, c.Initiative, c.ID)
}

// forgetReply drops the address that was left without a name, once nothing
// waits any more.
func forgetReply(ctx context.Context, q db.Querier, c Conversation) error {
	return db.Exec(ctx, q, `delete from conversation_reply
		where initiative_id = $1 and conversation_id = $2
			and not exists (select 1 from need n where n.initiative_id = $1 and n.conversation_id = $2
				and n.step = '' and n.erased_at is null and n.visibility <> 'me')
			and not exists (select 1 from support s where s.initiative_id = $1 and s.conversation_id = $2
				and s.step = '' and s.erased_at is null)
			and not exists (select 1 from advice a where a.initiative_id = $1 and a.conversation_id = $2
				and a.answered_at is null and a.erased_at is null)`, c.Initiative, c.ID)
}
