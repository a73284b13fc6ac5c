package evidence_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"commonweal/evidence"
)

func names(prefix string, n int) []string {
	ns := make([]string, n)
	for i := range ns {
		ns[i] = fmt.Sprint(prefix, i)
	}
	return ns
}

// drawTable draws tables in which small counts and zeros are common.
func drawTable(t *rapid.T, most int) evidence.Table {
	rows, cols := rapid.IntRange(1, most).Draw(t, "rows"), rapid.IntRange(1, most).Draw(t, "cols")
	count := rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 7), rapid.IntRange(8, 14), rapid.IntRange(8, 60))
	table := evidence.Table{Rows: names("r", rows), Cols: names("c", cols)}
	for range rows {
		table.Counts = append(table.Counts, rapid.SliceOfN(count, cols, cols).Draw(t, "counts"))
	}
	table.Totals = drawTotals(t)
	table.Answers = rapid.Bool().Draw(t, "answers")
	return table
}

func drawTotals(t *rapid.T) evidence.Totals {
	return evidence.Totals{
		Rows:     rapid.Bool().Draw(t, "row totals"),
		Cols:     rapid.Bool().Draw(t, "column totals"),
		Grand:    rapid.Bool().Draw(t, "grand total"),
		Headline: rapid.Bool().Draw(t, "headline"),
	}
}

func drawRule(t *rapid.T) evidence.Rule {
	return evidence.Rule{
		Threshold: rapid.SampledFrom([]int{0, 5, 6, 8, 11}).Draw(t, "threshold"),
		Round:     rapid.SampledFrom([]int{1, 5, 5, 10}).Draw(t, "round"),
		Sensitive: rapid.Bool().Draw(t, "sensitive"),
	}
}

func mustSuppress(t rapid.TB, table evidence.Table, r evidence.Rule) evidence.Release {
	t.Helper()
	rel, err := evidence.Suppress(table, r)
	if err != nil {
		t.Fatalf("Suppress: %v", err)
	}
	return rel
}

// tolerance is the error allowed to the attacker's floating-point numbers.
const tolerance = 1e-3

func promised(r evidence.Rule) float64 { return float64(min(5, r.Threshold-2)) }

func TestNoHiddenCountCanBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		table := drawTable(rt, 4)
		rel := mustSuppress(rt, table, drawRule(rt))
		if rel.Withheld {
			return
		}
		checkPrimary(rt, table, rel)
		var a attacker
		if w := a.narrowest(t, a.table(rel, 0)); w < promised(rel.Rule)-tolerance {
			rt.Fatalf("a hidden count is known to within %v:\n%v", w, show(rel))
		}
	})
}

// checkPrimary repeats the first rule: what is small isn't shown, and what is
// shown is the true count, rounded.
func checkPrimary(t rapid.TB, table evidence.Table, rel evidence.Release) {
	t.Helper()
	small := func(n int) bool { return n >= 1 && n < rel.Rule.Threshold }
	judge := func(c evidence.Cell, n int, must bool) {
		if must && !c.Hidden {
			t.Fatalf("count %d is shown as %v:\n%v", n, c, show(rel))
		}
		if off := 2 * (c.Count - n); !c.Hidden && (off > rel.Rule.Round || -off > rel.Rule.Round) {
			t.Fatalf("count %d is shown as %v", n, c)
		}
	}
	total := 0
	for i, row := range table.Counts {
		group := 0
		for _, n := range row {
			group += n
		}
		total += group
		for j, n := range row {
			must := small(n) || table.Answers && n > 0 && small(group-n)
			if rel.Rule.Sensitive && group > 0 && (n == 0 || table.Answers && n == group) {
				must = true
			}
			judge(rel.Cells[i][j], n, must)
		}
		if rel.RowTotals != nil {
			judge(rel.RowTotals[i], group, small(group))
		}
	}
	if rel.Total != nil {
		judge(*rel.Total, total, small(total))
	}
}

func show(rel evidence.Release) string {
	b, err := json.Marshal(rel)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// An earlier release must not open this one, nor this one the earlier.
func TestEarlierReleasesGiveNothingBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		table := drawTable(rt, 3)
		rule := drawRule(rt)
		first := mustSuppress(rt, table, rule)
		table.Totals = drawTotals(rt)
		table.Earlier = []evidence.Release{first}
		second := mustSuppress(rt, table, rapid.OneOf(rapid.Just(rule), rapid.Custom(drawRule)).Draw(rt, "second rule"))
		if second.Withheld || first.Withheld {
			return
		}
		var a attacker
		before, after := a.table(first, 0), a.table(second, 0)
		if first.Rule == second.Rule && tells(first) {
			after = append(after, before...)
		}
		if w := a.narrowest(t, after); w < promised(second.Rule)-tolerance {
			rt.Fatalf("two releases of one table give a hidden count to within %v:\n%v\n%v", w, show(first), show(second))
		}
	})
}

// tells says whether a release shows anything by which readers can see that a
// later one is of the same counts.
func tells(rel evidence.Release) bool {
	shown := func(c evidence.Cell) bool { return c.Count > 0 }
	return rel.Headline != nil && *rel.Headline > 0 || rel.Total != nil && shown(*rel.Total) ||
		slices.ContainsFunc(slices.Concat(rel.RowTotals, rel.ColTotals), shown) ||
		slices.ContainsFunc(slices.Concat(rel.Cells...), shown)
}

func TestTheSameTableIsReleasedTheSameWay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		table, rule := drawTable(rt, 5), drawRule(rt)
		first := mustSuppress(rt, table, rule)
		table.Earlier = []evidence.Release{first}
		if second := mustSuppress(rt, table, rule); !reflect.DeepEqual(first, second) {
			rt.Fatalf("published again, the table differs:\n%v\n%v", show(first), show(second))
		}
	})
}

// Published in either order, two filters must not open each other, nor show
// the few people who stand between them.
func TestFiltersGiveNothingBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all, rule := drawTable(rt, 3), drawRule(rt)
		part := all
		part.Counts, part.Totals = drawPart(rt, all.Counts), drawTotals(rt)
		var whole, inside evidence.Release
		if rapid.Bool().Draw(rt, "everyone first") {
			whole = mustSuppress(rt, all, rule)
			part.Wider = []evidence.Filtered{{Counts: all.Counts, Release: whole}}
			inside = mustSuppress(rt, part, rule)
		} else {
			inside = mustSuppress(rt, part, rule)
			all.Narrower = []evidence.Filtered{{Counts: part.Counts, Release: inside}}
			whole = mustSuppress(rt, all, rule)
		}
		if whole.Withheld || inside.Withheld {
			return
		}
		cells := len(all.Rows) * len(all.Cols)
		var a attacker
		hidden := append(a.table(whole, 0), a.table(inside, cells)...)
		a.within(0, cells, cells)
		for k := range cells {
			i, j := k/len(all.Cols), k%len(all.Cols)
			if between := all.Counts[i][j] - part.Counts[i][j]; between >= 1 && between < whole.Rule.Threshold {
				hidden = append(hidden, map[int]float64{k: 1, cells + k: -1})
			}
		}
		if w := a.narrowest(t, hidden); w < promised(whole.Rule)-tolerance {
			rt.Fatalf("two filters give a hidden count to within %v:\n%v\n%v", w, show(whole), show(inside))
		}
	})
}

func drawPart(t *rapid.T, counts [][]int) [][]int {
	var part [][]int
	for _, row := range counts {
		var some []int
		for _, n := range row {
			some = append(some, rapid.OneOf(rapid.IntRange(0, n), rapid.IntRange(max(0, n-6), n)).Draw(t, "inside"))
		}
		part = append(part, some)
	}
	return part
}

// The control: hiding small counts alone must be broken by the same attacker.
func TestHidingSmallCountsAloneIsBroken(t *testing.T) {
	broken, tables := 0, rapid.Custom(func(rt *rapid.T) evidence.Table { return drawTable(rt, 3) })
	for seed := range 60 {
		table := tables.Example(seed)
		table.Totals = evidence.Totals{Rows: true, Cols: true, Grand: true}
		var a attacker
		if hidden := a.table(smallHidden(table), 0); a.narrowest(t, hidden) < 5-tolerance {
			broken++
		}
	}
	if broken < 10 {
		t.Errorf("the attacker broke %d of 60 tables that only hide small counts: it is too weak to judge Suppress", broken)
	}
	t.Logf("hiding small counts alone: %d of 60 tables broken", broken)
}

func smallHidden(table evidence.Table) evidence.Release {
	cell := func(n int) evidence.Cell {
		if n >= 1 && n < 8 {
			return evidence.Cell{Hidden: true}
		}
		return evidence.Cell{Count: (n + 2) / 5 * 5}
	}
	rel := evidence.Release{Rows: table.Rows, Cols: table.Cols, Rule: evidence.Rule{Threshold: 8, Round: 5}}
	byCol, total := make([]int, len(table.Cols)), 0
	for _, row := range table.Counts {
		var cells []evidence.Cell
		sum := 0
		for j, n := range row {
			cells = append(cells, cell(n))
			sum += n
			byCol[j] += n
		}
		total += sum
		rel.Cells = append(rel.Cells, cells)
		rel.RowTotals = append(rel.RowTotals, cell(sum))
	}
	for _, n := range byCol {
		rel.ColTotals = append(rel.ColTotals, cell(n))
	}
	all := cell(total)
	rel.Total = &all
	return rel
}

func TestSuppressRefuses(t *testing.T) {
	good := evidence.Table{Rows: names("r", 1), Cols: names("c", 2), Counts: [][]int{{9, 12}}}
	rel := mustSuppress(t, good, evidence.Rule{})
	with := func(change func(*evidence.Table)) evidence.Table {
		table := good
		change(&table)
		return table
	}
	for _, tc := range []struct {
		name  string
		table evidence.Table
		rule  evidence.Rule
		field string
	}{
		{"a threshold that shows 4", good, evidence.Rule{Threshold: 4}, "threshold"},
		{"rounding people to 0", good, evidence.Rule{Round: 17}, "round"},
		{"no rows", evidence.Table{Cols: names("c", 1)}, evidence.Rule{}, "table"},
		{"a negative count", with(func(t *evidence.Table) { t.Counts = [][]int{{-1, 3}} }), evidence.Rule{}, "counts"},
		{"a ragged table", with(func(t *evidence.Table) { t.Counts = [][]int{{1}} }), evidence.Rule{}, "counts"},
		{"another table's release", with(func(t *evidence.Table) {
			t.Rows = names("x", 1)
			t.Earlier = []evidence.Release{rel}
		}), evidence.Rule{}, "earlier"},
		{"a release with missing cells", with(func(t *evidence.Table) {
			t.Earlier = []evidence.Release{{Rows: t.Rows, Cols: t.Cols, Rule: rel.Rule}}
		}), evidence.Rule{}, "earlier"},
		{"a filter that counts more than everyone", with(func(t *evidence.Table) {
			t.Wider = []evidence.Filtered{{Counts: [][]int{{9, 11}}, Release: rel}}
		}), evidence.Rule{}, "wider"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := evidence.Suppress(tc.table, tc.rule)
			var r *evidence.Refusal
			if !errors.As(err, &r) || r.Field != tc.field {
				t.Errorf("got %v, want a refusal of %q", err, tc.field)
			}
		})
	}
}

func TestCellsAreWrittenAsTheyAreRead(t *testing.T) {
	for _, c := range []evidence.Cell{{Count: 0}, {Count: 45}, {Hidden: true}} {
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back evidence.Cell
		if err := json.Unmarshal(b, &back); err != nil || back != c {
			t.Errorf("%v was written %s and read %v (%v)", c, b, back, err)
		}
	}
	var c evidence.Cell
	if err := json.Unmarshal([]byte(`"12"`), &c); err == nil {
		t.Error("text was read as a count")
	}
}

func TestPercentNeedsTenPeopleAndNothingHidden(t *testing.T) {
	for _, tc := range []struct {
		c, n evidence.Cell
		want float64
		ok   bool
	}{
		{evidence.Cell{Count: 30}, evidence.Cell{Count: 40}, 75, true},
		{evidence.Cell{Count: 45}, evidence.Cell{Count: 40}, 100, true}, // both rounded
		{evidence.Cell{Hidden: true}, evidence.Cell{Count: 40}, 0, false},
		{evidence.Cell{Count: 5}, evidence.Cell{Count: 5}, 0, false},
		{evidence.Cell{Count: 5}, evidence.Cell{Hidden: true}, 0, false},
	} {
		if got, ok := tc.c.PercentOf(tc.n); got != tc.want || ok != tc.ok {
			t.Errorf("%v of %v = %v, %v", tc.c, tc.n, got, ok)
		}
	}
}

func TestCountsHidesARoundTotalThatTells(t *testing.T) {
	// 3 stands beside 8 alone: with both 10s shown, only 1 to 4 would be left.
	cells, total, err := evidence.Counts([]int{8, 3, 0}, evidence.Rule{})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(cells, total) != "[* * 0] 10" {
		t.Errorf("got %v, total %v", cells, total)
	}
	if cells, total, err := evidence.Counts(nil, evidence.Rule{}); cells != nil || total != (evidence.Cell{}) || err != nil {
		t.Errorf("an empty list gave %v, %v, %v", cells, total, err)
	}
}
