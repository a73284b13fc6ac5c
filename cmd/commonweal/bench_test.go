package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/demo"
	"commonweal/internal/gift"
	"commonweal/internal/people"
	"commonweal/internal/web"
	"commonweal/internal/web/webtest"
)

// crowd is the invented initiative with many more people in it.
type crowd struct {
	*house
	in   string
	door http.Handler
}

// crowded builds the house with so many people, each with a conversation, two
// gifts and a need that was answered; one need in a thousand waits too long.
func crowded(b *testing.B, n int) crowd {
	b.Helper()
	at := clock.NewFake(noon.AddDate(-2, 0, 0))
	h, err := build(b.Context(), plan{
		url: filepath.Join(b.TempDir(), "crowd.db"), data: b.TempDir(), base: webtest.Origin, now: at.Now,
		log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = h.close() })
	if err := demo.Build(b.Context(), h.invention(at), noon, 1, few); err != nil {
		b.Fatal(err)
	}
	in, _, err := h.initiatives.BySlug(b.Context(), demo.Slug)
	if err != nil {
		b.Fatal(err)
	}
	if err := h.db.Tx(b.Context(), func(q db.Querier) error { return multiply(b.Context(), q, in.ID, n) }); err != nil {
		b.Fatal(err)
	}
	if err := h.releases.Publish(b.Context(), in.ID); err != nil {
		b.Fatal(err)
	}
	c := h.door(nil)
	c.Limits = webtest.Unlimited()
	door, err := web.New(c)
	if err != nil {
		b.Fatal(err)
	}
	return crowd{h, in.ID, door}
}

// multiply writes people straight into the store: what they would have said is
// the same, only how it came there isn't.
func multiply(ctx context.Context, q db.Querier, in string, n int) error {
	const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < $2) `
	for _, insert := range []string{
		`insert into person (initiative_id, id, name, name_folded, area_id, connector_id, langs, met_on, age, created_at)
		 select $1, 'crowd-' || i, 'Person ' || i, 'person ' || i, a.id, m.person_id, 'en', '2026-05-01', 'adult', '2026-05-01T12:00:00.000000Z' from n
		 join (select id, row_number() over (order by id) - 1 as k from area where initiative_id = $1 and kind = 'block') a on a.k = i % 8
		 join (select person_id, row_number() over (order by person_id) - 1 as k from membership where initiative_id = $1 and kind = 'connector') m on m.k = i % 6`,
		`insert into conversation (initiative_id, id, person_id, asker_id, reader_id, area_id, channel, lang, held_on, recorded_at, consent, wording, care, next_help, next_advise, next_do, answer_by)
		 select initiative_id, id, id, connector_id, connector_id, area_id, 'doorstep', 'en', '2026-05-01', created_at, 'name', '2026-11', '', true, false, true, '2026-05-11'
		 from person where initiative_id = $1 and id like 'crowd-%' and $2 > 0`,
		`insert into need (initiative_id, id, conversation_id, text, delivery, urgent, visibility, step, step_text, answered_at)
		 select $1, 'crowd-' || i, 'crowd-' || i, 'Books', '', false, 'connector', case when i % 1000 = 0 then '' else 'neighbour' end, 'Yes', '2026-05-03T12:00:00.000000Z' from n`,
		`insert into gift (initiative_id, id, person_id, conversation_id, term_id, text, text_folded, lang, kind, would_teach, want_to_learn, reach, times, langs, named_at, review_on, reminders)
		 select $1, 'crowd-' || g.k || '-' || i, 'crowd-' || i, 'crowd-' || i, t.id,
		   'stories', 'stories', 'en', 'passion', false, false, '', '', '', '2026-05-01T12:00:00.000000Z', '2027-05-01', 0 from n
		 cross join (select 0 as k union all select 1) g
		 join (select id, row_number() over (order by id) - 1 as k from gift_term where initiative_id = $1) t on t.k = (i * (g.k + 1)) % 100`,
		`insert into consent (initiative_id, id, person_id, purpose, wording, given_on, given_by, giver, channel, recorded_at)
		 select $1, 'crowd-' || i, 'crowd-' || i, 'asked', '2026-11', '2026-05-01', 'self', '', 'doorstep', '2026-05-01T12:00:00.000000Z' from n`,
	} {
		if strings.Contains(insert, " from n") {
			insert = numbers + insert
		}
		if err := db.Exec(ctx, q, insert, in, n); err != nil {
			return err
		}
	}
	return nil
}

// get asks a handler for a page in process, and gives its body.
func get(b *testing.B, h http.Handler, path, etag string) *httptest.ResponseRecorder {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, webtest.Origin+path, nil)
	r.Header.Set("Accept-Encoding", "br")
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK && w.Code != http.StatusNotModified {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body.String())
	}
	return w
}

// perOp is the seconds that one call takes, over so many calls.
func perOp(n int, do func()) float64 {
	started := time.Now()
	for range n {
		do()
	}
	return time.Since(started).Seconds() / float64(n)
}

// BenchmarkPublicPages prints, for the pages that visitors see: the time at
// 100,000 people against 1,000 (growth), against a bare net/http handler that
// serves the same bytes (bare), for a page unchanged since the last visit (304)
// and for one made fresh after every change (fresh).
func BenchmarkPublicPages(b *testing.B) {
	small, large := crowded(b, 1_000), crowded(b, 100_000)
	for _, path := range []string{"/i/riverside", "/i/riverside/gifts"} {
		b.Run(map[string]string{"/i/riverside": "home", "/i/riverside/gifts": "gifts"}[path], func(b *testing.B) {
			page := get(b, large.door, path, "")
			body, etag := page.Body.Bytes(), ""
			bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.Header().Set("Content-Encoding", "br")
				_, _ = w.Write(body)
			})
			fresh := func(c crowd) func() {
				return func() {
					if err := c.db.Tx(b.Context(), func(q db.Querier) error { return db.Touch(b.Context(), q, c.in) }); err != nil {
						b.Fatal(err)
					}
					get(b, c.door, path, "")
				}
			}
			touch := func(c crowd) func() {
				return func() {
					_ = c.db.Tx(b.Context(), func(q db.Querier) error { return db.Touch(b.Context(), q, c.in) })
				}
			}
			var kept, keptSmall, plain, same, freshLarge, freshSmall, touched float64
			rounds := 0
			for b.Loop() { // interleaved, so that a busy machine hits all alike
				get(b, large.door, path, "") // made once; what it costs to make is told apart
				get(b, small.door, path, "")
				etag = get(b, large.door, path, "").Header().Get("ETag")
				kept += perOp(200, func() { get(b, large.door, path, "") })
				keptSmall += perOp(200, func() { get(b, small.door, path, "") })
				plain += perOp(200, func() { get(b, bare, path, "") })
				same += perOp(200, func() { get(b, large.door, path, etag) })
				freshLarge += perOp(20, fresh(large))
				freshSmall += perOp(20, fresh(small))
				touched += perOp(20, touch(large))
				rounds++
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(kept/float64(rounds)*1e6, "µs/page")
			b.ReportMetric(kept/keptSmall, "growth×")
			b.ReportMetric(kept/plain, "bare×")
			b.ReportMetric(same/plain, "304/bare×")
			b.ReportMetric((freshLarge-touched)/float64(rounds)*1e6, "µs/fresh")
			b.ReportMetric(freshLarge/freshSmall, "fresh-growth×")
			b.ReportMetric(float64(len(body)), "bytes-br")
		})
	}
}

// BenchmarkConversations prints how many conversations are kept a second,
// durably, by 64 connectors at once and by one, and how long the slowest of a
// hundred took.
func BenchmarkConversations(b *testing.B) {
	c := crowded(b, 1_000)
	who := connectorOf(b, c)
	var n int
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			var took []time.Duration
			var all float64
			for b.Loop() {
				times, seconds := burst(b, c, who, writers, 512, &n)
				took, all = append(took, times...), all+seconds
			}
			slices.Sort(took)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(len(took))/all, "saved/s")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

func connectorOf(b *testing.B, c crowd) access.Actor {
	b.Helper()
	all, err := access.With(b.Context(), c.db.Read(), c.in, access.Connector)
	if err != nil || len(all) == 0 {
		b.Fatal("no connector", err)
	}
	account, err := c.openDoor().Of(b.Context(), c.in, all[0])
	if err != nil {
		b.Fatal(err)
	}
	who, err := access.Of(b.Context(), c.db.Read(), account)
	if err != nil {
		b.Fatal(err)
	}
	return who
}

// burst has so many writers keep so many conversations among them.
func burst(b *testing.B, c crowd, who access.Actor, writers, talks int, n *int) (took []time.Duration, seconds float64) {
	b.Helper()
	var mu sync.Mutex
	work := make(chan int)
	var done sync.WaitGroup
	started := time.Now()
	for range writers {
		done.Go(func() {
			for i := range work {
				began := time.Now()
				_, err := c.conversations.Record(b.Context(), who, c.in, fmt.Sprintf("bench-%026d", i), conversation.Draft{
					Consent: conversation.WithName, Name: fmt.Sprintf("Neighbour %d", i), Channel: people.Doorstep, Lang: "en",
					Need: "Books for my four-year-old", Gifts: []conversation.GiftDraft{{Kind: gift.Skill, Text: "reading aloud, baking"}},
					Supports: []conversation.SupportKind{conversation.Childcare}, NextHelp: true,
				})
				if err != nil {
					b.Error(err)
				}
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
			}
		})
	}
	for range talks {
		*n++
		work <- *n
	}
	close(work)
	done.Wait()
	return took, time.Since(started).Seconds()
}

// BenchmarkMemory prints what the house holds in memory that isn't mapped from
// the file: at rest with 100,000 people, and while 64 visitors read its pages.
func BenchmarkMemory(b *testing.B) {
	c := crowded(b, 100_000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = "commonweal.test"
		c.door.ServeHTTP(w, r)
	}))
	defer server.Close()
	rest := anonymous(b)
	var most int
	for b.Loop() {
		var readers sync.WaitGroup
		for range 64 {
			readers.Go(func() {
				for range 50 {
					res, err := http.Get(server.URL + "/i/riverside/gifts")
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, res.Body)
					_ = res.Body.Close()
				}
			})
		}
		readers.Wait()
		most = max(most, anonymous(b))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(rest)/1024, "MB-rest")
	b.ReportMetric(float64(most)/1024, "MB-load")
}

// anonymous is RssAnon of this process in KB: what isn't mapped from a file.
func anonymous(b *testing.B) int {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no /proc: memory NOT MEASURED")
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return kb
		}
	}
	b.Fatal("no RssAnon")
	return 0
}
