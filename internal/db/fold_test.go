package db_test

import (
	"testing"
	"unicode/utf8"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"case and accents", "  José  NÚÑEZ ", "jose nunez"},
		{"accents written as two signs", "Jose\u0301", "jose"},
		{"signs that look alike", "ﬁne ＡＢＣ", "fine abc"},
		{"a German s", "Straße", "strasse"},
		{"line breaks and tabs", "a\tb\r\n c", "a b c"},
		{"spaces of other scripts", "a\u00a0\u3000b", "a b"},
		{"another script", "ПРИВЕТ Мир", "привет мир"},
		{"nothing", "", ""},
		{"only spaces", " \n ", ""},
		{"only an accent", "\u0301", ""},
	}
	for _, test := range tests {
		if got := db.Fold(test.text); got != test.want {
			t.Errorf("%s: Fold(%q) = %q, want %q", test.name, test.text, got, test.want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"José", "İ", "ǅ", "ſ", "\xff", "a\u0345", "가"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := db.Fold(text)
		if twice := db.Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, folded again %q", text, once, twice)
		}
		if utf8.ValidString(text) && !utf8.ValidString(once) {
			t.Errorf("Fold(%q) = %q isn't text any more", text, once)
		}
	})
}

// TestLikeMeansOnlyItself on both engines.
func TestLikeMeansOnlyItself(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		names := []string{`100%`, `100x`, `a_b`, `axb`, `back\slash`, `back\\slash`}
		err := d.Tx(t.Context(), func(q db.Querier) error {
			for _, name := range names {
				if err := put(t.Context(), q, name, 1); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for fragment, want := range map[string]int{`0%`: 1, `_b`: 1, `k\s`: 1, `\\`: 1, `b`: 4, `%`: 1} {
			got, err := db.One(t.Context(), d.Read(), db.Value[int],
				`select count(*) from setting where name like $1 escape '\'`, "%"+db.Like(fragment)+"%")
			if err != nil || got != want {
				t.Errorf("%q is in %d names (%v), want %d", fragment, got, err, want)
			}
		}
	})
}
