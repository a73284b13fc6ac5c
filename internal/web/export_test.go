package web

import (
	"net/http"
	"time"
)

// Buckets lets tests look at token buckets.
type Buckets struct{ *buckets }

// NewBuckets makes some.
func NewBuckets(l Limit) Buckets { return Buckets{newBuckets(l)} }

// Take takes a token.
func (b Buckets) Take(now time.Time, key string) error { return b.take(now, key) }

// Len is how many keys are kept.
func (b Buckets) Len() int { return len(b.young) + len(b.old) }

// Kept is how many bytes of pages a site keeps.
func Kept(h http.Handler) int {
	s, _ := h.(*site)
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	return s.kept.bytes
}
