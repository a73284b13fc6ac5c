package exchange

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/fault"
)

// Typed is somebody, or an organization, as a form has it so far.
type Typed struct {
	Name, Area   string // Area is an id
	Phone, Email string
	Website      string // of an organization
}

// mostSimilar is how many a form shows.
const mostSimilar = 5

// Similar finds people who are like somebody that is about to be written down,
// among those whom the actor may see: everybody for stewards, their own for
// connectors. Faults: NotFound.
func (s *Service) Similar(ctx context.Context, who access.Actor, in string, t Typed) (all []Like, err error) {
	defer fault.Wrap(&err, "exchange.Similar in %s", in)
	if err := who.Require(in, access.Converse); err != nil {
		return nil, err
	}
	connector := ""
	if !who.May(in, access.Steer) {
		connector = who.Person(in)
	}
	found, err := peopleLike(ctx, s.DB.Read(), in, connector, t)
	return t.among(found, scoreDoubt), err
}

// SimilarOrganization is Similar for associations and institutions, among those
// that everybody sees, and for stewards among all. Faults: NotFound.
func (s *Service) SimilarOrganization(ctx context.Context, who access.Actor, in string, t Typed) (all []Like, err error) {
	defer fault.Wrap(&err, "exchange.SimilarOrganization in %s", in)
	if err := who.Require(in, access.Belong); err != nil {
		return nil, err
	}
	found, err := organizationsLike(ctx, s.DB.Read(), in, who.May(in, access.Steer), t)
	return t.among(found, scoreDoubt), err
}

// candidate is an entry with the name of its area.
type candidate struct {
	entry
	areaName string
}

// among gives the most alike of some, best first.
func (t Typed) among(found []*candidate, least int) (all []Like) {
	e := &entry{
		name: t.Name, key: nameKey(t.Name), area: t.Area,
		phones: some(phoneKey(t.Phone)), emails: some(emailKey(t.Email)), sites: some(siteKey(t.Website)),
	}
	for _, c := range found {
		c.key = nameKey(c.name)
		if l := compare(e, &c.entry); l.score >= least {
			all = append(all, Like{ID: c.id, Name: c.name, Area: c.areaName, Score: l.score, Why: l.why})
		}
	}
	slices.SortFunc(all, func(a, b Like) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID)) })
	return all[:min(len(all), mostSimilar)]
}

// wordsOf are the words of a name that are worth looking for.
func (t Typed) wordsOf() (words []string) {
	for word := range strings.FieldsSeq(nameKey(t.Name)) {
		if len(word) > 1 && len(words) < 6 {
			words = append(words, word)
		}
	}
	return words
}
