// Package link is every key to one door: a sign-in link, "this is me" for a
// person whom a connector wrote down, "still true" in a mail, and the short
// code that someone keeps on a strip of paper to read the answer later.
//
// The store holds only the SHA-256 of a token, so that whoever steals the
// store can open nothing. A link that was used or revoked is a deleted row,
// and Prune soon deletes what has expired: no clock that steps back brings one
// to life again.
package link

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Link says what a token opens.
type Link struct {
	Initiative string    // "" is the server's own
	Kind       string    // "sign-in", "claim", "answers": a token opens only links of its kind
	Subject    string    // the id of what it opens
	Expires    time.Time // the zero time is never
}

// drift is how far the clock may be behind the one that made a link.
const drift = time.Minute

// errGone is the one answer for unknown, used, revoked and expired links, so
// that nobody learns which it was.
var errGone = fault.New(fault.NotFound, "link.gone")

// New makes a link and gives its token, 256 bits as base64url. Nobody can tell
// the token later.
func New(ctx context.Context, q db.Querier, l Link) (token string, err error) {
	defer fault.Wrap(&err, "link.New %s in %s", l.Kind, l.Initiative)
	token = newToken()
	return token, add(ctx, q, key{Link: l, hash: digest(token)})
}

func newToken() string {
	var random [32]byte
	_, _ = rand.Read(random[:]) // it never fails
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// NewAll is New for many links, a hundred a statement: their tokens, in order.
func NewAll(ctx context.Context, q db.Querier, all []Link) (tokens []string, err error) {
	defer fault.Wrap(&err, "link.NewAll %d", len(all))
	keys := make([]key, len(all))
	tokens = make([]string, len(all))
	for i, l := range all {
		tokens[i] = newToken()
		keys[i] = key{Link: l, hash: digest(tokens[i])}
	}
	return tokens, add(ctx, q, keys...)
}

// Look says what a token opens and changes nothing: mail programs open links
// by themselves. Faults: NotFound.
func Look(ctx context.Context, q db.Querier, kind, token string) (l Link, err error) {
	defer fault.Wrap(&err, "link.Look %s", kind)
	now, _, err := db.Mark(q)
	if err != nil {
		return Link{}, err
	}
	return get(ctx, q, kind, digest(token), now)
}

// Use opens a link and uses it up: of two who come at once, one gets it. A code
// isn't used up by anything, so Use doesn't know it. Faults: NotFound.
func Use(ctx context.Context, q db.Querier, kind, token string) (l Link, err error) {
	defer fault.Wrap(&err, "link.Use %s", kind)
	now, _, err := db.Mark(q)
	if err != nil {
		return Link{}, err
	}
	return take(ctx, q, kind, digest(token), now)
}

// Revoke makes all links and codes of a kind to a subject open nothing.
func Revoke(ctx context.Context, q db.Querier, initiative, kind, subject string) (err error) {
	defer fault.Wrap(&err, "link.Revoke %s to %s in %s", kind, subject, initiative)
	return remove(ctx, q, initiative, kind, subject)
}

// Prune deletes what has expired, and says how many. A job calls it every few
// minutes.
func Prune(ctx context.Context, q db.Querier) (n int64, err error) {
	defer fault.Wrap(&err, "link.Prune")
	now, _, err := db.Mark(q)
	if err != nil {
		return 0, err
	}
	return removeExpired(ctx, q, now)
}

// key is a link as it is stored.
type key struct {
	Link
	hash     string
	reusable bool // a code
}

func add(ctx context.Context, q db.Querier, keys ...key) error {
	if slices.ContainsFunc(keys, func(k key) bool { return k.Kind == "" }) {
		return errors.New("a link needs a kind")
	}
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(keys, atOnce) {
		if err := insert(ctx, q, some, now); err != nil {
			return err
		}
	}
	return nil
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
