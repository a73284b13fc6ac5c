package gift_test

import (
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/mail"
	"commonweal/internal/notice"
)

const day = 24 * time.Hour

// letters are the messages to an address, oldest first, on the next day, when
// the day's have gone out.
func (h *house) letters(to string) (bodies []string) {
	h.Helper()
	notices := &notice.Service{DB: h.DB, Now: h.Now, Log: slog.New(slog.DiscardHandler), BaseURL: "https://oak.example", Open: gift.Openers()}
	h.now.Advance(day - h.now.Now().Sub(h.now.Now().Truncate(day)) + 18*time.Hour) // noon in Chicago
	_, err := notices.Send(h.Context(), h.in.ID)
	h.ok(err)
	all, err := mail.Outbox(h.Context(), h.DB.Read(), h.in.ID)
	h.ok(err)
	for _, l := range all {
		if l.To == to {
			bodies = append([]string{l.Subject + "\n" + l.Body}, bodies...)
		}
	}
	return bodies
}

// shown are the words of gifts of a person that anybody could still be shown.
func (h *house) shown(who access.Actor) (texts []string) {
	h.Helper()
	all, err := h.Of(h.Context(), who, h.in.ID, who.Person(h.in.ID))
	h.ok(err)
	for _, g := range all {
		if !g.Hidden() {
			texts = append(texts, g.Text)
		}
	}
	return texts
}

var tokenInMail = regexp.MustCompile(`https://oak\.example/i/oak/still/(\S+)`)

func TestAGiftIsAskedAboutThreeTimesAndThenHidden(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl, withMail("ada@example.org")), access.Member)
		h.gives(ada.Person(h.in.ID), "sewing", "cooking")
		h.runJobs()
		if got := h.letters("ada@example.org"); len(got) > 0 {
			t.Fatalf("asked on the first day: %q", got)
		}
		h.now.Advance(183 * day)
		for round := 1; round <= 3; round++ {
			h.runJobs()
			h.runJobs() // twice a day is once
			got := h.letters("ada@example.org")
			if len(got) != round {
				t.Fatalf("round %d: %d messages, want one for both gifts", round, len(got))
			}
			last := got[len(got)-1]
			if strings.Contains(last, "sewing") || strings.Contains(last, "cooking") || !strings.Contains(last, "¿Sigue siendo así?") {
				t.Errorf("a message says %q: want no gift, and her language", last)
			}
			h.expect("shown while we ask", h.shown(ada), "sewing", "cooking")
			h.now.Advance(14 * day)
		}
		h.runJobs()
		h.expect("after the third in vain", h.shown(ada))
		got := h.letters("ada@example.org")
		if len(got) != 4 || !strings.Contains(got[3], "lo hemos guardado") {
			t.Errorf("told when hidden: %d messages, %q", len(got), got[len(got)-1])
		}
		review, err := h.ToReview(h.Context(), h.carl, h.in.ID)
		h.ok(err)
		if len(review) != 2 || !review[0].Hidden() {
			t.Errorf("what the connector is told: %+v", review)
		}
		h.now.Advance(31 * day)
		if review, err = h.ToReview(h.Context(), h.carl, h.in.ID); err != nil || len(review) > 0 {
			t.Errorf("a month later still %d, %v", len(review), err)
		}
	})
}

func TestStillTrueIsSaidByAButtonAndNotByALink(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl, withMail("ada@example.org")), access.Member)
		ids := h.gives(ada.Person(h.in.ID), "sewing", "cooking")
		h.now.Advance(183 * day)
		h.runJobs()
		token := tokenInMail.FindStringSubmatch(h.letters("ada@example.org")[0])
		if token == nil {
			t.Fatal("no link in the message")
		}
		before := h.digest()
		for range 3 {
			due, err := h.Due(h.Context(), token[1])
			h.ok(err)
			if len(due.Gifts) != 2 || due.Initiative != h.in.ID {
				t.Fatalf("due: %+v", due)
			}
		}
		if h.digest() != before {
			t.Error("looking at the link changed the store")
		}
		h.ok(h.StillTrue(h.Context(), token[1], []string{ids[0], "somebody else's"}))
		h.expect("after one of two was ticked", h.shown(ada), "sewing")
		_, err := h.Due(h.Context(), token[1])
		h.must("the link again", err, fault.NotFound)
		h.must("the button again", h.StillTrue(h.Context(), token[1], ids), fault.NotFound)
		h.now.Advance(14 * day)
		h.runJobs()
		if got := h.letters("ada@example.org"); len(got) != 1 {
			t.Errorf("asked again about what still holds: %q", got)
		}
	})
}

func TestNobodyElsesGiftsAreConfirmed(t *testing.T) {
	run(t, func(h *house) {
		ada := actor(h.in.ID, h.person("Ada", h.carl), access.Member)
		bea := actor(h.in.ID, h.person("Bea", h.cora), access.Member)
		id := h.gives(ada.Person(h.in.ID), "sewing")[0]
		h.must("another member", h.Confirm(h.Context(), bea, h.in.ID, id, false), fault.NotFound)
		h.must("another connector", h.Confirm(h.Context(), h.cora, h.in.ID, id, false), fault.NotFound)
		h.must("a visitor", h.Confirm(h.Context(), access.Actor{}, h.in.ID, id, false), fault.NotFound)
		_, eve := h.found("Elm", "Eve")
		h.must("another initiative", h.Confirm(h.Context(), eve, h.in.ID, id, false), fault.NotFound)
		for _, who := range []access.Actor{ada, h.carl, h.sue} {
			h.ok(h.Confirm(h.Context(), who, h.in.ID, id, false))
			h.expect("hidden", h.shown(ada))
			h.ok(h.Confirm(h.Context(), who, h.in.ID, id, true))
			h.expect("shown again", h.shown(ada), "sewing")
		}
	})
}

func TestWhoeverIsPausedOrHasNoMailIsLeftToTheirConnector(t *testing.T) {
	run(t, func(h *house) {
		paused := h.person("Ada", h.carl, withMail("ada@example.org"))
		h.gives(paused, "sewing")
		pause(h, paused)
		h.gives(h.person("Bea", h.carl), "cooking")
		h.adds(gift.By{Conversation: "c1"}, "driving")
		h.now.Advance(183 * day)
		h.runJobs()
		if got := h.letters("ada@example.org"); len(got) > 0 {
			t.Errorf("wrote to somebody who wants to be left alone: %q", got)
		}
		review, err := h.ToReview(h.Context(), h.carl, h.in.ID)
		h.ok(err)
		h.expect("for their connector", names(review), "Ada", "Bea")
		for range 3 {
			h.now.Advance(14 * day)
			h.runJobs()
		}
		if got := h.counts(); len(got) > 0 {
			t.Errorf("counted after nobody said it still holds: %v", got)
		}
	})
}

func TestManyGiftsAreAskedAboutInBatches(t *testing.T) {
	run(t, func(h *house) {
		var drafts []gift.Draft
		for range 450 {
			drafts = append(drafts, gift.Draft{Kind: gift.Passion, Text: "sewing", Lang: "en"})
		}
		h.addsDrafts(gift.By{Person: h.person("Ada", h.carl)}, drafts...)
		h.now.Advance(183 * day)
		h.runJobs()
		n, err := db.One(h.Context(), h.DB.Read(), db.Value[int64], `select count(*) from gift where initiative_id = $1 and reminders = 1`, h.in.ID)
		if err != nil || n != 450 {
			t.Errorf("%d of 450 were asked about, %v", n, err)
		}
	})
}

// digest is a short text that changes with anything in the store.
func (h *house) digest() string {
	h.Helper()
	tables, err := h.DB.Digest(h.Context())
	h.ok(err)
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		all.WriteString(name + " " + tables[name].Sum + "\n")
	}
	return all.String()
}
