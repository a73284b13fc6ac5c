package web

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// What a guard refuses for. The page that says so is made in refuse.
var (
	errCrossOrigin = errors.New("web: the request comes from another site")
	errSignedOut   = errors.New("web: a visitor asks for what needs an account")
	errMethod      = errors.New("web: the path has no such method")
)

// tooFast refuses somebody who asks too often, for a while.
type tooFast struct{ wait time.Duration }

func (e tooFast) Error() string { return fmt.Sprintf("web: too many requests, wait %s", e.wait) }

// guarded passes a request through every guard to its handler. The order is
// from cheap to dear: nobody is looked up in the store for a request that is
// refused anyway.
func (s *site) guarded(w http.ResponseWriter, r *page.Request) error {
	from := s.client(r.Request)
	s.speak(r)
	if !r.Route.OneClick && s.cross.Check(r.Request) != nil {
		return errCrossOrigin
	}
	pardon, err := s.limits.ask(s.Now(), from, r.Route)
	if err != nil {
		return err
	}
	version, err := s.enter(r)
	if err != nil {
		return err
	}
	s.prefer(w, r)
	if old := r.PathValue("initiative"); old != "" && old != r.In.Slug && !r.Route.OneClick { // no mail program follows
		return moved(w, r)
	}
	if r.Route.Public && !personal(r) {
		return s.public(w, r, version)
	}
	if err := s.recognise(w, r, from); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	err = r.Route.Handle(w, r)
	if r.Known {
		pardon()
	}
	return err
}

// enter finds the initiative that the path names, and its version.
func (s *site) enter(r *page.Request) (version string, err error) {
	slug := r.PathValue("initiative")
	if slug == "" {
		if r.Route.Public {
			return s.Version(r.Context(), "")
		}
		return "", nil
	}
	r.In, version, err = s.places.enter(r.Context(), slug)
	return version, err
}

// moved sends whoever follows an old address to the present one. It isn't
// permanent: a name may come back.
func moved(w http.ResponseWriter, r *page.Request) error {
	u := *r.URL
	u.Path, u.RawPath = "/i/"+r.In.Slug+u.Path[len("/i/"+r.PathValue("initiative")):], ""
	http.Redirect(w, r.Request, u.RequestURI(), http.StatusTemporaryRedirect)
	return nil
}

// personal says whether an answer could depend on who asks, or carries a
// message for them alone.
func personal(r *page.Request) bool {
	return page.SessionToken(r) != "" || page.HasFlash(r)
}

// recognise finds out who asks and whether they may.
func (s *site) recognise(w http.ResponseWriter, r *page.Request, from string) error {
	if token := page.SessionToken(r); token != "" && !r.Route.OneClick {
		who, err := s.Actor(r.Context(), token)
		if err != nil {
			return err
		}
		r.Who = who
	}
	if err := s.limits.write(s.Now(), from, r); err != nil {
		return err
	}
	if !r.Who.May(r.In.ID, r.Route.Need) {
		if !r.Who.IsSignedIn() {
			return errSignedOut
		}
		return fault.ErrNotFound
	}
	r.Flash = page.TakeFlash(w, r)
	return nil
}

// How a visitor's wishes are asked for and kept. They are no secrets and say
// nothing about who they are.
const (
	langName    = "lang"
	lettersName = "letters"
	wishSeconds = 365 * 24 * 3600
)

// speak chooses a language before anything can go wrong, so that a refusal is
// in the right one; prefer chooses again among the initiative's.
func (s *site) speak(r *page.Request) {
	r.Lang = wanted(r, nil)
	r.SaveData = r.Header.Get("Save-Data") == "on"
	r.Letters = cookieOf(r.Request, lettersName) == "clear"
}

// wanted is the language asked for in the address, else the one kept on the
// browser, else what the browser accepts.
func wanted(r *page.Request, offered []i18n.Lang) i18n.Lang {
	if r.URL.RawQuery != "" {
		if lang := i18n.Lang(r.URL.Query().Get(langName)); i18n.Known(lang) {
			return lang
		}
	}
	if lang := i18n.Lang(cookieOf(r.Request, langName)); i18n.Known(lang) {
		return lang
	}
	return spoken(r.Header.Get("Accept-Language"), offered)
}

// prefer takes the wishes in the address (?lang=es, ?letters=clear), keeps
// them on the browser, and takes them out of the address, so that one page has
// one address.
func (s *site) prefer(w http.ResponseWriter, r *page.Request) {
	r.Lang = wanted(r, r.In.Langs)
	r.Back = s.back(r)
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.URL.RawQuery == "" {
		return
	}
	q := r.URL.Query()
	if i18n.Known(i18n.Lang(q.Get(langName))) {
		s.keepWish(w, langName, q.Get(langName))
	}
	switch wish := q.Get(lettersName); wish {
	case "clear", "usual":
		s.keepWish(w, lettersName, wish)
		r.Letters = wish == "clear"
	}
	if !q.Has(langName) && !q.Has(lettersName) {
		return
	}
	q.Del(langName)
	q.Del(lettersName)
	u := *r.URL
	u.RawQuery = q.Encode()
	r.Request = r.WithContext(r.Context())
	r.URL = &u
}

func (s *site) keepWish(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: wishSeconds,
		Secure: s.page.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// back is where a GET shows the page that answers this request, or "" when
// this is a GET.
func (s *site) back(r *page.Request) string {
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return ""
	case s.gets[r.Route.Path()]:
		return r.URL.Path
	}
	return r.Path()
}
