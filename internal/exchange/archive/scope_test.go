package archive

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// secret are names of columns that no archive may hold, unless they are listed
// in open with why.
var secret = regexp.MustCompile(`token|password|credential|secret|hash|session|passkey|device`)

var open = map[string]string{
	"audit_seal.hash": "the chain of the record, which anybody may check",
	"link.hash":       "of a return code, which alone opens somebody's own words again",
}

// TestEveryTableTravelsOrSaysWhyNot reads the schema: a table that is added
// next year is in every archive from its first day, or fails here.
func TestEveryTableTravelsOrSaysWhyNot(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		tables, err := d.Tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		exists := map[string]db.Table{}
		for _, table := range tables {
			exists[table.Name] = table
		}
		for _, listed := range []map[string]string{leftOut, withheld} {
			for _, name := range slices.Sorted(maps.Keys(listed)) {
				if exists[name].Name == "" || listed[name] == "" {
					t.Errorf("%s is listed as left out, and is no table, or has no reason", name)
				}
			}
		}
		whole, err := scope(t.Context(), d, Whole)
		if err != nil {
			t.Fatal(err)
		}
		if len(whole)+len(leftOut) != len(tables) {
			t.Errorf("%d tables travel and %d don't, of %d", len(whole), len(leftOut), len(tables))
		}
		for _, s := range whole {
			for _, c := range s.Columns {
				if name := s.Name + "." + c.Name; secret.MatchString(c.Name) && open[name] == "" {
					t.Errorf("%s would travel: is it a key to anything?", name)
				}
			}
			for _, f := range s.Refers {
				if leftOut[f.Table] != "" {
					t.Errorf("%s travels and points at %s, which doesn't", s.Name, f.Table)
				}
			}
		}
		stewards, err := scope(t.Context(), d, Stewards)
		if err != nil || len(stewards)+len(withheld) != len(whole) {
			t.Errorf("%d tables travel for stewards, %d for the server: %v", len(stewards), len(whole), err)
		}
	})
}

func TestRulesForPartsOfTablesNameWhatIsThere(t *testing.T) {
	columns, err := dbtest.Open(t).Columns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, c := range columns {
		there[c.Table+"."+c.Name] = true
	}
	expect := func(table, column string) {
		if !there[table+"."+column] {
			t.Errorf("a rule names %s.%s, which isn't there", table, column)
		}
	}
	for table, words := range keptWords {
		for _, column := range append(words.blank, words.column) {
			expect(table, column)
		}
	}
	for table, rule := range partly {
		for column := range rule.want {
			expect(table, column)
		}
	}
}
