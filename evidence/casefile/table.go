package casefile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Table is a CSV with a header. Empty cells are missing.
type Table struct {
	header []string
	rows   [][]string
}

// ReadTable reads a CSV.
func ReadTable(b []byte) (*Table, error) {
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	if len(records) < 2 {
		return nil, errors.New("csv: no rows")
	}
	return &Table{records[0], records[1:]}, nil
}

// columns of a case's CSV; what is wrong is named by column and row.

func (j *job) has(column string) bool {
	return j.table != nil && slices.Contains(j.table.header, column)
}

func (j *job) texts(column string) []string {
	if j.table == nil {
		j.fail("csv", "missing")
		return nil
	}
	k := slices.Index(j.table.header, column)
	if k < 0 {
		j.fail("csv", "no column %q", column)
		return nil
	}
	out := make([]string, len(j.table.rows))
	for i, r := range j.table.rows {
		out[i] = r[k]
	}
	return out
}

// gaps reads numbers; missing ones are NaN.
func (j *job) gaps(column string) []float64 {
	cells := j.texts(column)
	out := make([]float64, len(cells))
	for i, c := range cells {
		if c == "" || c == "NA" {
			out[i] = math.NaN()
			continue
		}
		v, err := strconv.ParseFloat(c, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			j.fail("csv", "column %q, row %d: a number is needed, found %q", column, i+1, c)
			return nil
		}
		out[i] = v
	}
	return out
}

// numbers reads numbers of which none is missing.
func (j *job) numbers(column string) []float64 {
	out := j.gaps(column)
	for i, v := range out {
		if math.IsNaN(v) {
			j.fail("csv", "column %q, row %d: a number is missing", column, i+1)
			return nil
		}
	}
	return out
}

func (j *job) wholes(column string) []int {
	vs := j.numbers(column)
	out := make([]int, len(vs))
	for i, v := range vs {
		if v != math.Trunc(v) || math.Abs(v) > 1e9 {
			j.fail("csv", "column %q, row %d: a whole number is needed, found %v", column, i+1, v)
			return nil
		}
		out[i] = int(v)
	}
	return out
}

// yesNo reads 0 and 1.
func (j *job) yesNo(column string) []bool {
	vs := j.wholes(column)
	out := make([]bool, len(vs))
	for i, v := range vs {
		if v != 0 && v != 1 {
			j.fail("csv", "column %q, row %d: 0 or 1 is needed, found %v", column, i+1, v)
			return nil
		}
		out[i] = v == 1
	}
	return out
}

func present(vs []float64) []bool {
	out := make([]bool, len(vs))
	for i, v := range vs {
		out[i] = !math.IsNaN(v)
	}
	return out
}

// coded numbers the texts of a column in the order of their names.
func coded(vs []string) (codes []int, names []string) {
	names = slices.Clone(vs)
	slices.Sort(names)
	names = slices.Compact(names)
	codes = make([]int, len(vs))
	for i, v := range vs {
		codes[i], _ = slices.BinarySearch(names, v)
	}
	return codes, names
}
