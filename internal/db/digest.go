package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"

	"commonweal/internal/fault"
)

// Column is one column of the store, by its table, with its type in the
// engine's own words.
type Column struct {
	Table, Name, Type string
	Optional          bool // a row may leave it out: it may be null, or has a value by itself
}

// TableDigest says what is in a table: two tables with equal digests hold the
// same rows, on whichever engine.
type TableDigest struct {
	Rows int64
	Sum  string // SHA-256 over names of columns and all rows, in hexadecimal
}

// Digest gives each table's digest, all at one moment. A store that was
// copied, restored or moved to the other engine has the same digests; a single
// changed byte in a row is noticed, which SQLite's own check does not do.
func (d *DB) Digest(ctx context.Context) (all map[string]TableDigest, err error) {
	defer fault.Wrap(&err, "db.Digest")
	conn, err := d.readers.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	err = atOneMoment(ctx, conn, func(q Querier) error {
		all, err = d.digest(ctx, q)
		return err
	})
	return all, err
}

// atOneMoment runs fn on a snapshot of the store.
func atOneMoment(ctx context.Context, conn *sql.Conn, fn func(q Querier) error) error {
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return fn(tx)
}

// Columns lists the columns of all tables, sorted by table and name. What
// goose keeps for itself isn't among them.
func (d *DB) Columns(ctx context.Context) ([]Column, error) { return d.columns(ctx, d.read) }

func (d *DB) columns(ctx context.Context, q Querier) ([]Column, error) {
	all, err := All(ctx, q, func(row Row) (c Column, err error) {
		return c, row.Scan(&c.Table, &c.Name, &c.Type, &c.Optional)
	}, d.dialect.columns)
	all = slices.DeleteFunc(all, func(c Column) bool { return strings.HasPrefix(c.Table, "goose_") })
	slices.SortFunc(all, func(a, b Column) int {
		return strings.Compare(a.Table+"\x00"+a.Name, b.Table+"\x00"+b.Name)
	})
	return all, err
}

func (d *DB) digest(ctx context.Context, q Querier) (map[string]TableDigest, error) {
	columns, err := d.columns(ctx, q)
	if err != nil {
		return nil, err
	}
	tables := map[string][]Column{}
	for _, c := range columns {
		tables[c.Table] = append(tables[c.Table], c)
	}
	all := map[string]TableDigest{}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if all[name], err = digestTable(ctx, q, name, tables[name]); err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
	}
	return all, nil
}

// digestTable reads the table once, in whatever order the engine likes.
func digestTable(ctx context.Context, q Querier, table string, columns []Column) (TableDigest, error) {
	d := NewDigester(columns)
	err := eachRow(ctx, q, columns, d.Add, `select `+columnList(columns)+` from "`+table+`"`)
	return d.Digest(), err
}

// A Digester digests rows that come one by one, in any order: their hashes are
// added up.
type Digester struct {
	columns []Column
	hash    hash.Hash
	sum     adder
	rows    int64
}

// NewDigester begins the digest of rows that have these columns.
func NewDigester(columns []Column) *Digester {
	return &Digester{columns: columns, hash: sha256.New()}
}

// Add takes in a row as Table.Each gives it, its values in the order of the
// columns.
func (d *Digester) Add(row []any) error {
	d.hash.Reset()
	for i, v := range row {
		if err := digestValue(d.hash, v, d.columns[i]); err != nil {
			return err
		}
	}
	d.sum.add(d.hash.Sum(nil))
	d.rows++
	return nil
}

// Digest is of all rows so far.
func (d *Digester) Digest() TableDigest {
	d.hash.Reset()
	for _, c := range d.columns {
		digestBytes(d.hash, 'c', []byte(c.Name))
	}
	d.hash.Write(d.sum.bytes())
	return TableDigest{Rows: d.rows, Sum: hex.EncodeToString(d.hash.Sum(nil))}
}

// digestValue hashes a value as eachRow gives it, alike on both engines.
func digestValue(h hash.Hash, v any, c Column) error {
	switch v := v.(type) {
	case nil:
		digestBytes(h, 'n', nil)
	case bool:
		digestNumber(h, 'b', truth(v))
	case int64:
		digestNumber(h, 'i', uint64(v)) //nolint:gosec // its bits
	case float64:
		digestNumber(h, 'f', math.Float64bits(v))
	case string:
		digestBytes(h, 't', []byte(v))
	case []byte:
		digestBytes(h, 'x', v)
	default:
		return fmt.Errorf("column %s holds %T, which no rule of ours allows", c.Name, v)
	}
	return nil
}

func truth(v bool) uint64 {
	if v {
		return 1
	}
	return 0
}

// digestBytes writes a kind, a length and the bytes: no two rows read alike.
func digestBytes(h hash.Hash, kind byte, b []byte) {
	digestNumber(h, kind, uint64(len(b)))
	h.Write(b)
}

func digestNumber(h hash.Hash, kind byte, n uint64) {
	var b [9]byte
	b[0] = kind
	binary.BigEndian.PutUint64(b[1:], n)
	h.Write(b[:])
}

// adder adds hashes up as numbers of 256 bits.
type adder [4]uint64

func (a *adder) add(hash []byte) {
	var carry uint64
	for i := len(a) - 1; i >= 0; i-- {
		a[i], carry = bits.Add64(a[i], binary.BigEndian.Uint64(hash[8*i:]), carry)
	}
}

func (a *adder) bytes() []byte {
	b := make([]byte, 0, 32)
	for _, n := range a {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return b
}
