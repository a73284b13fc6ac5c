package hsds

import (
	"context"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/organization"
)

// reading gathers what some documents are made of, each table in one statement.
type reading struct {
	ctx context.Context // a reading lives as long as one call
	q   db.Querier
	in  string
	*stored
	whole bool
	err   error

	organizationIDs, serviceIDs, locationIDs, placeIDs []string
}

// read reads the rows of an entity and what belongs to them.
func (r *reading) read(entity string, ids []string) error {
	switch entity {
	case "service":
		r.services(some{column: "s.id", ids: ids})
		r.organizations(r.organizationIDs)
		if r.whole {
			r.places(some{column: "p.service_id", ids: r.serviceIDs})
			r.locations()
		}
	case "organization":
		r.organizations(ids)
		if r.whole {
			r.services(some{column: "s.organization_id", ids: r.organizationIDs})
			r.places(some{column: "p.service_id", ids: r.serviceIDs})
			r.locations()
		}
	case "service_at_location":
		r.places(some{column: "p.id", ids: ids})
		r.services(some{column: "s.id", ids: r.serviceIDs})
		r.organizations(r.organizationIDs)
		r.locations()
	default:
		r.details(some{column: "d.id", ids: ids})
		r.terms()
		return r.err
	}
	r.belongings()
	return r.err
}

func (r *reading) services(s some) {
	if r.err != nil {
		return
	}
	var all []organization.ServiceRecord
	if all, r.err = services(r.ctx, r.q, r.in, true, s); r.err != nil {
		return
	}
	r.serviceIDs = r.putServices(all)
	for _, one := range all {
		r.organizationIDs = append(r.organizationIDs, one.Organization)
	}
}

func (r *reading) organizations(ids []string) {
	if r.err != nil {
		return
	}
	var all []storedOrganization
	if all, r.err = organizations(r.ctx, r.q, r.in, true, some{column: "o.id", ids: unique(ids)}); r.err == nil {
		r.organizationIDs = r.putOrganizations(all)
	}
}

func (r *reading) places(s some) {
	if r.err != nil {
		return
	}
	var all []organization.ServicePlace
	if all, r.err = places(r.ctx, r.q, r.in, true, s); r.err != nil {
		return
	}
	r.placeIDs = r.putPlaces(all)
	for _, p := range all {
		r.serviceIDs, r.locationIDs = append(r.serviceIDs, p.Service), append(r.locationIDs, p.Location)
	}
	r.serviceIDs = unique(r.serviceIDs)
}

// locations reads where services are given, and, for whole documents, the
// places of the organizations.
func (r *reading) locations() {
	if r.err != nil {
		return
	}
	var at, own []organization.Location
	if at, r.err = locations(r.ctx, r.q, r.in, true, some{column: "l.id", ids: unique(r.locationIDs)}); r.err != nil {
		return
	}
	if r.whole {
		own, r.err = locations(r.ctx, r.q, r.in, true, some{column: "l.organization_id", ids: r.organizationIDs})
	}
	r.locationIDs = r.putLocations(append(at, own...))
}

// belongings reads phones, hours and all the rest, what belongs to contacts,
// and the terms that attributes lead to. A list shows of it only programs.
func (r *reading) belongings() {
	if !r.whole {
		r.details(some{column: "d.entity = 'program' and d.owner_id", ids: r.organizationIDs})
		return
	}
	owners := append(append(append(r.serviceIDs, r.organizationIDs...), r.locationIDs...), r.placeIDs...)
	r.details(some{column: "d.owner_id", ids: unique(owners)})
	var contacts []string
	for _, row := range r.Tables["contact"] {
		contacts = append(contacts, r.here[key{"contact", row.ID()}].id)
	}
	r.details(some{column: "d.owner_id", ids: contacts})
	r.speak()
	r.terms()
}

// terms reads the terms that attributes lead to, and their taxonomies.
func (r *reading) terms() {
	var refs, taxonomies []string
	for _, row := range r.Tables["attribute"] {
		refs = append(refs, row.Text("taxonomy_term_id"))
	}
	if len(refs) > 0 {
		r.details(some{column: "d.source = 'hsds' and d.entity = 'taxonomy_term' and d.source_id", ids: unique(refs)})
	}
	for _, row := range r.Tables["taxonomy_term"] {
		taxonomies = append(taxonomies, row.Text("taxonomy_id"))
	}
	if len(taxonomies) > 0 {
		r.details(some{column: "d.source = 'hsds' and d.entity = 'taxonomy' and d.source_id", ids: unique(taxonomies)})
	}
}

func (r *reading) details(s some) {
	if r.err != nil || len(s.ids) == 0 {
		return
	}
	var all []organization.Detail
	if all, r.err = details(r.ctx, r.q, r.in, s); r.err == nil {
		r.putDetails(announced(all))
	}
}

// announced leaves out whom to ask at an organization, but for those whom a
// directory named to everybody: the others were named to us alone.
func announced(all []organization.Detail) []organization.Detail {
	return slices.DeleteFunc(all, func(d organization.Detail) bool {
		return d.Entity == organization.EntityContact && d.Source != from
	})
}

// unique gives each id once, and no empty one.
func unique(ids []string) []string {
	seen := map[string]bool{"": true}
	var all []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			all = append(all, id)
		}
	}
	return all
}
