package audit_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

const (
	here  = "initiative-1"
	there = "initiative-2"
)

type record struct {
	*testing.T
	d *db.DB
}

func (r record) tx(fn func(q db.Querier) error) {
	r.Helper()
	if err := r.d.Tx(r.Context(), fn); err != nil {
		r.Fatal(err)
	}
}

func (r record) note(e audit.Event) {
	r.Helper()
	r.tx(func(q db.Querier) error { return audit.Note(r.Context(), q, e) })
}

// acts notes n acts in an initiative.
func (r record) acts(initiative string, n int) {
	r.Helper()
	r.tx(func(q db.Querier) error {
		for i := range n {
			e := audit.Event{
				Initiative: initiative, Account: "account-1", Person: "person-1", For: "organization-1",
				Act: "edit gift", Object: fmt.Sprint("gift-", i),
			}
			if err := audit.Note(r.Context(), q, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r record) seal(want int) {
	r.Helper()
	if n, err := audit.Seal(r.Context(), r.d); err != nil || n != want {
		r.Fatalf("sealed %d, error %v; want %d", n, err, want)
	}
}

func (r record) verify(known ...audit.Head) audit.Report {
	r.Helper()
	report, err := audit.Verify(r.Context(), r.d.Read(), known...)
	if err != nil {
		r.Fatal(err)
	}
	return report
}

func (r record) heads() []audit.Head {
	r.Helper()
	all, err := audit.Heads(r.Context(), r.d.Read())
	if err != nil {
		r.Fatal(err)
	}
	return all
}

// tamper does what somebody with the file in their hands could do.
func (r record) tamper(statements ...string) {
	r.Helper()
	r.tx(func(q db.Querier) error {
		for _, s := range statements {
			if n, err := db.Changed(r.Context(), q, s); err != nil || n == 0 {
				return fmt.Errorf("%s: %d rows, %w", s, n, err)
			}
		}
		return nil
	})
}

func TestAnUntouchedRecordHolds(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		r := record{t, d}
		for range 3 {
			r.acts(here, 70)
			r.acts(there, 35)
			r.acts("", 1)
			r.seal(106)
			c.Advance(time.Minute)
		}
		r.seal(0)
		c.Advance(-365 * 24 * time.Hour) // a clock that jumps is no forgery
		r.acts(here, 2)
		r.seal(2)
		r.acts(there, 3)
		known := r.heads()
		report := r.verify(known...)
		if !report.OK() || report.Sealed != 320 || report.Unsealed != 3 {
			t.Errorf("report = %+v", report)
		}
		if diff := cmp.Diff(known, report.Heads); diff != "" || len(known) != 3 {
			t.Errorf("heads (-asked +verified):\n%s", diff)
		}
	})
}

// D7: whatever is done to the record is found.
func TestTamperingIsFound(t *testing.T) {
	const inHere = ` where initiative_id = 'initiative-1' and `
	chosen := func(seq int) string {
		return fmt.Sprintf(inHere+`id = (select audit_id from audit_seal where initiative_id = 'initiative-1' and seq = %d)`, seq)
	}
	type find struct {
		Problem audit.Problem
		Seq     int64
	}
	for name, c := range map[string]struct {
		do   []string
		want []find
	}{
		"edit an act":          {[]string{`update audit set act = 'read gift'` + chosen(5)}, []find{{audit.Altered, 5}}},
		"edit who":             {[]string{`update audit set account_id = 'account-2'` + chosen(1)}, []find{{audit.Altered, 1}}},
		"edit for whom":        {[]string{`update audit set organization_id = ''` + chosen(10)}, []find{{audit.Altered, 10}}},
		"edit when":            {[]string{`update audit set noted_at = '2026-01-01T00:00:00.000000Z'` + chosen(3)}, []find{{audit.Altered, 3}}},
		"make when no time":    {[]string{`update audit set noted_at = 'never'` + chosen(3)}, []find{{audit.Altered, 3}}},
		"move words to others": {[]string{`update audit set act = 'edit', object_id = ' gift' || object_id` + chosen(4)}, []find{{audit.Altered, 4}}},
		"edit a seal":          {[]string{`update audit_seal set hash = 'none'` + inHere + `seq = 4`}, []find{{audit.Altered, 4}, {audit.Altered, 5}}},
		"delete a note":        {[]string{`delete from audit` + chosen(7)}, []find{{audit.Missing, 7}}},
		"delete it with its seal": {
			[]string{`delete from audit` + chosen(7), `delete from audit_seal` + inHere + `seq = 7`},
			[]find{{audit.Gap, 8}},
		},
		"delete the first": {
			[]string{`delete from audit` + chosen(1), `delete from audit_seal` + inHere + `seq = 1`},
			[]find{{audit.Gap, 2}},
		},
		"close the gap": {
			[]string{
				`delete from audit` + chosen(7), `delete from audit_seal` + inHere + `seq = 7`,
				`update audit_seal set seq = 7` + inHere + `seq = 8`, `update audit_seal set seq = 8` + inHere + `seq = 9`,
				`update audit_seal set seq = 9` + inHere + `seq = 10`,
			},
			[]find{{audit.Altered, 7}, {audit.Altered, 8}, {audit.Altered, 9}, {audit.Cut, 10}},
		},
		"reorder two": {
			[]string{
				`update audit_seal set seq = 99` + inHere + `seq = 4`, `update audit_seal set seq = 4` + inHere + `seq = 5`,
				`update audit_seal set seq = 5` + inHere + `seq = 99`,
			},
			[]find{{audit.Altered, 4}, {audit.Altered, 5}, {audit.Altered, 6}},
		},
		"cut the end": {
			[]string{`delete from audit` + chosen(10), `delete from audit_seal` + inHere + `seq = 10`},
			[]find{{audit.Cut, 10}},
		},
		"remove a whole chain": {
			[]string{`delete from audit where initiative_id = 'initiative-2'`, `delete from audit_seal where initiative_id = 'initiative-2'`},
			[]find{{audit.Cut, 10}},
		},
		"add a note by hand": {
			[]string{`insert into audit (initiative_id, id, noted_at, account_id, person_id, organization_id, act, object_id)
				values ('initiative-1', 'forged', '2026-01-01T00:00:00.000000Z', '', '', '', 'give membership', '')`},
			[]find{{audit.Stray, 0}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := record{t, dbtest.Open(t)}
			r.acts(here, 10)
			r.acts(there, 10)
			r.seal(20)
			known := r.heads()
			r.tamper(c.do...)
			var got []find
			for _, b := range r.verify(known...).Breaks {
				got = append(got, find{b.Problem, b.Seq})
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

// A thief who can hash can make the whole chain anew; and without a head from
// outside, a cut end is only a shorter chain.
func TestAChainMadeAnewShowsOnlyAgainstAHeadKeptOutside(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := record{t, d}
		r.acts(here, 10)
		r.seal(10)
		known := r.heads()[0]
		r.tamper(`delete from audit_seal`, `delete from audit where object_id = 'gift-4'`)
		if report := r.verify(); len(report.Breaks) != 9 || report.Breaks[0].Problem != audit.Stray || report.Unsealed != 9 {
			t.Errorf("half way: %+v", report)
		}
		r.tamper(`insert into audit_wait (initiative_id, audit_id) select initiative_id, id from audit`)
		r.seal(9)
		r.acts(here, 3)
		r.seal(3)
		if report := r.verify(); !report.OK() {
			t.Errorf("without a head: %+v; this test is of the opposite", report)
		}
		report := r.verify(known)
		if len(report.Breaks) != 1 || report.Breaks[0].Problem != audit.Replaced || report.Breaks[0].Seq != 10 {
			t.Errorf("with a head: %+v", report.Breaks)
		}
	})
}

func TestWhoHasLookedAtMe(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		r := record{t, d}
		r.note(audit.Event{Initiative: here, Person: "connector", Act: audit.Looking + "person", Object: "me"})
		c.Advance(time.Hour)
		r.note(audit.Event{Initiative: here, Person: "steward", For: "clinic", Act: audit.Looking + "contact", Object: "me"})
		r.note(audit.Event{Initiative: here, Person: "steward", Act: "edit person", Object: "me"})
		r.note(audit.Event{Initiative: here, Person: "steward", Act: audit.Looking + "person", Object: "another"})
		r.note(audit.Event{Initiative: there, Person: "stranger", Act: audit.Looking + "person", Object: "me"})
		all, err := audit.ByObject(t.Context(), d.Read(), here, "me")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range all {
			got = append(got, n.At.Format("15:04 ")+n.Person+" "+n.For+" "+n.Act)
		}
		want := []string{"10:00 steward clinic read contact", "09:00 connector  read person"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestAnExportHoldsWhoLookedAndWhatTheyDid(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := record{t, d}
		r.note(audit.Event{Initiative: here, Person: "connector", Act: audit.Looking + "person", Object: "me"})
		r.note(audit.Event{Initiative: here, Person: "me", Act: "edit gift", Object: "gift-1"})
		r.note(audit.Event{Initiative: there, Person: "me", Act: "edit gift", Object: "gift-2"})
		r.note(audit.Event{Initiative: here, Act: "the server's own", Object: "gift-3"})
		for person, want := range map[string]string{
			"me":     `{"who_looked_at_me":[{"act":"read person","person":"connector"}],"what_i_did":[{"act":"edit gift","object":"gift-1"}]}`,
			"nobody": `{"who_looked_at_me":null,"what_i_did":null}`,
			"":       `{"who_looked_at_me":null,"what_i_did":null}`,
		} {
			out, err := audit.Export(t.Context(), d.Read(), here, person)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(out)
			if err != nil {
				t.Fatal(err)
			}
			if got := regexp.MustCompile(`"at":"[^"]+",`).ReplaceAllString(string(text), ""); got != want {
				t.Errorf("%q: %s, want %s", person, got, want)
			}
		}
	})
}

func TestLatestGoesBackPageByPage(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		r := record{t, d}
		for i := range 5 {
			r.note(audit.Event{Initiative: here, Act: "edit gift", Object: fmt.Sprint(i)})
			c.Advance(time.Minute)
		}
		var got []string
		var before time.Time
		for range 3 {
			page, err := audit.Latest(t.Context(), d.Read(), here, before, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range page {
				got, before = append(got, n.Object), n.At
			}
		}
		if diff := cmp.Diff([]string{"4", "3", "2", "1", "0"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestANoteIsThereOnlyWhenItsActIs(t *testing.T) {
	d := dbtest.Open(t)
	r := record{t, d}
	_ = d.Tx(t.Context(), func(q db.Querier) error {
		if err := audit.Note(t.Context(), q, audit.Event{Initiative: here, Act: "edit gift"}); err != nil {
			t.Error(err)
		}
		return fmt.Errorf("the gift wasn't edited")
	})
	r.seal(0)
	if report := r.verify(); report.Unsealed != 0 {
		t.Errorf("report = %+v", report)
	}
}

func TestHeadsAsText(t *testing.T) {
	r := record{t, dbtest.Open(t)}
	r.acts(here, 2)
	r.acts("", 1)
	r.seal(3)
	for _, want := range r.heads() {
		if got, err := audit.ParseHead(want.String()); err != nil || got != want {
			t.Errorf("%s: %+v, %v", want, got, err)
		}
	}
	for _, bad := range []string{"", "1", "1:2:x", "0:" + r.heads()[0].Hash + ":x", "x:" + r.heads()[0].Hash + ":x"} {
		if got, err := audit.ParseHead(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, got)
		}
	}
}

func TestSealingAThousandNotesAsksTheStoreAFewTimesEachHundred(t *testing.T) {
	d := dbtest.Open(t)
	r := record{t, d}
	r.acts(here, 1000)
	count := dbtest.Count(d)
	r.seal(1000)
	// Ten batches of three statements, and a look that finds nothing more.
	if n := count.N(); n > 31 {
		t.Errorf("%d statements", n)
	}
}
