package setupweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/i18n"
	"commonweal/internal/jobs"
	"commonweal/internal/mail"
	"commonweal/internal/release"
	"commonweal/internal/upkeep"
	"commonweal/internal/web/page"
)

type jobsPage struct {
	page.Base
	All []jobs.Entry
}

func (p *Pages) jobs(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Upkeep.Jobs(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, jobsView(jobsPage{base(r, "setup.jobs.title"), all}))
}

func (p *Pages) retry(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.Upkeep.Retry(r.Context(), r.Who, r.In.ID, f.Text("id")); err != nil {
		return err
	}
	return page.Redirect(w, r, room(r, r.In.ID, "jobs"), "setup.jobs.retried")
}

// jobName says what a job does.
func jobName(b page.Base, kind string) string {
	key := "setup.job." + strings.ReplaceAll(kind, ".", "_")
	if !b.Has(key) {
		key = "setup.job.else"
	}
	return b.T(key)
}

// jobStatus is the sign that goes with a state's words.
func jobStatus(s jobs.State) page.Status {
	switch s {
	case jobs.Stuck:
		return page.Late
	case jobs.Failing:
		return page.Partly
	case jobs.Waiting, jobs.Running:
	}
	return page.Plain
}

type outboxPage struct {
	page.Base
	All []mail.Letter
}

func (p *Pages) outbox(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Upkeep.Letters(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	// What waits stands first, and below it the rest as it was: newest first.
	slices.SortStableFunc(all, func(a, b mail.Letter) int {
		return cmp.Compare(rank(a), rank(b))
	})
	return page.Render(w, r, http.StatusOK, outboxView(outboxPage{base(r, "setup.outbox.title"), all}))
}

func rank(l mail.Letter) int {
	if l.Waits() {
		return 0
	}
	return 1
}

type letterPage struct {
	page.Base
	Letter mail.Letter
}

// letter shows a letter's text. It is a POST, since it is noted who reads it.
func (p *Pages) letter(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	l, err := p.Upkeep.Letter(r.Context(), r.Who, r.In.ID, f.Text("id"))
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, letterView(letterPage{base(r, "setup.letter.title"), l}))
}

func (p *Pages) handed(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.Upkeep.HandOver(r.Context(), r.Who, r.In.ID, f.Text("id")); err != nil {
		return err
	}
	return page.Redirect(w, r, room(r, r.In.ID, "outbox"), "setup.outbox.handed")
}

// letterStatus is the sign that goes with a status's words.
func letterStatus(l mail.Letter) page.Status {
	switch l.Status {
	case mail.Sent, mail.Handed:
		return page.Done
	case mail.Local, mail.Failed:
		return page.Late
	case mail.Queued:
	}
	return page.Plain
}

// paragraphs parts a letter.
func paragraphs(body string) []string { return strings.Split(strings.TrimSpace(body), "\n\n") }

type recordPage struct {
	page.Base
	Record upkeep.Record
	More   string // where the next page is
}

// beforeField is where a page of the record begins.
const beforeField = "before"

func (p *Pages) record(w http.ResponseWriter, r *page.Request) error {
	before, err := time.Parse(time.RFC3339Nano, r.URL.Query().Get(beforeField))
	if err != nil {
		before = time.Time{} // from the newest on
	}
	v := recordPage{Base: base(r, "setup.record.title")}
	if v.Record, err = p.Upkeep.Record(r.Context(), r.Who, r.In.ID, before); err != nil {
		return err
	}
	if next := v.Record.Before; !next.IsZero() {
		v.More = r.Path("setup", "record") + "?" + url.Values{beforeField: {next.Format(time.RFC3339Nano)}}.Encode()
	}
	return page.Render(w, r, http.StatusOK, recordView(v))
}

// told says one entry of the record in words.
func told(b page.Base, e upkeep.Entry) string {
	args := i18n.Args{"by": e.By, "to": e.To, "act": e.Act, "kind": ""}
	switch {
	case e.By == "" && e.Account == "" && e.Person == "":
		args["by"] = b.T("setup.record.nobody")
	case e.By == "":
		args["by"] = b.T("setup.record.somebody")
	}
	if e.To == "" {
		args["to"] = b.T("setup.record.gone")
	}
	verb, rest, _ := strings.Cut(e.Act, " ")
	if slices.Contains(access.Kinds(), access.Kind(rest)) {
		args["kind"] = b.T("access.kind." + rest + ".label")
		rest = "kind"
	} else if verb == "move" {
		rest = "person"
	}
	key := "setup.act." + verb
	if rest != "" {
		key += "_" + strings.ReplaceAll(rest, " ", "_")
	}
	if !b.Has(key) {
		key = "setup.act.else"
	}
	return b.T(key, args)
}

type countsPage struct {
	page.Base
	Form    *page.Form
	Counted time.Time
	Tables  []page.Table
}

// The subjects of a release that are shown here, each with where its names
// come from.
const (
	giftCounts = "gift"
	metCounts  = "gathering"
	talkCounts = "talk"
)

func (p *Pages) counts(w http.ResponseWriter, r *page.Request) error {
	return p.showCounts(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showCounts(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	ctx, in := r.Context(), r.In.ID
	counted, err := p.Releases.Latest(ctx, in)
	if err != nil {
		return err
	}
	terms, err := p.Labels(ctx, in, r.Lang)
	if err != nil {
		return err
	}
	areas, err := p.Places.List(ctx, in)
	if err != nil {
		return err
	}
	v := countsPage{Base: base(r, "setup.counts.title"), Form: f, Counted: counted.On.Time}
	for _, subject := range []struct {
		name  string
		names map[string]string
	}{{giftCounts, terms}, {talkCounts, parents(areas)}, {metCounts, terms}} {
		if t := v.table(counted, subject.name, subject.names); len(t.Rows) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	return page.Render(w, r, status, countsView(v))
}

// table is what the public reads of one subject.
func (v countsPage) table(counted release.Release, subject string, names map[string]string) page.Table {
	t := page.Table{
		Caption: v.T("setup.counts.of." + subject),
		Columns: []page.Column{{Text: v.T("setup.counts.what." + subject)}, {Text: v.T("setup.counts.number"), Number: true}},
	}
	hidden := 0
	for _, c := range counted.Of(subject) {
		name := names[c.Key]
		if name == "" {
			name = v.T("setup.counts.unnamed")
		}
		if c.Hidden {
			hidden++
			continue
		}
		t.Rows = append(t.Rows, []page.Cell{{Text: name}, {Text: c.Text()}})
	}
	if hidden > 0 {
		t.Rows = append(t.Rows, []page.Cell{{Text: v.T("setup.counts.hidden", i18n.Args{"n": hidden})}, {Text: release.Count{Hidden: true}.Text()}})
	}
	if len(t.Rows) > 0 {
		t.Rows = append(t.Rows, []page.Cell{{Text: v.T("setup.counts.total")}, {Text: counted.Find(subject, release.Total).Text()}})
	}
	return t
}

func (p *Pages) countAgain(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	err = p.Releases.CountAgain(r.Context(), r.Who, r.In.ID)
	if refused(f, err) {
		return p.showCounts(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("setup", "counts"), "setup.counts.done")
}
