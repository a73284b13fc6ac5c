package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/clock"
	"commonweal/internal/web"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// limited is a site with the usual limits and a clock that a test moves.
func limited(t *testing.T, behind ...netip.Prefix) (*webtest.Site, *clock.Fake) {
	t.Helper()
	now := clock.NewFake(noon)
	return site(t, web.Config{Limits: web.Usual(), Now: now.Now, Behind: behind}), now
}

// from sends a form from an address, with what it says of where it came from.
func from(t *testing.T, b *webtest.Browser, path, address, forwarded string) webtest.Answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webtest.Origin+path, strings.NewReader(""))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = address
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	return b.Do(r)
}

// tries sends until it is refused, and says how often it wasn't.
func tries(t *testing.T, b *webtest.Browser, path string, address, forwarded func(i int) string) (passed int) {
	t.Helper()
	for i := range 2000 {
		if from(t, b, path, address(i), forwarded(i)).Status == http.StatusTooManyRequests {
			return i
		}
	}
	return 2000
}

func always(text string) func(int) string { return func(int) string { return text } }

func TestTenGuessesInAQuarterOfAnHour(t *testing.T) {
	s, now := limited(t)
	b := s.Visitor(t)
	if got := tries(t, b, "/sign-in", always("203.0.113.5:1000"), always("")); got != 10 {
		t.Errorf("%d guesses passed, want 10", got)
	}
	refused := from(t, b, "/sign-in", "203.0.113.5:1000", "")
	wait, err := strconv.Atoi(refused.Header.Get("Retry-After"))
	if err != nil || wait < 1 || wait > 90 {
		t.Errorf("Retry-After = %q, want up to 90", refused.Header.Get("Retry-After"))
	}
	refused.Doc.Has(t, "h1", "Please wait a little")
	refused.Doc.Has(t, ".lead", "Wait 2 min")
	now.Advance(15 * time.Minute)
	if got := tries(t, b, "/sign-in", always("203.0.113.5:1000"), always("")); got != 10 {
		t.Errorf("a quarter of an hour later %d passed, want 10", got)
	}
}

func TestGuessesAreCountedBy(t *testing.T) {
	for _, test := range []struct {
		name      string
		address   func(int) string
		forwarded func(int) string
		want      int
	}{
		{"the household, not the device", func(i int) string { return fmt.Sprintf("203.0.113.%d:1", 1+i) }, always(""), 10},
		{"the household in IPv6", func(i int) string { return fmt.Sprintf("[2001:db8:1:2%02x::%x]:1", i%256, i) }, always(""), 10},
		{"the household in IPv4 written as IPv6", func(i int) string { return fmt.Sprintf("[::ffff:203.0.113.%d]:1", i) }, always(""), 10},
		{"and not all of IPv4 written as IPv6", func(i int) string { return fmt.Sprintf("[::ffff:10.%d.%d.1]:1", i/256, i%256) }, always(""), 300},
		{"the connection, whatever it says of itself", always("203.0.113.5:1"), func(i int) string { return fmt.Sprintf("198.51.%d.1", i) }, 10},
		{"the whole server, when each household is another", func(i int) string { return fmt.Sprintf("10.%d.%d.1:1", i/256, i%256) }, always(""), 300},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := limited(t)
			if got := tries(t, s.Visitor(t), "/sign-in", test.address, test.forwarded); got != test.want {
				t.Errorf("%d passed, want %d", got, test.want)
			}
		})
	}
}

func TestBehindAProxyTheVisitorCounts(t *testing.T) {
	proxy := netip.MustParsePrefix("10.0.0.0/8")
	for _, test := range []struct {
		name      string
		forwarded func(int) string
		want      int
	}{
		{"one visitor", always("203.0.113.5"), 10},
		{"one visitor who makes up others before", func(i int) string { return fmt.Sprintf("198.51.%d.1, 203.0.113.5", i) }, 10},
		{"one visitor through two proxies", func(i int) string { return fmt.Sprintf("198.51.%d.1, 203.0.113.5, 10.1.1.1", i) }, 10},
		{"many visitors through two proxies", func(i int) string { return fmt.Sprintf("198.51.%d.1, 10.1.1.1", i%256) }, 300},
		{"nonsense counts as the proxy", func(i int) string { return fmt.Sprintf("nonsense-%d", i) }, 10},
		{"many visitors", func(i int) string { return fmt.Sprintf("198.51.%d.1", i%256) }, 300},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := limited(t, proxy)
			if got := tries(t, s.Visitor(t), "/sign-in", always("10.2.3.4:99"), test.forwarded); got != test.want {
				t.Errorf("%d passed, want %d", got, test.want)
			}
		})
	}
}

func TestAnAttackerCantLockOutANeighbour(t *testing.T) {
	s, _ := limited(t)
	tries(t, s.Visitor(t), "/sign-in", always("203.0.113.5:1"), always(""))
	if got := from(t, s.Visitor(t), "/sign-in", "198.51.100.7:1", "").Status; got != http.StatusSeeOther {
		t.Errorf("from another connection = %d, want 303", got)
	}
}

func TestAPhoneMayBringAWeekOfConversations(t *testing.T) {
	s, _ := limited(t)
	b := s.As(t, member(access.Connector))
	address := always("203.0.113.5:1")
	if got := tries(t, b, "/i/riverside/mine", address, always("")); got != 300 {
		t.Errorf("a session sent %d at once, want 300", got)
	}
	if got := tries(t, s.Visitor(t), "/i/riverside/said", address, always("")); got != 60 {
		t.Errorf("visitors on one connection sent %d at once, want 60", got)
	}
}

func TestReadingHasALimitToo(t *testing.T) {
	s, _ := limited(t)
	b := s.Visitor(t)
	for range 400 {
		if got := b.Get("/i/riverside").Status; got != http.StatusOK {
			t.Fatalf("status = %d within the limit", got)
		}
	}
	if got := b.Get("/i/riverside").Status; got != http.StatusTooManyRequests {
		t.Errorf("the 401st = %d, want 429", got)
	}
}

// A flood of addresses costs a bounded number of buckets, and someone who was
// refused a moment ago isn't forgiven by it until two generations have passed.
func TestAFloodOfAddressesIsForgotten(t *testing.T) {
	b := web.NewBuckets(web.Limit{Burst: 1, Every: time.Hour})
	for i := range 100_000 {
		if err := b.Take(noon, strconv.Itoa(i)); err != nil {
			t.Fatalf("key %d: %v", i, err)
		}
		if n := b.Len(); n > 40_000 {
			t.Fatalf("%d buckets are kept", n)
		}
	}
	if b.Take(noon, "99999") == nil {
		t.Error("the latest key was forgotten")
	}
}

func TestAssetsAreNotCounted(t *testing.T) {
	s := site(t, web.Config{Limits: &web.Limits{Reads: web.Limit{Burst: 1, Every: time.Hour}}, Routes: []page.Route{
		{Pattern: "GET /{$}", Need: access.Anyone, Handle: says("start"), Example: "/"},
	}})
	b := s.Visitor(t)
	b.Get("/")
	for range 5 {
		if got := b.Get("/favicon.ico").Status; got != http.StatusOK {
			t.Fatalf("favicon = %d", got)
		}
	}
}
