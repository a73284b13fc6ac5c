package organization

import (
	"context"

	"commonweal/internal/db"
)

// rows is one table as many rows are written to it.
type rows struct {
	table   string
	columns string // all of them, initiative_id and id first
	width   int
	change  string // what is set anew on a row that is there
	args    []any
}

// maxArgs is how many arguments one statement takes. SQLite allows 32,766, but
// looks each up among all others: ten times as many take a hundred times as long.
const maxArgs = 2_000

// put writes the rows, some hundreds in one statement. Those that are there are
// changed.
func (r rows) put(ctx context.Context, q db.Querier) error {
	most := maxArgs / r.width * r.width
	for args := r.args; len(args) > 0; {
		n := min(len(args), most)
		err := db.Exec(ctx, q, `insert into `+r.table+` (`+r.columns+`) values `+tuples(n/r.width, r.width)+`
			on conflict (initiative_id, id) do `+r.change, args[:n]...)
		if err != nil {
			return err
		}
		args = args[n:]
	}
	return nil
}

func putOrganizations(ctx context.Context, q db.Querier, initiative string, all []Organization) error {
	r := rows{
		table: "organization", width: 21,
		columns: `initiative_id, id, kind, parent_id, name, name_folded, about, lang, email, website,
			area_id, langs, members, status, review_on, reminders, source, source_id, extra, created_at, changed_at`,
		change: `update set kind = excluded.kind, parent_id = excluded.parent_id, name = excluded.name,
			name_folded = excluded.name_folded, about = excluded.about, lang = excluded.lang, email = excluded.email,
			website = excluded.website, area_id = excluded.area_id, langs = excluded.langs, members = excluded.members,
			status = excluded.status, review_on = excluded.review_on, reminders = excluded.reminders,
			extra = excluded.extra, changed_at = excluded.changed_at`,
	}
	for _, o := range all {
		extra, err := asJSON(o.Extra)
		if err != nil {
			return err
		}
		r.args = append(r.args, initiative, o.ID, string(o.Kind), null(o.Parent), o.Name, db.Fold(o.Name), o.About, string(o.Lang),
			o.Email, o.Website, null(o.Area), joinLangs(o.Langs), count(o.Members), string(o.Status), o.ReviewOn, o.Reminders,
			o.Source, o.SourceID, extra, o.CreatedAt, o.ChangedAt)
	}
	return r.put(ctx, q)
}

// count is a number of which 0 means that nobody has said.
func count(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

func putOffers(ctx context.Context, q db.Querier, initiative string, all []Offer) error {
	r := rows{
		table: "organization_offer", width: 7,
		columns: `initiative_id, id, organization_id, kind, text, lang, created_at`,
		change:  `update set kind = excluded.kind, text = excluded.text, lang = excluded.lang`,
	}
	for _, o := range all {
		r.args = append(r.args, initiative, o.ID, o.Organization, string(o.Kind), o.Text, string(o.Lang), o.CreatedAt)
	}
	return r.put(ctx, q)
}

func putLocations(ctx context.Context, q db.Querier, initiative string, all []Location) error {
	r := rows{
		table: "location", width: 15,
		columns: `initiative_id, id, organization_id, kind, name, about, area_id, lat, lon,
			source, source_id, organization_ref, extra, created_at, changed_at`,
		change: `update set organization_id = excluded.organization_id, kind = excluded.kind, name = excluded.name,
			about = excluded.about, area_id = excluded.area_id, lat = excluded.lat, lon = excluded.lon,
			organization_ref = excluded.organization_ref, extra = excluded.extra, changed_at = excluded.changed_at`,
	}
	for _, l := range all {
		extra, err := asJSON(l.Extra)
		if err != nil {
			return err
		}
		var lat, lon any
		if l.Pinned {
			lat, lon = l.Lat, l.Lon
		}
		r.args = append(r.args, initiative, l.ID, null(l.Organization), string(l.Kind), l.Name, l.About, null(l.Area), lat, lon,
			l.Source, l.SourceID, l.OrganizationRef, extra, l.CreatedAt, l.ChangedAt)
	}
	return r.put(ctx, q)
}

func putServices(ctx context.Context, q db.Querier, initiative string, all []ServiceRecord) error {
	r := rows{
		table: "service", width: 24,
		columns: `initiative_id, id, organization_id, name, name_folded, about, lang, status, eligibility, fees, apply,
			email, url, langs, words, review_on, reminders, hidden_at,
			source, source_id, organization_ref, extra, created_at, changed_at`,
		change: `update set organization_id = excluded.organization_id, name = excluded.name, name_folded = excluded.name_folded,
			about = excluded.about, lang = excluded.lang, status = excluded.status, eligibility = excluded.eligibility,
			fees = excluded.fees, apply = excluded.apply, email = excluded.email, url = excluded.url, langs = excluded.langs,
			words = excluded.words, review_on = excluded.review_on, reminders = excluded.reminders, hidden_at = excluded.hidden_at,
			organization_ref = excluded.organization_ref, extra = excluded.extra, changed_at = excluded.changed_at`,
	}
	for _, s := range all {
		extra, err := asJSON(s.Extra)
		if err != nil {
			return err
		}
		r.args = append(r.args, initiative, s.ID, null(s.Organization), s.Name, db.Fold(s.Name), s.About, string(s.Lang),
			string(s.Status), s.Eligibility, s.Fees, s.Apply, s.Email, s.URL, joinLangs(s.Langs), s.Words,
			s.ReviewOn, s.Reminders, s.HiddenAt, s.Source, s.SourceID, s.OrganizationRef, extra, s.CreatedAt, s.ChangedAt)
	}
	return r.put(ctx, q)
}

func putPlaces(ctx context.Context, q db.Querier, initiative string, all []ServicePlace) error {
	r := rows{
		table: "service_place", width: 11,
		columns: `initiative_id, id, service_id, location_id, source, source_id, service_ref, location_ref, extra, created_at, changed_at`,
		change: `update set service_id = excluded.service_id, location_id = excluded.location_id, service_ref = excluded.service_ref,
			location_ref = excluded.location_ref, extra = excluded.extra, changed_at = excluded.changed_at`,
	}
	for _, p := range all {
		extra, err := asJSON(p.Extra)
		if err != nil {
			return err
		}
		r.args = append(r.args, initiative, p.ID, null(p.Service), null(p.Location), p.Source, p.SourceID,
			p.ServiceRef, p.LocationRef, extra, p.CreatedAt, p.ChangedAt)
	}
	return r.put(ctx, q)
}

func putDetails(ctx context.Context, q db.Querier, initiative string, all []Detail) error {
	r := rows{
		table: "detail", width: 10,
		columns: `initiative_id, id, entity, owner_entity, owner_id, source, source_id, fields, created_at, changed_at`,
		change: `update set owner_entity = excluded.owner_entity, owner_id = excluded.owner_id,
			fields = excluded.fields, changed_at = excluded.changed_at`,
	}
	for _, d := range all {
		fields, err := asJSON(d.Fields)
		if err != nil {
			return err
		}
		r.args = append(r.args, initiative, d.ID, d.Entity, d.OwnerEntity, null(d.Owner), d.Source, d.SourceID,
			fields, d.CreatedAt, d.ChangedAt)
	}
	return r.put(ctx, q)
}
