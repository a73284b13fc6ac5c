package organization

import "database/sql"

// maybeColumns goes with maybeLocation, and wants location as l, joined from
// the left. What only an export needs isn't read.
const maybeColumns = `coalesce(l.id, ''), coalesce(l.organization_id, ''), coalesce(l.kind, ''), coalesce(l.name, ''),
	coalesce(l.about, ''), coalesce(l.area_id, ''), l.lat, l.lon`

// maybeLocation is a location, or none.
type maybeLocation struct {
	at       Location
	lat, lon sql.NullFloat64
}

func (m *maybeLocation) fields() []any {
	return []any{&m.at.ID, &m.at.Organization, &m.at.Kind, &m.at.Name, &m.at.About, &m.at.Area, &m.lat, &m.lon}
}

func (m *maybeLocation) location() Location {
	m.at.Pinned, m.at.Lat, m.at.Lon = m.lat.Valid && m.lon.Valid, m.lat.Float64, m.lon.Float64
	return m.at
}
