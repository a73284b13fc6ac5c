package giftweb

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/release"
	"commonweal/internal/web/page"
)

// subject is what the release calls people by what they share.
var subject = gift.Counts().Name

// counts gives the public counts by the term they stand under today. Of two
// terms that were joined since, the larger count stays until the next day:
// rounded counts don't add up, since some people may have said both.
func counts(r release.Release, words *gift.Vocabulary) (byTerm map[string]release.Count, inOrder []string) {
	byTerm = map[string]release.Count{}
	for _, c := range r.Of(subject) {
		t, known := words.Term(c.Key)
		if _, have := byTerm[t.ID]; !known || have || tells(t, c) {
			continue
		}
		byTerm[t.ID] = c
		inOrder = append(inOrder, t.ID)
	}
	return byTerm, inOrder
}

// tells says whether the word alone would tell of somebody: that one of a few
// neighbours has lived through it. Such a word looks like one that nobody said.
func tells(t gift.Term, c release.Count) bool { return c.Hidden && t.Kind == gift.Experience }

// shows says whether there is a number to show.
func shows(c release.Count) bool { return !c.Hidden && c.N > 0 }

type listPage struct {
	page.Base
	Counted time.Time
	Total   release.Count
	Kinds   []kindPart
}

// kindPart is what people share of one kind.
type kindPart struct {
	Kind gift.Kind
	Most []row // with a bar each
	Few  []row // named without a number
	Left int   // how many of them are in the table alone
	All  page.Table
}

// row is one gift with its public count.
type row struct {
	Label, Path, Count string
	Share              int // of the longest bar, in percent
}

// What the page shows of each kind before its table is opened.
const (
	bars  = 6
	chips = 8
)

func (p *Pages) list(w http.ResponseWriter, r *page.Request) error {
	words, err := p.Gifts.Vocabulary(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	counted, err := p.Releases.Latest(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	b := r.Base("gifts.title")
	v := listPage{Base: b, Counted: counted.On.Time, Total: counted.Find(subject, release.Total)}
	rows := rowsByKind(b, counted, words)
	for _, k := range gift.Kinds() {
		if len(rows[k]) > 0 {
			v.Kinds = append(v.Kinds, partOf(b, k, rows[k]))
		}
	}
	return page.Render(w, r, http.StatusOK, listView(v))
}

// rowsByKind are the public counts, the largest first and the hidden last.
func rowsByKind(b page.Base, counted release.Release, words *gift.Vocabulary) map[gift.Kind][]row {
	byTerm, inOrder := counts(counted, words)
	most := 1
	if len(inOrder) > 0 {
		most = max(most, byTerm[inOrder[0]].N)
	}
	rows := map[gift.Kind][]row{}
	for _, id := range inOrder {
		t, _ := words.Term(id)
		c := byTerm[id]
		one := row{Label: capital(t.Label(b.Lang())), Path: b.Path("gifts", id), Count: c.Text()}
		if shows(c) {
			one.Share = max(2, c.N*100/most)
		}
		rows[t.Kind] = append(rows[t.Kind], one)
	}
	return rows
}

func partOf(b page.Base, k gift.Kind, rows []row) kindPart {
	part := kindPart{Kind: k, All: page.Table{
		Caption: b.T("gifts.kind." + string(k) + ".title"),
		Columns: []page.Column{{Text: b.T("gifts.table.gift")}, {Text: b.T("gifts.table.people"), Number: true}},
	}}
	for _, one := range rows {
		part.All.Rows = append(part.All.Rows, []page.Cell{{Text: one.Label, Href: one.Path}, {Text: one.Count}})
		switch {
		case one.Share > 0 && len(part.Most) < bars:
			part.Most = append(part.Most, one)
		case one.Share == 0 && len(part.Few) < chips:
			part.Few = append(part.Few, one)
		default:
			part.Left++
		}
	}
	return part
}

// percent is the length of a bar.
func (r row) percent() string { return strconv.Itoa(r.Share) + "%" }

type findPage struct {
	page.Base
	Query  string
	Terms  []match
	People []gift.Held
}

// match is a term that was found, why, and how many share it.
type match struct {
	Label, Path, Why, Count string
}

// maxQuery is how many letters of a search are looked at and shown again.
const maxQuery = 120

// query is what somebody looks for, cut to what a search can make use of.
func query(r *page.Request) string {
	text := []rune(strings.ToValidUTF8(strings.Join(strings.Fields(r.URL.Query().Get("q")), " "), ""))
	return string(text[:min(len(text), maxQuery)])
}

func (p *Pages) find(w http.ResponseWriter, r *page.Request) error {
	v := findPage{Base: r.Base("gifts.find.title"), Query: query(r)}
	if v.Query == "" {
		return page.Render(w, r, http.StatusOK, findView(v))
	}
	found, err := p.Gifts.Search(r.Context(), r.Who, r.In.ID, v.Query, r.Lang)
	if err != nil {
		return err
	}
	words, err := p.Gifts.Vocabulary(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	counted, err := p.Releases.Latest(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	byTerm, _ := counts(counted, words)
	for _, m := range found.Terms {
		label := words.Label(m.Term, r.Lang)
		v.Terms = append(v.Terms, match{
			Label: capital(label), Path: r.Path("gifts", m.Term), Why: why(v.Base, m, label), Count: peopleText(v.Base, byTerm[m.Term]),
		})
	}
	v.People = found.People
	return page.Render(w, r, http.StatusOK, findView(v))
}

// why says how a term was found. A word in another language than the page's is
// one more way to say it.
func why(b page.Base, m gift.Match, label string) string {
	if m.Fit == gift.Exact {
		if m.Word == label {
			return ""
		}
		m.Fit = gift.Synonym
	}
	return b.T(m.Fit.SentenceKey(), i18n.Args{"word": m.Word, "term": label})
}

// peopleText says how many people share something, as the public may know.
func peopleText(b page.Base, c release.Count) string {
	switch {
	case c.Hidden:
		return b.T("gifts.people.small")
	case c.N == 0:
		return b.T("gifts.people.none")
	}
	return b.T("gifts.people.about", i18n.Args{"n": c.N})
}

type termPage struct {
	page.Base
	Term     gift.Term
	Count    release.Count
	Counted  time.Time
	Wider    *gift.Term
	Narrower []gift.Term
	Known    *gift.TermPage // for those who may see people
	More     string
}

func (p *Pages) term(w http.ResponseWriter, r *page.Request) error {
	words, err := p.Gifts.Vocabulary(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	t, known := words.Term(r.PathValue("term"))
	if !known {
		return fault.ErrNotFound
	}
	if t.ID != r.PathValue("term") {
		http.Redirect(w, r.Request, r.Path("gifts", t.ID), http.StatusSeeOther)
		return nil
	}
	counted, err := p.Releases.Latest(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	byTerm, _ := counts(counted, words)
	v := termPage{
		Base: r.Base("gifts.title").Titled(capital(t.Label(r.Lang))),
		Term: t, Count: byTerm[t.ID], Counted: counted.On.Time,
	}
	v.Wider, v.Narrower = around(words, t, r.Lang)
	if r.Who.May(r.In.ID, access.Converse) {
		if err := p.holders(r, &v); err != nil {
			return err
		}
	}
	return page.Render(w, r, http.StatusOK, termView(v))
}

// around are the wider term of a term, and the narrower ones.
func around(words *gift.Vocabulary, t gift.Term, lang i18n.Lang) (wider *gift.Term, narrower []gift.Term) {
	if up, known := words.Term(t.Parent); known {
		wider = &up
	}
	for _, other := range words.Terms(lang) {
		if other.Parent == t.ID {
			narrower = append(narrower, other)
		}
	}
	return wider, narrower
}

// holders puts on a term's page who shares it, as far as the actor may know.
func (p *Pages) holders(r *page.Request, v *termPage) error {
	known, err := p.Gifts.ByTerm(r.Context(), r.Who, r.In.ID, v.Term.ID, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	v.Known = &known
	if known.More != "" {
		v.More = r.Path("gifts", v.Term.ID) + "?after=" + known.More
	}
	return nil
}

// saying is how a term is said in one language.
type saying struct {
	Lang  i18n.Lang
	Words []string
}

// sayings are the ways to say a term, those of the page's language first and
// without the one that is the page's heading.
func (p termPage) sayings() (all []saying) {
	for _, lang := range langs(p.Base) {
		w := p.Term.Words[lang]
		words := w.Synonyms
		if lang != p.Lang() && w.Label != "" {
			words = append([]string{w.Label}, words...)
		}
		if len(words) > 0 {
			all = append(all, saying{lang, words})
		}
	}
	return all
}

// langs are the languages that we speak, the page's first.
func langs(b page.Base) []i18n.Lang {
	all := []i18n.Lang{b.Lang()}
	for _, lang := range i18n.Langs() {
		if lang != b.Lang() {
			all = append(all, lang)
		}
	}
	return all
}
