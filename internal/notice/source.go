package notice

import (
	"context"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/link"
	"commonweal/internal/people"
)

// Source is what this room keeps about a person.
func Source() people.Source {
	return people.Source{
		Name:   "notice",
		Tables: []string{"notice", "notice_choice", "notice_mute", "notice_digest"},
		Export: export,
		Erase:  erase,
	}
}

// keeps is how long something is known after it was told. Its key holds for as
// long.
const keeps = 366 * 24 * time.Hour

// part is a person's copy.
type part struct {
	Channel Channel    `json:"channel,omitzero"`
	Rhythm  Rhythm     `json:"rhythm"`
	Told    []toldPart `json:"told"`
	Mail    []string   `json:"mail_on"`
}

type toldPart struct {
	At    time.Time `json:"at"`
	Words string    `json:"words"`
	Heard time.Time `json:"heard,omitzero"`
	By    string    `json:"by,omitzero"`
	Muted bool      `json:"muted,omitzero"`
}

func export(ctx context.Context, q db.Querier, initiative, person string) (any, error) {
	h, err := hearing(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	p := part{Channel: h.Channel, Rhythm: h.Rhythm, Told: []toldPart{}, Mail: []string{}}
	all, err := toldTo(ctx, q, initiative, person)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		c := i18n.In(t.Lang)
		p.Told = append(p.Told, toldPart{At: t.At, Words: c.Say(t.Line), Heard: t.settled, By: t.way, Muted: t.Muted})
	}
	p.Mail, err = digestDays(ctx, q, initiative, person)
	return p, err
}

// erase forgets what somebody was told and how they wanted to hear, and shuts
// the links in what they were sent.
func erase(ctx context.Context, q db.Querier, initiative, person string) error {
	if err := erasePerson(ctx, q, initiative, person); err != nil {
		return err
	}
	return link.Revoke(ctx, q, initiative, stopLink, person)
}

// Prune deletes what was heard a year ago, and says how much. A job calls it
// daily.
func Prune(ctx context.Context, q db.Querier) (n int64, err error) {
	defer fault.Wrap(&err, "notice.Prune")
	now, _, err := db.Mark(q)
	if err != nil {
		return 0, err
	}
	return removeOld(ctx, q, now.Add(-keeps))
}

// Hold settles what waits to be mailed in a store that was restored, and says
// how much that is: some of it was mailed after the backup was made, and
// nobody is to hear twice. It stands on people's pages. What a connector is to
// tell stays, since they know what they told.
func Hold(ctx context.Context, q db.Querier) (n int64, err error) {
	defer fault.Wrap(&err, "notice.Hold")
	now, _, err := db.Mark(q)
	if err != nil {
		return 0, err
	}
	return holdMail(ctx, q, now)
}

// HoldIn is Hold for one initiative, which came in from another server: that
// one may have mailed what waits, or still mail it.
func HoldIn(ctx context.Context, q db.Querier, in string) (n int64, err error) {
	defer fault.Wrap(&err, "notice.HoldIn %s", in)
	now, _, err := db.Mark(q)
	if err != nil {
		return 0, err
	}
	return holdMailIn(ctx, q, in, now)
}
