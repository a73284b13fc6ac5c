package setupweb

import (
	"net/http"
	"slices"

	"commonweal/internal/initiative"
	"commonweal/internal/upkeep"
	"commonweal/internal/web/page"
)

type serverPage struct {
	page.Base
	All       []initiative.Initiative
	Unclaimed []string // ids of those where nobody has an account yet
	Networks  []initiative.Network
	House     []line
}

func (p *Pages) server(w http.ResponseWriter, r *page.Request) error {
	ctx := r.Context()
	v := serverPage{Base: base(r, "setup.server.title")}
	var err error
	if v.All, err = p.Initiatives.List(ctx); err != nil {
		return err
	}
	if v.Unclaimed, err = p.Upkeep.Unclaimed(ctx, r.Who); err != nil {
		return err
	}
	if v.Networks, err = p.Initiatives.Networks(ctx); err != nil {
		return err
	}
	var state upkeep.State
	if state, err = p.Upkeep.State(ctx, r.Who, ""); err != nil {
		return err
	}
	v.House = []line{backupLine(v.Base, state, r.Site.Now()), jobsLine(v.Base, state), outboxLine(v.Base, state)}
	return page.Render(w, r, http.StatusOK, serverView(v))
}

func (v serverPage) waits(in initiative.Initiative) bool { return slices.Contains(v.Unclaimed, in.ID) }

// names are those of the initiatives in a network.
func (v serverPage) members(n initiative.Network) (all []initiative.Initiative) {
	for _, in := range v.All {
		if slices.Contains(n.Initiatives, in.ID) {
			all = append(all, in)
		}
	}
	return all
}

// outside are the initiatives that aren't in a network, to choose from.
func (v serverPage) outside(n initiative.Network) (all []page.Option) {
	for _, in := range v.All {
		if !slices.Contains(n.Initiatives, in.ID) {
			all = append(all, page.Option{Value: in.ID, Label: in.Name})
		}
	}
	return all
}

type newInitiativePage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) newInitiative(w http.ResponseWriter, r *page.Request) error {
	return showNewInitiative(w, r, http.StatusOK, page.NewForm().Set("langs", string(r.Lang)))
}

func showNewInitiative(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	return page.Render(w, r, status, newInitiativeView(newInitiativePage{base(r, "setup.server.new"), f}))
}

func (p *Pages) addInitiative(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	made, err := p.Initiatives.Create(r.Context(), r.Who, readInitiative(f))
	if refused(f, err) {
		return showNewInitiative(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	keys, err := p.Upkeep.InviteFirst(r.Context(), r.Who, made.ID)
	if err != nil {
		return err
	}
	return showInvited(w, r, keys, f.Text("steward"), serverCrumb(r))
}

func serverCrumb(r *page.Request) page.Crumb {
	return page.Crumb{Text: r.Base("setup.server.title").Title(), Href: "/server"}
}

func (p *Pages) inviteFirst(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	keys, err := p.Upkeep.InviteFirst(r.Context(), r.Who, f.Text("initiative"))
	if err != nil {
		return err
	}
	return showInvited(w, r, keys, "", serverCrumb(r))
}

type networkPage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) newNetwork(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusOK, networkView(networkPage{base(r, "setup.server.network"), page.NewForm()}))
}

func (p *Pages) addNetwork(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, err = p.Initiatives.CreateNetwork(r.Context(), r.Who, initiative.NetworkDraft{Name: f.Text("name"), About: f.Text("about")})
	if refused(f, err) {
		return page.Render(w, r, http.StatusUnprocessableEntity, networkView(networkPage{base(r, "setup.server.network"), f}))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/server", "setup.saved")
}

func (p *Pages) join(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.Initiatives.Join(r.Context(), r.Who, f.Text("network"), f.Text("initiative")); err != nil {
		return err
	}
	return page.Redirect(w, r, "/server", "setup.saved")
}

func (p *Pages) leave(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.Initiatives.Leave(r.Context(), r.Who, f.Text("network"), f.Text("initiative")); err != nil {
		return err
	}
	return page.Redirect(w, r, "/server", "setup.saved")
}
