package account

import (
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestAddress is what RFC 5321 lets a mail server take.
const longestAddress = 254

// Address is an e-mail address as somebody typed it.
type Address struct {
	text string
	hash string // what two spellings of one address share; the key in the store
}

// ParseAddress reads what somebody typed; ok is false when no mail could go
// there.
func ParseAddress(typed string) (a Address, ok bool) {
	typed = strings.TrimSpace(typed)
	parsed, err := mail.ParseAddress(typed)
	if err != nil || parsed.Name != "" || parsed.Address != typed || len(typed) > longestAddress {
		return Address{}, false
	}
	_, domain, _ := strings.Cut(typed, "@")
	if !strings.Contains(domain, ".") || strings.ContainsAny(domain, "[]@") {
		return Address{}, false
	}
	return Address{text: typed, hash: hashed(folded(typed))}, true
}

// String is the address as it was typed.
func (a Address) String() string { return a.text }

// Masked is enough of an address to know one's own by: "a…@example.org".
func (a Address) Masked() string {
	_, width := utf8.DecodeRuneInString(a.text)
	_, domain, _ := strings.Cut(a.text, "@")
	return a.text[:width] + "…@" + domain
}

// folded makes two spellings of one mailbox equal. Accents stay: josé@ and
// jose@ may be two people, and folding them together would let one of them
// read the other's link.
func folded(address string) string { return strings.ToLower(norm.NFKC.String(address)) }

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
