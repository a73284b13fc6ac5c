package account

import (
	"context"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/mail"
)

// Tables are those of this package with a person, or words of one, in them:
// what a source of personal data that is made of Export and Erase answers for.
func Tables() []string {
	return []string{
		"account", "account_email", "account_email_wish", "account_person",
		"session", "passkey", "passkey_challenge", "sign_in_ask", "invitation",
	}
}

type exported struct {
	Emails   []string         `json:"emails"`
	Devices  []exportedDevice `json:"devices"`
	Passkeys []exportedDevice `json:"passkeys"`
	Messages []exportedLetter `json:"messages"`
}

type exportedLetter struct {
	To      string    `json:"to,omitzero"` // gone once it was sent
	Subject string    `json:"subject"`
	Written time.Time `json:"written"`
}

type exportedDevice struct {
	Name  string    `json:"name"`
	Since time.Time `json:"since"`
	Used  time.Time `json:"used,omitzero"`
}

// Export gives what is kept about how one person signs in, for their own copy.
func Export(ctx context.Context, q db.Querier, initiative, person string) (_ any, err error) {
	defer fault.Wrap(&err, "account.Export of %s in %s", person, initiative)
	account, err := accountOf(ctx, q, initiative, person)
	if err != nil || account == "" {
		return exported{}, err
	}
	var out exported
	emails, err := emailsOf(ctx, q, account)
	if err != nil {
		return nil, err
	}
	for _, e := range emails {
		out.Emails = append(out.Emails, e.Address)
	}
	sessions, err := sessionsOf(ctx, q, account)
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		out.Devices = append(out.Devices, exportedDevice{Name: s.Device, Since: s.CreatedAt.Time, Used: s.SeenAt.Time})
	}
	letters, err := mail.About(ctx, q, "", account)
	if err != nil {
		return nil, err
	}
	for _, l := range letters { // without their text, which holds links
		out.Messages = append(out.Messages, exportedLetter{To: l.To, Subject: l.Subject, Written: l.Written})
	}
	keys, err := passkeysOf(ctx, q, account)
	for _, k := range keys {
		out.Passkeys = append(out.Passkeys, exportedDevice{Name: k.Name, Since: k.CreatedAt.Time, Used: k.UsedAt.Time})
	}
	return out, err
}

// ExportToOthers is nothing: on which devices somebody signs in, and by which
// address, no connector and no steward sees.
func ExportToOthers(context.Context, db.Querier, string, string) (any, error) {
	return exported{}, nil
}

// Erase takes an erased person's account away from them. An account that is
// nobody any more, in any initiative, ends with everything it had; only its
// empty row stays, so that who did what still holds.
func Erase(ctx context.Context, q db.Querier, initiative, person string) (err error) {
	defer fault.Wrap(&err, "account.Erase of %s in %s", person, initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	account, err := accountOf(ctx, q, initiative, person)
	if err != nil {
		return err
	}
	if err := closeInvitations(ctx, q, initiative, person, now); err != nil {
		return err
	}
	if _, err := deletePerson(ctx, q, initiative, person); err != nil || account == "" {
		return err
	}
	needed, err := isNeeded(ctx, q, account)
	if err != nil || needed {
		return err
	}
	if err := mail.Forget(ctx, q, "", account); err != nil {
		return err
	}
	return endAccount(ctx, q, account, now)
}
