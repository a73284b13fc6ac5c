package organization

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/schedule"
)

// When is at what time a service should be open.
type When string

// The times that people ask for. A moment of one's own is Want.At.
const (
	AnyTime When = ""
	Now     When = "now"
	Evening When = "evening" // in the coming week, after five
	Weekend When = "weekend" // the coming one
)

// Whens are all times, in the order of the form.
func Whens() []When { return []When{AnyTime, Now, Evening, Weekend} }

// Want is what a service is looked for with.
type Want struct {
	Text  string    // in the words of whoever needs it
	Lang  i18n.Lang // of those words, and of the reasons
	Area  string    // id of a place.Area, or ""
	When  When
	At    time.Time      // a moment to be open at, or zero
	Zone  *time.Location // where hours are read, when there is no At; nil is UTC
	Langs []i18n.Lang    // that they speak
	Limit int            // 0 is 20
}

// Open says whether a service is open when it is wanted.
type Open string

// Whether it is open. Many a service doesn't say.
const (
	OpenUnknown Open = ""
	OpenYes     Open = "yes"
	OpenNo      Open = "no"
)

// Found is a service that may be what is looked for, and why it is shown.
type Found struct {
	Entry
	Why      []fault.Message
	OpenThen Open
	Next     schedule.Span // when it opens next, or zero
	Near     bool          // it is given in the area asked for, or around it
	Area     string        // the name of the area it is in, or ""
	Distance float64       // metres from the middle of the area asked for; -1 when unknown
}

// What a search looks at: nobody types more, and longer texts only cost.
const (
	maxSearch   = 500 // bytes
	maxKeys     = 10
	foundAtOnce = 20
	ahead       = 7 * 24 * time.Hour
)

// maxWants is how many wants one search answers.
const maxWants = 8

// FindServices finds services near somebody by what they need, in whatever
// language it is said: best first, at most two dozen, in three statements
// however many there are. What a service says of whom it is for is shown with
// it and judged by nobody. Anyone may.
func (s *Service) FindServices(ctx context.Context, in string, w Want) (all []Found, err error) {
	found, err := s.FindEach(ctx, in, w.Area, []Want{w})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// FindEach is FindServices for several wants of somebody in one area, in no
// more statements than for one; the ninth and later find nothing. Anyone may.
func (s *Service) FindEach(ctx context.Context, in, area string, wants []Want) (all [][]Found, err error) {
	defer fault.Wrap(&err, "organization.FindEach in %s", in)
	words, err := ownLexicon()
	if err != nil {
		return nil, err
	}
	all = make([][]Found, len(wants))
	wants = wants[:min(len(wants), maxWants)]
	keys, said := make([][]key, len(wants)), make([][]fault.Message, len(wants))
	something := false
	for i, w := range wants {
		keys[i], said[i] = words.keys(w)
		something = something || len(keys[i]) > 0
	}
	if !something {
		return all, nil
	}
	q := s.DB.Read()
	near, err := neighbourhood(ctx, q, in, area)
	if err != nil {
		return nil, err
	}
	some, err := find(ctx, q, in, keys, near.around)
	if err != nil {
		return nil, err
	}
	details, err := detailsOf(ctx, q, in, ownersOf(some))
	if err != nil {
		return nil, err
	}
	k := keep(details)
	for i, w := range wants {
		all[i] = s.best(w, some[i], keys[i], said[i], near, k)
	}
	return all, nil
}

// best weighs candidates and gives the best of them.
func (s *Service) best(w Want, some []candidate, keys []key, said []fault.Message, near around, k kept) (all []Found) {
	ranks := make([]rank, 0, len(some))
	for _, c := range some {
		ranks = append(ranks, s.weigh(c, w, keys, said, near, k))
	}
	slices.SortFunc(ranks, better)
	limit := w.Limit
	if limit <= 0 {
		limit = foundAtOnce
	}
	for _, r := range ranks[:min(len(ranks), limit)] {
		all = append(all, r.Found)
	}
	return all
}

// keys are the words to look for, those that say most first, with the word
// that led to each.
func (l *lexicon) keys(w Want) (keys []key, said []fault.Message) {
	const termWeight, wordWeight = 4, 2
	text := tokens(strings.ToValidUTF8(w.Text[:min(len(w.Text), maxSearch)], ""))
	for _, m := range l.find(text) {
		keys = append(keys, key{termMark + m.term, termWeight})
		said = append(said, because("organization.why.term", "word", m.word, "term", l.label(m.term, w.Lang)))
	}
	for _, t := range text {
		if !slices.ContainsFunc(keys, func(k key) bool { return k.word == t }) {
			keys = append(keys, key{t, wordWeight})
			said = append(said, because("organization.why.word", "word", t))
		}
	}
	n := min(len(keys), maxKeys)
	return keys[:n], said[:n]
}

// label is what a term is called in a language, or in English.
func (l *lexicon) label(term string, lang i18n.Lang) string {
	return cmp.Or(l.labels[term][lang], l.labels[term][i18n.English])
}

func because(key string, args ...any) fault.Message {
	m := fault.Message{Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		m.Args[args[i].(string)] = args[i+1] //nolint:forcetypeassert // written above
	}
	return m
}

// around is where somebody asks from.
type around struct {
	around   []string // the area and those it lies in
	names    map[string]string
	pinned   bool // the middle of the area is known
	lat, lon float64
}

// neighbourhood reads the area somebody asks from and those around it.
func neighbourhood(ctx context.Context, q db.Querier, in, area string) (n around, err error) {
	all, err := spots(ctx, q, in, area)
	n.names = make(map[string]string, len(all))
	parent := make(map[string]string, len(all))
	for _, a := range all {
		n.names[a.id], parent[a.id] = a.name, a.parent
		if a.outline != "" {
			n.lat, n.lon, n.pinned = middle(a.outline)
		}
	}
	for id := area; id != "" && n.names[id] != "" && !slices.Contains(n.around, id); id = parent[id] {
		n.around = append(n.around, id)
	}
	return n, err
}

// middle is the middle of the outline's corners: near enough for "how far".
func middle(outline string) (lat, lon float64, known bool) {
	var g struct {
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if json.Unmarshal([]byte(outline), &g) != nil {
		return 0, 0, false
	}
	var rings [][][2]float64
	if json.Unmarshal(g.Coordinates, &rings) != nil {
		var several [][][][2]float64
		if json.Unmarshal(g.Coordinates, &several) != nil || len(several) == 0 {
			return 0, 0, false
		}
		rings = several[0]
	}
	if len(rings) == 0 || len(rings[0]) < 2 {
		return 0, 0, false
	}
	corners := rings[0][1:] // the first is the last again
	for _, c := range corners {
		lon += c[0] / float64(len(corners))
		lat += c[1] / float64(len(corners))
	}
	return lat, lon, true
}

// metres are how far two points lie apart, as the crow flies.
func metres(lat1, lon1, lat2, lon2 float64) float64 {
	const earth, degree = 6_371_000, math.Pi / 180
	x := (lon2 - lon1) * degree * math.Cos((lat1+lat2)/2*degree)
	y := (lat2 - lat1) * degree
	return math.Hypot(x, y) * earth
}

// ownersOf are the services and places whose phones and hours are shown.
func ownersOf(all [][]candidate) (ids []string) {
	for _, c := range slices.Concat(all...) {
		ids = append(ids, c.service.ID)
		for _, l := range c.places {
			ids = append(ids, l.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rank is a found service with what it is sorted by.
type rank struct {
	Found
	fit  int // how much of what was said it answers
	near int
	far  float64
}

// weigh says what speaks for a candidate.
func (s *Service) weigh(c candidate, w Want, keys []key, said []fault.Message, at around, k kept) rank {
	r := rank{near: c.near, far: math.MaxFloat64}
	r.Entry = k.entry(c.service, c.organization, c.places)
	r.Distance = -1
	for i, one := range keys {
		if c.keys[i] {
			r.fit += one.weight
			if said[i].Key == "organization.why.term" || r.fit == one.weight {
				r.Why = append(r.Why, said[i])
			}
		}
	}
	r.Near = c.near < len(at.around)
	for _, p := range c.places {
		if r.Area == "" {
			r.Area = at.names[p.Area]
		}
		if at.pinned && p.Pinned {
			r.far = min(r.far, metres(at.lat, at.lon, p.Lat, p.Lon))
			r.Distance = r.far
		}
	}
	if r.Near {
		r.Why = append(r.Why, because("organization.why.near", "area", at.names[at.around[c.near]]))
	}
	s.hours(&r, w)
	for _, lang := range w.Langs {
		if slices.Contains(c.service.Langs, lang) {
			r.fit++
			r.Why = append(r.Why, because("organization.why.lang", "lang", string(lang)))
			break
		}
	}
	return r
}

// hours says whether a service is open when it is wanted, and when it opens next.
func (s *Service) hours(r *rank, w Want) {
	set := SetOf(r.Hours)
	for _, p := range r.Places {
		set = append(set, SetOf(p.Hours)...)
	}
	if len(set) == 0 {
		return
	}
	now := w.At
	if now.IsZero() {
		now = s.Now()
		if w.Zone != nil {
			now = now.In(w.Zone)
		}
	}
	r.Next, _ = set.Next(now)
	r.OpenThen = OpenNo
	if w.open(set, now) {
		r.OpenThen = OpenYes
		if w.When != AnyTime || !w.At.IsZero() {
			r.Why = append(r.Why, fault.Message{Key: "organization.why.open"})
		}
	}
}

// open says whether hours hold what was asked for.
func (w Want) open(set schedule.Set, now time.Time) bool {
	switch w.When {
	case Evening, Weekend:
		return slices.ContainsFunc(set.Between(now, now.Add(ahead)), func(s schedule.Span) bool {
			const fivePM = 17
			day := s.Start.Weekday()
			if w.When == Weekend {
				return day == time.Saturday || day == time.Sunday
			}
			return s.Start.Hour() >= fivePM || s.End.After(time.Date(s.Start.Year(), s.Start.Month(), s.Start.Day(), fivePM, 0, 0, 0, s.Start.Location()))
		})
	case AnyTime, Now:
	}
	return set.OpenAt(now)
}

// better puts first what answers more of what was said, then what is open when
// it is wanted, then what is near.
func better(a, b rank) int {
	open := map[Open]int{OpenYes: 0, OpenUnknown: 1, OpenNo: 2}
	return cmp.Or(b.fit-a.fit, open[a.OpenThen]-open[b.OpenThen], a.near-b.near, cmp.Compare(a.far, b.far),
		strings.Compare(db.Fold(a.Name), db.Fold(b.Name)), strings.Compare(a.ID, b.ID))
}
