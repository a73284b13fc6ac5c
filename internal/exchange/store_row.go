package exchange

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/db"
)

// importRow is what one row of a file became.
type importRow struct {
	seq, sheet, n int
	got
	print  string
	before snapshot
	after  string
	extra  []Pair
	kept   string
}

// wide is how many rows of many columns go into one statement.
const wide = 75

func insertRows(ctx context.Context, q db.Querier, in, batch string, all []importRow) error {
	for some := range slices.Chunk(all, wide) {
		args := make([]any, 0, 14*len(some))
		for _, r := range some {
			before, err := r.beforeJSON()
			if err != nil {
				return err
			}
			extra := ""
			if len(r.extra) > 0 {
				if extra, err = toJSON(r.extra); err != nil {
					return err
				}
			}
			args = append(args, in, batch, r.seq, r.sheet, r.n, r.kind, r.id, null(r.person), string(r.act), r.print, before, r.after, extra, "")
		}
		if err := db.Exec(ctx, q, `insert into import_row (initiative_id, batch_id, seq, sheet, n, kind, object_id, person_id, act,
				print, before, after, extra, kept)
			values `+tuples(len(some), 14), args...); err != nil {
			return err
		}
	}
	return nil
}

func (r importRow) beforeJSON() (string, error) {
	if r.before.Root == nil {
		return "", nil
	}
	return toJSON(r.before)
}

// digestAgain sets the digests of rows whose objects a later row of the same
// batch has changed.
func digestAgain(ctx context.Context, q db.Querier, in, batch string, bySeq map[int]string) error {
	seqs := slices.Sorted(maps.Keys(bySeq))
	for some := range slices.Chunk(seqs, chunk) {
		args := []any{in, batch}
		for _, n := range some {
			args = append(args, strconv.Itoa(n), bySeq[n])
		}
		if err := db.Exec(ctx, q, `with again (seq, after) as (values `+tuplesFrom(3, len(some), 2)+`)
			update import_row set after = again.after from again
			where import_row.initiative_id = $1 and import_row.batch_id = $2 and import_row.seq = cast(again.seq as bigint)`, args...); err != nil {
			return err
		}
	}
	return nil
}

// cameBefore gives what rows became that were brought in before, by print.
func cameBefore(ctx context.Context, q db.Querier, in string, prints []string) (map[string]got, error) {
	type came struct {
		print string
		got
	}
	byPrint := map[string]got{}
	for some := range slices.Chunk(prints, 4*chunk) {
		all, err := db.All(ctx, q, func(row db.Row) (c came, err error) {
			err = row.Scan(&c.print, &c.kind, &c.id)
			return c, err
		}, `select print, kind, object_id from import_row where initiative_id = $1 and print in (`+marks(2, len(some))+`)
			order by batch_id, seq desc`, withIDs(some, in)...)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			byPrint[c.print] = c.got
		}
	}
	return byPrint, nil
}

// rowsOfBatch reads what a batch's rows became, the last first: whatever points
// at something came after it.
func rowsOfBatch(ctx context.Context, q db.Querier, in, batch string) ([]importRow, error) {
	return db.All(ctx, q, func(row db.Row) (r importRow, err error) {
		var before string
		if err := row.Scan(&r.seq, &r.sheet, &r.n, &r.kind, &r.id, &r.act, &before, &r.after, &r.kept); err != nil {
			return r, err
		}
		return r, fromJSON(before, &r.before)
	}, `select seq, sheet, n, kind, object_id, act, before, after, kept from import_row
		where initiative_id = $1 and batch_id = $2 order by seq desc`, in, batch)
}

func deleteRows(ctx context.Context, q db.Querier, in, batch string, seqs []int) error {
	for some := range slices.Chunk(seqs, chunk) {
		args := []any{in, batch}
		for _, n := range some {
			args = append(args, n)
		}
		if err := db.Exec(ctx, q, `delete from import_row where initiative_id = $1 and batch_id = $2 and seq in (`+marks(3, len(some))+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}

// keepRows notes why some rows stayed.
func keepRows(ctx context.Context, q db.Querier, in, batch, why string, seqs []int) error {
	for some := range slices.Chunk(seqs, chunk) {
		args := []any{in, batch, why}
		for _, n := range some {
			args = append(args, n)
		}
		if err := db.Exec(ctx, q, `update import_row set kept = $3, before = '' where initiative_id = $1 and batch_id = $2 and seq in (`+marks(4, len(some))+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}

// extras gives what unmatched columns said of a record, the latest first.
func extras(ctx context.Context, q db.Querier, in, object string) (all []Pair, err error) {
	texts, err := db.All(ctx, q, db.Value[string], `select extra from import_row
		where initiative_id = $1 and object_id = $2 and extra <> '' order by batch_id desc, seq desc limit 20`, in, object)
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		var some []Pair
		if err := fromJSON(text, &some); err != nil {
			return nil, err
		}
		for _, p := range some {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// extrasAbout gives what unmatched columns said of a person.
func extrasAbout(ctx context.Context, q db.Querier, in, person string) (all []Pair, err error) {
	texts, err := db.All(ctx, q, db.Value[string], `select extra from import_row
		where initiative_id = $1 and person_id = $2 and extra <> '' order by batch_id, seq`, in, person)
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		var some []Pair
		if err := fromJSON(text, &some); err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// forgetAbout takes a person's words off the rows that were about them, or about
// the household that they live in: nobody can tell of whom in it a row spoke.
// That a row came in stays.
func forgetAbout(ctx context.Context, q db.Querier, in, person string) error {
	return db.Exec(ctx, q, `update import_row set print = '', before = '', after = '', extra = ''
		where initiative_id = $1 and (person_id = $2 or kind = 'household' and object_id in (
			select household_id from person where initiative_id = $1 and id = $2 and household_id is not null))`, in, person)
}

// forgetSpoken drops what organizations were before an import, of those that a
// person spoke for, or that have an address of theirs: they may stand there as
// whom to ask.
func forgetSpoken(ctx context.Context, q db.Querier, in, person string) error {
	return db.Exec(ctx, q, `update import_row set before = '', after = '' where initiative_id = $1 and before <> '' and (object_id in (
			select s.organization_id from spokesperson s where s.initiative_id = $1 and s.person_id = $2)
		or exists (select 1 from contact c where c.initiative_id = $1 and c.person_id = $2 and c.kind = 'email'
			and lower(import_row.before) like '%' || lower(c.value) || '%'))`, in, person)
}

// waitingWith finds the files that wait and hold all words of a person's name
// near each other, since it may stand in two columns, or a way to reach them.
// Their cells are text, in which names stand as they were written.
func waitingWith(ctx context.Context, q db.Querier, in, person string) ([]string, error) {
	words, err := db.All(ctx, q, db.Value[string], `select name from person where initiative_id = $1 and id = $2 and name <> ''
		union select value from contact where initiative_id = $1 and person_id = $2`, in, person)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	args, either := []any{in}, []string{"1 = 0"}
	for _, said := range words {
		var all []string
		for word := range strings.FieldsSeq(said) {
			args = append(args, "%"+db.Like(word)+"%")
			all = append(all, `cells like `+marks(len(args), 1)+` escape '\'`)
		}
		if len(all) > 0 {
			either = append(either, strings.Join(all, " and "))
		}
	}
	return db.All(ctx, q, db.Value[string], `select distinct batch_id from import_cells where initiative_id = $1 and (`+strings.Join(either, " or ")+`)`, args...)
}

// deleteBatches forgets files that were not brought in.
func deleteBatches(ctx context.Context, q db.Querier, in string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	for _, r := range [...]reference{{"import_choice", "batch_id"}, {"import_cells", "batch_id"}, {"import_batch", "id"}} {
		if err := deleteWhere(ctx, q, r, in, ids); err != nil {
			return err
		}
	}
	return nil
}
