package people

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"commonweal/internal/db"
)

// Source is a room's answer to "what do you keep about this person?". Each
// room with personal data has one, and they meet in Service.Sources.
type Source struct {
	Name   string   // the room's, and the heading in an export
	Tables []string // all of the room's tables in which something about a person may stand
	Said   bool     // what the person said: goes as well when they no longer agree to notes

	// Export gives everything that the tables hold about a person, ready for JSON.
	Export func(ctx context.Context, q db.Querier, initiative, person string) (any, error)
	// ExportToOthers is Export for a copy that their connector or a steward
	// makes: without what is for the person's own eyes. Nil is Export.
	ExportToOthers func(ctx context.Context, q db.Querier, initiative, person string) (any, error)
	// Erase leaves nothing in the tables that tells about the person. Counts
	// stay as they were, and an id may stay: the person's row is kept, empty.
	// It runs before the person's own row is emptied, and may run twice.
	Erase func(ctx context.Context, q db.Querier, initiative, person string) error
}

// export is what goes into a copy that the person makes themselves, or another.
func (s Source) export(ctx context.Context, q db.Querier, initiative, person string, own bool) (any, error) {
	if !own && s.ExportToOthers != nil {
		return s.ExportToOthers(ctx, q, initiative, person)
	}
	return s.Export(ctx, q, initiative, person)
}

// Own is the source of this room.
func Own() Source {
	return Source{
		Name:   "people",
		Tables: []string{"person", "household", "contact", "consent"},
		Export: exportOwn,
		Erase:  eraseOwn,
	}
}

// all are the sources of the other rooms and at last our own, whose rows the
// others may still want to read.
func (s *Service) all() []Source { return append(slices.Clone(s.Sources), Own()) }

// CheckSources finds whatever the sources forgot: every table of the store is
// named by exactly one source, or is impersonal for a reason. So a table added
// next year can't slip out of exports and erasures unseen.
func CheckSources(ctx context.Context, d *db.DB, sources []Source, impersonal map[string]string) error {
	all, err := d.Columns(ctx)
	if err != nil {
		return err
	}
	tables := map[string]bool{}
	for _, c := range all {
		tables[c.Table] = true
	}
	named := map[string][]string{}
	for _, s := range sources {
		for _, table := range s.Tables {
			named[table] = append(named[table], s.Name)
		}
	}
	var faults []error
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		faults = append(faults, checkTable(table, named[table], impersonal))
	}
	for _, table := range slices.Sorted(maps.Keys(named)) {
		faults = append(faults, checkExists(table, tables))
	}
	for _, table := range slices.Sorted(maps.Keys(impersonal)) {
		faults = append(faults, checkExists(table, tables))
	}
	return errors.Join(faults...)
}

func checkTable(table string, sources []string, impersonal map[string]string) error {
	reason, listed := impersonal[table]
	switch {
	case len(sources) > 1:
		return fmt.Errorf("table %s is named by %s: one source answers for a table", table, strings.Join(sources, " and "))
	case len(sources) == 1 && listed:
		return fmt.Errorf("table %s is named by %s and listed as impersonal", table, sources[0])
	case len(sources) == 1:
		return nil
	case !listed:
		return fmt.Errorf("table %s is named by no source and not listed as impersonal", table)
	case strings.TrimSpace(reason) == "":
		return fmt.Errorf("table %s is listed as impersonal without a reason", table)
	}
	return nil
}

func checkExists(table string, tables map[string]bool) error {
	if !tables[table] {
		return fmt.Errorf("table %s is named and doesn't exist", table)
	}
	return nil
}
