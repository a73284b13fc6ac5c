// Package noticeweb is the pages about what somebody should hear: what was
// told them, how they want to hear it, the page behind the link in every
// message that ends them without signing in, and the letters that a connector
// prints and brings.
package noticeweb

import (
	"cmp"
	"net/http"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/notice"
	"commonweal/internal/web/page"
)

// Pages are the pages about notices.
type Pages struct {
	Notices *notice.Service

	// Example is what stands in the examples of routes whose path holds a token.
	Example Tokens
}

// Tokens are tokens of links that exist in the demo; an empty one leads to the
// page that says that a link is gone.
type Tokens struct{ Stop string }

// Routes are the rows of the route table.
func (p *Pages) Routes() []page.Route {
	stop := "/i/riverside/stop/" + cmp.Or(p.Example.Stop, "example")
	return []page.Route{
		{Pattern: "GET /i/{initiative}/notices", Need: access.Belong, Private: true, Handle: p.list, Example: "/i/riverside/notices"},
		{Pattern: "POST /i/{initiative}/notices/mute", Need: access.Belong, Private: true, Handle: p.mute},
		{Pattern: "GET /i/{initiative}/notices/settings", Need: access.Belong, Private: true, Handle: p.settings, Example: "/i/riverside/notices/settings"},
		{Pattern: "POST /i/{initiative}/notices/settings", Need: access.Belong, Private: true, Handle: p.choose},

		{Pattern: "GET /i/{initiative}/stop/{token}", Need: access.Anyone, Private: true, Handle: p.look, Example: stop},
		{Pattern: "POST /i/{initiative}/stop/{token}", Need: access.Anyone, Private: true, OneClick: true, Handle: p.stop},
		{Pattern: "POST /i/{initiative}/stop/{token}/again", Need: access.Anyone, Private: true, Handle: p.again},
		{Pattern: "POST /i/{initiative}/stop/{token}/mute", Need: access.Anyone, Private: true, Handle: p.muteByLink},

		{Pattern: "GET /i/{initiative}/letters", Need: access.Converse, Private: true, Handle: p.letters, Example: "/i/riverside/letters"},
		{Pattern: "POST /i/{initiative}/letters", Need: access.Converse, Private: true, Handle: p.handOver},
	}
}

type listPage struct {
	page.Base
	News []notice.News
}

// list is what somebody was told.
func (p *Pages) list(w http.ResponseWriter, r *page.Request) error {
	all, err := p.Notices.List(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, listView(listPage{r.Base("notice.list.title"), all}))
}

// Names of fields, and what a ticked one says.
const (
	kindField   = "kind"
	idField     = "id"
	muteField   = "mute"
	yes         = "yes"
	chanField   = "channel"
	rhythmField = "rhythm"
)

// which is the matter that a button is beside, and whether to mute it.
func which(f *page.Form) (m notice.Matter, mute bool) {
	return notice.Matter{Kind: f.Text(kindField), ID: f.Text(idField)}, f.Text(muteField) == yes
}

// muted is what is said afterwards.
func muted(mute bool) (flash string) {
	if mute {
		return "notice.list.nomore"
	}
	return "notice.list.again"
}

func (p *Pages) mute(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	m, mute := which(f)
	if err := p.Notices.Mute(r.Context(), r.Who, r.In.ID, m, mute); err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("notices"), muted(mute))
}

type settingsPage struct {
	page.Base
	Form    *page.Form
	Hearing notice.Hearing
}

func (p *Pages) settings(w http.ResponseWriter, r *page.Request) error {
	h, err := p.Notices.Hearing(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	f := page.NewForm().Set(chanField, string(h.By())).Set(rhythmField, string(h.Rhythm))
	return page.Render(w, r, http.StatusOK, settingsView(settingsPage{r.Base("notice.settings.title"), f, h}))
}

func (p *Pages) choose(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	h, err := p.Notices.Hearing(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	wish := notice.Preferences{Channel: notice.Channel(f.Text(chanField)), Rhythm: notice.Rhythm(f.Text(rhythmField))}
	if !slices.Contains(h.Offered(), notice.Mail) { // nobody is asked how often they want no mail
		wish.Rhythm = h.Rhythm
	}
	err = p.Notices.Choose(r.Context(), r.Who, r.In.ID, wish)
	if f.Refused(err) {
		return page.Render(w, r, http.StatusUnprocessableEntity, settingsView(settingsPage{r.Base("notice.settings.title"), f, h}))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("notices", "settings"), "notice.settings.saved")
}

// channels are the ways that somebody can choose.
func (p settingsPage) channels() (all []page.Option) {
	for _, c := range p.Hearing.Offered() {
		all = append(all, page.Option{Value: string(c), Key: "notice.channel." + string(c)})
	}
	return all
}

func rhythms() (all []page.Option) {
	for _, one := range notice.Rhythms() {
		all = append(all, page.Option{Value: string(one), Key: "notice.rhythm." + string(one)})
	}
	return all
}
