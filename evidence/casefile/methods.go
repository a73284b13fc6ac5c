package casefile

import (
	"maps"
	"slices"

	"commonweal/evidence"
)

// method computes a case. It reads its input from the job, which keeps the
// first error.
type method func(*job) any

func methods() map[string]method {
	return map[string]method{
		"proportion_interval":            (*job).proportionInterval,
		"finite_population_interval":     (*job).finitePopulation,
		"two_proportions":                (*job).twoProportions,
		"likert_item":                    (*job).likertItem,
		"likert_scale":                   (*job).likertScale,
		"response_rate":                  (*job).responseRate,
		"nonresponse":                    (*job).nonresponse,
		"paired_change":                  (*job).pairedChange,
		"paired_proportion":              (*job).pairedProportion,
		"permutation_test":               (*job).permutationTest,
		"randomised_two_arm":             (*job).randomisedTwoArm,
		"randomised_blocked":             (*job).randomisedBlocked,
		"confidence_sequence":            (*job).confidenceSequence,
		"multiplicity":                   (*job).multiplicity,
		"interrupted_time_series":        (*job).interruptedSeries,
		"interrupted_time_series_counts": (*job).interruptedCounts,
		"stepped_wedge_power":            (*job).steppedWedgePower,
		"stepped_wedge":                  (*job).steppedWedge,
		"partial_pooling_proportions":    (*job).poolingProportions,
		"partial_pooling_means":          (*job).poolingMeans,
		"random_intercept":               (*job).randomIntercept,
		"staggered_did":                  (*job).staggeredDiD,
		"did_2x2":                        (*job).did2x2,
		"cluster_inference":              (*job).clusterInference,
		"weighted_survey":                (*job).weightedSurvey,
		"raking_poststratification":      (*job).raking,
		"confounding_sensitivity":        (*job).confounding,
		"synthetic_control":              (*job).syntheticControl,
		"small_cell_suppression":         (*job).smallCells,
		"waiting_times":                  (*job).waitingTimes,
		"claim":                          (*job).estimate,
	}
}

// Methods names what a case may ask for, in order.
func Methods() []string { return slices.Sorted(maps.Keys(methods())) }

// caseSeed starts every random method of a case, so that a case always gives
// the same numbers.
const caseSeed = 20240601

const caseReps = 10_000

func pair(i evidence.Interval) []float64 { return []float64{i.Low, i.High} }

func bound(b evidence.Bounds) []float64 { return []float64{b.Low, b.High} }
