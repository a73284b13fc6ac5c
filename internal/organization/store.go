package organization

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// columns goes with scan, and wants organization as o.
const columns = `o.id, coalesce(o.parent_id, ''), o.kind, o.name, o.about, o.lang, o.email, o.website,
	coalesce(o.area_id, ''), o.langs, coalesce(o.members, 0), o.status, o.review_on, o.reminders,
	o.source, o.source_id, o.extra, o.created_at, o.changed_at`

func scan(row db.Row) (o Organization, err error) {
	err = row.Scan(o.fields()...)
	return o, err
}

func (o *Organization) fields() []any {
	return []any{
		&o.ID, &o.Parent, &o.Kind, &o.Name, &o.About, &o.Lang, &o.Email, &o.Website,
		&o.Area, (*langs)(&o.Langs), &o.Members, &o.Status, &o.ReviewOn, &o.Reminders,
		&o.Source, &o.SourceID, (*columnsGiven)(&o.Extra), &o.CreatedAt, &o.ChangedAt,
	}
}

// get reads one organization, whoever may see it.
func get(ctx context.Context, q db.Querier, initiative, id string) (Organization, error) {
	return db.One(ctx, q, scan, `select `+columns+` from organization o
		where o.initiative_id = $1 and o.id = $2`, initiative, id)
}

// offersOf reads what an organization can bring.
func offersOf(ctx context.Context, q db.Querier, initiative, organization string) ([]Offer, error) {
	return db.All(ctx, q, func(row db.Row) (o Offer, err error) {
		err = row.Scan(&o.ID, &o.Organization, &o.Kind, &o.Text, &o.Lang, &o.CreatedAt)
		return o, err
	}, `select id, organization_id, kind, text, lang, created_at from organization_offer
		where initiative_id = $1 and organization_id = $2 order by created_at, id`, initiative, organization)
}

// held says in SQL whether a row s of spokesperson has the right that goes with
// it. Who was asked by a letter hasn't until they say yes.
const held = `exists (select 1 from access_grant g where g.initiative_id = s.initiative_id and g.object = s.organization_id
	and g.right_name = '` + Speaks + `' and g.person_id = s.person_id and g.ended_at is null)`

// spokespersons reads who speaks for an organization now, or was asked to, the
// longest first.
func spokespersons(ctx context.Context, q db.Querier, initiative, organization string) ([]Spokesperson, error) {
	return db.All(ctx, q, func(row db.Row) (s Spokesperson, err error) {
		err = row.Scan(&s.ID, &s.Organization, &s.Person, &s.Name, &s.Job, &s.Since, &s.Until, &s.by, &s.Asked)
		return s, err
	}, `select s.id, s.organization_id, s.person_id, p.name, s.job, s.since_at, s.until_at, s.given_by, not `+held+`
		from spokesperson s
		join person p on p.initiative_id = s.initiative_id and p.id = s.person_id
		where s.initiative_id = $1 and s.organization_id = $2 and s.until_at is null
		order by s.since_at, s.id`, initiative, organization)
}

// list reads organizations by name, from after one on. Those that not everybody
// sees are left out, unless all is set or mine holds them.
func list(ctx context.Context, q db.Querier, initiative string, f Filter, all bool, mine []string) ([]Organization, error) {
	args := []any{initiative, string(f.Kind), string(f.Status), all, f.After, f.size() + 1}
	where := ` and ($4 or o.status = 'shown'`
	if len(mine) > 0 {
		where += ` or o.id in (` + marks(len(args)+1, len(mine)) + `)`
		args = withIDs(mine, args...)
	}
	where += `)`
	if len(f.areas) > 0 {
		where += ` and o.area_id in (` + marks(len(args)+1, len(f.areas)) + `)`
		args = withIDs(f.areas, args...)
	}
	for word := range strings.FieldsSeq(db.Fold(f.Text)) {
		args = append(args, "% "+db.Like(word)+"%")
		where += ` and ' ' || o.name_folded like ` + marks(len(args), 1) + ` escape '\'`
	}
	return db.All(ctx, q, scan, `select `+columns+` from organization o
		where o.initiative_id = $1 and ($2 = '' or o.kind = $2) and ($3 = '' or o.status = $3)`+where+`
			and ($5 = '' or (o.name_folded, o.id) > (select a.name_folded, a.id from organization a
				where a.initiative_id = $1 and a.id = $5))
		order by o.name_folded, o.id limit $6`, args...)
}

// langs are ISO 639 codes as the store keeps them.
type langs []i18n.Lang

// Scan implements sql.Scanner.
func (l *langs) Scan(src any) error {
	*l = nil
	for code := range strings.FieldsSeq(text(src)) {
		*l = append(*l, i18n.Lang(code))
	}
	return nil
}

func joinLangs(all []i18n.Lang) string {
	codes := make([]string, len(all))
	for i, l := range all {
		codes[i] = string(l)
	}
	return strings.Join(codes, " ")
}

// columnsGiven are columns that we have no place for, as JSON. Numbers stay as
// they were written.
type columnsGiven map[string]any

// Scan implements sql.Scanner.
func (c *columnsGiven) Scan(src any) error {
	*c = nil
	said := text(src)
	if said == "" {
		return nil
	}
	read := json.NewDecoder(strings.NewReader(said))
	read.UseNumber()
	return read.Decode((*map[string]any)(c))
}

func asJSON(columns map[string]any) (string, error) {
	if len(columns) == 0 {
		return "", nil
	}
	var b bytes.Buffer
	write := json.NewEncoder(&b)
	write.SetEscapeHTML(false)
	err := write.Encode(columns)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// text is what a driver gives for a column of text.
func text(src any) string {
	switch v := src.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// null is what an empty id is in the store.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// withIDs puts ids after the arguments that come first.
func withIDs(ids []string, first ...any) []any {
	for _, id := range ids {
		first = append(first, id)
	}
	return first
}

// marks are n placeholders from the first: $3, $4.
func marks(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(all, ", ")
}

// tuples are the placeholders of several rows: ($1, $2), ($3, $4).
func tuples(rows, width int) string {
	var b strings.Builder
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + marks(r*width+1, width) + ")")
	}
	return b.String()
}
