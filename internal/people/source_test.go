package people_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/people"
)

// TestEveryFieldSings is what the test of erasure stands on: a column that is
// added next year and not filled here fails it.
func TestEveryFieldSings(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.canary()
		plain := []string{ // ids, days, codes of a list
			"initiative_id", "id", "person_id", "area_id", "household_id", "connector_id", "recorded_by",
			"langs", "met_on", "age", "kind", "purpose", "wording", "given_on", "given_by", "channel",
			"created_at", "recorded_at", "paused_at", "erased_at", "withdrawn_at",
		}
		columns, err := d.Columns(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, c := range columns {
			if !slices.Contains(people.Own().Tables, c.Table) || slices.Contains(plain, c.Name) {
				continue
			}
			seen++
			n, err := db.One(t.Context(), d.Read(), db.Value[int], fmt.Sprintf(`select count(*) from %s where %s like 'canary%%'`, c.Table, c.Name))
			if err != nil || n == 0 {
				t.Errorf("%s.%s doesn't sing: %v", c.Table, c.Name, err)
			}
		}
		if seen == 0 {
			t.Error("no column was looked at")
		}
	})
}

func TestTheCopyHoldsEverythingAboutAPerson(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		p := h.canary()
		var heard []string
		h.Sources = append(h.Sources, listening("gifts", true, &heard))
		h.get(h.sue, p.ID)
		export := func(who access.Actor) []byte {
			c, err := h.Export(t.Context(), who, h.in.ID, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			text, err := c.JSON()
			if err != nil || !json.Valid(text) {
				t.Fatalf("no JSON: %v", err)
			}
			return text
		}
		if text := export(h.carl); bytes.Contains(text, []byte("canary-device")) || !bytes.Contains(text, []byte("canary-name")) {
			t.Errorf("a copy that their connector made tells where they sign in, or nothing:\n%s", text)
		}
		text := export(h.actor(p.ID, access.Member))
		for _, want := range append(slices.Clone(canaries), "gifts of you", "2026-11-01", `"read person"`, `"who": "Sue"`, "Oak", `"commonweal person 1"`) {
			if !bytes.Contains(text, []byte(want)) {
				t.Errorf("the copy lacks %q:\n%s", want, text)
			}
		}
		noted, err := audit.Latest(t.Context(), d.Read(), h.in.ID, time.Time{}, 1)
		if err != nil || noted[0].Act != "export person" || noted[0].Object != p.ID {
			t.Errorf("noted %+v, %v", noted, err)
		}
	})
}

func TestSourcesAnswerForEveryTable(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		sources := append(floor(), people.Own())
		impersonal := rest(t, d, sources)
		if err := people.CheckSources(t.Context(), d, sources, impersonal); err != nil {
			t.Fatalf("everything is named: %v", err)
		}
		for name, c := range map[string]struct {
			spoil func(s []people.Source, i map[string]string) []people.Source
			want  string
		}{
			"a forgotten table":   {func(s []people.Source, i map[string]string) []people.Source { delete(i, "area"); return s }, "table area is named by no source"},
			"a table named twice": {func(s []people.Source, _ map[string]string) []people.Source { return append(s, people.Own()) }, "table person is named by people and people"},
			"a reason left out":   {func(s []people.Source, i map[string]string) []people.Source { i["area"] = " "; return s }, "table area is listed as impersonal without a reason"},
			"both":                {func(s []people.Source, i map[string]string) []people.Source { i["person"] = "x"; return s }, "table person is named by people and listed"},
			"no such table":       {func(s []people.Source, i map[string]string) []people.Source { i["pudding"] = "x"; return s }, "table pudding is named and doesn't exist"},
		} {
			broken := rest(t, d, sources)
			err := people.CheckSources(t.Context(), d, c.spoil(slices.Clone(sources), broken), broken)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// rest lists every table that the sources don't name.
func rest(t *testing.T, d *db.DB, sources []people.Source) map[string]string {
	t.Helper()
	columns, err := d.Columns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, c := range columns {
		all[c.Table] = "a test"
	}
	for _, s := range sources {
		for _, table := range s.Tables {
			delete(all, table)
		}
	}
	return all
}
