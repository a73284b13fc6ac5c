package audit

import (
	"context"
	"maps"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Problem is what is wrong with one place of the record.
type Problem string

// The problems.
const (
	Altered  Problem = "altered"  // a note, its place or its seal isn't what it was
	Missing  Problem = "missing"  // a sealed note is gone
	Gap      Problem = "gap"      // seals are gone from the middle, or from the beginning
	Cut      Problem = "cut"      // the chain ends before a head that was known
	Replaced Problem = "replaced" // the chain isn't the one of a head that was known
	Stray    Problem = "stray"    // a note that is neither sealed nor waiting for it
)

// Break is one place where the record isn't what it should be.
type Break struct {
	Problem    Problem
	Initiative string
	Seq        int64  // 0 for a stray note
	Note       string // its id, where that is known
}

// maxBreaks is how many are told; one is enough to know.
const maxBreaks = 100

// Report is what Verify found.
type Report struct {
	Sealed   int64 // links that were checked
	Unsealed int64 // notes that still wait for their seal, of which nothing can be said
	Heads    []Head
	Breaks   []Break // the first 100
	Broken   int     // how many there are
}

// OK says whether the record is what it was, as far as it was sealed.
func (r Report) OK() bool { return r.Broken == 0 }

func (r *Report) found(p Problem, at Break) {
	r.Broken++
	at.Problem = p
	if len(r.Breaks) < maxBreaks {
		r.Breaks = append(r.Breaks, at)
	}
}

// Verify checks every chain, and each against the heads that were kept
// elsewhere, without which a cut end can't be noticed. People may go on writing
// meanwhile.
func Verify(ctx context.Context, q db.Querier, known ...Head) (r Report, err error) {
	defer fault.Wrap(&err, "audit.Verify")
	v := verifier{report: &r, known: map[string][]Head{}}
	for _, h := range known {
		v.known[h.Initiative] = append(v.known[h.Initiative], h)
	}
	if err := eachSeal(ctx, q, v.check); err != nil {
		return r, err
	}
	v.end()
	for _, initiative := range slices.Sorted(maps.Keys(v.known)) {
		v.cut(initiative, 0) // nothing is left of these
	}
	if r.Unsealed, err = countUnsealed(ctx, q); err != nil {
		return r, err
	}
	strays, err := strays(ctx, q)
	for _, s := range strays {
		r.found(Stray, s)
	}
	return r, err
}

// verifier walks along the chains, one initiative after another.
type verifier struct {
	report *Report
	known  map[string][]Head // of chains that it hasn't come to the end of
	begun  bool
	last   Head     // the seal before
	before [32]byte // its hash
}

// sealed is a seal as it stands in the store, with its note.
type sealed struct {
	head Head
	id   string
	gone bool // the note isn't there
	note note
}

func (v *verifier) check(s sealed) {
	if !v.begun || v.last.Initiative != s.head.Initiative {
		v.end()
		v.begun, v.last, v.before = true, Head{Initiative: s.head.Initiative}, [32]byte{}
	}
	v.report.Sealed++
	at := Break{Initiative: s.head.Initiative, Seq: s.head.Seq, Note: s.id}
	hash, readable := parseHash(s.head.Hash)
	switch {
	case s.head.Seq != v.last.Seq+1:
		v.report.found(Gap, at)
	case s.gone:
		v.report.found(Missing, at)
	case !readable || s.note.seal(s.head.Seq, v.before) != hash:
		v.report.found(Altered, at)
	}
	for _, h := range v.known[s.head.Initiative] {
		if h.Seq == s.head.Seq && h.Hash != s.head.Hash {
			v.report.found(Replaced, at)
		}
	}
	// The stored hash, not the one that it should be: one altered note is one break.
	v.last, v.before = s.head, hash
}

// end notes where the chain just walked along ends.
func (v *verifier) end() {
	if v.begun {
		v.report.Heads = append(v.report.Heads, v.last)
		v.cut(v.last.Initiative, v.last.Seq)
		delete(v.known, v.last.Initiative)
	}
}

// cut looks for heads that were further along than the chain is.
func (v *verifier) cut(initiative string, seq int64) {
	for _, h := range v.known[initiative] {
		if h.Seq > seq {
			v.report.found(Cut, Break{Initiative: initiative, Seq: h.Seq})
		}
	}
}
