package evidence

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Unit is a place, team or school that a programme comes to in some wave.
type Unit struct {
	Name    string
	Size    float64
	Stratum string
}

// Constraints on the draw of a roll-out. MaxSizeRatio bounds the size of the
// biggest wave over that of the smallest; 0 means no bound. Tries is how many
// draws are made at most to meet it; 0 stands for 1,000.
type Constraints struct {
	MaxSizeRatio float64
	Tries        int
}

// Rollout is a drawn order: Wave[i], from 0, is the wave of Units[i]. Units
// stand in the order of their names. All that Draw needs to be repeated is here.
type Rollout struct {
	Units       []Unit
	Wave        []int
	Waves       int
	Constraints Constraints
	Seed        uint64
	Tries       int // draws made until the constraints were met
}

// DrawRollout draws by chance in which wave each unit begins: within strata
// units are shuffled and dealt out to the waves in turn, and draws that miss
// the constraints are thrown away. The same units, constraints and seed give
// the same draw on every machine, so that a draw can be checked later.
//
// Source: Moulton 2004 (constrained randomisation). It refuses fewer units
// than waves, fewer than 2 waves, two units of one name, sizes that are
// negative, and constraints that no draw met.
func DrawRollout(units []Unit, waves int, c Constraints, seed uint64) (Rollout, error) {
	r := Rollout{Units: slices.Clone(units), Waves: waves, Constraints: c, Seed: seed}
	slices.SortFunc(r.Units, func(a, b Unit) int { return cmp.Compare(a.Name, b.Name) })
	if waves < 2 || len(units) < waves {
		return Rollout{}, refuseWith(GateFew, "units", map[string]float64{"units": float64(len(units)), "waves": float64(waves)})
	}
	for i, u := range r.Units {
		if !finite(u.Size) || u.Size < 0 || i > 0 && u.Name == r.Units[i-1].Name {
			return Rollout{}, refuseWith(GateInput, "units", map[string]float64{"row": float64(i)})
		}
	}
	if c.Tries == 0 {
		c.Tries = 1000
	}
	rng := rand.New(newRand(seed))
	for r.Tries = 1; r.Tries <= c.Tries; r.Tries++ {
		r.Wave = dealOut(r.Units, waves, rng)
		if r.allowed() {
			return r, nil
		}
	}
	return Rollout{}, refuseWith(GateConvergence, "constraints", map[string]float64{"tries": float64(c.Tries)})
}

func dealOut(units []Unit, waves int, rng *rand.Rand) []int {
	strata := map[string][]int{}
	var names []string
	for i, u := range units {
		if _, ok := strata[u.Stratum]; !ok {
			names = append(names, u.Stratum)
		}
		strata[u.Stratum] = append(strata[u.Stratum], i)
	}
	slices.Sort(names)
	wave, next := make([]int, len(units)), 0
	for _, s := range names {
		members := strata[s]
		rng.Shuffle(len(members), func(a, b int) { members[a], members[b] = members[b], members[a] })
		for _, i := range members {
			wave[i] = next % waves
			next++
		}
	}
	return wave
}

func (r Rollout) allowed() bool {
	if r.Constraints.MaxSizeRatio <= 0 {
		return true
	}
	sizes := make([]float64, r.Waves)
	for i, w := range r.Wave {
		sizes[w] += r.Units[i].Size
	}
	return slices.Max(sizes) <= r.Constraints.MaxSizeRatio*slices.Min(sizes)
}

// Verify draws anew from the seed and says whether the draw is the one that is
// written down. Only then may a claim say that chance decided.
func (r Rollout) Verify() bool {
	again, err := DrawRollout(r.Units, r.Waves, r.Constraints, r.Seed)
	return err == nil && slices.Equal(again.Wave, r.Wave) && slices.Equal(again.Units, r.Units)
}

// Power is how likely a roll-out is to show an effect of a given size.
type Power struct {
	Variance, SE, Power float64
	U, W, V             float64
}

// RolloutPower computes the power of a stepped roll-out with one period before
// the first wave and then one wave a period: perWave[w] units begin in wave w,
// n people are asked in each unit and period, sigma is the standard deviation
// between people and tau that between units. With s² = σ²/n the variance is
// I·s²(s²+Tτ²)/((IU−W)s²+(U²+ITU−TW−IV)τ²), U the number of treated cells, W and
// V the sums of the squares of the column and of the row sums.
//
// Source: Hussey and Hughes 2007. It assumes one effect, the same from the
// first period on, and no other change over time within units. It refuses
// empty plans and settings that aren't positive.
func RolloutPower(perWave []int, n int, effect, sigma, tau float64) (Power, error) {
	if len(perWave) == 0 || slices.Min(perWave) < 1 || n < 1 {
		return Power{}, refuse(GateEmpty, "plan")
	}
	if !finite(effect) || !(sigma > 0) || !finite(sigma) || !(tau >= 0) || !finite(tau) {
		return Power{}, refuse(GateRange, "power")
	}
	T := float64(len(perWave) + 1)
	var I float64
	var p Power
	started := 0.0
	for w, k := range perWave {
		c, periods := float64(k), T-1-float64(w)
		I += c
		started += c
		p.U += c * periods
		p.V += c * periods * periods
		p.W += started * started
	}
	s2, t2 := sigma*sigma/float64(n), tau*tau
	p.Variance = I * s2 * (s2 + T*t2) / ((I*p.U-p.W)*s2 + (p.U*p.U+I*T*p.U-T*p.W-I*p.V)*t2)
	p.SE = math.Sqrt(p.Variance)
	p.Power = normalCDF(math.Abs(effect)/p.SE - zOf(defaultLevel))
	return p, nil
}

// BinomialSD is the standard deviation of a yes/no answer of share p.
func BinomialSD(p float64) float64 { return math.Sqrt(p * (1 - p)) }
