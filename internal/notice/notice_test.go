package notice_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/notice"
	"commonweal/internal/people"
)

func TestTheListIsTheNewestFirstAndALineAMatter(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl), access.Member)
		bea := actor(h.in.ID, h.person("Bea", h.carl), access.Member)
		person := ada.Person(h.in.ID)
		for range 3 {
			h.tell(h.answer(person, "old"))
		}
		h.now.Advance(time.Hour)
		last := h.answer(person, "new")
		last.Line = fault.Message{Key: "notice.several", Args: map[string]any{"n": 2, "line": "x"}}
		h.tell(last, h.answer(bea.Person(h.in.ID), "hers"))
		all, err := h.List(t.Context(), ada, h.in.ID)
		h.ok(err)
		want := []notice.News{
			{Matter: last.Matter, Line: last.Line, Path: "/me", At: h.now.Now(), N: 1},
			{Matter: notice.Matter{Kind: "talk", ID: "old"}, Line: fault.Message{Key: "conversation.notice.answer"}, Path: "/me", At: h.now.Now().Add(-time.Hour), N: 3},
		}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		_, eve := h.found("Elm", "Eve")
		for name, who := range map[string]access.Actor{"a visitor": {}, "another initiative's steward": eve} {
			_, err := h.List(t.Context(), who, h.in.ID)
			h.must(name, err, fault.NotFound)
			_, err = h.Hearing(t.Context(), who, h.in.ID)
			h.must(name, err, fault.NotFound)
			h.must(name, h.Mute(t.Context(), who, h.in.ID, last.Matter, true), fault.NotFound)
			h.must(name, h.Choose(t.Context(), who, h.in.ID, notice.Preferences{}), fault.NotFound)
		}
	})
}

func TestAMutedMatterIsntSent(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl, withMail("ada@example.org")), access.Member)
		person := ada.Person(h.in.ID)
		m := notice.Matter{Kind: "talk", ID: "1"}
		h.must("of what she was never told", h.Mute(t.Context(), ada, h.in.ID, m, true), fault.NotFound)
		h.tell(h.answer(person, "1"))
		for range 2 {
			h.ok(h.Mute(t.Context(), ada, h.in.ID, m, true))
		}
		h.tell(h.answer(person, "1"))
		h.at("2026-11-21 14:00")
		h.runJobs()
		if n := len(h.letters("ada@example.org")); n != 0 {
			t.Fatalf("%d messages about a muted matter", n)
		}
		all, err := h.List(t.Context(), ada, h.in.ID)
		h.ok(err)
		if len(all) != 1 || !all[0].Muted || all[0].N != 2 {
			t.Errorf("on her page: %+v", all)
		}
		h.tell(h.answer(person, "2"))
		h.ok(h.Mute(t.Context(), ada, h.in.ID, m, false))
		h.tell(h.answer(person, "1"))
		h.at("2026-11-21 16:00")
		h.runJobs()
		got := h.letters("ada@example.org")
		if len(got) != 1 || strings.Contains(got[0].Body, "new:") || strings.Count(got[0].Body, "answer") < 2 {
			t.Errorf("after she wants to hear again: %+v", got)
		}
	})
}

func TestTheLinkInAMessageStopsThemWithoutSigningIn(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl, withMail("ada@example.org")), access.Member)
		person := ada.Person(h.in.ID)
		h.tell(h.answer(person, "1"))
		h.at("2026-11-21 14:00")
		h.runJobs()
		token := h.stop(h.letters("ada@example.org")[0])
		before := h.digest()
		for range 3 {
			got, err := h.Look(t.Context(), token)
			h.ok(err)
			if got.Initiative != h.in.ID || got.Stopped || len(got.News) != 1 {
				t.Fatalf("the link opens %+v", got)
			}
		}
		if h.digest() != before {
			t.Error("looking changed the store")
		}
		h.tell(h.answer(person, "1"))
		for range 2 {
			h.ok(h.Stop(t.Context(), token, true))
		}
		h.tell(h.answer(person, "2"))
		h.at("2026-11-22 14:00")
		h.runJobs()
		if n := len(h.letters("ada@example.org")); n != 1 {
			t.Errorf("%d messages after she stopped them", n)
		}
		if got, err := h.Look(t.Context(), token); err != nil || !got.Stopped {
			t.Errorf("afterwards %+v, %v", got, err)
		}
		if _, total, err := h.Notes(t.Context(), h.carl, h.in.ID, 9); err != nil || total != 0 {
			t.Errorf("and her connector is to tell her: %d, %v", total, err)
		}
		h.ok(h.Stop(t.Context(), token, false))
		h.at("2026-11-23 14:00")
		h.runJobs()
		if n := len(h.letters("ada@example.org")); n != 1 {
			t.Errorf("%d messages: what she didn't want comes after all", n)
		}
		h.tell(h.answer(person, "2"))
		h.ok(h.MuteByLink(t.Context(), token, notice.Matter{Kind: "talk", ID: "2"}, true))
		h.tell(h.answer(person, "1"))
		h.at("2026-11-23 16:00")
		h.runJobs()
		got := h.letters("ada@example.org")
		if len(got) != 2 || strings.Contains(got[1].Body, "new:") {
			t.Errorf("messages %+v, want one more, of one matter", got)
		}
		h.must("a link that isn't", h.Stop(t.Context(), token+"x", true), fault.NotFound)
		_, err := h.Look(t.Context(), "x")
		h.must("a link that isn't", err, fault.NotFound)
		h.must("a matter of somebody else's", h.MuteByLink(t.Context(), token, notice.Matter{Kind: "talk", ID: "9"}, true), fault.NotFound)
		h.now.Advance(181 * day)
		h.must("half a year later", h.Stop(t.Context(), token, true), fault.NotFound)
	})
}

func TestPeopleChooseAmongWhatReachesThem(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl, withMail("ada@example.org")), access.Member)
		bea := actor(h.in.ID, h.person("Bea", h.carl), access.Member)
		kit := actor(h.in.ID, h.person("Kit", h.carl, withMail("kit@example.org"), child), access.Member)
		for name, test := range map[string]struct {
			who    access.Actor
			choice notice.Preferences
			fault  string
		}{
			"nothing":              {ada, notice.Preferences{}, "channel notice.channel.missing rhythm notice.rhythm.missing"},
			"no such way":          {ada, notice.Preferences{Channel: "pigeon", Rhythm: notice.Daily}, "channel notice.channel.missing"},
			"mail without address": {bea, notice.Preferences{Channel: notice.Mail, Rhythm: notice.Daily}, "channel notice.channel.address"},
			"a child's mail":       {kit, notice.Preferences{Channel: notice.Mail, Rhythm: notice.Daily}, "channel notice.channel.child"},
			"a child's letter":     {kit, notice.Preferences{Channel: notice.Paper, Rhythm: notice.Daily}, "channel notice.channel.child"},
			"paper":                {ada, notice.Preferences{Channel: notice.Paper, Rhythm: notice.Daily}, ""},
			"a child wants none":   {kit, notice.Preferences{Channel: notice.None, Rhythm: notice.Daily}, ""},
		} {
			got := strings.Join(h.faults(h.Choose(t.Context(), test.who, h.in.ID, test.choice)), " ")
			if got != test.fault {
				t.Errorf("%s: %q, want %q", name, got, test.fault)
			}
		}
		for who, want := range map[string]notice.Channel{ada.Account: notice.Paper, bea.Account: notice.Connector, kit.Account: notice.None} {
			for _, a := range []access.Actor{ada, bea, kit} {
				if a.Account != who {
					continue
				}
				if got, err := h.Hearing(t.Context(), a, h.in.ID); err != nil || got.By() != want {
					t.Errorf("%+v hears by %q, %v; want %q", got, got.By(), err, want)
				}
			}
		}
		h.tell(h.answer(ada.Person(h.in.ID), "1"), h.answer(bea.Person(h.in.ID), "1"), h.answer(kit.Person(h.in.ID), "1"))
		h.at("2026-11-21 14:00")
		h.runJobs()
		if n := len(h.letters("ada@example.org")) + len(h.letters("kit@example.org")); n != 0 {
			t.Errorf("%d messages", n)
		}
		sheets := func() (got string) {
			notes, total, err := h.Notes(t.Context(), h.carl, h.in.ID, 9)
			h.ok(err)
			if total != 2 {
				t.Errorf("%d notes", total)
			}
			for _, n := range notes {
				if n.Paper {
					got += n.Name + " "
				}
			}
			return got
		}
		if got := sheets(); got != "Ada Bea " {
			t.Errorf("letters for %q", got)
		}
		h.ok(h.Choose(t.Context(), bea, h.in.ID, notice.Preferences{Channel: notice.Connector, Rhythm: notice.Daily}))
		if got := sheets(); got != "Ada " {
			t.Errorf("letters for %q, want none for who is to be told", got)
		}
	})
}

func TestAConnectorTellsTheirOwnPeopleOnce(t *testing.T) {
	run(t, func(h *house) {
		ada, bea, cam := h.person("Ada", h.carl), h.person("Bea", h.cora), h.person("Cam", access.Actor{})
		h.tell(h.answer(cam, "1"))
		h.now.Advance(time.Minute)
		h.tell(h.answer(ada, "1"), h.answer(ada, "1"), h.answer(bea, "1"))
		names := func(who access.Actor) (got string) {
			all, total, err := h.Notes(t.Context(), who, h.in.ID, 9)
			h.ok(err)
			if total != len(all) {
				t.Errorf("%d of %d", len(all), total)
			}
			for _, n := range all {
				got += n.Name + " "
			}
			return got
		}
		for who, want := range map[string]string{names(h.carl): "Ada ", names(h.cora): "Bea ", names(h.sue): "Cam Ada Bea "} {
			if who != want {
				t.Errorf("notes for %q, want %q", who, want)
			}
		}
		h.tell(h.answer(h.sue.Person(h.in.ID), "9")) // who looks needs nobody to tell them
		if all, total, err := h.Notes(t.Context(), h.sue, h.in.ID, 1); err != nil || len(all) != 1 || total != 3 {
			t.Errorf("the first of them: %+v, %d, %v", all, total, err)
		}
		notes, _, err := h.Notes(t.Context(), h.carl, h.in.ID, 9)
		h.ok(err)
		if len(notes[0].News) != 1 || notes[0].News[0].N != 2 {
			t.Errorf("news %+v", notes[0].News)
		}
		mia := h.member("Mia", access.Member)
		for name, who := range map[string]access.Actor{"a visitor": {}, "a member": mia} {
			_, _, err := h.Notes(t.Context(), who, h.in.ID, 9)
			h.must(name, err, fault.NotFound)
			h.must(name, h.HandOver(t.Context(), who, h.in.ID, ada, notes[0].Through), fault.NotFound)
		}
		h.must("another connector", h.HandOver(t.Context(), h.cora, h.in.ID, ada, notes[0].Through), fault.NotFound)

		h.tell(h.answer(ada, "2")) // while the letter is under way
		for range 2 {
			h.ok(h.HandOver(t.Context(), h.carl, h.in.ID, ada, notes[0].Through))
		}
		if n := h.number(`select count(*) from audit where initiative_id = $1 and act = 'hand over notices'`, h.in.ID); n != 1 {
			t.Errorf("noted %d times", n)
		}
		notes, _, err = h.Notes(t.Context(), h.carl, h.in.ID, 9)
		h.ok(err)
		if len(notes) != 1 || len(notes[0].News) != 1 || notes[0].News[0].ID != "2" {
			t.Errorf("what came later: %+v", notes)
		}
	})
}

func TestWhatIsKeptIsExportedAndErased(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl, withMail("ada@example.org")), access.Member)
		person := ada.Person(h.in.ID)
		h.tell(h.answer(person, "1"))
		h.at("2026-11-21 14:00")
		h.runJobs()
		token := h.stop(h.letters("ada@example.org")[0])
		h.ok(h.MuteByLink(t.Context(), token, notice.Matter{Kind: "talk", ID: "1"}, true))
		h.ok(h.Choose(t.Context(), ada, h.in.ID, notice.Preferences{Channel: notice.Mail, Rhythm: notice.Weekly}))
		var kept any
		h.tx(func(q db.Querier) (err error) {
			kept, err = notice.Source().Export(t.Context(), q, h.in.ID, person)
			return err
		})
		text, err := json.Marshal(kept)
		h.ok(err)
		for _, want := range []string{`"weekly"`, `"There is an answer`, `"by":"mail"`, `"muted":true`, `"2026-11-21"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("the copy says nothing of %s: %s", want, text)
			}
		}
		s := &people.Service{DB: h.DB, Now: h.Now, Sources: []people.Source{notice.Source()}}
		h.ok(s.Erase(t.Context(), h.carl, h.in.ID, person))
		for _, table := range notice.Source().Tables {
			if n := h.number(`select count(*) from `+table+` where initiative_id = $1`, h.in.ID); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		_, err = h.Look(t.Context(), token)
		h.must("the link afterwards", err, fault.NotFound)
	})
}

func TestWhatAMatterWasIsForgottenWithIt(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl), access.Member)
		person := ada.Person(h.in.ID)
		h.tell(h.answer(person, "1"), h.answer(person, "2"))
		h.tx(func(q db.Querier) error { return notice.Forget(t.Context(), q, h.in.ID, "talk", "1") })
		all, err := h.List(t.Context(), ada, h.in.ID)
		h.ok(err)
		if len(all) != 1 || all[0].ID != "2" {
			t.Errorf("left: %+v", all)
		}
	})
}

func TestWhatWasHeardAYearAgoGoes(t *testing.T) {
	run(t, func(h *house) {
		prune := func() (n int64) {
			h.tx(func(q db.Querier) (err error) { n, err = notice.Prune(t.Context(), q); return err })
			return n
		}
		ada, bea := h.person("Ada", h.carl, withMail("ada@example.org")), h.person("Bea", h.carl)
		h.tell(h.answer(ada, "1"), h.answer(bea, "1"))
		h.at("2026-11-21 14:00")
		h.runJobs()
		h.now.Advance(366 * day)
		if n := prune(); n != 0 {
			t.Errorf("%d went within the year", n)
		}
		h.now.Advance(time.Second)
		if n := prune(); n != 2 { // hers, and that there was a message
			t.Errorf("%d went", n)
		}
		if n := h.number(`select count(*) from notice where initiative_id = $1`, h.in.ID); n != 1 {
			t.Errorf("%d are left, want what wasn't heard", n)
		}
	})
}
