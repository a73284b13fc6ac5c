package exchange

import (
	"context"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
	"commonweal/internal/organization"
	"commonweal/internal/people"
)

// Why something stayed when its batch was taken back.
const (
	keptEdited = "edited" // somebody has worked on it since
	keptLinked = "linked" // something else points at it
)

// Undone is what became of a batch that was taken back.
type Undone struct {
	Removed, Restored int
	Kept              []Kept
}

// StartUndo has a batch taken back by a job; see Undo. Stewards may. Faults:
// NotFound.
func (s *Service) StartUndo(ctx context.Context, who access.Actor, in, id string) (err error) {
	defer fault.Wrap(&err, "exchange.StartUndo %s in %s", id, in)
	return s.change(ctx, who, in, id, "", func(q db.Querier, b Batch) error {
		if !b.undoable(s.Now()) {
			return fault.ErrNotFound
		}
		b.Status, b.Problem = Undoing, fault.Message{}
		if err := updateBatch(ctx, q, in, b); err != nil {
			return err
		}
		return jobs.Add(ctx, q, jobs.Job{Initiative: in, Kind: undoJob, Unique: id, Payload: orderOf(who, in, id)})
	})
}

func (s *Service) undoLater(ctx context.Context, w jobs.Work) error {
	var o order
	if err := w.Payload(&o); err != nil {
		return err
	}
	_, err := s.Undo(ctx, o.actor(w.Initiative), w.Initiative, o.Batch)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err != nil && w.Last():
		return s.giveBack(ctx, w.Initiative, o.Batch, In, fault.Says(err, "import.failed"))
	}
	return err
}

// Undo takes a batch back: what it added goes, what it changed is as it was.
// What somebody has worked on since, and what other things point at, stays and
// is listed. All or nothing, for 90 days. Stewards may. Faults: NotFound.
func (s *Service) Undo(ctx context.Context, who access.Actor, in, id string) (u Undone, err error) {
	defer fault.Wrap(&err, "exchange.Undo %s in %s", id, in)
	tables, err := s.schema.of(ctx, s.DB)
	if err != nil {
		return Undone{}, err
	}
	defer s.going.end(id)
	err = s.change(ctx, who, in, id, "undo import", func(q db.Querier, b Batch) error {
		if b.Status != Undoing && !b.undoable(s.Now()) {
			return fault.ErrNotFound
		}
		all, err := rowsOfBatch(ctx, q, in, id)
		if err != nil {
			return err
		}
		t := &taking{q: q, in: in, batch: id, tables: tables, tell: func(done int) { s.going.set(id, done, len(all)) }}
		if err := t.back(ctx, all); err != nil {
			return err
		}
		now, _, err := db.Mark(q)
		if err != nil {
			return err
		}
		u = t.undone
		b.Status, b.UndoneAt, b.Problem = Returned, db.At(now), fault.Message{}
		b.Receipt.Removed, b.Receipt.Restored, b.Receipt.Kept = u.Removed, u.Restored, len(u.Kept)
		if err := updateBatch(ctx, q, in, b); err != nil {
			return err
		}
		if err := people.ScrubLater(ctx, q); err != nil {
			return err
		}
		return db.Touch(ctx, q, in)
	})
	return u, err
}

// Kept lists what stayed of a batch that was taken back, by name. Stewards may.
// Faults: NotFound.
func (s *Service) Kept(ctx context.Context, who access.Actor, in, id string) (all []Kept, err error) {
	defer fault.Wrap(&err, "exchange.Kept of %s in %s", id, in)
	if _, err := s.Get(ctx, who, in, id); err != nil {
		return nil, err
	}
	tables, err := s.schema.of(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	rows, err := rowsOfBatch(ctx, s.DB.Read(), in, id)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r importRow) bool { return r.kept == "" })
	t := &taking{q: s.DB.Read(), in: in, batch: id, tables: tables}
	return t.named(ctx, rows)
}

// taking is a batch on its way back.
type taking struct {
	q      db.Querier
	in     string
	batch  string
	tables schemaTables
	tell   func(done int)
	done   int
	undone Undone
}

// backwards are the kinds in the order in which they are taken back: what
// points at something goes before it.
var backwards = []string{
	kindConversation, kindTalk, KindServicePlace, KindService, KindLocation, KindDetail,
	kindOrganization, kindPerson, kindHousehold,
}

// back goes through what rows became, one kind at a time.
func (t *taking) back(ctx context.Context, all []importRow) error {
	byKind := map[string][]importRow{}
	for _, r := range all {
		byKind[r.kind] = append(byKind[r.kind], r)
	}
	for _, kind := range backwards {
		for some := range slices.Chunk(byKind[kind], chunk) {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			if err := t.some(ctx, objects[kind], some); err != nil {
				return err
			}
			t.done += len(some)
			t.tell(t.done)
		}
	}
	return nil
}

// some takes back a few objects of one kind.
func (t *taking) some(ctx context.Context, o object, rows []importRow) error {
	var ids []string
	var gone []int
	for _, r := range rows {
		if r.act == Same {
			gone = append(gone, r.seq) // it changed nothing, and is to be looked at again next time
			continue
		}
		ids = append(ids, r.id)
	}
	now, err := t.tables.look(ctx, t.q, t.in, o, ids)
	if err != nil {
		return err
	}
	linked, err := t.tables.linked(ctx, t.q, t.in, o, now)
	if err != nil {
		return err
	}
	var added []string
	var changed, edited, pointed []importRow
	for _, r := range rows {
		have, here := now[r.id]
		switch {
		case r.act == Same:
		case !here: // somebody else has removed it
			gone = append(gone, r.seq)
		case r.after == "" || have.digest() != r.after:
			edited = append(edited, r)
		case r.act == Change:
			changed, gone = append(changed, r), append(gone, r.seq)
		case linked[r.id]:
			pointed = append(pointed, r)
		default:
			added, gone = append(added, r.id), append(gone, r.seq)
		}
	}
	if err := t.remove(ctx, o, added); err != nil {
		return err
	}
	if err := t.restore(ctx, o, changed); err != nil {
		return err
	}
	t.undone.Removed += len(added)
	t.undone.Restored += len(changed)
	if err := deleteRows(ctx, t.q, t.in, t.batch, gone); err != nil {
		return err
	}
	return errorsOf(t.keep(ctx, keptEdited, edited), t.keep(ctx, keptLinked, pointed))
}

// errorsOf gives the first error.
func errorsOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// remove deletes objects with what belongs to them.
func (t *taking) remove(ctx context.Context, o object, ids []string) error {
	for _, p := range slices.Concat(o.made, o.parts) { // a few tables
		if err := deleteWhere(ctx, t.q, p, t.in, ids); err != nil {
			return err
		}
	}
	return deleteWhere(ctx, t.q, reference{o.table, "id"}, t.in, ids)
}

// restore puts objects back to what they were.
func (t *taking) restore(ctx context.Context, o object, rows []importRow) error {
	if len(rows) == 0 {
		return nil
	}
	ids, roots := make([]string, len(rows)), make([]row, len(rows))
	for i, r := range rows {
		ids[i], roots[i] = r.id, r.before.Root
	}
	for _, p := range o.parts { // a few tables
		if err := deleteWhere(ctx, t.q, p, t.in, ids); err != nil {
			return err
		}
		var were []row
		for _, r := range rows {
			were = append(were, r.before.Parts[p.table]...)
		}
		if err := putBack(ctx, t.q, t.tables[p.table], were); err != nil {
			return err
		}
	}
	if err := overwrite(ctx, t.q, t.tables[o.table], roots); err != nil || len(o.made) == 0 {
		return err
	}
	return organization.Index(ctx, t.q, t.in, ids)
}

// keep lists what stays.
func (t *taking) keep(ctx context.Context, why string, rows []importRow) error {
	if len(rows) == 0 {
		return nil
	}
	seqs := make([]int, len(rows))
	for i := range rows {
		seqs[i], rows[i].kept = rows[i].seq, why
	}
	if err := keepRows(ctx, t.q, t.in, t.batch, why, seqs); err != nil {
		return err
	}
	named, err := t.named(ctx, rows)
	t.undone.Kept = append(t.undone.Kept, named...)
	return err
}

// named gives what stayed by the names that people know it by.
func (t *taking) named(ctx context.Context, rows []importRow) (all []Kept, err error) {
	byKind := map[string][]string{}
	for _, r := range rows {
		byKind[r.kind] = append(byKind[r.kind], r.id)
	}
	names := map[string]string{}
	for kind, ids := range byKind { // a few kinds
		o := objects[kind]
		for some := range slices.Chunk(ids, chunk) {
			found, err := rowsOf(ctx, t.q, t.tables[o.table], t.in, "id", some)
			if err != nil {
				return nil, err
			}
			for _, r := range found {
				names[r.text("id")] = r.text(o.name)
			}
		}
	}
	for _, r := range rows {
		all = append(all, Kept{Kind: r.kind, ID: r.id, Name: names[r.id], Why: message("import.kept." + r.kept)})
	}
	return all, nil
}
