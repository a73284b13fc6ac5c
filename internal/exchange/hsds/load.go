package hsds

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/organization"
)

// stored is what an initiative has, as a package, and what each row is here.
type stored struct {
	Package
	here map[key]record
	at   map[key]int // where a row stands in its table
}

// record is what a row outside is here: its own id, and itself.
type record struct {
	id           string
	organization *organization.Organization
	service      *organization.ServiceRecord
	location     *organization.Location
	place        *organization.ServicePlace
	detail       *organization.Detail
}

func newStored() *stored {
	return &stored{Package: Package{Version: V3, Tables: map[string][]Row{}}, here: map[key]record{}, at: map[key]int{}}
}

// put takes one record in, once.
func (s *stored) put(table string, row Row, r record) {
	k := key{table, row.ID()}
	if _, have := s.here[k]; have {
		return
	}
	s.here[k], s.at[k] = r, len(s.Tables[table])
	s.Tables[table] = append(s.Tables[table], row)
}

func (s *stored) putOrganizations(all []storedOrganization) (ids []string) {
	for i := range all {
		o := all[i]
		s.put("organization", organizationRow(o), record{id: o.ID, organization: &o.Organization})
		ids = append(ids, o.ID)
	}
	return ids
}

func (s *stored) putServices(all []organization.ServiceRecord) (ids []string) {
	for i := range all {
		s.put("service", serviceRow(all[i]), record{id: all[i].ID, service: &all[i]})
		ids = append(ids, all[i].ID)
	}
	return ids
}

func (s *stored) putLocations(all []organization.Location) (ids []string) {
	for i := range all {
		s.put("location", locationRow(all[i]), record{id: all[i].ID, location: &all[i]})
		ids = append(ids, all[i].ID)
	}
	return ids
}

func (s *stored) putPlaces(all []organization.ServicePlace) (ids []string) {
	for i := range all {
		s.put("service_at_location", placeRow(all[i]), record{id: all[i].ID, place: &all[i]})
		ids = append(ids, all[i].ID)
	}
	return ids
}

// putDetails takes details in. Those of something that isn't there come only
// with all.
func (s *stored) putDetails(all []organization.Detail) {
	refs := map[string]string{} // what a record here is called, by its id
	for k, r := range s.here {
		refs[r.id] = k.id
	}
	for i := range all {
		s.put(all[i].Entity, detailRow(all[i], refs[all[i].Owner]), record{id: all[i].ID, detail: &all[i]})
	}
}

// loadAll reads everything that an initiative has, or what everybody sees of it,
// in a handful of statements.
func loadAll(ctx context.Context, q db.Querier, in string, public bool) (*stored, error) {
	s := newStored()
	orgs, err := organizations(ctx, q, in, public, some{})
	if err != nil {
		return nil, err
	}
	given, err := services(ctx, q, in, public, some{})
	if err != nil {
		return nil, err
	}
	at, err := locations(ctx, q, in, public, some{})
	if err != nil {
		return nil, err
	}
	where, err := places(ctx, q, in, public, some{})
	if err != nil {
		return nil, err
	}
	s.putOrganizations(orgs)
	s.putServices(given)
	s.putLocations(at)
	s.putPlaces(where)
	more, err := details(ctx, q, in, some{})
	if err != nil {
		return nil, err
	}
	if public {
		more = s.seen(announced(more))
	}
	s.putDetails(more)
	s.speak()
	return s, nil
}

// speak tells the languages of services that were written down here, where they
// are a column and no rows.
func (s *stored) speak() {
	told := map[string]bool{}
	for _, l := range s.Tables["language"] {
		told[l.Text("service_id")] = true
	}
	for _, row := range s.Tables["service"] {
		if told[row.ID()] {
			continue
		}
		for _, lang := range s.here[key{"service", row.ID()}].service.Langs {
			f := map[string]any{"service_id": row.ID(), "code": string(lang)}
			f["id"] = derived("language", f)
			s.put("language", Row{Fields: f}, record{})
		}
	}
}

// seen leaves out the details of what isn't there, and theirs.
func (s *stored) seen(all []organization.Detail) []organization.Detail {
	here := map[string]bool{"": true}
	for _, r := range s.here {
		here[r.id] = true
	}
	for _, d := range all { // contacts hold phones, phones hold languages
		here[d.ID] = here[d.Owner]
	}
	for _, d := range all {
		here[d.ID] = here[d.Owner]
	}
	var kept []organization.Detail
	for _, d := range all {
		if here[d.Owner] {
			kept = append(kept, d)
		}
	}
	return kept
}
