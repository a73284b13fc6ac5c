package hsds

import (
	"context"
	"log/slog"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/initiative"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

// house is an initiative with a steward and an area with an outline.
type house struct {
	testing.TB
	*Service
	organizations *organization.Service
	now           *clock.Fake
	in            initiative.Initiative
	sue           access.Actor
	area          string
}

// outlined covers latitudes 40 to 41, longitudes -75 to -74.
const square = `{"type":"Polygon","coordinates":[[[-75,40],[-74,40],[-74,41],[-75,41],[-75,40]]]}`

func run(t *testing.T, test func(h *house)) {
	t.Helper()
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, now *clock.Fake) { test(open(t, d, now)) })
}

func open(t testing.TB, d *db.DB, now *clock.Fake) *house {
	t.Helper()
	ids := db.NewIDs(now.Now, nil)
	h := &house{TB: t, now: now}
	batches := &exchange.Service{DB: d, IDs: ids, Now: now.Now, Log: slog.New(slog.DiscardHandler)}
	h.Service = &Service{DB: d, IDs: ids, Batches: batches}
	h.organizations = &organization.Service{DB: d, IDs: ids, Now: now.Now, Log: slog.New(slog.DiscardHandler), BaseURL: "https://oak.example"}
	made, err := (&initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found}).Create(context.Background(),
		access.Actor{Account: "operator", Operator: true}, initiative.Draft{Name: "Oak", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue", Place: "Oak"})
	h.ok(err)
	h.in = made.Initiative
	h.sue = access.Actor{Account: "account-sue", Memberships: []access.Membership{{Initiative: h.in.ID, Person: made.Steward, Kind: access.Steward}}}
	areas := &place.Service{DB: d, IDs: ids, Now: now.Now}
	area, err := areas.Create(context.Background(), h.sue, h.in.ID, place.Draft{Name: "Mill Street", Kind: place.Block, Boundary: []byte(square)})
	h.ok(err)
	h.area = area.ID
	return h
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// bring imports a package.
func (h *house) bring(p Package) (exchange.Batch, Plan) {
	h.Helper()
	batch, plan, err := h.Import(context.Background(), h.sue, h.in.ID, p, Options{Name: "county.zip"})
	h.ok(err)
	return batch, plan
}

func (h *house) export() Package {
	h.Helper()
	p, err := h.Export(context.Background(), h.sue, h.in.ID)
	h.ok(err)
	p.Warnings = []sheet.Warning(nil)
	return p
}

// digest is all that an initiative has of organizations.
func (h *house) rows() map[string]int {
	h.Helper()
	n := map[string]int{}
	for _, table := range []string{"organization", "location", "service", "service_place", "detail", "service_word"} {
		count, err := db.One(context.Background(), h.DB.Read(), db.Value[int], `select count(*) from `+table+` where initiative_id = $1`, h.in.ID)
		h.ok(err)
		n[table] = count
	}
	return n
}
