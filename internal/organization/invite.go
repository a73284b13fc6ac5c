package organization

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/link"
	"commonweal/internal/mail"
	"commonweal/internal/people"
)

// maxInvited is how many are invited in one press.
const maxInvited = 200

// Invitation asks somebody to speak for an organization.
type Invitation struct {
	Organization string
	SpokespersonDraft
}

// Invite asks many people to speak for their organizations, in one press. Each
// is written down with the consent that they gave to whoever writes this,
// becomes a partner with the right to mend one page, and gets a link by mail; a
// page that is a draft stays one until they, or a steward, show it. Whoever
// speaks for an organization already is left as they are, so that pressing
// again adds nothing; n is how many are new. Stewards may. Faults: NotFound;
// Invalid, with the fields of SpokespersonDraft and their number, as "email 3".
func (s *Service) Invite(ctx context.Context, who access.Actor, in string, all []Invitation) (n int, err error) {
	defer fault.Wrap(&err, "organization.Invite %d in %s", len(all), in)
	if err := who.Require(in, access.Steer); err != nil {
		return 0, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		n = 0
		ids := make([]string, 0, len(all))
		for _, i := range all {
			ids = append(ids, i.Organization)
		}
		known, err := byIDs(ctx, q, in, ids)
		if err != nil {
			return err
		}
		b, err := s.newBatch(ctx, q, viewOf(who, in), all, known)
		if err != nil {
			return err
		}
		for _, one := range b.all {
			done, err := b.invite(ctx, one)
			if err != nil {
				return err
			}
			if done.isNew {
				n++
			}
		}
		if err := db.Touch(ctx, q, in); err != nil {
			return err
		}
		return b.send(ctx)
	})
	return n, err
}

// batch is some invitations on their way.
type batch struct {
	*Service
	q       db.Querier
	v       view
	in      initiative.Initiative
	all     []Invitation
	orgs    map[string]Organization
	persons map[string]string          // by address, those whom we know
	speak   map[string]map[string]bool // who speaks for which organization
	letters []mail.Message
}

// newBatch checks invitations and reads whom we know, in a few statements for
// all of them.
func (s *Service) newBatch(ctx context.Context, q db.Querier, v view, all []Invitation, orgs map[string]Organization) (*batch, error) {
	b := &batch{Service: s, q: q, v: v, orgs: orgs}
	var err error
	if b.in, err = initiative.Get(ctx, q, v.initiative); err != nil {
		return nil, err
	}
	var f fault.Form
	f.Check(len(all) <= maxInvited, "invitations", "organization.invite.toomany", "max", maxInvited)
	var addresses []string
	for i, one := range all {
		suffix := ""
		if len(all) > 1 {
			suffix = " " + strconv.Itoa(i+1)
		}
		one.check(b.in, suffix, &f)
		_, known := orgs[one.Organization]
		f.Check(known, "organization"+suffix, "organization.parent.unknown")
		b.all = append(b.all, one)
		if one.Email != "" {
			addresses = append(addresses, one.Email, strings.ToLower(one.Email))
		}
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	if b.persons, err = byAddress(ctx, q, v.initiative, addresses); err != nil {
		return nil, err
	}
	b.speak, err = speakingFor(ctx, q, v.initiative, keysOf(orgs))
	return b, err
}

// check trims what was typed and says what is wrong with it.
func (d *SpokespersonDraft) check(in initiative.Initiative, suffix string, f *fault.Form) {
	d.Name = line(d.Name, "name"+suffix, f)
	f.Check(d.Name != "", "name"+suffix, "organization.name.missing")
	d.Email = strings.TrimSpace(d.Email)
	f.Check(d.Email == "" || mail.CheckAddress(d.Email) == nil, "email"+suffix, "organization.email.unreadable", "typed", d.Email)
	d.Job = line(d.Job, "job"+suffix, f)
	lang := in.Lang(i18n.Lang(d.Lang))
	f.Check(d.Lang == "" || string(lang) == d.Lang, "lang"+suffix, "organization.lang.unknown")
	d.Lang = string(lang)
	f.Check(slices.Contains(people.Channels(), d.Asked), "asked"+suffix, "organization.asked.missing")
}

// invited is what became of an invitation.
type invited struct {
	isNew bool
	keys  account.Invited
}

// invite lets one person speak, and puts a letter to them by.
func (b *batch) invite(ctx context.Context, one Invitation) (done invited, err error) {
	person := b.persons[strings.ToLower(one.Email)]
	if person != "" && b.speak[one.Organization][person] {
		return invited{}, nil
	}
	if person == "" {
		if person, err = b.write(ctx, one); err != nil {
			return invited{}, err
		}
	}
	if b.speak[one.Organization] == nil {
		b.speak[one.Organization] = map[string]bool{}
	}
	b.speak[one.Organization][person] = true
	if !b.v.steers && one.Email != "" {
		return b.ask(ctx, one, person)
	}
	if done.isNew, err = speak(ctx, b.q, b.v, one.Organization, person, one.Job); err != nil || !done.isNew {
		return invited{}, err
	}
	done.keys, err = account.Invite(ctx, b.q, account.Invitation{
		Initiative: b.in.ID, Person: person, Kind: access.Partner, By: b.v.who.Account,
	})
	to := b.BaseURL + done.keys.Path
	if fault.Is(err, fault.Conflict) { // they have an account
		to, err = b.BaseURL+"/i/"+b.in.Slug+pathOf(one.Organization), nil
	}
	if err != nil || one.Email == "" {
		return done, err
	}
	b.letter(one, person, "organization.mail.invite", to)
	return done, nil
}

// ask asks one person, by a letter alone, to speak: whoever types an address
// doesn't hear whether we know it, and nobody speaks before they say yes.
func (b *batch) ask(ctx context.Context, one Invitation, person string) (done invited, err error) {
	done.isNew, err = insertSpokesperson(ctx, b.q, b.in.ID, one.Organization, person, one.Job, b.v.who.Account)
	if err != nil || !done.isNew {
		return invited{}, err
	}
	token, err := link.New(ctx, b.q, link.Link{
		Initiative: b.in.ID, Kind: askedLink, Subject: one.Organization + " " + person, Expires: b.Now().Add(askedHolds),
	})
	b.letter(one, person, "organization.mail.ask", b.BaseURL+"/i/"+b.in.Slug+"/speak/"+token)
	return done, err
}

// letter puts a letter by, to be sent with the others.
func (b *batch) letter(one Invitation, person, key, to string) {
	b.letters = append(b.letters, mail.Message{
		Initiative: b.in.ID, Person: person, To: one.Email, Lang: i18n.Lang(one.Lang),
		Subject: "organization.mail.subject",
		Lines: []fault.Message{
			{Key: key, Args: map[string]any{"initiative": b.in.Name, "organization": b.orgs[one.Organization].Name}},
			{Key: "organization.mail.see"},
		},
		Link:   to,
		Unique: key + " " + one.Organization + " " + person,
	})
}

// write writes somebody down whom we don't know, with what they agreed to.
func (b *batch) write(ctx context.Context, one Invitation) (string, error) {
	on := b.in.Today(b.Now())
	n := people.New{
		Person: people.Person{Name: one.Name, Langs: []i18n.Lang{i18n.Lang(one.Lang)}, MetOn: on},
		By:     b.v.who.Account,
	}
	to := []people.Purpose{people.KeepName}
	if one.Email != "" {
		n.Contacts = []people.Contact{{Kind: people.Email, Value: one.Email}}
		to = append(to, people.BeReached)
	}
	for _, purpose := range to {
		n.Consents = append(n.Consents, people.Consent{
			Purpose: purpose, Wording: people.Wording, On: on, GivenBy: people.Self, Channel: one.Asked,
		})
	}
	p, err := people.Add(ctx, b.q, b.in.ID, n)
	if err == nil && one.Email != "" {
		b.persons[strings.ToLower(one.Email)] = p.ID
	}
	return p.ID, err
}

// send sends the letters, all in a few statements.
func (b *batch) send(ctx context.Context) error { return mail.Send(ctx, b.q, b.letters...) }

func keysOf(orgs map[string]Organization) []string {
	ids := make([]string, 0, len(orgs))
	for id := range orgs {
		ids = append(ids, id)
	}
	return ids
}
