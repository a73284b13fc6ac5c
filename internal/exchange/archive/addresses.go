package archive

import (
	"context"
	"iter"

	"commonweal/internal/initiative"
)

// addresses is the table of addresses: they are unique on a server, so that
// others may have taken them.
const addresses = "initiative_slug"

// maxAddresses is how many an initiative may have had.
const maxAddresses = 1000

// addresses gives the addresses that an initiative has here: its own, unless
// How gives another, and those of its earlier ones that nobody else has.
func (c *coming) addresses(ctx context.Context, t checked, rows iter.Seq2[[]any, error]) (all [][]any, err error) {
	slug, current := place(t.columns, "slug"), place(t.columns, "is_current")
	if slug < 0 || current < 0 {
		return nil, refuse(jsonName(t.Name), "its columns aren't those of addresses")
	}
	now := 0
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		name, _ := row[slug].(string)
		if !initiative.IsSlug(name) || len(all) == maxAddresses {
			return nil, refuse(jsonName(t.Name), "%.60q is no address, or it is one of too many", name)
		}
		if row[current] == true {
			now++
		}
		all = append(all, row)
	}
	if now != 1 {
		return nil, refuse(jsonName(t.Name), "one address must be the current one; %d are", now)
	}
	if c.Slug != "" {
		if !initiative.IsSlug(c.Slug) {
			return nil, refuse("", "%.60q can't be an address: small letters, numbers and hyphens", c.Slug)
		}
		all = renamed(all, slug, current, t.at, c.Slug)
		c.moved = true
	}
	return c.free(ctx, all, slug, current)
}

// renamed makes one address the current one.
func renamed(all [][]any, slug, current, by int, to string) [][]any {
	id, had := all[0][by], false
	for _, row := range all {
		row[current] = row[slug] == to
		had = had || row[slug] == to
	}
	if had {
		return all
	}
	row := make([]any, len(all[0]))
	row[slug], row[current], row[by] = to, true, id
	return append(all, row)
}

// free leaves out earlier addresses that are another initiative's here, and
// refuses the current one if it is.
func (c *coming) free(ctx context.Context, all [][]any, slug, current int) (kept [][]any, err error) {
	names := make([]string, len(all))
	for i, row := range all {
		names[i], _ = row[slug].(string)
	}
	known, err := taken(ctx, c.q, names)
	if err != nil {
		return nil, err
	}
	for i, row := range all {
		switch {
		case !known[names[i]]:
			kept = append(kept, row)
		case row[current] == true:
			return nil, refuse("", "the address %q is another initiative's on this server: give this one another, with --slug NAME", names[i])
		default:
			c.moved = true
			c.loaded.Lost = append(c.loaded.Lost, names[i])
		}
	}
	return kept, nil
}

func given(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}
