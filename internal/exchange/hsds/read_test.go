package hsds

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// saidOf is a package's warnings as "table.column sentence".
func saidOf(p Package) []string {
	var all []string
	for _, w := range p.Warnings {
		all = append(all, w.Sheet+"."+w.Column+" "+w.Message.Key)
	}
	return all
}

func TestTheOfficialTabularPackageIsRead(t *testing.T) {
	p := readFolder(t, os.DirFS(filepath.Join(official(t), "csv")))
	if len(p.Names()) != 21 || p.Rows() != 21 {
		t.Errorf("%d tables with %d rows, want 21 with one each: %v", len(p.Names()), p.Rows(), p.Names())
	}
	for _, st := range standard {
		if rows := p.Tables[st.Name]; !st.Later && len(rows) == 1 && len(rows[0].Fields) != len(st.Columns) {
			t.Errorf("%s has %d values, want all %d of its columns", st.Name, len(rows[0].Fields), len(st.Columns))
		}
	}
	want := []string{
		"location.latitude hsds.location.nowhere",
		"location.organization_id hsds.reference.nowhere",
		"contact.service_at_location_id hsds.reference.nowhere",
		"contact.organization_id hsds.reference.nowhere",
		"taxonomy_term.taxonomy_id hsds.reference.nowhere",
	}
	if d := cmp.Diff(sorted(want), sorted(saidOf(p))); d != "" {
		t.Errorf("warnings (-want +got)\n%s", d)
	}
	if got := p.Tables["location"][0].Text("latitude"); got != "100" {
		t.Errorf("latitude is kept as %q, want 100, as it was given", got)
	}
	for _, w := range p.Warnings {
		if w.Row != 2 {
			t.Errorf("%s is told of row %d, want 2", w.Message.Key, w.Row)
		}
	}
}

func TestTheOfficialDocumentsAreRead(t *testing.T) {
	folder := filepath.Join(official(t), "examples")
	for name, want := range map[string]map[string]int{
		"base.json": {},
		"organization_full.json": {
			"organization": 1, "funding": 1, "contact": 1, "phone": 1, "language": 1, "location": 1, "address": 1, "accessibility": 1,
			"schedule": 1, "program": 1, "organization_identifier": 1, "service": 1, "service_area": 1, "service_at_location": 1,
			"cost_option": 1, "required_document": 1, "attribute": 1, "taxonomy_term": 1, "taxonomy": 1, "metadata": 1,
		},
		"organization_list.json":        {"organization": 1},
		"service_list.json":             {"service": 1, "organization": 1, "program": 1},
		"service_at_location_list.json": {"service_at_location": 1, "location": 1, "service": 1, "organization": 1, "program": 1},
		"location.json":                 {"location": 1, "language": 1, "address": 1, "contact": 1, "phone": 1, "accessibility": 1, "schedule": 1},
		"taxonomy.json":                 {"taxonomy": 1},
		"taxonomy_list.json":            {"taxonomy": 1},
		"taxonomy_term.json":            {"taxonomy_term": 1, "taxonomy": 1},
		"taxonomy_term_list.json":       {"taxonomy_term": 1, "taxonomy": 1},
	} {
		p := readFile(t, filepath.Join(folder, name))
		got := map[string]int{}
		for table, rows := range p.Tables {
			got[table] = len(rows)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
	}
	for _, name := range []string{"service_full.json", "service_at_location_full.json"} {
		if p := readFile(t, filepath.Join(folder, name)); len(p.Names()) != 20 || p.Rows() != 20 {
			t.Errorf("%s: %d rows in %v, want one of each of 20", name, p.Rows(), p.Names())
		}
	}
}

// The same package as JSON and as CSV is the same.
func TestTheTabularExampleIsTheSameInBothForms(t *testing.T) {
	folder := official(t)
	p, q := readFolder(t, os.DirFS(filepath.Join(folder, "csv"))), readFile(t, filepath.Join(folder, "examples", "tabular.json"))
	for _, name := range p.Names() {
		for i := range p.Tables[name] {
			if d := cmp.Diff(p.Tables[name][i].Fields, q.Tables[name][i].Fields); d != "" {
				t.Errorf("%s (-csv +json)\n%s", name, d)
			}
		}
	}
}
