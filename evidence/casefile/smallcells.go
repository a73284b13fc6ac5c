package casefile

import (
	"slices"

	"commonweal/evidence"
)

// publicThreshold is the least count that public pages show.
const publicThreshold = 8

// smallCells reads y people of n by two keys and says which counts of y may be
// shown. The n are published beside them, so what is small between the two is
// hidden as well.
func (j *job) smallCells() any {
	g := j.cellGrid()
	if j.err != nil {
		return nil
	}
	rule := evidence.Rule{Threshold: publicThreshold}
	if j.input.has("threshold") {
		rule.Threshold = j.input.get("threshold").whole()
	}
	if j.input.has("sensitive") {
		rule.Sensitive = j.input.get("sensitive").truth()
	}
	table := evidence.Table{
		Rows: g.rows, Cols: g.cols, Counts: g.n, Totals: evidence.Totals{Rows: true, Cols: true, Grand: true},
	}
	asked, err := evidence.Suppress(table, rule)
	j.must(err)
	if j.err != nil {
		return nil
	}
	table.Counts, table.Wider = g.y, []evidence.Filtered{{Counts: g.n, Release: asked}}
	rel, err := evidence.Suppress(table, rule)
	j.must(err)
	if j.err != nil {
		return nil
	}
	small := func(v, below int) bool { return v >= 1 && v < below }
	var cells []any
	few, primary := 0, 0
	for _, at := range g.cells {
		n, y := g.n[at[0]][at[1]], g.y[at[0]][at[1]]
		if small(n, 5) {
			few++
		}
		if small(n, rule.Threshold) || small(y, rule.Threshold) || small(n-y, rule.Threshold) {
			primary++
		}
		cells = append(cells, object{
			g.keys[0]: g.rows[at[0]], g.keys[1]: g.cols[at[1]],
			"shown": rel.Cells[at[0]][at[1]].String(), "shown_n": asked.Cells[at[0]][at[1]].String(),
		})
	}
	return object{"cells": cells, "primary_n_lt5": few, "primary_y": primary}
}

// cellGrid is a CSV of n and y by two keys, laid out as two tables.
type cellGrid struct {
	keys       []string
	rows, cols []string
	n, y       [][]int
	cells      [][2]int // as they stand in the CSV
}

func (j *job) cellGrid() cellGrid {
	var g cellGrid
	switch {
	case j.input.has("keys"):
		g.keys = j.input.get("keys").texts()
	case j.table != nil:
		g.keys = slices.DeleteFunc(slices.Clone(j.table.header), func(h string) bool { return h == "n" || h == "y" })
	}
	if len(g.keys) != 2 {
		j.fail("input.keys", "two keys are needed, found %d", len(g.keys))
		return g
	}
	n, y := j.wholes("n"), j.wholes("y")
	rowOf, rows := coded(j.texts(g.keys[0]))
	colOf, cols := coded(j.texts(g.keys[1]))
	if j.err != nil {
		return g
	}
	g.rows, g.cols = rows, cols
	for range rows {
		g.n, g.y = append(g.n, make([]int, len(cols))), append(g.y, make([]int, len(cols)))
	}
	seen := map[[2]int]bool{}
	for i := range n {
		at := [2]int{rowOf[i], colOf[i]}
		switch {
		case seen[at]:
			j.fail("csv", "row %d: %s, %s was counted before", i+1, rows[at[0]], cols[at[1]])
			return g
		case y[i] < 0 || y[i] > n[i]:
			j.fail("csv", "column \"y\", row %d: 0 to n = %d is needed, found %d", i+1, n[i], y[i])
			return g
		}
		seen[at] = true
		g.n[at[0]][at[1]], g.y[at[0]][at[1]] = n[i], y[i]
		g.cells = append(g.cells, at)
	}
	return g
}
