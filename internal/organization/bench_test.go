package organization_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/initiative"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

// directory is an initiative with many services in twenty areas.
type directory struct {
	*organization.Service
	in   string
	area string
}

// helps are what invented services help with, a few in the words of one
// language and a few in those of the other.
var helps = []string{
	"Food pantry", "Clases de inglés", "Free clinic", "Dentista", "Help with rent", "Asesoría legal", "After school club",
	"Guardería", "Job training", "Albergue", "Bike repair", "Clases de computación", "Hot meals", "Vacunas", "Tax help", "Huerto comunitario",
}

func crowded(b *testing.B, n int) directory {
	b.Helper()
	now := dbtest.Clock()
	d := dbtest.OpenWith(b, db.Options{Now: now.Now})
	ids := db.NewIDs(now.Now, nil)
	s := &organization.Service{DB: d, IDs: ids, Now: now.Now, Log: slog.New(slog.DiscardHandler)}
	made, err := (&initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found}).Create(b.Context(),
		access.Actor{Account: "operator", Operator: true},
		initiative.Draft{Name: "Oak", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue", Place: "Oak"})
	if err != nil {
		b.Fatal(err)
	}
	in := made.Initiative.ID
	if err := d.Tx(b.Context(), func(q db.Querier) error { return fill(b.Context(), q, in, n) }); err != nil {
		b.Fatal(err)
	}
	return directory{s, in, "area-7"}
}

// fill writes so many services down, in bulk, as an import does.
func fill(ctx context.Context, q db.Querier, in string, n int) error {
	areas, err := place.Areas(ctx, q, in)
	if err != nil {
		return err
	}
	locations := make([]organization.Location, 20)
	for i := range locations {
		at := fmt.Sprint("area-", i)
		if err := place.Add(ctx, q, in, place.Area{ID: at, Parent: areas[0].ID, Name: at, Kind: place.Block}, db.At(dbtest.Clock().Now())); err != nil {
			return err
		}
		locations[i] = organization.Location{ID: fmt.Sprint("location-", i), Kind: organization.Physical, Name: "Hall", Area: at}
	}
	if err := organization.AddLocations(ctx, q, in, locations); err != nil {
		return err
	}
	services := make([]organization.ServiceRecord, n)
	places := make([]organization.ServicePlace, n)
	hours := make([]organization.Detail, n)
	ids := make([]string, n)
	for i := range services {
		id := fmt.Sprint("service-", i)
		services[i] = organization.ServiceRecord{
			ID: id, Name: helps[i%len(helps)], About: fmt.Sprintf("Given by group %d of the neighbourhood, for everybody who lives near", i%500),
		}
		places[i] = organization.ServicePlace{Service: id, Location: locations[(i/len(helps))%len(locations)].ID}
		hours[i] = organization.Detail{
			Entity: organization.EntitySchedule, OwnerEntity: organization.EntityService, Owner: id,
			Fields: map[string]any{"freq": "WEEKLY", "byday": "MO,TH", "opens_at": "09:00", "closes_at": "12:00"},
		}
		ids[i] = id
	}
	if err := organization.AddServices(ctx, q, in, services); err != nil {
		return err
	}
	if err := organization.AddPlaces(ctx, q, in, places); err != nil {
		return err
	}
	if err := organization.AddDetails(ctx, q, in, hours); err != nil {
		return err
	}
	return organization.Index(ctx, q, in, ids)
}

// BenchmarkServicesNear finds services near a need, among three hundred and
// among a hundred times as many. "scan" is what everybody writes first: LIKE
// over every name and description.
func BenchmarkServicesNear(b *testing.B) {
	small, large := crowded(b, 300), crowded(b, 30_000)
	for _, way := range []struct {
		name string
		find func(context.Context, directory) (int, error)
	}{{"scan", scan}, {"words", byWords}} {
		b.Run(way.name, func(b *testing.B) {
			per := make([]float64, 2)
			for i, d := range []directory{small, large} {
				if n, err := way.find(b.Context(), d); err != nil || n == 0 {
					b.Fatalf("found %d: %v", n, err)
				}
				b.ResetTimer()
				for range b.N {
					if _, err := way.find(b.Context(), d); err != nil {
						b.Fatal(err)
					}
				}
				per[i] = float64(b.Elapsed().Nanoseconds()) / float64(b.N)
			}
			b.ReportMetric(per[0]/1000, "µs-300")
			b.ReportMetric(per[1]/1000, "µs-30000")
			b.ReportMetric(per[1]/per[0], "growth×")
		})
	}
}

func byWords(ctx context.Context, d directory) (int, error) {
	all, err := d.FindServices(ctx, d.in, organization.Want{Text: "necesito un dentista o un doctor", Lang: "es", Area: d.area, When: organization.Evening})
	return len(all), err
}

func scan(ctx context.Context, d directory) (int, error) {
	all, err := db.All(ctx, d.DB.Read(), db.Value[string], `select s.id from service s
		join service_place p on p.initiative_id = s.initiative_id and p.service_id = s.id
		join location l on l.initiative_id = p.initiative_id and l.id = p.location_id
		where s.initiative_id = $1 and (s.name_folded like '%dentista%' or s.about like '%dentista%')
		order by case when l.area_id = $2 then 0 else 1 end, s.id limit 20`, d.in, d.area)
	return len(all), err
}
