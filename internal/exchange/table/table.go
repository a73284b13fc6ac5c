// Package table writes what an initiative has as the tables that people know:
// one of its people, one of its households, one of its partners. They open in
// any spreadsheet program, run nothing there, and come in again: every heading
// is one that the import reads by itself.
package table

import (
	"context"
	"errors"
	"io"
	"iter"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
)

// Kind is a table, by the name that the import has for it.
type Kind string

// The tables.
const (
	Contacts   Kind = "contacts"
	Households Kind = "households"
	Partners   Kind = "partners"
)

// Kinds are all tables, in the order of a workbook's sheets.
func Kinds() []Kind { return []Kind{Contacts, Households, Partners} }

// Service writes tables for stewards.
type Service struct{ DB *db.DB }

// CSV writes one table. Stewards may; it is noted as a look at everybody.
// Faults: NotFound.
func (s *Service) CSV(ctx context.Context, who access.Actor, in string, kind Kind, w io.Writer) (err error) {
	defer fault.Wrap(&err, "table.CSV of %s in %s", kind, in)
	return s.write(ctx, who, in, func(q db.Querier) error {
		return sheet.WriteCSV(w, of(ctx, q, in, kind))
	})
}

// Workbook writes tables as one workbook (XLSX), a sheet each. Stewards may; it
// is noted as a look at everybody. Faults: NotFound.
func (s *Service) Workbook(ctx context.Context, who access.Actor, in string, kinds []Kind, w io.Writer) (err error) {
	defer fault.Wrap(&err, "table.Workbook of %s", in)
	return s.write(ctx, who, in, func(q db.Querier) error {
		all := make([]sheet.Table, len(kinds))
		for i, kind := range kinds {
			all[i] = of(ctx, q, in, kind)
		}
		return sheet.WriteXLSX(w, all...)
	})
}

// write notes the look, and then looks, at one moment.
func (s *Service) write(ctx context.Context, who access.Actor, in string, look func(q db.Querier) error) error {
	if err := who.Require(in, access.Steer); err != nil {
		return err
	}
	if err := s.DB.Tx(ctx, func(q db.Querier) error {
		return audit.Note(ctx, q, audit.Event{
			Initiative: in, Account: who.Account, Person: who.Person(in), For: who.For, Act: audit.LookedAtAll, Object: in,
		})
	}); err != nil {
		return err
	}
	return s.DB.Snapshot(ctx, look)
}

// of is a table of an initiative, read a row at a time.
func of(ctx context.Context, q db.Querier, in string, kind Kind) sheet.Table {
	t := sheet.Table{Name: string(kind)}
	read := eachPartner
	switch kind {
	case Contacts:
		t.Header, read = personHeader, eachPerson
	case Households:
		t.Header, read = homeHeader, eachHome
	case Partners:
		t.Header = partnerHeader
	}
	t.Rows = rows(func(give func([]string) error) error { return read(ctx, q, in, give) })
	return t
}

// errEnough ends a reading whose reader has enough.
var errEnough = errors.New("table: enough")

// rows turns what gives rows into what can be asked for them.
func rows(read func(give func([]string) error) error) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		err := read(func(row []string) error {
			if !yield(row, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}
