// Package account is who signs in to this server, and on which devices.
//
// There are no passwords. Somebody shows who they are by a link in a mail that
// they can read, by a passkey, or, the first time, by an invitation that a
// connector gave them on paper or by word of mouth. An account has no name:
// who somebody is in an initiative is a person there, and what they may do is
// package access.
//
// Tokens are kept as hashes only. A GET looks and changes nothing, since mail
// scanners and link previews open what they find; a POST uses up.
package account

import (
	"log/slog"
	"net/url"
	"strings"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
)

// How long things last. All of them are counted on the injected clock.
const (
	linkLife   = 15 * time.Minute     // a sign-in link; mail is sometimes slow
	firstLife  = 7 * 24 * time.Hour   // the link printed when a server starts for the first time
	claimLife  = 30 * 24 * time.Hour  // an invitation, between two visits of a connector
	idle       = 30 * 24 * time.Hour  // a session that nobody uses
	absolute   = 180 * 24 * time.Hour // any session
	proofLife  = 10 * time.Minute     // how long "they have just shown who they are" holds
	seenEvery  = time.Hour            // a session's last use is noted no oftener
	clockSlack = 10 * time.Minute     // how far a clock may step back before what it had made is doubted
)

// Service is everything about signing in.
type Service struct {
	DB      *db.DB
	IDs     *db.IDs
	Now     clock.Clock
	Log     *slog.Logger
	BaseURL string // what people type: https://commonweal.example
}

// link is the full address of a path of this server.
func (s *Service) link(path string) string { return strings.TrimSuffix(s.BaseURL, "/") + path }

// host is the name that passkeys are bound to, and that people know us by.
func (s *Service) host() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
