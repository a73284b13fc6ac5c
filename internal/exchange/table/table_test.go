package table_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange/table"
	"commonweal/internal/fault"
)

func steward(in string) access.Actor {
	return access.Actor{Account: "a", Memberships: []access.Membership{{Initiative: in, Person: "s", Kind: access.Steward}}}
}

// filled has Rosa in one place and Elmo in another.
func filled(t *testing.T, d *db.DB) {
	t.Helper()
	ctx, at := t.Context(), "2026-11-21T09:00:00.000000Z"
	for _, query := range []string{
		`insert into initiative (id, name, purpose, purposes, about, langs, zone, help_phone, emergency, answer_days, started_on, invented, created_at)
			values ('oak', 'Oak', '', '{}', '', 'en', 'UTC', '', '', 30, '2026-11-01', false, $1), ('elm', 'Elm', '', '{}', '', 'en', 'UTC', '', '', 30, '2026-11-01', false, $1)`,
		`insert into area (initiative_id, id, name, name_folded, kind, homes_source, boundary, created_at) values ('oak', 'a', 'Mill Lane', 'mill lane', 'block', '', '', $1)`,
		`insert into household (initiative_id, id, code, code_folded, area_id, note, created_at) values ('oak', 'h', 'ML 1', 'ml 1', 'a', '=cmd()', $1)`,
		`insert into person (initiative_id, id, name, name_folded, area_id, household_id, connector_id, langs, met_on, age, created_at, erased_at)
			values ('oak', 'r', '+Rosa', 'rosa', 'a', 'h', 's', 'es en', '2026-11-02', 'adult', $1, null), ('oak', 's', 'Sam', 'sam', null, null, null, '', null, 'under18', $1, null),
			('oak', 'x', '', '', null, null, null, '', null, 'adult', $1, $1), ('elm', 'e', 'Elmo', 'elmo', null, null, null, '', null, 'adult', $1, null)`,
		`insert into contact (initiative_id, id, person_id, kind, value, safe, created_at) values ('oak', '1', 'r', 'phone', '555-0101', 'after six', $1),
			('oak', '2', 'r', 'email', 'rosa@example.org', '', $1), ('oak', '3', 'r', 'phone', '555-0102', '', $1), ('oak', '4', 'r', 'other', 'rings twice', '', $1)`,
		`insert into consent (initiative_id, id, person_id, purpose, wording, given_on, given_by, giver, channel, recorded_at, withdrawn_at)
			values ('oak', 'y', 'r', 'name', '1', '2026-11-02', 'self', '', 'doorstep', $1, null), ('oak', 'z', 's', 'name', '1', '2026-11-03', 'parent', 'Rosa', 'paper', $1, $1)`,
	} {
		if err := d.Tx(ctx, func(q db.Querier) error { return db.Exec(ctx, q, query, at) }); err != nil {
			t.Fatal(err)
		}
	}
}

func written(t *testing.T, d *db.DB, kind table.Kind) [][]string {
	t.Helper()
	var out bytes.Buffer
	if err := (&table.Service{DB: d}).CSV(t.Context(), steward("oak"), "oak", kind, &out); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[1:]
}

// TestPeopleAreWrittenOnceWithAllTheirContacts, and nothing of them runs in a
// spreadsheet program.
func TestPeopleAreWrittenOnceWithAllTheirContacts(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, _ *clock.Fake) {
		filled(t, d)
		if diff := cmp.Diff([][]string{
			{"'+Rosa", "555-0101; 555-0102", "rosa@example.org", "after six", "rings twice", "Mill Lane", "ML 1", "Sam", "es en", "2026-11-02", "", "", "yes", "2026-11-02"},
			{"Sam", "", "", "", "", "", "", "", "", "", "yes", "", "no", ""},
		}, written(t, d, table.Contacts)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([][]string{{"ML 1", "Mill Lane", "", "'=cmd()"}}, written(t, d, table.Households)); diff != "" {
			t.Error(diff)
		}
		looked, err := audit.ByObject(t.Context(), d.Read(), "oak", "r")
		if err != nil || len(looked) != 2 || looked[0].Act != audit.LookedAtAll {
			t.Errorf("Rosa reads %+v, %v", looked, err)
		}
	})
}

func TestOnlyStewardsTakeTables(t *testing.T) {
	d := dbtest.Open(t)
	filled(t, d)
	for name, who := range map[string]access.Actor{
		"a visitor": {}, "another's steward": steward("elm"),
		"a connector": {Account: "a", Memberships: []access.Membership{{Initiative: "oak", Person: "r", Kind: access.Connector}}},
	} {
		var out bytes.Buffer
		if err := (&table.Service{DB: d}).Workbook(t.Context(), who, "oak", table.Kinds(), &out); !fault.Is(err, fault.NotFound) || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, out.Len())
		}
	}
}
