package exchange

import (
	"context"
	"slices"
	"strconv"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
)

// SheetDraft is what somebody says of one table.
type SheetDraft struct {
	Target  string        // "" leaves the table out
	Columns []string      // a field for each column, Beside or Without; nil takes the guess
	Days    []sheet.Order // for the columns whose days can be read both ways; nil leaves them
	Answers Answers
}

// FieldColumn is the field for what a column is.
func FieldColumn(i int) string { return "column_" + strconv.Itoa(i) }

// FieldDays is the field for the order of day and month of a column.
func FieldDays(i int) string { return "days_" + strconv.Itoa(i) }

// FieldAsk is the field of a question that is asked once of a table.
func FieldAsk(name string) string { return "ask_" + name }

// As guesses the columns of one table again, as another target's; nothing is
// kept. Stewards may. Faults: NotFound.
func (s *Service) As(ctx context.Context, who access.Actor, in, id string, n int, name string) (sh Sheet, err error) {
	defer fault.Wrap(&err, "exchange.As of %s in %s", id, in)
	b, err := s.Get(ctx, who, in, id)
	if err != nil {
		return Sheet{}, err
	}
	if b.Status != Open || n < 0 || n >= len(b.Sheets) {
		return Sheet{}, fault.ErrNotFound
	}
	sh = b.Sheets[n]
	if name == sh.Target {
		return sh, nil
	}
	t, ok := target(name)
	if !ok && name != "" {
		return Sheet{}, fault.ErrNotFound
	}
	return s.guessAgain(ctx, in, id, sh, t)
}

// guessAgain guesses a table's columns as those of a target; nil is none.
func (s *Service) guessAgain(ctx context.Context, in, id string, sh Sheet, t Target) (Sheet, error) {
	rows, err := readCells(ctx, s.DB.Read(), in, id, sh.N)
	if err != nil {
		return Sheet{}, err
	}
	read := asSheet(sh, rows[:min(len(rows), sample)])
	m := guessAs(&read, t)
	days := sh.Columns
	sh.Target, sh.Columns, sh.Known = m.target, columnsOf(&read, m), false
	for i := range sh.Columns {
		sh.Columns[i].Days, sh.Columns[i].Unsure = days[i].Days, days[i].Unsure
	}
	return sh, nil
}

// asSheet puts waiting cells back into a table as it was read.
func asSheet(sh Sheet, rows []cells) sheet.Sheet {
	read := sheet.Sheet{Name: sh.Name}
	for _, c := range sh.Columns {
		read.Columns = append(read.Columns, sheet.Column{Header: c.Header, Order: c.Days, Unsure: c.Unsure})
	}
	for _, r := range rows {
		row := sheet.Row{Number: r.N, Cells: make([]sheet.Cell, len(r.C))}
		for i, text := range r.C {
			row.Cells[i] = sheet.Cell{Text: text}
			switch was, ok := r.Was[i]; {
			case ok:
				row.Cells[i].Was, row.Cells[i].Kind = was, sheet.Date
			case text == "":
				row.Cells[i].Kind = sheet.Empty
			}
		}
		read.Rows = append(read.Rows, row)
	}
	return read
}

// Map keeps what somebody says of one table, and remembers it for the next
// file with the same headings. Stewards may. Faults: NotFound; Invalid, with
// the fields of FieldColumn, FieldDays and FieldAsk, and "target".
func (s *Service) Map(ctx context.Context, who access.Actor, in, id string, n int, d SheetDraft) (b Batch, err error) {
	defer fault.Wrap(&err, "exchange.Map of %s in %s", id, in)
	guessed, err := s.As(ctx, who, in, id, n, d.Target)
	if err != nil {
		return Batch{}, err
	}
	err = s.change(ctx, who, in, id, "", func(q db.Querier, have Batch) error {
		b = have
		if b.Status != Open || n >= len(b.Sheets) {
			return fault.ErrNotFound
		}
		if err := b.Sheets[n].take(d, guessed); err != nil {
			return err
		}
		now, _, err := db.Mark(q)
		if err != nil {
			return err
		}
		if err := remember(ctx, q, in, headerPrint(b.Sheets[n].header()), b.Sheets[n].mapping(), db.At(now)); err != nil {
			return err
		}
		return updateBatch(ctx, q, in, b)
	})
	return b, err
}

func (s Sheet) header() []string {
	all := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		all[i] = c.Header
	}
	return all
}

func (s Sheet) mapping() mapping {
	m := mapping{target: s.Target}
	for _, c := range s.Columns {
		m.fields = append(m.fields, c.Field)
	}
	return m
}

// has says whether a field has a column.
func (s Sheet) has(field string) bool {
	return slices.ContainsFunc(s.Columns, func(c Column) bool { return c.Field == field })
}

// Questions are what is asked once of the table, as its columns are now.
func (s Sheet) Questions() []Question {
	t, ok := target(s.Target)
	if !ok {
		return nil
	}
	return t.Questions(s.has)
}

// Fields are what the table's columns may be.
func (s Sheet) Fields() []sheet.Field {
	t, ok := target(s.Target)
	if !ok {
		return nil
	}
	return t.Fields()
}

// take takes in what somebody said, or says everything that is wrong with it.
func (s *Sheet) take(d SheetDraft, guessed Sheet) error {
	var f fault.Form
	s.Target, s.Columns = d.Target, slices.Clone(guessed.Columns)
	for i := range s.Columns {
		if i < len(d.Columns) {
			s.Columns[i].Field = d.Columns[i]
		}
		if i < len(d.Days) && d.Days[i] != sheet.NoOrder {
			s.Columns[i].Days, s.Columns[i].Unsure = d.Days[i], false
		}
	}
	s.Answers = Answers{}
	if t, ok := target(s.Target); ok {
		s.checkColumns(t, &f)
		s.checkAnswers(d.Answers, &f)
	}
	s.Settled = true
	return f.Err()
}

func (s *Sheet) checkColumns(t Target, f *fault.Form) {
	fields := t.Fields()
	first := map[string]int{}
	for i, c := range s.Columns {
		if c.Field == Beside || c.Field == Without {
			continue
		}
		known := slices.ContainsFunc(fields, func(one sheet.Field) bool { return one.Name == c.Field })
		f.Check(known, FieldColumn(i), "import.column.unknown")
		if other, twice := first[c.Field]; twice {
			f.Add(FieldColumn(i), "import.column.twice", "other", s.Columns[other].Header)
			continue
		}
		first[c.Field] = i
	}
	if !slices.ContainsFunc(t.Needs(), s.has) {
		f.Add(FieldColumn(0), "import.need."+t.Name())
	}
}

func (s *Sheet) checkAnswers(given Answers, f *fault.Form) {
	for _, q := range s.Questions() {
		answer := given[q.Name]
		if q.skipped(s.Answers) {
			continue
		}
		if len(q.Options) == 0 {
			_, err := db.ParseDay(answer)
			f.Check(answer == "" || err == nil, FieldAsk(q.Name), "people.day.unreadable", "typed", answer)
		} else {
			f.Check(slices.Contains(q.Options, answer), FieldAsk(q.Name), "import.ask."+q.Name+".missing")
		}
		s.Answers[q.Name] = answer
	}
}

// skipped says whether another answer makes the question needless.
func (q Question) skipped(given Answers) bool {
	for name, answer := range given {
		if q.Unless == name+"="+answer {
			return true
		}
	}
	return false
}
