package exchange

import (
	"context"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
)

// part is how many rows of a file stand in one row of import_cells, and parts
// how many of those go into one statement.
const (
	part  = 500
	parts = 8
)

// cells are one row of a file as it waits.
type cells struct {
	N   int            `json:"n"`
	C   []string       `json:"c"`
	Was map[int]string `json:"w,omitempty"` // what stood in the file, of days
}

func cellsOf(r sheet.Row) cells {
	c := cells{N: r.Number, C: make([]string, len(r.Cells))}
	for i, one := range r.Cells {
		c.C[i] = one.Text
		if one.Kind == sheet.Date && one.Was != "" {
			if c.Was == nil {
				c.Was = map[int]string{}
			}
			c.Was[i] = one.Was
		}
	}
	return c
}

func insertCells(ctx context.Context, q db.Querier, in, batch string, n int, rows []sheet.Row) error {
	var args []any
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		err := db.Exec(ctx, q, `insert into import_cells (initiative_id, batch_id, sheet, part, cells)
			values `+tuples(len(args)/5, 5), args...)
		args = args[:0]
		return err
	}
	at := 0
	for some := range slices.Chunk(rows, part) {
		all := make([]cells, len(some))
		for i, r := range some {
			all[i] = cellsOf(r)
		}
		text, err := toJSON(all)
		if err != nil {
			return err
		}
		args = append(args, in, batch, n, at, text)
		at++
		if len(args) == 5*parts {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// readCells gives the rows of one table of a file that waits.
func readCells(ctx context.Context, q db.Querier, in, batch string, n int) (all []cells, err error) {
	texts, err := db.All(ctx, q, db.Value[string], `select cells from import_cells
		where initiative_id = $1 and batch_id = $2 and sheet = $3 order by part`, in, batch, n)
	if err != nil {
		return nil, err
	}
	for i, text := range texts {
		var some []cells
		if err := fromJSON(text, &some); err != nil {
			return nil, err
		}
		texts[i] = "" // a large table would stand in memory twice
		all = append(all, some...)
	}
	return all, nil
}
