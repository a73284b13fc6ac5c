package link

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// alphabet is Crockford's base 32: no I, L, O or U, which look like others or
// spell things.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength is 12 characters of 5 bits each: a million guesses at a million
// codes find one in one try of a million.
const codeLength = 12

// NewCode makes a link that people can keep on paper and read aloud, such as
// 7K3M-Q0XA-92TD. It opens as often as they like until it is revoked or
// expires. Its subject may be "" while nobody has used it; see BindCode.
func NewCode(ctx context.Context, q db.Querier, l Link) (code string, err error) {
	defer fault.Wrap(&err, "link.NewCode %s in %s", l.Kind, l.Initiative)
	code = randomCode()
	return hyphenated(code), add(ctx, q, key{Link: l, hash: digest(code), reusable: true})
}

// NewCodes is NewCode for many links, a hundred a statement: their codes, in
// order.
func NewCodes(ctx context.Context, q db.Querier, all []Link) (codes []string, err error) {
	defer fault.Wrap(&err, "link.NewCodes %d", len(all))
	keys := make([]key, len(all))
	codes = make([]string, len(all))
	for i, l := range all {
		code := randomCode()
		codes[i] = hyphenated(code)
		keys[i] = key{Link: l, hash: digest(code), reusable: true}
	}
	return codes, add(ctx, q, keys...)
}

func randomCode() string {
	var random [codeLength]byte
	_, _ = rand.Read(random[:]) // it never fails
	for i, b := range random {
		random[i] = alphabet[b&31]
	}
	return string(random[:])
}

// LookCode says what a code opens, however it was written down: small letters,
// blanks, hyphens or none, o for 0, i and l for 1. A code that can't be one
// costs the same work as one that isn't known. Faults: NotFound.
func LookCode(ctx context.Context, q db.Querier, kind, typed string) (l Link, err error) {
	defer fault.Wrap(&err, "link.LookCode %s", kind)
	now, _, err := db.Mark(q)
	if err != nil {
		return Link{}, err
	}
	return find(ctx, q, kind, typed, now)
}

// BindCode gives a code that was handed out beforehand, on a printed sheet, the
// subject that it opens from now on. Its expiry falls away. Faults: NotFound,
// also when the code is another initiative's; Conflict when it already opens
// something else. Bound to the same subject again, it stays as it is.
func BindCode(ctx context.Context, q db.Querier, initiative, kind, typed, subject string) (err error) {
	defer fault.Wrap(&err, "link.BindCode %s to %s in %s", kind, subject, initiative)
	now, _, err := db.Mark(q)
	if err != nil {
		return err
	}
	l, err := find(ctx, q, kind, typed, now)
	switch {
	case err != nil:
		return err
	case l.Initiative != initiative:
		return errUnknown
	case l.Subject == subject:
		return nil
	case l.Subject != "":
		return fault.New(fault.Conflict, "link.taken")
	}
	return bind(ctx, q, digest(canonical(typed)), subject)
}

// errUnknown is errGone in words for codes, which people mistype.
var errUnknown = fault.New(fault.NotFound, "link.unknown")

func find(ctx context.Context, q db.Querier, kind, typed string, now time.Time) (Link, error) {
	l, err := get(ctx, q, kind, digest(canonical(typed)), now)
	if fault.Is(err, fault.NotFound) {
		return Link{}, errUnknown
	}
	return l, err
}

// ReadCode gives a code as it is printed, from however it was written down, and
// whether it can be one at all.
func ReadCode(typed string) (code string, ok bool) {
	code = canonical(typed)
	return hyphenated(code), len(code) == codeLength && strings.Trim(code, alphabet) == ""
}

// canonical undoes what people do to a code. What can't be a code stays so.
func canonical(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\u00a0', '\u2010', '\u2011', '\u2013', '\u2014':
			return -1
		case 'o', 'O':
			return '0'
		case 'i', 'I', 'l', 'L':
			return '1'
		}
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, typed)
}

// hyphenated writes a code in groups of four.
func hyphenated(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}
