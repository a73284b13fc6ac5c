package exchange

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/people"
)

// Source is what this room keeps about a person: what unmatched columns said,
// what was there before an import changed it, and files that wait.
func Source() people.Source {
	return people.Source{
		Name:   "exchange",
		Tables: []string{"import_batch", "import_cells", "import_choice", "import_row"},
		Export: export,
		Erase:  erase,
	}
}

// Impersonal are this room's tables that hold nobody, and why.
func Impersonal() map[string]string {
	return map[string]string{"import_mapping": "which heading means which field; the headings themselves only as a hash"}
}

// exported is this room's part of a person's copy.
type exported struct {
	Beside []Pair `json:"kept_beside"`
}

// Pairs are what was kept beside.
func (e exported) Pairs() []Pair { return e.Beside }

func export(ctx context.Context, q db.Querier, initiative, person string) (any, error) {
	all, err := extrasAbout(ctx, q, initiative, person)
	if all == nil {
		all = []Pair{}
	}
	return exported{Beside: all}, err
}

// erase forgets what rows said of a person. A file that waits may name them
// anywhere, and is at most a day old: it is forgotten whole, and whoever
// brought it brings it again.
func erase(ctx context.Context, q db.Querier, initiative, person string) error {
	if err := forgetAbout(ctx, q, initiative, person); err != nil {
		return err
	}
	if err := forgetSpoken(ctx, q, initiative, person); err != nil {
		return err
	}
	waiting, err := waitingWith(ctx, q, initiative, person)
	if err != nil {
		return err
	}
	return deleteBatches(ctx, q, initiative, waiting)
}
