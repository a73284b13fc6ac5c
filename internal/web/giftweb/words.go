package giftweb

import (
	"net/http"
	"slices"
	"strings"

	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

type wordsPage struct {
	page.Base
	Query  string
	Tables []page.Table // one a kind
}

// words is the list, by kind, narrowed to what somebody looks for.
func (p *Pages) words(w http.ResponseWriter, r *page.Request) error {
	words, err := p.Gifts.Vocabulary(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	gifts, err := p.under(r)
	if err != nil {
		return err
	}
	v := wordsPage{Base: r.Base("gifts.words.title"), Query: query(r)}
	terms := words.Terms(r.Lang)
	if v.Query != "" {
		terms = narrowed(words, terms, v.Query, r.Lang)
	}
	for _, k := range gift.Kinds() {
		if t := wordTable(v.Base, k, terms, gifts); len(t.Rows) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	return page.Render(w, r, http.StatusOK, wordsView(v))
}

// under says how many gifts stand under each term.
func (p *Pages) under(r *page.Request) (map[string]int, error) {
	all, err := p.Gifts.Counts(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return nil, err
	}
	gifts := make(map[string]int, len(all))
	for _, c := range all {
		gifts[c.Term] = c.Gifts
	}
	return gifts, nil
}

// narrowed are the terms that a search finds, and those whose name holds it.
func narrowed(words *gift.Vocabulary, terms []gift.Term, text string, lang i18n.Lang) []gift.Term {
	found := map[string]bool{}
	for _, m := range words.Find(text, lang) {
		found[m.Term] = true
	}
	part := strings.ToLower(text)
	return slices.DeleteFunc(terms, func(t gift.Term) bool {
		return !found[t.ID] && !slices.ContainsFunc(i18n.Langs(), func(l i18n.Lang) bool {
			return strings.Contains(strings.ToLower(t.Words[l].Label), part)
		})
	})
}

func wordTable(b page.Base, k gift.Kind, terms []gift.Term, gifts map[string]int) page.Table {
	all := langs(b)
	table := page.Table{Caption: b.T("gift.kind." + string(k)), Columns: []page.Column{{Text: b.T("gifts.words.word")}}}
	for _, lang := range all[1:] {
		table.Columns = append(table.Columns, page.Column{Text: b.T("gifts.lang.in", i18n.Args{"lang": b.T("gifts.lang." + string(lang))})})
	}
	table.Columns = append(table.Columns, page.Column{Text: b.T("gifts.words.gifts"), Number: true})
	for _, t := range terms {
		if t.Kind != k {
			continue
		}
		cells := []page.Cell{{Text: capital(t.Label(b.Lang())), Href: b.Path("words", t.ID)}}
		for _, lang := range all[1:] {
			cells = append(cells, page.Cell{Text: t.Words[lang].Label})
		}
		table.Rows = append(table.Rows, append(cells, page.Cell{Text: b.Number(gifts[t.ID])}))
	}
	return table
}

type wordPage struct {
	page.Base
	Form  *page.Form
	Term  gift.Term // zero when it is new
	Wider string
	Gifts int
	Wide  []page.Option // terms that a new one may be part of
}

func (p *Pages) newWord(w http.ResponseWriter, r *page.Request) error {
	return p.wordForm(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) wordForm(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	words, err := p.Gifts.Vocabulary(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	v := wordPage{Base: r.Base("gifts.word.new"), Form: f}
	v.Wide = []page.Option{{Label: v.T("gifts.word.alone")}}
	for _, t := range words.Terms(r.Lang) {
		if t.Parent == "" {
			v.Wide = append(v.Wide, page.Option{Value: t.ID, Label: capital(t.Label(r.Lang))})
		}
	}
	return page.Render(w, r, status, newWordView(v))
}

func (p *Pages) addWord(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	d := wordsTyped(f)
	d.Kind, d.Parent = gift.Kind(f.Text("kind")), f.Text("parent")
	t, err := p.Gifts.AddTerm(r.Context(), r.Who, r.In.ID, d)
	if err != nil {
		if !f.Refused(err) {
			return err
		}
		return p.wordForm(w, r, http.StatusUnprocessableEntity, f)
	}
	return page.Redirect(w, r, r.Path("words", t.ID), "gifts.word.added")
}

// wordsTyped reads how a term is to be said.
func wordsTyped(f *page.Form) gift.TermDraft {
	d := gift.TermDraft{Labels: map[i18n.Lang]string{}, Synonyms: map[i18n.Lang]string{}}
	for _, lang := range i18n.Langs() {
		d.Labels[lang] = f.Text("label_" + string(lang))
		d.Synonyms[lang] = f.Text("synonyms_" + string(lang))
	}
	return d
}

// one reads the term in the path, and leads on from one that was joined to
// another; then there is nothing more to answer.
func (p *Pages) one(w http.ResponseWriter, r *page.Request) (words *gift.Vocabulary, t gift.Term, led bool, err error) {
	words, err = p.Gifts.Vocabulary(r.Context(), r.In.ID)
	if err != nil {
		return nil, gift.Term{}, false, err
	}
	t, known := words.Term(r.PathValue("term"))
	if !known {
		return nil, gift.Term{}, false, fault.ErrNotFound
	}
	if led = t.ID != r.PathValue("term"); led {
		http.Redirect(w, r.Request, r.Path("words", t.ID), http.StatusSeeOther)
	}
	return words, t, led, nil
}

func (p *Pages) word(w http.ResponseWriter, r *page.Request) error {
	words, t, led, err := p.one(w, r)
	if err != nil || led {
		return err
	}
	f := page.NewForm()
	for _, lang := range i18n.Langs() {
		f.Set("label_"+string(lang), t.Words[lang].Label)
		f.Set("synonyms_"+string(lang), strings.Join(t.Words[lang].Synonyms, "\n"))
	}
	return p.showWord(w, r, http.StatusOK, words, t, f)
}

func (p *Pages) showWord(w http.ResponseWriter, r *page.Request, status int, words *gift.Vocabulary, t gift.Term, f *page.Form) error {
	gifts, err := p.under(r)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, wordView(wordPage{
		Base: r.Base("gifts.words.title").Titled(capital(t.Label(r.Lang))),
		Form: f, Term: t, Wider: words.Label(t.Parent, r.Lang), Gifts: gifts[t.ID],
	}))
}

func (p *Pages) saveWord(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	words, t, led, err := p.one(w, r)
	if err != nil || led {
		return err
	}
	if err := p.Gifts.SetWords(r.Context(), r.Who, r.In.ID, t.ID, wordsTyped(f)); err != nil {
		if !f.Refused(err) {
			return err
		}
		return p.showWord(w, r, http.StatusUnprocessableEntity, words, t, f)
	}
	return page.Redirect(w, r, r.Path("words", t.ID), "gifts.word.saved")
}

type joinPage struct {
	page.Base
	Form  *page.Form
	Term  gift.Term
	Gifts int
	Into  []page.Option
}

func (p *Pages) join(w http.ResponseWriter, r *page.Request) error {
	words, t, led, err := p.one(w, r)
	if err != nil || led {
		return err
	}
	return p.showJoin(w, r, http.StatusOK, words, t, page.NewForm())
}

func (p *Pages) showJoin(w http.ResponseWriter, r *page.Request, status int, words *gift.Vocabulary, t gift.Term, f *page.Form) error {
	gifts, err := p.under(r)
	if err != nil {
		return err
	}
	label := t.Label(r.Lang)
	v := joinPage{Base: r.Base("gifts.join.title", i18n.Args{"term": label}), Form: f, Term: t, Gifts: gifts[t.ID]}
	v.Into = []page.Option{{Label: v.T("gifts.join.choose")}}
	for _, other := range words.Terms(r.Lang) {
		if other.ID != t.ID {
			v.Into = append(v.Into, page.Option{Value: other.ID, Label: capital(other.Label(r.Lang))})
		}
	}
	return page.Render(w, r, status, joinView(v))
}

func (p *Pages) joined(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	words, t, led, err := p.one(w, r)
	if err != nil || led {
		return err
	}
	into := f.Text("into")
	if err := p.Gifts.Merge(r.Context(), r.Who, r.In.ID, t.ID, into); err != nil {
		if !f.Refused(err) {
			return err
		}
		return p.showJoin(w, r, http.StatusUnprocessableEntity, words, t, f)
	}
	return page.Redirect(w, r, r.Path("words", into), "gifts.join.done")
}
