package web

import (
	"log/slog"
	"net/http"

	"commonweal/internal/web/page"
)

// leave is the quick exit: it signs this device out, empties the browser's
// store of our pages, and goes to a page about nothing. What Back shows then
// is the sign-in page. It can't empty the list of pages visited, and the
// privacy page says so. It works when nothing else does: a store that fails
// must not hold somebody here.
func (s *site) leave(w http.ResponseWriter, hr *http.Request) {
	r := s.request(hr, page.Route{Pattern: hr.Pattern})
	s.speak(r)
	if s.cross.Check(hr) != nil {
		s.refuse(w, r, errCrossOrigin)
		return
	}
	if err := s.signOut(r); err != nil {
		s.Log.LogAttrs(r.Context(), slog.LevelError, "leave", slog.String("error", err.Error()))
	}
	page.ClearSession(w, r)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Clear-Site-Data", `"cache"`) // not "storage": a connector's unsent conversations are there
	h.Set("Referrer-Policy", "no-referrer")
	// A redirect would be refused by form-action; this also takes this page's
	// place in the browser's history.
	h.Set("Refresh", "0; url="+s.ExitTo)
	if err := page.Render(w, r, http.StatusOK, leavingView(r.Base("page.leaving"), s.ExitTo)); err != nil {
		s.refuse(w, r, err)
	}
}

func (s *site) signOut(r *page.Request) error {
	token := page.SessionToken(r)
	if token == "" {
		return nil
	}
	who, err := s.Actor(r.Context(), token)
	if err != nil || !who.IsSignedIn() {
		return err
	}
	return s.SignOut(r.Context(), who)
}
