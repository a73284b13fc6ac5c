package once_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/once"
)

const (
	here = "initiative-1"
	key  = "k8s0Zk3Xc1pQv9mT2yLrBw"
)

// send is a form that is sent: it carries out its request at most once.
func send(ctx context.Context, d *db.DB, k once.Key, do func() (string, error)) (answer string, again bool, err error) {
	err = d.Tx(ctx, func(q db.Querier) (err error) {
		answer, again, err = once.Do(ctx, q, k, do)
		return err
	})
	return answer, again, err
}

func says(answer string) func() (string, error) { return func() (string, error) { return answer, nil } }

func request(t *testing.T, body any) once.Key {
	t.Helper()
	h, err := once.Hash(body)
	if err != nil {
		t.Fatal(err)
	}
	return once.Key{Initiative: here, Key: key, RequestHash: h}
}

func TestTheSameRequestGetsTheSameAnswer(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := request(t, "I can bake")
		for i, wantAgain := range []bool{false, true, true} {
			// A second run would answer otherwise.
			answer, again, err := send(t.Context(), d, k, says("receipt "+strings.Repeat("I", i+1)))
			if err != nil || answer != "receipt I" || again != wantAgain {
				t.Errorf("time %d: %q, again %v, error %v", i+1, answer, again, err)
			}
		}
		other := k
		other.Initiative = "initiative-2"
		if answer, again, err := send(t.Context(), d, other, says("theirs")); answer != "theirs" || again || err != nil {
			t.Errorf("another initiative: %q, again %v, error %v", answer, again, err)
		}
	})
}

func TestTheSameKeyWithOtherWordsIsAConflict(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if _, _, err := send(t.Context(), d, request(t, "I can bake"), says("a")); err != nil {
			t.Fatal(err)
		}
		_, _, err := send(t.Context(), d, request(t, "I can sing"), says("b"))
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("error = %v, want a conflict", err)
		}
	})
}

func TestARequestThatFailedCanBeSentAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, sorry := request(t, "x"), errors.New("sorry")
		if _, _, err := send(t.Context(), d, k, func() (string, error) { return "", sorry }); !errors.Is(err, sorry) {
			t.Fatalf("error = %v", err)
		}
		if answer, again, err := send(t.Context(), d, k, says("done")); answer != "done" || again || err != nil {
			t.Errorf("%q, again %v, error %v", answer, again, err)
		}
	})
}

func TestAShortKeyIsNoKey(t *testing.T) {
	d := dbtest.Open(t)
	for _, bad := range []string{"", "1"} {
		_, _, err := send(t.Context(), d, once.Key{Initiative: here, Key: bad}, says(""))
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("key %q: %v, want invalid", bad, err)
		}
	}
}

func TestTwentyAtOnceAreOne(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := request(t, "x")
		answers := make([]string, 20)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				var err error
				answers[i], _, err = send(t.Context(), d, k, says("answer "+string(rune('a'+i))))
				for fault.Is(err, fault.Busy) { // the phone sends again
					answers[i], _, err = send(t.Context(), d, k, says("answer "+string(rune('a'+i))))
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, got := range answers {
			if got != answers[0] {
				t.Fatalf("answers differ: %q", answers)
			}
		}
	})
}

func TestTheStoreTellsNothingWithoutTheKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := request(t, "no")
		if _, _, err := send(t.Context(), d, k, says("7K3M-Q0XA-92TD")); err != nil {
			t.Fatal(err)
		}
		var keyHash, requestHash, answer string
		if err := d.Read().QueryRowContext(t.Context(), `select key_hash, request_hash, answer from once`).Scan(&keyHash, &requestHash, &answer); err != nil {
			t.Fatal(err)
		}
		row := keyHash + " " + requestHash + " " + answer
		for _, secret := range []string{key, k.RequestHash, "7K3M", "Q0XA"} {
			if strings.Contains(row, secret) {
				t.Errorf("%q is in the store: %s", secret, row)
			}
		}
	})
}

func TestAnswersAreForgottenAfterNinetyDays(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		k := request(t, "x")
		prune := func() (n int64) {
			if err := d.Tx(t.Context(), func(q db.Querier) (err error) { n, err = once.Prune(t.Context(), q); return err }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if _, _, err := send(t.Context(), d, k, says("old")); err != nil {
			t.Fatal(err)
		}
		c.Advance(90 * 24 * time.Hour)
		if n := prune(); n != 0 {
			t.Errorf("forgot %d on the day", n)
		}
		c.Advance(time.Second)
		if n := prune(); n != 1 {
			t.Errorf("forgot %d after it, want 1", n)
		}
		if answer, again, err := send(t.Context(), d, k, says("new")); answer != "new" || again || err != nil {
			t.Errorf("%q, again %v, error %v", answer, again, err)
		}
	})
}

func TestAnAlteredAnswerIsNoAnswer(t *testing.T) {
	d := dbtest.Open(t)
	k := request(t, "x")
	if _, _, err := send(t.Context(), d, k, says("right")); err != nil {
		t.Fatal(err)
	}
	if err := d.Tx(t.Context(), func(q db.Querier) error {
		return db.Exec(t.Context(), q, `update once set answer = 'AAAA' || substr(answer, 5)`)
	}); err != nil {
		t.Fatal(err)
	}
	if answer, _, err := send(t.Context(), d, k, says("")); err == nil {
		t.Errorf("gave %q", answer)
	}
}
