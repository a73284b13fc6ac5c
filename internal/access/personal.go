package access

import (
	"context"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Tables are those of this package with a person in them: what a source of
// personal data that is made of Export and Erase answers for.
func Tables() []string { return []string{"membership", "access_grant"} }

type exportedMembership struct {
	Kind    Kind      `json:"kind"`
	GivenAt time.Time `json:"given_at"`
	EndedAt time.Time `json:"ended_at,omitzero"`
}

type exportedGrant struct {
	Object  string    `json:"object"`
	Right   string    `json:"right"`
	GivenAt time.Time `json:"given_at"`
	EndedAt time.Time `json:"ended_at,omitzero"`
}

// Export gives what is kept here about one person, for their own copy.
func Export(ctx context.Context, q db.Querier, initiative, person string) (_ any, err error) {
	defer fault.Wrap(&err, "access.Export of %s in %s", person, initiative)
	held, err := History(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	var out struct {
		Memberships []exportedMembership `json:"memberships"`
		Rights      []exportedGrant      `json:"rights"`
	}
	for _, h := range held {
		out.Memberships = append(out.Memberships, exportedMembership{Kind: h.Kind, GivenAt: h.GivenAt.Time, EndedAt: h.EndedAt.Time})
	}
	out.Rights, err = entrusted(ctx, q, initiative, person)
	return out, err
}

// Erase ends whatever an erased person still may. The rows stay: they hold ids
// and dates, and what was done with a permission has to stay answerable.
func Erase(ctx context.Context, q db.Querier, initiative, person string) (err error) {
	defer fault.Wrap(&err, "access.Erase of %s in %s", person, initiative)
	return endAll(ctx, q, initiative, person)
}
