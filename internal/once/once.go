// Package once makes sending twice the same as sending once: a double click,
// the back button, a phone that didn't hear the answer and sends again.
//
// Every form that creates something carries a hidden random key, made when the
// form was shown. The first request under a key is carried out, and its answer
// is kept in the same transaction; the same request again gets the same answer.
//
// Nothing in the store can be read without the key: both hashes are made with
// it and the answer is encrypted with it, since an answer may hold a code that
// opens a conversation.
package once

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// keep is how long an answer is kept. A phone that was offline for longer
// sends as if for the first time.
const keep = 90 * 24 * time.Hour

// shortestKey keeps out keys that could be guessed, or met by chance: 128 bits
// as base64 are 22 characters.
const shortestKey = 22

// Key is one request.
type Key struct {
	Initiative  string
	Key         string // the form's hidden key: 128 random bits or more, as text
	RequestHash string // of what was sent; see Hash
}

// Hash is a short text that differs whenever v, as JSON, does. Of a form, hash
// the draft made of it, with whoever sent it.
func Hash(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Do runs fn in the transaction of q unless this request was carried out
// before, and gives its answer, then or now; again says which. An error of fn
// leaves nothing behind, so that the same key can be sent again.
// Faults: Conflict when the key was used for another request; Invalid without
// a proper key; otherwise what fn returns.
func Do(ctx context.Context, q db.Querier, k Key, fn func() (answer string, err error)) (answer string, again bool, err error) {
	defer fault.Wrap(&err, "once.Do in %s", k.Initiative)
	if len(k.Key) < shortestKey {
		return "", false, fault.New(fault.Invalid, "once.missing")
	}
	row := row{initiative: k.Initiative, keyHash: k.derive("key"), requestHash: k.derive("request " + k.RequestHash)}
	have, err := get(ctx, q, k.Initiative, row.keyHash)
	switch {
	case fault.Is(err, fault.NotFound):
	case err != nil:
		return "", false, err
	case have.requestHash != row.requestHash:
		return "", false, fault.New(fault.Conflict, "once.differs")
	default:
		answer, err = k.open(have.answer)
		return answer, true, err
	}
	if answer, err = fn(); err != nil {
		return "", false, err
	}
	if row.answer, err = k.seal(answer); err != nil {
		return "", false, err
	}
	return answer, false, insert(ctx, q, row)
}

// Prune forgets answers older than 90 days, and says how many. A job calls it
// daily.
func Prune(ctx context.Context, q db.Querier) (n int64, err error) {
	defer fault.Wrap(&err, "once.Prune")
	now, _, err := db.Mark(q)
	if err != nil {
		return 0, err
	}
	return removeBefore(ctx, q, now.Add(-keep))
}

// derive makes, from the key, a text for one purpose that tells nothing of it.
func (k Key) derive(purpose string) string { return hex.EncodeToString(k.mac(purpose)) }

func (k Key) mac(purpose string) []byte {
	m := hmac.New(sha256.New, []byte(k.Key))
	m.Write([]byte(purpose)) // a hash takes everything
	return m.Sum(nil)
}

func (k Key) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.mac("answer"))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (k Key) seal(answer string) (string, error) {
	c, err := k.cipher()
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(c.Seal(nil, nil, []byte(answer), nil)), nil
}

func (k Key) open(sealed string) (string, error) {
	c, err := k.cipher()
	if err != nil {
		return "", err
	}
	text, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", err
	}
	answer, err := c.Open(nil, nil, text, nil)
	if err != nil {
		return "", errors.New("an answer was altered in the store")
	}
	return string(answer), nil
}
