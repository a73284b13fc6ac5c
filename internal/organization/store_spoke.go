package organization

import (
	"context"
	"strings"

	"commonweal/internal/db"
)

// insertSpokesperson notes that somebody speaks for an organization, unless
// they do already.
func insertSpokesperson(ctx context.Context, q db.Querier, initiative, organization, person, job, by string) (bool, error) {
	now, id, err := db.Mark(q)
	if err != nil {
		return false, err
	}
	n, err := db.Changed(ctx, q, `insert into spokesperson (initiative_id, id, organization_id, person_id, job, since_at, given_by, ended_by)
		select $1, $2, $3, $4, $5, $6, $7, '' where not exists (select 1 from spokesperson
			where initiative_id = $1 and organization_id = $3 and person_id = $4 and until_at is null)`,
		initiative, id, organization, person, job, db.At(now), by)
	return n > 0, err
}

func endSpeaking(ctx context.Context, q db.Querier, initiative, organization, person, by string, at db.Stamp) error {
	return db.Exec(ctx, q, `update spokesperson set until_at = $4, ended_by = $5
		where initiative_id = $1 and organization_id = $2 and person_id = $3 and until_at is null`,
		initiative, organization, person, at, by)
}

// byIDs reads organizations by id.
func byIDs(ctx context.Context, q db.Querier, initiative string, ids []string) (map[string]Organization, error) {
	byID := map[string]Organization{}
	if len(ids) == 0 {
		return byID, nil
	}
	all, err := db.All(ctx, q, scan, `select `+columns+` from organization o
		where o.initiative_id = $1 and o.id in (`+marks(2, len(ids))+`)`, withIDs(ids, initiative)...)
	for _, o := range all {
		byID[o.ID] = o
	}
	return byID, err
}

// byAddress reads who has some mail addresses, by the address in small letters.
func byAddress(ctx context.Context, q db.Querier, initiative string, addresses []string) (map[string]string, error) {
	byAddress := map[string]string{}
	if len(addresses) == 0 {
		return byAddress, nil
	}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var person, address string
		err := row.Scan(&person, &address)
		if address = strings.ToLower(address); byAddress[address] == "" {
			byAddress[address] = person
		}
		return struct{}{}, err
	}, `select c.person_id, c.value from contact c
		join person p on p.initiative_id = c.initiative_id and p.id = c.person_id
		where c.initiative_id = $1 and c.kind = 'email' and p.erased_at is null and c.value in (`+marks(2, len(addresses))+`)
		order by c.person_id`, withIDs(addresses, initiative)...)
	return byAddress, err
}

// speakingFor reads who speaks for some organizations.
func speakingFor(ctx context.Context, q db.Querier, initiative string, organizations []string) (map[string]map[string]bool, error) {
	speak := map[string]map[string]bool{}
	if len(organizations) == 0 {
		return speak, nil
	}
	_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var organization, person string
		err := row.Scan(&organization, &person)
		if speak[organization] == nil {
			speak[organization] = map[string]bool{}
		}
		speak[organization][person] = true
		return struct{}{}, err
	}, `select s.organization_id, s.person_id from spokesperson s
		where s.initiative_id = $1 and s.until_at is null and `+held+` and s.organization_id in (`+marks(2, len(organizations))+`)`,
		withIDs(organizations, initiative)...)
	return speak, err
}
