package noticeweb

import (
	"errors"
	"mime"
	"net/http"

	"commonweal/internal/fault"
	"commonweal/internal/notice"
	"commonweal/internal/web/page"
)

// What a mail program sends when somebody presses its button: RFC 8058.
const (
	oneClickField = "List-Unsubscribe"
	oneClick      = "One-Click"
)

type stopPage struct {
	page.Base
	notice.Stopping
	Token string
	Done  bool // they have just pressed the button
}

// look shows what the link at the end of a message can do. It changes nothing:
// mail programs open links by themselves.
func (p *Pages) look(w http.ResponseWriter, r *page.Request) error {
	return p.showStop(w, r, false)
}

func (p *Pages) showStop(w http.ResponseWriter, r *page.Request, done bool) error {
	token := r.PathValue("token")
	st, err := p.opened(r)
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, stopView(stopPage{r.Base("notice.stop.title"), st, token, done}))
}

// opened is what a link opens, if it is one of this initiative.
func (p *Pages) opened(r *page.Request) (notice.Stopping, error) {
	st, err := p.Notices.Look(r.Context(), r.PathValue("token"))
	if err == nil && st.Initiative != r.In.ID {
		return notice.Stopping{}, fault.ErrNotFound
	}
	return st, err
}

// lost says that a link opens nothing, and what to do now.
func lost(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusNotFound, lostView(r.Base("notice.stop.lost")))
}

// stop ends all messages. The page shows it at once rather than lead to
// another: a mail program follows nowhere.
func (p *Pages) stop(w http.ResponseWriter, r *page.Request) error {
	if err := readOneClick(r); err != nil {
		return err
	}
	_, err := p.opened(r)
	if err == nil {
		err = p.Notices.Stop(r.Context(), r.PathValue("token"), true)
	}
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	return p.showStop(w, r, true)
}

// readOneClick refuses a request that isn't the one button. Mail programs send
// it as either kind of form.
func readOneClick(r *page.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		r.Body = http.MaxBytesReader(nil, r.Body, page.FormLimit)
		err = r.ParseMultipartForm(page.FormLimit)
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			return err
		}
	} else {
		_, err = page.ReadForm(r)
	}
	if err == nil && r.PostForm.Get(oneClickField) != oneClick {
		err = fault.New(fault.Invalid, "error.form")
	}
	if err != nil && fault.KindOf(err) == fault.Internal {
		return fault.Because(err, fault.Invalid, "error.form")
	}
	return err
}

// again lets messages come again.
func (p *Pages) again(w http.ResponseWriter, r *page.Request) error {
	return p.byLink(w, r, func(token string, _ *page.Form) (string, error) {
		return "notice.stop.started", p.Notices.Stop(r.Context(), token, false)
	})
}

func (p *Pages) muteByLink(w http.ResponseWriter, r *page.Request) error {
	return p.byLink(w, r, func(token string, f *page.Form) (string, error) {
		m, mute := which(f)
		return muted(mute), p.Notices.MuteByLink(r.Context(), token, m, mute)
	})
}

// byLink does what a button on the link's page says, and goes back to it.
func (p *Pages) byLink(w http.ResponseWriter, r *page.Request, do func(token string, f *page.Form) (flash string, err error)) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	token, flash := r.PathValue("token"), ""
	if _, err = p.opened(r); err == nil {
		flash, err = do(token, f)
	}
	if fault.Is(err, fault.NotFound) {
		return lost(w, r)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("stop", token), flash)
}
