package account

import (
	"context"
	"net/url"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/jobs"
	"commonweal/internal/link"
	"commonweal/internal/mail"
)

const signIn = "sign-in" // kind of link; its subject is an account

// An address gets five links in the time that one of them lasts. Whoever uses
// this up for somebody else leaves them with a link that works; and whoever
// signs in begins anew.
const (
	askWindow = linkLife
	mostAsks  = 5
)

// SendLink is the kind of job that mails a sign-in link.
const SendLink = "account.link"

// asked is what SendLink needs to know. An address that nobody here has is
// never kept: the hash finds the account, or nothing.
type asked struct {
	Ask     string
	Address string // hash
	Lang    i18n.Lang
	Next    string
	At      time.Time
}

// AskLink has a sign-in link mailed to an address, if an account has it. Anyone
// may. What happens here is the same for every address, so that nobody can ask
// who has an account: whether there is one is looked up by the job. Next is
// where to go afterwards. Faults: Invalid at "email".
func (s *Service) AskLink(ctx context.Context, email string, lang i18n.Lang, next string) (err error) {
	defer fault.Wrap(&err, "account.AskLink")
	a, ok := ParseAddress(email)
	if !ok {
		return unreadable()
	}
	now := s.Now()
	ask := asked{Ask: s.IDs.New(), Address: a.hash, Lang: lang, Next: LocalPath(next), At: now}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		room, err := noteAsk(ctx, q, ask.Ask, a.hash, now, now.Add(-askWindow), mostAsks)
		if err != nil || !room {
			return err
		}
		return jobs.Add(ctx, q, jobs.Job{Kind: SendLink, Payload: ask})
	})
}

// sendLink mails a link to whoever has the address that was asked for.
func (s *Service) sendLink(ctx context.Context, w jobs.Work) error {
	var ask asked
	if err := w.Payload(&ask); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		to, err := emailByHash(ctx, q, ask.Address)
		late := s.Now().Sub(ask.At) > linkLife // who asked has given up, or asked again
		if late || fault.Is(err, fault.NotFound) {
			return w.Done(ctx, q)
		}
		if err != nil {
			return err
		}
		path, err := s.newLink(ctx, q, to.account, ask.Next)
		if err != nil {
			return err
		}
		if err := mail.Send(ctx, q, mail.Message{
			Person: to.account, To: to.Address, Lang: ask.Lang, Subject: subject,
			Lines: []fault.Message{{Key: "account.mail.link.why"}, {Key: "account.mail.link.until", Args: i18n.Args{"n": int(linkLife / time.Minute)}}},
			Link:  s.link(path), Unique: ask.Ask,
		}); err != nil {
			return err
		}
		return w.Done(ctx, q)
	})
}

// subject is the same for every mail from here: whoever holds somebody's phone
// reads subjects.
const subject = "account.mail.subject"

// newLink makes a sign-in link and gives its path.
func (s *Service) newLink(ctx context.Context, q db.Querier, account, next string) (path string, err error) {
	token, err := link.New(ctx, q, link.Link{Kind: signIn, Subject: account, Expires: s.Now().Add(linkLife)})
	if err != nil {
		return "", err
	}
	path = "/sign-in/" + token
	if next != "/" {
		path += "?next=" + url.QueryEscape(next)
	}
	return path, nil
}

// Look says whose account a sign-in link opens: enough of its address to know
// one's own by, or "" when it has none. It changes nothing, since mail scanners
// open links too. Faults: NotFound "link.gone".
func (s *Service) Look(ctx context.Context, token string) (masked string, err error) {
	defer fault.Wrap(&err, "account.Look")
	l, err := link.Look(ctx, s.DB.Read(), signIn, token)
	if err != nil {
		return "", err
	}
	emails, err := emailsOf(ctx, s.DB.Read(), l.Subject)
	if err != nil || len(emails) == 0 {
		return "", err
	}
	a, _ := ParseAddress(emails[0].Address)
	return a.Masked(), nil
}

// Enter uses a sign-in link up and gives the token of a new session. Whoever
// was signed in on this browser is signed out. Only a POST may call it. Faults:
// NotFound "link.gone".
func (s *Service) Enter(ctx context.Context, who access.Actor, token, device string) (session string, err error) {
	defer fault.Wrap(&err, "account.Enter")
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		l, err := link.Use(ctx, q, signIn, token)
		if err != nil {
			return err
		}
		if err := checkOpen(ctx, q, l.Subject); err != nil {
			return err
		}
		if err := forgetAsks(ctx, q, l.Subject); err != nil {
			return err
		}
		session, err = s.start(ctx, q, who, l.Subject, device)
		return err
	})
	return session, err
}

// unreadable is an address that no mail could go to.
func unreadable() error {
	var f fault.Form
	f.Add("email", "account.email.unreadable")
	return f.Err()
}
