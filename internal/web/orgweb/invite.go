package orgweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

// partnersAtOnce is how many partners are invited in one press: a first list
// is often some forty.
const partnersAtOnce = 60

// What the list of partners is asked for, beside a word of their names.
const (
	askTick = "tick" // tickAll or tickNone
	askPage = "page"

	tickAll  = "all"
	tickNone = "none"
)

type invitePage struct {
	page.Base
	areas
	Form     *page.Form
	Partners []organization.Partner // on this page
	Awaited  []organization.Awaited
	Word     *page.Form // what was looked for
	At, Of   int        // which page this is
	N        int        // how many there are on all pages
}

// partners are the organizations that nobody speaks for yet, to be invited in
// one press.
func (p *Pages) partners(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Organizations.Unspoken(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	f, asked := page.NewForm(), r.URL.Query().Get(askTick)
	tick := asked == tickAll || asked != tickNone && len(all) <= partnersAtOnce
	for _, one := range all {
		f.Set(of("name", one.ID), one.Name).Set(of("email", one.ID), one.Email)
		if tick && one.Email != "" {
			f.Raw.Add("invite", one.ID)
		}
	}
	return p.showPartners(w, r, http.StatusOK, all, f)
}

func (p *Pages) showPartners(w http.ResponseWriter, r *page.Request, code int, all []organization.Partner, f *page.Form) error {
	areas, err := p.areas(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	v := invitePage{Base: base(r, "orgs.invite.title"), areas: areas, Form: f}
	if v.Awaited, err = p.Organizations.Awaited(r.Context(), r.Who, r.In.ID); err != nil {
		return err
	}
	v.Word = page.NewForm().Set(askText, clip(r.URL.Query().Get(askText), 100))
	word := v.Word.Text(askText)
	all = slices.DeleteFunc(slices.Clone(all), func(one organization.Partner) bool { return !one.HasWords(word) })
	at, _ := strconv.Atoi(r.URL.Query().Get(askPage)) // what isn't a number is the first page
	v.N, v.Of = len(all), max(1, (len(all)+partnersAtOnce-1)/partnersAtOnce)
	v.At = max(1, min(at, v.Of))
	v.Partners = all[(v.At-1)*partnersAtOnce : min(v.At*partnersAtOnce, len(all))]
	return page.Render(w, r, code, partnersView(v))
}

// here is the address of a page of the list as it is narrowed now.
func (v invitePage) here(at int, tick string) string {
	q := url.Values{}
	if word := v.Word.Text(askText); word != "" {
		q.Set(askText, word)
	}
	if at > 1 {
		q.Set(askPage, strconv.Itoa(at))
	}
	if tick != "" {
		q.Set(askTick, tick)
	}
	to := v.Path("organizations", "invite")
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

// next is where the next page is, or nothing.
func (v invitePage) next() string {
	if v.At == v.Of {
		return ""
	}
	return v.here(v.At+1, "")
}

// of is a field's name in the line about one organization.
func of(field, id string) string { return field + "-" + id }

// invite invites all that are ticked.
func (p *Pages) invite(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	all, err := p.Organizations.Unspoken(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	var ticked []organization.Invitation
	for _, one := range all {
		if f.Ticked("invite", one.ID) {
			ticked = append(ticked, organization.Invitation{
				Organization: one.ID, SpokespersonDraft: organization.SpokespersonDraft{
					Name: f.Text(of("name", one.ID)), Email: f.Text(of("email", one.ID)), Job: one.Job, Lang: speaksIn(r, one),
					Asked: people.Channel(f.Text("asked")),
				},
			})
		}
	}
	if f.Faults = unready(f, ticked); len(f.Faults) > 0 {
		return p.showPartners(w, r, http.StatusUnprocessableEntity, all, f)
	}
	n, err := p.Organizations.Invite(r.Context(), r.Who, r.In.ID, ticked)
	if refused(f, err) {
		for i := range f.Faults {
			f.Faults[i].Name = numbered(f.Faults[i].Name, ticked)
		}
		return p.showPartners(w, r, http.StatusUnprocessableEntity, all, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("organizations", "invite"), "orgs.invite.done", i18n.Args{"n": n})
}

// unready says what is missing before anybody is written to.
func unready(f *page.Form, ticked []organization.Invitation) (faults []fault.Field) {
	if len(ticked) == 0 {
		faults = append(faults, fault.Field{Name: "invite", Message: fault.Message{Key: "orgs.invite.pick"}})
	}
	for _, one := range ticked {
		if one.Email == "" {
			faults = append(faults, fault.Field{Name: of("email", one.Organization), Message: fault.Message{Key: "orgs.invite.address"}})
		}
	}
	if len(ticked) > 0 && f.Text("asked") == "" {
		faults = append(faults, fault.Field{Name: "asked", Message: fault.Message{Key: "organization.asked.missing"}})
	}
	return faults
}

// numbered is the field that the room calls "email 3", the third that was
// ticked.
func numbered(name string, ticked []organization.Invitation) string {
	field, number, _ := strings.Cut(name, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		n = 1
	}
	if field == "asked" {
		return field
	}
	if n < 1 || n > len(ticked) || field != "name" && field != "email" {
		return "invite"
	}
	return of(field, ticked[n-1].Organization)
}

// speaksIn is the language of a letter: the one its page is written in, if it
// is one of ours.
func speaksIn(r *page.Request, one organization.Partner) string {
	for _, l := range r.In.Langs {
		if l == one.Lang {
			return string(l)
		}
	}
	return ""
}

// tickID is the id of the i-th tick; the first has the name of them all, so
// that the error summary leads to it.
func tickID(i int) string {
	if i == 0 {
		return "invite"
	}
	return "invite-" + strconv.Itoa(i+1)
}
