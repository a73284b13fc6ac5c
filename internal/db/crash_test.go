package db_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// TestMain runs the tests or, for a test that wants a process to kill, writes.
func TestMain(m *testing.M) {
	if path := os.Getenv(victimPath); path != "" {
		if err := victim(context.Background(), path); err != nil {
			_, _ = os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// What a victim is told by its environment.
const (
	victimPath  = "COMMONWEAL_TEST_VICTIM"       // the store that it writes to
	victimNext  = "COMMONWEAL_TEST_VICTIM_NEXT"  // the first number of each of its writers
	victimSync  = "COMMONWEAL_TEST_VICTIM_SYNC"  // how sure a COMMIT is; nothing for the default
	victimEarly = "COMMONWEAL_TEST_VICTIM_EARLY" // acknowledge before COMMIT, as no server should
)

// rounds is few, or many in the long tier.
func rounds(few, many int) int {
	if os.Getenv("COMMONWEAL_TEST_FULL") != "" {
		return many
	}
	return few
}

// victim writes until it is killed, as eight people who each wait for an answer
// before they send the next. Each answer is a line on its standard output.
func victim(ctx context.Context, path string) error {
	d, err := db.Open(ctx, path, db.Options{}.WithSynchronous(os.Getenv(victimSync)))
	if err != nil {
		return err
	}
	if _, err := os.Stdout.WriteString("ready\n"); err != nil {
		return err
	}
	ids := db.NewIDs(clock.System, nil)
	early := os.Getenv(victimEarly) != ""
	errs := make(chan error)
	for w, first := range strings.Split(os.Getenv(victimNext), ",") {
		n, err := strconv.Atoi(first)
		if err != nil {
			return err
		}
		go func() { errs <- person(ctx, d, ids, w, n, early) }()
	}
	return <-errs
}

// person sends request after request. One that was sent before, to a process
// that died before it answered, has its effect only once.
func person(ctx context.Context, d *db.DB, ids *db.IDs, w, n int, early bool) error {
	for ; ; n++ {
		key := fmt.Sprintf("%d %d", w, n)
		err := d.Tx(ctx, func(q db.Querier) error {
			fresh, err := db.Changed(ctx, q, `insert into once (initiative_id, key_hash, request_hash, answer, done_at)
				values ('oak', $1, '', '', '') on conflict (initiative_id, key_hash) do nothing`, key)
			if err != nil || fresh == 0 {
				return err
			}
			if early {
				acknowledge(key)
			}
			return db.Exec(ctx, q, `insert into erasure (initiative_id, id, subject, subject_id, erased_at) values ('oak', $1, $2, $3, '')`,
				ids.New(), strings.Repeat("effect ", 30), key)
		})
		if err != nil {
			return err
		}
		if !early {
			acknowledge(key)
		}
	}
}

// acknowledge is one write to the pipe, which arrives whole or not at all.
func acknowledge(key string) { _, _ = os.Stdout.WriteString(key + "\n") } // whoever reads may be gone

// ledger is what was acknowledged: for each writer, all numbers below this.
type ledger [writers]int

// note reads one line of a victim.
func (l *ledger) note(line string) error {
	var w, n int
	if _, err := fmt.Sscanf(line, "%d %d", &w, &n); err != nil {
		return err
	}
	l[w] = max(l[w], n+1)
	return nil
}

func (l *ledger) String() string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(*l), " ", ","), "[]")
}

func (l *ledger) total() (n int) {
	for _, next := range l {
		n += next
	}
	return n
}

// press starts a victim on the store, waits for so many acknowledgements, and
// lets cut end it. What was acknowledged until then is in the ledger.
func (l *ledger) press(t *testing.T, path string, acks int, cut func(victim *os.Process), environment ...string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), victimPath+"="+path, victimNext+"="+l.String())
	cmd.Env = append(cmd.Env, environment...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); line != "ready\n" {
		t.Fatalf("the victim said %q (%v): %s", line, err, complaint.String())
	}
	var once sync.Once
	for seen := 0; ; seen++ {
		if seen == acks {
			once.Do(func() { cut(cmd.Process) })
		}
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = l.note(line)
		}
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	if err := cmd.Wait(); err == nil || complaint.Len() > 0 {
		t.Fatalf("the victim ended by itself (%v): %s", err, complaint.String())
	}
}

func kill(t *testing.T) func(*os.Process) {
	return func(p *os.Process) {
		if err := p.Kill(); err != nil {
			t.Error(err)
		}
	}
}

// compare opens the store and says how many acknowledged effects are missing,
// and how many of all were carried out twice.
func (l *ledger) compare(t *testing.T, path string) (lost, doubled int) {
	t.Helper()
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // it is only read
	if err := d.Check(t.Context()); err != nil {
		t.Error(err)
	}
	type effect struct {
		key string
		n   int
	}
	all, err := db.All(t.Context(), d.Read(), func(row db.Row) (e effect, err error) { return e, row.Scan(&e.key, &e.n) },
		`select subject_id, count(*) from erasure where initiative_id = 'oak' group by subject_id`)
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]int{}
	for _, e := range all {
		stored[e.key] = e.n
	}
	for w, next := range l {
		for n := range next {
			if stored[fmt.Sprintf("%d %d", w, n)] == 0 {
				lost++
			}
		}
	}
	for n := range maps.Values(stored) {
		if n > 1 {
			doubled++
		}
	}
	return lost, doubled
}

// TestAKillLosesNothingAcknowledged is F1.
func TestAKillLosesNothingAcknowledged(t *testing.T) {
	path := dbtest.File(t)
	var l ledger
	kills := rounds(10, 200)
	for round := range kills {
		l.press(t, path, 100+37*(round%10), kill(t))
		if lost, doubled := l.compare(t, path); lost != 0 || doubled != 0 {
			t.Fatalf("kill %d: of %d acknowledged writes %d are lost and %d have their effect twice", round, l.total(), lost, doubled)
		}
	}
	t.Logf("%d kills, %d acknowledged writes, none lost", kills, l.total())
}

// TestTheKillLoopWouldSeeALoss is its control: whoever acknowledges before
// COMMIT loses.
func TestTheKillLoopWouldSeeALoss(t *testing.T) {
	path := dbtest.File(t)
	var l ledger
	for round := range 10 {
		l.press(t, path, 100, kill(t), victimEarly+"=1")
		if lost, _ := l.compare(t, path); lost > 0 {
			t.Logf("kill %d lost %d of %d writes that were acknowledged too early", round, lost, l.total())
			return
		}
	}
	t.Error("ten kills of a server that acknowledges too early lost nothing: the kill loop proves nothing")
}
