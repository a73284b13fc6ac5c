package archive_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/db"
	"commonweal/internal/exchange/archive"
)

// rezipped packs names and texts again. A name is written as it is, also one
// that leads elsewhere.
func rezipped(t testing.TB, all map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(all[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// altered is an archive in which the manifest is changed as well as a file.
func altered(t *testing.T, all map[string]string, change func(m *archive.Manifest)) {
	t.Helper()
	var m archive.Manifest
	if err := json.Unmarshal([]byte(all["manifest.json"]), &m); err != nil {
		t.Fatal(err)
	}
	change(&m)
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	all["manifest.json"] = string(text)
}

// row adds a line to a table, and makes the manifest agree.
func row(t *testing.T, all map[string]string, table, line string) {
	t.Helper()
	all["json/"+table+".ndjson"] += line + "\n"
	altered(t, all, func(m *archive.Manifest) {
		i := slices.IndexFunc(m.Tables, func(t archive.Table) bool { return t.Name == table })
		columns := make([]db.Column, len(m.Tables[i].Columns))
		for j, c := range m.Tables[i].Columns {
			columns[j] = db.Column{Name: c.Name, Type: c.Type}
		}
		digest := db.NewDigester(columns)
		for text := range strings.Lines(all["json/"+table+".ndjson"]) {
			one := map[string]any{}
			if err := json.Unmarshal([]byte(text), &one); err != nil {
				t.Fatal(err)
			}
			values := make([]any, len(columns))
			for j, c := range columns {
				values[j] = one[c.Name]
			}
			if err := digest.Add(values); err != nil {
				t.Fatal(err)
			}
		}
		sum := digest.Digest()
		m.Tables[i].Rows, m.Tables[i].Sum = sum.Rows, sum.Sum
	})
}

// TestHostileArchives are refused in words, and leave nothing behind.
func TestHostileArchives(t *testing.T) {
	from := onSQLite(t)
	in := from.lived("Oak").ID
	sound := unzipped(t, from.written(in, archive.Whole))
	person := strings.Split(sound["json/person.ndjson"], "\n")[0]
	for name, one := range map[string]struct {
		change func(all map[string]string)
		says   string
	}{
		"no manifest":     {func(all map[string]string) { delete(all, "manifest.json") }, "it is missing"},
		"broken manifest": {func(all map[string]string) { all["manifest.json"] = `{"format":` }, "can't be read"},
		"unknown format": {func(all map[string]string) {
			altered(t, all, func(m *archive.Manifest) { m.Format = "commonweal archive 99" })
		}, "commonweal archive 99"},
		"a newer version": {func(all map[string]string) {
			altered(t, all, func(m *archive.Manifest) { m.Schema = db.Schema() + 1 })
		}, "update this one first"},
		"the server's own rows": {func(all map[string]string) {
			altered(t, all, func(m *archive.Manifest) { m.Initiative.ID = "" })
		}, "no initiative's id"},
		"another's id": {func(all map[string]string) {
			altered(t, all, func(m *archive.Manifest) { m.Initiative.ID = "another" })
		}, "another initiative's"},
		"a path outside":   {func(all map[string]string) { all["../../etc/passwd"] = "x" }, "nothing that an archive holds"},
		"an absolute path": {func(all map[string]string) { all["/etc/passwd"] = "x" }, "nothing that an archive holds"},
		"a zip in it":      {func(all map[string]string) { all["files/inner.zip"] = "PK" }, "nothing that an archive holds"},
		"a file that isn't what it is called": {func(all map[string]string) {
			for name := range all {
				if strings.HasPrefix(name, "files/") {
					all[name] += "x"
				}
			}
		}, "isn't what its name says"},
		"a file too many": {func(all map[string]string) {
			all["files/"+strings.Repeat("0", 64)] = "x"
		}, "holds 3 files, and should hold 2"},
		"a file that no row asks for": {func(all map[string]string) {
			all["files/"+strings.Repeat("0", 64)] = "x"
			altered(t, all, func(m *archive.Manifest) { m.Files++ })
		}, "no row asks for"},
		"a table missing": {func(all map[string]string) { delete(all, "json/person.ndjson") }, "json/person.ndjson: it is missing"},
		"an unknown table": {func(all map[string]string) {
			all["json/spell.ndjson"] = ""
			altered(t, all, func(m *archive.Manifest) {
				m.Tables = append(m.Tables, archive.Table{Name: "spell", Columns: []archive.Column{{Name: "id", Type: "text"}}})
			})
		}, "no table spell"},
		"a table that never travels": {func(all map[string]string) {
			all["json/session.ndjson"] = ""
			altered(t, all, func(m *archive.Manifest) {
				m.Tables = append(m.Tables, archive.Table{Name: "session", Columns: []archive.Column{{Name: "id", Type: "text"}}})
			})
		}, "no table session"},
		"a table named as SQL": {func(all map[string]string) {
			altered(t, all, func(m *archive.Manifest) { m.Tables[0].Name = `person" ; drop table person; --` })
		}, "makes no sense"},
		"an unknown column": {func(all map[string]string) {
			altered(t, all, func(m *archive.Manifest) { m.Tables[0].Columns[0].Name = `a" from session --` })
		}, "knows no column"},
		"another type": {func(all map[string]string) {
			altered(t, all, func(m *archive.Manifest) {
				for i := range m.Tables {
					if m.Tables[i].Name == "person" {
						m.Tables[i].Columns[0].Type = "bigint"
					}
				}
			})
		}, `is "bigint" in the archive, and text here`},
		"a column missing": {func(all map[string]string) {
			altered(t, all, func(m *archive.Manifest) {
				for i := range m.Tables {
					if m.Tables[i].Name == "person" {
						m.Tables[i].Columns = slices.DeleteFunc(m.Tables[i].Columns, func(c archive.Column) bool { return c.Name == "name" })
					}
				}
			})
		}, "an older commonweal wrote the archive"},
		"a row cut off":       {func(all map[string]string) { all["json/person.ndjson"] = person + "\n" }, "changed or cut off since"},
		"a word changed":      {func(all map[string]string) { edit(all, "person", "Oak Rosa", "Oak Rosy") }, "changed or cut off since"},
		"no JSON":             {func(all map[string]string) { all["json/person.ndjson"] = "<!DOCTYPE x>\n" }, "line 1: this isn't a row"},
		"a number for a word": {func(all map[string]string) { edit(all, "person", `"age":"adult"`, `"age":1e999`) }, "column age: text is wanted"},
		"1e999": {func(all map[string]string) {
			edit(all, "initiative", `"answer_days":30`, `"answer_days":1e999`)
		}, "line 1: column answer_days: 1e999 isn't a whole number"},
		"a word for a yes": {func(all map[string]string) { edit(all, "need", `"urgent":true`, `"urgent":"yes"`) }, "isn't true or false"},
		"a day that isn't": {func(all map[string]string) {
			edit(all, "consent", `"given_on":"2026-11-20"`, `"given_on":"20/11/2026"`)
		}, "isn't a day"},
		"a moment that isn't": {func(all map[string]string) {
			edit(all, "person", `"created_at":"2026`, `"created_at":"26`)
		}, "isn't a moment"},
		"a NUL": {func(all map[string]string) { edit(all, "person", "Oak Rosa", `Oak\u0000Rosa`) }, "NUL"},
		"a key too many": {func(all map[string]string) {
			edit(all, "person", `"age":`, `"extra":1,"age":`)
		}, "columns that the manifest doesn't name"},
		"another's row": {func(all map[string]string) {
			row(t, all, "referral", strings.ReplaceAll(strings.TrimSpace(all["json/referral.ndjson"]), in, "another"))
		}, "json/referral.ndjson, line 2: the row is another initiative's"},
		"a sign-in link of the operator's": {func(all map[string]string) {
			row(t, all, "link", `{"expires_at":null,"hash":"known","initiative_id":"`+in+`","kind":"sign-in","made_at":"2026-11-21T09:00:00.000000Z","reusable":false,"subject_id":"operator"}`)
		}, "such a row is in no archive"},
		"a time zone that isn't": {func(all map[string]string) {
			text := strings.Replace(all["json/initiative.ndjson"], "Europe/Madrid", "Europe/Nowhere", 1)
			all["json/initiative.ndjson"] = ""
			number(t, all, "initiative", text)
		}, "can't be read back"},
		"a row that points at nothing": {func(all map[string]string) {
			row(t, all, "referral", strings.NewReplacer(`"id":"r"`, `"id":"q"`, "t-Oak", "t-gone").Replace(strings.TrimSpace(all["json/referral.ndjson"])))
		}, "referral"},
		"no current address": {func(all map[string]string) {
			text := strings.Replace(all["json/initiative_slug.ndjson"], "true", "false", 1)
			all["json/initiative_slug.ndjson"] = ""
			row(t, all, "initiative_slug", strings.TrimSpace(text))
		}, "one address must be the current one"},
		"an address that no page has": {func(all map[string]string) {
			text := strings.Replace(all["json/initiative_slug.ndjson"], `"oak"`, `"../oak"`, 1)
			all["json/initiative_slug.ndjson"] = ""
			row(t, all, "initiative_slug", strings.TrimSpace(text))
		}, "is no address"},
	} {
		t.Run(name, func(t *testing.T) {
			to := onSQLite(t)
			to.found("Elm")
			before := to.whole()
			all := maps.Clone(sound)
			one.change(all)
			_, err := to.read(rezipped(t, all), archive.How{})
			if err == nil || !strings.Contains(err.Error(), one.says) {
				t.Errorf("said %v\nwant it to say %q", err, one.says)
			}
			if diff := cmp.Diff(before, to.whole()); diff != "" {
				t.Errorf("something is left behind:\n%s", diff)
			}
		})
	}
}

func edit(all map[string]string, table, was, becomes string) {
	all["json/"+table+".ndjson"] = strings.Replace(all["json/"+table+".ndjson"], was, becomes, 1)
}

// number sets the only row of a table that holds numbers, which JSON reads as
// floats, and makes the manifest agree.
func number(t *testing.T, all map[string]string, table, text string) {
	t.Helper()
	all["json/"+table+".ndjson"] = text
	altered(t, all, func(m *archive.Manifest) {
		i := slices.IndexFunc(m.Tables, func(t archive.Table) bool { return t.Name == table })
		var columns []db.Column
		var values []any
		one := map[string]any{}
		if err := json.Unmarshal([]byte(text), &one); err != nil {
			t.Fatal(err)
		}
		for _, c := range m.Tables[i].Columns {
			columns = append(columns, db.Column{Name: c.Name, Type: c.Type})
			v := one[c.Name]
			if n, ok := v.(float64); ok {
				v = int64(n)
			}
			values = append(values, v)
		}
		digest := db.NewDigester(columns)
		if err := digest.Add(values); err != nil {
			t.Fatal(err)
		}
		m.Tables[i].Sum = digest.Digest().Sum
	})
}

// TestZipsThatLieAreRefusedBeforeTheyAreUnpacked counts what reading them takes.
func TestZipsThatLieAreRefusedBeforeTheyAreUnpacked(t *testing.T) {
	s := onSQLite(t)
	sound := s.written(s.lived("Oak").ID, archive.Whole)
	bomb := unzipped(t, sound)
	bomb["json/person.ndjson"] = strings.Repeat("0", 100<<20)
	long := unzipped(t, sound)
	long["json/person.ndjson"] = noise(17<<20, 1)
	for name, one := range map[string]struct {
		zipped []byte
		says   string
	}{
		"a bomb":             {rezipped(t, bomb), "unpack to more than 200 times"},
		"a line without end": {rezipped(t, long), "line 1 is longer than 16 MB"},
		"no zip":             {[]byte("name,phone\nRosa,555\n"), "no zip that can be read"},
		"half a zip":         {sound[:len(sound)/2], "no zip that can be read"},
		"nothing":            {nil, "no zip that can be read"},
		"a list without end": {listOf(400_000), "longer than any archive's"},
		"a size that lies":   {claims(t, sound, 1<<40), "larger than the whole zip"},
		"two of a name":      {twice(t), "it is there twice"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := s.read(one.zipped, archive.How{})
		runtime.ReadMemStats(&after)
		if _, ok := errors.AsType[*archive.Refused](err); !ok || !strings.Contains(err.Error(), one.says) {
			t.Errorf("%s: said %v, want %q", name, err, one.says)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 200<<20 {
			t.Errorf("%s: reading it took %d MB", name, took>>20)
		}
	}
}

// noise is text that hardly packs.
func noise(n int, seed uint64) string {
	b := make([]byte, n)
	for i := range b {
		seed = seed*6364136223846793005 + 1442695040888963407
		b[i] = 'a' + byte(seed>>59)%26
	}
	return string(b)
}

// listOf is a zip whose list has so many entries, all of one empty file.
func listOf(n int) []byte {
	var out bytes.Buffer
	entry := make([]byte, 47)
	binary.LittleEndian.PutUint32(entry, 0x02014b50)
	binary.LittleEndian.PutUint16(entry[28:], 1)
	entry[46] = 'a'
	for range n {
		out.Write(entry)
	}
	end := make([]byte, 22)
	binary.LittleEndian.PutUint32(end, 0x06054b50)
	binary.LittleEndian.PutUint16(end[10:], uint16(n%65536))   //nolint:gosec // it is kept small
	binary.LittleEndian.PutUint32(end[12:], uint32(out.Len())) //nolint:gosec // likewise
	out.Write(end)
	return out.Bytes()
}

// claims is a sound zip in which the first entry says that it is so large.
func claims(t *testing.T, zipped []byte, size uint64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "manifest.json", Method: zip.Store, CRC32: crc32.ChecksumIEEE(zipped), CompressedSize64: size, UncompressedSize64: size,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(zipped); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func twice(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for range 2 {
		if _, err := z.Create("manifest.json"); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestMemoryStaysBounded writes and reads an archive much larger than what may
// be held of it.
func TestMemoryStaysBounded(t *testing.T) {
	const rows, words, most = 2500, 10_000, 12 << 20
	from, to := onSQLite(t), onSQLite(t)
	in := from.lived("Oak").ID
	from.tx(func(q db.Querier) error {
		for i := range rows {
			if err := db.Exec(t.Context(), q, `insert into happening (initiative_id, id, area_id, title, spot, on_date, at_time, lang, created_at)
				select initiative_id, $2, id, $3, '', '2026-12-01', '', 'en', $4 from area where initiative_id = $1`,
				in, "h"+string(rune(0x4e00+i)), noise(words, uint64(i)), db.At(from.Now())); err != nil {
				return err
			}
		}
		return nil
	})
	start := heap()
	peak := uint64(0)
	look := func(string, int64, int64) { peak = max(peak, heap()) }
	file, err := openScratch(t)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := from.Export(t.Context(), in, file, look); err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil || info.Size() < 10<<20 {
		t.Fatalf("the archive has %d bytes: %v", info.Size(), err)
	}
	if _, err := to.Import(t.Context(), file, info.Size(), archive.How{Progress: look}); err != nil {
		t.Fatal(err)
	}
	if peak > start+most {
		t.Errorf("%d MB were held of %d MB", (peak-start)>>20, (rows*words)>>20)
	}
	if n := to.count(`select count(*) from happening where initiative_id = $1`, in); n != rows {
		t.Errorf("%d rows came in", n)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
