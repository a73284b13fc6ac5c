package evidence

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// zOf is the normal quantile that leaves (1−level)/2 on each side.
func zOf(level float64) float64 { return distuv.UnitNormal.Quantile(0.5 + level/2) }

// normalTail is P(Z > x). It keeps its precision far out, where the
// library's Survival gives 0.
func normalTail(x float64) float64 { return math.Erfc(x/math.Sqrt2) / 2 }

func normalCDF(x float64) float64 { return normalTail(-x) }

func twoSidedNormal(z float64) float64 { return 2 * normalTail(math.Abs(z)) }

func tQuantile(p, df float64) float64 {
	if math.IsInf(df, 1) {
		return distuv.UnitNormal.Quantile(p)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}

func twoSidedT(t, df float64) float64 {
	if math.IsInf(t, 0) {
		return 0
	}
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t))
}

func chiSquaredTail(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(df/2, x/2)
}

func chiSquaredQuantile(p, df float64) float64 { return distuv.ChiSquared{K: df}.Quantile(p) }

func betaQuantile(p, a, b float64) float64 { return mathext.InvRegIncBeta(a, b, p) }

func logGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

func logChoose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	return logGamma(float64(n+1)) - logGamma(float64(k+1)) - logGamma(float64(n-k+1))
}

func logBeta(a, b float64) float64 { return logGamma(a) + logGamma(b) - logGamma(a+b) }

// binomialAtLeast is P(X ≥ x) for n trials with probability p.
func binomialAtLeast(x, n int, p float64) float64 {
	switch {
	case x <= 0:
		return 1
	case x > n:
		return 0
	}
	return mathext.RegIncBeta(float64(x), float64(n-x+1), p)
}

func binomialMass(x, n int, p float64) float64 {
	if p == 0 || p == 1 {
		if (p == 0 && x == 0) || (p == 1 && x == n) {
			return 1
		}
		return 0
	}
	return math.Exp(logChoose(n, x) + float64(x)*math.Log(p) + float64(n-x)*math.Log1p(-p))
}

// bisect finds where f changes sign between low and high, to the last bit that
// the numbers allow.
func bisect(low, high float64, f func(float64) float64) float64 {
	negative := f(low) < 0
	for range 200 {
		mid := low + (high-low)/2
		if mid == low || mid == high {
			break
		}
		if (f(mid) < 0) == negative {
			low = mid
		} else {
			high = mid
		}
	}
	return low + (high-low)/2
}
