package gift

import (
	"context"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Offered is what one person offered at one time.
type Offered struct {
	By
	Gifts []Draft
}

// AddAll is Add for many people at once, some hundreds of gifts in one
// statement.
func AddAll(ctx context.Context, q db.Querier, initiative string, v *Vocabulary, all []Offered) (err error) {
	defer fault.Wrap(&err, "gift.AddAll in %s", initiative)
	var gifts []Gift
	for _, o := range all {
		for _, d := range o.Gifts {
			_, id, err := db.Mark(q)
			if err != nil {
				return err
			}
			g := d.gift(v)
			g.ID, g.Person, g.Conversation = id, o.Person, o.Conversation
			g.NamedAt, g.ReviewOn = db.At(o.At), reviewOn(o.On)
			gifts = append(gifts, g)
		}
	}
	if len(gifts) > 0 && v.version == 0 { // an initiative older than its list
		if err := seed(ctx, q, initiative); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(gifts, chunk) {
		if err := insert(ctx, q, initiative, some); err != nil {
			return err
		}
	}
	return nil
}
