package setupweb

import (
	"net/http"
	"slices"

	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/web/page"
)

type aboutPage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) about(w http.ResponseWriter, r *page.Request) error {
	in, err := p.Initiatives.Get(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	d := initiative.DraftOf(in)
	f := page.NewForm().Set("name", d.Name).Set("purpose", d.Purpose).Set("about", d.About).Set("slug", d.Slug).
		Set("langs", d.Langs...).Set("zone", d.Zone).Set("help_phone", d.HelpPhone).Set("emergency", d.Emergency).
		Set("answer_days", d.AnswerDays).Set("started_on", d.StartedOn)
	for lang, said := range d.Purposes {
		f.Set(initiative.PurposeField(lang), said)
	}
	return showAbout(w, r, http.StatusOK, f)
}

func showAbout(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	return page.Render(w, r, status, aboutView(aboutPage{base(r, "setup.about.title"), f}))
}

func (p *Pages) saveAbout(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	in, err := p.Initiatives.Edit(r.Context(), r.Who, r.In.ID, readInitiative(f))
	if refused(f, err) {
		return showAbout(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	r.In.Slug = in.Slug // the address may be another now
	return page.Redirect(w, r, r.Path("setup"), "setup.saved")
}

// readInitiative reads the fields that the pages for making and for changing
// an initiative share.
func readInitiative(f *page.Form) initiative.Draft {
	purposes := initiative.Words{}
	for _, lang := range i18n.Langs() {
		purposes[lang] = f.Text(initiative.PurposeField(lang))
	}
	return initiative.Draft{
		Name: f.Text("name"), Purpose: f.Text("purpose"), Purposes: purposes, About: f.Text("about"), Slug: f.Text("slug"),
		Langs: f.Ticks("langs"), Zone: f.Text("zone"), HelpPhone: f.Text("help_phone"), Emergency: f.Text("emergency"),
		AnswerDays: f.Text("answer_days"), StartedOn: f.Text("started_on"),
		Steward: f.Text("steward"), Place: f.Text("place"),
	}
}

// further are the initiative's languages after the first.
func further(b page.Base) []i18n.Lang {
	langs := b.In().Langs
	return langs[min(1, len(langs)):]
}

// langOptions are the languages to offer. Those of the initiative come first,
// as they stand: the first one is what is used when nothing else fits.
func langOptions(b page.Base) []page.Option {
	langs := slices.Clone(b.In().Langs)
	for _, l := range i18n.Langs() {
		if !slices.Contains(langs, l) {
			langs = append(langs, l)
		}
	}
	return page.LangOptions(langs)
}

// zoneOptions are the time zones, with the one that is set already.
func zoneOptions(b page.Base, f *page.Form) []page.Option {
	all := []page.Option{{Label: b.T("setup.about.zone")}}
	for _, zone := range initiative.Zones() {
		all = append(all, page.Option{Value: zone, Label: zone})
	}
	if set := f.Text("zone"); set != "" && !slices.Contains(initiative.Zones(), set) {
		all = append(all, page.Option{Value: set, Label: set})
	}
	return all
}
