package mail

import (
	"context"
	"time"

	"commonweal/internal/db"
)

// Tables are those of this package with words of a person, or to one, in them:
// what a source of personal data that is made of Export and Forget answers for.
func Tables() []string { return []string{"message"} }

type exported struct {
	To      string    `json:"to,omitzero"`
	Subject string    `json:"subject"`
	Text    string    `json:"text,omitzero"` // it and To are gone once it was sent
	Written time.Time `json:"written"`
}

// Export gives the messages to one person that are still kept, for their own
// copy.
func Export(ctx context.Context, q db.Querier, initiative, person string) (any, error) {
	all, err := About(ctx, q, initiative, person)
	out := make([]exported, 0, len(all))
	for _, l := range all {
		out = append(out, exported{To: l.To, Subject: l.Subject, Text: l.Body, Written: l.Written})
	}
	return out, err
}
