// Package mail sends the few messages that people asked for: a link to sign
// in, an answer to what they asked.
//
// Send writes the message into the store, in the transaction that it is about,
// and a job delivers it: nobody who clicks a button waits for a mail server.
// Without a mail server messages stay in a local outbox, where stewards read
// them and pass them on by hand, so that nothing is lost.
//
// Who holds somebody's phone sees subjects: ours say nothing, and take no name
// or word of anybody. Messages are plain text, without pictures that would
// tell when they were read.
package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/jobs"
)

// DeliverJob is the kind of job that delivers a message; see Courier.Deliver.
const DeliverJob = "mail.deliver"

// keep is how long a message is known after it was settled. Its unique key
// holds for as long.
const keep = 90 * 24 * time.Hour

// longestAddress is RFC 5321's limit of a path.
const longestAddress = 254

// Message is something to tell one person.
type Message struct {
	Initiative string // "" is the server's own, such as a sign-in link
	// Person is whom it is to, so that it is exported and erased with them: a
	// person, an account for the server's own, or the conversation in which
	// somebody without a name left an address.
	Person  string
	To      string // one bare address
	Lang    i18n.Lang
	Subject string          // a key without arguments: a subject says nothing of anybody
	Lines   []fault.Message // a paragraph each
	Link    string          // where to go, or ""
	// Stop is where one press ends such messages, by a button of the mail
	// program (RFC 8058): a page that takes a POST without our form. "" for
	// messages that somebody asked for just now.
	Stop   string
	Unique string // a second message under the same key isn't sent
}

// Send queues messages in the caller's transaction; many cost what one does, a
// hundred a statement. Under a unique key that was used already it does
// nothing. Faults: Invalid when an address isn't one.
func Send(ctx context.Context, q db.Querier, all ...Message) (err error) {
	defer fault.Wrap(&err, "mail.Send %d", len(all))
	rows := make([]row, 0, len(all))
	for _, m := range all {
		r, err := rowOf(q, m)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	for some := range slices.Chunk(rows, atOnce) {
		isNew, err := insert(ctx, q, some)
		if err != nil {
			return err
		}
		var deliver []jobs.Job
		for _, l := range isNew {
			deliver = append(deliver, jobs.Job{Initiative: l.Initiative, Kind: DeliverJob, Payload: l.ID, Unique: l.ID})
		}
		if err := jobs.Add(ctx, q, deliver...); err != nil {
			return err
		}
	}
	return nil
}

// rowOf is a message as it is stored.
func rowOf(q db.Querier, m Message) (r row, err error) {
	defer fault.Wrap(&err, "%s in %s", m.Subject, m.Initiative)
	if err := CheckAddress(m.To); err != nil {
		return row{}, err
	}
	text, err := m.write()
	if err != nil {
		return row{}, err
	}
	now, id, err := db.Mark(q)
	if err != nil {
		return row{}, err
	}
	if m.Unique == "" {
		m.Unique = id
	}
	return row{Message: m, id: id, text: text, at: now}, nil
}

// Written says whether there is a message under a unique key, so that a room
// needn't prepare one that Send would leave.
func Written(ctx context.Context, q db.Querier, initiative, unique string) (is bool, err error) {
	defer fault.Wrap(&err, "mail.Written in %s", initiative)
	return exists(ctx, q, initiative, unique)
}

// CheckAddress says whether text is one bare mail address. Faults: Invalid.
func CheckAddress(text string) error {
	wrong := fault.New(fault.Invalid, "mail.address")
	if len(text) > longestAddress || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return wrong
	}
	a, err := netmail.ParseAddress(text)
	if err != nil || a.Name != "" || a.Address != text {
		return wrong
	}
	return nil
}

// text is a message in a person's language.
type text struct{ subject, body, stop string }

// write says the message in its language.
func (m Message) write() (text, error) {
	c := i18n.In(m.Lang)
	subject := c.T(m.Subject)
	if !c.Has(m.Subject) || strings.Contains(subject, "<no value>") {
		return text{}, fmt.Errorf("the subject %s isn't a sentence without arguments", m.Subject)
	}
	var parts []string
	for _, line := range m.Lines {
		if !c.Has(line.Key) {
			return text{}, fmt.Errorf("no sentence %s", line.Key)
		}
		parts = append(parts, clean(c.Say(line)))
	}
	link, err := address(m.Link)
	if err != nil {
		return text{}, err
	}
	if link != "" {
		parts = append(parts, link)
	}
	stop, err := address(m.Stop)
	if err != nil {
		return text{}, err
	}
	parts = append(parts, c.T("mail.foot"))
	return text{subject: subject, body: strings.Join(parts, "\n\n") + "\n", stop: stop}, nil
}

// address is a link as it is written, or an error for what is none.
func address(link string) (string, error) {
	if link == "" {
		return "", nil
	}
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", errors.New("the link isn't an address of a page")
	}
	return u.String(), nil
}

// clean keeps letters and line ends, and nothing that steers a terminal or a
// mail program.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) {
			return r
		}
		return -1
	}, s)
}

// Status is where a message stands.
type Status string

// The states of a message.
const (
	Queued Status = "queued" // waits for its delivery
	Sent   Status = "sent"   // a mail server has taken it
	Local  Status = "local"  // there is no mail server: stewards read it here
	Failed Status = "failed" // refused, or tried in vain
	Handed Status = "handed" // somebody passed it on by hand
)

// Problem is why a message failed, as a key below mail.problem.
type Problem string

// The problems.
const (
	None        Problem = ""
	Refused     Problem = "refused"     // the other side doesn't take it
	Unreachable Problem = "unreachable" // tried for hours in vain
)

// Letter is a message as it is kept.
type Letter struct {
	Initiative, ID string
	Person, To     string
	Lang           i18n.Lang
	Subject, Body  string // once it was sent or handed over there is no body any more, and no To
	Stop           string // goes with the text
	Status         Status
	Problem        Problem
	Written        time.Time
	Settled        time.Time // zero while it is queued
}

// Outbox gives the last 200 messages of an initiative, newest first. Who may
// see them is the caller's to ask: access.Steer. The server's own, under "",
// hold sign-in links: they are for access.Operate alone.
func Outbox(ctx context.Context, q db.Querier, initiative string) (all []Letter, err error) {
	defer fault.Wrap(&err, "mail.Outbox of %s", initiative)
	return list(ctx, q, `where initiative_id = $1 order by written_at desc, id desc limit 200`, initiative)
}

// Waits says whether the message has to be passed on by hand.
func (l Letter) Waits() bool { return l.Status == Local || l.Status == Failed }

// CountWaiting is how many messages of an initiative have to be passed on by
// hand. Who may know is the caller's to ask, as for Outbox.
func CountWaiting(ctx context.Context, q db.Querier, initiative string) (n int, err error) {
	defer fault.Wrap(&err, "mail.CountWaiting of %s", initiative)
	return countWaiting(ctx, q, initiative)
}

// Get gives one message. Who may see it is the caller's to ask, as for Outbox.
// Faults: NotFound.
func Get(ctx context.Context, q db.Querier, initiative, id string) (l Letter, err error) {
	defer fault.Wrap(&err, "mail.Get %s of %s", id, initiative)
	return get(ctx, q, initiative, id)
}

// HandOver notes that a message was passed on by hand, and drops its text and
// its address. Who
// may is the caller's to ask, as for Outbox. Faults: NotFound unless it waits.
func HandOver(ctx context.Context, q db.Querier, initiative, id string) (err error) {
	defer fault.Wrap(&err, "mail.HandOver %s of %s", id, initiative)
	l, err := get(ctx, q, initiative, id)
	if err != nil {
		return err
	}
	if !l.Waits() {
		return fault.ErrNotFound
	}
	return settle(ctx, q, l, Handed, l.Problem)
}

// About gives every message to a person that is still kept.
func About(ctx context.Context, q db.Querier, initiative, person string) (all []Letter, err error) {
	defer fault.Wrap(&err, "mail.About %s in %s", person, initiative)
	return list(ctx, q, `where initiative_id = $1 and person_id = $2 order by written_at, id`, initiative, person)
}

// Forget deletes every message to a person, sent or not.
func Forget(ctx context.Context, q db.Querier, initiative, person string) (err error) {
	defer fault.Wrap(&err, "mail.Forget %s in %s", person, initiative)
	return removePerson(ctx, q, initiative, person)
}

// Hold keeps what waits for its delivery in the outbox, where stewards pass it
// on by hand, and says how much that is. It is for a store that was restored:
// some of it went out after the backup was made, and nothing is to go out
// twice.
func Hold(ctx context.Context, q db.Querier) (n int64, err error) {
	defer fault.Wrap(&err, "mail.Hold")
	now, _, err := db.Mark(q)
	if err != nil {
		return 0, err
	}
	return holdQueued(ctx, q, now)
}

// Prune deletes messages 90 days after they were settled, and says how many. A
// job calls it daily.
func Prune(ctx context.Context, q db.Querier) (n int64, err error) {
	defer fault.Wrap(&err, "mail.Prune")
	now, _, err := db.Mark(q)
	if err != nil {
		return 0, err
	}
	return removeSettled(ctx, q, now.Add(-keep))
}
