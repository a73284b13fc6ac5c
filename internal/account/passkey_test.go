package account

import (
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/fault"
)

func (h *house) wantRefused(what string, err error) {
	h.Helper()
	if !fault.Is(err, fault.Invalid) {
		h.Errorf("%s: %v, want a refusal", what, err)
	}
}

// register gives whoever is signed in a new passkey.
func (h *house) register(who access.Actor) *fob {
	h.Helper()
	f := newFob(h.TB)
	ask, err := h.BeginRegister(h.Context(), who)
	h.must(err)
	h.must(h.FinishRegister(h.Context(), who, ask.Token, "Phone", f.make(ask)))
	return f
}

func (h *house) question() Question {
	h.Helper()
	ask, err := h.BeginLogin(h.Context())
	h.must(err)
	return ask
}

func (h *house) login(f *fob, ask Question) (string, error) {
	return h.FinishLogin(h.Context(), access.Actor{}, ask.Token, "phone", f.sign(ask))
}

func TestAPasskeySignsItsOwnerIn(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		session := h.session("ana")
		f := h.register(h.actor(session))
		if string(f.account) != "ana" {
			h.Errorf("handle = %q, want the account's id", f.account)
		}
		ask := h.question()
		if o := f.read(ask); o.PublicKey.RPID != "elm.example" || o.PublicKey.UserVerification != "required" || len(o.PublicKey.Allow) > 0 {
			h.Errorf("question = %s", ask.Options)
		}
		h.now.Advance(time.Hour)
		ask = h.question()
		answer := f.sign(ask)
		fresh, err := h.FinishLogin(h.Context(), h.actor(session), ask.Token, "phone", answer)
		h.must(err)
		h.wantAccount("by passkey", fresh, "ana")
		h.wantVisitor("the token before", session)
		_, err = h.FinishLogin(h.Context(), access.Actor{}, ask.Token, "phone", answer)
		h.wantRefused("the same answer again", err)
		keys, err := h.Passkeys(h.Context(), h.actor(fresh))
		if err != nil || len(keys) != 1 || keys[0].Name != "Phone" || !keys[0].UsedAt.Equal(h.now.Now()) {
			h.Errorf("passkeys = %+v, %v", keys, err)
		}
	})
}

func TestWhatIsNoAnswerToOurQuestionIsRefused(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		h.resident("eve", "eve@example.org")
		f := h.register(h.actor(h.session("ana")))
		_, err := h.login(f, h.question())
		h.must(err)

		with := func(change func(*fob)) *fob {
			other := *f
			other.counter += 10
			change(&other)
			return &other
		}
		for what, other := range map[string]*fob{
			"a page of another site":     with(func(f *fob) { f.origin = "https://elm.example.evil" }),
			"a holder who wasn't known":  with(func(f *fob) { f.flags = 0x01 }),
			"nobody there":               with(func(f *fob) { f.flags = 0x04 }),
			"another's handle":           with(func(f *fob) { f.account = []byte("eve") }),
			"a key that we don't know":   with(func(f *fob) { f.id = []byte("another") }),
			"a copy with an old counter": with(func(f *fob) { f.counter = 0 }),
			"a signature of another key": with(func(o *fob) { o.key = newFob(h.TB).key }),
		} {
			_, err := h.login(other, h.question())
			h.wantRefused(what, err)
		}

		ask, older := h.question(), h.question()
		_, err = h.FinishLogin(h.Context(), access.Actor{}, ask.Token, "", f.sign(older))
		h.wantRefused("an answer to another question", err)
		_, err = h.login(f, ask)
		h.wantRefused("a question that was answered wrongly", err)
		_, err = h.FinishLogin(h.Context(), access.Actor{}, h.question().Token, "", []byte("{"))
		h.wantRefused("no JSON", err)
		_, err = h.FinishLogin(h.Context(), access.Actor{}, "guess", "", f.sign(h.question()))
		h.wantRefused("a token that isn't ours", err)

		ask = h.question()
		h.now.Advance(challengeLife)
		_, err = h.login(f, ask)
		h.wantRefused("late", err)
		h.now.Advance(-year)
		_, err = h.login(f, h.question())
		h.must(err) // and the key itself works still
	})
}

func TestAQuestionToMakeAKeyIsNotOneToSignIn(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	who := h.actor(h.session("ana"))
	f := h.register(who)
	ask, err := h.BeginRegister(t.Context(), who)
	h.must(err)
	if o := f.read(ask); len(o.PublicKey.Exclude) != 1 || o.PublicKey.Exclude[0].ID != b64(f.id) || o.PublicKey.Selection.ResidentKey != "required" {
		t.Errorf("question = %s", ask.Options)
	}
	_, err = h.login(f, ask)
	h.wantRefused("signing in by a question to make a key", err)

	ask = h.question()
	h.wantRefused("making a key by a question to sign in", h.FinishRegister(t.Context(), who, ask.Token, "x", newFob(t).make(ask)))

	h.resident("eve", "eve@example.org")
	eve := h.actor(h.session("eve"))
	ask, err = h.BeginRegister(t.Context(), who)
	h.must(err)
	h.wantRefused("answering another's question", h.FinishRegister(t.Context(), eve, ask.Token, "x", newFob(t).make(ask)))
}

func TestAKeyBelongsToOneAccount(t *testing.T) {
	each(t, func(h *house) {
		h.resident("ana", "ana@example.org")
		h.resident("eve", "eve@example.org")
		f := h.register(h.actor(h.session("ana")))
		eve := h.actor(h.session("eve"))
		ask, err := h.BeginRegister(h.Context(), eve)
		h.must(err)
		if err := h.FinishRegister(h.Context(), eve, ask.Token, "x", f.make(ask)); !fault.Is(err, fault.Conflict) {
			h.Errorf("another's key: %v", err)
		}
		h.wantGone("renaming another's key", h.RenamePasskey(h.Context(), eve, b64(f.id), "mine"))
		h.wantGone("removing another's key", h.RemovePasskey(h.Context(), eve, b64(f.id)))
	})
}

func TestKeysChangeOnlyAfterAFreshProof(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.Context()
		h.resident("ana", "ana@example.org")
		who := h.actor(h.session("ana"))
		f := h.register(who)
		ask, err := h.BeginRegister(ctx, who)
		h.must(err)
		h.now.Advance(proofLife + time.Second)
		_, begun := h.BeginRegister(ctx, who)
		for what, err := range map[string]error{
			"beginning": begun, "finishing": h.FinishRegister(ctx, who, ask.Token, "x", newFob(h.TB).make(ask)),
			"removing": h.RemovePasskey(ctx, who, b64(f.id)),
		} {
			if !fault.Is(err, fault.Forbidden) {
				h.Errorf("%s: %v, want forbidden", what, err)
			}
		}
		h.must(h.RenamePasskey(ctx, who, b64(f.id), "My phone")) // a name opens nothing
		session, err := h.login(f, h.question())
		h.must(err)
		h.must(h.RemovePasskey(ctx, h.actor(session), b64(f.id)))
		_, err = h.login(f, h.question())
		h.wantRefused("a removed key", err)
	})
}

func TestTheLastWayInStays(t *testing.T) {
	each(t, func(h *house) {
		token, _ := h.invite("ana", access.Member)
		session, err := h.claim(access.Actor{}, token)
		h.must(err)
		who := h.actor(session)
		h.now.Advance(time.Hour) // without any way in yet, the session is the proof
		f := h.register(who)
		if err := h.RemovePasskey(h.Context(), who, b64(f.id)); !fault.Is(err, fault.Forbidden) {
			h.Errorf("with a way in, a proof is needed: %v", err)
		}
		session, err = h.login(f, h.question())
		h.must(err)
		if err := h.RemovePasskey(h.Context(), h.actor(session), b64(f.id)); !fault.Is(err, fault.Conflict) {
			h.Errorf("removing the last way in: %v", err)
		}
		if keys, err := h.Passkeys(h.Context(), h.actor(session)); err != nil || len(keys) != 1 {
			h.Errorf("passkeys = %+v, %v", keys, err)
		}
	})
}

func TestPasskeysNeedANameAndHTTPS(t *testing.T) {
	for base, want := range map[string]bool{
		"https://elm.example": true, "https://elm.example:8443/": true, "http://localhost:8080": true,
		"http://elm.example": false, "https://192.0.2.7": false, "http://127.0.0.1:8080": false, "": false,
	} {
		if got := (&Service{BaseURL: base}).PasskeysWork(); got != want {
			t.Errorf("%q: %v, want %v", base, got, want)
		}
	}
}

func FuzzPasskeyAnswers(f *testing.F) {
	f.Add([]byte(`{"id":"x","rawId":"eA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"","signature":"","userHandle":"YQ"}}`))
	f.Add([]byte(`{`))
	h := one(f)
	f.Fuzz(func(t *testing.T, answer []byte) {
		ask, err := h.BeginLogin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err = h.FinishLogin(t.Context(), access.Actor{}, ask.Token, "", answer); !fault.Is(err, fault.Invalid) {
			t.Errorf("noise: %v, want a refusal", err)
		}
	})
}
