package people

import (
	"context"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// Card is a person with the names of what they belong to, as lists show it.
type Card struct {
	Person
	AreaName      string
	HouseholdCode string
	ConnectorName string
}

// cards goes with scanCard. Rooms below may join person and household too: an
// erased person's row has no name left.
const cards = `
	select p.id, p.name, coalesce(p.area_id, ''), coalesce(p.household_id, ''), coalesce(p.connector_id, ''),
		p.langs, p.met_on, p.age, p.paused_at, p.erased_at,
		coalesce(a.name, ''), coalesce(h.code, ''), coalesce(c.name, '')
	from person p
	left join area a on a.initiative_id = p.initiative_id and a.id = p.area_id
	left join household h on h.initiative_id = p.initiative_id and h.id = p.household_id
	left join person c on c.initiative_id = p.initiative_id and c.id = p.connector_id`

func scanCard(row db.Row) (c Card, err error) {
	var langs string
	err = row.Scan(&c.ID, &c.Name, &c.Area, &c.Household, &c.Connector,
		&langs, &c.MetOn, &c.Age, &c.PausedAt, &c.ErasedAt,
		&c.AreaName, &c.HouseholdCode, &c.ConnectorName)
	c.Langs = splitLangs(langs)
	return c, err
}

// card reads a person who hasn't been erased.
func card(ctx context.Context, q db.Querier, initiative, id string) (Card, error) {
	return db.One(ctx, q, scanCard, cards+`
		where p.initiative_id = $1 and p.id = $2 and p.erased_at is null`, initiative, id)
}

// living is card for whoever needs no names.
func living(ctx context.Context, q db.Querier, initiative, id string) (Person, error) {
	c, err := card(ctx, q, initiative, id)
	return c.Person, err
}

func insertPerson(ctx context.Context, q db.Querier, initiative string, p Person, at time.Time) error {
	return db.Exec(ctx, q, `
		insert into person (initiative_id, id, name, name_folded, area_id, household_id, connector_id,
			langs, met_on, age, created_at)
		values ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), nullif($7, ''), $8, $9, $10, $11)`,
		initiative, p.ID, p.Name, db.Fold(p.Name), p.Area, p.Household, p.Connector,
		joinLangs(p.Langs), p.MetOn, string(p.Age), db.At(at))
}

func updatePerson(ctx context.Context, q db.Querier, initiative string, p Person) error {
	return db.Exec(ctx, q, `
		update person set name = $3, name_folded = $4, area_id = nullif($5, ''), household_id = nullif($6, ''),
			langs = $7, met_on = $8, age = $9
		where initiative_id = $1 and id = $2`,
		initiative, p.ID, p.Name, db.Fold(p.Name), p.Area, p.Household, joinLangs(p.Langs), p.MetOn, string(p.Age))
}

func setPaused(ctx context.Context, q db.Querier, initiative, person string, at db.Stamp) error {
	return db.Exec(ctx, q, `update person set paused_at = $3 where initiative_id = $1 and id = $2`,
		initiative, person, at)
}

func contacts(ctx context.Context, q db.Querier, initiative, person string) ([]Contact, error) {
	return db.All(ctx, q, func(row db.Row) (c Contact, err error) {
		err = row.Scan(&c.ID, &c.Person, &c.Kind, &c.Value, &c.Safe)
		return c, err
	}, `select id, person_id, kind, value, safe from contact
		where initiative_id = $1 and person_id = $2 order by id`, initiative, person)
}

func insertContacts(ctx context.Context, q db.Querier, initiative string, all []Contact) error {
	if len(all) == 0 {
		return nil
	}
	var args []any
	for _, c := range all {
		now, id, err := db.Mark(q)
		if err != nil {
			return err
		}
		args = append(args, initiative, id, c.Person, string(c.Kind), c.Value, c.Safe, db.At(now))
	}
	return db.Exec(ctx, q, `insert into contact (initiative_id, id, person_id, kind, value, safe, created_at)
		values `+tuples(len(all), 7), args...)
}

func deleteContact(ctx context.Context, q db.Querier, initiative, person, id string) (int64, error) {
	return db.Changed(ctx, q, `delete from contact where initiative_id = $1 and person_id = $2 and id = $3`,
		initiative, person, id)
}

func deleteContacts(ctx context.Context, q db.Querier, initiative, person string) error {
	return db.Exec(ctx, q, `delete from contact where initiative_id = $1 and person_id = $2`, initiative, person)
}

func consents(ctx context.Context, q db.Querier, initiative, person string) ([]Consent, error) {
	return db.All(ctx, q, func(row db.Row) (c Consent, err error) {
		err = row.Scan(&c.ID, &c.Person, &c.Purpose, &c.Wording, &c.On, &c.GivenBy, &c.GiverName, &c.Channel, &c.WithdrawnAt)
		return c, err
	}, `select id, person_id, purpose, wording, given_on, given_by, giver, channel, withdrawn_at from consent
		where initiative_id = $1 and person_id = $2 order by id`, initiative, person)
}

func insertConsents(ctx context.Context, q db.Querier, initiative, by string, all []Consent) error {
	if len(all) == 0 {
		return nil
	}
	var args []any
	for _, c := range all {
		now, id, err := db.Mark(q)
		if err != nil {
			return err
		}
		args = append(args, initiative, id, c.Person, string(c.Purpose), c.Wording, c.On,
			string(c.GivenBy), c.GiverName, string(c.Channel), by, db.At(now))
	}
	return db.Exec(ctx, q, `insert into consent (initiative_id, id, person_id, purpose, wording, given_on,
			given_by, giver, channel, recorded_by, recorded_at)
		values `+tuples(len(all), 11), args...)
}

func withdrawConsent(ctx context.Context, q db.Querier, initiative string, c Consent) error {
	return db.Exec(ctx, q, `update consent set withdrawn_at = $3 where initiative_id = $1 and id = $2`,
		initiative, c.ID, c.WithdrawnAt)
}

// countByArea counts everybody ever written down, the erased too.
func countByArea(ctx context.Context, q db.Querier, initiative string) (map[string]int, error) {
	type areaCount struct {
		area string
		n    int
	}
	rows, err := db.All(ctx, q, func(row db.Row) (c areaCount, err error) {
		err = row.Scan(&c.area, &c.n)
		return c, err
	}, `select coalesce(area_id, ''), count(*) from person where initiative_id = $1 group by area_id`, initiative)
	counts := make(map[string]int, len(rows))
	for _, c := range rows {
		counts[c.area] = c.n
	}
	return counts, err
}

// tuples are the placeholders of several rows: ($1, $2), ($3, $4).
func tuples(rows, width int) string { return tuplesFrom(1, rows, width) }

// tuplesFrom are tuples from the first placeholder on.
func tuplesFrom(first, rows, width int) string {
	var b strings.Builder
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		b.WriteString(marks(first+r*width, width))
		b.WriteByte(')')
	}
	return b.String()
}

// marks are n placeholders from the first: $3, $4.
func marks(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String()
}

func joinLangs(langs []i18n.Lang) string {
	codes := make([]string, len(langs))
	for i, l := range langs {
		codes[i] = string(l)
	}
	return strings.Join(codes, " ")
}

func splitLangs(text string) []i18n.Lang {
	var langs []i18n.Lang
	for code := range strings.FieldsSeq(text) {
		langs = append(langs, i18n.Lang(code))
	}
	return langs
}
