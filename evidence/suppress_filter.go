package evidence

import "math"

// polytope is what readers can work out of a table together with the same
// table under other filters. The filters tie the tables cell by cell, which no
// network can say, so the ranges come from a linear program.
//
// Its quantities are the counts of every table in arc order, this table first,
// and then for every other table what lies between it and this one. Those of
// single cells are the variables of the program; the others are rows, sums and
// differences of variables. All are kept as deviations from the true counts, so
// that 0 always fits and the program needs no search for a first solution.
type polytope struct {
	*network
	rule  Rule
	all   []int    // true values
	known []bounds // of the quantities beyond this table's own counts
	needs []int
	fixed []int // targets beyond this table's own counts
	terms [][]term
	lp    *ranges
}

type term struct {
	variable int
	sign     float64
}

func newPolytope(t Table, n *network, r Rule) *polytope {
	p := &polytope{network: n, rule: r}
	p.addTable(n.flow)
	for _, f := range t.Wider {
		p.relate(f, 1)
	}
	for _, f := range t.Narrower {
		p.relate(f, -1)
	}
	p.lp = newRanges(p.terms)
	return p
}

// addTable adds the counts of one table and returns where they begin.
func (p *polytope) addTable(counts []int) int {
	first := len(p.all)
	p.all = append(p.all, counts...)
	n := p.network
	for a := range counts {
		p.terms = append(p.terms, n.cellsOf(a, first))
		p.known = append(p.known, bounds{0, unbounded})
		p.needs = append(p.needs, n.need)
	}
	return first
}

// cellsOf lists the cells that make up arc a of the table beginning at first.
func (n *network) cellsOf(a, first int) []term {
	var ts []term
	for c := range n.rows * n.cols {
		i, j := c/n.cols, c%n.cols
		if a == c || a == n.rowArc(i) || a == n.colArc(j) || a == n.grandArc() {
			ts = append(ts, term{first + c, 1})
		}
	}
	return ts
}

// relate adds the same table under another filter: sign is 1 when it is wider.
func (p *polytope) relate(f Filtered, sign int) {
	counts := margins(f.Counts)
	first := p.addTable(counts)
	rule := f.Release.Rule
	need := min(p.need, rule.width())
	facts, hid := p.facts(f.Release)
	for a, b := range facts {
		if b.hold(counts[a]) {
			p.known[first+a] = b
		}
	}
	for _, a := range hid {
		p.needs[first+a] = need
		p.fixed = append(p.fixed, first+a)
	}
	for a, c := range counts {
		between := sign * (c - p.flow[a])
		q := len(p.all)
		p.all = append(p.all, between)
		p.known = append(p.known, bounds{0, unbounded})
		p.needs = append(p.needs, need)
		p.terms = append(p.terms, difference(p.terms[first+a], p.terms[a], float64(sign)))
		if p.rule.small(between) {
			p.fixed = append(p.fixed, q)
		}
	}
}

func difference(plus, minus []term, sign float64) []term {
	ts := make([]term, 0, len(plus)+len(minus))
	for _, t := range plus {
		ts = append(ts, term{t.variable, sign})
	}
	for _, t := range minus {
		ts = append(ts, term{t.variable, -sign})
	}
	return ts
}

func (p *polytope) truth() []int    { return p.all }
func (p *polytope) width(i int) int { return p.needs[i] }
func (p *polytope) targets() []int  { return append(p.network.targets(), p.fixed...) }
func (p *polytope) bound(q int) bounds {
	if q < len(p.cur) {
		return p.cur[q]
	}
	return p.known[q]
}

// setHidden starts the program afresh where a count is shown again, because
// the tables it stands at may not fit any more.
func (p *polytope) setHidden(a int, hide bool) {
	p.network.setHidden(a, hide)
	if !hide {
		p.lp = newRanges(p.terms)
	}
}

func (p *polytope) probe(i int, seen []bounds) (width int, blockers []int) {
	for q, v := range p.all {
		b := p.bound(q)
		p.lp.low[q], p.lp.high[q] = float64(b.low-v), float64(b.high-v)
	}
	goal := float64(p.needs[i])
	high, tight := p.lp.push(i, 1, goal)
	p.witness(seen)
	low, more := p.lp.push(i, -1, high-goal)
	p.witness(seen)
	if width = int(math.Floor(high - low + slack)); width >= p.needs[i] {
		return p.needs[i], nil
	}
	for _, b := range append(tight, more...) {
		if b.quantity < len(p.cur) && p.opens(b) {
			blockers = append(blockers, b.quantity)
		}
	}
	return width, blockers
}

// opens says whether hiding a count would move the bound that was met.
func (p *polytope) opens(m metBound) bool {
	a := m.quantity
	if !p.openable(a) {
		return false
	}
	b := p.base[a].and(p.open[a])
	return m.upper && b.high > p.cur[a].high || !m.upper && b.low < p.cur[a].low
}

func (p *polytope) witness(seen []bounds) {
	for q, v := range p.all {
		d := p.lp.value[q]
		seen[q].low = min(seen[q].low, v+int(math.Ceil(d-slack)))
		seen[q].high = max(seen[q].high, v+int(math.Floor(d+slack)))
	}
}

// slack is the error allowed in the program's floating-point numbers; all its
// exact values are small multiples of whole numbers.
const slack = 1e-7

// ranges is a linear program in which every quantity has a lower and an upper
// bound and is a variable or a sum of variables: the simplex method with
// bounded variables, begun at a point that fits. Quantities that aren't basic
// may rest anywhere between their bounds; Bland's rule keeps it from cycling.
type ranges struct {
	low, high, value []float64
	basic, free      []int       // quantities of the rows and of the columns
	coef             [][]float64 // each basic quantity in terms of the others
	goal             []float64
}

// metBound is a bound that holds an optimum back.
type metBound struct {
	quantity int
	upper    bool
}

func newRanges(terms [][]term) *ranges {
	r := &ranges{
		low:   make([]float64, len(terms)),
		high:  make([]float64, len(terms)),
		value: make([]float64, len(terms)),
	}
	column := map[int]int{}
	for q, ts := range terms {
		if len(ts) == 1 && ts[0].variable == q {
			column[q] = len(r.free)
			r.free = append(r.free, q)
		}
	}
	for q, ts := range terms {
		if _, ok := column[q]; ok {
			continue
		}
		row := make([]float64, len(r.free))
		for _, t := range ts {
			row[column[t.variable]] += t.sign
		}
		r.basic = append(r.basic, q)
		r.coef = append(r.coef, row)
	}
	r.goal = make([]float64, len(r.free))
	return r
}

// push moves quantity q as far as it goes in direction sign, but not beyond
// enough, and returns its deviation and the bounds that stopped it.
func (r *ranges) push(q int, sign, enough float64) (float64, []metBound) {
	r.aim(q, sign)
	low, high := r.low[q], r.high[q]
	defer func() { r.low[q], r.high[q] = low, high }()
	if sign > 0 {
		r.high[q] = min(high, enough)
	} else {
		r.low[q] = max(low, enough)
	}
	for sign*(enough-r.value[q]) > slack {
		j, dir := r.entering()
		if j < 0 {
			return r.value[q], r.met()
		}
		r.step(j, dir)
	}
	return r.value[q], nil
}

func (r *ranges) aim(q int, sign float64) {
	clear(r.goal)
	for j, f := range r.free {
		if f == q {
			r.goal[j] = sign
			return
		}
	}
	for i, b := range r.basic {
		if b == q {
			for j, c := range r.coef[i] {
				r.goal[j] = sign * c
			}
			return
		}
	}
}

// entering picks the first quantity, in order, that can move so as to help.
func (r *ranges) entering() (column int, dir float64) {
	best := -1
	for j, f := range r.free {
		up := r.goal[j] > slack && r.high[f]-r.value[f] > slack
		down := r.goal[j] < -slack && r.value[f]-r.low[f] > slack
		if (up || down) && (best < 0 || f < r.free[best]) {
			best, dir = j, 1
			if down {
				dir = -1
			}
		}
	}
	return best, dir
}

// step moves the quantity of column j until it or a basic one meets a bound,
// and in the second case swaps the two.
func (r *ranges) step(j int, dir float64) {
	f := r.free[j]
	length := r.high[f] - r.value[f]
	if dir < 0 {
		length = r.value[f] - r.low[f]
	}
	leaves := -1
	for i, b := range r.basic {
		rate := dir * r.coef[i][j]
		room := math.Inf(1)
		switch {
		case rate > slack:
			room = (r.high[b] - r.value[b]) / rate
		case rate < -slack:
			room = (r.low[b] - r.value[b]) / rate
		}
		room = max(room, 0)
		if room < length-slack || room <= length && leaves >= 0 && b < r.basic[leaves] {
			length, leaves = room, i
		}
	}
	r.value[f] += dir * length
	for i, b := range r.basic {
		r.value[b] += dir * length * r.coef[i][j]
	}
	if leaves >= 0 {
		r.pivot(leaves, j)
	}
}

func (r *ranges) pivot(i, j int) {
	row := r.coef[i]
	inverse := 1 / row[j]
	for k := range row {
		row[k] *= -inverse
	}
	row[j] = inverse
	for k, other := range r.coef {
		if k != i {
			substitute(other, row, j)
		}
	}
	substitute(r.goal, row, j)
	r.basic[i], r.free[j] = r.free[j], r.basic[i]
}

// substitute writes the quantity of column j in row as solved stands for it.
func substitute(row, solved []float64, j int) {
	c := row[j]
	if c == 0 {
		return
	}
	row[j] = 0
	for k, s := range solved {
		row[k] += c * s
	}
}

func (r *ranges) met() []metBound {
	var ms []metBound
	for j, f := range r.free {
		if math.Abs(r.goal[j]) > slack {
			ms = append(ms, metBound{f, r.goal[j] > 0})
		}
	}
	return ms
}
