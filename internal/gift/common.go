package gift

import (
	"context"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// How much of what people have in common one page shows.
const (
	maxCommon      = 30
	maxCommonNames = 24
)

// Common is a gift that several people share and for which nobody has brought
// them together.
type Common struct {
	Term   Term
	People []Holder // a steward's are anybody, a connector's those they know; the first two dozen by name
	Known  int      // how many the actor knows
	Others int      // people whom other connectors know
}

// InCommon gives what people share, the most shared first: people who agreed
// to be asked, aren't paused, and were never brought together for it. A
// connector is shown the terms of the people they know. Connectors and stewards
// may. Faults: NotFound.
func (s *Service) InCommon(ctx context.Context, who access.Actor, initiative string) (all []Common, err error) {
	defer fault.Wrap(&err, "gift.InCommon in %s", initiative)
	v, err := workingView(who, initiative)
	if err != nil {
		return nil, err
	}
	words, err := s.Vocabulary(ctx, initiative)
	if err != nil {
		return nil, err
	}
	terms, err := sharedTerms(ctx, s.DB.Read(), initiative, v.connector(), maxCommon)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(terms))
	for _, t := range terms {
		ids = append(ids, t.term)
	}
	people, err := sharers(ctx, s.DB.Read(), initiative, v.connector(), ids, maxCommonNames)
	if err != nil {
		return nil, err
	}
	for _, t := range terms {
		if term, known := words.Term(t.term); known && term.ID == t.term { // else merged a moment ago
			all = append(all, Common{Term: term, People: people[t.term], Known: t.own, Others: t.n - t.own})
		}
	}
	return all, nil
}

// Sharers gives everybody who could be brought together for one term, with the
// name of each whom the actor knows: what BringTogether would act on. Fewer
// than two in all means that there is nobody to bring together. Connectors and
// stewards may. Faults: NotFound.
func (s *Service) Sharers(ctx context.Context, who access.Actor, initiative, term string) (c Common, err error) {
	defer fault.Wrap(&err, "gift.Sharers of %s in %s", term, initiative)
	v, err := workingView(who, initiative)
	if err != nil {
		return Common{}, err
	}
	words, err := s.Vocabulary(ctx, initiative)
	if err != nil {
		return Common{}, err
	}
	known := false
	if c.Term, known = words.Term(term); !known {
		return Common{}, fault.ErrNotFound
	}
	all, err := sharersOf(ctx, s.DB.Read(), initiative, c.Term.ID)
	if err != nil {
		return Common{}, err
	}
	c.People = v.known(all)
	c.Known = len(c.People)
	c.Others = len(all) - c.Known
	return c, nil
}

// known are those of some people whom the actor knows.
func (v view) known(all []Holder) (known []Holder) {
	for _, one := range all {
		if v.all || one.Connector == v.self {
			known = append(known, one)
		}
	}
	return known
}

// Gathering is people who share a gift, brought together by somebody: a text
// to ask them with, and whom to ask.
type Gathering struct {
	ID, Term string
	By       string // the person who drafted it
	Title    string
	Text     string
	Lang     i18n.Lang
	People   int // how many were meant, whoever was erased since
	MadeAt   db.Stamp

	Known  []Holder // whom the actor is to ask
	Others int      // whom their own connectors ask
}

// GatheringDraft is the text that people are asked with.
type GatheringDraft struct {
	Title string
	Text  string
	Lang  i18n.Lang
}

// The limits on a gathering's words, in runes.
const (
	maxTitle = 200
	maxBody  = 2000
)

// DraftGathering writes a first text, for somebody to change: how many share
// what, and that they decide by themselves what to do with it.
func DraftGathering(t Term, people int, lang i18n.Lang) GatheringDraft {
	words := i18n.In(lang)
	args := i18n.Args{"n": people, "term": t.Label(lang)}
	return GatheringDraft{
		Title: words.T("gift.gathering.title", args),
		Text:  words.T("gift.gathering.body", args),
		Lang:  lang,
	}
}

// check fills what was left empty from the first text, and says what is wrong.
func (d GatheringDraft) check(t Term, people int) (GatheringDraft, error) {
	if !i18n.Known(d.Lang) {
		d.Lang = i18n.English
	}
	first := DraftGathering(t, people, d.Lang)
	if d.Title = strings.TrimSpace(d.Title); d.Title == "" {
		d.Title = first.Title
	}
	if d.Text = strings.TrimSpace(d.Text); d.Text == "" {
		d.Text = first.Text
	}
	var f fault.Form
	checkLong(d.Title, "title", maxTitle, &f)
	checkLong(d.Text, "text", maxBody, &f)
	return d, f.Err()
}

// BringTogether records that everybody who shares a term is to be asked
// together, and gives the text to ask them with. From then on they aren't in
// common any more; other connectors find it in Gatherings. Connectors who know
// one of them may, and stewards. Faults: NotFound; Invalid at "title" and
// "text"; Conflict "gift.gathering.done" when fewer than two are left, since
// somebody else was quicker.
func (s *Service) BringTogether(ctx context.Context, who access.Actor, in, term string, d GatheringDraft) (made Gathering, err error) {
	defer fault.Wrap(&err, "gift.BringTogether %s in %s", term, in)
	v, err := workingView(who, in)
	if err != nil {
		return Gathering{}, err
	}
	words, err := s.Vocabulary(ctx, in)
	if err != nil {
		return Gathering{}, err
	}
	t, known := words.Term(term)
	if !known {
		return Gathering{}, fault.ErrNotFound
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		made, err = s.bringTogether(ctx, q, v, t, d)
		return err
	})
	return made, err
}

func (s *Service) bringTogether(ctx context.Context, q db.Querier, v view, t Term, d GatheringDraft) (made Gathering, err error) {
	all, err := sharersOf(ctx, q, v.initiative, t.ID)
	if err != nil {
		return Gathering{}, err
	}
	if len(all) < 2 {
		return Gathering{}, fault.New(fault.Conflict, "gift.gathering.done")
	}
	if d, err = d.check(t, len(all)); err != nil {
		return Gathering{}, err
	}
	_, id, err := db.Mark(q)
	if err != nil {
		return Gathering{}, err
	}
	at := db.At(s.Now())
	made = Gathering{ID: id, Term: t.ID, By: v.self, Title: d.Title, Text: d.Text, Lang: d.Lang, People: len(all), MadeAt: at}
	ids := make([]string, 0, len(all))
	for _, one := range all {
		ids = append(ids, one.Person)
	}
	if made.Known = v.known(all); len(made.Known) == 0 {
		return Gathering{}, fault.ErrNotFound
	}
	made.Others = len(all) - len(made.Known)
	if err := insertGathering(ctx, q, v.initiative, made, ids); err != nil {
		return Gathering{}, err
	}
	if err := setAskedFor(ctx, q, v.initiative, t.ID, ids, at); err != nil {
		return Gathering{}, err
	}
	return made, v.note(ctx, q, "bring together", made.ID)
}

// Gatherings gives the latest that the actor drafted or that one of the people
// they know is meant by, with whom they are to ask. Connectors and stewards
// may. Faults: NotFound.
func (s *Service) Gatherings(ctx context.Context, who access.Actor, initiative string) (all []Gathering, err error) {
	defer fault.Wrap(&err, "gift.Gatherings in %s", initiative)
	return s.gatherings(ctx, who, initiative, "")
}

// Gathering gives one of Gatherings, however old. Connectors and stewards may.
// Faults: NotFound.
func (s *Service) Gathering(ctx context.Context, who access.Actor, initiative, id string) (t Gathering, err error) {
	defer fault.Wrap(&err, "gift.Gathering %s in %s", id, initiative)
	if id == "" {
		return Gathering{}, fault.ErrNotFound
	}
	all, err := s.gatherings(ctx, who, initiative, id)
	if err != nil {
		return Gathering{}, err
	}
	if len(all) == 0 {
		return Gathering{}, fault.ErrNotFound
	}
	return all[0], nil
}

// gatherings reads what an actor may see, all or one of it, with the people.
func (s *Service) gatherings(ctx context.Context, who access.Actor, initiative, only string) (all []Gathering, err error) {
	v, err := workingView(who, initiative)
	if err != nil {
		return nil, err
	}
	q := s.DB.Read()
	if all, err = gatherings(ctx, q, initiative, v.connector(), only, pageSize); err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(all))
	for _, t := range all {
		ids = append(ids, t.ID)
	}
	people, err := invited(ctx, q, initiative, v.connector(), ids)
	for i := range all {
		all[i].Known = people[all[i].ID]
		all[i].Others = max(0, all[i].People-len(all[i].Known))
	}
	return all, err
}
