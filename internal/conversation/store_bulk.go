package conversation

import (
	"context"

	"commonweal/internal/db"
)

// insertConversations is insertConversation for many.
func insertConversations(ctx context.Context, q db.Querier, all []Conversation, wording string) error {
	if len(all) == 0 {
		return nil
	}
	args := make([]any, 0, 18*len(all))
	for _, c := range all {
		args = append(args, c.Initiative, c.ID, null(c.Asker), null(c.Person), null(c.Household), null(c.Area), null(c.Reader),
			string(c.Channel), string(c.Lang), c.HeldOn, c.RecordedAt, string(c.Consent), wording, c.Care,
			c.NextHelp, c.NextAdvise, c.NextDo, c.AnswerBy)
	}
	return db.Exec(ctx, q, `insert into conversation (initiative_id, id, asker_id, person_id, household_id, area_id, reader_id,
			channel, lang, held_on, recorded_at, consent, wording, care, next_help, next_advise, next_do, answer_by)
		values `+tuples(len(all), 18), args...)
}

// insertNeeds is insertNeed for many.
func insertNeeds(ctx context.Context, q db.Querier, initiative string, all []Need) error {
	if len(all) == 0 {
		return nil
	}
	args := make([]any, 0, 9*len(all))
	for _, n := range all {
		args = append(args, initiative, n.ID, n.Conversation, n.Text, n.Delivery, n.Urgent, string(n.Visibility), "", "")
	}
	return db.Exec(ctx, q, `insert into need (initiative_id, id, conversation_id, text, delivery, urgent, visibility, step, step_text)
		values `+tuples(len(all), 9), args...)
}

// insertAdvices is insertAdvice for many.
func insertAdvices(ctx context.Context, q db.Querier, initiative string, all []Advice) error {
	if len(all) == 0 {
		return nil
	}
	args := make([]any, 0, 9*len(all))
	for _, a := range all {
		args = append(args, initiative, a.ID, a.Conversation, null(a.Need), a.Text, a.To, "", "", a.WouldHelp)
	}
	return db.Exec(ctx, q, `insert into advice (initiative_id, id, conversation_id, need_id, text, to_whom, answer, changed, would_help)
		values `+tuples(len(all), 9), args...)
}

// insertTalks is insertTalk for many.
func insertTalks(ctx context.Context, q db.Querier, initiative string, all []Talk) error {
	args := make([]any, 0, 4*len(all))
	for _, t := range all {
		args = append(args, initiative, t.ID, t.On, null(t.Asker))
	}
	return db.Exec(ctx, q, `insert into talk_count (initiative_id, id, on_day, connector_id) values `+tuples(len(all), 4), args...)
}
