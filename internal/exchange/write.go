package exchange

import (
	"context"
)

// writer writes rows and keeps what is needed to take them back.
type writer struct {
	run
	tables schemaTables
	seq    int
	mine   map[string]int // objects of this batch, with the row that each is kept under
}

// write writes some rows, with what was there before and a digest of what is
// there after.
func (w *writer) write(ctx context.Context, takes intake, sh Sheet, some []*Planned) error {
	before, err := w.lookAt(ctx, some, func(g got) bool { return g.act == Change && !w.isMine(g) })
	if err != nil {
		return err
	}
	if err := takes.write(ctx, w.q, some); err != nil {
		return err
	}
	after, err := w.lookAt(ctx, some, func(g got) bool { return g.act != Same })
	if err != nil {
		return err
	}
	var fresh []importRow
	again := map[int]string{}
	for _, p := range some {
		beside := p.beside
		for _, g := range p.got {
			if w.isMine(g) {
				again[w.mine[g.id]] = after[g.kind][g.id].digest()
				continue
			}
			row := importRow{seq: w.seq, sheet: sh.N, n: p.Row, got: g, print: p.print}
			if !g.side {
				row.extra, beside = beside, nil
			}
			if g.act != Same {
				row.before, row.after = before[g.kind][g.id], after[g.kind][g.id].digest()
				w.mine[g.id] = w.seq
			}
			w.seq++
			fresh = append(fresh, row)
		}
	}
	if err := insertRows(ctx, w.q, w.in, w.batch.ID, fresh); err != nil {
		return err
	}
	return digestAgain(ctx, w.q, w.in, w.batch.ID, again)
}

// isMine says whether an earlier row of this batch wrote the object that a row
// changes: it is taken back with that row.
func (w *writer) isMine(g got) bool {
	_, mine := w.mine[g.id]
	return mine && g.act == Change
}

// lookAt reads objects that rows became.
func (w *writer) lookAt(ctx context.Context, some []*Planned, wanted func(got) bool) (map[string]map[string]snapshot, error) {
	ids := map[string][]string{}
	for _, p := range some {
		for _, g := range p.got {
			if wanted(g) {
				ids[g.kind] = append(ids[g.kind], g.id)
			}
		}
	}
	return w.look(ctx, ids)
}

// look reads objects of several kinds, by id.
func (w *writer) look(ctx context.Context, ids map[string][]string) (map[string]map[string]snapshot, error) {
	all := map[string]map[string]snapshot{}
	for kind, those := range ids { // a few kinds
		seen, err := w.tables.look(ctx, w.q, w.in, objects[kind], those)
		if err != nil {
			return nil, err
		}
		all[kind] = seen
	}
	return all, nil
}
