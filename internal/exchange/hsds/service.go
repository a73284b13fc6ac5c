package hsds

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
)

// Service brings directories of services into an initiative, and gives an
// initiative's services away.
type Service struct {
	DB      *db.DB
	IDs     *db.IDs
	Batches *exchange.Service
}

// Options say how a package comes in.
type Options struct {
	Name  string // of the file, as its owner calls it
	Draft bool   // organizations stay drafts, rather than shown to everybody at once
}

// Planned is what one row will do.
type Planned struct {
	Table  string
	Line   int
	Act    exchange.Act // Add, Change or Same
	Title  string       // its name, or its id
	Fields []string     // with Change: the columns that differ
}

// Plan is what a package will do, row by row.
type Plan struct {
	Planned  []Planned
	Counts   map[string]exchange.Counts // by table
	Warnings []sheet.Warning
}

// Total counts the rows of all tables.
func (p Plan) Total() exchange.Counts {
	all := exchange.Counts{}
	for _, counts := range p.Counts {
		for act, n := range counts {
			all[act] += n
		}
	}
	return all
}

// DryRun says what a package would do, and does nothing. Stewards may. Faults:
// NotFound; Invalid "hsds.file.empty" for one without rows.
func (s *Service) DryRun(ctx context.Context, who access.Actor, in string, p Package, o Options) (plan Plan, err error) {
	defer fault.Wrap(&err, "hsds.DryRun in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return Plan{}, err
	}
	find, err := s.finder(ctx, in)
	if err != nil {
		return Plan{}, err
	}
	a, err := s.arrive(ctx, s.DB.Read(), in, p, o, find)
	if err != nil {
		return Plan{}, err
	}
	return a.plan, nil
}

// Import brings a package in, all of it or nothing, as a batch that can be
// taken back; see exchange.Service.Undo. What is here already isn't touched: a
// package that came before adds nothing, and gives no batch; what was edited
// here since stays until the package says something new. Rows that a package no
// longer has stay. Stewards may. Faults: NotFound; Invalid as with DryRun.
func (s *Service) Import(ctx context.Context, who access.Actor, in string, p Package, o Options) (batch exchange.Batch, plan Plan, err error) {
	defer fault.Wrap(&err, "hsds.Import in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return exchange.Batch{}, Plan{}, err
	}
	find, err := s.finder(ctx, in)
	if err != nil {
		return exchange.Batch{}, Plan{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		a, err := s.arrive(ctx, q, in, p, o, find)
		if err != nil {
			return err
		}
		plan, batch = a.plan, exchange.Batch{}
		if len(a.acts) == 0 {
			return nil
		}
		batch, err = s.Batches.Bring(ctx, q, who, in, a.batch(), a.pieces(), func() error { return a.out.write(ctx, q, in) })
		return err
	})
	return batch, plan, err
}

// Export gives what everybody may see of an initiative's services as a package,
// for WriteZip, WriteTabular and WriteJSON. Stewards may. Faults: NotFound.
func (s *Service) Export(ctx context.Context, who access.Actor, in string) (p Package, err error) {
	defer fault.Wrap(&err, "hsds.Export of %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return Package{}, err
	}
	all, err := loadAll(ctx, s.DB.Read(), in, true)
	if err != nil {
		return Package{}, err
	}
	return all.Package, nil
}
