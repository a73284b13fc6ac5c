package db_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
)

// TestAFullStoreHealsItself is F3 without root: the store may grow to so many
// pages, as if the disk ended there.
func TestAFullStoreHealsItself(t *testing.T) {
	path := dbtest.File(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	fullAndBack(t, path, db.Options{}.WithMaxPages(int(info.Size()/4096)+60), func(d *db.DB) {
		err := d.Tx(t.Context(), func(q db.Querier) error {
			return db.Exec(t.Context(), q, `delete from setting where initiative_id = 'ballast'`)
		})
		if err != nil {
			t.Fatalf("making room in a full store: %v", err)
		}
	})
}

// fullAndBack writes until there is no room, looks at what people meet then,
// makes room, and goes on.
func fullAndBack(t *testing.T, path string, o db.Options, makeRoom func(d *db.DB)) {
	ctx := t.Context()
	d, err := db.Open(ctx, path, o)
	if err != nil {
		t.Fatal(err)
	}
	write := func(n int) error {
		return d.Tx(ctx, func(q db.Querier) error { return put(ctx, q, id(n), 4000) })
	}
	err = d.Tx(ctx, func(q db.Querier) error {
		return db.Exec(ctx, q, `insert into setting (initiative_id, name, value, set_at) values ('ballast', 'a', $1, '')`, string(make([]byte, 80_000)))
	})
	if err != nil {
		t.Fatal(err)
	}
	var acked []string
	for n := 0; err == nil; n++ {
		if err = write(n); err == nil {
			acked = append(acked, id(n))
		}
	}
	full, ok := errors.AsType[*fault.Error](err)
	if !ok || full.Kind != fault.Busy || full.Message.Key != "error.disk" {
		t.Fatalf("after %d writes a full disk said: %v", len(acked), err)
	}
	t.Logf("full after %d writes: %v", len(acked), err)
	if d.Health(ctx) == nil {
		t.Error("a store that turns writes away calls itself well")
	}
	slices.Sort(acked)
	if got := kept(t, d); !slices.Equal(got, acked) {
		t.Errorf("reading a full store: %d rows, %d were acknowledged", len(got), len(acked))
	}

	makeRoom(d)
	const more = 100_000
	if err := write(more); err != nil {
		t.Errorf("there is room again, but: %v", err)
	}
	acked = append(acked, id(more))
	if err := d.Health(ctx); err != nil {
		t.Errorf("there is room again, but the store calls itself ill: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}

	d, err = db.Open(ctx, path, o)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // it is only read
	if err := d.Check(ctx); err != nil {
		t.Error(err)
	}
	slices.Sort(acked)
	if got := kept(t, d); !slices.Equal(got, acked) {
		t.Errorf("after a restart there are %d rows, %d were acknowledged", len(got), len(acked))
	}
}
