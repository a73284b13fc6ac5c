package evidence_test

import (
	"fmt"

	"commonweal/evidence"
)

// A list on a page: how many people share each gift.
func ExampleCounts() {
	cells, total, err := evidence.Counts([]int{34, 12, 3, 0}, evidence.Rule{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cells, "total", total)
	// Output: [35 10 * 0] total 50
}

// A table of areas by answer. The 3 is small; the reader could subtract it from
// its row or its column, so further counts are hidden.
func ExampleSuppress() {
	table := evidence.Table{
		Rows:   []string{"North", "South"},
		Cols:   []string{"yes", "no"},
		Counts: [][]int{{41, 3}, {25, 18}},
		Totals: evidence.Totals{Rows: true, Cols: true, Grand: true, Headline: true},
		// Each row is a group of people and each column what they answered.
		Answers: true,
	}
	rel, err := evidence.Suppress(table, evidence.Rule{Round: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, row := range rel.Rows {
		fmt.Println(row, rel.Cells[i], rel.RowTotals[i])
	}
	fmt.Println("all", rel.ColTotals, *rel.Total)
	// Output:
	// North [* *] 44
	// South [* *] 43
	// all [66 21] 87
}

// The same list published again, later: an earlier release never opens the new
// one.
func ExampleSuppress_earlier() {
	table := evidence.Table{
		Rows:   []string{"people"},
		Cols:   []string{"skills", "passions", "knowledge"},
		Counts: [][]int{{20, 3, 30}},
	}
	first, err := evidence.Suppress(table, evidence.Rule{Round: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	table.Earlier = []evidence.Release{first}
	table.Totals.Grand = true // 53 − 20 − 30 would give the 3 away
	second, err := evidence.Suppress(table, evidence.Rule{Round: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first.Cells[0])
	fmt.Println(second.Cells[0], "total", second.Total)
	// Output:
	// [20 * 30]
	// [20 * 30] total *
}
