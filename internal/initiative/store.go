package initiative

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// columns go with scan, and want initiative as i and its current slug as s.
const columns = `i.id, s.slug, i.name, i.purpose, i.purposes, i.about, i.langs, i.zone,
	i.help_phone, i.emergency, i.answer_days, i.started_on, i.invented`

func scan(row db.Row) (Initiative, error) {
	var in Initiative
	var langs, zone, purposes string
	err := row.Scan(&in.ID, &in.Slug, &in.Name, &in.Purpose, &purposes, &in.About, &langs, &zone,
		&in.HelpPhone, &in.Emergency, &in.AnswerDays, &in.StartedOn, &in.Invented)
	if err != nil {
		return in, err
	}
	if err := json.Unmarshal([]byte(purposes), &in.Purposes); err != nil {
		return in, err
	}
	in.Langs = splitLangs(langs)
	in.Zone, err = loadZone(zone)
	return in, err
}

// Get reads one initiative by its id. Faults: NotFound.
func Get(ctx context.Context, q db.Querier, id string) (Initiative, error) {
	return db.One(ctx, q, scan, `
		select `+columns+`
		from initiative i
		join initiative_slug s on s.initiative_id = i.id and s.is_current
		where i.id = $1`, id)
}

// bySlug reads the initiative that has or had an address.
func bySlug(ctx context.Context, q db.Querier, slug string) (Initiative, error) {
	return db.One(ctx, q, scan, `
		select `+columns+`
		from initiative_slug asked
		join initiative i on i.id = asked.initiative_id
		join initiative_slug s on s.initiative_id = i.id and s.is_current
		where asked.slug = $1`, slug)
}

func list(ctx context.Context, q db.Querier) ([]Initiative, error) {
	return db.All(ctx, q, scan, `
		select `+columns+`
		from initiative i
		join initiative_slug s on s.initiative_id = i.id and s.is_current
		order by i.created_at, i.id`)
}

func count(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Value[int64], `select count(*) from initiative`)
}

func insert(ctx context.Context, q db.Querier, in Initiative, at db.Stamp) error {
	purposes, err := json.Marshal(in.Purposes)
	if err != nil {
		return err
	}
	return db.Exec(ctx, q, `
		insert into initiative (id, name, purpose, purposes, about, langs, zone, help_phone, emergency,
			answer_days, started_on, invented, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		in.ID, in.Name, in.Purpose, string(purposes), in.About, joinLangs(in.Langs), in.Zone.String(), in.HelpPhone, in.Emergency,
		in.AnswerDays, in.StartedOn, in.Invented, at)
}

func update(ctx context.Context, q db.Querier, in Initiative) error {
	purposes, err := json.Marshal(in.Purposes)
	if err != nil {
		return err
	}
	return db.Exec(ctx, q, `
		update initiative set name = $2, purpose = $3, about = $4, langs = $5, zone = $6,
			help_phone = $7, emergency = $8, answer_days = $9, started_on = $10, purposes = $11
		where id = $1`,
		in.ID, in.Name, in.Purpose, in.About, joinLangs(in.Langs), in.Zone.String(),
		in.HelpPhone, in.Emergency, in.AnswerDays, in.StartedOn, string(purposes))
}

// slugOwner says whose address it is or was, or "".
func slugOwner(ctx context.Context, q db.Querier, slug string) (string, error) {
	return db.One(ctx, q, db.Value[string],
		`select coalesce(max(initiative_id), '') from initiative_slug where slug = $1`, slug)
}

// point makes slug the initiative's current address; earlier ones redirect.
func point(ctx context.Context, q db.Querier, in Initiative) error {
	if err := db.Exec(ctx, q, `
		update initiative_slug set is_current = false
		where initiative_id = $1 and is_current and slug <> $2`, in.ID, in.Slug); err != nil {
		return err
	}
	return db.Exec(ctx, q, `
		insert into initiative_slug (slug, initiative_id, is_current) values ($1, $2, true)
		on conflict (slug) do update set is_current = true`, in.Slug, in.ID)
}

// zones keeps time zones that were loaded: each request reads its initiative.
var zones = struct {
	sync.RWMutex
	byName map[string]*time.Location
}{byName: map[string]*time.Location{}}

// loadZone finds a time zone by its IANA name. "Local" is refused: it would
// mean another zone on another machine.
func loadZone(name string) (*time.Location, error) {
	zones.RLock()
	zone, known := zones.byName[name]
	zones.RUnlock()
	if known {
		return zone, nil
	}
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("initiative: %q is no time zone", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	zones.Lock()
	defer zones.Unlock()
	zones.byName[name] = zone
	return zone, nil
}

func joinLangs(langs []i18n.Lang) string {
	var b strings.Builder
	for i, l := range langs {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(l))
	}
	return b.String()
}

func splitLangs(text string) []i18n.Lang {
	var langs []i18n.Lang
	for code := range strings.FieldsSeq(text) {
		langs = append(langs, i18n.Lang(code))
	}
	return langs
}
