package main

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"path/filepath"
	"time"

	"filippo.io/age"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/audit"
	"commonweal/internal/backup"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/archive"
	"commonweal/internal/exchange/hsds"
	"commonweal/internal/gift"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/link"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/once"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/release"
	"commonweal/internal/room"
)

// plan is what the house is built from.
type plan struct {
	url     string // of the store
	data    string // folder for keys and backups
	base    string // https://…, as people call this server
	smtp    string // "" leaves mail in the local outbox
	now     clock.Clock
	log     *slog.Logger
	watch   func(query string) // hears of every statement; for tests
	backups bool               // make them hourly, with the key in data
}

// house is every room, wired. It knows nothing of HTTP.
type house struct {
	plan
	db  *db.DB
	ids *db.IDs

	permissions   *access.Service
	accounts      *account.Service
	initiatives   *initiative.Service
	places        *place.Service
	people        *people.Service
	organizations *organization.Service
	exchanges     *exchange.Service
	gifts         *gift.Service
	conversations *conversation.Service
	notices       *notice.Service
	planning      *room.Service
	releases      *release.Service
	archives      *archive.Service
	directories   *hsds.Service
	courier       *mail.Courier
}

// build opens the store, brings its tables up to date and wires the rooms.
func build(ctx context.Context, p plan) (*house, error) {
	d, err := db.Open(ctx, p.url, db.Options{Now: p.now, Log: p.log, Watch: p.watch})
	if err != nil {
		return nil, err
	}
	h, err := furnish(ctx, p, d)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return h, nil
}

func furnish(ctx context.Context, p plan, d *db.DB) (*house, error) {
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	h := &house{plan: p, db: d, ids: db.NewIDs(p.now, nil)}
	h.permissions = &access.Service{DB: d}
	h.accounts = &account.Service{DB: d, IDs: h.ids, Now: p.now, Log: p.log, BaseURL: p.base}
	h.gifts = &gift.Service{DB: d, Now: p.now}
	h.initiatives = &initiative.Service{
		DB: d, IDs: h.ids, Now: p.now, Found: people.Found,
		Open: []initiative.Opener{gift.Open, h.openReleases},
	}
	h.places = &place.Service{DB: d, IDs: h.ids, Now: p.now}
	h.people = &people.Service{DB: d, Now: p.now, Sources: sources(), Replays: replays()}
	h.exchanges = &exchange.Service{DB: d, IDs: h.ids, Now: p.now, Log: p.log, Gifts: h.gifts}
	h.organizations = &organization.Service{DB: d, IDs: h.ids, Now: p.now, Log: p.log, BaseURL: p.base, Tell: tellAbout}
	h.conversations = &conversation.Service{DB: d, IDs: h.ids, Now: p.now, Log: p.log, BaseURL: p.base, Gifts: h.gifts, Organizations: h.organizations}
	h.notices = &notice.Service{DB: d, Now: p.now, Log: p.log, BaseURL: p.base, Open: openers()}
	h.planning = &room.Service{DB: d, IDs: h.ids, Now: p.now}
	h.releases = &release.Service{
		DB: d, IDs: h.ids, Now: p.now, Today: h.initiatives.Today,
		Sources: []release.Source{gift.Counts(), gift.GatheringCounts(), conversation.Counts(), organization.Counts()},
	}
	h.directories = &hsds.Service{DB: d, IDs: h.ids, Batches: h.exchanges}
	h.archives = &archive.Service{DB: d, Now: p.now, People: h.people, Build: version()}
	server, err := mailServer(p.smtp)
	if err != nil {
		return nil, err
	}
	h.courier = &mail.Courier{DB: d, Now: p.now, Server: server}
	return h, nil
}

// tellAbout passes on what is to be heard of organizations, whose room stands
// above that of notices.
func tellAbout(ctx context.Context, q db.Querier, in string, all []organization.Notice) error {
	told := make([]notice.Told, len(all))
	for i, n := range all {
		told[i] = notice.Told{
			Initiative: in, Person: n.Person, Matter: notice.Matter{Kind: "organization", ID: n.Organization},
			Line: n.Line, Path: n.Path, Unique: n.Unique,
		}
	}
	return notice.Tell(ctx, q, told...)
}

func mailServer(smtp string) (*mail.Server, error) {
	if smtp == "" {
		return nil, nil //nolint:nilnil // no server is what the courier takes for "keep it here"
	}
	return mail.ParseServer(smtp)
}

// sources are the rooms that keep something about a person, besides people.
func sources() []people.Source {
	return []people.Source{
		conversation.Source(), gift.Source(), notice.Source(), organization.Source(), room.Source(), exchange.Source(),
		{Name: "access", Tables: access.Tables(), Export: access.Export, Erase: access.Erase},
		{Name: "account", Tables: account.Tables(), Export: account.Export, ExportToOthers: account.ExportToOthers, Erase: account.Erase},
		{Name: "audit", Tables: audit.Tables(), Export: audit.Export, Erase: audit.Erase},
		{Name: "mail", Tables: mail.Tables(), Export: mail.Export, Erase: mail.Forget},
	}
}

// openers are the rooms whose matters can be read without signing in.
func openers() map[string]notice.Opener {
	all := gift.Openers()
	maps.Copy(all, conversation.Openers())
	return all
}

func replays() map[string]func(context.Context, db.Querier, string, string) error {
	all := gift.Replays()
	maps.Copy(all, conversation.Replays())
	return all
}

// How often the house does its own chores.
const (
	publishEvery = 24 * time.Hour
	sealEvery    = 10 * time.Minute
	pruneEvery   = 6 * time.Hour
	expireEvery  = 5 * time.Minute // often, so that no clock that jumps back finds a link alive
	backupEvery  = time.Hour
	journalEvery = 10 * time.Minute
)

// The kinds of the house's own jobs.
const (
	publishJob = "release.publish" // of one initiative
	publishAll = "release.all"
	sealJob    = "audit.seal"
	pruneJob   = "floor.prune"
	expireJob  = "link.prune"
	backupJob  = "backup.make"
	journalJob = "backup.journal"
)

// openReleases has a new initiative counted for the first time within the hour,
// so that its first page isn't empty for a day.
func (h *house) openReleases(ctx context.Context, q db.Querier, in initiative.Initiative) error {
	return jobs.Add(ctx, q, jobs.Job{Initiative: in.ID, Kind: publishJob, Unique: "first", RunAt: h.now().Add(time.Hour)})
}

// handlers is all the work that happens a little later.
func (h *house) handlers() map[string]jobs.Handler {
	all := map[string]jobs.Handler{
		mail.DeliverJob: h.courier.Deliver,
		publishJob:      func(ctx context.Context, w jobs.Work) error { return h.releases.Publish(ctx, w.Initiative) },
		publishAll:      h.publishAll,
		sealJob: func(ctx context.Context, _ jobs.Work) error {
			_, err := audit.Seal(ctx, h.db)
			return err
		},
		pruneJob:  h.prune(once.Prune, mail.Prune, notice.Prune, db.PruneChanges),
		expireJob: h.prune(link.Prune),
	}
	if h.backups {
		all[backupJob] = h.backup
		all[journalJob] = h.journal
	}
	for _, room := range []map[string]jobs.Handler{h.accounts.Handlers(), h.gifts.Handlers(), h.conversations.Handlers(), h.people.Handlers(), h.notices.Handlers(), h.organizations.Handlers(), h.exchanges.Handlers()} {
		maps.Copy(all, room)
	}
	return all
}

// chores says which work comes again and again, and how often.
func (h *house) chores() map[string]time.Duration {
	all := map[string]time.Duration{
		publishAll: publishEvery, sealJob: sealEvery, pruneJob: pruneEvery, expireJob: expireEvery,
		account.Prune: account.PruneEvery,
	}
	if h.backups && h.db.Copies() {
		all[backupJob] = backupEvery
		all[journalJob] = journalEvery
	}
	maps.Copy(all, gift.Chores())
	maps.Copy(all, conversation.Chores())
	maps.Copy(all, notice.Chores())
	maps.Copy(all, organization.Chores())
	maps.Copy(all, exchange.Chores())
	return all
}

// runner does the jobs until its context ends.
func (h *house) runner(ctx context.Context) (*jobs.Runner, error) {
	err := h.db.Tx(ctx, func(q db.Querier) error {
		for kind, every := range h.chores() {
			if err := jobs.Every(ctx, q, kind, every); err != nil {
				return err
			}
		}
		return nil
	})
	return &jobs.Runner{DB: h.db, IDs: h.ids, Now: h.now, Log: h.log, Handle: h.handlers()}, err
}

func (h *house) publishAll(ctx context.Context, _ jobs.Work) error {
	all, err := h.initiatives.List(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, in := range all {
		errs = append(errs, h.releases.Publish(ctx, in.ID))
	}
	return errors.Join(errs...)
}

// prune forgets what the floor needs no longer.
func (h *house) prune(forget ...func(context.Context, db.Querier) (int64, error)) jobs.Handler {
	return func(ctx context.Context, _ jobs.Work) error {
		return h.db.Tx(ctx, func(q db.Querier) error {
			for _, some := range forget {
				if _, err := some(ctx, q); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (h *house) backup(ctx context.Context, _ jobs.Work) error {
	key, _, err := backup.Key(h.keyPath())
	if err != nil {
		return err
	}
	_, err = h.maker(key).Make(ctx)
	return err
}

// journal keeps the list of erasures beside the backups no older than minutes:
// whoever was erased after the last backup stands only there if the store is lost.
func (h *house) journal(ctx context.Context, _ jobs.Work) error {
	return h.maker(nil).Journal(ctx)
}

func (h *house) keyPath() string    { return filepath.Join(h.data, "backup.key") }
func (h *house) backupsDir() string { return filepath.Join(h.data, "backups") }

func (h *house) maker(key *age.X25519Identity) *backup.Maker {
	return &backup.Maker{DB: h.db, Now: h.now, Dir: h.backupsDir(), Key: key, Build: version()}
}

func (h *house) close() error { return h.db.Close() }
