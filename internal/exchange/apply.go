package exchange

import (
	"context"
	"slices"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/jobs"
)

// order is what a job is given: whose wish it carries out.
type order struct {
	Batch   string `json:"batch"`
	Account string `json:"account"`
	Person  string `json:"person"`
}

func orderOf(who access.Actor, in, batch string) order {
	return order{Batch: batch, Account: who.Account, Person: who.Person(in)}
}

// actor is who gave the order, as a steward: that they were was asked when they
// gave it.
func (o order) actor(in string) access.Actor {
	return access.Actor{Account: o.Account, Memberships: []access.Membership{{Initiative: in, Person: o.Person, Kind: access.Steward}}}
}

// Start has a batch brought in by a job: see Apply. Stewards may. Faults:
// NotFound; Conflict as with DryRun.
func (s *Service) Start(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "exchange.Start %s in %s", id, in)
	return s.change(ctx, who, in, id, "", func(q db.Querier, b Batch) error {
		if b.Status != Open {
			return fault.ErrNotFound
		}
		if err := b.settled(); err != nil {
			return err
		}
		b.Status, b.Problem = Going, fault.Message{}
		if err := updateBatch(ctx, q, in, b); err != nil {
			return err
		}
		return jobs.Add(ctx, q, jobs.Job{Initiative: in, Kind: applyJob, Unique: id, Payload: orderOf(who, in, id)})
	})
}

// applyLater is the job. What a person has to decide first puts the batch back
// where they can; anything else is tried again.
func (s *Service) applyLater(ctx context.Context, w jobs.Work) error {
	var o order
	if err := w.Payload(&o); err != nil {
		return err
	}
	_, err := s.Apply(ctx, o.actor(w.Initiative), w.Initiative, o.Batch, nil)
	switch {
	case fault.Is(err, fault.NotFound): // in already, by a run that died before it could say so
		return nil
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Invalid), err != nil && w.Last():
		return s.giveBack(ctx, w.Initiative, o.Batch, Open, fault.Says(err, "import.failed"))
	}
	return err
}

// giveBack puts a batch back to where it was, with the reason.
func (s *Service) giveBack(ctx context.Context, in, id string, to Status, why fault.Message) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		b, err := getBatch(ctx, q, in, id)
		if err != nil {
			return err
		}
		b.Status, b.Problem = to, why
		return updateBatch(ctx, q, in, b)
	})
}

// Apply brings a batch in: all of it, or nothing. It plans every row again,
// against what is here now, and tells how far it is; tell may be nil. Stewards
// may. Faults: NotFound for one that is in already; Conflict when rows still
// take a decision, "import.undecided".
func (s *Service) Apply(ctx context.Context, who access.Actor, in, id string, tell func(done, of int)) (b Batch, err error) {
	defer fault.Wrap(&err, "exchange.Apply %s in %s", id, in)
	if err := who.Require(in, access.Steer); err != nil {
		return Batch{}, err
	}
	tables, err := s.schema.of(ctx, s.DB)
	if err != nil {
		return Batch{}, err
	}
	words, err := s.Gifts.Vocabulary(ctx, in)
	if err != nil {
		return Batch{}, err
	}
	defer s.going.end(id)
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		if b, err = getBatch(ctx, q, in, id); err != nil {
			return err
		}
		if b.Status != Open && b.Status != Going {
			return fault.ErrNotFound
		}
		if err := b.settled(); err != nil {
			return err
		}
		told := func(done, of int) {
			s.going.set(id, done, of)
			if tell != nil {
				tell(done, of)
			}
		}
		if b.Receipt, err = bringIn(ctx, q, in, b, tables, words, who, told); err != nil {
			return err
		}
		now, _, err := db.Mark(q)
		if err != nil {
			return err
		}
		b.Status, b.InAt, b.Problem = In, db.At(now), fault.Message{}
		b.forgetExamples()
		if err := updateBatch(ctx, q, in, b); err != nil {
			return err
		}
		if err := deleteWaiting(ctx, q, in, id); err != nil {
			return err
		}
		if err := db.Touch(ctx, q, in); err != nil {
			return err
		}
		return note(ctx, q, who, in, "import file", id)
	})
	return b, err
}

// undoable says whether a batch can still be taken back.
func (b Batch) undoable(now time.Time) bool {
	return b.Status == In && now.Sub(b.InAt.Time) < undoable
}

// CanUndo says whether a batch can still be taken back.
func (s *Service) CanUndo(b Batch) bool { return b.undoable(s.Now()) }

// forgetExamples drops the cells that stand in a batch for its pages: they are
// somebody's words, and belong to their records from now on.
func (b *Batch) forgetExamples() {
	for i := range b.Sheets {
		for j := range b.Sheets[i].Columns {
			b.Sheets[i].Columns[j].Examples = nil
		}
		b.Sheets[i].Warnings = nil
	}
}

// bringIn plans and writes one table after the other.
func bringIn(ctx context.Context, q db.Querier, in string, b Batch, tables schemaTables, words *gift.Vocabulary,
	who access.Actor, tell func(done, of int),
) (receipt Receipt, err error) {
	r := run{q: q, in: in, batch: b}
	if r.here, err = lookAround(ctx, q, in, b, words, who); err != nil {
		return receipt, err
	}
	total, done := 0, 0
	for _, sh := range b.coming() {
		total += sh.Rows
	}
	tell(done, total)
	w := &writer{run: r, tables: tables, mine: map[string]int{}}
	for _, sh := range b.coming() {
		p, takes, err := r.plan(ctx, sh)
		if err != nil {
			return receipt, err
		}
		if n := p.Counts[Alike]; n > 0 {
			return receipt, fault.New(fault.Conflict, "import.undecided", "n", n)
		}
		acting := p.acting()
		done += sh.Rows - len(acting)
		for some := range slices.Chunk(acting, chunk) {
			if err := context.Cause(ctx); err != nil {
				return receipt, err
			}
			if err := w.write(ctx, takes, sh, some); err != nil {
				return receipt, err
			}
			for _, one := range some { // it is written: a long list needs its memory
				one.written()
				one.Why = nil
			}
			done += len(some)
			tell(done, total)
		}
		receipt.Sheets = append(receipt.Sheets, SheetReceipt{Name: sh.Name, Target: sh.Target, Counts: p.Counts, Left: p.left()})
	}
	return receipt, nil
}

// acting are the rows that leave something behind.
func (p SheetPlan) acting() (all []*Planned) {
	for i := range p.Planned {
		one := &p.Planned[i]
		if one.Act == Add || one.Act == Change || one.Act == Same && len(one.got) > 0 {
			all = append(all, one)
		}
	}
	return all
}

// left are the rows that can't come in, without a word of theirs.
func (p SheetPlan) left() (all []LeftOut) {
	for _, one := range p.Planned {
		if one.Act != Refused || len(all) == mostLeft {
			continue
		}
		l := LeftOut{Row: one.Row}
		for _, w := range one.Why {
			if _, quotes := w.Args["typed"]; !quotes && !strings.HasPrefix(w.Key, "import.note.") {
				l.Why = append(l.Why, w)
			}
		}
		all = append(all, l)
	}
	return all
}
