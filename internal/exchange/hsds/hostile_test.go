package hsds

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// packed is a zip of some files.
func packed(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHostileFilesAreRefusedWithAReason(t *testing.T) {
	small := Limits{Bytes: 1 << 16, Files: 5, Rows: 50, Cell: 1 << 10, Depth: 10}
	bomb := packed(t, "organizations.csv", strings.Repeat("id,name,description\n", 100_000))
	lying := bytes.ReplaceAll([]byte(bomb), []byte{0x80, 0x84, 0x1e, 0x00}, []byte{0x10, 0x00, 0x00, 0x00}) // says that it unpacks to 16 bytes
	for _, c := range []struct{ name, file, data, want string }{
		{"too large", "x.json", strings.Repeat(" ", 1<<17), "hsds.file.large"},
		{"a bomb", "x.zip", bomb, "hsds.file.large"},
		{"a bomb that lies", "x.zip", string(lying), "hsds.file.damaged"},
		{"a zip in a zip", "x.zip", packed(t, "organizations.csv", "id\n1", "inner.ZIP", "PK"), "hsds.file.nested"},
		{"a path outside", "x.zip", packed(t, "../organizations.csv", "id,name\n1,x"), "hsds.file.path"},
		{"an absolute path", "x.zip", packed(t, "/etc/organizations.csv", "id,name\n1,x"), "hsds.file.path"},
		{"a path of another system", "x.zip", packed(t, `..\organizations.csv`, "id,name\n1,x"), "hsds.file.path"},
		{"too many parts", "x.zip", packed(t, "a.csv", "", "b.csv", "", "c.csv", "", "d.csv", "", "e.csv", "", "f.csv", ""), "hsds.file.parts"},
		{"a damaged zip", "x.zip", packed(t, "organizations.csv", "id,name\n1,x")[:60], "hsds.file.damaged"},
		{"a zip without tables", "x.zip", packed(t, "readme.txt", "hello"), "hsds.file.empty"},
		{"too deep", "x.json", `{"id": "1", "name": "x", "services": ` + strings.Repeat("[", 20) + strings.Repeat("]", 20) + "}", "hsds.file.deep"},
		{"deeper than any stack", "x.json", strings.Repeat(`{"a":`, 12_000), "hsds.file.json"},
		{"cut off", "x.json", `{"contents": [{"id": "1", "name": "x"}`, "hsds.file.json"},
		{"cut off in a key", "x.json", `{"id"`, "hsds.file.json"},
		{"no JSON", "x.json", "<?xml version=\"1.0\"?><!DOCTYPE x>", "hsds.file.json"},
		{"a number alone", "x.json", "1e999", "hsds.file.json"},
		{"contents that are none", "x.json", `{"contents": 3}`, "hsds.file.json"},
		{"nothing that has a name", "organizations.json", `[{"id": "1"}, 7, null]`, "hsds.file.empty"},
		{"too many rows", "x.json", "[" + strings.Repeat(`{"name":"x","description":"`+"y"+`"},`, 0) + manyDocs(60) + "]", "hsds.file.rows"},
		{"a datapackage too deep", "x.zip", packed(t, "datapackage.json", strings.Repeat("[", 50)+strings.Repeat("]", 50), "organizations.csv", "id"), "hsds.file.deep"},
		{"a datapackage that is none", "x.zip", packed(t, "datapackage.json", "{", "organizations.csv", "id"), "hsds.file.json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(context.Background(), c.file, strings.NewReader(c.data), int64(len(c.data)), small)
			said, ok := errors.AsType[*fault.Error](err)
			if !ok || said.Kind != fault.Invalid || said.Message.Key != c.want {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			for _, lang := range i18n.Langs() {
				if text := i18n.In(lang).Say(said.Message); text == "" || strings.ContainsAny(text, "[]") {
					t.Errorf("in %s it says %q", lang, text)
				}
			}
		})
	}
}

func manyDocs(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`{"id": "%d", "name": "x", "description": ""}`, i)
	}
	return strings.Join(all, ",")
}

func TestBadRowsAreRepairedOrLeftOutAndTold(t *testing.T) {
	p := readText(t, "organizations.json", `[
		{"id": "a", "name": "First", "description": "x", "year_incorporated": 1e999, "website": null, "unknown": {"kept": [1]}},
		{"id": "a", "name": "Second", "email": "a@example.org"},
		{"id": "b", "name": "", "description": "no name"},
		{"name": "No id", "year_incorporated": "MCMXC"},
		{"id": "c", "name": "Nul\u0000l", "year_incorporated": 11111111111111111111111111111111111111111111111111,
			"services": [{"id": "s", "name": "S", "status": "open", "organization_id": "nowhere",
				"schedules": [{"id": "h", "freq": "HOURLY", "byday": "XX", "opens_at": "25:99"}]}],
			"locations": [{"id": "l", "latitude": "north", "longitude": 4}, {"id": "m", "latitude": -91, "longitude": 0}]}]`)
	want := map[string]int{"organization": 3, "service": 1, "schedule": 1, "location": 2}
	for name, n := range want {
		if got := len(p.Tables[name]); got != n {
			t.Errorf("%d rows of %s, want %d", got, name, n)
		}
	}
	first := p.Tables["organization"][0]
	if first.Text("name") != "First" || first.Text("email") != "a@example.org" || first.Text("unknown") != `{"kept":[1]}` {
		t.Errorf("the first is %v, want it with what the second adds, and what nobody knows", first.Fields)
	}
	if got := p.Tables["organization"][2].Text("name"); got != "Null" {
		t.Errorf("a name with a zero byte is %q", got)
	}
	if id := p.Tables["organization"][1].ID(); !uuid.MatchString(id) {
		t.Errorf("a row without an id has %q", id)
	}
	told := saidOf(p)
	for _, want := range []string{
		"organization.year_incorporated hsds.cell.number", "organization.name hsds.id.twice", "organization.name hsds.row.refused",
		"organization.id hsds.id.missing", "organization.name hsds.cell.unreadable", "service.status hsds.cell.choice",
		"service.organization_id hsds.reference.nowhere", "schedule.freq hsds.cell.choice", "schedule.byday hsds.schedule.unread",
		"schedule.opens_at hsds.schedule.unread", "location.latitude hsds.cell.number", "location.latitude hsds.location.nowhere",
	} {
		if !slices.Contains(told, want) {
			t.Errorf("nobody is told %s; told are\n%s", want, strings.Join(told, "\n"))
		}
	}
	for _, w := range p.Warnings {
		for _, lang := range i18n.Langs() {
			if text := i18n.In(lang).Say(w.Message); strings.Contains(text, "[hsds") || strings.Contains(text, "<no value>") {
				t.Errorf("%s in %s says %q", w.Message.Key, lang, text)
			}
		}
	}
	doc, _ := Nest(p).Document("organization", "a", View{})
	for _, m := range doc {
		if m.key == "year_incorporated" {
			t.Errorf("1e999 is given away as %v", m.value)
		}
	}
}

func TestAThousandFaultsAreTwentyAndANumber(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,location_type,latitude,longitude\n")
	for i := range 1000 {
		fmt.Fprintf(&rows, "%d,physical,100,101\n", i)
	}
	p := readText(t, "x.zip", packed(t, "locations.csv", rows.String()))
	if len(p.Tables["location"]) != 1000 || len(p.Warnings) != enough+1 {
		t.Errorf("%d rows, %d warnings, want 1000 and %d", len(p.Tables["location"]), len(p.Warnings), enough+1)
	}
	if last := p.Warnings[len(p.Warnings)-1]; last.Message.Key != "hsds.more" || last.Message.Args["n"] != 1000-enough {
		t.Errorf("the last says %v", last.Message)
	}
}

// A row that stands within two contacts can't point at both in one table.
func TestARowWithinTwoOfAKindIsKeptForBoth(t *testing.T) {
	p := readText(t, "organizations.json", `{"id": "o", "name": "O", "description": "", "contacts": [
		{"id": "c1", "name": "A", "phones": [{"id": "p", "number": "1", "languages": [{"id": "l", "name": "Urdu"}]}]},
		{"id": "c2", "name": "B", "phones": [{"id": "p", "number": "1", "languages": [{"id": "l", "name": "Urdu"}]}]}]}`)
	for _, name := range []string{"phone", "language"} {
		if len(p.Tables[name]) != 2 {
			t.Errorf("%d rows of %s, want 2", len(p.Tables[name]), name)
		}
	}
	if d := equal(p, readFolder(t, filesOf(t, WriteJSON, p))); d != "" {
		t.Errorf("read again (-first +second)\n%s", d)
	}
}

// An attribute that is about itself, terms under each other: nothing goes round.
func TestCirclesEnd(t *testing.T) {
	p := readFolder(t, fstest.MapFS{
		"attributes.csv":     {Data: []byte("id,link_id,taxonomy_term_id,link_entity\na,a,t,attribute\nb,c,t,attribute\nc,b,t,attribute\n")},
		"taxonomy_terms.csv": {Data: []byte("id,name,description,parent_id\nt,T,T,u\nu,U,U,t\n")},
		"organizations.csv":  {Data: []byte("id,name,description,parent_organization_id\no,O,O,q\nq,Q,Q,o\n")},
		"contacts.csv":       {Data: []byte("id,name,organization_id\nx,X,o\n")},
		"phones.csv":         {Data: []byte("id,number,contact_id\ny,1,x\n")},
	})
	d := Nest(p)
	for _, name := range p.Names() {
		for _, row := range p.Tables[name] {
			if doc, ok := d.Document(name, row.ID(), View{Services: true}); !ok || len(doc) == 0 {
				t.Errorf("no document of %s %s", name, row.ID())
			}
		}
	}
	run(t, func(h *house) { h.bring(p) })
}

func TestCellsThatMightRunAreGuardedAndComeBack(t *testing.T) {
	cells := []string{"=1+1", "@sum", "+HYPERLINK(1)", "-2+3", "\tx", "＝x", "'=x", "''=x", "+1 (555) 010-0100", "-3.5", "'tis", "plain"}
	var p Package
	p.Tables = map[string][]Row{}
	for i, cell := range cells {
		p.Tables["organization"] = append(p.Tables["organization"], Row{Fields: map[string]any{"id": fmt.Sprint(i), "name": cell, "description": "x"}})
	}
	files := filesOf(t, WriteTabular, p)
	for line := range strings.SplitSeq(string(files["organizations.csv"].Data), "\r\n") {
		_, name, _ := strings.Cut(line, ",")
		if name = strings.TrimLeft(name, `"`); name != "" && strings.ContainsAny(name[:1], "=@\t") {
			t.Errorf("%q would run", line)
		}
	}
	for i, row := range readFolder(t, files).Tables["organization"] {
		if row.Text("name") != cells[i] {
			t.Errorf("%q comes back as %q", cells[i], row.Text("name"))
		}
	}
}

// A large county: within ten seconds and 256 MB.
func TestALargeFileIsReadInItsMemory(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"contents": [`)
	n := 0
	for b.Len() < int(Usual.Bytes)-(1<<20) && n < Usual.Rows/4 {
		if n > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id": "o%d", "name": "Helping hands %d", "description": %q, "phones": [{"id": "p%d", "number": "555 0100"}],
			"services": [{"id": "s%d", "name": "Pantry", "status": "active", "schedules": [{"id": "h%d", "freq": "WEEKLY", "byday": "MO"}]}]}`,
			n, n, strings.Repeat("Food for all. ", 20), n, n, n)
		n++
	}
	b.WriteString("]}")
	data := b.String()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	started := time.Now()
	p := readText(t, "organizations.json", data)
	took := time.Since(started)
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d MB, %d rows: %s, %d MB held", len(data)>>20, p.Rows(), took, held>>20)
	if held > 200<<20 {
		t.Errorf("%d rows hold %d MB", p.Rows(), held>>20)
	}
	runtime.KeepAlive(p)
}
