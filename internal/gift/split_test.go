package gift

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/i18n"
)

func ownVocabulary(t testing.TB) *Vocabulary {
	t.Helper()
	v, err := own()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSplit(t *testing.T) {
	v := ownVocabulary(t)
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", " \n , ;", nil},
		{"one gift", "reading aloud", []string{"reading aloud"}},
		{"commas, lines and bullets", "sewing, cooking\n- fixing bikes;\r\n• el huerto.", []string{"sewing", "cooking", "fixing bikes", "el huerto"}},
		{"the same twice, in other letters", "Cooking, cooking, COOKING", []string{"Cooking"}},
		{"and between two gifts", "I cook and I sew and fix bikes", []string{"I cook", "I sew", "fix bikes"}},
		{"y, e", "coser y cantar", []string{"coser", "cantar"}},
		{"and between two words for one gift", "sewing and mending clothes", []string{"sewing and mending clothes"}},
		{"and within one gift", "arts and crafts", []string{"arts and crafts"}},
		{"and within one phrase of the list", "español e inglés", []string{"español e inglés"}},
		{"and beside words that are no gift", "tea and sympathy", []string{"tea and sympathy"}},
		{"a comma within brackets", "sewing (hems, curtains), driving", []string{"sewing (hems, curtains)", "driving"}},
		{"an open bracket cuts as if it weren't there", "sewing (hems, driving", []string{"sewing (hems", "driving"}},
		{"a comma within a number", "raised 1,000 chickens", []string{"raised 1,000 chickens"}},
		{"words of no list", "quantum knots, zorbing", []string{"quantum knots", "zorbing"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, v.Split(test.text, i18n.English)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzSplit holds what must be true of any text: no word of it is lost, and
// each part stands in it as it was written.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"cooking, sewing", "leer cuentos y cantar", "a(b,c)\n;•", "y y y", "1,2", "\xff,\xfe", "İ,i̇", "and and cooking and sewing and"} {
		f.Add(seed)
	}
	v := ownVocabulary(f)
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 4000 {
			t.Skip("refused at the form")
		}
		parts := v.Split(text, i18n.Spanish)
		var got []string
		for _, p := range parts {
			if strings.TrimSpace(p) != p || p == "" {
				t.Errorf("%q isn't trimmed", p)
			}
			if !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(p), " ")) {
				t.Errorf("%q isn't in %q", p, text)
			}
			got = append(got, tokens(p)...)
		}
		for _, w := range tokens(text) {
			if !slices.Contains(got, w) && !joins[w] {
				t.Errorf("%q of %q is lost in %q", w, text, parts)
			}
		}
	})
}
