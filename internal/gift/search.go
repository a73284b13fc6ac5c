package gift

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// pageSize is how many people a page of a list has.
const pageSize = 50

// TermCount is how often a term was named, for those who may see people. What
// the public reads is the release; see Counts.
type TermCount struct {
	Term   string
	Gifts  int
	People int // whoever said it without a name is one person a conversation
}

// Counts gives what was found so far, the most shared first. Connectors and
// stewards may. Faults: NotFound.
func (s *Service) Counts(ctx context.Context, who access.Actor, initiative string) (counts []TermCount, err error) {
	defer fault.Wrap(&err, "gift.Counts in %s", initiative)
	if err := who.Require(initiative, access.Converse); err != nil {
		return nil, err
	}
	return countByTerm(ctx, s.DB.Read(), initiative)
}

// TermPage is who shares a term, as far as the actor may know.
type TermPage struct {
	Term    Term
	People  []Held // a steward's are everybody, a connector's those they know
	More    string // what to give as after for the next page, or ""
	Others  int    // people whom other connectors know
	Unnamed int    // people who said it without a name
}

// ByTerm gives the people who share a term, by name, a page at a time.
// Connectors and stewards may. Faults: NotFound.
func (s *Service) ByTerm(ctx context.Context, who access.Actor, initiative, term, after string) (p TermPage, err error) {
	defer fault.Wrap(&err, "gift.ByTerm %s in %s", term, initiative)
	v, err := workingView(who, initiative)
	if err != nil {
		return TermPage{}, err
	}
	words, err := s.Vocabulary(ctx, initiative)
	if err != nil {
		return TermPage{}, err
	}
	known := false
	if p.Term, known = words.Term(term); !known {
		return TermPage{}, fault.ErrNotFound
	}
	q := s.DB.Read()
	if p.People, err = byTerm(ctx, q, initiative, p.Term.ID, v.connector(), after, pageSize+1); err != nil {
		return TermPage{}, err
	}
	if len(p.People) > pageSize {
		p.People = p.People[:pageSize]
		p.More = p.People[pageSize-1].ID
	}
	p.Others, p.Unnamed, err = othersOf(ctx, q, initiative, p.Term.ID, v.connector())
	return p, err
}

// Found is the answer to a search: the terms, with the word that led to each,
// and the gifts of people whom the actor may see.
type Found struct {
	Terms  []Match
	People []Held
}

// Search finds terms in any language, and people who share one of them or said
// it in their own words. Anyone may; only connectors and stewards are given people.
func (s *Service) Search(ctx context.Context, who access.Actor, initiative, text string, lang i18n.Lang) (f Found, err error) {
	defer fault.Wrap(&err, "gift.Search in %s", initiative)
	text = strings.ToValidUTF8(text[:min(len(text), maxSearch)], "")
	words, err := s.Vocabulary(ctx, initiative)
	if err != nil {
		return Found{}, err
	}
	f.Terms = words.Find(text, lang)
	v, err := workingView(who, initiative)
	if fault.Is(err, fault.NotFound) {
		return f, nil
	}
	said := tokens(text)
	if len(said) == 0 {
		return f, nil
	}
	f.People, err = searchSaid(ctx, s.DB.Read(), initiative, v.connector(),
		said[:min(len(said), maxSearchWords)], meant(f.Terms), pageSize)
	return f, err
}

// meant are the terms that a text speaks of itself, without those next to them.
func meant(found []Match) (terms []string) {
	for _, m := range found {
		if m.Fit == Exact || m.Fit == Synonym {
			terms = append(terms, m.Term)
		}
	}
	return terms
}

// What a search looks at: nobody types more, and longer texts only cost.
const (
	maxSearch      = 500 // bytes
	maxSearchWords = 8
)

// Suggestion is a neighbour who could meet a need or a support, and why.
type Suggestion struct {
	Held
	Match Match // which word of the text led to them
}

// Suggestions are neighbours to ask, best first.
type Suggestions struct {
	People []Suggestion // a steward's are everybody, a connector's those they know
	Others int          // people whom other connectors know
}

// askedLately is how long somebody who was asked is left in peace if anybody
// else could be: engagement's own starting value.
const askedLately = 14 * 24 * time.Hour

// maxSuggested is how many names a connector can make use of.
const maxSuggested = 12

// SuggestFor finds neighbours whose gifts meet what a text asks for, such as
// "someone to mind the children". The one who needs it isn't among them, nor
// is anybody who didn't agree to be asked, is paused, or is under 18.
// Connectors and stewards may. Faults: NotFound.
func (s *Service) SuggestFor(ctx context.Context, who access.Actor, initiative, text string, lang i18n.Lang, needer string) (Suggestions, error) {
	found, err := s.SuggestForEach(ctx, who, initiative, []Wish{{Text: text, Lang: lang}}, needer)
	return found[""], err
}

// Wish is something that gifts are looked for: the words of a need, or of what
// would help somebody.
type Wish struct {
	ID   string // the caller's
	Text string
	Lang i18n.Lang
}

// SuggestForEach is SuggestFor for several wishes of one person, by their ids,
// in no more statements than for one. A wish that nobody meets has no entry.
func (s *Service) SuggestForEach(ctx context.Context, who access.Actor, initiative string, wishes []Wish, needer string) (found map[string]Suggestions, err error) {
	defer fault.Wrap(&err, "gift.SuggestForEach in %s", initiative)
	v, err := workingView(who, initiative)
	if err != nil {
		return nil, err
	}
	words, err := s.Vocabulary(ctx, initiative)
	if err != nil {
		return nil, err
	}
	var all []sought
	for _, w := range wishes {
		if matches := words.Find(w.Text, w.Lang); len(matches) > 0 {
			all = append(all, newSought(w, matches))
		}
	}
	if len(all) == 0 {
		return nil, nil //nolint:nilnil // no words of the list, no neighbours
	}
	q := s.DB.Read()
	held, err := helpers(ctx, q, initiative, v.connector(), needer, termsOf(all), maxSuggested*3)
	if err != nil {
		return nil, err
	}
	others := make([]int, len(all))
	if !v.all {
		if others, err = countOthers(ctx, q, initiative, v.self, needer, all); err != nil {
			return nil, err
		}
	}
	found = make(map[string]Suggestions, len(all))
	for i, w := range all {
		if out := w.suggest(held, s.Now()); len(out.People)+others[i] > 0 {
			out.Others = others[i]
			found[w.ID] = out
		}
	}
	return found, nil
}

// sought is a wish with the terms that its words speak of.
type sought struct {
	Wish
	terms  []string
	byTerm map[string]Match
}

func newSought(w Wish, matches []Match) sought {
	one := sought{Wish: w, byTerm: make(map[string]Match, len(matches))}
	for _, m := range matches {
		one.terms = append(one.terms, m.Term)
		one.byTerm[m.Term] = m
	}
	return one
}

// termsOf are the terms of all wishes, each once.
func termsOf(all []sought) (terms []string) {
	for _, w := range all {
		terms = append(terms, w.terms...)
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// suggest picks the best of those who have a gift of one of the wish's terms.
func (w sought) suggest(held []Held, now time.Time) (out Suggestions) {
	for _, h := range held {
		if m, fits := w.byTerm[h.Term]; fits {
			out.People = append(out.People, Suggestion{Held: h, Match: m})
		}
	}
	out.People = ranked(out.People, now)
	out.People = out.People[:min(len(out.People), maxSuggested)]
	return out
}

// ranked puts whoever wasn't asked lately first, then by fit, then by who has
// waited longest to be asked; each person once, by their best gift.
func ranked(all []Suggestion, now time.Time) []Suggestion {
	lately := func(s Suggestion) int {
		if now.Sub(s.LastAskedAt.Time) < askedLately {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int {
		return cmp.Or(lately(a)-lately(b), cmp.Compare(b.Match.Fit.Value(), a.Match.Fit.Value()),
			a.LastAskedAt.Compare(b.LastAskedAt.Time), a.NamedAt.Compare(b.NamedAt.Time), cmp.Compare(a.ID, b.ID))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(s Suggestion) bool {
		again := seen[s.Person]
		seen[s.Person] = true
		return again
	})
}

// NeverAsked gives gifts that were named a month ago or more and never called
// on, oldest first: of the people whom the actor knows. Connectors and stewards
// may. Faults: NotFound.
func (s *Service) NeverAsked(ctx context.Context, who access.Actor, initiative string) (all []Held, err error) {
	defer fault.Wrap(&err, "gift.NeverAsked in %s", initiative)
	v, err := workingView(who, initiative)
	if err != nil {
		return nil, err
	}
	return neverAsked(ctx, s.DB.Read(), initiative, v.connector(), db.At(s.Now().Add(-unasked)), pageSize)
}

// unasked is how long a gift waits before it is shown as never called on.
const unasked = 30 * 24 * time.Hour
