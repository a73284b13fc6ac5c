package organization

import (
	"context"

	"commonweal/internal/db"
)

func setStatus(ctx context.Context, q db.Querier, initiative, id string, to Status, review db.Day, at db.Stamp) error {
	return db.Exec(ctx, q, `update organization set status = $3, review_on = $4, reminders = 0, reminded_on = null, changed_at = $5
		where initiative_id = $1 and id = $2`, initiative, id, string(to), review, at)
}

func updateOffer(ctx context.Context, q db.Querier, initiative string, o Offer) (int64, error) {
	return db.Changed(ctx, q, `update organization_offer set kind = $4, text = $5, lang = $6
		where initiative_id = $1 and organization_id = $2 and id = $3`,
		initiative, o.Organization, o.ID, string(o.Kind), o.Text, string(o.Lang))
}

func deleteOffer(ctx context.Context, q db.Querier, initiative, organization, id string) (int64, error) {
	return db.Changed(ctx, q, `delete from organization_offer where initiative_id = $1 and organization_id = $2 and id = $3`,
		initiative, organization, id)
}

// deleteDetailsOf removes what is known of one sort about an owner.
func deleteDetailsOf(ctx context.Context, q db.Querier, initiative, owner, entity string) error {
	return db.Exec(ctx, q, `delete from detail where initiative_id = $1 and owner_id = $2 and entity = $3`,
		initiative, owner, entity)
}

// ownedBy says what an id is, if it is an organization's or the organization
// itself; NotFound otherwise.
func ownedBy(ctx context.Context, q db.Querier, initiative, organization, id string) (entity string, err error) {
	return db.One(ctx, q, db.Value[string], `
		select 'organization' from organization where initiative_id = $1 and id = $3 and id = $2
		union all select 'service' from service where initiative_id = $1 and organization_id = $2 and id = $3
		union all select 'location' from location where initiative_id = $1 and organization_id = $2 and id = $3`,
		initiative, organization, id)
}

func getService(ctx context.Context, q db.Querier, initiative, id string) (ServiceRecord, error) {
	return db.One(ctx, q, scanService, `select `+serviceColumns+` from service s
		where s.initiative_id = $1 and s.id = $2`, initiative, id)
}

// offered reads a service that everybody sees and that is given.
func offered(ctx context.Context, q db.Querier, initiative, id string) (ServiceRecord, error) {
	return db.One(ctx, q, scanService, `select `+serviceColumns+` from service s
		left join organization o on o.initiative_id = s.initiative_id and o.id = s.organization_id
		where s.initiative_id = $1 and s.id = $2 and s.hidden_at is null and s.status <> 'defunct'
			and (o.id is null or o.status = 'shown')`, initiative, id)
}

// deletePlacesOf removes that a service is given at some locations.
func deletePlacesOf(ctx context.Context, q db.Querier, initiative, service string, locations []string) error {
	if len(locations) == 0 {
		return nil
	}
	return db.Exec(ctx, q, `delete from service_place where initiative_id = $1 and service_id = $2
		and location_id in (`+marks(3, len(locations))+`)`, withIDs(locations, initiative, service)...)
}

// servicesAt are the ids of the services given at a location.
func servicesAt(ctx context.Context, q db.Querier, initiative, location string) ([]string, error) {
	return db.All(ctx, q, db.Value[string], `select distinct service_id from service_place
		where initiative_id = $1 and location_id = $2 and service_id is not null order by service_id`, initiative, location)
}

// deleteLocation removes a place, what is known of it, and that services are
// given there.
func deleteLocation(ctx context.Context, q db.Querier, initiative, id string) error {
	for _, statement := range [...]string{
		`delete from detail where initiative_id = $1 and owner_id = $2`,
		`delete from service_place where initiative_id = $1 and location_id = $2`,
		`delete from location where initiative_id = $1 and id = $2`,
	} {
		if err := db.Exec(ctx, q, statement, initiative, id); err != nil {
			return err
		}
	}
	return nil
}
