package evidence

import (
	"math"
	"slices"
)

// Target says how group-time effects are put together. The answers differ, so
// the target belongs in the plan.
type Target string

// Targets: all effects after treatment weighted by the groups' sizes; by time
// since treatment; by group; by calendar time.
const (
	SimpleTarget   Target = "simple"
	DynamicTarget  Target = "dynamic"
	GroupTarget    Target = "group"
	CalendarTarget Target = "calendar"
)

// Aggregated are effects put together, one for each Key (time since treatment,
// group or calendar time), and their overall mean.
type Aggregated struct {
	Estimate  Estimate // overall
	Key       []int
	ATT, SE   []float64
	Influence [][]float64 // of units on each effect
}

// Aggregate puts group-time effects together; standard errors include that the
// groups' shares are estimated too.
//
// Source: Callaway and Sant'Anna 2021. It refuses an unknown target and
// effects of which none follows treatment.
func (g GroupTime) Aggregate(target Target) (Aggregated, error) {
	switch target {
	case SimpleTarget:
		return g.simple()
	case DynamicTarget:
		return g.keyed(func(i int) int { return g.sinceTreatment(i) }, func(int) bool { return true }, func(key int) bool { return key >= 0 })
	case CalendarTarget:
		return g.keyed(func(i int) int { return g.Time[i] }, g.treated, func(int) bool { return true })
	case GroupTarget:
		return g.byGroup()
	}
	return Aggregated{}, refuse(GateRange, "target")
}

func (g GroupTime) treated(i int) bool { return g.Time[i] >= g.Group[i] }

// sinceTreatment counts periods, which needn't be one apart.
func (g GroupTime) sinceTreatment(i int) int { return g.Time[i] - g.Group[i] }

// combine weighs effects by their groups' shares.
func (g GroupTime) combine(which []int) (att float64, psi []float64) {
	groups := make([]int, len(which))
	for k, i := range which {
		groups[k] = g.Group[i]
	}
	weight, weightPsi := g.shareWeights(groups)
	psi = make([]float64, len(g.GroupOf))
	for k, i := range which {
		att += weight[k] * g.ATT[i]
		for u := range psi {
			psi[u] += weight[k]*g.Influence[i][u] + g.ATT[i]*weightPsi(k, u)
		}
	}
	return att, psi
}

// shareWeights are the groups' shares made to sum to 1, and each unit's
// influence on them.
func (g GroupTime) shareWeights(groups []int) ([]float64, func(k, u int) float64) {
	sum := 0.0
	for _, k := range groups {
		sum += g.share[k]
	}
	weight := make([]float64, len(groups))
	for k, v := range groups {
		weight[k] = g.share[v] / sum
	}
	total := make([]float64, len(g.GroupOf))
	for u, own := range g.GroupOf {
		for _, k := range groups {
			if own == k {
				total[u]++
			}
		}
		total[u] -= sum
	}
	return weight, func(k, u int) float64 {
		own := 0.0
		if g.GroupOf[u] == groups[k] {
			own = 1
		}
		return (own-g.share[groups[k]])/sum - total[u]*g.share[groups[k]]/(sum*sum)
	}
}

func (g GroupTime) simple() (Aggregated, error) {
	var which []int
	for i := range g.ATT {
		if g.treated(i) {
			which = append(which, i)
		}
	}
	if len(which) == 0 {
		return Aggregated{}, refuse(GateEmpty, "treated")
	}
	att, psi := g.combine(which)
	return g.concluded(Aggregated{}, att, psi), nil
}

// keyed aggregates within keys by the groups' shares, and over the keys that
// count as overall in equal parts.
func (g GroupTime) keyed(key func(int) int, use func(int) bool, overall func(int) bool) (Aggregated, error) {
	by := map[int][]int{}
	var a Aggregated
	for i := range g.ATT {
		if use(i) {
			by[key(i)] = append(by[key(i)], i)
		}
	}
	for k := range by {
		a.Key = append(a.Key, k)
	}
	slices.Sort(a.Key)
	mean, psi, parts := 0.0, make([]float64, len(g.GroupOf)), 0.0
	for _, k := range a.Key {
		att, p := g.combine(by[k])
		a.add(att, p)
		if overall(k) {
			mean += att
			parts++
			addTo(psi, p, 1)
		}
	}
	if parts == 0 {
		return Aggregated{}, refuse(GateEmpty, "treated")
	}
	for u := range psi {
		psi[u] /= parts
	}
	return g.concluded(a, mean/parts, psi), nil
}

func (a *Aggregated) add(att float64, psi []float64) {
	a.ATT, a.SE, a.Influence = append(a.ATT, att), append(a.SE, influenceSE(psi)), append(a.Influence, psi)
}

func addTo(sum, v []float64, factor float64) {
	for i, x := range v {
		sum[i] += factor * x
	}
}

// byGroup takes the plain mean of each group's effects, and weighs groups by
// their shares.
func (g GroupTime) byGroup() (Aggregated, error) {
	var a Aggregated
	for _, k := range g.groups {
		att, psi, n := 0.0, make([]float64, len(g.GroupOf)), 0.0
		for i := range g.ATT {
			if g.Group[i] == k && g.treated(i) {
				att += g.ATT[i]
				addTo(psi, g.Influence[i], 1)
				n++
			}
		}
		if n == 0 {
			continue
		}
		for u := range psi {
			psi[u] /= n
		}
		a.Key = append(a.Key, k)
		a.add(att/n, psi)
	}
	if len(a.Key) == 0 {
		return Aggregated{}, refuse(GateEmpty, "treated")
	}
	weight, weightPsi := g.shareWeights(a.Key)
	att, psi := 0.0, make([]float64, len(g.GroupOf))
	for k := range a.Key {
		att += weight[k] * a.ATT[k]
		for u := range psi {
			psi[u] += weight[k]*a.Influence[k][u] + a.ATT[k]*weightPsi(k, u)
		}
	}
	return g.concluded(a, att, psi), nil
}

func (g GroupTime) concluded(a Aggregated, att float64, psi []float64) Aggregated {
	se := influenceSE(psi)
	a.Estimate = Estimate{
		Estimand: EffectOnThose, Design: Differences, Value: att, SE: se, DF: math.Inf(1), N: len(g.GroupOf), Looks: 1,
		Interval: normalInterval(att, se, defaultLevel),
		Checks: []Check{
			{CheckPrePeriods, g.PrePeriods >= 2, map[string]float64{"pre_periods": float64(g.PrePeriods), "min": 2}},
			{CheckPreTest, !(g.PreTest.P <= 1-defaultLevel), map[string]float64{"w": g.PreTest.Statistic, "p": g.PreTest.P}},
		},
	}
	return a
}

// Checks of differences in differences.
const (
	CheckPrePeriods CheckID = "pre_periods"
	CheckPreTest    CheckID = "pre_test"
)

// Band is a set of intervals that hold all together.
type Band struct {
	Critical  float64 // standard errors on each side
	SE        []float64
	Intervals []Interval
}

// Band gives the effects by key intervals that hold together, by the multiplier
// bootstrap: units' influences change sign by chance, and the greatest
// standardised deviation is compared.
//
// It refuses fewer than 100 draws and effects without keys.
func (a Aggregated) Band(b Bootstrap) (Band, error) { return bandOf(a.ATT, a.Influence, b) }

// Band is the same for all group-time effects.
func (g GroupTime) Band(b Bootstrap) (Band, error) { return bandOf(g.ATT, g.Influence, b) }

func bandOf(att []float64, influence [][]float64, b Bootstrap) (Band, error) {
	if len(att) == 0 {
		return Band{}, refuse(GateEmpty, "effects")
	}
	if b.Reps < 100 {
		return Band{}, refuseWith(GateRange, "bootstrap", map[string]float64{"min": 100})
	}
	draws := multiplierDraws(influence, b)
	n := float64(len(influence[0]))
	out := Band{SE: make([]float64, len(att))}
	largest := make([]float64, b.Reps)
	for k := range att {
		sorted := slices.Clone(draws[k])
		slices.Sort(sorted)
		spread := quantile(sorted, 0.75) - quantile(sorted, 0.25)
		out.SE[k] = spread / (zOf(0.5) * 2) / n
		if out.SE[k] == 0 {
			continue
		}
		for r, v := range draws[k] {
			largest[r] = max(largest[r], math.Abs(v)/n/out.SE[k])
		}
	}
	slices.Sort(largest)
	out.Critical = quantile(largest, defaultLevel)
	for k, v := range att {
		half := out.Critical * out.SE[k]
		out.Intervals = append(out.Intervals, Interval{v - half, v + half, defaultLevel, "multiplier_bootstrap"})
	}
	return out, nil
}

// multiplierDraws sums influences with random signs: the sum of those with a
// plus is drawn, twice it less the sum of all is the draw.
func multiplierDraws(influence [][]float64, b Bootstrap) [][]float64 {
	k, n := len(influence), len(influence[0])
	byUnit := make([]float64, n*k)
	totals := make([]float64, k)
	for e, psi := range influence {
		for u, v := range psi {
			byUnit[u*k+e] = v
			totals[e] += v
		}
	}
	draws := make([][]float64, k)
	for e := range draws {
		draws[e] = make([]float64, b.Reps)
	}
	rng, sum := newRand(b.Seed), make([]float64, k)
	for r := range b.Reps {
		clear(sum)
		for u := 0; u < n; u += 64 {
			signs := rng.Uint64()
			for v := u; v < min(n, u+64); v++ {
				if signs&1 == 1 {
					for e, x := range byUnit[v*k : v*k+k] {
						sum[e] += x
					}
				}
				signs >>= 1
			}
		}
		for e, s := range sum {
			draws[e][r] = 2*s - totals[e]
		}
	}
	return draws
}

// quantile is R's type 7.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	k := int(at)
	if k+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[k] + (at-float64(k))*(sorted[k+1]-sorted[k])
}
