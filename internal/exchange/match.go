package exchange

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// entry is somebody, or an organization, as far as it takes to know them again:
// one that is here, or one from an earlier row.
type entry struct {
	id   string // "" for an earlier row
	row  int
	name string
	key  string // its words, folded and sorted
	area string // id

	household, connector string
	phones               []string // last digits
	emails               []string
	sites                []string
	under18              bool

	draft any // of an earlier row, to be completed by a later one
}

// nearby is everybody known, found by name, word, telephone, e-mail and site.
type nearby struct {
	byKey, byWord, byPhone, byEmail, bySite map[string][]*entry
}

func newNearby(all []*entry) *nearby {
	n := &nearby{
		byKey: map[string][]*entry{}, byWord: map[string][]*entry{}, byPhone: map[string][]*entry{},
		byEmail: map[string][]*entry{}, bySite: map[string][]*entry{},
	}
	for _, e := range all {
		n.add(e)
	}
	return n
}

func (n *nearby) add(e *entry) {
	e.key = nameKey(e.name)
	n.byKey[e.key] = append(n.byKey[e.key], e)
	for word := range strings.FieldsSeq(e.key) {
		if len(n.byWord[word]) <= common { // past that it tells nothing
			n.byWord[word] = append(n.byWord[word], e)
		}
	}
	n.addContacts(e, e.phones, e.emails, e.sites)
}

// addContacts makes an entry known by more than it was.
func (n *nearby) addContacts(e *entry, phones, emails, sites []string) {
	for _, p := range phones {
		n.byPhone[p] = append(n.byPhone[p], e)
	}
	for _, m := range emails {
		n.byEmail[m] = append(n.byEmail[m], e)
	}
	for _, s := range sites {
		n.bySite[s] = append(n.bySite[s], e)
	}
}

// Scores: from sure on two are taken for the same, from doubt on a person is
// asked. Starting values of our own judgement.
const (
	scoreSure  = 90
	scoreDoubt = 60
)

// common is how many may share a word of their name before it tells nothing.
const common = 40

// find gives the best of those that e is like, or nil.
func (n *nearby) find(e *entry) (best *likeness) {
	e.key = nameKey(e.name)
	seen := map[*entry]bool{}
	try := func(all []*entry) {
		for _, other := range all {
			if seen[other] || other == e {
				continue
			}
			seen[other] = true
			l := compare(e, other)
			if l.score >= scoreDoubt && (best == nil || l.score > best.score) {
				best = &l
			}
		}
	}
	try(n.byKey[e.key])
	for _, p := range e.phones {
		try(n.byPhone[p])
	}
	for _, m := range e.emails {
		try(n.byEmail[m])
	}
	for _, s := range e.sites {
		try(n.bySite[s])
	}
	if best != nil && best.score >= scoreSure {
		return best
	}
	for word := range strings.FieldsSeq(e.key) {
		if some := n.byWord[word]; len(some) <= common {
			try(some)
		}
	}
	return best
}

// likeness is how much one is like another, and why.
type likeness struct {
	to    *entry
	score int
	why   []fault.Message
}

// compare says how much two are alike. The name weighs most; a telephone or an
// address that is the same makes a like name the same one, and says little
// about unlike names, since families share them.
func compare(e, other *entry) likeness {
	l := likeness{to: other}
	add := func(points int, key string) {
		l.score += points
		l.why = append(l.why, message(key))
	}
	near := 0
	switch {
	case e.key == other.key:
		add(70, "import.like.name")
		near = 3
	case within(e.key, other.key) || within(other.key, e.key):
		add(50, "import.like.part")
		near = 2
	case nearlyEqual(e.key, other.key):
		add(50, "import.like.spelling")
		near = 2
	}
	if near == 0 && len(e.sites) == 0 {
		return l
	}
	if overlap(e.phones, other.phones) {
		add(25, "import.like.phone")
	}
	if overlap(e.emails, other.emails) {
		add(30, "import.like.email")
	}
	if overlap(e.sites, other.sites) {
		add(60, "import.like.site")
	}
	if e.household != "" && e.household == other.household {
		add(20, "import.like.household")
	}
	switch {
	case e.area == "" || other.area == "":
	case e.area == other.area:
		add(5, "import.like.area")
	default:
		l.score -= 10
	}
	l.score = min(l.score, 100)
	return l
}

// like is a likeness as pages show it.
func (l *likeness) like(h *here) *Like {
	return &Like{ID: l.to.id, Row: l.to.row, Name: l.to.name, Area: h.areaNames[l.to.area], Score: l.score, Why: l.why}
}

// nameKey is a name's words, folded and sorted, so that "Lopez, María" is
// "maria lopez".
func nameKey(name string) string {
	words := strings.FieldsFunc(db.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.Sort(words)
	return strings.Join(words, " ")
}

// within says whether all words of a, two or more letters at least one of them,
// stand in b, which has more.
func within(a, b string) bool {
	some, all := strings.Fields(a), strings.Fields(b)
	if len(some) == 0 || len(some) >= len(all) || len(some) == 1 && len(all) > 2 {
		return false
	}
	for _, word := range some {
		if len(word) < 2 || !slices.Contains(all, word) {
			return false
		}
	}
	return len(some) > 1
}

// nearlyEqual says whether two names differ by a slip of the pen: one letter in
// six at most.
func nearlyEqual(a, b string) bool {
	x, y := []rune(a), []rune(b)
	longest := max(len(x), len(y))
	most := longest / 6
	if most == 0 || max(len(x), len(y))-min(len(x), len(y)) > most {
		return false
	}
	return distance(x, y, most) <= most
}

// distance counts how many letters to add, drop or change, and stops caring
// past most.
func distance(a, b []rune, most int) int {
	before := make([]int, len(b)+1)
	now := make([]int, len(b)+1)
	for j := range before {
		before[j] = j
	}
	for i := range a {
		now[0] = i + 1
		least := now[0]
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			now[j+1] = min(now[j]+1, before[j+1]+1, before[j]+cost)
			least = min(least, now[j+1])
		}
		if least > most {
			return least
		}
		before, now = now, before
	}
	return before[len(b)]
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool { return slices.Contains(b, one) })
}

// phoneKey is a telephone number as it is compared: its last nine digits, since
// some write the country and some don't; fewer than six tell nobody apart.
func phoneKey(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	if len(digits) < 6 {
		return ""
	}
	return digits[max(0, len(digits)-9):]
}

// emailKey is an e-mail address as it is compared.
func emailKey(text string) string {
	a, err := mail.ParseAddress(strings.TrimSpace(text))
	if err != nil {
		return ""
	}
	return strings.ToLower(a.Address)
}

// siteKey is a website as it is compared: its host, without www.
func siteKey(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if _, rest, found := strings.Cut(text, "://"); found {
		text = rest
	}
	host, rest, _ := strings.Cut(text, "/")
	host = strings.TrimPrefix(host, "www.")
	if !strings.Contains(host, ".") || strings.ContainsAny(host, " @") {
		return ""
	}
	if slices.Contains(shared, host) {
		host += "/" + strings.Trim(rest, "/")
	}
	return host
}

// shared are hosts on which everybody has a page: there the page counts.
var shared = []string{"facebook.com", "instagram.com", "sites.google.com", "linktr.ee", "meetup.com", "m.facebook.com"}

func some(one string) []string {
	if one == "" {
		return nil
	}
	return []string{one}
}
