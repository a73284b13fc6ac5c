package hsds

import (
	"encoding/json"
	"maps"
	"strconv"
	"time"

	"commonweal/internal/organization"
)

// The rows that an initiative's records are outside. What came from elsewhere
// and wasn't changed is given back as it came.

// fields begins a row with what we have no column for.
func fields(id string, extra map[string]any) map[string]any {
	f := make(map[string]any, len(extra)+12)
	maps.Copy(f, extra)
	f["id"] = id
	return f
}

func set(f map[string]any, name, value string) {
	if value != "" {
		f[name] = value
	}
}

func organizationRow(o storedOrganization) Row {
	f := fields(o.Ref(), o.Extra)
	set(f, "name", o.Name)
	set(f, "description", o.About)
	set(f, "email", o.Email)
	set(f, "website", o.Website)
	set(f, "parent_organization_id", o.parent)
	return Row{Fields: f}
}

func serviceRow(s organization.ServiceRecord) Row {
	f := fields(s.Ref(), s.Extra)
	set(f, "organization_id", s.OrganizationRef)
	set(f, "name", s.Name)
	set(f, "description", s.About)
	set(f, "status", string(s.Status))
	set(f, "eligibility_description", s.Eligibility)
	set(f, "application_process", s.Apply)
	set(f, "email", s.Email)
	set(f, "url", s.URL)
	if text(f["fees"]) != s.Fees {
		set(f, "fees_description", s.Fees)
	}
	if _, told := f["last_modified"]; !told || s.ChangedAt.After(s.CreatedAt.Time) {
		f["last_modified"] = s.ChangedAt.UTC().Format(time.RFC3339)
	}
	return Row{Fields: f}
}

func locationRow(l organization.Location) Row {
	f := fields(l.Ref(), l.Extra)
	set(f, "organization_id", l.OrganizationRef)
	set(f, "location_type", string(l.Kind))
	set(f, "name", l.Name)
	set(f, "description", l.About)
	switch lat, lon, ok := degrees(f); {
	case l.Pinned && (!ok || lat != l.Lat || lon != l.Lon):
		f["latitude"], f["longitude"] = decimal(l.Lat), decimal(l.Lon)
	case !l.Pinned && ok: // somebody took the pin away
		delete(f, "latitude")
		delete(f, "longitude")
	}
	return Row{Fields: f}
}

func decimal(n float64) json.Number { return json.Number(strconv.FormatFloat(n, 'f', -1, 64)) }

func placeRow(p organization.ServicePlace) Row {
	f := fields(p.Ref(), p.Extra)
	set(f, "service_id", p.ServiceRef)
	set(f, "location_id", p.LocationRef)
	return Row{Fields: f}
}

// detailRow is a row of another table; owner is what its owner is called.
func detailRow(d organization.Detail, owner string) Row {
	f := fields(d.Ref(), d.Fields)
	if t := byName[d.Entity]; t != nil && d.OwnerEntity != "" && owner != "" {
		if column := link(d.OwnerEntity, d.Entity); t.byName[column].Name != "" && d.SourceID == "" && text(f[column]) == "" {
			f[column] = owner
		}
		if d.Entity == "attribute" && text(f["link_entity"]) == "" {
			f["link_entity"] = d.OwnerEntity
		}
	}
	if d.Entity == organization.EntityAddress && text(f["address_type"]) == "" {
		f["address_type"] = "physical"
	}
	return Row{Fields: f}
}
