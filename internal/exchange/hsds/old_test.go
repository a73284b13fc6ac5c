package hsds

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// values are some columns of a table, row by row.
func values(p Package, table string, columns ...string) (all [][]string) {
	for _, row := range p.Tables[table] {
		var one []string
		for _, c := range columns {
			one = append(one, row.Text(c))
		}
		all = append(all, one)
	}
	return all
}

func expectValues(t *testing.T, p Package, table string, columns []string, want ...[]string) {
	t.Helper()
	if d := cmp.Diff(want, values(p, table, columns...)); d != "" {
		t.Errorf("%s (-want +got)\n%s", table, d)
	}
}

func TestHSDS11BecomesWhatItIsIn30(t *testing.T) {
	p := readFolder(t, fstest.MapFS{
		"d/organizations.csv":                  file("\ufeffid,name,description,url\n1,Mill Pantry,Food,http://mill.example.org\n"),
		"d/services.csv":                       file("id,organization_id,name,status,taxonomy_ids\n1,1,Pantry,active,\"10,11\"\n"),
		"d/services_at_location.csv":           file("id,service_id,location_id\n1,1,1\n"),
		"d/locations.csv":                      file("id,organization_id,name,latitude,longitude\n1,1,Mill,40.5,-74.5\n"),
		"d/physical_addresses.csv":             file("id,location_id,address_1,city,state_province,postal_code,country\n1,1,5 Mill St,Oak,IL,60601,US\n"),
		"d/postal_addresses.csv":               file("id,location_id,address_1,city,state_province,postal_code,country\n1,1,PO Box 5,Oak,IL,60601,US\n"),
		"d/regular_schedules.csv":              file("id,service_id,weekday,opens_at,closes_at\n1,1,Monday,09:00,17:00\n2,1,2,09:00,17:00\n"),
		"d/holiday_schedules.csv":              file("id,service_id,closed,start_date,end_date\n1,1,true,2026-12-24,2026-12-26\n"),
		"d/services_taxonomy.csv":              file("id,service_id,taxonomy_id\n1,1,11\n"),
		"d/taxonomy.csv":                       file("id,name,parent_id,vocabulary\n10,Food,,open\n11,Pantries,10,open\n"),
		"d/eligibility.csv":                    file("id,service_id,eligibility\n1,1,adult\n2,1,family\n"),
		"d/languages.csv":                      file("id,service_id,language\n1,1,Spanish\n"),
		"d/payments_accepted.csv":              file("id,service_id,payment\n1,1,cash\n"),
		"d/accessibility_for_disabilities.csv": file("id,location_id,accessibility\n1,1,ramp\n"),
	})
	if p.Version != V11 {
		t.Errorf("read as %s", p.Version)
	}
	expectValues(t, p, "organization", []string{"name", "website"}, []string{"Mill Pantry", "http://mill.example.org"})
	expectValues(t, p, "service", []string{"eligibility_description"}, []string{"adult; family"})
	expectValues(t, p, "location", []string{"location_type"}, []string{"physical"})
	expectValues(t, p, "address", []string{"address_1", "address_type"}, []string{"5 Mill St", "physical"}, []string{"PO Box 5", "postal"})
	expectValues(t, p, "schedule", []string{"freq", "byday", "closed", "valid_from"},
		[]string{"", "", "true", "2026-12-24"}, []string{"WEEKLY", "MO", "", ""}, []string{"WEEKLY", "TU", "", ""})
	expectValues(t, p, "taxonomy_term", []string{"id", "name", "parent_id", "taxonomy"}, []string{"10", "Food", "", "open"}, []string{"11", "Pantries", "10", "open"})
	expectValues(t, p, "language", []string{"name"}, []string{"Spanish"})
	expectValues(t, p, "accessibility", []string{"description"}, []string{"ramp"})
	expectValues(t, p, "payment_accepted", []string{"payment"}, []string{"cash"})
	if n := len(p.Tables["attribute"]); n != 3 {
		t.Errorf("%d links to terms, want 3: two of the cell and one of the table", n)
	}
	run(t, func(h *house) {
		h.bring(p)
		_, plan := h.bring(p)
		if n := plan.Total(); n["same"] != p.Rows() {
			h.Errorf("the second time it does %v", n)
		}
		if d := equal(h.export(), readFolder(h, filesOf(h, WriteTabular, h.export()))); d != "" {
			h.Errorf("given away as 3.0 and read again (-out +in)\n%s", d)
		}
	})
}

func TestHSDS31KeepsWhatIsNew(t *testing.T) {
	p := readText(t, "organizations.json", `{"id": "o", "name": "O", "description": "", "additional_websites": [{"id": "u", "url": "https://o.example.org", "label": "Shop"}],
		"services": [{"id": "s", "name": "S", "status": "active", "additional_urls": [{"id": "v", "url": "https://s.example.org"}],
			"capacities": [{"id": "c", "available": 3, "unit": {"id": "n", "name": "beds"}}]}]}`)
	expectValues(t, p, "url", []string{"id", "organization_id", "service_id"}, []string{"u", "o", ""}, []string{"v", "", "s"})
	expectValues(t, p, "service_capacity", []string{"service_id", "unit_id", "available"}, []string{"s", "n", "3"})
	files := filesOf(t, WriteTabular, p)
	if len(files) != 25 {
		t.Errorf("%d files, want 21 tables, 3 of 3.1 and datapackage.json", len(files))
	}
	again := readFolder(t, files)
	if d := equal(p, again); d != "" || again.Version != V31 {
		t.Errorf("read again as %s (-first +second)\n%s", again.Version, d)
	}
	if d := equal(p, readFolder(t, filesOf(t, WriteJSON, p))); d != "" {
		t.Errorf("as JSON read again (-first +second)\n%s", d)
	}
}

func TestOhanaBecomesADirectory(t *testing.T) {
	p := readFolder(t, fstest.MapFS{
		"organizations.csv":     file("id,accreditations,date_incorporated,description,funding_sources,name,website\n1,,\"January 02, 1990\",Helps,\"City, County\",Family Service,http://f.example.org\n"),
		"locations.csv":         file("id,organization_id,accessibility,languages,latitude,longitude,name,virtual\n1,1,\"ramp, wheelchair\",\"English, Spanish\",40.5,-74.5,Center,false\n2,1,,,,,Online,true\n"),
		"addresses.csv":         file("id,location_id,address_1,city,state_province,postal_code,country\n1,1,5 Mill St,Oak,IL,60601,US\n"),
		"mail_addresses.csv":    file("id,location_id,attention,address_1,city,state_province,postal_code,country\n1,2,Mail room,PO Box 5,Oak,IL,60601,US\n"),
		"phones.csv":            file("id,contact_id,location_id,number,number_type\n1,,1,650 555-0100,voice\n"),
		"services.csv":          file("id,location_id,eligibility,fees,keywords,name,required_documents,service_areas,status,taxonomy_ids\n1,1,Age 55 or over,None,lunch,Meals,\"ID, Proof\",Oak,active,101-01\n"),
		"regular_schedules.csv": file("id,location_id,service_id,weekday,opens_at,closes_at\n1,,1,Tuesday,08:00,17:00\n"),
		"taxonomy.csv":          file("taxonomy_id,name,parent_id,parent_name\n101,Food,,\n101-01,Meals,101,Food\n"),
	})
	if p.Version != Ohana {
		t.Errorf("read as %s", p.Version)
	}
	expectValues(t, p, "organization", []string{"name", "website", "year_incorporated"}, []string{"Family Service", "http://f.example.org", "1990"})
	expectValues(t, p, "service", []string{"organization_id", "eligibility_description"}, []string{"1", "Age 55 or over"})
	expectValues(t, p, "service_at_location", []string{"service_id", "location_id"}, []string{"1", "1"})
	expectValues(t, p, "location", []string{"location_type"}, []string{"physical"}, []string{"virtual"})
	expectValues(t, p, "phone", []string{"type"}, []string{"voice"})
	expectValues(t, p, "schedule", []string{"byday"}, []string{"TU"})
	expectValues(t, p, "taxonomy_term", []string{"id", "parent_id"}, []string{"101", ""}, []string{"101-01", "101"})
	for name, n := range map[string]int{"funding": 2, "accessibility": 2, "language": 2, "required_document": 2, "service_area": 1, "attribute": 1, "address": 2} {
		if got := len(p.Tables[name]); got != n {
			t.Errorf("%d rows of %s, want %d", got, name, n)
		}
	}
	run(t, func(h *house) {
		h.bring(p)
		if _, plan := h.bring(p); plan.Total()["same"] != p.Rows() {
			h.Errorf("the second time it does %v", plan.Total())
		}
	})
}
