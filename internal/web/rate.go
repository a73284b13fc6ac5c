package web

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"commonweal/internal/web/page"
)

// Limit lets Burst requests through at once, then one each Every.
type Limit struct {
	Burst int
	Every time.Duration
}

// Limits are how often is too often. A connection is an address block (a
// household, a library), so its limits leave room for a room full of people.
type Limits struct {
	Reads   Limit // any request from one connection
	Posts   Limit // what visitors on one connection send
	Writes  Limit // what one session sends: a phone may bring a week of conversations
	Guesses Limit // sign-ins and codes from one connection

	AllWrites  Limit // what everybody sends to this server
	AllGuesses Limit // sign-ins and codes that everybody tries
}

// Usual are the limits unless a server is told others. Ten guesses in a
// quarter of an hour is what a promise in docs/ says; the others are what a
// neighbourhood's busiest evening needs, several times over.
func Usual() *Limits {
	return &Limits{
		Reads:      Limit{Burst: 400, Every: 20 * time.Millisecond},
		Posts:      Limit{Burst: 60, Every: 5 * time.Second},
		Writes:     Limit{Burst: 300, Every: 500 * time.Millisecond},
		Guesses:    Limit{Burst: 10, Every: 90 * time.Second},
		AllWrites:  Limit{Burst: 1000, Every: 5 * time.Millisecond},
		AllGuesses: Limit{Burst: 300, Every: time.Second},
	}
}

// limits are the limits at work.
type limits struct{ reads, posts, writes, guesses, allWrites, allGuesses *buckets }

func newLimits(l *Limits) *limits {
	if l == nil {
		l = Usual()
	}
	return &limits{
		reads: newBuckets(l.Reads), posts: newBuckets(l.Posts), writes: newBuckets(l.Writes), guesses: newBuckets(l.Guesses),
		allWrites: newBuckets(l.AllWrites), allGuesses: newBuckets(l.AllGuesses),
	}
}

// ask is the limit of every request, and of guesses. Pardon gives a guess back
// that turned out right: whoever tidies up with their own code, or shares a
// library's connection, isn't guessing.
func (l *limits) ask(now time.Time, from string, route page.Route) (pardon func(), err error) {
	if err := l.reads.take(now, from); err != nil {
		return nil, err
	}
	if !route.Guess {
		return func() {}, nil
	}
	theirs, err := l.guesses.reserve(now, from)
	if err != nil {
		return nil, err
	}
	everybodys, err := l.allGuesses.reserve(now, "")
	if err != nil {
		return nil, err
	}
	return func() {
		theirs.CancelAt(now)
		everybodys.CancelAt(now)
	}, nil
}

// write is the limit of what is sent: by a session, or by a visitor's
// connection.
func (l *limits) write(now time.Time, from string, r *page.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if err := l.allWrites.take(now, ""); err != nil {
		return err
	}
	if r.Who.IsSignedIn() {
		return l.writes.take(now, r.Who.Session)
	}
	return l.posts.take(now, from)
}

// manyBuckets is how many keys one generation holds: a flood of addresses
// costs a few megabytes and no more.
const manyBuckets = 20_000

// buckets are token buckets by key, in two generations: when the young one is
// full the old one is forgotten.
type buckets struct {
	limit      Limit
	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

func newBuckets(l Limit) *buckets {
	return &buckets{limit: l, young: map[string]*rate.Limiter{}}
}

// take takes a token from the key's bucket, or says how long until there is one.
func (b *buckets) take(now time.Time, key string) error {
	_, err := b.reserve(now, key)
	return err
}

// reserve is take with what can give the token back.
func (b *buckets) reserve(now time.Time, key string) (*rate.Reservation, error) {
	reservation := b.bucket(key).ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait <= 0 {
		return reservation, nil
	}
	reservation.CancelAt(now)
	return nil, tooFast{wait: wait}
}

func (b *buckets) bucket(key string) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if have, ok := b.young[key]; ok {
		return have
	}
	bucket, ok := b.old[key]
	if !ok {
		bucket = rate.NewLimiter(rate.Every(b.limit.Every), b.limit.Burst)
	}
	if len(b.young) >= manyBuckets {
		b.young, b.old = map[string]*rate.Limiter{}, b.young
	}
	b.young[key] = bucket
	return bucket
}

// client is the connection that a request comes from: an IPv4 /24 or an IPv6
// /56, which is about a household or a building. What a request says of itself
// is believed only when it comes from a proxy that we were told of.
func (s *site) client(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	address := from.Addr().Unmap()
	if s.isProxy(address) {
		address = s.forwarded(r, address)
	}
	bits := 24
	if address.Is6() {
		bits = 56
	}
	block, err := address.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return block.String()
}

func (s *site) isProxy(address netip.Addr) bool {
	for _, p := range s.Behind {
		if p.Contains(address) {
			return true
		}
	}
	return false
}

// forwarded is the last address in X-Forwarded-For that isn't a proxy of ours:
// what stands before it, anyone may have written.
func (s *site) forwarded(r *http.Request, proxy netip.Addr) netip.Addr {
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return proxy
		}
		if hop = hop.Unmap(); !s.isProxy(hop) {
			return hop
		}
	}
	return proxy
}
