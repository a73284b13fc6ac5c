package archive_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange/archive"
	"commonweal/internal/people"
)

// unzipped is what is in a zip, by name.
func unzipped(t testing.TB, zipped []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
	}
	return all
}

// rows are what travels, without the record, which an import adds to, and what
// the manifest says of them.
func rows(t *testing.T, zipped []byte) map[string]string {
	t.Helper()
	all := unzipped(t, zipped)
	maps.DeleteFunc(all, func(name, _ string) bool {
		return name == "manifest.json" || strings.Contains(name, "/audit")
	})
	return all
}

// TestAnInitiativeMovesBetweenEnginesUnchanged is D5 for one initiative: what
// is exported after SQLite → PostgreSQL → SQLite is, byte for byte, what was
// exported at first.
func TestAnInitiativeMovesBetweenEnginesUnchanged(t *testing.T) {
	c := dbtest.Clock()
	first := on(t, dbtest.OpenWith(t, db.Options{Now: c.Now}), c)
	second := on(t, dbtest.PostgresWith(t, db.Options{Now: c.Now}), c)
	third := on(t, dbtest.OpenWith(t, db.Options{Now: c.Now}), c)
	in := first.lived("Oak").ID
	first.lived("Elm")

	out := first.written(in, archive.Whole)
	second.mustRead(out, archive.How{})
	back := second.written(in, archive.Whole)
	third.mustRead(back, archive.How{})
	again := third.written(in, archive.Whole)

	want := rows(t, out)
	if len(want) < 60 || !strings.Contains(want["csv/person.csv"], "Oak Rosa") {
		t.Fatalf("the first export holds %d files", len(want))
	}
	for name, got := range map[string][]byte{"from PostgreSQL": back, "from SQLite again": again} {
		if diff := cmp.Diff(want, rows(t, got)); diff != "" {
			t.Errorf("exported %s:\n%.2000s", name, diff)
		}
	}
	for _, s := range []*server{second, third} {
		report, err := audit.Verify(t.Context(), s.d.Read())
		if err != nil || !report.OK() || report.Sealed == 0 {
			t.Errorf("%s: the record isn't whole: %+v, %v", s.d.Engine(), report, err)
		}
	}
	if _, err := audit.Seal(t.Context(), third.d); err != nil {
		t.Fatal(err)
	}
	if report, err := audit.Verify(t.Context(), third.d.Read()); err != nil || !report.OK() || report.Unsealed > 0 {
		t.Errorf("the record doesn't go on: %+v, %v", report, err)
	}
}

// TestWhatIsWrittenIsTypedExactly looks at the JSON as another program would.
func TestWhatIsWrittenIsTypedExactly(t *testing.T) {
	s := onSQLite(t)
	in := s.lived("Oak").ID
	s.exec(`insert into release (initiative_id, id, made_at, on_date) values ($1, 'r', $2, '2026-11-21')`, in, db.At(s.Now()))
	s.exec(`insert into release_count (initiative_id, release_id, subject, item, n, hidden) values ($1, 'r', 's', 'i', 9007199254740993, true)`, in)
	all := unzipped(t, s.written(in, archive.Whole))
	if got, want := all["json/release_count.ndjson"], `{"hidden":true,"initiative_id":"`+in+`","item":"i","n":9007199254740993,"release_id":"r","subject":"s"}`+"\n"; got != want {
		t.Errorf("got  %s want %s", got, want)
	}
	if !strings.Contains(all["json/conversation.ndjson"], `"care":"Oak ñandú 🌳\nsecond line"`) ||
		!strings.Contains(all["json/conversation.ndjson"], `"asker_id":null`) ||
		!strings.Contains(all["json/conversation.ndjson"], `"recorded_at":"2026-11-21T09:00:00.000000Z"`) {
		t.Errorf("a conversation: %s", all["json/conversation.ndjson"])
	}
	var m archive.Manifest
	if err := json.Unmarshal([]byte(all["manifest.json"]), &m); err != nil {
		t.Fatal(err)
	}
	if m.Initiative != (archive.Initiative{ID: in, Slug: "oak", Name: "Oak"}) || m.Schema != db.Schema() || m.Files != 2 || m.LeftOut["session"] == "" {
		t.Errorf("manifest %+v", m)
	}
	if !strings.Contains(all["README.txt"], "This file") || !strings.Contains(all["README.txt"], "Este archivo") {
		t.Errorf("README: %s", all["README.txt"])
	}
}

func TestTablesForPeopleRunNoFormulas(t *testing.T) {
	s := onSQLite(t)
	in := s.lived("Oak").ID
	text := unzipped(t, s.written(in, archive.Whole))["csv/contact.csv"]
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 2 {
		t.Fatalf("%q: %v", text, err)
	}
	if at := slices.Index(lines[0], "safe"); lines[1][at] != "'=1+2" {
		t.Errorf("a formula came out as %q", lines[1][at])
	}
}

func TestNothingOfAnotherInitiativeIsInside(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := on(t, d, c)
		in := s.lived("Oak").ID
		s.lived("Elm")
		found := 0
		for name, text := range unzipped(t, s.written(in, archive.Whole)) {
			if strings.Contains(text, "Elm") {
				t.Errorf("%s tells of the other initiative: %.300s", name, text)
			}
			if strings.Contains(text, "Oak") {
				found++
			}
		}
		if found < 5 {
			t.Errorf("only %d files tell of the own: the search is deaf", found)
		}
	})
}

// TestNoKeyAndNoLetterIsInside looks for whatever opens something or was sent
// to somebody.
func TestNoKeyAndNoLetterIsInside(t *testing.T) {
	s := onSQLite(t)
	in := s.lived("Oak").ID
	for name, text := range unzipped(t, s.written(in, archive.Whole)) {
		if strings.Contains(text, "canary") {
			t.Errorf("%s sings: %.300s", name, text)
		}
	}
	hash := fmt.Sprint(unzipped(t, s.written(in, archive.Whole))["json/link.ndjson"])
	if strings.Count(hash, "\n") != 1 || !strings.Contains(hash, `"t-Oak"`) {
		t.Errorf("one return code should travel: %s", hash)
	}
}

func TestStewardsTakeAlongWhatTheyMayRead(t *testing.T) {
	s := onSQLite(t)
	made := s.lived("Oak")
	who := access.Actor{Account: "a", Memberships: []access.Membership{{Initiative: made.ID, Person: made.Steward, Kind: access.Steward}}}
	f, size, err := s.Download(t.Context(), who, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := io.ReadAll(f)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err != nil || int64(len(zipped)) != size {
		t.Fatalf("%d bytes of %d: %v", len(zipped), size, err)
	}
	all := unzipped(t, zipped)
	for name, text := range all {
		if strings.Contains(text, "private") {
			t.Errorf("%s holds what is for nobody's eyes: %.300s", name, text)
		}
	}
	if !strings.Contains(all["json/need.ndjson"], `"Oak shoes"`) || strings.Count(all["json/need.ndjson"], "\n") != 2 {
		t.Errorf("needs: %s", all["json/need.ndjson"])
	}
	looked, err := audit.ByObject(t.Context(), s.d.Read(), made.ID, "p-Oak")
	if err != nil || len(looked) != 1 || looked[0].Act != audit.LookedAtAll || looked[0].Person != made.Steward {
		t.Errorf("whoever is in it reads %+v, %v", looked, err)
	}
	onSQLite(t).mustRead(zipped, archive.How{})
}

func TestOnlyStewardsDownload(t *testing.T) {
	s := onSQLite(t)
	made, other := s.lived("Oak"), s.lived("Elm")
	for name, who := range map[string]access.Actor{
		"a visitor":    {},
		"the operator": operator,
		"a connector":  {Account: "a", Memberships: []access.Membership{{Initiative: made.ID, Person: "p", Kind: access.Connector}}},
		"a neighbour":  {Account: "a", Memberships: []access.Membership{{Initiative: other.ID, Person: "p", Kind: access.Steward}}},
	} {
		if _, _, err := s.Download(t.Context(), who, made.ID); !isNotFound(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheFirstStewardIsLetInOnce(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		from, to := onSQLite(t), on(t, d, c)
		in := from.lived("Oak")
		loaded := to.mustRead(from.written(in.ID, archive.Whole), archive.How{})
		if loaded.Steward != "Ana of Oak" || !strings.HasPrefix(loaded.Keys.Path, "/claim/") {
			t.Fatalf("let in: %q by %+v", loaded.Steward, loaded.Keys)
		}
		accounts := &account.Service{DB: d, IDs: db.NewIDs(c.Now, nil), Now: c.Now}
		inv, _, err := accounts.Claim(t.Context(), access.Actor{}, strings.TrimPrefix(loaded.Keys.Path, "/claim/"), "", "en", "test")
		if err != nil || inv.Person != in.Steward || inv.Kind != access.Steward {
			t.Errorf("claimed %+v, %v", inv, err)
		}
	})
}

func TestWhatIsHereIsNeverOverwritten(t *testing.T) {
	s := onSQLite(t)
	in := s.lived("Oak").ID
	zipped, before := s.written(in, archive.Whole), s.whole()
	if _, err := s.read(zipped, archive.How{}); err == nil || !strings.Contains(err.Error(), "nothing is overwritten") {
		t.Errorf("read over itself: %v", err)
	}
	if diff := cmp.Diff(before, s.whole()); diff != "" {
		t.Errorf("something was stored:\n%s", diff)
	}
}

func TestATryStoresNothing(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		from, to := onSQLite(t), on(t, d, c)
		in := from.lived("Oak").ID
		zipped, before := from.written(in, archive.Whole), to.whole()
		loaded := to.mustRead(zipped, archive.How{Try: true, Erased: []people.Erasure{{Initiative: in, Subject: "person", ID: "p-Oak", At: db.At(c.Now())}}})
		if loaded.Rows < 20 || loaded.Erased != 1 || loaded.Initiative.Slug != "oak" || loaded.Keys.Path != "" {
			t.Errorf("it would: %+v", loaded)
		}
		if diff := cmp.Diff(before, to.whole()); diff != "" {
			t.Errorf("it did:\n%s", diff)
		}
	})
}

func TestAnAddressThatIsTakenIsAskedFor(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		from, to := onSQLite(t), on(t, d, c)
		in := from.lived("Oak").ID
		from.exec(`insert into initiative_slug (slug, initiative_id, is_current) values ('old-oak', $1, false), ('acorn', $1, false)`, in)
		zipped := from.written(in, archive.Whole)
		to.found("Oak")
		to.found("Acorn")
		if _, err := to.read(zipped, archive.How{}); err == nil || !strings.Contains(err.Error(), "--slug") {
			t.Errorf("under a taken address: %v", err)
		}
		if _, err := to.read(zipped, archive.How{Slug: "Nice Oak"}); err == nil || !strings.Contains(err.Error(), "can't be an address") {
			t.Errorf("under no address: %v", err)
		}
		loaded := to.mustRead(zipped, archive.How{Slug: "oak-two"})
		if loaded.Initiative.Slug != "oak-two" || !slices.Equal(loaded.Lost, []string{"acorn", "oak"}) {
			t.Errorf("came in at %s, lost %v", loaded.Initiative.Slug, loaded.Lost)
		}
		if got, moved, err := to.initiatives.BySlug(t.Context(), "old-oak"); err != nil || !moved || got.ID != in {
			t.Errorf("the earlier address leads to %s: %v", got.ID, err)
		}
	})
}

// TestWhoWasErasedStaysErased brings in an archive that is older than an
// erasure, on a server that knows of it.
func TestWhoWasErasedStaysErased(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		from, to := onSQLite(t), on(t, d, c)
		in := from.lived("Oak").ID
		zipped := from.written(in, archive.Whole)
		erased := people.Erasure{Initiative: in, Subject: "person", ID: "p-Oak", At: db.At(c.Now())}

		if loaded := onSQLite(t).mustRead(zipped, archive.How{}); loaded.Erased != 0 {
			t.Errorf("%d were erased of whom nobody knows", loaded.Erased)
		}
		// One is in the journal that was handed in, another in the store's own.
		to.tx(func(q db.Querier) error { return people.Journal(t.Context(), q, in, "consent", "y") })
		elsewhere := people.Erasure{Initiative: "another", Subject: "person", ID: "p-Oak", At: db.At(c.Now())}
		if loaded := to.mustRead(zipped, archive.How{Erased: []people.Erasure{erased, elsewhere}}); loaded.Erased != 2 {
			t.Errorf("%d were erased again", loaded.Erased)
		}
		if n := to.count(`select count(*) from contact where initiative_id = $1`, in); n != 0 {
			t.Error("their phone number is back")
		}
		if n := to.count(`select count(*) from person where initiative_id = $1 and id = 'p-Oak' and name = '' and erased_at is not null`, in); n != 1 {
			t.Error("they are back")
		}
		if n := to.count(`select count(*) from erasure where initiative_id = $1`, in); n != 2 {
			t.Errorf("the journal has %d lines", n)
		}
	})
}
