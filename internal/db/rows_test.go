package db_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

func tables(t *testing.T, d *db.DB) []db.Table {
	t.Helper()
	all, err := d.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func tableOf(t *testing.T, d *db.DB, name string) db.Table {
	t.Helper()
	all := tables(t, d)
	i := slices.IndexFunc(all, func(one db.Table) bool { return one.Name == name })
	if i < 0 {
		t.Fatalf("no table %s", name)
	}
	return all[i]
}

func TestBothEnginesDescribeTheirTablesAlike(t *testing.T) {
	plain := func(d *db.DB) []db.Table {
		all := tables(t, d)
		for i := range all {
			for j := range all[i].Columns { // "bigint" is a word of both, "text not null default" isn't
				all[i].Columns[j].Optional = false
			}
		}
		return all
	}
	if diff := cmp.Diff(plain(dbtest.Open(t)), plain(dbtest.Postgres(t))); diff != "" {
		t.Errorf("SQLite -, PostgreSQL +\n%s", diff)
	}
}

func TestATableKnowsItsKeys(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		person := tableOf(t, d, "person")
		if want := []string{"initiative_id", "id"}; !slices.Equal(person.Key, want) {
			t.Errorf("key %v, want %v", person.Key, want)
		}
		want := []db.ForeignKey{
			{Table: "initiative", Columns: []string{"initiative_id"}, To: []string{"id"}},
			{Table: "area", Columns: []string{"initiative_id", "area_id"}, To: []string{"initiative_id", "id"}},
			{Table: "household", Columns: []string{"initiative_id", "household_id"}, To: []string{"initiative_id", "id"}},
		}
		if diff := cmp.Diff(want, person.Refers); diff != "" {
			t.Errorf("foreign keys\n%s", diff)
		}
		optional := map[string]bool{}
		for _, c := range person.Columns {
			optional[c.Name] = c.Optional
		}
		if optional["name"] || !optional["erased_at"] {
			t.Errorf("a name may be left out: %v; when somebody was erased: %v", optional["name"], optional["erased_at"])
		}
	})
}

func TestTablesComeAfterWhatTheyPointAt(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		seen, pointers := map[string]bool{}, 0
		for _, table := range tables(t, d) {
			for _, f := range table.Refers {
				pointers++
				if !seen[f.Table] {
					t.Errorf("%s stands before %s, at which it points", table.Name, f.Table)
				}
			}
			seen[table.Name] = true
		}
		if pointers < 20 {
			t.Errorf("only %d foreign keys were found", pointers)
		}
	})
}

func TestKeysInACircleAreRefused(t *testing.T) {
	d := dbtest.Open(t)
	err := d.Tx(t.Context(), func(q db.Querier) error {
		if err := db.Exec(t.Context(), q, `create table hen (id text primary key, egg_id text references egg (id))`); err != nil {
			return err
		}
		return db.Exec(t.Context(), q, `create table egg (id text primary key, hen_id text references hen (id))`)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Tables(t.Context()); err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("hen and egg: %v", err)
	}
}

// carried reads an initiative's rows out of one store and writes them into
// another that has the same table.
func carried(t *testing.T, from, to *db.DB) {
	t.Helper()
	ctx := t.Context()
	table := tableOf(t, from, "sample")
	var rows [][]any
	if err := table.Each(ctx, from.Read(), table.Columns, "initiative_id", "oak", func(row []any) error {
		rows = append(rows, slices.Clone(row))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	err := to.Tx(ctx, func(q db.Querier) error {
		if err := db.Exec(ctx, q, sample); err != nil {
			return err
		}
		n, err := table.Insert(ctx, q, table.Columns, all(rows))
		if n != int64(len(rows)) {
			t.Errorf("%d of %d rows were written", n, len(rows))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func all(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func TestRowsGoFromOneEngineToTheOtherAndBack(t *testing.T) {
	many := slices.Clone(sampleRows)
	for i := range 1000 { // more than one statement holds
		many = append(many, sampleRow{id: "n" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('α'+i)), words: "w", number: int64(i), share: float64(i) / 3, yes: i%2 == 0, raw: []byte{byte(i)}})
	}
	first, second, third := dbtest.Open(t), dbtest.Postgres(t), dbtest.Open(t)
	want := sampled(t, first, many)
	carried(t, first, second)
	carried(t, second, third)
	for _, d := range []*db.DB{second, third} {
		got, err := d.Digest(t.Context())
		if err != nil || got["sample"] != want {
			t.Errorf("%s: %+v, want %+v: %v", d.Engine(), got["sample"], want, err)
		}
	}
}

func TestRowsOfAnotherInitiativeStayWhereTheyAre(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		sampled(t, d, sampleRows)
		table := tableOf(t, d, "sample")
		var order []string
		for _, whose := range []string{"elm", "oak"} {
			if err := table.Each(t.Context(), d.Read(), table.Columns[:1], "initiative_id", whose, func(row []any) error {
				order = append(order, row[0].(string)) //nolint:forcetypeassert // an id
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{"empty", "extreme", "negative", "none", "plain", "whole"}; !slices.Equal(order, want) {
			t.Errorf("got %v, want %v", order, want)
		}
	})
}

func TestASnapshotStaysAsItWas(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		sampled(t, d, sampleRows)
		count := func(q db.Querier) int {
			n, err := db.One(ctx, q, db.Value[int], `select count(*) from sample`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := d.Snapshot(ctx, func(q db.Querier) error {
			before := count(q)
			if err := d.Tx(ctx, func(q db.Querier) error { return db.Exec(ctx, q, `delete from sample where id = 'plain'`) }); err != nil {
				return err
			}
			if after := count(q); after != before {
				t.Errorf("%d rows in the snapshot, then %d", before, after)
			}
			if err := db.Exec(ctx, q, `delete from sample where id = 'none'`); err == nil {
				t.Error("a snapshot was written to")
			}
			return nil
		})
		if err != nil && !strings.Contains(err.Error(), "25P02") { // PostgreSQL ends the snapshot there
			t.Fatal(err)
		}
		if n := count(d.Read()); n != len(sampleRows)-1 {
			t.Errorf("%d rows afterwards", n)
		}
	})
}

func TestAnInsertThatFailsHalfwayStoresNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		sampled(t, d, nil)
		table, broken := tableOf(t, d, "sample"), errors.New("the line can't be read")
		err := d.Tx(ctx, func(q db.Querier) error {
			_, err := table.Insert(ctx, q, table.Columns[:2], func(yield func([]any, error) bool) {
				for i := range 500 {
					if !yield([]any{string(rune('a' + i)), "oak"}, nil) {
						return
					}
				}
				yield(nil, broken)
			})
			return err
		})
		if !errors.Is(err, broken) {
			t.Errorf("told %v", err)
		}
		if n, err := db.One(ctx, d.Read(), db.Value[int], `select count(*) from sample`); n != 0 || err != nil {
			t.Errorf("%d rows are left, %v", n, err)
		}
	})
}

func TestTheSchemasVersionIsItsLastMigrations(t *testing.T) {
	n, err := db.One(t.Context(), dbtest.Open(t).Read(), db.Value[int], `select max(version_id) from goose_db_version`)
	if err != nil || n != db.Schema() {
		t.Errorf("the store is at %d, Schema says %d: %v", n, db.Schema(), err)
	}
}
