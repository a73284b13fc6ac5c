package exchange

import (
	"context"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/people"
)

// most is how many candidates are looked at closely.
const most = 200

// likeWords is a condition that a folded name holds one of some words, or at
// least their beginning, so that a slip at the end is found too.
func likeWords(column string, words []string, args *[]any) string {
	parts := make([]string, len(words))
	for i, w := range words {
		*args = append(*args, "% "+db.Like(w[:min(len(w), 4)])+"%")
		parts[i] = `' ' || ` + column + ` like ` + marks(len(*args), 1) + ` escape '\'`
	}
	return strings.Join(parts, " or ")
}

// peopleLike reads people who may be like somebody typed: by a word of the
// name. connector narrows to their own people; "" doesn't.
func peopleLike(ctx context.Context, q db.Querier, in, connector string, t Typed) ([]*candidate, error) {
	words := t.wordsOf()
	if len(words) == 0 {
		return nil, nil
	}
	args := []any{in, connector}
	byID := map[string]*candidate{}
	all, err := db.All(ctx, q, func(row db.Row) (*candidate, error) {
		c := &candidate{}
		err := row.Scan(&c.id, &c.name, &c.area, &c.areaName)
		byID[c.id] = c
		return c, err
	}, `select p.id, p.name, coalesce(p.area_id, ''), coalesce(a.name, '') from person p
		left join area a on a.initiative_id = p.initiative_id and a.id = p.area_id
		where p.initiative_id = $1 and p.erased_at is null and ($2 = '' or p.connector_id = $2)
			and (`+likeWords("p.name_folded", words, &args)+`)
		order by p.name_folded, p.id limit `+marks(len(args)+1, 1), append(args, most)...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.id
	}
	_, err = db.All(ctx, q, func(row db.Row) (c people.Contact, err error) {
		if err := row.Scan(&c.Person, &c.Kind, &c.Value); err == nil {
			byID[c.Person].learn(c)
		}
		return c, err
	}, `select person_id, kind, value from contact where initiative_id = $1 and person_id in (`+marks(2, len(ids))+`)`, withIDs(ids, in)...)
	return all, err
}

// organizationsLike is peopleLike for organizations; hidden ones only with all.
func organizationsLike(ctx context.Context, q db.Querier, in string, all bool, t Typed) ([]*candidate, error) {
	words := t.wordsOf()
	if len(words) == 0 {
		return nil, nil
	}
	args := []any{in, all}
	condition := likeWords("o.name_folded", words, &args)
	if site := siteKey(t.Website); site != "" {
		args = append(args, "%"+db.Like(site)+"%")
		condition += ` or o.website like ` + marks(len(args), 1) + ` escape '\'`
	}
	return db.All(ctx, q, func(row db.Row) (*candidate, error) {
		c := &candidate{}
		var email, site string
		err := row.Scan(&c.id, &c.name, &c.area, &c.areaName, &email, &site)
		c.emails, c.sites = some(emailKey(email)), some(siteKey(site))
		return c, err
	}, `select o.id, o.name, coalesce(o.area_id, ''), coalesce(a.name, ''), o.email, o.website from organization o
		left join area a on a.initiative_id = o.initiative_id and a.id = o.area_id
		where o.initiative_id = $1 and ($2 or o.status = 'shown') and (`+condition+`)
		order by o.name_folded, o.id limit `+marks(len(args)+1, 1), append(args, most)...)
}
