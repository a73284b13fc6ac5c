package accountweb_test

import (
	"context"
	"testing"

	"commonweal/internal/account"
	"commonweal/internal/i18n"
	"commonweal/internal/web"
	"commonweal/internal/web/accountweb"
	"commonweal/internal/web/page"
)

func TestServeHasNoDemoDoor(t *testing.T) {
	h := open(t)
	h.elm(i18n.English)
	for _, r := range h.pages.Routes() {
		if r.Path() == "/demo" {
			t.Errorf("route %s exists", r.Pattern)
		}
	}
	b := h.browser(i18n.English)
	b.want(404, b.Get("/demo"))
	b.want(404, b.send("/demo", "account", "x"))
	b.see("/sign-in").Doc.None(t, "a[href=/demo]")
}

// demo gives a house with a demo's door, which lets nobody in unless invented.
func demo(t *testing.T, invented *bool, faces *[]accountweb.Face) *house {
	return open(t, func(h *house, c *web.Config) {
		c.Demo = true
		h.pages.Door = account.OpenDoor(h.accounts, func(context.Context) (bool, error) { return *invented, nil })
		h.pages.Faces = func(context.Context) ([]accountweb.Face, error) { return *faces, nil }
	})
}

func TestInTheDemoOneClickSignsIn(t *testing.T) {
	each(t, func(t *testing.T, lang i18n.Lang) {
		invented, faces := true, []accountweb.Face(nil)
		h := demo(t, &invented, &faces)
		sol, _ := h.elm(lang)
		b := h.browser(lang)
		b.see("/demo").Doc.Has(t, ".empty", b.t("account.demo.none"))
		faces = []accountweb.Face{{Account: h.signedIn(sol).Account, Name: "Sol", Key: "account.face.steward"}}
		b.see("/sign-in").Doc.Has(t, "a[href=/demo]", b.t("account.signin.demo"))
		b.see("/demo").Doc.Has(t, "button", b.t("account.demo.button", i18n.Args{"name": "Sol"}))
		b.led(b.send("/demo", "account", faces[0].Account), "/i/elm-street/day")
		b.see("/devices")
		b.want(404, b.send("/demo", "account", "nobody"))

		invented = false
		other := h.browser(lang)
		other.want(404, other.send("/demo", "account", faces[0].Account))
		other.led(other.Get("/devices"), "/sign-in?next=%2Fdevices")
	})
}

func TestExamplesArePathsOfTheirRoutes(t *testing.T) {
	pages := &accountweb.Pages{Door: &account.Door{}, Example: accountweb.Tokens{SignIn: "s", Claim: "c", First: "f", Email: "e", Device: "d", Passkey: "p"}}
	for i, r := range pages.Routes() { // web.Check wants handlers and a fitting example
		r.Handle = pages.Routes()[i].Handle
		if err := web.Check([]page.Route{r}, nil); err != nil {
			t.Error(err)
		}
	}
}
