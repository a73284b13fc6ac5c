package hsds

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"commonweal/internal/exchange/hsds/hsdstest"
)

// written gives a package's files.
func filesOf(t testing.TB, write func(context.Context, Package, Create) error, p Package) fstest.MapFS {
	t.Helper()
	files, open := fstest.MapFS{}, map[string]*bytes.Buffer{}
	create := func(name string) (io.Writer, error) {
		open[name] = &bytes.Buffer{}
		return open[name], nil
	}
	if err := write(context.Background(), p, create); err != nil {
		t.Fatal(err)
	}
	for name, b := range open {
		files[name] = &fstest.MapFile{Data: b.Bytes()}
	}
	return files
}

// equal says how two packages differ, but for where their rows stood.
func equal(want, got Package) string {
	return cmp.Diff(want.Tables, got.Tables, cmpopts.IgnoreFields(Row{}, "Line"), cmpopts.SortSlices(func(a, b Row) bool { return a.ID() < b.ID() }))
}

func TestTheTabularPackageComesBackAsItWas(t *testing.T) {
	p := readFolder(t, os.DirFS(filepath.Join(official(t), "csv")))
	files := filesOf(t, WriteTabular, p)
	if len(files) != 22 {
		t.Errorf("%d files, want 21 tables and datapackage.json", len(files))
	}
	if d := equal(p, readFolder(t, files)); d != "" {
		t.Errorf("read again (-first +second)\n%s", d)
	}
	for name, file := range files {
		if original, err := os.ReadFile(filepath.Join(official(t), "csv", name)); err != nil { //nolint:gosec // a test's own data
			t.Error(err)
		} else if strings.HasSuffix(name, ".csv") && !bytes.Equal(bytes.TrimSpace(original), bytes.TrimSpace(file.Data)) {
			t.Errorf("%s\ngot  %s\nwant %s", name, file.Data, original)
		}
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := errors.Join(WriteTabular(context.Background(), p, z.Create), z.Close()); err != nil {
		t.Fatal(err)
	}
	if d := equal(p, readText(t, "package.zip", b.String())); d != "" {
		t.Errorf("read again from a zip (-first +second)\n%s", d)
	}
}

func TestTheDatapackageDescribesWhatTheOfficialOneDoes(t *testing.T) {
	type field struct {
		Name, Type, Format string
		Constraints        struct {
			Required bool
			Enum     []string
		}
	}
	type told struct {
		Profile, Version string
		Resources        []struct {
			Name, Path string
			Schema     struct {
				Fields      []field
				PrimaryKey  string
				ForeignKeys []struct {
					Fields    string
					Reference struct{ Resource, Fields string }
				}
			}
		}
	}
	read := func(data []byte) (d told) {
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	original, err := os.ReadFile(filepath.Join(official(t), "csv", "datapackage.json"))
	if err != nil {
		t.Fatal(err)
	}
	ours := filesOf(t, WriteTabular, Package{})["datapackage.json"].Data
	d := cmp.Diff(read(original), read(ours), cmpopts.SortSlices(func(a, b struct {
		Fields    string
		Reference struct{ Resource, Fields string }
	},
	) bool {
		return a.Fields < b.Fields
	}))
	if d != "" {
		t.Errorf("datapackage.json (-official +ours)\n%s", d)
	}
}

func TestTheOfficialDocumentsComeBackAndAreValid(t *testing.T) {
	folder := filepath.Join(official(t), "examples")
	organization, service := hsdstest.ReadSchema(t, "organization"), hsdstest.ReadSchema(t, "service")
	for _, name := range []string{"organization_full.json", "service_full.json", "service_at_location_full.json", "tabular.json"} {
		p := readFile(t, filepath.Join(folder, name))
		d := Nest(p)
		for _, v := range []View{{}, {Brief: true}, {Services: true}, {Public: true, Services: true}} {
			expectDocs(t, d, "organization", organization, v)
			expectDocs(t, d, "service", service, v)
		}
		again := readFolder(t, filesOf(t, WriteJSON, p))
		want := p
		if name == "tabular.json" {
			continue // what stands under nothing isn't in any document
		}
		if d := equal(want, again); d != "" {
			t.Errorf("%s read again (-first +second)\n%s", name, d)
		}
	}
}

func expectDocs(t *testing.T, d *Docs, table string, s *hsdstest.Schema, v View) {
	t.Helper()
	for _, row := range d.pack.Tables[table] {
		doc, ok := d.Document(table, row.ID(), v)
		if !ok {
			t.Fatalf("no %s %s", table, row.ID())
		}
		out, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		s.Expect(t, out)
	}
}

// Whole documents hold what the official ones do.
func TestDocumentsAreNestedAsTheOfficialOnesAre(t *testing.T) {
	folder := filepath.Join(official(t), "examples")
	for file, table := range map[string]string{
		"organization_full.json": "organization", "service_full.json": "service", "service_at_location_full.json": "service_at_location",
		"taxonomy.json": "taxonomy", "taxonomy_term.json": "taxonomy_term", "location.json": "location",
	} {
		p := readFile(t, filepath.Join(folder, file))
		doc, _ := Nest(p).Document(table, p.Tables[table][0].ID(), View{Services: true})
		out, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		original, err := os.ReadFile(filepath.Join(folder, file)) //nolint:gosec // a test's own data
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(original, &want); err != nil {
			t.Fatal(err)
		}
		if missing := lacking(file, want, got); len(missing) > 0 {
			t.Errorf("lacks %s", strings.Join(missing, "\n"))
		}
	}
}

// lacking says what of a document isn't in another; more may be there.
func lacking(path string, want, got any) (missing []string) {
	switch want := want.(type) {
	case map[string]any:
		have, _ := got.(map[string]any)
		for k, v := range want {
			missing = append(missing, lacking(path+"."+k, v, have[k])...)
		}
	case []any:
		have, _ := got.([]any)
		for i, v := range want {
			if i >= len(have) {
				return append(missing, path+": too few")
			}
			missing = append(missing, lacking(path, v, have[i])...)
		}
	default:
		if want != got {
			missing = append(missing, path)
		}
	}
	return missing
}
