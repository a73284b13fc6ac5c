package evidence

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// HiddenMark is how a hidden count is written wherever a count would stand: on
// pages, in files, in alternative texts. It is never blank and never 0.
const HiddenMark = "*"

// Rule says which counts are too small to show. The zero value is the rule for
// public pages: counts of 1 to 7 are hidden and the rest is rounded to 5.
type Rule struct {
	// Threshold is the smallest count that may be shown: 8 when it is 0. Less
	// than 5 is refused.
	Threshold int
	// Round is what shown counts are rounded to the nearest multiple of: 5
	// when it is 0. 1 leaves counts exact, for readers who may see them.
	Round int
	// Sensitive also hides "none" and "all" of a group of people, because
	// either tells the answer of every one of them.
	Sensitive bool
}

const (
	defaultThreshold = 8
	minThreshold     = 5
	defaultRound     = 5
	// maxWidth is the uncertainty that every hidden count keeps, unless the
	// rule hides a narrower range than that in the first place.
	maxWidth = 5
)

func (r Rule) withDefaults() (Rule, error) {
	if r.Threshold == 0 {
		r.Threshold = defaultThreshold
	}
	if r.Round == 0 {
		r.Round = defaultRound
	}
	if r.Threshold < minThreshold {
		return r, refuseWith(GateRange, "threshold", map[string]float64{"min": minThreshold, "got": float64(r.Threshold)})
	}
	// A count that may be shown must never round down to 0.
	if r.Round < 1 || r.Round > 2*r.Threshold {
		return r, refuseWith(GateRange, "round", map[string]float64{"max": float64(2 * r.Threshold), "got": float64(r.Round)})
	}
	return r, nil
}

// width is the number of values, less one, that a hidden count must keep for a
// reader who works out everything that can be worked out.
func (r Rule) width() int { return min(maxWidth, r.Threshold-2) }

func (r Rule) small(n int) bool { return n >= 1 && n < r.Threshold }

func (r Rule) round(n int) int { return (n + r.Round/2) / r.Round * r.Round }

// readable gives the values that a shown count may stand for. A reader knows
// the rule, so knows too that a shown count isn't below the threshold.
func (r Rule) readable(shown int) bounds {
	if shown == 0 {
		return bounds{0, 0}
	}
	low := shown - r.Round/2
	return bounds{max(low, r.Threshold), low + r.Round - 1}
}

// Totals says which totals a table is published with.
type Totals struct {
	Rows, Cols, Grand bool
	// Headline says that the exact grand total stands in a sentence near the
	// table ("of the 161 people who answered"), as claims require.
	Headline bool
}

// Table is a table of counts of people, one person in one cell, together with
// everything about the same people that readers have or will have seen.
type Table struct {
	Rows, Cols []string
	Counts     [][]int // by row, then column
	Totals     Totals
	// Answers says that each row is a group of people and each column an
	// answer. Then "all but a few" tells as much as "a few": a count is hidden
	// too when the rest of its row is small.
	Answers bool
	// Earlier holds what was published of this same table before.
	Earlier []Release
	// Wider holds the same rows and columns counted without a filter of this
	// table (everyone, where this table counts parents), as they were
	// published; Narrower those counted with a further filter. What is small
	// between two of them is hidden as well. Filters of which neither holds the
	// other (parents; people under 30) can't be told of here: what lies in both
	// isn't a count of either table. Publish one of the two, or a single table
	// with both as rows.
	Wider, Narrower []Filtered
}

// Filtered is the same table under another filter, and what was published.
type Filtered struct {
	Counts  [][]int
	Release Release
}

// Cell is a published count: rounded, or hidden.
type Cell struct {
	Count  int // 0 when hidden
	Hidden bool
}

// String is the rounded count, or [HiddenMark].
func (c Cell) String() string {
	if c.Hidden {
		return HiddenMark
	}
	return strconv.Itoa(c.Count)
}

// MarshalJSON writes the rounded count as a number, or [HiddenMark] as text.
func (c Cell) MarshalJSON() ([]byte, error) {
	if c.Hidden {
		return []byte(`"` + HiddenMark + `"`), nil
	}
	return strconv.AppendInt(nil, int64(c.Count), 10), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Cell) UnmarshalJSON(b []byte) error {
	if string(b) == `"`+HiddenMark+`"` {
		*c = Cell{Hidden: true}
		return nil
	}
	var n int
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("evidence: a published count is a number or %q: %w", HiddenMark, err)
	}
	*c = Cell{Count: n}
	return nil
}

// minForPercent is the group below which no percent, mean or median is shown.
const minForPercent = 10

// PercentOf is the share of c in n, in percent, from the two counts as they
// were published. It is false when either is hidden or fewer than 10 people
// are in n: then no percent may be shown.
func (c Cell) PercentOf(n Cell) (percent float64, ok bool) {
	if c.Hidden || n.Hidden || n.Count < minForPercent {
		return 0, false
	}
	return min(100, 100*float64(c.Count)/float64(n.Count)), true
}

// Release is what may be published of a table. It is all that pages, files,
// charts, alternative texts, mail and slides may take their counts from.
type Release struct {
	Rows      []string `json:"rows"`
	Cols      []string `json:"cols"`
	Cells     [][]Cell `json:"cells"`
	RowTotals []Cell   `json:"row_totals,omitempty"` // nil when not published
	ColTotals []Cell   `json:"col_totals,omitempty"`
	Total     *Cell    `json:"total,omitempty"`
	// Headline is the exact grand total when it stands near the table.
	Headline *int `json:"headline,omitempty"`
	Rule     Rule `json:"rule"`
	// Withheld says that no way of hiding single counts was safe, so all are
	// hidden: merge rows or columns, or say that the table isn't shown.
	Withheld bool `json:"withheld,omitempty"`
}

// Hidden is the number of hidden counts, totals included.
func (rel Release) Hidden() int {
	n := 0
	for _, c := range rel.all() {
		if c.Hidden {
			n++
		}
	}
	return n
}

func (rel Release) all() []Cell {
	var cs []Cell
	for _, row := range rel.Cells {
		cs = append(cs, row...)
	}
	cs = append(cs, rel.RowTotals...)
	cs = append(cs, rel.ColTotals...)
	if rel.Total != nil {
		cs = append(cs, *rel.Total)
	}
	return cs
}

// Suppress decides what may be published of a table of people.
//
// A count is hidden when it is 1 to Threshold−1, when the rest of its group is
// (Table.Answers, Table.Wider), and on sensitive questions when it is none or
// all of a group. The other counts are rounded. Then more counts, totals among
// them, are hidden until a reader who solves for everything that was
// published, earlier releases and other filters included, still finds at least
// min(5, Threshold−2) + 1 possible values in a row for every hidden count.
// As few counts as the search finds are added, smaller ones first; equal input
// gives an equal release.
//
// A count that an earlier release hid stays hidden as long as everything that
// the release showed is still so: else the change would tell it.
//
// Source: the minimum frequency and complementary cell suppression rules of
// statistical offices; for two-way tables the network form of the audit
// (Cox 1995; Fischetti and Salazar 1999). It refuses a threshold below 5,
// rounding that would show 0 for people, negative counts, and tables, earlier
// releases or filters that aren't of one shape. Where no choice is safe the
// release is Withheld.
func Suppress(t Table, r Rule) (Release, error) {
	r, err := r.withDefaults()
	if err != nil {
		return Release{}, err
	}
	if err := t.check(); err != nil {
		return Release{}, err
	}
	n := newNetwork(t, r)
	var a auditor = n
	if len(t.Wider)+len(t.Narrower) > 0 {
		a = newPolytope(t, n, r)
	}
	if n.withheld || !secure(a, len(n.flow)) {
		return t.withheld(r), nil
	}
	return n.release(t, r), nil
}

// Counts decides what may be published of a list of counts of people and of
// their sum: the one-row form of [Suppress].
func Counts(counts []int, r Rule) (cells []Cell, total Cell, err error) {
	if len(counts) == 0 {
		return nil, Cell{}, nil
	}
	t := Table{
		Rows:   []string{""},
		Cols:   make([]string, len(counts)),
		Counts: [][]int{counts},
		Totals: Totals{Grand: true},
	}
	rel, err := Suppress(t, r)
	if err != nil {
		return nil, Cell{}, err
	}
	return rel.Cells[0], *rel.Total, nil
}

func (t Table) check() error {
	if len(t.Rows) == 0 || len(t.Cols) == 0 {
		return refuse(GateEmpty, "table")
	}
	if err := t.checkCounts(t.Counts, "counts"); err != nil {
		return err
	}
	for _, e := range t.Earlier {
		if !slices.Equal(e.Rows, t.Rows) || !slices.Equal(e.Cols, t.Cols) || !e.shaped() {
			return refuse(GateInput, "earlier")
		}
	}
	if err := t.checkFiltered(t.Wider, "wider", 1); err != nil {
		return err
	}
	return t.checkFiltered(t.Narrower, "narrower", -1)
}

func (t Table) checkCounts(counts [][]int, field string) error {
	if len(counts) != len(t.Rows) {
		return refuse(GateInput, field)
	}
	for _, row := range counts {
		if len(row) != len(t.Cols) {
			return refuse(GateInput, field)
		}
		for _, c := range row {
			if c < 0 || c > maxCount {
				return refuse(GateInput, field)
			}
		}
	}
	return nil
}

func (t Table) checkFiltered(fs []Filtered, field string, sign int) error {
	for _, f := range fs {
		if err := t.checkCounts(f.Counts, field); err != nil {
			return err
		}
		rel := f.Release
		if len(rel.Rows) != len(t.Rows) || len(rel.Cols) != len(t.Cols) || !rel.shaped() {
			return refuse(GateInput, field)
		}
		for i, row := range f.Counts {
			for j, c := range row {
				if sign*(c-t.Counts[i][j]) < 0 {
					return refuse(GateInput, field)
				}
			}
		}
	}
	return nil
}

// shaped says whether a release, which may have been read from a file, has as
// many cells as it has names.
func (rel Release) shaped() bool {
	if len(rel.Cells) != len(rel.Rows) || rel.Rule.Threshold < minThreshold || rel.Rule.Round < 1 {
		return false
	}
	for _, row := range rel.Cells {
		if len(row) != len(rel.Cols) {
			return false
		}
	}
	return (rel.RowTotals == nil || len(rel.RowTotals) == len(rel.Rows)) &&
		(rel.ColTotals == nil || len(rel.ColTotals) == len(rel.Cols))
}

// withheld is the release of a table of which nothing can be shown.
func (t Table) withheld(r Rule) Release {
	hide := func(n int) []Cell { return slices.Repeat([]Cell{{Hidden: true}}, n) }
	rel := Release{Rows: t.Rows, Cols: t.Cols, Rule: r, Withheld: true, Headline: t.headline()}
	for range t.Rows {
		rel.Cells = append(rel.Cells, hide(len(t.Cols)))
	}
	if t.Totals.Rows {
		rel.RowTotals = hide(len(t.Rows))
	}
	if t.Totals.Cols {
		rel.ColTotals = hide(len(t.Cols))
	}
	if t.Totals.Grand {
		rel.Total = &Cell{Hidden: true}
	}
	return rel
}

// headline is the exact total, where the table says that readers have it.
func (t Table) headline() *int {
	if !t.Totals.Headline {
		return nil
	}
	sums := margins(t.Counts)
	return &sums[len(sums)-1]
}
