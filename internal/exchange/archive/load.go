package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/notice"
	"commonweal/internal/people"
)

// How says how an archive comes in.
type How struct {
	// Slug is another address for the initiative; "" keeps its own.
	Slug string
	// Erased are erasures that this server knows of: who was erased after the
	// archive was made is erased again.
	Erased []people.Erasure
	// Try does all of it, and then takes it back: what would happen is sure.
	Try      bool
	Progress Progress
}

// Loaded is an initiative that came in.
type Loaded struct {
	Initiative initiative.Initiative
	Rows       int64
	Erased     int      // erased again, since the archive was older
	Held       int64    // notices that are not mailed again; people read them on their pages
	Lost       []string // earlier addresses, which are another initiative's here

	// Steward is who is let in first, and Keys is how; "" when the archive has
	// no steward, and the operator invites somebody.
	Steward string
	Keys    account.Invited
}

// Import brings an initiative in: all of it, in one transaction, after all of
// it was checked, and compared again as it stands in the store. Nobody has an
// account there yet, but its first steward gets a link that works once. For
// whoever runs the server. What can't come in is Refused.
func (s *Service) Import(ctx context.Context, r io.ReaderAt, size int64, how How) (loaded Loaded, err error) {
	defer fault.Wrap(&err, "archive.Import")
	a, err := Open(r, size)
	if err != nil {
		return Loaded{}, err
	}
	if err := a.Check(ctx, s.DB, how.Progress); err != nil {
		return Loaded{}, err
	}
	tables, err := a.match(ctx, s.DB)
	if err != nil {
		return Loaded{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		in := &coming{Service: s, How: how, Archive: a, tables: tables, q: q}
		err := in.load(ctx)
		loaded = in.loaded
		if err == nil && how.Try {
			return errTried
		}
		return err
	})
	if errors.Is(err, errTried) {
		loaded.Keys = account.Invited{} // they open nothing
		return loaded, nil
	}
	return loaded, err
}

// errTried takes back what was only tried.
var errTried = errors.New("archive: only tried")

// coming is an archive that is being written into the store.
type coming struct {
	*Service
	How
	*Archive
	tables []checked
	q      db.Querier
	loaded Loaded
	moved  bool // under other addresses than the archive's
}

func (c *coming) load(ctx context.Context) error {
	id := c.Manifest.Initiative.ID
	known, err := c.makeRoom(ctx)
	if err != nil {
		return err
	}
	for _, t := range c.tables {
		c.Progress.tell(t.Name, c.loaded.Rows, c.Rows())
		if err := c.fill(ctx, t); err != nil {
			return err
		}
	}
	if err := c.compare(ctx); err != nil {
		return err
	}
	// One that can't be read would fail pages of every initiative.
	if c.loaded.Initiative, err = initiative.Get(ctx, c.q, id); err != nil {
		return refuse(jsonName("initiative"), "it can't be read back: %v", err)
	}
	if c.loaded.Erased, err = c.People.Replay(ctx, c.q, id, slices.Concat(known, c.How.Erased)); err != nil {
		return err
	}
	if c.loaded.Held, err = notice.HoldIn(ctx, c.q, id); err != nil {
		return err
	}
	for _, touched := range [...]string{id, ""} {
		if err := db.Touch(ctx, c.q, touched); err != nil {
			return err
		}
	}
	if err := audit.Note(ctx, c.q, audit.Event{Initiative: id, Act: "import initiative", Object: id}); err != nil {
		return err
	}
	return c.letIn(ctx)
}

// makeRoom refuses an initiative that is here already. Of one that was here
// before, the journal of erasures may be left, which is taken out and given
// back: its archive has one too.
func (c *coming) makeRoom(ctx context.Context) (known []people.Erasure, err error) {
	in := c.Manifest.Initiative
	if _, err := initiative.Get(ctx, c.q, in.ID); err == nil {
		return nil, refuse("", "%s is on this server already: nothing is overwritten", in.Name)
	} else if !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	all, err := people.Erasures(ctx, c.q)
	if err != nil {
		return nil, err
	}
	known = slices.DeleteFunc(all, func(e people.Erasure) bool { return e.Initiative != in.ID })
	return known, dropErasures(ctx, c.q, in.ID)
}

// fill writes a table.
func (c *coming) fill(ctx context.Context, t checked) error {
	rows := c.rows(ctx, t, map[string]bool{})
	if t.Name == addresses {
		all, err := c.addresses(ctx, t, rows)
		if err != nil {
			return err
		}
		rows = given(all)
	}
	n, err := t.Insert(ctx, c.q, t.columns, rows)
	c.loaded.Rows += n
	if db.IsUnique(err) {
		return refuse("table "+t.Name, "some of its rows are here already: is this initiative left over from before?")
	}
	return err
}

// compare digests what was written, as it stands in the store.
func (c *coming) compare(ctx context.Context) error {
	c.Progress.tell("comparing", c.Rows(), c.Rows())
	for _, t := range c.tables {
		if t.Name == addresses && c.moved {
			continue
		}
		digest := db.NewDigester(t.columns)
		if err := t.Each(ctx, c.q, t.columns, t.by, c.Manifest.Initiative.ID, digest.Add); err != nil {
			return err
		}
		if got := digest.Digest(); got != t.said.digest() {
			return fmt.Errorf("table %s isn't in the store what it is in the archive (%d rows, %d expected); nothing was kept", t.Name, got.Rows, t.said.Rows)
		}
	}
	return nil
}

// letIn makes the link by which the first steward comes back.
func (c *coming) letIn(ctx context.Context) error {
	id := c.Manifest.Initiative.ID
	stewards, err := access.With(ctx, c.q, id, access.Steward)
	if err != nil || len(stewards) == 0 {
		return err
	}
	names, err := people.Names(ctx, c.q, id, stewards)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(stewards, func(person string) bool { return names[person] != "" })
	if at < 0 {
		return nil
	}
	c.loaded.Steward = names[stewards[at]]
	c.loaded.Keys, err = account.Invite(ctx, c.q, account.Invitation{Initiative: id, Person: stewards[at], Kind: access.Steward})
	return err
}
