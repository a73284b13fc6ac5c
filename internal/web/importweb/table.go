package importweb

import (
	"net/http"

	"commonweal/internal/exchange"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

type tablePage struct {
	page.Base
	exchange.Sheet
	Batch exchange.Batch
	Form  *page.Form
	As    *page.Form // what the table is, asked first
}

// table shows one table: what it seems to be, and what each column is.
func (p *Pages) table(w http.ResponseWriter, r *page.Request) error {
	b, n, err := p.find(r)
	if err != nil {
		return err
	}
	s := b.Sheets[n]
	if q := r.URL.Query(); q.Has("as") {
		if s, err = p.Exchange.As(r.Context(), r.Who, r.In.ID, b.ID, n, q.Get("as")); err != nil {
			return err
		}
	}
	return showTable(w, r, http.StatusOK, b, s, filled(s))
}

// asksDays says whether it matters how the days of a column are written: not
// for one that is only kept beside, where its words stay as they are, nor for
// one that is left out.
func (v tablePage) asksDays(i int, c exchange.Column) bool {
	return read(v.Form, i) && (c.Unsure || v.Form.Text(exchange.FieldDays(i)) != "")
}

// read says whether a column becomes a field.
func read(f *page.Form, i int) bool {
	field := f.Text(exchange.FieldColumn(i))
	return field != exchange.Beside && field != exchange.Without
}

// unanswered are the columns of which it isn't said yet how their days are
// written: somebody may just have said that they are to be read.
func unanswered(s exchange.Sheet, f *page.Form) (all []fault.Field) {
	for i, c := range s.Columns {
		if name := exchange.FieldDays(i); c.Unsure && read(f, i) && orderOf(f.Text(name)) == sheet.NoOrder {
			all = append(all, fault.Field{Name: name, Message: fault.Message{Key: "import.days.missing"}})
		}
	}
	return all
}

// find reads a file that waits, and which of its tables is meant.
func (p *Pages) find(r *page.Request) (b exchange.Batch, n int, err error) {
	if n, err = number(r, "n"); err != nil {
		return b, 0, err
	}
	b, err = p.Exchange.Get(r.Context(), r.Who, r.In.ID, r.PathValue("batch"))
	if err == nil && (b.Status != exchange.Open || n < 0 || n >= len(b.Sheets)) {
		return b, 0, fault.ErrNotFound
	}
	return b, n, err
}

// filled is the form as the guess, or an earlier answer, fills it in.
func filled(s exchange.Sheet) *page.Form {
	f := page.NewForm().Set("target", s.Target)
	for i, c := range s.Columns {
		f.Set(exchange.FieldColumn(i), c.Field)
		if c.Days != sheet.NoOrder && !c.Unsure {
			f.Set(exchange.FieldDays(i), orders[c.Days])
		}
	}
	for name, answer := range s.Answers {
		f.Set(exchange.FieldAsk(name), answer)
	}
	return f
}

// orders are the orders of day and month, as forms have them.
var orders = map[sheet.Order]string{sheet.DayFirst: "day", sheet.MonthFirst: "month"}

func orderOf(text string) sheet.Order {
	for order, name := range orders {
		if name == text {
			return order
		}
	}
	return sheet.NoOrder
}

func showTable(w http.ResponseWriter, r *page.Request, status int, b exchange.Batch, s exchange.Sheet, f *page.Form) error {
	v := tablePage{
		Base: base(r, "import.table.title").Titled(s.Name), Sheet: s, Batch: b, Form: f,
		As: page.NewForm().Set("as", s.Target),
	}
	return page.Render(w, r, status, tableView(v))
}

// saveTable keeps what somebody said of a table and goes on to the next.
func (p *Pages) saveTable(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	b, n, err := p.find(r)
	if err != nil {
		return err
	}
	s, err := p.Exchange.As(r.Context(), r.Who, r.In.ID, b.ID, n, f.Text("target"))
	if err != nil {
		return err
	}
	d := exchange.SheetDraft{Target: f.Text("target"), Answers: exchange.Answers{}}
	for i := range s.Columns {
		d.Columns = append(d.Columns, f.Text(exchange.FieldColumn(i)))
		d.Days = append(d.Days, orderOf(f.Text(exchange.FieldDays(i))))
		s.Columns[i].Field = d.Columns[i] // which questions are asked hangs on it
	}
	for _, q := range s.Questions() {
		d.Answers[q.Name] = f.Text(exchange.FieldAsk(q.Name))
	}
	if f.Faults = unanswered(s, f); len(f.Faults) > 0 {
		return showTable(w, r, http.StatusUnprocessableEntity, b, s, f)
	}
	saved, err := p.Exchange.Map(r.Context(), r.Who, r.In.ID, b.ID, n, d)
	if err != nil {
		if !f.Refused(err) {
			return err
		}
		return showTable(w, r, http.StatusUnprocessableEntity, b, s, f)
	}
	if at := next(saved); at >= 0 {
		return page.Redirect(w, r, r.Path("import", b.ID, "tables", itoa(at)), "import.table.saved")
	}
	return page.Redirect(w, r, r.Path("import", b.ID, "plan"), "")
}

// targetOptions are what a table can be.
func targetOptions() (all []page.Option) {
	for _, name := range exchange.TargetNames() {
		all = append(all, page.Option{Value: name, Key: "import.target." + name})
	}
	return append(all, page.Option{Value: "", Key: "import.target.none"})
}

// fieldOptions are what a column can be.
func fieldOptions(s exchange.Sheet) []page.Option {
	all := []page.Option{{Value: exchange.Beside, Key: "import.column.beside"}}
	for _, f := range s.Fields() {
		all = append(all, page.Option{Value: f.Name, Key: "import.field." + f.Name})
	}
	return append(all, page.Option{Value: exchange.Without, Key: "import.column.without"})
}

// shows says what stands in a column, by some of its cells.
func shows(b page.Base, c exchange.Column) string {
	text := ""
	for i, one := range c.Examples {
		if i > 0 {
			text += " · "
		}
		text += one
	}
	if text == "" {
		return b.T("import.column.empty")
	}
	return b.T("import.column.shows", i18n.Args{"examples": text})
}

// askOptions are the answers to a question that is asked once of a table.
func askOptions(q exchange.Question) (all []page.Option) {
	for _, o := range q.Options {
		all = append(all, page.Option{Value: o, Key: "import.ask." + q.Name + "." + o})
	}
	return all
}
