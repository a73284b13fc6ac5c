package exchange

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Piece is what one row of a file became that another package read, such as a
// directory of services: it says which object, and what became of that.
type Piece struct {
	Table int // which of the file's tables, from 0
	Line  int // as the person's own program counts; 0 for an object that only its parts came for
	Kind  string
	ID    string
	Act   Act    // Add, Change or Same
	Print string // what the row said, as a hash
}

// The kinds of object that a directory of services holds, for Piece.
const (
	KindOrganization = kindOrganization
	KindLocation     = "location"
	KindService      = "service"
	KindServicePlace = "service_place"
	KindDetail       = "detail"
)

// Bring writes what another package read as one batch, so that it can be taken
// back like any other: write does all the writing, and before and after it Bring
// looks at what the pieces are. It runs in the transaction q; batch has its
// Name, Sheets and Receipt. Stewards may. Faults: NotFound.
func (s *Service) Bring(ctx context.Context, q db.Querier, who access.Actor, in string, batch Batch, pieces []Piece,
	write func() error,
) (b Batch, err error) {
	defer fault.Wrap(&err, "exchange.Bring in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return Batch{}, err
	}
	tables, err := s.schema.of(ctx, s.DB)
	if err != nil {
		return Batch{}, err
	}
	now, id, err := db.Mark(q)
	if err != nil {
		return Batch{}, err
	}
	batch.ID, batch.By, batch.Status, batch.MadeAt, batch.InAt = id, who.Person(in), In, db.At(now), db.At(now)
	if err := insertBatch(ctx, q, in, batch); err != nil {
		return Batch{}, err
	}
	if err := updateBatch(ctx, q, in, batch); err != nil {
		return Batch{}, err
	}
	w := &writer{run: run{q: q, in: in, batch: batch}, tables: tables}
	if err := w.keepPieces(ctx, pieces, write); err != nil {
		return Batch{}, err
	}
	if err := db.Touch(ctx, q, in); err != nil {
		return Batch{}, err
	}
	return batch, note(ctx, q, who, in, "import file", id)
}

// keepPieces writes, and keeps what is needed to take it back.
func (w *writer) keepPieces(ctx context.Context, pieces []Piece, write func() error) error {
	changing, touched := map[string][]string{}, map[string][]string{}
	for _, p := range pieces {
		if p.Act == Change {
			changing[p.Kind] = append(changing[p.Kind], p.ID)
		}
		if p.Act != Same {
			touched[p.Kind] = append(touched[p.Kind], p.ID)
		}
	}
	before, err := w.look(ctx, changing)
	if err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	after, err := w.look(ctx, touched)
	if err != nil {
		return err
	}
	all := make([]importRow, 0, len(pieces))
	for i, p := range pieces {
		row := importRow{seq: i, sheet: p.Table, n: p.Line, got: got{kind: p.Kind, id: p.ID, act: p.Act}, print: p.Print}
		if p.Act != Same {
			row.after = after[p.Kind][p.ID].digest()
		}
		if p.Act == Change {
			row.before = before[p.Kind][p.ID]
		}
		all = append(all, row)
	}
	return insertRows(ctx, w.q, w.in, w.batch.ID, all)
}

// Came says which of some prints were brought in before and never taken back.
func Came(ctx context.Context, q db.Querier, in string, prints []string) (came map[string]bool, err error) {
	defer fault.Wrap(&err, "exchange.Came in %s", in)
	known, err := cameBefore(ctx, q, in, prints)
	if err != nil {
		return nil, err
	}
	came = make(map[string]bool, len(known))
	for mark := range known {
		came[mark] = true
	}
	return came, nil
}
