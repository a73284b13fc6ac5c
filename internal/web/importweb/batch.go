package importweb

import (
	"net/http"
	"slices"
	"strings"

	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// again is after how many seconds a page that waits looks again by itself.
const again = "4"

type batchPage struct {
	page.Base
	exchange.Batch
	Form *page.Form

	Next    int // the table to look at next; -1 when all were looked at
	Done    int
	Of      int
	Known   bool // whether Done and Of are known
	CanUndo bool
	Kept    []exchange.Kept
}

// batch shows a file wherever it is on its way.
func (p *Pages) batch(w http.ResponseWriter, r *page.Request) error {
	return p.showBatch(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showBatch(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	b, err := p.Exchange.Get(r.Context(), r.Who, r.In.ID, r.PathValue("batch"))
	if err != nil {
		return err
	}
	v := batchPage{Base: base(r, "import.batch.title").Titled(b.Name), Batch: b, Form: f, Next: next(b), CanUndo: p.Exchange.CanUndo(b)}
	switch b.Status {
	case exchange.Going, exchange.Undoing:
		w.Header().Set("Refresh", again)
		v.Done, v.Of, v.Known = p.Exchange.Progress(b.ID)
	case exchange.Returned:
		if v.Kept, err = p.Exchange.Kept(r.Context(), r.Who, r.In.ID, b.ID); err != nil {
			return err
		}
	case exchange.Open, exchange.In:
	}
	return page.Render(w, r, status, batchView(v))
}

// next is the first table that nobody has looked at, or -1.
func next(b exchange.Batch) int {
	for _, s := range b.Sheets {
		if !s.Settled {
			return s.N
		}
	}
	return -1
}

// look is what leads to the table that nobody has looked at, as a key.
func (v batchPage) look() string {
	if len(v.Sheets) == 1 {
		return "import.look.only"
	}
	return "import.look.next"
}

// start brings it in, a little later. Whoever wants the rows left out that still
// take a decision says so.
func (p *Pages) start(w http.ResponseWriter, r *page.Request) error {
	sent, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	decided, err := p.decisions(r, sent)
	if _, waits := conflict(err); err != nil && !waits {
		return err
	}
	if err := p.Exchange.Decide(r.Context(), r.Who, r.In.ID, r.PathValue("batch"), decided); err != nil {
		return err
	}
	err = p.Exchange.Start(r.Context(), r.Who, r.In.ID, r.PathValue("batch"))
	if why, refused := conflict(err); refused {
		f := page.NewForm()
		f.Faults = []fault.Field{{Message: why}}
		return p.showBatch(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("import", r.PathValue("batch")), "")
}

// drop forgets a file that was not brought in.
func (p *Pages) drop(w http.ResponseWriter, r *page.Request) error {
	if err := p.Exchange.Drop(r.Context(), r.Who, r.In.ID, r.PathValue("batch")); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("import"), "import.dropped")
}

type undoPage struct {
	page.Base
	exchange.Batch
}

// askUndo asks before anything is taken back.
func (p *Pages) askUndo(w http.ResponseWriter, r *page.Request) error {
	b, err := p.Exchange.Get(r.Context(), r.Who, r.In.ID, r.PathValue("batch"))
	if err != nil {
		return err
	}
	if !p.Exchange.CanUndo(b) {
		return fault.ErrNotFound
	}
	return page.Render(w, r, http.StatusOK, undoView(undoPage{base(r, "import.undo.title"), b}))
}

// undo takes it back, a little later.
func (p *Pages) undo(w http.ResponseWriter, r *page.Request) error {
	if err := p.Exchange.StartUndo(r.Context(), r.Who, r.In.ID, r.PathValue("batch")); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("import", r.PathValue("batch")), "")
}

// counted are the lines of a receipt: what rows of a table did, without what
// none did.
func counted(b page.Base, counts exchange.Counts) (lines []string) {
	for _, act := range exchange.Acts() {
		if n := counts[act]; n > 0 {
			lines = append(lines, b.T("import.did."+string(act), i18n.Args{"n": n}))
		}
	}
	return lines
}

// statusTag is how far a file is, as lists show it.
func statusTag(s exchange.Status) page.Status {
	switch s {
	case exchange.In:
		return page.Done
	case exchange.Open, exchange.Going, exchange.Undoing:
		return page.Partly
	case exchange.Returned:
	}
	return page.Plain
}

// came says whether rows of a table with one of some targets came in.
func came(b exchange.Batch, targets ...string) bool {
	return slices.ContainsFunc(b.Receipt.Sheets, func(s exchange.SheetReceipt) bool {
		return slices.Contains(targets, s.Target) && s.Counts[exchange.Add]+s.Counts[exchange.Change] > 0
	})
}

// arrived leads to all that came in.
func (v batchPage) arrived() (all []page.Crumb) {
	for _, one := range [...]struct {
		key     string
		path    string
		targets []string
	}{
		{"import.in.organizations", "organizations", []string{"partners", "hsds"}},
		{"import.in.people", "people", []string{"contacts", "households"}},
		{"import.in.households", "households", []string{"households"}},
		{"import.in.conversations", "needs", []string{"conversations"}},
	} {
		if came(v.Batch, one.targets...) {
			all = append(all, page.Crumb{Text: v.T(one.key), Href: v.Path(one.path)})
		}
	}
	return all
}

// holds names what the tables of a file are, each once; "" before anybody has
// said so.
func holds(b page.Base, all []exchange.Sheet) string {
	var names []string
	for _, s := range all {
		if s.Target == "" {
			continue
		}
		if name := b.T("import.target." + s.Target + ".label"); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
