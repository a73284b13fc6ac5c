package importweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// How many rows that take a decision, and how many others, a page shows.
const (
	perDecision = 25
	perPage     = 50
)

type planPage struct {
	page.Base
	Plan   exchange.Plan
	Counts exchange.Counts
	Form   *page.Form

	Ask  []asked // rows that take a decision; the first of them
	More int     // further ones

	Show exchange.Act // which rows are listed
	Rows []listed
	Next string // address of the next page
}

// listed is a row with its table.
type listed struct {
	exchange.Planned
	Table string
}

// asked is a row that takes a decision.
type asked struct {
	listed
	Field string
}

// plan says what will happen: in numbers, then what takes a decision, then the
// rest.
func (p *Pages) plan(w http.ResponseWriter, r *page.Request) error {
	return p.showPlan(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showPlan(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	plan, err := p.Exchange.DryRun(r.Context(), r.Who, r.In.ID, r.PathValue("batch"))
	if _, unsettled := conflict(err); unsettled {
		return page.Redirect(w, r, r.Path("import", r.PathValue("batch")), "import.look.all")
	}
	if err != nil {
		return err
	}
	v := planPage{Base: base(r, "import.plan.title"), Plan: plan, Counts: plan.Counts(), Form: f}
	v.ask()
	v.list(r.URL.Query(), r.Path("import", plan.ID, "plan"))
	return page.Render(w, r, status, planView(v))
}

func (v *planPage) ask() {
	for _, s := range v.Plan.Sheets {
		for _, row := range s.Planned {
			if row.Act != exchange.Alike {
				continue
			}
			if len(v.Ask) == perDecision {
				v.More++
				continue
			}
			v.Ask = append(v.Ask, asked{listed{row, s.Name}, rowField(s.N, row.Row)})
		}
	}
}

// list chooses which rows stand on this page: those that do one thing, refused
// ones first, from a place on.
func (v *planPage) list(q url.Values, path string) {
	v.Show = exchange.Act(q.Get("show"))
	if !slices.Contains(exchange.Acts(), v.Show) || v.Show == exchange.Alike {
		v.Show = exchange.Refused
		for _, act := range []exchange.Act{exchange.Skip, exchange.Same, exchange.Change, exchange.Add, exchange.Refused} {
			if v.Counts[act] > 0 {
				v.Show = act
			}
		}
	}
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 {
		from = 0
	}
	n := 0
	for _, s := range v.Plan.Sheets {
		for _, row := range s.Planned {
			if row.Act != v.Show {
				continue
			}
			if n++; n > from && len(v.Rows) < perPage {
				v.Rows = append(v.Rows, listed{row, s.Name})
			}
		}
	}
	if n > from+perPage {
		v.Next = path + "?" + url.Values{"show": {string(v.Show)}, "from": {itoa(from + perPage)}}.Encode() + "#rows"
	}
}

// rowField is the field for the decision about a row.
func rowField(table, row int) string { return "row_" + itoa(table) + "_" + itoa(row) }

// decide keeps what somebody decided about rows that are like others.
func (p *Pages) decide(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	decided, err := p.decisions(r, f)
	if err != nil {
		return err
	}
	if len(decided) == 0 {
		f.Faults = []fault.Field{{Message: fault.Message{Key: "import.choice.none"}}}
		return p.showPlan(w, r, http.StatusUnprocessableEntity, f)
	}
	if err := p.Exchange.Decide(r.Context(), r.Who, r.In.ID, r.PathValue("batch"), decided); err != nil {
		if !f.Refused(err) {
			return err
		}
		return p.showPlan(w, r, http.StatusUnprocessableEntity, f)
	}
	return page.Redirect(w, r, r.Path("import", r.PathValue("batch"), "plan"), "import.choice.saved", i18n.Args{"n": len(decided)})
}

// decisions reads what was chosen row by row, and, for the rows that are left,
// what was chosen for all of them.
func (p *Pages) decisions(r *page.Request, f *page.Form) (all []exchange.Decision, err error) {
	for name := range f.Raw {
		table, row, ok := readRowField(name)
		if choice := f.Text(name); ok && choice != "" {
			all = append(all, exchange.Decision{Sheet: table, Row: row, Choice: exchange.Choice(choice)})
		}
	}
	rest := exchange.Choice(f.Text("rest"))
	if rest == "" {
		return all, nil
	}
	plan, err := p.Exchange.DryRun(r.Context(), r.Who, r.In.ID, r.PathValue("batch"))
	if err != nil {
		return nil, err
	}
	for _, s := range plan.Sheets {
		for _, row := range s.Planned {
			if row.Act == exchange.Alike && f.Text(rowField(s.N, row.Row)) == "" {
				all = append(all, exchange.Decision{Sheet: s.N, Row: row.Row, Choice: rest})
			}
		}
	}
	return all, nil
}

func readRowField(name string) (table, row int, ok bool) {
	rest, found := strings.CutPrefix(name, "row_")
	left, right, cut := strings.Cut(rest, "_")
	table, err := strconv.Atoi(left)
	row, err2 := strconv.Atoi(right)
	return table, row, found && cut && err == nil && err2 == nil
}

// choices are the decisions that a row can take.
func choices() []page.Option {
	return []page.Option{
		{Value: string(exchange.TheSame), Key: "import.choice.same"},
		{Value: string(exchange.IsNew), Key: "import.choice.new"},
		{Value: string(exchange.LeaveIt), Key: "import.choice.skip"},
	}
}

// restChoices are choices for all rows that are left.
func restChoices() []page.Option {
	return append([]page.Option{{Value: "", Key: "import.choice.each"}}, choices()...)
}

// why is what is said of a row, as one text.
func why(b page.Base, all []fault.Message) string {
	said := make([]string, len(all))
	for i, m := range all {
		said[i] = b.Say(m)
	}
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, ". ") + "."
}

func itoa(n int) string { return strconv.Itoa(n) }

// likeness says who or what a row is like, and why.
func likeness(b page.Base, l *exchange.Like) string {
	return looksLike(b, l) + ": " + why(b, l.Why)
}

// looksLike says who or what a row is like.
func looksLike(b page.Base, l *exchange.Like) string {
	switch {
	case l.ID == "":
		return b.T("import.likes.row", i18n.Args{"name": l.Name, "row": l.Row})
	case l.Area != "":
		return b.T("import.likes.placed", i18n.Args{"name": l.Name, "area": l.Area})
	}
	return b.T("import.likes.known", i18n.Args{"name": l.Name})
}

// signs say how rows that do one thing go.
var signs = map[exchange.Act]page.Status{
	exchange.Add: page.Done, exchange.Change: page.Better, exchange.Same: page.Plain,
	exchange.Alike: page.TooEarly, exchange.Skip: page.Plain, exchange.Refused: page.Late,
}

// rowsTable is the rows of one kind.
func rowsTable(v planPage) page.Table {
	t := page.Table{
		Caption: v.T("import.rows." + string(v.Show)),
		Columns: []page.Column{{Text: v.T("import.rows.row")}, {Text: v.T("import.rows.who")}, {Text: v.T("import.rows.why")}},
	}
	for _, row := range v.Rows {
		at := itoa(row.Row)
		if len(v.Plan.Sheets) > 1 {
			at = row.Table + ", " + at
		}
		t.Rows = append(t.Rows, []page.Cell{{Text: at}, {Text: row.Title}, {Text: why(v.Base, row.Why)}})
	}
	return t
}
