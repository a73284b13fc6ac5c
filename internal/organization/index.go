package organization

import (
	"context"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/place"
)

// Where a word of a service stands.
const (
	inName    = 0
	elsewhere = 1
)

// maxWords is how many words of a long description are kept to find it by.
const maxWords = 40

// Index makes services found by their words, some hundreds in one statement,
// in the transaction that wrote them or their places: their names, what they
// help with in our own list of words, and the words of their descriptions. A
// service stands under each area it is given in and those around it, so that
// one look finds what is near. What isn't shown isn't found.
func Index(ctx context.Context, q db.Querier, initiative string, services []string) (err error) {
	defer fault.Wrap(&err, "organization.Index in %s", initiative)
	if len(services) == 0 {
		return nil
	}
	words, err := ownLexicon()
	if err != nil {
		return err
	}
	areas, err := place.Areas(ctx, q, initiative)
	if err != nil {
		return err
	}
	around := surroundings(areas)
	for some := range slices.Chunk(services, chunk) {
		all, err := toIndex(ctx, q, initiative, some)
		if err != nil {
			return err
		}
		if err := unindex(ctx, q, initiative, some); err != nil {
			return err
		}
		var rows []wordRow
		for _, s := range all {
			rows = append(rows, s.rows(words, around)...)
		}
		if err := insertWords(ctx, q, initiative, rows); err != nil {
			return err
		}
	}
	return nil
}

// chunk is how many services go into one statement.
const chunk = 500

// indexed is a service as it is found: with its areas.
type indexed struct {
	id, name, about, eligibility, words string
	areas                               []string
}

// wordRow is a word of a service in one area.
type wordRow struct {
	word, area string
	place      int
	service    string
}

// rows are the words of a service. Names and terms stand under each area; the
// words of descriptions, which are many, once.
func (s indexed) rows(l *lexicon, around map[string][]string) (all []wordRow) {
	name := tokens(s.name)
	seen := map[string]bool{}
	spread := func(word string, at int) {
		if seen[word] {
			return
		}
		seen[word] = true
		all = append(all, wordRow{word, "", at, s.id})
		done := map[string]bool{"": true}
		for _, area := range s.areas {
			for _, up := range around[area] {
				if !done[up] {
					done[up] = true
					all = append(all, wordRow{word, up, at, s.id})
				}
			}
		}
	}
	for _, m := range l.find(name) {
		spread(termMark+m.term, inName)
	}
	for _, w := range name {
		spread(w, inName)
	}
	rest := append(tokens(s.words), tokens(s.about+"\n"+s.eligibility)...)
	for _, m := range l.find(rest) {
		spread(termMark+m.term, elsewhere)
	}
	for _, w := range rest[:min(len(rest), maxWords)] {
		if !seen[w] {
			seen[w] = true
			all = append(all, wordRow{w, "", elsewhere, s.id})
		}
	}
	return all
}

// termMark begins a term of our own list among the words.
const termMark = "#"

// surroundings are the areas that each area lies in, itself first.
func surroundings(areas []place.Area) map[string][]string {
	parent := make(map[string]string, len(areas))
	for _, a := range areas {
		parent[a.ID] = a.Parent
	}
	around := make(map[string][]string, len(areas))
	for _, a := range areas {
		for id := a.ID; id != "" && !slices.Contains(around[a.ID], id); id = parent[id] {
			around[a.ID] = append(around[a.ID], id)
		}
	}
	return around
}

// Reindex makes all services found anew, as after areas were moved.
func Reindex(ctx context.Context, q db.Querier, initiative string) (err error) {
	defer fault.Wrap(&err, "organization.Reindex in %s", initiative)
	all, err := serviceIDs(ctx, q, initiative)
	if err != nil {
		return err
	}
	return Index(ctx, q, initiative, all)
}

// indexOf makes an organization's services found anew, since its area or
// whether it is shown may have changed.
func (s *Service) indexOf(ctx context.Context, q db.Querier, in, organization string) error {
	all, err := serviceIDsOf(ctx, q, in, organization)
	if err != nil {
		return err
	}
	return Index(ctx, q, in, all)
}
