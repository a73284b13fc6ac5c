package link_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/link"
)

const (
	here = "initiative-1"
	year = 365 * 24 * time.Hour
)

type door struct {
	*testing.T
	d *db.DB
}

func (s door) tx(fn func(q db.Querier) error) {
	s.Helper()
	if err := s.d.Tx(s.Context(), fn); err != nil {
		s.Fatal(err)
	}
}

func (s door) make(l link.Link) (token string) {
	s.Helper()
	s.tx(func(q db.Querier) (err error) { token, err = link.New(s.Context(), q, l); return err })
	return token
}

func (s door) makeCode(l link.Link) (code string) {
	s.Helper()
	s.tx(func(q db.Querier) (err error) { code, err = link.NewCode(s.Context(), q, l); return err })
	return code
}

func (s door) look(kind, token string) (link.Link, error) {
	return link.Look(s.Context(), s.d.Read(), kind, token)
}

func (s door) use(kind, token string) (l link.Link, err error) {
	err = s.d.Tx(s.Context(), func(q db.Querier) (err error) { l, err = link.Use(s.Context(), q, kind, token); return err })
	return l, err
}

func (s door) prune() (n int64) {
	s.Helper()
	s.tx(func(q db.Querier) (err error) { n, err = link.Prune(s.Context(), q); return err })
	return n
}

// opens says whether a token can be looked at and used, without using it.
func (s door) opens(kind, token string) bool {
	s.Helper()
	_, err := s.look(kind, token)
	if err != nil && !fault.Is(err, fault.NotFound) {
		s.Fatal(err)
	}
	return err == nil
}

func TestALinkOpensOnce(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := door{t, d}
		want := link.Link{Initiative: here, Kind: "claim", Subject: "person-1", Expires: c.Now().Add(time.Hour)}
		token := s.make(want)
		for range 3 { // a mail program looks as often as it likes
			if got, err := s.look("claim", token); err != nil || !cmp.Equal(got, want) {
				t.Fatalf("look: %+v, %v", got, err)
			}
		}
		if got, err := s.use("claim", token); err != nil || !cmp.Equal(got, want) {
			t.Fatalf("use: %+v, %v", got, err)
		}
		if _, err := s.use("claim", token); !fault.Is(err, fault.NotFound) {
			t.Errorf("used twice: %v", err)
		}
		if s.opens("claim", token) {
			t.Error("it opens after its use")
		}
	})
}

func TestOfTwentyWhoComeAtOnceOneGetsIn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := door{t, d}
		token := s.make(link.Link{Kind: "sign-in", Subject: "a"})
		var got atomic.Int32
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				_, err := s.use("sign-in", token)
				switch {
				case err == nil:
					got.Add(1)
				case !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Busy):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got.Load() != 1 {
			t.Errorf("%d got in", got.Load())
		}
	})
}

func TestATokenOpensOnlyItsKind(t *testing.T) {
	d := dbtest.Open(t)
	s := door{t, d}
	token := s.make(link.Link{Kind: "still-true", Subject: "gift-1"})
	if _, err := s.use("sign-in", token); !fault.Is(err, fault.NotFound) {
		t.Errorf("error = %v", err)
	}
	for _, wrong := range []string{"", "x", token + "A", strings.ToLower(token), strings.Repeat("é", 5000)} {
		if s.opens("still-true", wrong) {
			t.Errorf("%.20q opens it", wrong)
		}
	}
	if !s.opens("still-true", token) {
		t.Error("its own token doesn't open it any more")
	}
}

func TestATokenHas256BitsAndIsntInTheStore(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := door{t, d}
		token := s.make(link.Link{Kind: "k", Subject: "s"})
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(raw) != 32 {
			t.Fatalf("token %q: %d bytes, %v", token, len(raw), err)
		}
		hash, err := db.One(t.Context(), d.Read(), db.Value[string], `select hash from link`)
		if err != nil || len(hash) != 64 || strings.Contains(hash, token) {
			t.Errorf("the store has %q, error %v", hash, err)
		}
	})
}

func TestRevokedLinksOpenNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := door{t, d}
		a := s.make(link.Link{Initiative: here, Kind: "claim", Subject: "person-1"})
		b := s.makeCode(link.Link{Initiative: here, Kind: "claim", Subject: "person-1"})
		other := s.make(link.Link{Initiative: here, Kind: "claim", Subject: "person-2"})
		foreign := s.make(link.Link{Initiative: "initiative-2", Kind: "claim", Subject: "person-1"})
		s.tx(func(q db.Querier) error { return link.Revoke(t.Context(), q, here, "claim", "person-1") })
		if _, err := link.LookCode(t.Context(), d.Read(), "claim", b); !fault.Is(err, fault.NotFound) || s.opens("claim", a) {
			t.Error("a revoked link opens")
		}
		if !s.opens("claim", other) || !s.opens("claim", foreign) {
			t.Error("somebody else's link is gone")
		}
	})
}

func TestAnExpiredLinkOpensNothingAndNoClockRevivesIt(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := door{t, d}
		token := s.make(link.Link{Kind: "sign-in", Subject: "a", Expires: c.Now().Add(15 * time.Minute)})
		keep := s.make(link.Link{Kind: "claim", Subject: "b"})
		c.Advance(15*time.Minute - time.Second)
		if !s.opens("sign-in", token) || s.prune() != 0 {
			t.Fatal("it is gone before its time")
		}
		c.Advance(time.Second)
		if s.opens("sign-in", token) {
			t.Error("it opens after its time")
		}
		if _, err := s.use("sign-in", token); !fault.Is(err, fault.NotFound) {
			t.Errorf("it can be used after its time: %v", err)
		}
		if n := s.prune(); n != 1 {
			t.Errorf("pruned %d, want 1", n)
		}
		c.Advance(-year)
		if s.opens("sign-in", token) {
			t.Error("a clock that jumped back revived it")
		}
		c.Advance(3 * year)
		if s.prune(); !s.opens("claim", keep) {
			t.Error("a link without an expiry has expired")
		}
	})
}

func TestALinkMadeByAClockThatWasAheadDoesntLiveLonger(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := door{t, d}
		c.Advance(year)
		token := s.make(link.Link{Kind: "sign-in", Subject: "a", Expires: c.Now().Add(15 * time.Minute)})
		used := s.make(link.Link{Kind: "sign-in", Subject: "a", Expires: c.Now().Add(15 * time.Minute)})
		if _, err := s.use("sign-in", used); err != nil {
			t.Fatal(err)
		}
		c.Advance(-year)
		if s.opens("sign-in", token) || s.opens("sign-in", used) {
			t.Error("fifteen minutes became a year")
		}
	})
}

func TestACodeOpensHoweverItIsWrittenDown(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := door{t, d}
		code := s.makeCode(link.Link{Initiative: here, Kind: "answers", Subject: "conversation-1"})
		if len(code) != 14 || code[4] != '-' || code[9] != '-' || strings.ContainsAny(code, "ILOU") {
			t.Errorf("code = %q", code)
		}
		bare := strings.ReplaceAll(code, "-", "")
		for _, typed := range []string{
			code, bare, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), " " + code + " ",
			strings.ReplaceAll(code, "0", "O"), strings.ReplaceAll(code, "0", "o"),
			strings.ReplaceAll(code, "1", "I"), strings.ReplaceAll(code, "1", "l"), strings.ReplaceAll(code, "-", "–"),
		} {
			for range 2 { // as often as they like
				if l, err := link.LookCode(t.Context(), d.Read(), "answers", typed); err != nil || l.Subject != "conversation-1" {
					t.Errorf("%q: %+v, %v", typed, l, err)
				}
			}
		}
		if _, err := s.use("answers", bare); !fault.Is(err, fault.NotFound) {
			t.Errorf("a code was used up: %v", err)
		}
	})
}

func TestReadCode(t *testing.T) {
	for typed, want := range map[string]string{
		"7k3m q0xa 92td": "7K3M-Q0XA-92TD",
		"7K3MQOXA92TD":   "7K3M-Q0XA-92TD",
		"il3m-q0xa-92td": "113M-Q0XA-92TD",
	} {
		if got, ok := link.ReadCode(typed); got != want || !ok {
			t.Errorf("%q: %q, %v; want %q", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", "7K3M", "7K3M-Q0XA-92TDX", "7K3M-Q0XA-92TU", "7K3M-Q0XA-92Té", "7K3M*Q0XA*92TD"} {
		if got, ok := link.ReadCode(typed); ok {
			t.Errorf("%q was read as %q", typed, got)
		}
	}
}

func TestACodeFromAPrintedSheetIsBoundToWhatWasTypedIn(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		s := door{t, d}
		code := s.makeCode(link.Link{Initiative: here, Kind: "answers", Expires: c.Now().Add(year)})
		bind := func(initiative, code, subject string) error {
			return d.Tx(t.Context(), func(q db.Querier) error {
				return link.BindCode(t.Context(), q, initiative, "answers", code, subject)
			})
		}
		if err := bind("initiative-2", code, "theirs"); !fault.Is(err, fault.NotFound) {
			t.Errorf("another initiative's code: %v", err)
		}
		if err := bind(here, "0000-0000-0000", "x"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown code: %v", err)
		}
		for range 2 { // sent again
			if err := bind(here, strings.ToLower(code), "conversation-1"); err != nil {
				t.Fatal(err)
			}
		}
		if err := bind(here, code, "conversation-2"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a code that is taken: %v", err)
		}
		c.Advance(2 * year)
		s.prune()
		if l, err := link.LookCode(t.Context(), d.Read(), "answers", code); err != nil || l.Subject != "conversation-1" {
			t.Errorf("after two years: %+v, %v", l, err)
		}
	})
}

func TestAKnownAndAnUnknownCodeCostTheSame(t *testing.T) {
	s := door{t, dbtest.Open(t)}
	code := s.makeCode(link.Link{Initiative: here, Kind: "answers", Subject: "c"})
	count := dbtest.Count(s.d)
	var ran []int
	for _, typed := range []string{code, "0000-0000-0000", "", "nonsense", strings.Repeat("x", 100000)} {
		count.Reset()
		if _, err := link.LookCode(t.Context(), s.d.Read(), "answers", typed); err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		ran = append(ran, count.N())
	}
	if want := []int{1, 1, 1, 1, 1}; !cmp.Equal(ran, want) {
		t.Errorf("statements = %v, want %v", ran, want)
	}
}

func TestManyLinksCostWhatOneDoes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := door{t, d}
		var all []link.Link
		for i := range 150 {
			all = append(all, link.Link{Initiative: here, Kind: "stop", Subject: fmt.Sprint("person-", i)})
		}
		counted := dbtest.Count(d)
		var tokens, codes []string
		s.tx(func(q db.Querier) (err error) {
			if tokens, err = link.NewAll(t.Context(), q, all); err != nil {
				return err
			}
			codes, err = link.NewCodes(t.Context(), q, all)
			return err
		})
		if n := counted.N(); n != 4 {
			t.Errorf("%d statements, want one for each hundred", n)
		}
		for i := range all {
			l, err := s.look("stop", tokens[i])
			c, again := link.LookCode(t.Context(), d.Read(), "stop", codes[i])
			if err != nil || again != nil || l.Subject != all[i].Subject || c.Subject != all[i].Subject {
				t.Fatalf("%d opens %+v and %+v: %v, %v", i, l, c, err, again)
			}
		}
		if _, err := s.use("stop", tokens[0]); err != nil || s.opens("stop", tokens[0]) {
			t.Errorf("a token isn't used up: %v", err)
		}
		if _, err := s.use("stop", codes[0]); !fault.Is(err, fault.NotFound) {
			t.Errorf("a code is used up: %v", err)
		}
	})
}
