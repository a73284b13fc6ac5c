package account

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
)

// Prune is the kind of job that forgets what no longer says anything; it comes
// every PruneEvery. Were an expired session to stay, a clock that is set back
// could revive it.
const (
	Prune      = "account.prune"
	PruneEvery = time.Hour
)

// Handlers are the jobs of this package, by kind.
func (s *Service) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{SendLink: s.sendLink, Prune: s.prune}
}

func (s *Service) prune(ctx context.Context, _ jobs.Work) (err error) {
	defer fault.Wrap(&err, "account.prune")
	return s.DB.Tx(ctx, func(q db.Querier) error { return prune(ctx, q, s.Now()) })
}

// longestName is more than any phone is called.
const longestName = 60

// checkName reads what somebody calls a device or a passkey.
func checkName(typed string) (string, error) {
	name := strings.TrimSpace(typed)
	var f fault.Form
	f.Check(name != "", "name", "account.name.missing")
	f.Check(utf8.RuneCountInString(name) <= longestName, "name", "account.name.long", "max", longestName)
	return name, f.Err()
}

// trimmed cuts a text to so many letters.
func trimmed(text string, most int) string {
	letters := []rune(strings.TrimSpace(text))
	return string(letters[:min(len(letters), most)])
}
