package place

import (
	"slices"
	"strings"
	"testing"
)

// town has the village A, with blocks B and C and in C the venue D, and E apart.
var town = []Area{
	{ID: "d", Parent: "c"}, {ID: "a"}, {ID: "b", Parent: "a"}, {ID: "e"}, {ID: "c", Parent: "a"},
}

func TestTreeShowsEachAreaAfterWhatHoldsIt(t *testing.T) {
	var got strings.Builder
	for _, b := range Tree(town) {
		got.WriteString(strings.Repeat(">", b.Depth) + b.ID + " ")
	}
	if got.String() != "a >b >c >>d e " {
		t.Error(got.String())
	}
}

func TestWithin(t *testing.T) {
	got := Within(town, "a")
	slices.Sort(got)
	if !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Error(got)
	}
}

func TestApartCountsStepsInTheTree(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"a", "a", 0}, {"a", "b", 1}, {"d", "b", 3}, {"d", "c", 1}, {"a", "e", 2 * maxLevels}, {"", "a", 2 * maxLevels}} {
		if got := apart(town, c.a, c.b); got != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestACircleOfAreasEndsEverySearch(t *testing.T) {
	circle := []Area{{ID: "x", Parent: "y"}, {ID: "y", Parent: "x"}}
	if got := above(circle, "x"); len(got) != 2 {
		t.Error(got)
	}
	if got := Within(circle, "x"); len(got) != 2 {
		t.Error(got)
	}
}
