package account

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// fob is a passkey on a phone that a test holds in its hand.
type fob struct {
	testing.TB
	id      []byte
	account []byte // the handle that the server gave it
	key     *ecdsa.PrivateKey
	counter uint32
	flags   byte   // 0x01 somebody was there, 0x04 it was its holder
	origin  string // of the page that asks
}

func newFob(t testing.TB) *fob {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &fob{TB: t, id: id, key: key, flags: 0x05, origin: "https://elm.example"}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (f *fob) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// options are the parts of a question that a fob reads.
type options struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
		RP struct {
			ID string `json:"id"`
		} `json:"rp"`
		RPID             string `json:"rpId"`
		UserVerification string `json:"userVerification"`
		Selection        struct {
			ResidentKey      string `json:"residentKey"`
			UserVerification string `json:"userVerification"`
		} `json:"authenticatorSelection"`
		Exclude []struct {
			ID string `json:"id"`
		} `json:"excludeCredentials"`
		Allow []any `json:"allowCredentials"`
	} `json:"publicKey"`
}

func (f *fob) read(q Question) (o options) {
	f.Helper()
	f.must(json.Unmarshal(q.Options, &o))
	return o
}

func (f *fob) clientData(kind, challenge string) []byte {
	f.Helper()
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": f.origin, "crossOrigin": false})
	f.must(err)
	return text
}

func (f *fob) authData(rpID string, flags byte) []byte {
	hash := sha256.Sum256([]byte(rpID))
	return binary.BigEndian.AppendUint32(append(hash[:], flags), f.counter)
}

// make answers a question to make a passkey.
func (f *fob) make(q Question) []byte {
	f.Helper()
	o := f.read(q)
	f.account, _ = base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	point, err := f.key.PublicKey.Bytes() // 4, then x, then y
	f.must(err)
	cose, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	f.must(err)
	data := append(f.authData(o.PublicKey.RP.ID, f.flags|0x40), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(f.id))) //nolint:gosec // 16 bytes
	data = append(append(data, f.id...), cose...)
	attestation, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	f.must(err)
	return f.answer(map[string]any{
		"clientDataJSON":    b64(f.clientData("webauthn.create", o.PublicKey.Challenge)),
		"attestationObject": b64(attestation), "transports": []string{"internal"},
	})
}

// sign answers a question to sign in.
func (f *fob) sign(q Question) []byte {
	f.Helper()
	o := f.read(q)
	f.counter++
	data, client := f.authData(o.PublicKey.RPID, f.flags), f.clientData("webauthn.get", o.PublicKey.Challenge)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, f.key, sum[:])
	f.must(err)
	return f.answer(map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(f.account),
	})
}

func (f *fob) answer(response map[string]any) []byte {
	f.Helper()
	text, err := json.Marshal(map[string]any{
		"id": b64(f.id), "rawId": b64(f.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	f.must(err)
	return text
}
