package notice_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/link"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
	"commonweal/internal/people"
)

func TestThirtyEventsAreOneLineInOneMessage(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		for range 30 {
			h.tell(h.answer(ada, "talk-1"))
		}
		h.now.Advance(time.Minute)
		h.tell(h.answer(ada, "talk-2"))
		for range 5 {
			h.tick()
		}
		if got := h.letters("ada@example.org"); len(got) != 0 {
			t.Fatalf("within the hour: %d messages", len(got))
		}
		h.tick()
		got := h.letters("ada@example.org")
		if len(got) != 1 {
			t.Fatalf("%d messages, want one", len(got))
		}
		body := got[0].Body
		en := i18n.In(i18n.English)
		many, one := strings.Index(body, "30 new: "+en.T("conversation.notice.answer")), strings.Index(body, "\n"+en.T("conversation.notice.answer"))
		if many < 0 || one < 0 || one > many {
			t.Errorf("30 events of one matter, then a newer one: %s", body)
		}
		if strings.Count(body, en.T("conversation.notice.answer")) != 2 {
			t.Errorf("want two lines: %s", body)
		}
		if got[0].Subject != en.T("notice.mail.subject") {
			t.Errorf("subject %q", got[0].Subject)
		}
		if strings.Count(body, "https://oak.example/i/oak/answer") != 2 {
			t.Errorf("want a code and a place for each: %s", body)
		}
		for range 60 {
			h.tick()
		}
		if n := len(h.letters("ada@example.org")); n != 1 {
			t.Errorf("%d messages for what was told once", n)
		}
	})
}

func TestThereIsOneMessageADay(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		sent := func() int { return len(h.letters("ada@example.org")) }
		h.tell(h.answer(ada, "1"))
		h.at("2026-11-21 13:00")
		h.runJobs()
		h.tell(h.answer(ada, "1"))
		h.at("2026-11-21 19:50")
		h.runJobs()
		if sent() != 1 {
			t.Fatalf("%d on one day", sent())
		}
		for _, local := range []string{"2026-11-21 20:00", "2026-11-21 23:59", "2026-11-22 07:50"} {
			h.at(local)
			h.runJobs()
			if sent() != 1 {
				t.Errorf("at %s: %d messages, want one", local, sent())
			}
		}
		h.at("2026-11-22 08:00")
		h.runJobs()
		if sent() != 2 {
			t.Errorf("the next morning: %d messages", sent())
		}
	})
}

func TestNobodyIsWokenOnTheDaysThatClocksChange(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		for i, morning := range []string{"2027-03-14", "2027-11-07"} { // 23 and 25 hours long
			h.at(morning + " 00:30")
			h.tell(h.answer(ada, morning))
			h.at(morning + " 07:50")
			h.runJobs()
			if n := len(h.letters("ada@example.org")); n != i {
				t.Errorf("%s: %d messages before eight", morning, n)
			}
			h.at(morning + " 08:00")
			h.runJobs()
			h.tell(h.answer(ada, morning))
			h.at(morning + " 20:00")
			h.runJobs()
			if n := len(h.letters("ada@example.org")); n != i+1 {
				t.Errorf("%s: %d messages by the evening, want %d", morning, n, i+1)
			}
			h.at(morning + " 23:30") // the second one goes tomorrow; here it is muted
			h.ok(h.Mute(h.Context(), actor(h.in.ID, ada, access.Member), h.in.ID, notice.Matter{Kind: "talk", ID: morning}, true))
		}
	})
}

func TestAClockThatJumpedHoldsUpNobodyAndSendsNothingTwice(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		sent := func() int { return len(h.letters("ada@example.org")) }
		h.at("2027-11-21 12:00") // a year ahead
		h.tell(h.answer(ada, "1"))
		h.at("2027-11-21 14:00")
		h.runJobs()
		h.tell(h.answer(ada, "2"))
		h.at("2026-11-21 14:00") // and back
		h.runJobs()
		h.tick()
		if sent() != 2 {
			t.Fatalf("%d messages, want what was told by the clock ahead too", sent())
		}
		h.tell(h.answer(ada, "3"))
		h.at("2026-11-21 19:00")
		h.runJobs()
		h.at("2027-11-21 19:00")
		h.runJobs()
		if sent() != 2 {
			t.Errorf("%d messages: a day has had two", sent())
		}
		h.at("2026-11-22 09:00")
		h.runJobs() // what was planned for next year is put right
		h.tick()
		if sent() != 3 {
			t.Errorf("%d messages on the next day", sent())
		}
	})
}

func TestOnceAWeekIsOnceAWeek(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		h.ok(h.Choose(h.Context(), actor(h.in.ID, ada, access.Member), h.in.ID, notice.Preferences{Channel: notice.Mail, Rhythm: notice.Weekly}))
		var on []string
		for range 16 {
			h.tell(h.answer(ada, "1"))
			h.now.Advance(day)
			before := len(h.letters("ada@example.org"))
			h.runJobs()
			if len(h.letters("ada@example.org")) > before {
				on = append(on, h.in.Today(h.now.Now()).String())
			}
		}
		if got := strings.Join(on, " "); got != "2026-11-22 2026-11-29 2026-12-06" {
			t.Errorf("on %s", got)
		}
	})
}

func TestWhatIsToldTwiceIsHeardOnce(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		a := h.answer(ada, "1")
		h.tell(a, a)
		h.tell(a)
		h.at("2026-11-21 14:00")
		h.runJobs()
		h.tell(a)
		h.at("2026-11-22 14:00")
		h.runJobs()
		got := h.letters("ada@example.org")
		if len(got) != 1 || strings.Contains(got[0].Body, "new:") {
			t.Errorf("%d messages: %+v", len(got), got)
		}
	})
}

func TestWhoHearsNothing(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		kid := h.person("Kit", h.carl, withMail("kit@example.org"), child)
		gone := h.person("Gus", h.carl, withMail("gus@example.org"))
		s := &people.Service{DB: h.DB, Now: h.Now, Sources: []people.Source{notice.Source(), {Name: "mail", Tables: mail.Tables(), Export: mail.Export, Erase: mail.Forget}}}
		h.tell(h.answer(ada, "1"), h.answer(kid, "2"), h.answer(gone, "3"))
		h.ok(s.Pause(h.Context(), h.carl, h.in.ID, ada, true))
		h.ok(s.Erase(h.Context(), h.carl, h.in.ID, gone))
		h.tell(h.answer(gone, "3"))
		h.at("2026-11-21 14:00")
		h.runJobs()
		if all, err := mail.Outbox(t.Context(), h.DB.Read(), h.in.ID); err != nil || len(all) != 0 {
			t.Errorf("somebody paused, under 18 or erased is written to: %+v, %v", all, err)
		}
		if n := h.number(`select count(*) from notice where initiative_id = $1 and person_id = $2`, h.in.ID, gone); n != 0 {
			t.Errorf("%d notices of somebody erased", n)
		}
		notes, total, err := h.Notes(h.Context(), h.carl, h.in.ID, 10)
		h.ok(err)
		if total != 1 || len(notes) != 1 || notes[0].Name != "Kit" || !notes[0].Child || notes[0].Paper {
			t.Errorf("notes %+v, %d: want the child's alone", notes, total)
		}
		h.ok(s.Pause(h.Context(), h.carl, h.in.ID, ada, false))
		h.at("2026-11-22 14:00")
		h.runJobs()
		if n := len(h.letters("ada@example.org")); n != 1 {
			t.Errorf("%d messages after the pause", n)
		}
	})
}

func TestAMessageIsInTheLanguageOfWhoReadsIt(t *testing.T) {
	run(t, func(h *house) {
		talk := func(person string, lang i18n.Lang) notice.Told {
			a := h.answer(person, person)
			a.Lang = lang
			return a
		}
		h.tell(
			talk(h.person("Ada", h.carl, withMail("es@example.org"), speaks(i18n.Spanish)), i18n.English),
			talk(h.person("Bea", h.carl, withMail("said@example.org")), i18n.Spanish),
			talk(h.person("Cam", h.carl, withMail("ar@example.org"), speaks("ar")), "ar"),
		)
		h.at("2026-11-21 14:00")
		h.runJobs()
		for to, lang := range map[string]i18n.Lang{"es@example.org": "es", "said@example.org": "es", "ar@example.org": "en"} {
			got := h.letters(to)
			if len(got) != 1 || got[0].Lang != lang || got[0].Subject != i18n.In(lang).T("notice.mail.subject") ||
				!strings.Contains(got[0].Body, i18n.In(lang).T("conversation.notice.answer")) {
				t.Errorf("%s: %+v, want %s", to, got, lang)
			}
		}
	})
}

func TestAnAddressThatCantBeOneIsTheConnectors(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada and bea"))
		bea := h.person("Bea", h.carl, withMail("bea@example.org"))
		h.tell(h.answer(ada, "1"), h.answer(bea, "2"))
		h.at("2026-11-21 14:00")
		h.runJobs()
		if n := len(h.letters("bea@example.org")); n != 1 {
			t.Errorf("%d messages to another", n)
		}
		notes, _, err := h.Notes(h.Context(), h.carl, h.in.ID, 10)
		h.ok(err)
		if len(notes) != 1 || notes[0].Person != ada {
			t.Errorf("notes %+v", notes)
		}
	})
}

// The round over a neighbourhood with news for a hundred costs what a few of
// its statements do.
func TestARoundOverTenThousandPeopleCostsAFewStatements(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		h := newHouse(t, d, c)
		h.crowd(10_000)
		h.tx(func(q db.Querier) error {
			var all []notice.Told
			for i := range 100 {
				all = append(all, h.answer(fmt.Sprintf("p%05d", i*100), fmt.Sprint("talk ", i)))
			}
			return notice.Tell(t.Context(), q, all...)
		})
		h.at("2026-11-21 14:00")
		counted := dbtest.Count(d)
		n, err := h.Send(t.Context(), h.in.ID)
		h.ok(err)
		if n != 100 {
			t.Fatalf("wrote to %d", n)
		}
		// One for the initiative; for each fifty people one to find them and
		// eight to write; and one that finds nobody more.
		if n := counted.N(); n > 1+2*9+1 {
			t.Errorf("%d statements:\n%s", n, strings.Join(counted.Statements(), "\n"))
		}
		if n := h.number(`select count(*) from job where initiative_id = $1 and kind = 'mail.deliver'`, h.in.ID); n != 100 {
			t.Errorf("%d to deliver", n)
		}
	})
}

func TestTheCodeInAMessageOpensItsMatter(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		h.tell(h.answer(ada, "talk-1"))
		h.at("2026-11-21 14:00")
		h.runJobs()
		_, code, _ := strings.Cut(h.letters("ada@example.org")[0].Body, "Your code to read it: ")
		l, err := link.LookCode(t.Context(), h.DB.Read(), "talk", code[:14])
		if err != nil || l.Subject != "talk-1" {
			t.Errorf("%+v, %v", l, err)
		}
	})
}

// After a restore what was on its way isn't sent again.
func TestWhatWaitedInARestoredStoreIsHeld(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		bea := h.person("Bea", h.carl)
		h.tell(h.answer(ada, "1"), h.answer(bea, "1"))
		h.tx(func(q db.Querier) error {
			n, err := notice.Hold(t.Context(), q)
			if n != 1 {
				t.Errorf("held %d", n)
			}
			return err
		})
		h.at("2026-11-21 14:00")
		h.runJobs()
		if n := len(h.letters("ada@example.org")); n != 0 {
			t.Errorf("%d messages", n)
		}
		all, err := h.List(t.Context(), actor(h.in.ID, ada, access.Member), h.in.ID)
		if err != nil || len(all) != 1 {
			t.Errorf("on her page: %+v, %v", all, err)
		}
		if _, total, err := h.Notes(t.Context(), h.carl, h.in.ID, 9); err != nil || total != 1 {
			t.Errorf("the connector has %d notes, %v", total, err)
		}
	})
}

func TestNothingComesAtNight(t *testing.T) {
	run(t, func(h *house) {
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		h.at("2026-11-21 18:59")
		h.tell(h.answer(ada, "1"))
		for _, local := range []string{"2026-11-21 20:00", "2026-11-22 00:00", "2026-11-22 07:59"} {
			h.at(local)
			n, err := h.Send(t.Context(), h.in.ID)
			if err != nil || n != 0 {
				t.Errorf("at %s: %d, %v", local, n, err)
			}
		}
		h.at("2026-11-22 08:00")
		if n, err := h.Send(t.Context(), h.in.ID); err != nil || n != 1 {
			t.Errorf("in the morning: %d, %v", n, err)
		}
	})
}

// A round that is killed anywhere has sent nothing, and the next one sends all.
func TestARoundThatFailsHalfWayLeavesNothing(t *testing.T) {
	run(t, func(h *house) {
		sorry := errors.New("sorry")
		ada := h.person("Ada", h.carl, withMail("ada@example.org"))
		h.tell(h.answer(ada, "1"))
		h.at("2026-11-21 14:00")
		open := h.Open["talk"]
		h.Open["talk"] = func(ctx context.Context, q db.Querier, in string, ids []string) (map[string]notice.Key, error) {
			_, err := open(ctx, q, in, ids)
			return nil, errors.Join(err, sorry)
		}
		before := h.digest()
		if _, err := h.Send(t.Context(), h.in.ID); !errors.Is(err, sorry) {
			t.Fatalf("error %v", err)
		}
		if h.digest() != before {
			t.Error("half of it is stored")
		}
		h.Open["talk"] = open
		for range 2 {
			if _, err := h.Send(t.Context(), h.in.ID); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(h.letters("ada@example.org")); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestTwoRoundsAtOnceSendOnce(t *testing.T) {
	run(t, func(h *house) {
		var all []notice.Told
		for i := range 120 {
			all = append(all, h.answer(h.person(fmt.Sprint("N", i), h.carl, withMail(fmt.Sprintf("n%d@example.org", i))), "1"))
		}
		h.tell(all...)
		h.at("2026-11-21 14:00")
		var sent atomic.Int32
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				n, err := h.Send(t.Context(), h.in.ID)
				if err != nil {
					t.Error(err)
				}
				sent.Add(int32(n)) //nolint:gosec // a hundred
			})
		}
		both.Wait()
		if n := h.number(`select count(*) from message where initiative_id = $1`, h.in.ID); n != 120 || sent.Load() != 120 {
			t.Errorf("%d messages, and the rounds say %d", n, sent.Load())
		}
	})
}
