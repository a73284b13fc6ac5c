package archive

import (
	"context"
	"strconv"
	"strings"

	"commonweal/internal/db"
)

// dropErasures forgets what the store's journal holds of an initiative whose
// archive comes in with a journal of its own; the caller has read it, and
// replays it.
func dropErasures(ctx context.Context, q db.Querier, initiative string) error {
	return db.Exec(ctx, q, `delete from erasure where initiative_id = $1`, initiative)
}

// taken gives those among addresses that this server knows already.
func taken(ctx context.Context, q db.Querier, slugs []string) (map[string]bool, error) {
	args, marks := make([]any, len(slugs)), make([]string, len(slugs))
	for i, slug := range slugs {
		args[i], marks[i] = slug, "$"+strconv.Itoa(i+1)
	}
	all, err := db.All(ctx, q, db.Value[string],
		`select slug from initiative_slug where slug in (`+strings.Join(marks, ", ")+`)`, args...)
	known := map[string]bool{}
	for _, slug := range all {
		known[slug] = true
	}
	return known, err
}
