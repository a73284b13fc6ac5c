package mail

import (
	"fmt"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// RFC 8058: what a mail program needs to show its button.
func TestAMessageThatOnePressEndsSaysWhere(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		p, server := newPost(t)
		k := newDesk(t, d, c, server)
		where := "https://example.org/i/elm/stop/" + strings.Repeat("a", 43)
		m := hello()
		m.Stop = where
		k.send(m)
		k.send(hello())
		if got := k.outbox(); got[0].Stop+got[1].Stop != where {
			t.Errorf("the outbox says %q and %q", got[0].Stop, got[1].Stop)
		}
		if err := k.run(2); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, text := range p.texts() {
			m, err := netmail.ReadMessage(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, m.Header.Get("List-Unsubscribe")+" "+m.Header.Get("List-Unsubscribe-Post"))
		}
		if len(got) != 2 || got[0] != "<"+where+"> List-Unsubscribe=One-Click" || got[1] != " " {
			t.Errorf("headers %q", got)
		}
		if n, err := db.One(t.Context(), d.Read(), db.Value[int], `select count(*) from message where stop_url <> ''`); err != nil || n != 0 {
			t.Errorf("%d links are kept after they went out, %v", n, err)
		}
		m.Stop = "javascript:alert(1)"
		if err := k.try(m); err == nil {
			t.Error("a page that is a program is taken")
		}
	})
}

func TestManyMessagesCostWhatAFewDo(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		k := newDesk(t, d, c, nil)
		first := hello()
		first.Unique = "message 7"
		k.send(first)
		var all []Message
		for i := range 150 {
			m := hello()
			m.Unique = fmt.Sprint("message ", i)
			all = append(all, m)
		}
		counted := dbtest.Count(d)
		if err := d.Tx(t.Context(), func(q db.Querier) error { return Send(t.Context(), q, all...) }); err != nil {
			t.Fatal(err)
		}
		if n := counted.N(); n > 4 {
			t.Errorf("%d statements, want two for each hundred", n)
		}
		if got := k.outbox(); len(got) != 150 {
			t.Errorf("%d messages, want one a key", len(got))
		}
		if got := k.jobs(); len(got) != 150 {
			t.Errorf("%d to deliver", len(got))
		}
	})
}

func TestWhatWasOnItsWayInARestoredStoreStays(t *testing.T) {
	dbtest.RunClocked(t, func(t *testing.T, d *db.DB, c *clock.Fake) {
		p, server := newPost(t)
		k := newDesk(t, d, c, server)
		k.send(hello())
		if err := k.run(1); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Minute)
		k.send(hello())
		err := d.Tx(t.Context(), func(q db.Querier) error {
			n, err := Hold(t.Context(), q)
			if n != 1 {
				t.Errorf("held %d", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = k.run(1)
		got := k.outbox()
		if n := len(p.texts()); n != 1 || got[0].Status != Local || got[0].Body == "" || got[1].Status != Sent {
			t.Errorf("%d went out, %+v", n, got)
		}
	})
}
