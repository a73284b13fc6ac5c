package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/people"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newMaker(t *testing.T, d *db.DB) *Maker {
	t.Helper()
	key, isNew, err := Key(filepath.Join(t.TempDir(), "backup.key"))
	if err != nil || !isNew {
		t.Fatalf("Key: new %v, %v", isNew, err)
	}
	return &Maker{DB: d, Now: clock.NewFake(noon).Now, Dir: t.TempDir(), Key: key, Build: "test"}
}

// put stores one row, as any room would.
func put(ctx context.Context, d *db.DB, name string) error {
	return d.Tx(ctx, func(q db.Querier) error {
		return db.Exec(ctx, q, `insert into setting (initiative_id, name, value, set_at) values ('oak', $1, 'x', '')`, name)
	})
}

func names(t *testing.T, d *db.DB) []string {
	t.Helper()
	all, err := db.All(t.Context(), d.Read(), db.Value[string], `select name from setting where initiative_id = 'oak' order by name`)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestABackupMadeWhileOthersWriteComesBackWhole(t *testing.T) {
	d := dbtest.Open(t)
	m := newMaker(t, d)
	for i := range 50 {
		if err := put(t.Context(), d, fmt.Sprintf("before-%02d", i)); err != nil {
			t.Fatal(err)
		}
	}
	stop, wrote := make(chan struct{}), sync.WaitGroup{}
	for w := range 4 {
		wrote.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := put(context.WithoutCancel(t.Context()), d, fmt.Sprintf("during-%d-%06d", w, i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	made, err := m.Make(t.Context())
	close(stop)
	wrote.Wait()
	if err != nil {
		t.Fatal(err)
	}

	into := filepath.Join(t.TempDir(), "again", "commonweal.db")
	manifest, err := Restore(t.Context(), made.Path, m.Key, into)
	if err != nil {
		t.Fatal(err)
	}
	again, err := db.Open(t.Context(), into, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close() //nolint:errcheck // only read
	got, err := again.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(manifest.Tables, got); diff != "" {
		t.Errorf("tables differ (-manifest +restored):\n%s", diff)
	}
	have := strings.Join(names(t, again), " ")
	for i := range 50 {
		if name := fmt.Sprintf("before-%02d", i); !strings.Contains(have, name) {
			t.Errorf("%s was acknowledged before the backup and isn't in it", name)
		}
	}
	if at, err := Verified(t.Context(), d.Read()); err != nil || !at.Equal(noon) {
		t.Errorf("Verified = %v, %v; want %v", at, err, noon)
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	d := dbtest.Open(t)
	m := newMaker(t, d)
	made, err := m.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(t.TempDir(), "commonweal.db")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), made.Path, m.Key, there); err == nil {
		t.Error("a restore over a store that is there has to be refused")
	}
	if text, _ := os.ReadFile(there); string(text) != "mine" {
		t.Errorf("the store that was there is now %q", text)
	}
}

// TestOneChangedByteIsFound changes a backup in a hundred places, one at a time.
func TestOneChangedByteIsFound(t *testing.T) {
	d := dbtest.Open(t)
	m := newMaker(t, d)
	made, err := m.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(made.Path)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad"+suffix)
	for i := 0; i < len(whole); i += max(1, len(whole)/100) {
		text := append([]byte(nil), whole...)
		text[i] ^= 1
		if err := os.WriteFile(bad, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(t.Context(), bad, m.Key); err == nil {
			t.Errorf("byte %d was changed and nobody noticed", i)
		}
	}
	if _, err := Verify(t.Context(), made.Path, m.Key); err != nil {
		t.Errorf("the unchanged backup: %v", err)
	}
}

func TestAWrongKeyIsSaidSo(t *testing.T) {
	d := dbtest.Open(t)
	m := newMaker(t, d)
	made, err := m.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := Key(filepath.Join(t.TempDir(), "other.key"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(t.Context(), made.Path, other); err == nil || !strings.Contains(err.Error(), "can't be opened with this key") {
		t.Errorf("Verify with another key: %v", err)
	}
	if _, _, err := Key(made.Path); err == nil {
		t.Error("a backup is no key")
	}
}

func TestOldBackupsGo(t *testing.T) {
	now := noon
	var files []File
	for hours := 0; hours < 24*40; hours += 6 { // every six hours for forty days
		files = append(files, File{MadeAt: now.Add(-time.Duration(hours) * time.Hour)})
	}
	gone := map[time.Time]bool{}
	for _, f := range aged(files, now) {
		gone[f.MadeAt] = true
	}
	kept := map[string]int{}
	for _, f := range files {
		if gone[f.MadeAt] {
			continue
		}
		kept[f.MadeAt.Format(time.DateOnly)]++
		if now.Sub(f.MadeAt) > keepDaily {
			t.Errorf("%v is %v old and still there", f.MadeAt, now.Sub(f.MadeAt))
		}
	}
	for day, n := range kept {
		at, _ := time.Parse(time.DateOnly, day)
		if now.Sub(at) > keepAll+24*time.Hour && n != 1 {
			t.Errorf("%s has %d backups, want 1", day, n)
		}
	}
	if got := len(kept); got < 35 {
		t.Errorf("backups of %d days are left, want 35", got)
	}
	if got := aged([]File{{MadeAt: now.Add(-400 * 24 * time.Hour)}}, now); len(got) != 0 {
		t.Error("the newest backup stays however old it is")
	}
}

func TestTheJournalOfErasuresOutlivesTheStore(t *testing.T) {
	d := dbtest.Open(t)
	m := newMaker(t, d)
	if all, err := ReadJournal(m.Dir); err != nil || len(all) != 0 {
		t.Fatalf("before: %v, %v", all, err)
	}
	err := d.Tx(t.Context(), func(q db.Querier) error {
		return db.Exec(t.Context(), q, `insert into erasure (initiative_id, id, subject, subject_id, erased_at)
			values ('oak', 'e1', 'person', 'p1', $1)`, db.At(noon))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Journal(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := ReadJournal(m.Dir)
	if err != nil || len(all) != 1 || all[0].ID != "p1" || !all[0].At.Equal(noon) {
		t.Errorf("ReadJournal = %+v, %v", all, err)
	}
}

// TestANewStoreForgetsNobodyWhoWasErased begins a new store where the old one
// was lost, before anybody restores it.
func TestANewStoreForgetsNobodyWhoWasErased(t *testing.T) {
	m := newMaker(t, dbtest.Open(t))
	erase := func(d *db.DB, id string) {
		t.Helper()
		if err := d.Tx(t.Context(), func(q db.Querier) error { return people.Journal(t.Context(), q, "oak", "person", id) }); err != nil {
			t.Fatal(err)
		}
		m.DB = d
		for range 2 {
			if err := m.Journal(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	erase(m.DB, "ana")
	erase(dbtest.Open(t), "ben")
	all, err := ReadJournal(m.Dir)
	if err != nil || len(all) != 2 || all[0].ID != "ana" || all[1].ID != "ben" {
		t.Errorf("the journal says %+v, %v", all, err)
	}
}

func TestPostgreSQLHasItsOwnTools(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		_, err := newMaker(t, d).Make(t.Context())
		if wants := d.Engine() == "postgres"; errors.Is(err, errors.ErrUnsupported) != wants {
			t.Errorf("Make on %s: %v", d.Engine(), err)
		}
	})
}

func TestWhatAKilledBackupLeftGoesWithTheNext(t *testing.T) {
	d := dbtest.Open(t)
	m := newMaker(t, d)
	for name, left := range map[string]time.Duration{".making-1": 2 * time.Hour, ".verifying-1": 2 * time.Hour, ".making-2": time.Minute} {
		dir := filepath.Join(m.Dir, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, storeName), []byte("everybody's words"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, noon.Add(-left), noon.Add(-left)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(m.Dir, ".*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != ".making-2" {
		t.Errorf("left behind: %q, %v; want the one under way alone", left, err)
	}
}
