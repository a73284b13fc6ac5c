package notice

import (
	"context"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/jobs"
	"commonweal/internal/link"
	"commonweal/internal/mail"
)

// Starting values of our own judgement.
const (
	gather = time.Hour // what happens within it goes out together
	wakes  = 8         // no message comes before this hour, where people live
	sleeps = 20        // nor from this one on
	drift  = time.Minute

	batch      = 50 // people a transaction writes to
	shownLines = 20 // matters a message has

	digestTick  = "notice.tick"
	digestJob   = "notice.digest"
	tickEvery   = 10 * time.Minute
	daysOfWeek  = 7
	daysOfDaily = 1
)

// Handlers are the kinds of job that this room does.
func (s *Service) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{
		digestTick: s.tick,
		digestJob: func(ctx context.Context, w jobs.Work) error {
			_, err := s.Send(ctx, w.Initiative)
			return err
		},
	}
}

// Chores are the jobs that come again by themselves; see jobs.Every.
func Chores() map[string]time.Duration { return map[string]time.Duration{digestTick: tickEvery} }

// tick gives each initiative in which somebody waits a job of its own, so that
// one that fails doesn't hold up the others.
func (s *Service) tick(ctx context.Context, _ jobs.Work) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		waiting, err := initiativesWaiting(ctx, q)
		if err != nil {
			return err
		}
		var all []jobs.Job
		for _, in := range waiting {
			all = append(all, jobs.Job{Initiative: in, Kind: digestJob, Unique: "due"})
		}
		return jobs.Add(ctx, q, all...)
	})
}

// Send writes to everybody in an initiative whose message is due, and says to
// how many: at most one a day (or a week) each, an hour after the first thing
// that they should hear, between 8 and 20 h where people live. What was put
// into a message is settled in the same transaction, so it may be called as
// often as one likes, and be killed. A job calls it every ten minutes.
func (s *Service) Send(ctx context.Context, in string) (sent int, err error) {
	defer fault.Wrap(&err, "notice.Send in %s", in)
	here, err := initiative.Get(ctx, s.DB.Read(), in)
	if err != nil {
		return 0, err
	}
	for {
		n, err := s.sendSome(ctx, here)
		sent += n
		if err != nil || n < batch {
			return sent, err
		}
	}
}

// awake says whether messages may come at this hour, where people live.
func awake(in initiative.Initiative, now time.Time) bool {
	hour := now.In(in.Zone).Hour()
	return hour >= wakes && hour < sleeps
}

func (s *Service) sendSome(ctx context.Context, in initiative.Initiative) (n int, err error) {
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		n = 0
		now := s.Now()
		if !awake(in, now) {
			return nil
		}
		all, err := due(ctx, q, in, now)
		if err != nil || len(all) == 0 {
			return err
		}
		n = len(all)
		all, err = s.reachable(ctx, q, in, all)
		if err != nil || len(all) == 0 {
			return err
		}
		return s.write(ctx, q, in, all, now)
	})
	return n, err
}

// reachable leaves out whose address can't be one: they hear through their
// connector from now on.
func (s *Service) reachable(ctx context.Context, q db.Querier, in initiative.Initiative, all []reader) (kept []reader, err error) {
	var lost []string
	for _, r := range all {
		if mail.CheckAddress(r.email) != nil {
			s.Log.Warn("no mail: the address can't be one", "initiative", in.ID, "person", r.person)
			lost = append(lost, r.person)
			continue
		}
		kept = append(kept, r)
	}
	if len(lost) == 0 {
		return kept, nil
	}
	return kept, upsertChoice(ctx, q, in.ID, lost, Preferences{Connector, Daily}, db.At(s.Now()))
}

// write queues one message for each, and settles what is in it.
func (s *Service) write(ctx context.Context, q db.Querier, in initiative.Initiative, all []reader, now time.Time) error {
	var ids []string
	var stops []link.Link
	for _, r := range all {
		ids = append(ids, r.person)
		stops = append(stops, link.Link{Initiative: in.ID, Kind: stopLink, Subject: r.person, Expires: now.Add(stopHolds)})
	}
	waiting, err := waitingNews(ctx, q, in.ID, ids)
	if err != nil {
		return err
	}
	keys, err := s.keys(ctx, q, in.ID, waiting)
	if err != nil {
		return err
	}
	tokens, err := link.NewAll(ctx, q, stops)
	if err != nil {
		return err
	}
	today := in.Today(now)
	letters := make([]mail.Message, 0, len(all))
	for i, r := range all {
		d := digest{in: in, base: s.BaseURL + "/i/" + in.Slug, keys: keys, news: waiting[r.person]}
		letters = append(letters, d.letter(r, tokens[i], today))
	}
	if err := insertDigests(ctx, q, in.ID, ids, today, db.At(now)); err != nil {
		return err
	}
	if err := mail.Send(ctx, q, letters...); err != nil {
		return err
	}
	return settlePeople(ctx, q, in.ID, ids, byMail, db.At(now))
}

// keys asks each room once for keys to its matters.
func (s *Service) keys(ctx context.Context, q db.Querier, in string, waiting map[string][]News) (map[Matter]Key, error) {
	byKind := map[string][]string{}
	for _, news := range waiting {
		for _, n := range news[:min(shownLines, len(news))] {
			if s.Open[n.Kind] != nil {
				byKind[n.Kind] = append(byKind[n.Kind], n.ID)
			}
		}
	}
	keys := map[Matter]Key{}
	for kind, ids := range byKind { // a few kinds, not so many people
		made, err := s.Open[kind](ctx, q, in, ids)
		if err != nil {
			return nil, err
		}
		for id, k := range made {
			keys[Matter{kind, id}] = k
		}
	}
	return keys, nil
}

// digest is one message in the making.
type digest struct {
	in   initiative.Initiative
	base string // https://example.org/i/elm
	keys map[Matter]Key
	news []News
}

func (d digest) letter(to reader, token string, today db.Day) mail.Message {
	lang := to.lang(d.in, d.news)
	c := i18n.In(lang)
	lines := []fault.Message{{Key: "notice.mail.lead", Args: i18n.Args{"initiative": d.in.Name}}}
	for _, n := range d.news[:min(shownLines, len(d.news))] {
		lines = append(lines, d.line(c, n))
	}
	if more := len(d.news) - shownLines; more > 0 {
		lines = append(lines, fault.Message{Key: "notice.mail.more", Args: i18n.Args{"n": more}})
	}
	stop := d.base + "/stop/" + token
	return mail.Message{
		Initiative: d.in.ID, Person: to.person, To: to.email, Lang: lang,
		Subject: "notice.mail.subject", Lines: append(lines, fault.Message{Key: "notice.mail.less"}),
		Link: stop, Stop: stop,
		Unique: "digest " + to.person + " " + today.String(),
	}
}

// line is what is new in one matter: that, and where to read it.
func (d digest) line(c *i18n.Catalogue, n News) fault.Message {
	text := []string{Say(c, n)}
	path := n.Path
	if k, ok := d.keys[n.Matter]; ok {
		path = k.Path
		if k.Code != "" {
			text = append(text, c.T("notice.mail.code", i18n.Args{"code": k.Code}))
		}
	}
	return fault.Message{Key: "notice.mail.line", Args: i18n.Args{"text": strings.Join(append(text, d.base+path), "\n")}}
}

// Say is what is new in one matter as one line: "There is an answer", or "30
// new: There is an answer".
func Say(c *i18n.Catalogue, n News) string {
	line := c.Say(n.Line)
	if n.N < 2 {
		return line
	}
	return c.T("notice.several", i18n.Args{"n": n.N, "line": line})
}

// reader is somebody whose message is due.
type reader struct {
	person, email string
	langs         string // that they told us
}

// lang is the language to write to somebody: the first of theirs that we
// speak, else that of the latest matter.
func (r reader) lang(in initiative.Initiative, news []News) i18n.Lang {
	return langOf(in, r.langs, news)
}

func langOf(in initiative.Initiative, langs string, news []News) i18n.Lang {
	for code := range strings.FieldsSeq(langs) {
		if i18n.Known(i18n.Lang(code)) {
			return i18n.Lang(code)
		}
	}
	if len(news) > 0 && i18n.Known(news[0].Lang) {
		return news[0].Lang
	}
	return in.Lang("")
}
