package organization

import (
	"context"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/people"
	"commonweal/internal/release"
)

// Source is what this room keeps about a person: for whom they speak or spoke,
// and contacts of those organizations that are theirs.
func Source() people.Source {
	return people.Source{
		Name:   "organization",
		Tables: []string{"spokesperson", "detail"},
		Export: export,
		Erase:  eraseOf,
	}
}

// Impersonal are this room's tables that hold nobody, and why.
func Impersonal() map[string]string {
	return map[string]string{
		"organization":       "what an association or institution says of itself in public",
		"organization_offer": "what an organization can bring, as it says in public",
		"location":           "where services are given: places of organizations, never anybody's home",
		"service":            "services as they are announced to everybody",
		"service_place":      "which service is given where",
		"service_word":       "words of public services, to find them by",
	}
}

type spokenPart struct {
	Organization string    `json:"organization"`
	Job          string    `json:"job,omitzero"`
	Since        time.Time `json:"since"`
	Until        time.Time `json:"until,omitzero"`
}

func export(ctx context.Context, q db.Querier, initiative, person string) (any, error) {
	spoke, err := spokeFor(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	mine, err := ownContacts(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	out := struct {
		Spoke    []spokenPart     `json:"speaks_for"`
		Contacts []map[string]any `json:"contacts"`
	}{Spoke: []spokenPart{}, Contacts: []map[string]any{}}
	for _, s := range spoke {
		out.Spoke = append(out.Spoke, spokenPart{s.Name, s.Job, s.Since.Time, s.Until.Time})
	}
	for _, d := range mine {
		out.Contacts = append(out.Contacts, d.Fields)
	}
	return out, nil
}

// eraseOf forgets what a person did for whom. That somebody spoke for it stays:
// the id of an empty row, and two dates.
func eraseOf(ctx context.Context, q db.Querier, initiative, person string) error {
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	mine, err := ownContacts(ctx, q, initiative, person)
	if err != nil {
		return err
	}
	if err := deleteDetails(ctx, q, initiative, idsOf(mine)); err != nil {
		return err
	}
	return forget(ctx, q, initiative, person, db.At(now))
}

// ownContacts reads the contacts of organizations that are a person's: those
// with their address, and of whomever they spoke for those with their name.
func ownContacts(ctx context.Context, q db.Querier, initiative, person string) ([]Detail, error) {
	known, err := knownAs(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	all, err := contactsBeside(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	var mine []Detail
	for _, d := range all {
		if known[db.Fold(d.Text("name"))] || known[strings.ToLower(d.Text("email"))] {
			mine = append(mine, d)
		}
	}
	return mine, nil
}

func idsOf(all []Detail) []string {
	ids := make([]string, len(all))
	for i, d := range all {
		ids[i] = d.ID
	}
	return ids
}

// Counts counts organizations by kind, for the public release.
func Counts() release.Source { return release.Source{Name: "organization", Count: countByKind} }
