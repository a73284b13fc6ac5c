package main

import (
	"bytes"
	"log/slog"
	"slices"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange/archive"
	"commonweal/internal/web/webtest"
)

// altersOnArrival are the tables that an import itself writes to: the record,
// and notices that aren't to be mailed twice.
var altersOnArrival = []string{"audit", "audit_wait", "notice"}

// TestTheNeighbourhoodMovesBetweenEngines (D5, for one initiative) takes the
// invented initiative from SQLite to PostgreSQL and back. Each import compares
// what it wrote with what was exported, every table by its digest; here what is
// exported again is compared, and the stores themselves, as a backup would.
func TestTheNeighbourhoodMovesBetweenEngines(t *testing.T) {
	n := invented(t, few)
	second, third := n.newHouse(dbtest.Postgres(t)), n.newHouse(dbtest.Open(t))

	first := n.exported(n.house)
	n.arrives(second, first)
	n.arrives(third, n.exported(second))
	again := n.exported(third)

	onPostgres, onSQLite := n.digests(second.db), n.digests(third.db)
	compared := 0
	for i, table := range first.manifest.Tables {
		if slices.Contains(altersOnArrival, table.Name) {
			continue
		}
		if back := again.manifest.Tables[i]; back.Sum != table.Sum || back.Rows != table.Rows {
			t.Errorf("%s left with %d rows, and came back with %d", table.Name, table.Rows, back.Rows)
		}
		if onPostgres[table.Name] != onSQLite[table.Name] && table.Name != "link" { // where the new steward's own lies too
			t.Errorf("%s: %+v on PostgreSQL, %+v on SQLite", table.Name, onPostgres[table.Name], onSQLite[table.Name])
		}
		compared++
	}
	if compared < 30 || first.manifest.Rows() < 200 {
		t.Errorf("only %d tables with %d rows were compared", compared, first.manifest.Rows())
	}
}

// newHouse is the house over another store.
func (n *neighbourhood) newHouse(d *db.DB) *house {
	n.t.Helper()
	h, err := furnish(n.t.Context(), plan{data: n.t.TempDir(), base: webtest.Origin, now: n.clock.Now, log: slog.New(slog.DiscardHandler)}, d)
	if err != nil {
		n.t.Fatal(err)
	}
	return h
}

type exported struct {
	zipped   []byte
	manifest archive.Manifest
}

func (n *neighbourhood) exported(h *house) (out exported) {
	n.t.Helper()
	var b bytes.Buffer
	m, err := h.archives.Export(n.t.Context(), n.in.ID, &b, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	return exported{b.Bytes(), m}
}

func (n *neighbourhood) arrives(h *house, out exported) {
	n.t.Helper()
	loaded, err := h.archives.Import(n.t.Context(), bytes.NewReader(out.zipped), int64(len(out.zipped)), archive.How{})
	if err != nil {
		n.t.Fatal(err)
	}
	if loaded.Steward == "" || loaded.Rows != out.manifest.Rows() {
		n.t.Errorf("%d rows came in of %d, let in %q", loaded.Rows, out.manifest.Rows(), loaded.Steward)
	}
}

func (n *neighbourhood) digests(d *db.DB) map[string]db.TableDigest {
	n.t.Helper()
	all, err := d.Digest(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return all
}
