// Package db is the store: SQLite in a file, or PostgreSQL, behind one door.
//
// Reads go through Read, writes through Tx. One SQL text serves both engines;
// what differs is here and nowhere else.
package db

import (
	"context"
	"database/sql"
	"errors"

	"commonweal/internal/fault"
)

// Querier runs statements: inside Tx on the transaction, outside on a reader.
// Placeholders are $1, $2, …; times go in and out as Stamp and Day.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Row is what a scan function reads from: *sql.Row or *sql.Rows.
type Row interface{ Scan(dest ...any) error }

// All reads every row of a query.
func All[T any](ctx context.Context, q Querier, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below says what went wrong
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// One reads the one row of a query; none is the NotFound fault.
func One[T any](ctx context.Context, q Querier, scan func(Row) (T, error), query string, args ...any) (T, error) {
	one, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return one, fault.ErrNotFound
	}
	return one, err
}

// Value is a scan function for a query of one column.
func Value[T any](row Row) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// Exec runs a statement whose result does not matter.
func Exec(ctx context.Context, q Querier, query string, args ...any) error {
	_, err := q.ExecContext(ctx, query, args...)
	return err
}

// Changed runs a statement and says how many rows it changed.
func Changed(ctx context.Context, q Querier, query string, args ...any) (int64, error) {
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
