package casefile

import (
	"slices"

	"commonweal/evidence"
)

// smallCells counts y and n by two keys and says what may be shown.
func (j *job) smallCells() any {
	threshold := 8
	if j.input.has("threshold") {
		threshold = j.input.get("threshold").whole()
	}
	keys := []string{}
	if j.input.has("keys") {
		keys = j.input.get("keys").texts()
	} else if j.table != nil {
		keys = slices.DeleteFunc(slices.Clone(j.table.header), func(h string) bool { return h == "n" || h == "y" })
	}
	if len(keys) != 2 {
		j.fail("input.keys", "two keys are needed, found %d", len(keys))
		return nil
	}
	n, y := j.wholes("n"), j.wholes("y")
	rowOf, rows := coded(j.texts(keys[0]))
	colOf, cols := coded(j.texts(keys[1]))
	if j.err != nil {
		return nil
	}
	small := func(v int) bool { return v >= 1 && v < threshold }
	counts := make([][]int, len(rows))
	for i := range counts {
		counts[i] = make([]int, len(cols))
	}
	few, primaryY := 0, 0
	for i := range n {
		counts[rowOf[i]][colOf[i]] += y[i]
		if n[i] >= 1 && n[i] < 5 {
			few++
		}
		if small(n[i]) || small(y[i]) || small(n[i]-y[i]) {
			primaryY++
		}
	}
	rel, err := evidence.Suppress(evidence.Table{
		Rows: rows, Cols: cols, Counts: counts, Totals: evidence.Totals{Rows: true, Cols: true, Grand: true},
	}, evidence.Rule{Threshold: threshold})
	j.must(err)
	var cells []any
	for i := range n {
		c := rel.Cells[rowOf[i]][colOf[i]]
		cells = append(cells, object{keys[0]: rows[rowOf[i]], keys[1]: cols[colOf[i]], "shown": c.String()})
	}
	return object{"cells": cells, "primary_n_lt5": few, "primary_y": primaryY}
}
