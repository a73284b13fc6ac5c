package db

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"io"
	"sync"

	"commonweal/internal/clock"
)

// IDs makes identifiers: UUIDv7 (RFC 9562, section 5.7) as text, over the
// injected clock and randomness, increasing within a process even when the
// clock steps back. Nothing may rely on their order.
//
//	bits   48            4    12       2    62
//	       milliseconds  0111 counter  10   random
//
// The counter begins at random in the lower half of its range and goes on by
// one while the clock stands or steps back; past its end it carries into the
// milliseconds.
type IDs struct {
	mu   sync.Mutex
	now  clock.Clock
	rand io.Reader
	last uint64 // milliseconds and counter of the last identifier
}

const (
	counterBits = 12
	counterSeed = 1<<(counterBits-1) - 1 // the lower half
)

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
	var random [10]byte
	g.mu.Lock()
	// crypto/rand never fails, and a test's source is as long as its test.
	_, _ = io.ReadFull(g.rand, random[:])
	next := uint64(g.now().UnixMilli())<<counterBits | uint64(binary.BigEndian.Uint16(random[:2]))&counterSeed //nolint:gosec // no clock here stands before 1970
	next = max(next, g.last+1)
	g.last = next
	g.mu.Unlock()

	const version, variant = 7, 2
	milliseconds, counter := next>>counterBits, next&(1<<counterBits-1)
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], milliseconds<<16|version<<12|counter)
	binary.BigEndian.PutUint64(b[8:], variant<<62|binary.BigEndian.Uint64(random[2:])>>2)
	return text(b)
}

// text writes 8-4-4-4-12 hexadecimal digits.
func text(b [16]byte) string {
	var t [36]byte
	hex.Encode(t[:8], b[:4])
	hex.Encode(t[9:13], b[4:6])
	hex.Encode(t[14:18], b[6:8])
	hex.Encode(t[19:23], b[8:10])
	hex.Encode(t[24:], b[10:])
	t[8], t[13], t[18], t[23] = '-', '-', '-', '-'
	return string(t[:])
}
