package claim

import "commonweal/evidence"

// VerifyRollout draws a roll-out again from the plan's seed and says whether it
// is the one that was carried out. Without it no sentence says that chance
// decided.
func VerifyRollout(p Plan, r evidence.Rollout) bool {
	return p.Design == evidence.RandomisedRollout && p.Seed == r.Seed && r.Verify()
}
