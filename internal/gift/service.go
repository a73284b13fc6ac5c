package gift

import (
	"context"
	"sync"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
)

// Service finds gifts, looks after them, and keeps the words for them.
type Service struct {
	DB  *db.DB
	Now clock.Clock

	words cache
}

// cache holds the lists of words in use. A list is never altered, so whoever
// holds one may go on using it.
type cache struct {
	mu   sync.Mutex
	have map[string]*Vocabulary // by initiative
}

// maxCached bounds the memory: a list takes some hundred kilobytes.
const maxCached = 64

func (c *cache) get(initiative string) *Vocabulary {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.have[initiative]
}

func (c *cache) put(initiative string, v *Vocabulary) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.have == nil || len(c.have) >= maxCached {
		c.have = map[string]*Vocabulary{}
	}
	c.have[initiative] = v
}

// Vocabulary gives an initiative's list of words: one statement when it is
// known here, one more when it has changed. Anyone may read it.
func (s *Service) Vocabulary(ctx context.Context, initiative string) (v *Vocabulary, err error) {
	defer fault.Wrap(&err, "gift.Vocabulary of %s", initiative)
	q := s.DB.Read()
	now, err := version(ctx, q, initiative)
	if err != nil {
		return nil, err
	}
	if v = s.words.get(initiative); v != nil && v.version == now {
		return v, nil
	}
	if v, err = load(ctx, q, initiative, now); err != nil {
		return nil, err
	}
	s.words.put(initiative, v)
	return v, nil
}

// Labels names an initiative's terms, by id, in a language. Anyone may read it.
func (s *Service) Labels(ctx context.Context, initiative string, lang i18n.Lang) (byID map[string]string, err error) {
	v, err := s.Vocabulary(ctx, initiative)
	if err != nil {
		return nil, err
	}
	byID = make(map[string]string, len(v.terms))
	for id, t := range v.terms {
		byID[id] = t.Label(lang)
	}
	return byID, nil
}

// load reads a list; one that was never copied is our own.
func load(ctx context.Context, q db.Querier, initiative string, version int64) (*Vocabulary, error) {
	if version == 0 {
		return own()
	}
	terms, merged, err := loadWords(ctx, q, initiative)
	if err != nil {
		return nil, err
	}
	return newVocabulary(version, terms, merged), nil
}

// Open gives a new initiative its copy of our own list of words, in the
// transaction that makes it: an initiative.Opener.
func Open(ctx context.Context, q db.Querier, in initiative.Initiative) error {
	return seed(ctx, q, in.ID)
}

// seed copies our own list, unless there is a list already.
func seed(ctx context.Context, q db.Querier, initiative string) (err error) {
	defer fault.Wrap(&err, "gift.seed of %s", initiative)
	terms, err := ownList()
	if err != nil {
		return err
	}
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	if err := copyTerms(ctx, q, initiative, terms, db.At(now)); err != nil {
		return err
	}
	return noteEdit(ctx, q, initiative, wordEdit{id: "copy", act: "copy"}, db.At(now))
}

// view is what an actor may see of an initiative's gifts: stewards everybody's,
// connectors those of the people they know, anybody else their own.
type view struct {
	who        access.Actor
	initiative string
	self       string
	all        bool
	converse   bool
}

func viewOf(who access.Actor, initiative string) (view, error) {
	v := view{
		who: who, initiative: initiative, self: who.Person(initiative),
		all: who.May(initiative, access.Steer), converse: who.May(initiative, access.Converse),
	}
	if v.self == "" {
		return view{}, fault.ErrNotFound
	}
	return v, nil
}

// workingView is viewOf for what only connectors and stewards do.
func workingView(who access.Actor, initiative string) (view, error) {
	if err := who.Require(initiative, access.Converse); err != nil {
		return view{}, err
	}
	return viewOf(who, initiative)
}

// connector is whose people lists are narrowed to: "" for a steward's.
func (v view) connector() string {
	if v.all {
		return ""
	}
	return v.self
}

// cares says whether a gift is the actor's own, or of somebody they know.
func (v view) cares(h Held) bool {
	switch {
	case h.Person == "":
		return false // said without a name: its return code alone opens it
	case v.all, h.Person == v.self:
		return true
	}
	return v.converse && h.Holder.Connector == v.self
}

// gift reads one that the actor may change.
func (v view) gift(ctx context.Context, q db.Querier, id string) (Held, error) {
	h, err := get(ctx, q, v.initiative, id)
	if err == nil && !v.cares(h) {
		return Held{}, fault.ErrNotFound
	}
	return h, err
}

func (v view) note(ctx context.Context, q db.Querier, act, object string) error {
	return audit.Note(ctx, q, audit.Event{
		Initiative: v.initiative, Account: v.who.Account, Person: v.self, For: v.who.For, Act: act, Object: object,
	})
}

// today is the calendar day where an initiative's people live.
func today(ctx context.Context, q db.Querier, in string, now time.Time) (db.Day, error) {
	here, err := initiative.Get(ctx, q, in)
	if err != nil {
		return db.Day{}, err
	}
	return here.Today(now), nil
}
