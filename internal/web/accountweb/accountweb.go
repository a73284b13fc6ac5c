// Package accountweb is the door of the house: signing in and out, the devices
// that are signed in, taking up an invitation, and the very first set-up.
//
// Everything works without JavaScript by a link in a mail. Passkeys need a
// small module, which only the two pages with a passkey button load. No page
// here changes anything by being opened.
package accountweb

import (
	"context"
	"net/http"
	"slices"

	"commonweal/internal/access"
	"commonweal/internal/account"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/web/page"
)

// Pages are the pages of the door.
type Pages struct {
	Accounts    *account.Service
	Initiatives *initiative.Service

	// SpeaksFor names the organizations that a person is invited to speak for;
	// without it their invitation names none.
	SpeaksFor func(ctx context.Context, initiative, person string) ([]string, error)

	// Door and Faces make the demo's one-click sign-in. Without them there is
	// no such route.
	Door  *account.Door
	Faces func(ctx context.Context) ([]Face, error)

	// Example is what stands in the examples of routes whose path holds a token.
	Example Tokens
}

// Face is somebody invented whom one can sign in as.
type Face struct {
	Account string
	Name    string // invented, so it is no key
	Key     string // what one sees as them: "account.face.connector"
}

// Tokens are tokens of links that exist in the demo; an empty one leads to the
// page that says that a link is gone.
type Tokens struct{ SignIn, Claim, First, Email, Device, Passkey string }

func (t Tokens) path(prefix, token string) string {
	if token == "" {
		token = "example"
	}
	return prefix + token
}

// Routes are the door's rows of the route table.
func (p *Pages) Routes() []page.Route {
	return slices.Concat(p.signInRoutes(), p.deviceRoutes(), p.invitedRoutes(), p.demoRoutes())
}

func (p *Pages) signInRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /sign-in", Need: access.Anyone, Handle: p.signIn, Example: "/sign-in"},
		{Pattern: "POST /sign-in", Need: access.Anyone, Guess: true, Handle: p.askLink},
		{Pattern: "GET /sign-in/sent", Need: access.Anyone, Handle: p.sent, Example: "/sign-in/sent"},
		{Pattern: "GET /sign-in/{token}", Need: access.Anyone, Private: true, Handle: p.link, Example: p.Example.path("/sign-in/", p.Example.SignIn)},
		{Pattern: "POST /sign-in/{token}", Need: access.Anyone, Private: true, Guess: true, Handle: p.enter},
		{Pattern: "POST /sign-in/passkey", Need: access.Anyone, Guess: true, Handle: p.passkeyEnter},
		{Pattern: "POST /sign-in/passkey/ask", Need: access.Anyone, Guess: true, Handle: p.passkeyAsk},
		{Pattern: "POST /sign-out", Need: access.Anyone, Handle: p.signOut},
		{Pattern: "GET /me/initiatives", Need: access.SignedIn, Private: true, Handle: p.mine, Example: "/me/initiatives"},
	}
}

func (p *Pages) deviceRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /devices", Need: access.SignedIn, Private: true, Handle: p.devices, Example: "/devices"},
		{Pattern: "POST /devices/end", Need: access.SignedIn, Private: true, Handle: p.endDevice},
		{Pattern: "POST /devices/end-all", Need: access.SignedIn, Private: true, Handle: p.endAll},
		{Pattern: "GET /devices/{device}", Need: access.SignedIn, Private: true, Handle: p.device, Example: p.Example.path("/devices/", p.Example.Device)},
		{Pattern: "POST /devices/{device}", Need: access.SignedIn, Private: true, Handle: p.nameDevice},
		{Pattern: "POST /devices/email", Need: access.SignedIn, Private: true, Guess: true, Handle: p.askEmail},
		{Pattern: "GET /email/{token}", Need: access.Anyone, Private: true, Handle: p.email, Example: p.Example.path("/email/", p.Example.Email)},
		{Pattern: "POST /email/{token}", Need: access.Anyone, Private: true, Guess: true, Handle: p.confirmEmail},
		{Pattern: "POST /devices/passkey", Need: access.SignedIn, Private: true, Handle: p.addPasskey},
		{Pattern: "POST /devices/passkey/ask", Need: access.SignedIn, Handle: p.addPasskeyAsk},
		{Pattern: "GET /devices/passkey/{key}", Need: access.SignedIn, Private: true, Handle: p.passkey, Example: p.Example.path("/devices/passkey/", p.Example.Passkey)},
		{Pattern: "POST /devices/passkey/{key}", Need: access.SignedIn, Private: true, Handle: p.namePasskey},
		{Pattern: "POST /devices/passkey/{key}/remove", Need: access.SignedIn, Private: true, Handle: p.removePasskey},
	}
}

func (p *Pages) invitedRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /claim", Need: access.Anyone, Private: true, Handle: p.code, Example: "/claim"},
		{Pattern: "POST /claim", Need: access.Anyone, Private: true, Guess: true, Handle: p.findCode},
		{Pattern: "GET /claim/{token}", Need: access.Anyone, Private: true, Guess: true, Handle: p.claim, Example: p.Example.path("/claim/", p.Example.Claim)},
		{Pattern: "POST /claim/{token}", Need: access.Anyone, Private: true, Guess: true, Handle: p.claimed},
		{Pattern: "GET /first/{token}", Need: access.Anyone, Private: true, Handle: p.first, Example: p.Example.path("/first/", p.Example.First)},
		{Pattern: "POST /first/{token}", Need: access.Anyone, Private: true, Guess: true, Handle: p.begin},
		{Pattern: "GET /first", Need: access.SignedIn, Private: true, Handle: p.found, Example: "/first"},
		{Pattern: "POST /first", Need: access.SignedIn, Private: true, Handle: p.founded},
	}
}

func (p *Pages) demoRoutes() []page.Route {
	if p.Door == nil {
		return nil
	}
	return []page.Route{
		{Pattern: "GET /demo", Need: access.Invented, Handle: p.faces, Example: "/demo"},
		{Pattern: "POST /demo", Need: access.Invented, Handle: p.signInAs},
	}
}

// gone answers for links that were used, are too old, or never were: a page
// that says what to do now. Other errors stay what they are.
func gone(w http.ResponseWriter, r *page.Request, err error, what, to string) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return page.Render(w, r, http.StatusNotFound, goneView(gonePage{r.Base("account.gone.title"), what, to}))
}

type gonePage struct {
	page.Base
	What string // key: what to do now
	To   string // where, or ""
}

// home is where somebody goes who has just signed in and was on the way to
// nowhere in particular: to their work, if they have one place for it.
func (p *Pages) home(ctx context.Context, token, next string) (string, error) {
	if next != "/" {
		return next, nil
	}
	who, err := p.Accounts.Actor(ctx, token)
	if err != nil {
		return "", err
	}
	mine, err := p.of(ctx, who)
	if err != nil {
		return "", err
	}
	switch {
	case len(mine) == 1:
		return workplace(mine[0]), nil
	case len(mine) > 1:
		return "/me/initiatives", nil
	}
	if empty, err := p.Initiatives.IsEmpty(ctx); err != nil || !empty {
		return next, err
	}
	return "/first", nil
}

// place is an initiative that somebody belongs to.
type place struct {
	initiative.Initiative
	Kinds []access.Kind
	works bool // converses with neighbours there
}

// workplace is the page of an initiative that somebody wants first.
func workplace(in place) string {
	if in.works {
		return "/i/" + in.Slug + "/day"
	}
	return "/i/" + in.Slug
}

// of are the initiatives that somebody belongs to.
func (p *Pages) of(ctx context.Context, who access.Actor) ([]place, error) {
	all, err := p.Initiatives.List(ctx)
	if err != nil {
		return nil, err
	}
	var mine []place
	for _, in := range all {
		at := place{Initiative: in, works: who.May(in.ID, access.Converse)}
		for _, m := range who.Memberships {
			if m.Initiative == in.ID {
				at.Kinds = append(at.Kinds, m.Kind)
			}
		}
		if len(at.Kinds) > 0 {
			mine = append(mine, at)
		}
	}
	return mine, nil
}

type minePage struct {
	page.Base
	All []place
}

func (p *Pages) mine(w http.ResponseWriter, r *page.Request) error {
	mine, err := p.of(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, mineView(minePage{r.Base("account.mine.title"), mine}))
}
