// Package mineweb is somebody's own page in an initiative: what they said and
// what came of it, what they can share, who may see it and who has looked, and
// every way to change it, to take it along, or to have it erased.
package mineweb

import (
	"net/http"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/gift"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

// Pages are somebody's own pages.
type Pages struct {
	Conversations *conversation.Service
	Gifts         *gift.Service
	People        *people.Service
	Places        *place.Service
}

// Routes are the rows of the route table. Whoever is nobody in the initiative
// finds none of them.
func (p *Pages) Routes() []page.Route {
	return []page.Route{
		get("", p.me),
		post("/edit", p.edit), post("/change", p.change), post("/erase", p.erase), post("/thank", p.thank), post("/help", p.help), post("/call", p.call),

		get("/gift", p.newGift), post("/gift", p.addGift),
		post("/gift/change", p.changeGift), post("/gift/still", p.still), post("/gift/past", p.past),

		get("/about", p.about), post("/about", p.saveAbout),
		get("/contact", p.newContact), post("/contact", p.addContact), post("/contact/remove", p.removeContact),
		post("/agree", p.agree), post("/withdraw", p.withdraw), post("/pause", p.pause),

		post("/copy", p.take),
		get("/forget", p.askForget), post("/forget", p.forget),
	}
}

// mine is the path of the page; the others lie below it.
const mine = "/i/{initiative}/me"

func get(path string, h page.Handler) page.Route {
	return page.Route{Pattern: http.MethodGet + " " + mine + path, Need: access.Belong, Private: true, Handle: h, Example: "/i/riverside/me" + path}
}

func post(path string, h page.Handler) page.Route {
	return page.Route{Pattern: http.MethodPost + " " + mine + path, Need: access.Belong, Private: true, Handle: h}
}

// self is who the visitor is here. Behind a route that asks for a membership it
// is never "".
func self(r *page.Request) string { return r.Who.Person(r.In.ID) }

// home goes back to the page, with a message.
func home(w http.ResponseWriter, r *page.Request, flash string) error {
	return page.Redirect(w, r, r.Path("me"), flash)
}

// confirmed says that somebody was asked whether they mean it.
const (
	sureField = "sure"
	sureYes   = "yes"
)
