package notice

import (
	"context"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/link"
)

const (
	stopLink  = "notice.stop" // kind of link: its subject is a person
	stopHolds = 180 * 24 * time.Hour
)

// Stopping is what the link at the end of a message opens.
type Stopping struct {
	Initiative string
	Stopped    bool   // they hear nothing any more
	News       []News // of what they heard lately, to be muted one by one
}

// Look says what the link at the end of a message opens, and changes nothing:
// mail programs open links by themselves. Anyone who holds the link may.
// Faults: NotFound.
func (s *Service) Look(ctx context.Context, token string) (st Stopping, err error) {
	defer fault.Wrap(&err, "notice.Look")
	q := s.DB.Read()
	l, err := link.Look(ctx, q, stopLink, token)
	if err != nil {
		return Stopping{}, err
	}
	h, err := hearing(ctx, q, l.Initiative, l.Subject)
	if err != nil {
		return Stopping{}, err
	}
	st = Stopping{Initiative: l.Initiative, Stopped: h.Channel == None}
	st.News, err = newsOf(ctx, q, l.Initiative, l.Subject, shownNews)
	return st, err
}

// Stop ends all messages to whom the link was sent, and what waits isn't sent;
// on false it lets them come again. The link isn't used up: pressed twice it is
// as once. Anyone who holds the link may. Faults: NotFound.
func (s *Service) Stop(ctx context.Context, token string, stop bool) (err error) {
	defer fault.Wrap(&err, "notice.Stop")
	return s.byLink(ctx, token, "choose notices", func(q db.Querier, in, person string) error {
		h, err := hearing(ctx, q, in, person)
		if err != nil || (h.Channel == None) == stop {
			return err
		}
		p := Preferences{Channel: AsUsual, Rhythm: h.Rhythm}
		if stop {
			p.Channel = None
		}
		return s.choose(ctx, q, in, person, p)
	})
}

// MuteByLink is Mute for whom the link was sent. Anyone who holds the link
// may. Faults: NotFound.
func (s *Service) MuteByLink(ctx context.Context, token string, m Matter, mute bool) (err error) {
	defer fault.Wrap(&err, "notice.MuteByLink")
	return s.byLink(ctx, token, "mute notices", func(q db.Querier, in, person string) error {
		return s.mute(ctx, q, in, person, m, mute)
	})
}

// byLink does something for whom a link was sent, and notes it: by nobody,
// since nobody has signed in.
func (s *Service) byLink(ctx context.Context, token, act string, do func(q db.Querier, in, person string) error) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		l, err := link.Look(ctx, q, stopLink, token)
		if err != nil {
			return err
		}
		if err := do(q, l.Initiative, l.Subject); err != nil {
			return err
		}
		return note(ctx, q, access.Actor{}, l.Initiative, act, l.Subject)
	})
}
