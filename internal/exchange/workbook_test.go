package exchange_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/exchange"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/exchange/sheet/sheettest"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
)

// everything answers every question of a workbook.
var everything = exchange.Answers{"agreed": "yes", "how": "paper", "said": "name"}

// workbook uploads the messy workbook and answers for each of its tables.
func (h *house) workbook() exchange.Batch {
	h.Helper()
	file, err := sheettest.Workbook()
	if err != nil {
		h.Fatal(err)
	}
	b, err := h.Upload(h.Context(), h.sue, h.in.ID, "monday.xlsx", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		h.Fatal(err)
	}
	for _, sh := range b.Sheets {
		answers := everything
		if sh.Target == "conversations" {
			answers = exchange.Answers{"said": "name", "how": "doorstep"}
			for _, c := range sh.Columns {
				if c.Field == "agreed" {
					answers["said"] = "each"
				}
			}
		}
		if b, err = h.Map(h.Context(), h.sue, h.in.ID, b.ID, sh.N, exchange.SheetDraft{Target: sh.Target, Answers: answers}); err != nil {
			h.Fatalf("%s: %v", sh.Name, err)
		}
	}
	return b
}

// decideAll decides the same about every row that takes a decision.
func (h *house) decideAll(b exchange.Batch, c exchange.Choice) exchange.Plan {
	h.Helper()
	p := h.plan(b)
	var all []exchange.Decision
	for _, s := range p.Sheets {
		for _, row := range s.Planned {
			if row.Act == exchange.Alike {
				all = append(all, exchange.Decision{Sheet: s.N, Row: row.Row, Choice: c})
			}
		}
	}
	if err := h.Decide(h.Context(), h.sue, h.in.ID, b.ID, all); err != nil {
		h.Fatal(err)
	}
	return p
}

// mostStatements is what bringing six hundred rows in may cost: a few for each
// table that they go into and each few hundred rows.
const mostStatements = 130

func TestAMessyWorkbookComesInWithFewStatements(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		h := open(t, d, c)
		before := h.digests()
		b := h.workbook()
		targets := map[string]string{}
		for _, s := range b.Sheets {
			targets[s.Name] = s.Target
		}
		want := map[string]string{
			sheettest.PartnersSheet: "partners", sheettest.HouseholdsSheet: "households", sheettest.ConversationsSheet: "conversations",
		}
		for name, target := range want {
			if targets[name] != target {
				t.Errorf("%q was taken for %q, want %q", name, targets[name], target)
			}
		}
		p := h.decideAll(b, exchange.TheSame)
		if n := p.Counts().Total(); n < sheettest.Rows*95/100 {
			t.Errorf("%d rows planned of %d", n, sheettest.Rows)
		}
		ran := dbtest.Count(d)
		b = h.apply(b)
		if n := ran.N(); n > mostStatements {
			t.Errorf("%d statements for %d rows, want at most %d", n, sheettest.Rows, mostStatements)
		} else {
			t.Logf("%d statements for %d rows: %v", n, sheettest.Rows, p.Counts())
		}
		if n := p.Counts()[exchange.Refused]; n > sheettest.Rows/5 {
			t.Errorf("%d rows refused: %+v", n, p.Sheets)
		}
		after := h.digests()
		again := h.workbook()
		h.decideAll(again, exchange.TheSame)
		h.apply(again)
		if changed := differ(after, h.digests()); len(changed) > 0 {
			t.Errorf("the second time changed %v", changed)
		}
		if u := h.undo(b); len(u.Kept) > 0 {
			t.Errorf("kept %d: %+v", len(u.Kept), u.Kept[0])
		}
		if changed := differ(before, h.digests()); len(changed) > 0 {
			t.Errorf("taking it back left %v", changed)
		}
	})
}

// contactsFile is a list of n people.
func contactsFile(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, sheettest.Contacts(n)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (h *house) contacts(n int) exchange.Batch {
	h.Helper()
	file := contactsFile(h.TB, n)
	b, err := h.Upload(h.Context(), h.sue, h.in.ID, "people.csv", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		h.Fatal(err)
	}
	return h.settle(b, exchange.Answers{"agreed": "each", "how": "paper"})
}

func TestWhatFailsInTheMiddleBringsInNothing(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		b := h.contacts(600)
		before := h.digests()
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("stopped in the middle")
		_, err := h.Apply(ctx, h.sue, h.in.ID, b.ID, func(done, of int) {
			if done > of/2 {
				cancel(stop)
			}
		})
		if !errors.Is(err, stop) {
			t.Fatalf("err = %v", err)
		}
		if changed := differ(before, h.digests()); len(changed) > 0 {
			t.Errorf("half an import stayed in %v", changed)
		}
		told := 0
		if _, err := h.Apply(t.Context(), h.sue, h.in.ID, b.ID, func(done, _ int) { told = done }); err != nil {
			t.Fatal(err)
		}
		if n := h.count("person"); n != 602 || told != 600 {
			t.Errorf("%d people, told of %d rows", n, told)
		}
		if _, err := h.Apply(t.Context(), h.sue, h.in.ID, b.ID, nil); !fault.Is(err, fault.NotFound) {
			t.Errorf("brought in twice: %v", err)
		}
	})
}

// What the process that is killed is told by its environment.
const (
	victimStore = "COMMONWEAL_TEST_IMPORT_STORE"
	victimBatch = "COMMONWEAL_TEST_IMPORT_BATCH" // initiative and batch
)

// TestMain runs the tests or, for a test that wants a process to kill, brings a
// file in.
func TestMain(m *testing.M) {
	if path := os.Getenv(victimStore); path != "" {
		if err := victim(context.Background(), path); err != nil {
			_, _ = os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// victim brings a file in and says each step; then it waits to be killed.
func victim(ctx context.Context, path string) error {
	now := dbtest.Clock()
	d, err := db.Open(ctx, path, db.Options{Now: now.Now})
	if err != nil {
		return err
	}
	in, batch, _ := strings.Cut(os.Getenv(victimBatch), " ")
	s := &exchange.Service{DB: d, IDs: db.NewIDs(now.Now, nil), Now: now.Now, Gifts: &gift.Service{DB: d, Now: now.Now}}
	who := access.Actor{Memberships: []access.Membership{{Initiative: in, Kind: access.Steward}}}
	_, err = s.Apply(ctx, who, in, batch, func(done, of int) { _, _ = fmt.Println(done, of) })
	if err != nil {
		return err
	}
	_, _ = fmt.Println("stored")
	select {}
}

// TestKilledInTheMiddle kills a process at several steps of bringing a file in.
// Before it says that it stored, nothing is there; afterwards all of it is.
func TestKilledInTheMiddle(t *testing.T) {
	for _, at := range []string{"250 750", "750 750", "stored"} {
		t.Run(at, func(t *testing.T) {
			path := dbtest.File(t)
			c := dbtest.Clock()
			h := open(t, openAt(t, path, c), c)
			b := h.contacts(750)
			before := h.count("person")
			if err := h.DB.Close(); err != nil {
				t.Fatal(err)
			}
			kill(t, path, h.in.ID+" "+b.ID, at)
			d := openAt(t, path, c)
			defer d.Close() //nolint:errcheck // the test is over
			h.DB, h.Service.DB = d, d
			got, err := h.Get(t.Context(), h.sue, h.in.ID, b.ID)
			if err != nil {
				t.Fatal(err)
			}
			n := h.count("person") - before
			none := n == 0 && got.Status == exchange.Open && at != "stored"
			all := n == 750 && got.Status == exchange.In
			if !none && !all {
				t.Errorf("%d people, status %s", n, got.Status)
			}
		})
	}
}

func openAt(t *testing.T, path string, c *clock.Fake) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), path, db.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// kill runs a victim and ends it, without warning, when it has said a line.
func kill(t *testing.T, path, batch, at string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$") //nolint:gosec // this test itself
	command.Env = append(os.Environ(), victimStore+"="+path, victimBatch+"="+batch)
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	said := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == at {
			said = true
			break
		}
	}
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait() // killed, as it should be
	if !said {
		t.Fatalf("it never said %q: %s", at, complaint.String())
	}
}

func TestALongerListIsRefusedBeforeItIsHeld(t *testing.T) {
	h := open(t, dbtest.Open(t), dbtest.Clock())
	for rows, refused := range map[int]bool{exchange.MaxRows: false, exchange.MaxRows + 1: true} {
		file := []byte("Name\n" + strings.Repeat("Ana\n", rows))
		_, err := h.Upload(t.Context(), h.sue, h.in.ID, "long.csv", bytes.NewReader(file), int64(len(file)))
		if why, _ := errors.AsType[*fault.Error](err); refused != (why != nil && why.Message.Key == "sheet.file.rows") || !refused && err != nil {
			t.Errorf("%d rows: %v", rows, err)
		}
	}
}
