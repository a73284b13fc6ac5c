package evidence

import (
	"cmp"
	"slices"
)

// auditor answers what a reader of a release can work out.
type auditor interface {
	// probe gives the width left to target i, no more than needed, and when
	// that is too little the counts of which one at least must be hidden too.
	// It widens seen by the tables it found that fit the release.
	probe(i int, seen []bounds) (width int, blockers []int)
	// targets lists what must stay unknown while the counts are hidden so.
	targets() []int
	truth() []int
	// width is what target i must keep.
	width(i int) int
	setHidden(a int, hide bool)
}

func (n *network) targets() []int {
	var ts []int
	for a, h := range n.hidden {
		if h {
			ts = append(ts, a)
		}
	}
	return ts
}

func (n *network) truth() []int  { return n.flow }
func (n *network) width(int) int { return n.need }

// search looks for few further counts to hide so that none can be worked out.
type search struct {
	a      auditor
	seen   []bounds
	banned []bool
	budget int
}

// searchWork is how many counts the search audits at most to better what its
// first, greedy pass found: enough to be near the optimum on small tables while
// a page-sized one stays within a few milliseconds.
const searchWork = 40_000

// lookAhead is the number of counts up to which the greedy pass tries what each
// choice leaves to do; in larger tables it takes the smallest count.
const lookAhead = 150

// secure hides further ones of so many counts until no hidden one can be
// recovered. It is false when that can't be had.
func secure(a auditor, counts int) bool {
	s := &search{a: a, seen: make([]bounds, len(a.truth())), banned: make([]bool, counts)}
	added, ok := s.greedy()
	if !ok {
		return false
	}
	added = s.trim(added)
	s.improve(added)
	return true
}

// exposed finds the first target that can be worked out too closely, and the
// counts of which at least one must be hidden to help it.
func (s *search) exposed() (found bool, blockers []int) {
	s.forget()
	for _, i := range s.a.targets() {
		need := s.a.width(i)
		if s.seen[i].high-s.seen[i].low >= need {
			continue
		}
		if w, blockers := s.a.probe(i, s.seen); w < need {
			return true, s.order(blockers)
		}
	}
	return false, nil
}

// order sorts the counts to choose from: the smallest first, then as they
// stand in the table.
func (s *search) order(as []int) []int {
	counts := s.a.truth()
	slices.SortFunc(as, func(x, y int) int { return cmp.Or(cmp.Compare(counts[x], counts[y]), cmp.Compare(x, y)) })
	return slices.Compact(as)
}

// greedy hides, of the counts that can help the first exposed one, the count
// that leaves the least to do, until none needs help.
func (s *search) greedy() (added []int, ok bool) {
	for {
		found, blockers := s.exposed()
		if !found {
			return added, true
		}
		if len(blockers) == 0 {
			return added, false
		}
		best, least := blockers[0], 0
		if len(blockers) > 1 && len(s.banned) <= lookAhead {
			for i, b := range blockers {
				s.a.setHidden(b, true)
				if d := s.deficit(); i == 0 || d < least {
					best, least = b, d
				}
				s.a.setHidden(b, false)
			}
		}
		s.a.setHidden(best, true)
		added = append(added, best)
	}
}

// deficit is by how much all targets together fall short of their width.
func (s *search) deficit() int {
	sum := 0
	s.forget()
	for _, i := range s.a.targets() {
		need := s.a.width(i)
		if s.seen[i].high-s.seen[i].low >= need {
			continue
		}
		w, _ := s.a.probe(i, s.seen)
		sum += need - w
	}
	return sum
}

func (s *search) forget() {
	for i, v := range s.a.truth() {
		s.seen[i] = bounds{v, v}
	}
}

// trim shows again what later choices made needless, the largest first.
func (s *search) trim(added []int) []int {
	kept := slices.Clone(added)
	added = s.order(added)
	for _, a := range slices.Backward(added) {
		s.a.setHidden(a, false)
		if found, _ := s.exposed(); found {
			s.a.setHidden(a, true)
			continue
		}
		kept = slices.DeleteFunc(kept, func(k int) bool { return k == a })
	}
	return kept
}

// improve tries every smaller number of counts in turn, as long as the budget
// lasts, and leaves the best choice hidden.
func (s *search) improve(added []int) {
	if len(added) < 2 {
		return
	}
	for _, a := range added {
		s.a.setHidden(a, false)
	}
	s.budget = searchWork / len(s.banned)
	for k := 1; k < len(added) && s.budget > 0; k++ {
		if s.try(k) {
			return
		}
	}
	for _, a := range added {
		s.a.setHidden(a, true)
	}
}

// try hides k more counts. One of the blockers of an exposed count must be
// among them, so trying each in turn misses no choice; a blocker that was tried
// is left out of the choices after it.
func (s *search) try(k int) bool {
	if s.budget--; s.budget < 0 {
		return false
	}
	found, blockers := s.exposed()
	if !found || k == 0 {
		return !found
	}
	var tried []int
	defer func() {
		for _, a := range tried {
			s.banned[a] = false
		}
	}()
	for _, a := range blockers {
		if s.banned[a] {
			continue
		}
		s.a.setHidden(a, true)
		if s.try(k - 1) {
			return true
		}
		s.a.setHidden(a, false)
		s.banned[a] = true
		tried = append(tried, a)
	}
	return false
}
