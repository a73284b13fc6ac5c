package hsdsweb_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/hsds"
	"commonweal/internal/exchange/hsds/hsdstest"
	"commonweal/internal/initiative"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/web"
	"commonweal/internal/web/hsdsweb"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// house is a server with its real store, seen by a program.
type house struct {
	testing.TB
	*webtest.Browser
	db        *db.DB
	now       *clock.Fake
	directory *hsds.Service
	in        initiative.Initiative
	sue       access.Actor
}

func run(t *testing.T, test func(h *house)) {
	t.Helper()
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, now *clock.Fake) { test(open(t, d, now)) })
}

func open(t testing.TB, d *db.DB, now *clock.Fake) *house {
	t.Helper()
	ids := db.NewIDs(now.Now, nil)
	h := &house{TB: t, db: d, now: now}
	made, err := (&initiative.Service{DB: d, IDs: ids, Now: now.Now, Found: people.Found}).Create(context.Background(),
		access.Actor{Account: "operator", Operator: true}, initiative.Draft{Name: "Oak", Langs: []string{"en", "es"}, Zone: "America/Chicago", Steward: "Sue"})
	h.ok(err)
	h.in = made.Initiative
	h.sue = access.Actor{Account: "sue", Memberships: []access.Membership{{Initiative: h.in.ID, Person: made.Steward, Kind: access.Steward}}}
	h.directory = &hsds.Service{DB: d, IDs: ids, Batches: &exchange.Service{DB: d, IDs: ids, Now: now.Now, Log: slog.New(slog.DiscardHandler)}}
	api := &hsdsweb.API{Directory: h.directory}
	site := webtest.New(t, webtest.Site{
		Config: web.Config{Routes: api.Routes(), Now: now.Now, Version: func(ctx context.Context, in string) (string, error) {
			return db.Version(ctx, d.Read(), in)
		}},
		In: []page.In{{ID: h.in.ID, Slug: h.in.Slug, Name: h.in.Name, Langs: h.in.Langs, Zone: h.in.Zone}},
	})
	h.Browser = site.Visitor(t)
	return h
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// bring imports what a file says.
func (h *house) bring(name, text string) {
	h.Helper()
	p, err := hsds.Read(context.Background(), name, strings.NewReader(text), int64(len(text)), hsds.Usual)
	h.ok(err)
	_, _, err = h.directory.Import(context.Background(), h.sue, h.in.ID, p, hsds.Options{Name: name})
	h.ok(err)
}

func (h *house) bringOfficial(name string) {
	h.Helper()
	data, err := os.ReadFile(filepath.Join(hsdstest.Official(h), "examples", name)) //nolint:gosec // a test's own data
	h.ok(err)
	h.bring(name, string(data))
}

// ask gets JSON.
func (h *house) ask(path string, want int) map[string]any {
	h.Helper()
	a := h.Get("/i/" + h.in.Slug + "/api/hsds" + path)
	if a.Status != want {
		h.Fatalf("GET %s: %d, want %d\n%s", path, a.Status, want, a.Body)
	}
	if kind := a.Header.Get("Content-Type"); kind != "application/json; charset=utf-8" {
		h.Errorf("GET %s is %q", path, kind)
	}
	var doc map[string]any
	h.ok(json.Unmarshal([]byte(a.Body), &doc))
	return doc
}

// names are the names, or ids, of a page's documents.
func names(doc map[string]any) (all []string) {
	list, _ := doc["contents"].([]any)
	for _, v := range list {
		d, _ := v.(map[string]any)
		name, ok := d["name"].(string)
		if !ok {
			name, _ = d["id"].(string)
		}
		all = append(all, name)
	}
	return all
}

func (h *house) expectNames(path string, want ...string) {
	h.Helper()
	if got := names(h.ask(path, 200)); !slices.Equal(got, want) {
		h.Errorf("GET %s gives %v, want %v", path, got, want)
	}
}

const (
	orgID     = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
	serviceID = "ac148810-d857-441c-9679-408f346de14b"
	placeID   = "e94c9f38-1e8f-4564-91d4-d53501ab1765"
	termID    = "3f7b145d-84af-42d7-8fae-eaca714b02b2"
	taxID     = "5c4d79d7-cc55-470e-9f1f-8cad074e4892"
)

func TestEveryPathOfTheStandardAnswers(t *testing.T) {
	hsdstest.Official(t)
	run(t, func(h *house) {
		h.bringOfficial("organization_full.json")
		base := h.ask("", 200)
		if base["version"] != "3.0" || base["openapi_url"] != webtest.Origin+"/i/oak/api/hsds/openapi.json" || base["profile"] == "" {
			h.Errorf("base %v", base)
		}
		described := h.ask("/openapi.json", 200)
		paths, _ := described["paths"].(map[string]any)
		if len(paths) != 11 {
			h.Errorf("openapi.json describes %d paths, want 11", len(paths))
		}
		for list, id := range map[string]string{
			"services": serviceID, "organizations": orgID, "service_at_locations": placeID, "taxonomies": taxID, "taxonomy_terms": termID,
		} {
			doc := h.ask("/"+list, 200)
			want := map[string]any{"total_items": 1.0, "total_pages": 1.0, "page_number": 1.0, "size": 1.0, "first_page": true, "last_page": true, "empty": false}
			for name, v := range want {
				if doc[name] != v {
					h.Errorf("%s: %s is %v, want %v", list, name, doc[name], v)
				}
			}
			if one := h.ask("/"+list+"/"+id, 200); one["id"] != id {
				h.Errorf("%s/%s gives %v", list, id, one["id"])
			}
			if wrong := h.ask("/"+list+"/nothing", 404); wrong["error"] == nil {
				h.Errorf("%s/nothing says %v", list, wrong)
			}
			if _, ok := paths["/"+list+"/{id}"]; !ok {
				h.Errorf("openapi.json doesn't know %s", list)
			}
		}
	})
}

func TestWhatItGivesIsValidAndWhole(t *testing.T) {
	hsdstest.Official(t)
	organizations, services := hsdstest.ReadSchema(t, "organization"), hsdstest.ReadSchema(t, "service")
	run(t, func(h *house) {
		h.bringOfficial("organization_full.json")
		for path, s := range map[string]*hsdstest.Schema{
			"/organizations/" + orgID: organizations, "/organizations/" + orgID + "?full_service=true": organizations, "/services/" + serviceID: services,
		} {
			s.Expect(h, []byte(h.Get("/i/oak/api/hsds"+path).Body))
		}
		service := h.ask("/services/"+serviceID, 200)
		for _, list := range []string{
			"phones", "schedules", "service_areas", "service_at_locations", "languages", "funding", "cost_options", "required_documents", "attributes",
		} {
			if all, _ := service[list].([]any); len(all) != 1 {
				h.Errorf("the service has %d %s, want 1", len(all), list)
			}
		}
		if service["organization"] == nil || service["program"] == nil {
			h.Error("the service lacks its organization or program")
		}
		if _, has := h.ask("/organizations/"+orgID, 200)["services"]; has {
			h.Error("an organization comes with services that nobody asked for")
		}
		for _, path := range []string{"/services?full=true", "/organizations?full_service=true"} {
			doc := h.ask(path, 200)
			contents, _ := doc["contents"].([]any)
			text, err := json.Marshal(contents[0])
			h.ok(err)
			map[bool]*hsdstest.Schema{true: services, false: organizations}[strings.HasPrefix(path, "/services")].Expect(h, text)
		}
	})
}

// The manager of a reception may be named by her organization; who changed
// what, whom a letter goes to and whom one asks for at a service may not.
func TestNobodyIsNamedButAnOrganizationsOwnContact(t *testing.T) {
	hsdstest.Official(t)
	run(t, func(h *house) {
		h.bringOfficial("tabular.json")
		for _, path := range []string{"/services?full=true", "/organizations?full_service=true", "/service_at_locations?full=true", "/services/" + serviceID, "/services?format=ndjson&full=true"} {
			if body := h.Get("/i/oak/api/hsds" + path).Body; strings.Contains(body, "Persona") || !strings.Contains(body, "MyCity") {
				h.Errorf("%s names somebody, or nothing:\n%s", path, body)
			}
		}
	})
	run(t, func(h *house) {
		h.bringOfficial("organization_full.json")
		own := h.ask("/organizations/"+orgID, 200)
		contacts, _ := own["contacts"].([]any)
		if len(contacts) != 1 {
			h.Errorf("the organization's own contact isn't given: %v", contacts)
		}
		for _, path := range []string{"/services/" + serviceID, "/organizations?full_service=true", "/service_at_locations/" + placeID} {
			body := h.Get("/i/oak/api/hsds" + path).Body
			for _, key := range []string{"metadata", "updated_by", "attention", "assurer_email"} {
				if strings.Contains(body, `"`+key+`"`) {
					h.Errorf("%s gives %s", path, key)
				}
			}
		}
	})
}

// Whom to ask at a partner was told to us, not to everybody: nobody outside
// reads it, though the organization is shown.
func TestWhomToAskAtAPartnerIsGivenToNobody(t *testing.T) {
	run(t, func(h *house) {
		h.ok(h.db.Tx(context.Background(), func(q db.Querier) error {
			_, err := organization.Add(context.Background(), q, h.in.ID, []organization.New{{
				Organization: organization.Organization{Kind: organization.Association, Name: "Barbers", Status: organization.Shown},
				Details: []organization.Detail{{Entity: organization.EntityContact, Fields: map[string]any{
					"name": "Omar Private", "title": "chair", "email": "omar@private.example",
				}}},
			}})
			return err
		}))
		for _, path := range []string{"/organizations", "/organizations?full=true", "/organizations?full_service=true&format=ndjson"} {
			if body := h.Get("/i/oak/api/hsds" + path).Body; strings.Contains(strings.ToLower(body), "private") || !strings.Contains(body, "Barbers") {
				h.Errorf("%s names whom to ask, or nothing:\n%s", path, body)
			}
		}
		p, err := h.directory.Export(context.Background(), h.sue, h.in.ID)
		h.ok(err)
		if n := len(p.Tables["contact"]); n != 0 {
			h.Errorf("%d contacts are in what others read", n)
		}
	})
}

func TestWhatIsNotShownIsNotGiven(t *testing.T) {
	run(t, func(h *house) {
		h.bring("x.json", county(3))
		id := h.ask("/organizations", 200)["contents"].([]any)[0].(map[string]any)["id"].(string) //nolint:forcetypeassert // fails the test as it should
		all, err := db.All(context.Background(), h.db.Read(), db.Value[string],
			`select id from organization where initiative_id = $1 and source_id = $2`, h.in.ID, id)
		h.ok(err)
		o := &organization.Service{DB: h.db, Now: h.now.Now, Log: slog.New(slog.DiscardHandler)}
		h.ok(o.Show(context.Background(), h.sue, h.in.ID, all[0], organization.Hidden))
		h.expectNames("/organizations", "Helping hands 1", "Helping hands 2")
		h.expectNames("/services", "Pantry 1", "Pantry 2")
		if n := len(names(h.ask("/service_at_locations", 200))); n != 2 {
			h.Errorf("%d places of services, want 2", n)
		}
		h.ask("/organizations/"+id, 404)
	})
}

func TestFiltersAndPages(t *testing.T) {
	run(t, func(h *house) {
		h.bring("x.json", county(3))
		h.expectNames("/services?per_page=2", "Pantry 0", "Pantry 1")
		h.expectNames("/services?per_page=2&page=2", "Pantry 2")
		h.expectNames("/services?page=9")
		h.expectNames("/services?search=pantry%202", "Pantry 2")
		h.expectNames("/services?search=nothing")
		h.expectNames("/organizations?search=hands+1", "Helping hands 1")
		h.expectNames("/services?organization_id="+id("o", 1), "Pantry 1")
		h.expectNames("/services?modified_after=2999-01-01")
		h.expectNames("/services?modified_after=2000-01-01T00:00:00Z&search=0", "Pantry 0")
		h.expectNames("/services?taxonomy_term_id="+id("t", 1), "Pantry 1")
		h.expectNames("/services?taxonomy_id="+id("x", 0)+"&per_page=2&page=2", "Pantry 2")
		h.expectNames("/services?taxonomy_id="+id("x", 0)+"&search=1", "Pantry 1")
		h.expectNames("/taxonomy_terms?parent_id="+id("t", 0), "Food 1", "Food 2")
		h.expectNames("/taxonomy_terms?top_only=true", "Food 0")
		h.expectNames("/taxonomy_terms?taxonomy_id=" + id("x", 9))
		h.expectNames("/service_at_locations?postcode=60601", id("p", 1))
		h.expectNames("/service_at_locations?postcode=60601&proximity=500", id("p", 1))
		h.expectNames("/service_at_locations?postcode=60601&proximity=15000", id("p", 0), id("p", 1), id("p", 2))
		h.expectNames("/service_at_locations?postcode=99999&proximity=15000")
		minimal := h.ask("/services?minimal=true&search=1", 200)["contents"].([]any)[0].(map[string]any) //nolint:forcetypeassert // fails the test as it should
		if len(minimal) != 2 || minimal["id"] != id("s", 1) || minimal["last_modified"] == nil {
			h.Errorf("minimal gives %v", minimal)
		}
		lines := h.Get("/i/oak/api/hsds/services?format=ndjson&per_page=1")
		if n := strings.Count(lines.Body, "\n"); n != 3 || lines.Header.Get("Content-Type") != "application/x-ndjson; charset=utf-8" {
			h.Errorf("ndjson: %d lines of %q, want 3", n, lines.Header.Get("Content-Type"))
		}
	})
}

func TestWhatIsAskedWronglyIsSaidSo(t *testing.T) {
	run(t, func(h *house) {
		for _, path := range []string{
			"/services?page=0", "/services?page=x", "/services?per_page=100000", "/services?full=perhaps", "/services?modified_after=soon",
			"/services?format=xml", "/service_at_locations?proximity=500", "/service_at_locations?postcode=1&proximity=NaN",
			"/services?search=" + strings.Repeat("x", 300), "/services?search=%00", "/organizations/x?full_service=2",
		} {
			doc := h.ask(path, 400)
			said, _ := doc["error"].(map[string]any)
			if text, _ := said["message"].(string); text == "" || strings.HasPrefix(text, "[") || said["status"] != "400" {
				h.Errorf("%s says %v", path, doc)
			}
		}
		h.Header.Set("Accept-Language", "es")
		said, _ := h.ask("/services?page=0", 400)["error"].(map[string]any)
		if text, _ := said["message"].(string); !strings.Contains(text, "número entero") {
			h.Errorf("in Spanish it says %q", text)
		}
		h.expectNames("/services?search=" + url.QueryEscape(`%' or 1=1 --`))
	})
}

func TestWhatIsNoListIsToldInJSON(t *testing.T) {
	run(t, func(h *house) {
		for _, path := range []string{"unknown", "unknown/1", "services/1/phones"} {
			a := h.Get("/i/oak/api/hsds/" + path)
			if a.Status != 404 || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") || !strings.Contains(a.Body, `"status":"404"`) {
				h.Errorf("%s: %d %s %s", path, a.Status, a.Header.Get("Content-Type"), a.Body)
			}
		}
	})
}

func TestStatementsDoNotGrowWithThePage(t *testing.T) {
	now := dbtest.Clock()
	d := dbtest.OpenWith(t, db.Options{Now: now.Now})
	h := open(t, d, now)
	h.bring("x.json", county(60))
	h.ask("/services", 200) // what is read once
	counter := dbtest.Count(d)
	for path, most := range map[string]int{
		"/services": 6, "/services?full=true": 14, "/organizations": 5, "/organizations?full_service=true": 14,
		"/service_at_locations?full=true": 14, "/services?taxonomy_id=" + id("x", 0): 8, "/taxonomy_terms": 6,
	} {
		var counts []int
		for _, size := range []string{"1", "50"} {
			counter.Reset()
			h.ask(path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"per_page="+size, 200)
			counts = append(counts, counter.N())
		}
		if counts[0] != counts[1] || counts[1] > most {
			t.Errorf("%s takes %v statements for 1 and for 50, want the same, at most %d", path, counts, most)
		}
	}
}

func TestNothingNewIsNotSentAgain(t *testing.T) {
	run(t, func(h *house) {
		h.bring("x.json", county(1))
		path := "/i/oak/api/hsds/services/" + id("s", 0)
		tag := h.Get(path).Header.Get("ETag")
		h.Header.Set("If-None-Match", tag)
		if a := h.Get(path); tag == "" || a.Status != 304 {
			h.Errorf("asked again with %q: %d, want 304", tag, a.Status)
		}
		h.bring("y.json", strings.ReplaceAll(county(1), "Pantry", "Kitchen"))
		if a := h.Get(path); a.Status != 200 || !strings.Contains(a.Body, "Kitchen") {
			h.Errorf("after a change: %d %s", a.Status, a.Body)
		}
	})
}

// id is the id of the nth thing of a kind.
func id(kind string, n int) string {
	return fmt.Sprintf("00000000-0000-4000-8000-%02x%010d", kind[0], n)
}

// county is a directory of so many organizations, ten kilometres apart, each
// with a service under a term.
func county(n int) string {
	var all []string
	for i := range n {
		parent := ""
		if i > 0 {
			parent = `"parent_id": "` + id("t", 0) + `",`
		}
		all = append(all, fmt.Sprintf(`{"id": %q, "name": "Helping hands %d", "description": "Help", "services": [{
			"id": %q, "name": "Pantry %d", "status": "active", "phones": [{"id": %q, "number": "555 010%d"}],
			"attributes": [{"id": %q, "taxonomy_term": {"id": %q, "name": "Food %d", "description": "Food", %s
				"taxonomy_detail": {"id": %q, "name": "Needs", "description": "Needs", "version": "1"}}}],
			"service_at_locations": [{"id": %q, "location": {"id": %q, "location_type": "physical", "latitude": %g, "longitude": -74.5,
				"addresses": [{"id": %q, "address_1": "1 Elm St", "city": "Oak", "state_province": "IL", "postal_code": "6060%d", "country": "US", "address_type": "physical"}]}}]
			}]}`, id("o", i), i, id("s", i), i, id("f", i), i%10, id("a", i), id("t", i), i, parent, id("x", 0), id("p", i), id("l", i), 40.5+0.09*float64(i), id("d", i), i))
	}
	return `{"organizations": [` + strings.Join(all, ",") + `]}`
}
