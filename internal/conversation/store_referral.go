package conversation

import (
	"context"

	"commonweal/internal/db"
)

const referralColumns = `select id, conversation_id, coalesce(connector_id, ''), name, note, expires_on from referral `

func scanReferral(row db.Row) (r Referral, err error) {
	err = row.Scan(&r.ID, &r.Conversation, &r.Connector, &r.Name, &r.Note, &r.ExpiresOn)
	return r, err
}

// whose narrows reminders to those of one connector, or to those that were
// given to the stewards: a third person's name is seen by one connector alone.
const whose = ` and (connector_id = $2 or $3 and connector_id is null)`

// referral reads a reminder that is the actor's.
func referral(ctx context.Context, q db.Querier, v view, id string) (Referral, error) {
	return db.One(ctx, q, scanReferral, referralColumns+`where initiative_id = $1`+whose+` and id = $4`, v.initiative, v.self, v.all, id)
}

// referrals reads the actor's reminders, those that end first on top.
func referrals(ctx context.Context, q db.Querier, v view, today db.Day) ([]Referral, error) {
	return db.All(ctx, q, scanReferral, referralColumns+`where initiative_id = $1`+whose+` and expires_on > $4
		order by expires_on, id limit 100`, v.initiative, v.self, v.all, today)
}

// referralsIn reads the actor's reminders of one conversation.
func referralsIn(ctx context.Context, q db.Querier, v view, conversation string) ([]Referral, error) {
	return db.All(ctx, q, scanReferral, referralColumns+`where initiative_id = $1`+whose+` and conversation_id = $4
		order by id`, v.initiative, v.self, v.all, conversation)
}

func deleteReferral(ctx context.Context, q db.Querier, initiative, id string) error {
	return db.Exec(ctx, q, `delete from referral where initiative_id = $1 and id = $2`, initiative, id)
}

// deleteEnded forgets the names and addresses of every initiative whose time is
// over, and says how many.
func deleteEnded(ctx context.Context, q db.Querier, today db.Day) (int64, error) {
	// in every initiative
	names, err := db.Changed(ctx, q, `delete from referral where expires_on <= $1`, today)
	if err != nil {
		return 0, err
	}
	// in every initiative
	addresses, err := db.Changed(ctx, q, `delete from conversation_reply where expires_on <= $1`, today)
	return names + addresses, err
}
