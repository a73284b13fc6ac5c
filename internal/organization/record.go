package organization

import (
	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// ServiceStatus says whether a service is given just now.
type ServiceStatus string

// The statuses of a service, in the words of HSDS.
const (
	Active   ServiceStatus = "active"
	Inactive ServiceStatus = "inactive"
	Defunct  ServiceStatus = "defunct"
	Closed   ServiceStatus = "temporarily closed"
)

// ServiceStatuses are all statuses of a service.
func ServiceStatuses() []ServiceStatus { return []ServiceStatus{Active, Inactive, Defunct, Closed} }

// ServiceRecord is what somebody near may turn to. It is called a service on
// every page; Service is this room's own verbs.
type ServiceRecord struct {
	ID           string
	Organization string // id of an Organization, or ""
	Name         string
	About        string
	Lang         i18n.Lang // of its words
	Status       ServiceStatus
	Eligibility  string // who it is for: shown, never judged
	Fees         string
	Apply        string // how one comes to it
	Email        string
	URL          string
	Langs        []i18n.Lang // that are spoken there
	Words        string      // what else it is found by, such as terms of a taxonomy

	ReviewOn  db.Day
	Reminders int
	HiddenAt  db.Stamp

	Source          string
	SourceID        string
	OrganizationRef string // as it was given, even when it leads nowhere
	Extra           map[string]any

	CreatedAt, ChangedAt db.Stamp
}

// Ref is what the service is called in what we give away.
func (s ServiceRecord) Ref() string { return ref(s.SourceID, s.ID) }

// Hidden says whether the service is kept out of sight until somebody says
// that it still holds.
func (s ServiceRecord) Hidden() bool { return !s.HiddenAt.IsZero() }

// LocationKind is what sort of place a location is.
type LocationKind string

// The kinds of location, in the words of HSDS.
const (
	Physical LocationKind = "physical"
	Postal   LocationKind = "postal"
	Virtual  LocationKind = "virtual"
)

// Location is where services are given. It is an organization's, never a
// person's.
type Location struct {
	ID           string
	Organization string // id of an Organization, or ""
	Kind         LocationKind
	Name, About  string
	Area         string // id of a place.Area, or ""
	Pinned       bool   // Lat and Lon are known
	Lat, Lon     float64

	Source          string
	SourceID        string
	OrganizationRef string
	Extra           map[string]any

	CreatedAt, ChangedAt db.Stamp
}

// Ref is what the location is called in what we give away.
func (l Location) Ref() string { return ref(l.SourceID, l.ID) }

// ServicePlace says that a service is given at a location.
type ServicePlace struct {
	ID                string
	Service, Location string // ids, or "" when the reference leads nowhere here

	Source                  string
	SourceID                string
	ServiceRef, LocationRef string
	Extra                   map[string]any

	CreatedAt, ChangedAt db.Stamp
}

// Ref is what the row is called in what we give away.
func (p ServicePlace) Ref() string { return ref(p.SourceID, p.ID) }

// The entities of detail that this room makes and reads itself, in the words
// of HSDS; others are kept and given back.
const (
	EntityOrganization = "organization"
	EntityService      = "service"
	EntityLocation     = "location"
	EntityPhone        = "phone"
	EntityAddress      = "address"
	EntitySchedule     = "schedule"
	EntityContact      = "contact"
)

// Detail is whatever else is known of an organization, a service or a place:
// one row of another table of HSDS. Fields are its columns as they were given,
// references among them.
type Detail struct {
	ID          string
	Entity      string // phone, address, schedule, …
	OwnerEntity string // organization, service, location, service_at_location, …
	Owner       string // id of the owner here, or ""
	Source      string
	SourceID    string
	Fields      map[string]any

	CreatedAt, ChangedAt db.Stamp
}

// Ref is what the row is called in what we give away.
func (d Detail) Ref() string { return ref(d.SourceID, d.ID) }

// Text is a field as text, or "".
func (d Detail) Text(field string) string {
	text, _ := d.Fields[field].(string)
	return text
}
