package hsds

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/hsds/hsdstest"
	"commonweal/internal/fault"
	"commonweal/internal/organization"
)

func officialPackage(t testing.TB) Package {
	t.Helper()
	return readFolder(t, os.DirFS(filepath.Join(official(t), "csv")))
}

func TestTheOfficialPackageComesInAndOutEqual(t *testing.T) {
	official(t)
	run(t, func(h *house) {
		p := officialPackage(h)
		plan, err := h.DryRun(context.Background(), h.sue, h.in.ID, p, Options{Name: "county.zip"})
		h.ok(err)
		if n := h.rows()["organization"]; n != 0 {
			h.Fatalf("a dry run wrote %d organizations", n)
		}
		batch, done := h.bring(p)
		if d := cmp.Diff(plan, done); d != "" {
			h.Errorf("the dry run said otherwise (-said +done)\n%s", d)
		}
		if n := done.Total(); n[exchange.Add] != 21 || len(n) != 1 || batch.Status != exchange.In {
			h.Errorf("%v rows, batch %s, want 21 added", n, batch.Status)
		}
		if d := equal(p, h.export()); d != "" {
			h.Errorf("given away again (-in +out)\n%s", d)
		}
	})
}

func TestTheSecondImportAddsNothing(t *testing.T) {
	official(t)
	run(t, func(h *house) {
		p := officialPackage(h)
		h.bring(p)
		before := h.rows()
		h.now.Advance(1e9)
		batch, plan := h.bring(p)
		if n := plan.Total(); n[exchange.Same] != 21 || len(n) != 1 || batch.ID != "" {
			h.Errorf("the second import did %v in batch %q, want nothing", n, batch.ID)
		}
		// What we give away says nothing new either, wherever it comes back from.
		_, plan = h.bring(h.export())
		if n := plan.Total(); n[exchange.Same] != 21 || len(n) != 1 {
			h.Errorf("our own export did %v: %+v", n, plan.Planned)
		}
		if d := cmp.Diff(before, h.rows()); d != "" {
			h.Errorf("rows (-before +after)\n%s", d)
		}
	})
}

func TestTheDocumentsComeInAndOutAndAreValid(t *testing.T) {
	folder := filepath.Join(official(t), "examples")
	organizationSchema, serviceSchema := hsdstest.ReadSchema(t, "organization"), hsdstest.ReadSchema(t, "service")
	for _, name := range []string{"organization_full.json", "service_full.json", "service_at_location_full.json", "service_list.json", "taxonomy_term_list.json"} {
		t.Run(name, func(t *testing.T) {
			run(t, func(h *house) {
				p := readFile(h, filepath.Join(folder, name))
				h.bring(p)
				out := h.export()
				if d := equal(p, out); d != "" {
					h.Errorf("given away again (-in +out)\n%s", d)
				}
				test, _ := h.TB.(*testing.T)
				expectDocs(test, Nest(out), "organization", organizationSchema, View{Services: true})
				expectDocs(test, Nest(out), "service", serviceSchema, View{})
			})
		})
	}
}

func TestUndoRemovesAllAndKeepsWhatWasEdited(t *testing.T) {
	official(t)
	run(t, func(h *house) {
		ctx := context.Background()
		before := h.rows()
		batch, _ := h.bring(officialPackage(h))
		undone, err := h.Batches.Undo(ctx, h.sue, h.in.ID, batch.ID)
		h.ok(err)
		if d := cmp.Diff(before, h.rows()); d != "" || len(undone.Kept) > 0 {
			h.Errorf("after taking back (-before +after)\n%s\nkept %v", d, undone.Kept)
		}
		batch, plan := h.bring(officialPackage(h))
		if n := plan.Total(); n[exchange.Add] != 21 {
			h.Errorf("after taking back, the same file does %v, want 21 added", n)
		}
		h.edit("A better name")
		_, plan = h.bring(officialPackage(h))
		if n := plan.Total(); n[exchange.Same] != 21 {
			h.Errorf("the file undoes an edit: %v", n)
		}
		undone, err = h.Batches.Undo(ctx, h.sue, h.in.ID, batch.ID)
		h.ok(err)
		kept := map[string]int{}
		for _, k := range undone.Kept {
			kept[k.Kind]++
		}
		if d := cmp.Diff(map[string]int{exchange.KindOrganization: 1}, kept); d != "" {
			h.Errorf("kept (-want +got)\n%s", d)
		}
		if out := h.export(); out.Tables["organization"][0].Text("name") != "A better name" {
			h.Errorf("the edit is gone: %v", out.Tables["organization"])
		}
	})
}

// edit gives the one organization another name.
func (h *house) edit(name string) {
	h.Helper()
	ctx := context.Background()
	all, err := organizations(ctx, h.DB.Read(), h.in.ID, false, some{})
	h.ok(err)
	r, err := h.organizations.Get(ctx, h.sue, h.in.ID, all[0].ID)
	h.ok(err)
	d := organization.DraftOf(r)
	d.Name = name
	_, err = h.organizations.Edit(ctx, h.sue, h.in.ID, all[0].ID, d)
	h.ok(err)
}

func TestWhatChangedElsewhereChangesHereAndGoesBack(t *testing.T) {
	official(t)
	run(t, func(h *house) {
		h.bring(officialPackage(h))
		first := h.export()
		p := officialPackage(h)
		p.Tables["service"][0].Fields["name"] = "Talking helps"
		p.Tables["phone"][0].Fields["number"] = "+1 555 0100"
		batch, plan := h.bring(p)
		if n := plan.Total(); n[exchange.Change] != 2 || n[exchange.Same] != 19 {
			h.Errorf("did %v, want 2 changed", n)
		}
		out := h.export()
		if got := out.Tables["service"][0].Text("name") + out.Tables["phone"][0].Text("number"); got != "Talking helps+1 555 0100" {
			h.Errorf("it says %q", got)
		}
		undone, err := h.Batches.Undo(context.Background(), h.sue, h.in.ID, batch.ID)
		h.ok(err)
		if len(undone.Kept) > 0 || undone.Restored != 1 {
			h.Errorf("undone %+v, want the service with its phone restored", undone)
		}
		if d := equal(first, h.export()); d != "" {
			h.Errorf("after taking back (-first +now)\n%s", d)
		}
	})
}

func TestARowIsPlacedFoundAndPointsToWhatIsHere(t *testing.T) {
	run(t, func(h *house) {
		ctx := context.Background()
		h.bring(readText(h, "x.json", `{"organizations": [{"id": "org-1", "name": "Mill Pantry", "description": "Food",
			"services": [{"id": "s1", "name": "Food pantry", "status": "open", "phones": [{"id": "ph1", "number": "555 0101"}],
				"languages": [{"id": "l1", "name": "Spanish", "code": "es"}],
				"schedules": [{"id": "h1", "freq": "WEEKLY", "byday": "MO", "opens_at": "18:00", "closes_at": "20:00"}],
				"service_at_locations": [{"id": "sl1", "location": {"id": "loc1", "location_type": "physical", "latitude": 40.5, "longitude": -74.5,
					"addresses": [{"id": "a1", "address_1": "5 Mill Street", "city": "Oak", "state_province": "IL", "postal_code": "60601", "country": "US", "address_type": "physical"}]}}]}]}]}`))
		found, err := h.organizations.FindServices(ctx, h.in.ID, organization.Want{Text: "pantry", Area: h.area})
		h.ok(err)
		if len(found) != 0 {
			h.Errorf("what isn't given just now is found: %+v", found)
		}
		all, err := organizations(ctx, h.DB.Read(), h.in.ID, false, some{})
		h.ok(err)
		r, err := h.organizations.Get(ctx, access.Actor{}, h.in.ID, all[0].ID)
		h.ok(err)
		if r.Area != h.area || len(r.Services) != 1 {
			h.Fatalf("organization in %q with %d services, want %q and one", r.Area, len(r.Services), h.area)
		}
		s := r.Services[0]
		if s.Status != organization.Inactive || len(s.Phones) != 1 || len(s.Hours) != 1 || len(s.Langs) != 1 || len(s.Places) != 1 {
			h.Errorf("service %+v", s)
		}
		if s.Places[0].Name != "5 Mill Street" || s.Places[0].Area != h.area {
			h.Errorf("place %+v, want it named by its street, in its area", s.Places[0].Location)
		}
		for name, rows := range h.export().Tables {
			for _, row := range rows {
				if !uuid.MatchString(row.ID()) {
					h.Errorf("%s is given away under the id %q, which is no UUID", name, row.ID())
				}
			}
		}
	})
}

// What was written down here is given away valid, and comes back as nothing new.
func TestWhatWasWrittenHereIsGivenAwayAndComesBackAsNothingNew(t *testing.T) {
	organizationSchema, serviceSchema := hsdstest.ReadSchema(t, "organization"), hsdstest.ReadSchema(t, "service")
	run(t, func(h *house) {
		ctx := context.Background()
		o, err := h.organizations.Create(ctx, h.sue, h.in.ID, organization.Draft{
			Kind: organization.Association, Name: "Choir", About: "We sing", Phone: "555 0100", Website: "choir.example.org",
		})
		h.ok(err)
		l, err := h.organizations.AddPlace(ctx, h.sue, h.in.ID, o.ID, organization.PlaceDraft{Name: "Hall", Street: "1 Elm St", Lat: "40.5", Lon: "-74.5"})
		h.ok(err)
		s, err := h.organizations.AddService(ctx, h.sue, h.in.ID, o.ID, organization.ServiceDraft{
			Name: "Songs for all", Fees: "Nothing", Langs: []string{"es", "ht"}, Places: []string{l.ID},
		})
		h.ok(err)
		h.ok(h.organizations.SetHours(ctx, h.sue, h.in.ID, o.ID, s.ID, []organization.HoursDraft{{Days: []string{"MO"}, Opens: "18:00", Closes: "20:00"}}))
		if n := h.export().Rows(); n != 0 {
			h.Errorf("a draft is given away: %d rows", n)
		}
		h.ok(h.organizations.Show(ctx, h.sue, h.in.ID, o.ID, organization.Shown))
		out := h.export()
		for table, n := range map[string]int{"organization": 1, "service": 1, "location": 1, "service_at_location": 1, "phone": 1, "address": 1, "schedule": 1, "language": 2} {
			if got := len(out.Tables[table]); got != n {
				h.Errorf("%d rows of %s, want %d", got, table, n)
			}
		}
		test, _ := h.TB.(*testing.T)
		expectDocs(test, Nest(out), "organization", organizationSchema, View{Services: true})
		expectDocs(test, Nest(out), "service", serviceSchema, View{})
		before := h.rows()
		for name, files := range map[string]func(context.Context, Package, Create) error{"tables": WriteTabular, "documents": WriteJSON} {
			if _, plan := h.bring(readFolder(h, filesOf(h, files, out))); plan.Total()[exchange.Same] != out.Rows() || len(plan.Total()) != 1 {
				h.Errorf("%s come back and do %v: %+v", name, plan.Total(), plan.Planned)
			}
		}
		if d := cmp.Diff(before, h.rows()); d != "" {
			h.Errorf("rows (-before +after)\n%s", d)
		}
	})
}

func TestOnlyStewardsBringInAndGiveAway(t *testing.T) {
	run(t, func(h *house) {
		ctx := context.Background()
		p := readText(h, "x.json", `{"id": "1", "name": "Mill Pantry", "description": ""}`)
		member := access.Actor{Account: "m", Memberships: []access.Membership{{Initiative: h.in.ID, Person: "m", Kind: access.Member}}}
		for _, who := range []access.Actor{{}, member} {
			_, _, err := h.Import(ctx, who, h.in.ID, p, Options{})
			_, dry := h.DryRun(ctx, who, h.in.ID, p, Options{})
			_, out := h.Export(ctx, who, h.in.ID)
			for _, err := range []error{err, dry, out} {
				if !fault.Is(err, fault.NotFound) {
					h.Errorf("got %v, want not found", err)
				}
			}
		}
	})
}

func TestStatementsDoNotGrowWithTheFile(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	h := open(t, d, now)
	counter := dbtest.Count(d)
	for _, c := range []struct{ services, most int }{{60, 60}, {600, 165}} {
		p := plenty(c.services)
		counter.Reset()
		if _, err := h.DryRun(t.Context(), h.sue, h.in.ID, p, Options{}); err != nil {
			t.Fatal(err)
		}
		if n := counter.N(); n > 20 {
			t.Errorf("looking at %d services took %d statements", c.services, n)
		}
		counter.Reset()
		h.bring(p)
		if n := counter.N(); n > c.most {
			t.Errorf("%d services took %d statements, want at most %d", c.services, n, c.most)
		}
		counter.Reset()
		h.export()
		if n := counter.N(); n > 5 {
			t.Errorf("giving away %d services took %d statements, want at most 5", c.services, n)
		}
	}
}

// plenty is a package of so many organizations, each with a service at a place,
// two phones and hours.
func plenty(n int) Package {
	b := newBuilder(V3, Usual)
	add := func(table string, line int, fields map[string]any) {
		if _, err := b.add(source{table, line}, fields, "", ""); err != nil {
			panic(err)
		}
	}
	for i := range n {
		id := func(kind string) string {
			return derived(kind, map[string]any{"n": strconv.Itoa(i), "of": strconv.Itoa(n)})
		}
		name := fmt.Sprintf("Helping hands %d", i)
		add("organization", i, map[string]any{"id": id("o"), "name": name, "description": "Help for all"})
		add("location", i, map[string]any{"id": id("l"), "location_type": "physical", "name": name, "latitude": "40.5", "longitude": "-74.5"})
		add("service", i, map[string]any{"id": id("s"), "organization_id": id("o"), "name": name + " pantry", "status": "active"})
		add("service_at_location", i, map[string]any{"id": id("p"), "service_id": id("s"), "location_id": id("l")})
		add("phone", i, map[string]any{"id": id("x"), "service_id": id("s"), "number": "555 0100"})
		add("phone", i, map[string]any{"id": id("y"), "organization_id": id("o"), "number": "555 0101"})
		add("schedule", i, map[string]any{"id": id("h"), "service_id": id("s"), "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"})
	}
	return b.finish()
}

func TestADirectoryIsLookedOverHalfAYearFromTheInitiativesDay(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)) // still the 21st where the initiative is
	h := open(t, dbtest.OpenWith(t, db.Options{Now: now.Now}), now)
	h.bring(plenty(3))
	days, err := db.All(t.Context(), h.DB.Read(), db.Value[string], `select review_on from organization where initiative_id = $1
		union select review_on from service where initiative_id = $1`, h.in.ID)
	if err != nil || !slices.Equal(days, []string{"2027-05-21"}) {
		t.Errorf("looked over on %q, %v", days, err)
	}
}
