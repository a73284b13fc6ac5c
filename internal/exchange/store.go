package exchange

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/db"
)

// chunk is how many rows, or ids, go into one statement.
const chunk = 250

const batchColumns = `id, name, coalesce(made_by, ''), status, sheets, receipt, problem, made_at, in_at, undone_at`

func scanBatch(row db.Row) (b Batch, err error) {
	var sheets, receipt, problem string
	if err := row.Scan(&b.ID, &b.Name, &b.By, &b.Status, &sheets, &receipt, &problem, &b.MadeAt, &b.InAt, &b.UndoneAt); err != nil {
		return Batch{}, err
	}
	if err := fromJSON(sheets, &b.Sheets); err != nil {
		return Batch{}, err
	}
	if err := fromJSON(receipt, &b.Receipt); err != nil {
		return Batch{}, err
	}
	if err := fromJSON(problem, &b.Problem); err != nil {
		return Batch{}, err
	}
	b.countable()
	return b, nil
}

// countable gives the numbers in sentences back their kind, which JSON doesn't
// keep: a sentence that counts wants whole ones.
func (b *Batch) countable() {
	whole(b.Problem.Args)
	for _, s := range b.Sheets {
		for _, w := range s.Warnings {
			whole(w.Message.Args)
		}
	}
	for _, s := range b.Receipt.Sheets {
		for _, l := range s.Left {
			for _, w := range l.Why {
				whole(w.Args)
			}
		}
	}
}

func whole(args map[string]any) {
	for name, v := range args {
		if n, ok := v.(float64); ok && n == math.Trunc(n) {
			args[name] = int(n)
		}
	}
}

func getBatch(ctx context.Context, q db.Querier, in, id string) (Batch, error) {
	return db.One(ctx, q, scanBatch, `select `+batchColumns+` from import_batch where initiative_id = $1 and id = $2`, in, id)
}

func listBatches(ctx context.Context, q db.Querier, in string) ([]Batch, error) {
	return db.All(ctx, q, scanBatch, `select `+batchColumns+` from import_batch where initiative_id = $1
		order by made_at desc, id desc limit 200`, in)
}

func insertBatch(ctx context.Context, q db.Querier, in string, b Batch) error {
	sheets, err := toJSON(b.Sheets)
	if err != nil {
		return err
	}
	return db.Exec(ctx, q, `insert into import_batch (initiative_id, id, name, made_by, status, sheets, receipt, problem, made_at)
		values ($1, $2, $3, $4, $5, $6, '', '', $7)`, in, b.ID, b.Name, null(b.By), string(b.Status), sheets, b.MadeAt)
}

func updateBatch(ctx context.Context, q db.Querier, in string, b Batch) error {
	sheets, err := toJSON(b.Sheets)
	if err != nil {
		return err
	}
	receipt, err := toJSON(b.Receipt)
	if err != nil {
		return err
	}
	problem := ""
	if b.Problem.Key != "" {
		if problem, err = toJSON(b.Problem); err != nil {
			return err
		}
	}
	return db.Exec(ctx, q, `update import_batch set status = $3, sheets = $4, receipt = $5, problem = $6, in_at = $7, undone_at = $8
		where initiative_id = $1 and id = $2`, in, b.ID, string(b.Status), sheets, receipt, problem, b.InAt, b.UndoneAt)
}

// deleteBatch forgets a file that was not brought in.
func deleteBatch(ctx context.Context, q db.Querier, in, id string) error {
	if err := deleteWaiting(ctx, q, in, id); err != nil {
		return err
	}
	return db.Exec(ctx, q, `delete from import_batch where initiative_id = $1 and id = $2`, in, id)
}

// deleteWaiting forgets the cells of a file, and what was decided about them.
func deleteWaiting(ctx context.Context, q db.Querier, in, id string) error {
	if err := db.Exec(ctx, q, `delete from import_choice where initiative_id = $1 and batch_id = $2`, in, id); err != nil {
		return err
	}
	return db.Exec(ctx, q, `delete from import_cells where initiative_id = $1 and batch_id = $2`, in, id)
}

// forgetWaiting forgets the files of every initiative that nobody brought in,
// and those whose job was lost, as in an archive or a backup that came back.
func forgetWaiting(ctx context.Context, q db.Querier, before, lost db.Stamp) (int64, error) {
	const late = `(status = 'open' and made_at < $1 or status = 'going' and made_at < $2)`
	const old = ` from import_batch b where ` + late
	for _, table := range [...]string{"import_choice", "import_cells"} {
		err := db.Exec(ctx, q, `delete from `+table+` where exists (
			select 1`+old+` and b.initiative_id = `+table+`.initiative_id and b.id = `+table+`.batch_id)`, before, lost)
		if err != nil {
			return 0, err
		}
	}
	// Of every initiative, as above.
	return db.Changed(ctx, q, `delete from import_batch where `+late, before, lost)
}

// forgetBefore forgets, in every initiative, what was there before old imports.
func forgetBefore(ctx context.Context, q db.Querier, before db.Stamp) error {
	return db.Exec(ctx, q, `update import_row set before = '', after = '' where after <> '' and exists (
		select 1 from import_batch b where b.initiative_id = import_row.initiative_id and b.id = import_row.batch_id and b.in_at < $1)`, before)
}

func putChoices(ctx context.Context, q db.Querier, in, batch string, all []Decision) error {
	for some := range slices.Chunk(all, chunk) {
		var args []any
		for _, d := range some {
			args = append(args, in, batch, d.Sheet, d.Row, string(d.Choice))
		}
		if err := db.Exec(ctx, q, `insert into import_choice (initiative_id, batch_id, sheet, n, choice)
			values `+tuples(len(some), 5)+` on conflict (initiative_id, batch_id, sheet, n) do update set choice = excluded.choice`, args...); err != nil {
			return err
		}
	}
	return nil
}

func choices(ctx context.Context, q db.Querier, in, batch string) (map[rowKey]Choice, error) {
	type made struct {
		rowKey
		choice Choice
	}
	all, err := db.All(ctx, q, func(row db.Row) (m made, err error) {
		err = row.Scan(&m.sheet, &m.row, &m.choice)
		return m, err
	}, `select sheet, n, choice from import_choice where initiative_id = $1 and batch_id = $2`, in, batch)
	byRow := make(map[rowKey]Choice, len(all))
	for _, m := range all {
		byRow[m.rowKey] = m.choice
	}
	return byRow, err
}

// remember keeps which column went where under the print of the headings.
func remember(ctx context.Context, q db.Querier, in, headings string, m mapping, at db.Stamp) error {
	fields, err := toJSON(m.fields)
	if err != nil {
		return err
	}
	return db.Exec(ctx, q, `insert into import_mapping (initiative_id, print, target, fields, used_at) values ($1, $2, $3, $4, $5)
		on conflict (initiative_id, print) do update set target = excluded.target, fields = excluded.fields, used_at = excluded.used_at`,
		in, headings, m.target, fields, at)
}

// remembered gives what was kept under some prints.
func remembered(ctx context.Context, q db.Querier, in string, prints []string) (map[string]mapping, error) {
	if len(prints) == 0 {
		return nil, nil //nolint:nilnil // nothing asked, nothing known
	}
	byPrint := map[string]mapping{}
	_, err := db.All(ctx, q, func(row db.Row) (m mapping, err error) {
		var headings, fields string
		if err := row.Scan(&headings, &m.target, &fields); err != nil {
			return m, err
		}
		err = fromJSON(fields, &m.fields)
		byPrint[headings] = m
		return m, err
	}, `select print, target, fields from import_mapping where initiative_id = $1 and print in (`+marks(2, len(prints))+`)`,
		withIDs(prints, in)...)
	return byPrint, err
}

// toJSON writes letters as they are, so that a name is found in what waits.
func toJSON(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

func fromJSON(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// null is what an empty id is in the store.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// tuples are the placeholders of several rows: ($1, $2), ($3, $4).
func tuples(rows, width int) string { return tuplesFrom(1, rows, width) }

// tuplesFrom are tuples from the first placeholder on.
func tuplesFrom(first, rows, width int) string {
	all := make([]string, rows)
	for r := range all {
		all[r] = "(" + marks(first+r*width, width) + ")"
	}
	return strings.Join(all, ", ")
}

// marks are n placeholders from the first: $3, $4.
func marks(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(all, ", ")
}

// withIDs puts ids after the arguments that come first.
func withIDs(ids []string, first ...any) []any {
	for _, id := range ids {
		first = append(first, id)
	}
	return first
}
