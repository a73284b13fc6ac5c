package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// What a seal's hash covers, in this order:
//
//	the text "commonweal audit 1\n"
//	the hash before, 32 bytes; zeros before the first
//	the seal's number, 8 bytes, the highest first
//	eight texts of the note, each after its length in 8 bytes, the highest first:
//	initiative, id, time (2006-01-02T15:04:05.000000Z), account, person,
//	organization, act, object
//
// So the chain can be checked by a program of few lines that isn't ours.
const preamble = "commonweal audit 1\n"

// note is a row of audit as it stands in the store, its time included: what
// was tampered with need not be a time any more.
type note struct {
	initiative, id, notedAt, account, person, organization, act, object string
}

func (n note) seal(seq int64, before [32]byte) [32]byte {
	h := sha256.New()
	number := func(v int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(v)) //nolint:gosec // lengths, and numbers from 1
		h.Write(b[:])
	}
	h.Write([]byte(preamble))
	h.Write(before[:])
	number(seq)
	for _, text := range []string{n.initiative, n.id, n.notedAt, n.account, n.person, n.organization, n.act, n.object} {
		number(int64(len(text)))
		h.Write([]byte(text))
	}
	return [32]byte(h.Sum(nil))
}

// Head is the end of one initiative's chain. Kept outside the machine, with a
// backup or in a log, it is what a cut end shows against.
type Head struct {
	Initiative string
	Seq        int64
	Hash       string // hex
}

// String writes a head as "seq:hash:initiative"; see ParseHead.
func (h Head) String() string { return fmt.Sprintf("%d:%s:%s", h.Seq, h.Hash, h.Initiative) }

// ParseHead reads what String wrote. Faults: Invalid.
func ParseHead(text string) (Head, error) {
	parts := strings.SplitN(text, ":", 3)
	if len(parts) == 3 {
		seq, err := strconv.ParseInt(parts[0], 10, 64)
		if _, ok := parseHash(parts[1]); ok && err == nil && seq > 0 {
			return Head{Seq: seq, Hash: parts[1], Initiative: parts[2]}, nil
		}
	}
	return Head{}, fault.New(fault.Invalid, "audit.head")
}

// parseHash reads a hash in hex.
func parseHash(text string) (h [32]byte, ok bool) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) {
		return h, false
	}
	return [32]byte(b), true
}

// Heads gives the end of every chain.
func Heads(ctx context.Context, q db.Querier) (all []Head, err error) {
	defer fault.Wrap(&err, "audit.Heads")
	return heads(ctx, q)
}

// HeadOf gives the end of one initiative's chain; it is zero while nothing is
// sealed.
func HeadOf(ctx context.Context, q db.Querier, initiative string) (h Head, err error) {
	defer fault.Wrap(&err, "audit.HeadOf %s", initiative)
	h, err = headOf(ctx, q, initiative)
	if fault.Is(err, fault.NotFound) {
		return Head{}, nil
	}
	return h, err
}

// batch is how many notes one transaction seals.
const batch = 100

// Seal seals the notes that wait, and says how many. It is run by a job, one
// at a time; two at once would do no harm but waste.
func Seal(ctx context.Context, d *db.DB) (n int, err error) {
	defer fault.Wrap(&err, "audit.Seal")
	for {
		sealed := 0
		err := d.Tx(ctx, func(q db.Querier) (err error) {
			sealed, err = sealBatch(ctx, q)
			return err
		})
		if err != nil {
			return n, err
		}
		n += sealed
		if sealed < batch {
			return n, nil
		}
	}
}

func sealBatch(ctx context.Context, q db.Querier) (int, error) {
	waiting, err := waiting(ctx, q, batch)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	seals := make([]seal, 0, len(waiting))
	var end seal
	for _, w := range waiting {
		if end.initiative != w.note.initiative || len(seals) == 0 {
			end = w.end
		}
		seq := end.seq + 1
		end = seal{initiative: w.note.initiative, seq: seq, note: w.note.id, hash: w.note.seal(seq, end.hash)}
		seals = append(seals, end)
	}
	if err := insertSeals(ctx, q, seals); err != nil {
		return 0, err
	}
	return len(seals), stopWaiting(ctx, q, end)
}

// seal is one link of a chain. Without a note it is what stands before the
// first.
type seal struct {
	initiative string
	seq        int64
	note       string
	hash       [32]byte
}
