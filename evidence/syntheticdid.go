package evidence

import (
	"cmp"
	"math"
	"slices"
)

// SyntheticDiD is the synthetic difference in differences of one treated unit
// or more (numbers in treated) from time number from on: units are weighted to
// move like the treated before, times to resemble those after, both with a
// free level, and units with a penalty that spreads the weights.
type SyntheticDiD struct {
	Effect      float64
	UnitWeights []float64
	TimeWeights []float64
}

// EstimateSDID computes it. Source: Arkhangelsky and others 2021. Assumptions
// and refusals as [SyntheticControl].
func EstimateSDID(p SCPanel, treated []int, from int) (SyntheticDiD, error) {
	if len(treated) == 0 {
		return SyntheticDiD{}, refuse(GateEmpty, "treated")
	}
	for _, u := range treated {
		if err := p.check(u, from); err != nil {
			return SyntheticDiD{}, err
		}
	}
	donors, goal := p.split(treated)
	if len(donors) < 2 {
		return SyntheticDiD{}, refuse(GateFew, "donors")
	}
	T1 := len(p.Times) - from
	noise := p.noise(donors, from)
	zeta := math.Pow(float64(len(treated)*T1), 0.25) * noise
	rows := make([][]float64, len(donors))
	for k, u := range donors {
		rows[k] = centred(p.Y[u][:from])
	}
	omega, err := simplexFit(rows, centred(goal[:from]), zeta*zeta*float64(from))
	if err != nil {
		return SyntheticDiD{}, err
	}
	columns, after := make([][]float64, from), make([]float64, len(donors))
	for k, u := range donors {
		after[k] = meanOf(p.Y[u][from:])
		for t := range from {
			columns[t] = append(columns[t], p.Y[u][t])
		}
	}
	for t := range columns {
		columns[t] = centred(columns[t])
	}
	tiny := 1e-6 * noise
	lambda, err := simplexFit(columns, centred(after), tiny*tiny*float64(len(donors)))
	if err != nil {
		return SyntheticDiD{}, err
	}
	out := SyntheticDiD{TimeWeights: lambda, UnitWeights: make([]float64, len(p.Units))}
	change := func(row []float64) float64 { return meanOf(row[from:]) - dot(lambda, row[:from]) }
	out.Effect = change(goal)
	for k, u := range donors {
		out.UnitWeights[u] = omega[k]
		out.Effect -= omega[k] * change(p.Y[u])
	}
	return out, nil
}

// split gives the donors and the mean of the treated.
func (p SCPanel) split(treated []int) (donors []int, goal []float64) {
	goal = make([]float64, len(p.Times))
	for u, row := range p.Y {
		if slices.Contains(treated, u) {
			addTo(goal, row, 1/float64(len(treated)))
		} else {
			donors = append(donors, u)
		}
	}
	return donors, goal
}

// noise is the standard deviation of the donors' changes before the event.
func (p SCPanel) noise(donors []int, from int) float64 {
	var steps []float64
	for _, u := range donors {
		for t := 1; t < from; t++ {
			steps = append(steps, p.Y[u][t]-p.Y[u][t-1])
		}
	}
	return math.Sqrt(varianceOf(steps))
}

func centred(vs []float64) []float64 {
	m, out := meanOf(vs), make([]float64, len(vs))
	for i, v := range vs {
		out[i] = v - m
	}
	return out
}

// PlaceboSE is the standard error of a synthetic difference in differences: the
// spread of the effects found when donors are drawn to play the treated.
//
// Source: Arkhangelsky and others 2021, algorithm 4. It refuses what
// [EstimateSDID] refuses, fewer than 20 draws, and no more donors than treated.
func PlaceboSE(p SCPanel, treated []int, from int, b Bootstrap) (float64, error) {
	if b.Reps < 20 {
		return 0, refuseWith(GateRange, "bootstrap", map[string]float64{"min": 20})
	}
	donors, _ := p.split(treated)
	if len(donors) < len(treated)+2 {
		return 0, refuse(GateFew, "donors")
	}
	rng := newRand(b.Seed)
	effects := make([]float64, b.Reps)
	for r := range effects {
		for i := range treated {
			j := i + below(uint32(rng.Uint64()>>32), len(donors)-i)
			donors[i], donors[j] = donors[j], donors[i]
		}
		drawn := slices.Clone(donors[:len(treated)])
		part, roles := p.only(donors, drawn)
		e, err := EstimateSDID(part, roles, from)
		if err != nil {
			return 0, err
		}
		effects[r] = e.Effect
	}
	n := float64(len(effects))
	return math.Sqrt(varianceOf(effects) * (n - 1) / n), nil
}

// only keeps the donors and says which of them play the treated.
func (p SCPanel) only(donors, drawn []int) (SCPanel, []int) {
	keep := slices.Clone(donors)
	slices.SortFunc(keep, func(a, b int) int { return cmp.Compare(p.Units[a], p.Units[b]) })
	out := SCPanel{Times: p.Times}
	var roles []int
	for k, u := range keep {
		out.Units, out.Y = append(out.Units, p.Units[u]), append(out.Y, p.Y[u])
		if slices.Contains(drawn, u) {
			roles = append(roles, k)
		}
	}
	return out, roles
}
