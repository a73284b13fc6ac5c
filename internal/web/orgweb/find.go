package orgweb

import (
	"net/http"
	"time"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/web/page"
)

const askWhen = "when"

type findPage struct {
	page.Base
	areas
	Form   *page.Form
	Sought bool // something was looked for
	Found  []organization.Found
	All    []organization.Offering // when nothing was looked for
	More   string
	Now    time.Time
}

// services finds services by what somebody needs, in either language; without
// words it lists them all.
func (p *Pages) services(w http.ResponseWriter, r *page.Request) error {
	ctx, q, f := r.Context(), r.URL.Query(), page.NewForm()
	for _, name := range [...]string{askText, askArea, askWhen} {
		f.Set(name, clip(q.Get(name), 120))
	}
	v := findPage{Base: r.Base("orgs.find.service.title"), Form: f, Sought: f.Text(askText) != "", Now: r.Site.Now()}
	var err error
	if v.areas, err = p.areas(ctx, r.In.ID); err != nil {
		return err
	}
	if !v.Sought {
		if v.All, v.More, err = p.Organizations.Offerings(ctx, r.In.ID, f.Text(askArea), q.Get(askAfter)); err != nil {
			return err
		}
		v.More = more(r, "services", f, v.More)
		return page.Render(w, r, http.StatusOK, findView(v))
	}
	v.Found, err = p.Organizations.FindServices(ctx, r.In.ID, organization.Want{
		Text: f.Text(askText), Lang: r.Lang, Area: f.Text(askArea), When: when(f.Text(askWhen)), Zone: v.Zone(),
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, findView(v))
}

// when reads a time; what isn't one is any.
func when(text string) organization.When {
	for _, w := range organization.Whens() {
		if string(w) == text {
			return w
		}
	}
	return organization.AnyTime
}

func whenOptions(b page.Base) (all []page.Option) {
	for _, w := range organization.Whens() {
		key := "any"
		if w != organization.AnyTime {
			key = string(w)
		}
		all = append(all, page.Option{Value: string(w), Label: b.T("orgs.find.when." + key)})
	}
	return all
}

// why says a reason for showing a service; a language goes by its name.
func why(b page.Base, m fault.Message) string {
	if code, ok := m.Args["lang"].(string); ok {
		m.Args = i18n.Args{"lang": b.Language(i18n.Lang(code))}
	}
	return b.Say(m)
}

// reasons are why a service is shown. That it is open then stands beside it.
func reasons(b page.Base, f organization.Found) (all []string) {
	for _, m := range f.Why {
		if m.Key != "organization.why.open" {
			all = append(all, why(b, m))
		}
	}
	return all
}

type servicePageView struct {
	page.Base
	organization.Entry
	Areas map[string]string
	Now   time.Time
}

// service is what anybody may know of one service.
func (p *Pages) service(w http.ResponseWriter, r *page.Request) error {
	one, err := p.Organizations.GetService(r.Context(), r.Who, r.In.ID, r.PathValue("service"))
	if err != nil {
		return err
	}
	areas, err := p.areas(r.Context(), r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, serviceView(servicePageView{
		Base: r.Base("orgs.service.title").Titled(one.Name), Entry: one, Areas: areas.Names, Now: r.Site.Now(),
	}))
}

// open says whether a service is open now, at one of its places.
func (v servicePageView) open() bool {
	if rules(v.Hours, v.Zone()).OpenAt(v.Now) {
		return true
	}
	for _, one := range v.Places {
		if rules(one.Hours, v.Zone()).OpenAt(v.Now) {
			return true
		}
	}
	return false
}
