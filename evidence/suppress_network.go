package evidence

// maxCount bounds the counts of a table, and unbounded is any value beyond it.
const (
	maxCount  = 1 << 30
	unbounded = 1 << 40
)

// bounds are the smallest and greatest value that a reader can't rule out.
type bounds struct{ low, high int }

func (b bounds) and(o bounds) bounds { return bounds{max(b.low, o.low), min(b.high, o.high)} }

func (b bounds) hold(n int) bool { return b.low <= n && n <= b.high }

// network is a two-way table as a circulation: people flow from a source
// through their row and their column to a sink and back. Every count, totals
// included, is the flow of one arc, and what readers know of it bounds the
// arc. All whole-number tables that fit what was published are the flows within
// the bounds, so the range of a hidden count is found by pushing as much as
// possible around the cycle through its arc, starting at the true counts.
type network struct {
	rows, cols int
	from, to   []int
	flow       []int // true counts
	base       []bounds
	shown      []bounds // when the count is shown
	open       []bounds // when it is hidden
	cur        []bounds
	hidden     []bool
	primary    []bool
	published  []bool
	need       int
	withheld   bool    // as an earlier release of the same counts was
	at         [][]int // arcs by node

	work    []int // flows while pushing
	via     []int // arc by which a node was reached
	queue   []int
	reached []bool
}

// Arcs stand in one order: cells by row, row totals, column totals, total.
func newNetwork(t Table, r Rule) *network {
	n := &network{rows: len(t.Rows), cols: len(t.Cols), need: r.width()}
	arcs := n.rows*n.cols + n.rows + n.cols + 1
	n.from, n.to = make([]int, arcs), make([]int, arcs)
	n.base, n.shown, n.open, n.cur = make([]bounds, arcs), make([]bounds, arcs), make([]bounds, arcs), make([]bounds, arcs)
	n.hidden, n.primary, n.published = make([]bool, arcs), make([]bool, arcs), make([]bool, arcs)
	n.connect()
	n.flow = margins(t.Counts)
	n.work = make([]int, arcs)
	nodes := n.rows + n.cols + 2
	n.via, n.reached, n.queue = make([]int, nodes), make([]bool, nodes), make([]int, 0, nodes)
	n.publish(t.Totals)
	n.markPrimary(t, r)
	n.recall(t)
	for a := range n.flow {
		n.setHidden(a, n.primary[a])
	}
	return n
}

// margins lays out the counts of a table and their sums in arc order.
func margins(counts [][]int) []int {
	rows, cols := len(counts), len(counts[0])
	all := make([]int, rows*cols+rows+cols+1)
	rowAt, colAt := rows*cols, rows*cols+rows
	for i, row := range counts {
		for j, c := range row {
			all[i*cols+j] = c
			all[rowAt+i] += c
			all[colAt+j] += c
			all[len(all)-1] += c
		}
	}
	return all
}

func (n *network) rowArc(i int) int { return n.rows*n.cols + i }
func (n *network) colArc(j int) int { return n.rows*n.cols + n.rows + j }
func (n *network) grandArc() int    { return len(n.flow) - 1 }

func (n *network) connect() {
	source, sink := n.rows+n.cols, n.rows+n.cols+1
	set := func(a, from, to int) { n.from[a], n.to[a] = from, to }
	for i := range n.rows {
		for j := range n.cols {
			set(i*n.cols+j, i, n.rows+j)
		}
		set(n.rows*n.cols+i, source, i)
	}
	for j := range n.cols {
		set(n.rows*n.cols+n.rows+j, n.rows+j, sink)
	}
	set(len(n.from)-1, sink, source)
	n.at = make([][]int, n.rows+n.cols+2)
	for a := range n.from {
		n.at[n.from[a]] = append(n.at[n.from[a]], a)
		n.at[n.to[a]] = append(n.at[n.to[a]], a)
	}
}

func (n *network) publish(t Totals) {
	for a := range n.rows * n.cols {
		n.published[a] = true
	}
	for i := range n.rows {
		n.published[n.rowArc(i)] = t.Rows
	}
	for j := range n.cols {
		n.published[n.colArc(j)] = t.Cols
	}
	n.published[n.grandArc()] = t.Grand
	for a := range n.base {
		n.base[a] = bounds{0, unbounded}
	}
	if t.Headline {
		exact := n.flow[n.grandArc()]
		n.base[n.grandArc()] = bounds{exact, exact}
	}
}

// markPrimary marks the counts that are hidden for their own sake, and sets
// what readers can know of each count while it is shown and while it is hidden.
func (n *network) markPrimary(t Table, r Rule) {
	for a, c := range n.flow {
		n.primary[a] = n.published[a] && r.small(c)
		n.shown[a] = r.readable(r.round(c))
	}
	for i := range n.rows {
		group := n.flow[n.rowArc(i)]
		for j := range n.cols {
			a := i*n.cols + j
			c := n.flow[a]
			if t.Answers && r.small(group-c) {
				n.primary[a] = n.primary[a] || c > 0
			}
			if r.Sensitive && group > 0 && (c == 0 || t.Answers && c == group) {
				n.primary[a] = true
			}
			if betweenIsSmall(t, r, i, j) {
				n.primary[a] = true
			}
		}
	}
	if r.Sensitive && n.flow[n.grandArc()] > 0 {
		for j := range n.cols {
			a := n.colArc(j)
			n.primary[a] = n.primary[a] || n.published[a] && n.flow[a] == 0
		}
	}
	// Where zeros are shown, a hidden count isn't one of them.
	least := 1
	if r.Sensitive {
		least = 0
	}
	for a := range n.open {
		n.open[a] = bounds{least, unbounded}
		if !n.published[a] {
			n.open[a].low = 0
		}
	}
}

// betweenIsSmall says whether a few people stand between this count and the
// same count under another filter, so that the difference would show them.
func betweenIsSmall(t Table, r Rule, i, j int) bool {
	for _, f := range t.Wider {
		if r.small(f.Counts[i][j]-t.Counts[i][j]) && !f.Release.Cells[i][j].Hidden {
			return true
		}
	}
	for _, f := range t.Narrower {
		if r.small(t.Counts[i][j]-f.Counts[i][j]) && !f.Release.Cells[i][j].Hidden {
			return true
		}
	}
	return false
}

// recall adds what readers know from earlier releases. What a release showed
// and is no longer so was about other people, and tells nothing about these.
// If all of it is still so, the counts may well be the same ones: then what the
// release hid stays hidden, and stays a secret where this table doesn't have it.
func (n *network) recall(t Table) {
	var keep []int
	for _, e := range t.Earlier {
		facts, hid := n.facts(e)
		same, told := true, false
		for a, f := range facts {
			if f.hold(n.flow[a]) {
				n.base[a] = n.base[a].and(f)
				told = told || f.low > 1
			} else {
				same = false
			}
		}
		if !same || !told {
			continue
		}
		n.withheld = n.withheld || e.Withheld
		keep = append(keep, hid...)
	}
	for _, a := range keep {
		if n.flow[a] >= n.open[a].low && n.base[a].high-n.base[a].low >= n.need {
			n.primary[a] = true
		}
	}
}

// facts are the bounds that a release tells by arc, and the arcs that it hid. A
// hidden count isn't 0 where the release shows zeros.
func (n *network) facts(e Release) (facts map[int]bounds, hid []int) {
	facts = map[int]bounds{}
	note := func(a int, c Cell) {
		if c.Hidden {
			hid = append(hid, a)
			if !e.Rule.Sensitive && !e.Withheld {
				facts[a] = bounds{1, unbounded}
			}
			return
		}
		facts[a] = e.Rule.readable(c.Count)
	}
	for i, row := range e.Cells {
		for j, c := range row {
			note(i*n.cols+j, c)
		}
	}
	for i, c := range e.RowTotals {
		note(n.rowArc(i), c)
	}
	for j, c := range e.ColTotals {
		note(n.colArc(j), c)
	}
	if e.Total != nil {
		note(n.grandArc(), *e.Total)
	}
	if e.Headline != nil {
		exact := bounds{*e.Headline, *e.Headline}
		if f, ok := facts[n.grandArc()]; ok {
			exact = exact.and(f)
		}
		facts[n.grandArc()] = exact
	}
	return facts, hid
}

func (n *network) setHidden(a int, hide bool) {
	n.hidden[a] = hide
	if hide || !n.published[a] {
		n.cur[a] = n.base[a].and(n.open[a])
		return
	}
	n.cur[a] = n.base[a].and(n.shown[a])
}

// openable says whether hiding the count of arc a would leave readers unsure.
func (n *network) openable(a int) bool {
	if n.hidden[a] || !n.published[a] || n.flow[a] == 0 {
		return false
	}
	b := n.base[a].and(n.open[a])
	return b.high-b.low >= n.need
}

// probe finds how far the count of arc a is from being known: the width of its
// range, up to the width needed, and, where that is too narrow, the arcs of
// which at least one must be hidden before it can widen.
func (n *network) probe(a int, seen []bounds) (width int, blockers []int) {
	copy(n.work, n.flow)
	up, cut := n.push(a, n.to[a], n.from[a], min(n.need, n.cur[a].high-n.flow[a]), nil)
	n.witness(a, up, seen)
	copy(n.work, n.flow)
	down, cut := n.push(a, n.from[a], n.to[a], min(n.need-up, n.flow[a]-n.cur[a].low), cut)
	n.witness(a, -down, seen)
	if up+down >= n.need {
		return n.need, nil
	}
	return up + down, cut
}

// witness remembers the values that a found table gives to every count.
func (n *network) witness(a, change int, seen []bounds) {
	n.work[a] = n.flow[a] + change
	for i, w := range n.work {
		seen[i].low, seen[i].high = min(seen[i].low, w), max(seen[i].high, w)
	}
}

// push sends up to want units from one node to another without using arc skip.
// Where fewer fit it appends the arcs that could be opened in the cut.
func (n *network) push(skip, from, to, want int, cut []int) (int, []int) {
	sent := 0
	for sent < want {
		if !n.reach(skip, from, to) {
			return sent, n.cutArcs(skip, cut)
		}
		room := want - sent
		for v := to; v != from; {
			a := n.via[v]
			room = min(room, n.room(a, n.to[a] == v))
			v = n.other(a, v)
		}
		for v := to; v != from; {
			a := n.via[v]
			if n.to[a] == v {
				n.work[a] += room
			} else {
				n.work[a] -= room
			}
			v = n.other(a, v)
		}
		sent += room
	}
	return sent, cut
}

func (n *network) other(a, v int) int {
	if n.to[a] == v {
		return n.from[a]
	}
	return n.to[a]
}

// room is how much the flow of arc a may still rise, or fall.
func (n *network) room(a int, rise bool) int {
	if rise {
		return n.cur[a].high - n.work[a]
	}
	return n.work[a] - n.cur[a].low
}

func (n *network) reach(skip, from, to int) bool {
	clear(n.reached)
	n.reached[from] = true
	n.queue = append(n.queue[:0], from)
	for len(n.queue) > 0 {
		u := n.queue[0]
		n.queue = n.queue[1:]
		for _, a := range n.at[u] {
			v := n.other(a, u)
			if a == skip || n.reached[v] || n.room(a, n.to[a] == v) <= 0 {
				continue
			}
			n.reached[v], n.via[v] = true, a
			if v == to {
				return true
			}
			n.queue = append(n.queue, v)
		}
	}
	return false
}

// cutArcs appends the arcs out of the reached nodes that would let more
// through if their count were hidden.
func (n *network) cutArcs(skip int, cut []int) []int {
	for a := range n.from {
		if a == skip || n.reached[n.from[a]] == n.reached[n.to[a]] || !n.openable(a) {
			continue
		}
		b := n.base[a].and(n.open[a])
		if rise := n.reached[n.from[a]]; rise && b.high > n.cur[a].high || !rise && b.low < n.cur[a].low {
			cut = append(cut, a)
		}
	}
	return cut
}

// release writes down what the network shows.
func (n *network) release(t Table, r Rule) Release {
	cell := func(a int) Cell {
		if n.hidden[a] {
			return Cell{Hidden: true}
		}
		return Cell{Count: r.round(n.flow[a])}
	}
	rel := Release{Rows: t.Rows, Cols: t.Cols, Rule: r, Cells: make([][]Cell, n.rows)}
	for i := range n.rows {
		rel.Cells[i] = make([]Cell, n.cols)
		for j := range n.cols {
			rel.Cells[i][j] = cell(i*n.cols + j)
		}
		if t.Totals.Rows {
			rel.RowTotals = append(rel.RowTotals, cell(n.rowArc(i)))
		}
	}
	if t.Totals.Cols {
		for j := range n.cols {
			rel.ColTotals = append(rel.ColTotals, cell(n.colArc(j)))
		}
	}
	if t.Totals.Grand {
		c := cell(n.grandArc())
		rel.Total = &c
	}
	rel.Headline = t.headline()
	return rel
}
