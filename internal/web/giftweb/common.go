package giftweb

import (
	"net/http"

	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

type commonPage struct {
	page.Base
	All []gift.Common
}

func (p *Pages) common(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Gifts.InCommon(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, commonView(commonPage{r.Base("gifts.common.title"), all}))
}

// names is how many people a list names before it counts the rest.
const names = 6

// first are the people whom a list names.
func first(c gift.Common) []gift.Holder { return c.People[:min(names, len(c.People))] }

type draftPage struct {
	page.Base
	Common gift.Common
	Form   *page.Form
	Langs  []i18n.Lang // in which else the text can be drafted
}

// draftedIn is the language of a draft: the one asked for, or the page's.
func draftedIn(r *page.Request, asked string) i18n.Lang {
	if lang := i18n.Lang(asked); i18n.Known(lang) {
		return lang
	}
	return r.Lang
}

func (p *Pages) draft(w http.ResponseWriter, r *page.Request) error {
	c, err := p.Gifts.Sharers(r.Context(), r.Who, r.In.ID, r.PathValue("term"))
	if err != nil {
		return err
	}
	if c.Term.ID != r.PathValue("term") {
		http.Redirect(w, r.Request, r.Path("common", c.Term.ID), http.StatusSeeOther)
		return nil
	}
	d := gift.DraftGathering(c.Term, c.Known+c.Others, draftedIn(r, r.URL.Query().Get("text")))
	f := page.NewForm().Set("title", d.Title).Set("text", d.Text).Set("lang", string(d.Lang))
	return page.Render(w, r, http.StatusOK, draftView(drafted(r, c, f)))
}

func drafted(r *page.Request, c gift.Common, f *page.Form) draftPage {
	v := draftPage{Base: r.Base("gifts.common.title").Titled(capital(c.Term.Label(r.Lang))), Common: c, Form: f}
	for _, lang := range langs(v.Base) {
		if string(lang) != f.Text("lang") {
			v.Langs = append(v.Langs, lang)
		}
	}
	return v
}

// bring brings people together. Whoever comes second, or presses twice, is led
// to what is there already.
func (p *Pages) bring(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	term := r.PathValue("term")
	made, err := p.Gifts.BringTogether(r.Context(), r.Who, r.In.ID, term, gift.GatheringDraft{
		Title: f.Text("title"), Text: f.Text("text"), Lang: draftedIn(r, f.Text("lang")),
	})
	switch {
	case err == nil:
		return page.Redirect(w, r, r.Path("gatherings", made.ID), "gifts.gathering.made")
	case fault.Is(err, fault.Conflict):
		return page.Redirect(w, r, r.Path("gatherings"), "gift.gathering.done")
	case !f.Refused(err):
		return err
	}
	c, err := p.Gifts.Sharers(r.Context(), r.Who, r.In.ID, term)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusUnprocessableEntity, draftView(drafted(r, c, f)))
}

type gatheringsPage struct {
	page.Base
	All    []gift.Gathering
	Labels map[string]string // of terms
}

func (p *Pages) gatherings(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Gifts.Gatherings(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	words, err := p.Gifts.Vocabulary(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	v := gatheringsPage{Base: r.Base("gifts.gatherings.title"), All: all, Labels: map[string]string{}}
	for _, t := range all {
		v.Labels[t.Term] = words.Label(t.Term, r.Lang)
	}
	return page.Render(w, r, http.StatusOK, gatheringsView(v))
}

type gatheringPage struct {
	page.Base
	gift.Gathering
	Label string // of the term
}

func (p *Pages) gathering(w http.ResponseWriter, r *page.Request) error {
	t, err := p.Gifts.Gathering(r.Context(), r.Who, r.In.ID, r.PathValue("gathering"))
	if err != nil {
		return err
	}
	words, err := p.Gifts.Vocabulary(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, gatheringView(gatheringPage{
		Base: r.Base("gifts.gatherings.title").Titled(t.Title), Gathering: t, Label: words.Label(t.Term, r.Lang),
	}))
}
