package exchange

import (
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
	"commonweal/internal/place"
)

// DryRun says row by row what a batch will do; nothing is done. Stewards may.
// Faults: NotFound; Conflict when a table still waits for answers.
func (s *Service) DryRun(ctx context.Context, who access.Actor, in, id string) (p Plan, err error) {
	defer fault.Wrap(&err, "exchange.DryRun %s in %s", id, in)
	b, err := s.Get(ctx, who, in, id)
	if err != nil {
		return Plan{}, err
	}
	if b.Status != Open {
		return Plan{}, fault.ErrNotFound
	}
	if err := b.settled(); err != nil {
		return Plan{}, err
	}
	words, err := s.Gifts.Vocabulary(ctx, in)
	if err != nil {
		return Plan{}, err
	}
	p.Batch = b
	r := run{q: s.DB.Read(), in: in, batch: b}
	if r.here, err = lookAround(ctx, r.q, in, b, words, who); err != nil {
		return Plan{}, err
	}
	for _, sh := range b.coming() {
		one, _, err := r.plan(ctx, sh)
		if err != nil {
			return Plan{}, err
		}
		for i := range one.Planned { // nobody writes it: a long list needs its memory
			one.Planned[i].written()
		}
		p.Sheets = append(p.Sheets, one)
	}
	return p, nil
}

// written lets go of what only the writing needs.
func (p *Planned) written() { p.aim, p.got, p.beside = nil, nil, nil }

// settled is a Conflict while somebody hasn't looked at every table, and when
// none of them comes in.
func (b Batch) settled() error {
	for _, sh := range b.Sheets {
		if !sh.Settled {
			return fault.New(fault.Conflict, "import.look.first", "sheet", sh.Name)
		}
	}
	if len(b.coming()) == 0 {
		return fault.New(fault.Conflict, "import.look.none")
	}
	return nil
}

// coming are the tables that come in, in the order in which they do.
func (b Batch) coming() (all []Sheet) {
	for _, t := range Targets() {
		for _, sh := range b.Sheets {
			if sh.Target == t.Name() {
				all = append(all, sh)
			}
		}
	}
	return all
}

// run is one way through all tables of a batch: to look, or to bring in.
type run struct {
	q     db.Querier
	in    string
	batch Batch
	here  *here
}

// lookAround reads what rows are held against, in a handful of statements.
func lookAround(ctx context.Context, q db.Querier, in string, b Batch, words *gift.Vocabulary, who access.Actor) (*here, error) {
	i, err := initiative.Get(ctx, q, in)
	if err != nil {
		return nil, err
	}
	now, _, err := db.Mark(q)
	if err != nil {
		return nil, err
	}
	h := &here{
		Initiative: i, today: i.Today(now), now: db.At(now), account: who.Account, self: who.Person(in), words: words,
		areas: map[string]place.Area{}, areaNames: map[string]string{}, connectors: map[string]string{},
	}
	areas, err := place.Areas(ctx, q, in)
	if err != nil {
		return nil, err
	}
	for _, a := range areas {
		h.areas[db.Fold(a.Name)], h.areaNames[a.ID] = a, a.Name
	}
	connectors, err := people.ConnectorsOf(ctx, q, in)
	if err != nil {
		return nil, err
	}
	for _, c := range connectors {
		h.connectors[db.Fold(c.Name)] = c.ID
	}
	h.choices, err = choices(ctx, q, in, b.ID)
	return h, err
}

// plan says what each row of one table will do.
func (r run) plan(ctx context.Context, sh Sheet) (p SheetPlan, takes intake, err error) {
	rows, err := r.rows(ctx, sh)
	if err != nil {
		return p, nil, err
	}
	t, _ := target(sh.Target)
	if takes, err = t.open(ctx, r.q, r.here, sh.Answers); err != nil {
		return p, nil, err
	}
	prints := make([]string, len(rows))
	own, discreet := takes.(printer)
	for i, row := range rows {
		if prints[i] = row.print(); discreet {
			prints[i] = own.print(row)
		}
	}
	if r.here.came, err = cameBefore(ctx, r.q, r.in, prints); err != nil {
		return p, nil, err
	}
	p = SheetPlan{Sheet: sh, Counts: Counts{}, Planned: make([]Planned, 0, len(rows))}
	first := make(map[string]int, len(rows))
	for i, row := range rows {
		one := r.planRow(takes, row, prints[i], first)
		p.Counts[one.Act]++
		p.Planned = append(p.Planned, *one)
	}
	return p, takes, nil
}

// planRow plans one row, unless the very same row came in before, or stands
// higher up.
func (r run) planRow(takes intake, row Row, mark string, first map[string]int) *Planned {
	if have, ok := r.here.came[mark]; ok {
		p := &Planned{Row: row.N, Act: Same, Title: row.title(), print: mark, Like: &Like{ID: have.id}}
		p.note("import.why.came")
		return p
	}
	if n, ok := first[mark]; ok {
		p := &Planned{Row: row.N, Act: Same, Title: row.title(), print: mark, Like: &Like{Row: n}}
		p.note("import.why.twice", "row", n)
		return p
	}
	p := takes.plan(row)
	p.Row, p.print = row.N, mark
	if p.Act != Refused {
		first[mark] = row.N
	}
	return p
}

// rows reads the rows of one table, with their days in the order that was
// given.
func (r run) rows(ctx context.Context, sh Sheet) ([]Row, error) {
	waiting, err := readCells(ctx, r.q, r.in, r.batch.ID, sh.N)
	if err != nil {
		return nil, err
	}
	reorder(sh, waiting)
	at := newColumns(sh)
	rows := make([]Row, len(waiting))
	for i, c := range waiting {
		rows[i] = Row{Sheet: sh.N, N: c.N, cells: c.C, columns: at}
	}
	return rows, nil
}

// reorder reads the days of columns again whose order somebody gave.
func reorder(sh Sheet, waiting []cells) {
	if !slices.ContainsFunc(waiting, func(c cells) bool { return len(c.Was) > 0 }) {
		return
	}
	read := asSheet(sh, waiting)
	for i, c := range sh.Columns {
		if c.Days != sheet.NoOrder {
			read.SetOrder(i, c.Days)
		}
	}
	for i, r := range read.Rows {
		for j := range waiting[i].C {
			waiting[i].C[j] = r.Cells[j].Text
		}
	}
}

// title is who or what a row is about, for rows that aren't read closer.
func (r Row) title() string {
	for _, field := range [...]string{"name", "organization", "first", "code", "held_on"} {
		if text := r.text(field); text != "" {
			return shortened(text)
		}
	}
	for _, text := range r.cells {
		if text != "" {
			return shortened(text)
		}
	}
	return ""
}

// Decide keeps what somebody decided about rows that are like others. Stewards
// may. Faults: NotFound; Invalid for a choice that there isn't.
func (s *Service) Decide(ctx context.Context, who access.Actor, in, id string, all []Decision) (err error) {
	defer fault.Wrap(&err, "exchange.Decide in %s of %s", id, in)
	for _, d := range all {
		if !slices.Contains([]Choice{TheSame, IsNew, LeaveIt}, d.Choice) {
			return fault.New(fault.Invalid, "import.choice.unknown")
		}
	}
	return s.change(ctx, who, in, id, "", func(q db.Querier, b Batch) error {
		if b.Status != Open {
			return fault.ErrNotFound
		}
		return putChoices(ctx, q, in, id, all)
	})
}
