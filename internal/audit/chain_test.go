package audit

import (
	"encoding/hex"
	"testing"
)

// The encoding is a promise: whoever kept a head must be able to check it with
// a later version, or a program of their own. This value was made by the eight
// lines of Python below.
//
//	import hashlib, struct
//	n = lambda v: struct.pack(">Q", v)
//	texts = ["i", "a", "2026-11-21T09:00:00.000000Z", "", "", "", "edit gift", "g"]
//	h = b"commonweal audit 1\n" + bytes(32) + n(1)
//	for t in texts: h += n(len(t.encode())) + t.encode()
//	print(hashlib.sha256(h).hexdigest())
func TestTheSealOfOneNoteIsKnown(t *testing.T) {
	n := note{initiative: "i", id: "a", notedAt: "2026-11-21T09:00:00.000000Z", act: "edit gift", object: "g"}
	got := n.seal(1, [32]byte{})
	const want = "819487f527ae4a99dd5a7d875ed2d8277f5870b06d9e4945949b0bf98a4a20b9"
	if hex.EncodeToString(got[:]) != want {
		t.Errorf("got %x, want %s", got, want)
	}
}
