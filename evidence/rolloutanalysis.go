package evidence

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Observation is one person's outcome in a roll-out.
type Observation struct {
	Unit    string
	Period  int
	Treated bool
	Y       float64
}

// RolloutReport is the effect of a stepped roll-out, two ways.
type RolloutReport struct {
	Mixed       MixedModel // coefficients: effect, then one level for each period
	Effect, SE  float64    // of the mixed model
	FixedEffect float64    // of unit and period means
	P           float64    // of the fixed effect, by drawing the order of units anew
	Exact       bool
	Units       int
	Estimate    Estimate
}

// minUnits is the number of units below which only permutation is used.
const minUnits = 6

// AnalyseRollout estimates the effect of a stepped roll-out. Every period has
// its own level, so that a trend that all units share isn't taken for an
// effect. The mixed model (REML, random intercept of units) gives the estimate
// and its interval, with units less 2 degrees of freedom; the p-value gives
// each unit's order to every other and looks at the treatment's coefficient in
// unit-period means with unit and period effects: all arrangements up to a
// million, else perm.Reps drawn from the seed.
//
// Sources: Hussey and Hughes 2007; Ji, Fink, Robyn and Small 2017. It assumes
// that chance decided the order. It refuses fewer than 3 units, a unit without
// answers in some period, a treatment that stops again, units that all begin
// at once, and values that aren't numbers.
func AnalyseRollout(obs []Observation, perm Permutation) (RolloutReport, error) {
	g, err := newRolloutGrid(obs)
	if err != nil {
		return RolloutReport{}, err
	}
	r := RolloutReport{Units: len(g.units)}
	if r.Mixed, err = g.mixed(obs); err != nil {
		return RolloutReport{}, err
	}
	r.Effect, r.SE = r.Mixed.Coef[0], r.Mixed.SE[0]
	if r.FixedEffect, r.P, r.Exact, err = g.permute(perm); err != nil {
		return RolloutReport{}, err
	}
	df := float64(r.Units - 2)
	r.Estimate = Estimate{
		Estimand: AverageEffect, Design: RandomisedRollout, Value: r.Effect, SE: r.SE, DF: df,
		Interval: tInterval(r.Effect, r.SE, df, defaultLevel), N: len(obs), Looks: 1, Seed: perm.Seed,
		Checks: []Check{{CheckClusters, true, map[string]float64{"units": float64(r.Units), "min": minUnits, "p": r.P}}},
	}
	return r, nil
}

// CheckClusters passes when few groups are allowed for.
const CheckClusters CheckID = "clusters"

// rolloutGrid holds unit-period means. first[u] is the first treated period.
type rolloutGrid struct {
	units   []string
	periods []int
	mean    [][]float64
	first   []int
	unitOf  map[string]int
	timeOf  map[int]int
}

func newRolloutGrid(obs []Observation) (*rolloutGrid, error) {
	g := &rolloutGrid{unitOf: map[string]int{}, timeOf: map[int]int{}}
	for i, o := range obs {
		if !finite(o.Y) {
			return nil, refuseWith(GateInput, "y", map[string]float64{"row": float64(i)})
		}
		g.units, g.periods = append(g.units, o.Unit), append(g.periods, o.Period)
	}
	slices.Sort(g.units)
	slices.Sort(g.periods)
	g.units, g.periods = slices.Compact(g.units), slices.Compact(g.periods)
	if len(g.units) < 3 || len(g.periods) < 2 {
		return nil, refuseWith(GateFew, "units", map[string]float64{"units": float64(len(g.units)), "min": 3})
	}
	for i, u := range g.units {
		g.unitOf[u] = i
	}
	for i, p := range g.periods {
		g.timeOf[p] = i
	}
	return g, g.fill(obs)
}

func (g *rolloutGrid) fill(obs []Observation) error {
	T := len(g.periods)
	count, treated := make([][]float64, len(g.units)), make([][]float64, len(g.units))
	for u := range g.units {
		g.mean = append(g.mean, make([]float64, T))
		count[u], treated[u] = make([]float64, T), make([]float64, T)
	}
	for _, o := range obs {
		u, t := g.unitOf[o.Unit], g.timeOf[o.Period]
		count[u][t]++
		g.mean[u][t] += o.Y
		if o.Treated {
			treated[u][t]++
		}
	}
	for u := range g.units {
		first := T
		for t := range T {
			if count[u][t] == 0 {
				return refuseWith(GateEmpty, "period", map[string]float64{"unit": float64(u), "period": float64(g.periods[t])})
			}
			g.mean[u][t] /= count[u][t]
			on := treated[u][t] == count[u][t]
			if !on && treated[u][t] > 0 || !on && t > first {
				return refuse(GateInput, "treated")
			}
			if on && first == T {
				first = t
			}
		}
		g.first = append(g.first, first)
	}
	if slices.Min(g.first) == slices.Max(g.first) {
		return refuse(GateConstant, "treated")
	}
	return nil
}

func (g *rolloutGrid) mixed(obs []Observation) (MixedModel, error) {
	x := mat.NewDense(len(obs), 1+len(g.periods), nil)
	y, unit := make([]float64, len(obs)), make([]int, len(obs))
	for i, o := range obs {
		y[i], unit[i] = o.Y, g.unitOf[o.Unit]
		if o.Treated {
			x.Set(i, 0, 1)
		}
		x.Set(i, 1+g.timeOf[o.Period], 1)
	}
	return RandomIntercept(y, x, unit, true)
}

// permute uses that with every cell filled the treatment, freed of unit and
// period effects, has the same length for every arrangement: the coefficient is
// a sum, over units, of a number that depends on the unit and its order alone.
func (g *rolloutGrid) permute(perm Permutation) (coef, p float64, exact bool, err error) {
	starts := slices.Clone(g.first)
	slices.Sort(starts)
	starts = slices.Compact(starts)
	kind := make([]int, len(g.units))
	sizes := make([]int, len(starts))
	for u, f := range g.first {
		kind[u], _ = slices.BinarySearch(starts, f)
		sizes[kind[u]]++
	}
	score := g.scores(starts)
	length := g.length()
	seen := 0.0
	for u, k := range kind {
		seen += score[u][k]
	}
	coef = seen / length
	enough := math.Abs(seen) - flipSlack*(1+math.Abs(seen))
	if ways := multinomial(sizes); ways <= maxArrangements {
		hits, total := countOrders(score, sizes, enough)
		return coef, float64(hits) / float64(total), true, nil
	}
	if perm.Reps < 100 {
		return 0, 0, false, refuseWith(GateRange, "permutations", map[string]float64{"min": 100})
	}
	return coef, drawOrders(score, kind, enough, perm), false, nil
}

// scores are Σ over treated periods of the doubly centred means.
func (g *rolloutGrid) scores(starts []int) [][]float64 {
	T := len(g.periods)
	byPeriod, all := make([]float64, T), 0.0
	for _, row := range g.mean {
		for t, v := range row {
			byPeriod[t] += v / float64(len(g.mean))
			all += v / float64(len(g.mean)*T)
		}
	}
	out := make([][]float64, len(g.mean))
	for u, row := range g.mean {
		own := meanOf(row)
		for _, s := range starts {
			sum := 0.0
			for t := s; t < T; t++ {
				sum += row[t] - own - byPeriod[t] + all
			}
			out[u] = append(out[u], sum)
		}
	}
	return out
}

// length is the squared length of the doubly centred treatment.
func (g *rolloutGrid) length() float64 {
	I, T := float64(len(g.first)), float64(len(g.periods))
	columns := make([]float64, len(g.periods))
	U, rows := 0.0, 0.0
	for _, f := range g.first {
		on := T - float64(f)
		U += on
		rows += on * on
		for t := f; t < len(columns); t++ {
			columns[t]++
		}
	}
	return U - rows/T - dot(columns, columns)/I + U*U/(I*T)
}

func multinomial(sizes []int) float64 {
	n, l := 0, 0.0
	for _, s := range sizes {
		n += s
		l -= logGamma(float64(s + 1))
	}
	return math.Round(math.Exp(l + logGamma(float64(n+1))))
}

func countOrders(score [][]float64, sizes []int, enough float64) (hits, total int) {
	left := slices.Clone(sizes)
	var walk func(u int, sum float64)
	walk = func(u int, sum float64) {
		if u == len(score) {
			total++
			if math.Abs(sum) >= enough {
				hits++
			}
			return
		}
		for k := range left {
			if left[k] > 0 {
				left[k]--
				walk(u+1, sum+score[u][k])
				left[k]++
			}
		}
	}
	walk(0, 0)
	return hits, total
}

func drawOrders(score [][]float64, kind []int, enough float64, perm Permutation) float64 {
	pool, rng, hits := slices.Clone(kind), newRand(perm.Seed), 0
	for range perm.Reps {
		sum := 0.0
		for u := range pool {
			j := u + below(uint32(rng.Uint64()>>32), len(pool)-u)
			pool[u], pool[j] = pool[j], pool[u]
			sum += score[u][pool[u]]
		}
		if math.Abs(sum) >= enough {
			hits++
		}
	}
	return float64(1+hits) / float64(perm.Reps+1)
}
