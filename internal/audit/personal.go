package audit

import (
	"context"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Tables are those of this package in which a person stands, by an id: what a
// source of personal data that is made of Export and Erase answers for.
func Tables() []string { return []string{"audit", "audit_wait", "audit_seal"} }

type exported struct {
	Looked []exportedEvent `json:"who_looked_at_me"`
	Acts   []exportedEvent `json:"what_i_did"`
}

type exportedEvent struct {
	At     time.Time `json:"at"`
	Act    string    `json:"act"`
	Person string    `json:"person,omitzero"`
	For    string    `json:"for,omitzero"`
	Object string    `json:"object,omitzero"`
}

// Export gives what is noted about one person: who looked at them, and what
// they did themselves, the last 200 of each.
func Export(ctx context.Context, q db.Querier, initiative, person string) (_ any, err error) {
	defer fault.Wrap(&err, "audit.Export of %s in %s", person, initiative)
	looked, err := ByObject(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	acts, err := list(ctx, q, `where initiative_id = $1 and person_id = $2 and person_id <> ''
		order by noted_at desc, id desc limit 200`, initiative, person)
	if err != nil {
		return nil, err
	}
	var out exported
	for _, n := range looked {
		out.Looked = append(out.Looked, exportedEvent{At: n.At, Act: n.Act, Person: n.Person, For: n.For})
	}
	for _, n := range acts {
		out.Acts = append(out.Acts, exportedEvent{At: n.At, Act: n.Act, For: n.For, Object: n.Object})
	}
	return out, nil
}

// Erase does nothing, and is here so that it is said: the record holds ids and
// no words of anybody. An erased person's id points to an empty row, and
// without it nobody could tell any more what was done in the house.
func Erase(context.Context, db.Querier, string, string) error { return nil }
