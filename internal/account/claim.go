package account

import (
	"context"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/link"
)

const claim = "claim" // kind of link; its subject is an invitation

// Invitation lets a person of an initiative take up an account.
type Invitation struct {
	Initiative, Person string
	Kind               access.Kind // what they may do then; "" is Member
	By                 string      // the account that gives it

	id string
}

// Invited is an invitation as it is handed over. Either works once, and the
// other is void then.
type Invited struct {
	Path string // of a link: /claim/…
	Code string // to say aloud or write on paper
}

// Invite lets a person take up an account, in the transaction of whoever has
// asked whether this may be. A person's account, once there is one, is never
// taken over: it has to be released first. Faults: Conflict
// "account.claim.taken".
func Invite(ctx context.Context, q db.Querier, inv Invitation) (keys Invited, err error) {
	defer fault.Wrap(&err, "account.Invite %s in %s", inv.Person, inv.Initiative)
	has, err := accountOf(ctx, q, inv.Initiative, inv.Person)
	if err != nil {
		return keys, err
	}
	if has != "" {
		return keys, fault.New(fault.Conflict, "account.claim.taken")
	}
	now, id, err := db.Mark(q)
	if err != nil {
		return keys, err
	}
	if inv.id = id; inv.Kind == "" {
		inv.Kind = access.Member
	}
	if err := insertInvitation(ctx, q, inv, now); err != nil {
		return keys, err
	}
	l := link.Link{Initiative: inv.Initiative, Kind: claim, Subject: id, Expires: now.Add(claimLife)}
	token, err := link.New(ctx, q, l)
	if err != nil {
		return keys, err
	}
	keys.Path = "/claim/" + token
	if keys.Code, err = link.NewCode(ctx, q, l); err != nil {
		return keys, err
	}
	return keys, audit.Note(ctx, q, audit.Event{
		Initiative: inv.Initiative, Account: inv.By, Act: "invite " + string(inv.Kind), Object: inv.Person,
	})
}

// Uninvite voids the invitations of one kind that a person hasn't taken up, in
// the transaction of whoever has asked whether this may be.
func Uninvite(ctx context.Context, q db.Querier, initiative, person string, kind access.Kind) (err error) {
	defer fault.Wrap(&err, "account.Uninvite %s in %s", person, initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	return voidInvitations(ctx, q, initiative, person, kind, now)
}

// Invite lets a person of the initiative take up an account. Stewards may.
// Whether there is such a person is the caller's to know. The link is a full
// address here. Faults: NotFound; Conflict "account.claim.taken".
func (s *Service) Invite(ctx context.Context, who access.Actor, initiative, person string, kind access.Kind) (keys Invited, err error) {
	defer fault.Wrap(&err, "account.Service.Invite %s in %s", person, initiative)
	if err := who.Require(initiative, access.Steer); err != nil {
		return keys, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) (err error) {
		keys, err = Invite(ctx, q, Invitation{Initiative: initiative, Person: person, Kind: kind, By: who.Account})
		return err
	})
	keys.Path = s.link(keys.Path)
	return keys, err
}

// LookClaim says what a link's token, or a code as somebody typed it, invites
// to. It changes nothing. Anyone who has it may. Faults: NotFound "link.gone".
func (s *Service) LookClaim(ctx context.Context, token string) (inv Invitation, err error) {
	defer fault.Wrap(&err, "account.LookClaim")
	return lookClaim(ctx, s.DB.Read(), token)
}

func lookClaim(ctx context.Context, q db.Querier, token string) (Invitation, error) {
	look := link.Look
	if _, ok := link.ReadCode(token); ok {
		look = link.LookCode
	}
	l, err := look(ctx, q, claim, token)
	if err != nil {
		return Invitation{}, err
	}
	// An invitation is closed when its person came by another one, or is erased.
	inv, err := openInvitation(ctx, q, l.Initiative, l.Subject)
	return inv, gone(err)
}

// Claim makes whoever has a link or code the person whom it invites: the
// account signed in, or else a new one, which is signed in. A new account may
// give an address, where a link to confirm it is sent; until that is followed
// no sign-in link goes there. Only a POST may call it. The session is "" when
// nobody new was signed in. Faults: NotFound "link.gone"; Invalid at "email";
// Conflict "account.claim.another" when the account is somebody else here already.
func (s *Service) Claim(ctx context.Context, who access.Actor, token, email string, lang i18n.Lang, device string) (inv Invitation, session string, err error) {
	defer fault.Wrap(&err, "account.Claim")
	if inv, err = s.LookClaim(ctx, token); err != nil {
		return inv, "", err
	}
	var to *Address
	if email != "" {
		a, ok := ParseAddress(email)
		if !ok {
			return inv, "", unreadable()
		}
		to = &a
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		session = ""
		if inv, err = lookClaim(ctx, q, token); err != nil {
			return err
		}
		if who.IsSignedIn() {
			return s.take(ctx, q, inv, who.Account)
		}
		account := s.IDs.New()
		if err := insertAccount(ctx, q, account, lang, false, s.Now()); err != nil {
			return err
		}
		if err := s.take(ctx, q, inv, account); err != nil {
			return err
		}
		if to != nil {
			if err := s.askEmail(ctx, q, account, *to, lang); err != nil {
				return err
			}
		}
		session, err = s.start(ctx, q, who, account, device)
		return err
	})
	return inv, session, err
}

// take makes an account the person of an invitation and closes that and every
// other invitation of the person.
func (s *Service) take(ctx context.Context, q db.Querier, inv Invitation, account string) error {
	if err := Be(ctx, q, inv.Initiative, inv.Person, account); err != nil {
		return err
	}
	if err := closeInvitations(ctx, q, inv.Initiative, inv.Person, s.Now()); err != nil {
		return err
	}
	if err := link.Revoke(ctx, q, inv.Initiative, claim, inv.id); err != nil {
		return err
	}
	if err := access.Give(ctx, q, access.Membership{Initiative: inv.Initiative, Person: inv.Person, Kind: inv.Kind}, inv.By); err != nil {
		return err
	}
	return audit.Note(ctx, q, audit.Event{
		Initiative: inv.Initiative, Account: account, Person: inv.Person, Act: "claim", Object: inv.Person,
	})
}

// Be makes an account a person of an initiative, in the transaction of whoever
// has asked whether this may be: the founder of an initiative isn't invited to
// it. Faults: Conflict "account.claim.another" when the account is somebody else
// there, or the person has another account.
func Be(ctx context.Context, q db.Querier, initiative, person, account string) (err error) {
	defer fault.Wrap(&err, "account.Be %s in %s", person, initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	return insertPerson(ctx, q, initiative, person, account, now)
}

// Release takes an account away from a person, who can then be invited anew:
// for somebody whose mailbox or phone is in other hands. Whatever the account
// could do in the initiative is over at once. Stewards may. Faults: NotFound.
func (s *Service) Release(ctx context.Context, who access.Actor, initiative, person string) (err error) {
	defer fault.Wrap(&err, "account.Release %s in %s", person, initiative)
	if err := who.Require(initiative, access.Steer); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		if err := found(deletePerson(ctx, q, initiative, person)); err != nil {
			return err
		}
		if err := closeInvitations(ctx, q, initiative, person, s.Now()); err != nil {
			return err
		}
		return audit.Note(ctx, q, audit.Event{
			Initiative: initiative, Account: who.Account, Person: who.Person(initiative), For: who.For, Act: "release account", Object: person,
		})
	})
}
