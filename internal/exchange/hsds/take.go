package hsds

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"commonweal/internal/exchange"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
)

// take makes the record of a row that is new or says something new.
func (a *arrival) take(r *arriving, entity, owner string) {
	rec := a.have.here[r.key]
	left := maps.Clone(r.Fields) // what we have no column for
	delete(left, "id")
	switch r.key.table {
	case "organization":
		a.takeOrganization(r, rec, left)
	case "location":
		a.takeLocation(r, rec, left)
	case "service":
		a.takeService(r, rec, left)
	case "service_at_location":
		a.takePlace(r, rec, left)
	default:
		d := organization.Detail{ID: a.local[r.key], Entity: r.key.table, Source: from, SourceID: r.key.id}
		if rec.detail != nil {
			d = *rec.detail
		}
		d.OwnerEntity, d.Owner, d.Fields = entity, owner, over(d.Fields, left)
		a.out.details = append(a.out.details, d)
	}
}

// pull gives a column of ours what the row says, if it says anything, and takes
// it out of what is left.
func pull(left map[string]any, column string, into *string) {
	if v, said := left[column]; said {
		*into = text(v)
		delete(left, column)
	}
}

// over lays what is new over what was there.
func over(was, now map[string]any) map[string]any {
	all := make(map[string]any, len(was)+len(now))
	maps.Copy(all, was)
	maps.Copy(all, now)
	return all
}

// reference resolves a column that leads to another table, and gives what was
// given when it leads nowhere.
func (a *arrival) reference(left map[string]any, column, table string) (id, given string) {
	given = text(left[column])
	return a.local[key{table, given}], given
}

func (a *arrival) lang() i18n.Lang { return a.in.Lang("") }

func (a *arrival) takeOrganization(r *arriving, rec record, left map[string]any) {
	o := organization.Organization{
		ID: a.local[r.key], Kind: organization.Institution, Lang: a.lang(), Status: organization.Shown, Source: from, SourceID: r.key.id,
		ReviewOn: organization.ReviewOn(a.on),
	}
	if a.o.Draft {
		o.Status = organization.Drafted
	}
	if rec.organization != nil {
		o = *rec.organization
	}
	pull(left, "name", &o.Name)
	pull(left, "description", &o.About)
	pull(left, "email", &o.Email)
	pull(left, "website", &o.Website)
	if id, given := a.reference(left, "parent_organization_id", "organization"); given != "" && id != "" && id != o.ID {
		o.Parent = id
		delete(left, "parent_organization_id")
	}
	o.Extra = over(o.Extra, left)
	a.out.organizations = append(a.out.organizations, organization.New{Organization: o})
}

func (a *arrival) takeLocation(r *arriving, rec record, left map[string]any) {
	l := organization.Location{ID: a.local[r.key], Kind: organization.Physical, Source: from, SourceID: r.key.id}
	if rec.location != nil {
		l = *rec.location
	}
	if kind := text(left["location_type"]); slices.Contains(byName["location"].byName["location_type"].Choices, kind) {
		l.Kind = organization.LocationKind(kind)
		delete(left, "location_type")
	}
	pull(left, "name", &l.Name)
	if l.Name == "" {
		l.Name = a.streets()[r.key.id]
	}
	pull(left, "description", &l.About)
	if id, given := a.reference(left, "organization_id", "organization"); given != "" {
		l.Organization, l.OrganizationRef = id, given
		delete(left, "organization_id")
	}
	if lat, lon, ok := degrees(left); ok {
		l.Pinned, l.Lat, l.Lon = true, lat, lon
		if area := a.find.area(lat, lon); area != "" {
			l.Area = area
		}
	}
	l.Extra = over(l.Extra, left)
	a.out.locations = append(a.out.locations, l)
}

func (a *arrival) takeService(r *arriving, rec record, left map[string]any) {
	s := organization.ServiceRecord{
		ID: a.local[r.key], Lang: a.lang(), Status: organization.Active, Source: from, SourceID: r.key.id,
		ReviewOn: organization.ReviewOn(a.on),
	}
	if rec.service != nil {
		s = *rec.service
	}
	pull(left, "name", &s.Name)
	pull(left, "description", &s.About)
	pull(left, "eligibility_description", &s.Eligibility)
	pull(left, "application_process", &s.Apply)
	pull(left, "email", &s.Email)
	pull(left, "url", &s.URL)
	if _, said := left["fees_description"]; said {
		pull(left, "fees_description", &s.Fees)
	} else if fees := text(left["fees"]); fees != "" {
		s.Fees = fees
	}
	if given := text(left["status"]); given != "" {
		delete(left, "status")
		s.Status = organization.ServiceStatus(given)
		if !slices.Contains(organization.ServiceStatuses(), s.Status) {
			s.Status, left["status_given"] = organization.Inactive, given
		}
	}
	if id, given := a.reference(left, "organization_id", "organization"); given != "" {
		s.Organization, s.OrganizationRef = id, given
		delete(left, "organization_id")
	}
	if langs := a.about().langs[r.key.id]; len(langs) > 0 {
		s.Langs = langs
	}
	if words := a.about().words(r.Row); words != "" {
		s.Words = words
	}
	s.Extra = over(s.Extra, left)
	a.out.services = append(a.out.services, s)
}

func (a *arrival) takePlace(r *arriving, rec record, left map[string]any) {
	p := organization.ServicePlace{ID: a.local[r.key], Source: from, SourceID: r.key.id}
	if rec.place != nil {
		p = *rec.place
	}
	if id, given := a.reference(left, "service_id", "service"); given != "" {
		p.Service, p.ServiceRef = id, given
		delete(left, "service_id")
	}
	if id, given := a.reference(left, "location_id", "location"); given != "" {
		p.Location, p.LocationRef = id, given
		delete(left, "location_id")
	}
	p.Extra = over(p.Extra, left)
	a.out.places = append(a.out.places, p)
}

// spreadAreas gives new organizations the area of a place of theirs, or of one
// where they give a service.
func (a *arrival) spreadAreas() {
	area, gives := map[string]string{}, map[string]string{}
	at := map[string]string{} // area of each place
	for _, s := range a.out.services {
		gives[s.ID] = s.Organization
	}
	for _, l := range a.out.locations {
		at[l.ID] = l.Area
		area[l.Organization] = cmp.Or(area[l.Organization], l.Area)
	}
	for _, p := range a.out.places {
		area[gives[p.Service]] = cmp.Or(area[gives[p.Service]], at[p.Location])
	}
	for i := range a.out.organizations {
		o := &a.out.organizations[i].Organization
		o.Area = cmp.Or(o.Area, area[o.ID])
	}
}

// said is what other tables say of services and places, by their ids outside.
type said struct {
	langs   map[string][]i18n.Lang
	terms   map[string][]string
	streets map[string]string
}

// about gathers it once.
func (a *arrival) about() *said {
	if a.told != nil {
		return a.told
	}
	s := &said{langs: map[string][]i18n.Lang{}, terms: map[string][]string{}, streets: map[string]string{}}
	for _, l := range a.pack.Tables["language"] {
		service, code := l.Text("service_id"), strings.ToLower(l.Text("code"))
		if service != "" && len(code) == 2 && !slices.Contains(s.langs[service], i18n.Lang(code)) {
			s.langs[service] = append(s.langs[service], i18n.Lang(code))
		}
	}
	names := map[string]string{}
	for _, t := range a.pack.Tables["taxonomy_term"] {
		names[t.ID()] = t.Text("name")
	}
	for _, link := range a.pack.Tables["attribute"] {
		if name := names[link.Text("taxonomy_term_id")]; name != "" {
			s.terms[link.Text("link_id")] = append(s.terms[link.Text("link_id")], name)
		}
	}
	for _, address := range a.pack.Tables["address"] {
		if at := address.Text("location_id"); s.streets[at] == "" {
			s.streets[at] = address.Text("address_1")
		}
	}
	a.told = s
	return s
}

func (a *arrival) streets() map[string]string { return a.about().streets }

// words are what a service is found by besides its name and description.
func (s *said) words(row Row) string {
	parts := append([]string{row.Text("alternate_name"), row.Text("keywords")}, s.terms[row.ID()]...)
	return strings.Join(slices.DeleteFunc(parts, func(w string) bool { return w == "" }), ", ")
}

// owner finds whose detail a row is: the nearest organization, service or
// place, and its id here. What belongs to a contact person is theirs, and so on
// no page.
func (a *arrival) owner(k key) (entity, id string) {
	seen := map[key]bool{}
	for !seen[k] {
		seen[k] = true
		up, ok := a.points(k)
		if !ok {
			return "", ""
		}
		switch {
		case up.table == "service_at_location":
			if service := a.given(up).Text("service_id"); a.local[key{"service", service}] != "" {
				return "service", a.local[key{"service", service}]
			}
			return up.table, a.local[up]
		case kindOf(up.table) != exchange.KindDetail, up.table == "contact":
			return up.table, a.local[up]
		}
		if _, more := a.points(up); !more {
			return up.table, a.local[up]
		}
		k = up
	}
	return "", ""
}

// upward are the columns that lead to an owner, the nearest first.
var upward = []reference{
	{"service_id", "service"},
	{"location_id", "location"},
	{"service_at_location_id", "service_at_location"},
	{"organization_id", "organization"},
	{"contact_id", "contact"},
	{"phone_id", "phone"},
}

// points is what a row belongs to, so far as that is here. A contact is first
// of all its organization's.
func (a *arrival) points(k key) (key, bool) {
	row := a.given(k)
	if to := (key{"organization", row.Text("organization_id")}); k.table == "contact" && a.local[to] != "" {
		return to, true
	}
	switch k.table {
	case "attribute":
		return a.named(row.Text("link_entity"), row.Text("link_id"))
	case "metadata":
		return a.named(row.Text("resource_type"), row.Text("resource_id"))
	}
	for _, up := range upward {
		to := key{up.Table, row.Text(up.Column)}
		if to.id != "" && a.local[to] != "" {
			return to, true
		}
	}
	return key{}, false
}

// named finds a row by its id and the table that it's said to be of, which may
// be none, or the wrong one.
func (a *arrival) named(table, id string) (key, bool) {
	if k := (key{table, id}); id == "" || a.local[k] != "" {
		return k, id != ""
	}
	for _, t := range standard {
		if k := (key{t.Name, id}); a.local[k] != "" {
			return k, true
		}
	}
	return key{}, false
}

// given is a row of the package, or the one that is here.
func (a *arrival) given(k key) Row {
	if i, ok := a.at[k]; ok {
		return a.rows[i].Row
	}
	if i, ok := a.have.at[k]; ok {
		return a.have.Tables[k.table][i]
	}
	return Row{}
}
