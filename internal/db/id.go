package db

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"sync"

	"commonweal/internal/clock"
)

// IDs makes identifiers: UUIDv7 (RFC 9562, section 5.7) as text, over the
// injected clock and randomness, increasing within a process even when the
// clock steps back. Nothing may rely on their order.
type IDs struct {
	mu   sync.Mutex
	now  clock.Clock
	rand io.Reader
	last uint64 // the last 60 bits given: milliseconds and a counter of 12 bits
}

// NewIDs makes identifiers from a clock and a source of randomness; a nil
// source is crypto/rand.
func NewIDs(now clock.Clock, random io.Reader) *IDs {
	if random == nil {
		random = rand.Reader
	}
	return &IDs{now: now, rand: random}
}

// New gives the next identifier.
func (g *IDs) New() string {
	var b [16]byte
	g.mu.Lock()
	// crypto/rand never fails, and a test's source is as long as its test.
	_, _ = io.ReadFull(g.rand, b[8:])
	next := uint64(g.now().UnixMilli())<<12 | uint64(b[8])<<4 //nolint:gosec // no clock here stands before 1970
	if next <= g.last {
		next = g.last + 1
	}
	g.last = next
	g.mu.Unlock()
	_, _ = io.ReadFull(g.rand, b[8:9])
	ms := next >> 12
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = 0x70 | byte(next>>8)&0x0f
	b[7] = byte(next)
	b[8] = 0x80 | b[8]&0x3f
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}
