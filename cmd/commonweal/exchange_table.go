package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/exchange/table"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// english is what a terminal speaks.
var english = i18n.In(i18n.English)

// inWords makes a fault that is meant for people readable on a terminal.
func inWords(err error) error {
	why := fault.Says(err, "")
	if err == nil || why.Key == "" || !english.Has(why.Key) {
		return err
	}
	return errors.New(english.Say(why))
}

// incoming is a file of tables on its way in.
type incoming struct {
	importCommand
	t   terminal
	h   *house
	in  string
	who access.Actor
}

// tables brings in a table or a workbook.
func (c importCommand) tables(ctx context.Context, t terminal, h *house, f io.ReaderAt, size int64) error {
	in, who, err := c.into(ctx, h)
	if err != nil {
		return err
	}
	b, err := h.exchanges.Upload(ctx, who, in.ID, filepath.Base(c.File), f, size)
	if err != nil {
		return err
	}
	i := incoming{importCommand: c, t: t, h: h, in: in.ID, who: who}
	kept, err := i.bring(ctx, b)
	if kept {
		return err
	}
	// What was only looked at, or can't come in yet, leaves no file behind.
	return errors.Join(err, h.exchanges.Drop(context.WithoutCancel(ctx), who, in.ID, b.ID))
}

// bring says what a file will do, and does it if that was asked for; kept says
// that it came in.
func (i incoming) bring(ctx context.Context, b exchange.Batch) (kept bool, err error) {
	var unclear []error
	for n := range b.Sheets {
		if b, err = i.settle(ctx, b, n); err != nil {
			unclear = append(unclear, err)
		}
		i.sayColumns(b.Sheets[n])
	}
	if err := errors.Join(unclear...); err != nil {
		return false, err
	}
	plan, err := i.plan(ctx, b)
	if err != nil {
		return false, err
	}
	switch undecided := plan.Counts()[exchange.Alike]; {
	case undecided > 0:
		return false, fmt.Errorf("%d rows look like somebody who is here: say what they are, with --alike same, new or skip", undecided)
	case !i.does():
		i.t.say("Nothing was stored. Add --yes to do it.")
		return false, nil
	}
	p := i.t.progress()
	b, err = i.h.exchanges.Apply(ctx, i.who, i.in, b.ID, func(done, of int) { p.tell("rows", int64(done), int64(of)) })
	p.end()
	if err != nil {
		return false, err
	}
	for _, s := range b.Receipt.Sheets {
		i.t.say("%s: %s", s.Name, countsOf(s.Counts, "import.did."))
	}
	i.t.say("Batch %s. To take it back: commonweal import --undo %s --into %s --yes", b.ID, b.ID, i.Into)
	return true, nil
}

// settle says what a table is, as far as that was said, and otherwise as it
// was guessed.
func (i incoming) settle(ctx context.Context, b exchange.Batch, n int) (exchange.Batch, error) {
	target := b.Sheets[n].Target
	if i.As != "" {
		target = i.As
	}
	guessed, err := i.h.exchanges.As(ctx, i.who, i.in, b.ID, n, target)
	if err != nil {
		return b, err
	}
	d := exchange.SheetDraft{Target: target, Answers: i.Answer}
	for _, c := range guessed.Columns {
		field, said := i.Column[c.Header]
		if !said {
			field = c.Field
		}
		d.Columns = append(d.Columns, field)
		d.Days = append(d.Days, i.order(c))
	}
	mapped, err := i.h.exchanges.Map(ctx, i.who, i.in, b.ID, n, d)
	if err != nil {
		b.Sheets[n] = guessed
		return b, unclear(guessed, err)
	}
	return mapped, nil
}

// order is how days are read in a column where both ways are possible.
func (i incoming) order(c exchange.Column) sheet.Order {
	switch {
	case !c.Unsure:
		return sheet.NoOrder
	case i.Days == "day-first":
		return sheet.DayFirst
	case i.Days == "month-first":
		return sheet.MonthFirst
	}
	return sheet.NoOrder
}

// unclear says what a table can't come in without, and how to say it here.
func unclear(sh exchange.Sheet, err error) error {
	all := fault.Fields(err)
	if len(all) == 0 {
		return err
	}
	var lines []string
	for _, f := range all {
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", sh.Name, english.Say(f.Message), howToSay(sh, f.Name)))
	}
	return errors.New(strings.Join(lines, "\n"))
}

func howToSay(sh exchange.Sheet, field string) string {
	for _, q := range sh.Questions() {
		if field == exchange.FieldAsk(q.Name) {
			return "--answer " + q.Name + "=" + strings.Join(q.Options, "|")
		}
	}
	heading := "HEADING"
	for n, c := range sh.Columns {
		if field == exchange.FieldColumn(n) {
			heading = c.Header
		}
	}
	var fields []string
	for _, f := range sh.Fields() {
		fields = append(fields, f.Name)
	}
	return fmt.Sprintf("--column '%s=FIELD', with %s", heading, strings.Join(fields, ", "))
}

// sayColumns says what a table is, and what each of its columns becomes.
func (i incoming) sayColumns(sh exchange.Sheet) {
	if sh.Target == "" {
		i.t.say("%s: left out, since nothing tells what it is (--as says so)", sh.Name)
		return
	}
	i.t.say("%s: %d rows of %s", sh.Name, sh.Rows, sh.Target)
	for _, c := range sh.Columns {
		goes := c.Field
		switch c.Field {
		case exchange.Beside:
			goes = "kept beside"
		case exchange.Without:
			goes = "left out"
		}
		unsure := ""
		if c.Unsure {
			unsure = "; its days could be read both ways, see --days"
		}
		i.t.say("  column %-24s %s%s", c.Header, goes, unsure)
	}
	for _, w := range sh.Warnings {
		if w.Row == 0 { // about the whole sheet
			i.t.say("  %s", english.Say(w.Message))
			continue
		}
		i.t.say("  row %d: %s", w.Row, english.Say(w.Message))
	}
}

// plan says row by row what will happen, with the decisions that were made.
func (i incoming) plan(ctx context.Context, b exchange.Batch) (exchange.Plan, error) {
	plan, err := i.h.exchanges.DryRun(ctx, i.who, i.in, b.ID)
	if err != nil {
		return plan, err
	}
	if i.Alike != "" && plan.Counts()[exchange.Alike] > 0 {
		if err := i.h.exchanges.Decide(ctx, i.who, i.in, b.ID, decided(plan, exchange.Choice(i.Alike))); err != nil {
			return plan, err
		}
		if plan, err = i.h.exchanges.DryRun(ctx, i.who, i.in, b.ID); err != nil {
			return plan, err
		}
	}
	for _, s := range plan.Sheets {
		for _, p := range s.Planned {
			i.t.say("row %d: %s: %s%s", p.Row, english.T("import.act."+string(p.Act)), p.Title, reasons(p))
		}
		i.t.say("%s: %s", s.Name, countsOf(s.Counts, "import.will."))
	}
	return plan, nil
}

// decided is the same decision about every row that takes one.
func decided(plan exchange.Plan, choice exchange.Choice) (all []exchange.Decision) {
	for _, s := range plan.Sheets {
		for _, p := range s.Planned {
			if p.Act == exchange.Alike {
				all = append(all, exchange.Decision{Sheet: s.N, Row: p.Row, Choice: choice})
			}
		}
	}
	return all
}

func reasons(p exchange.Planned) string {
	var all []string
	if p.Like != nil {
		like := "like " + p.Like.Name
		if p.Like.Row > 0 {
			like = "like row " + strconv.Itoa(p.Like.Row)
		}
		all = append(all, like)
	}
	for _, why := range p.Why {
		all = append(all, english.Say(why))
	}
	if len(all) == 0 {
		return ""
	}
	return " (" + strings.Join(all, "; ") + ")"
}

// countsOf are counts in words, in the order in which people want to hear them.
func countsOf(counts exchange.Counts, key string) string {
	var all []string
	for _, act := range exchange.Acts() {
		if n := counts[act]; n > 0 {
			all = append(all, english.T(key+string(act), i18n.Args{"n": n}))
		}
	}
	return strings.Join(all, " ")
}

// writeTables writes one table, or a workbook of them.
func (c exportCommand) writeTables(ctx context.Context, t terminal, h *house, one bool) error {
	in, err := h.bySlug(ctx, c.Initiative)
	if err != nil {
		return err
	}
	kinds := table.Kinds()
	if c.As != "" {
		kinds = []table.Kind{table.Kind(c.As)}
	}
	tables := &table.Service{DB: h.db}
	err = writeNew(c.File, func(w io.Writer) error {
		if one {
			return tables.CSV(ctx, itself(in.ID), in.ID, kinds[0], w)
		}
		return tables.Workbook(ctx, itself(in.ID), in.ID, kinds, w)
	})
	if err == nil {
		t.say("%s: %s, for spreadsheet programs and for import.", c.File, in.Name)
	}
	return err
}

// undo takes a batch back.
func (c importCommand) undo(ctx context.Context, t terminal, h *house) error {
	in, who, err := c.into(ctx, h)
	if err != nil {
		return err
	}
	b, err := h.exchanges.Get(ctx, who, in.ID, c.Undo)
	if err != nil || !h.exchanges.CanUndo(b) {
		return errors.Join(err, fmt.Errorf("%s has no batch %q that can be taken back", in.Name, c.Undo))
	}
	if !c.does() {
		t.say("This would take back what came in with %s on %s: what it added goes, what it changed is as it was.\nWhat somebody has worked on since stays, and is listed. Add --yes to do it.",
			b.Name, b.InAt.Format("2006-01-02"))
		return nil
	}
	undone, err := h.exchanges.Undo(ctx, who, in.ID, b.ID)
	if err != nil {
		return err
	}
	t.say("Taken back. Records that went away: %d. As they were before: %d. Left as they are: %d.", undone.Removed, undone.Restored, len(undone.Kept))
	for _, k := range undone.Kept {
		t.say("  Left: %s. %s", keptAs(k), english.Say(k.Why))
	}
	return nil
}

// keptAs is what is left of a batch, in words: the records of a directory have
// no names of their own.
func keptAs(k exchange.Kept) string {
	switch k.Kind {
	case exchange.KindDetail:
		return "a record of a directory (" + strings.ReplaceAll(k.Name, "_", " ") + ")"
	case exchange.KindServicePlace:
		return "where a service is given"
	case exchange.KindLocation:
		return "the place “" + k.Name + "”"
	}
	return "the " + k.Kind + " “" + k.Name + "”"
}

// sorted are a map's names.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
