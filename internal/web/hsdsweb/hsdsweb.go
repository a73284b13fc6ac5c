// Package hsdsweb is the read API of the Human Services Data Specification
// (HSDS 3.0): the services near by, for other programs. It gives what anybody
// sees on the pages, and nobody's name but the contact that an organization
// gives of itself.
package hsdsweb

import (
	"encoding/json"
	"net/http"
	"strconv"

	"commonweal/internal/access"
	"commonweal/internal/exchange/hsds"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// API is the read API.
type API struct {
	Directory *hsds.Service

	// Example is what stands in the examples of routes whose path holds an id.
	Example Example
}

// Example are ids that exist in the demo, by the name in the path; one that is
// missing leads nowhere.
type Example map[string]string

// names are the lists of the API, in the order of the standard.
var names = []string{"services", "organizations", "taxonomies", "taxonomy_terms", "service_at_locations"}

const (
	root = "/i/{initiative}/api/hsds"
	demo = "/i/riverside/api/hsds"
)

// Routes are the rows of the route table.
func (a *API) Routes() []page.Route {
	routes := []page.Route{
		{Pattern: "GET " + root, Need: access.Anyone, Public: true, Handle: a.base, Example: demo},
		{Pattern: "GET " + root + "/openapi.json", Need: access.Anyone, Public: true, Handle: a.openapi, Example: demo + "/openapi.json"},
	}
	// Whatever else a program asks for here is answered in JSON, as it expects.
	routes = append(routes, page.Route{Pattern: "GET " + root + "/{unknown...}", Need: access.Anyone, Handle: unknown, Example: demo + "/none"})
	for _, name := range names {
		id := a.Example[name]
		if id == "" {
			id = "none"
		}
		entity := hsds.Entities[name]
		routes = append(
			routes,
			page.Route{Pattern: "GET " + root + "/" + name, Need: access.Anyone, Handle: a.list(entity), Example: demo + "/" + name},
			page.Route{Pattern: "GET " + root + "/" + name + "/{id}", Need: access.Anyone, Public: true, Handle: a.one(entity), Example: demo + "/" + name + "/" + id},
		)
	}
	return routes
}

// base says what this is.
func (a *API) base(w http.ResponseWriter, r *page.Request) error {
	return write(w, http.StatusOK, map[string]string{
		"version": "3.0", "profile": "https://docs.openreferral.org/en/3.0/",
		"openapi_url": r.Site.Base + r.Path("api", "hsds", "openapi.json"),
	})
}

// unknown says that there is no such list.
func unknown(w http.ResponseWriter, r *page.Request) error { return refuse(w, r, fault.ErrNotFound) }

// one gives one document, whole.
func (a *API) one(entity string) page.Handler {
	return func(w http.ResponseWriter, r *page.Request) error {
		q := query{values: r.URL.Query()}
		services := entity == "organization" && q.truth("full_service")
		if q.wrong != nil {
			return refuse(w, r, q.wrong)
		}
		doc, err := a.Directory.Get(r.Context(), r.In.ID, entity, r.PathValue("id"), services)
		if err != nil {
			return refuse(w, r, err)
		}
		return write(w, http.StatusOK, doc)
	}
}

// list gives a page of a list, or all of it as one document on each line.
func (a *API) list(entity string) page.Handler {
	return func(w http.ResponseWriter, r *page.Request) error {
		want, lines, err := read(r.URL.Query())
		if err != nil {
			return refuse(w, r, err)
		}
		if lines {
			return a.stream(w, r, entity, want)
		}
		p, err := a.Directory.List(r.Context(), r.In.ID, entity, want)
		if err != nil {
			return refuse(w, r, err)
		}
		return write(w, http.StatusOK, p)
	}
}

// stream sends a whole list as it is read. What fails when some of it is out
// breaks the connection, so that nobody takes a part for the whole.
func (a *API) stream(w http.ResponseWriter, r *page.Request, entity string, want hsds.Query) error {
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	out := json.NewEncoder(w)
	var failed error
	err := a.Directory.Each(r.Context(), r.In.ID, entity, want, func(docs []hsds.Doc) bool {
		for _, d := range docs {
			if failed = out.Encode(d); failed != nil {
				return false
			}
		}
		return true
	})
	if err == nil {
		err = failed
	}
	return err
}

// write sends JSON.
func write(w http.ResponseWriter, status int, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, err = w.Write(append(text, '\n'))
	return err
}

// refuse says in JSON what a program asked wrongly, and what it can do. What
// isn't its fault is for the guards, who log it.
func refuse(w http.ResponseWriter, r *page.Request, err error) error {
	status, said := 0, fault.Message{}
	switch {
	case fault.Is(err, fault.NotFound):
		status, said = http.StatusNotFound, fault.Message{Key: "hsds.api.notfound"}
	case fault.Is(err, fault.Invalid):
		status, said = http.StatusBadRequest, fault.Says(err, "hsds.api.notfound")
	default:
		return err
	}
	return write(w, status, map[string]any{"error": map[string]string{
		"status": strconv.Itoa(status), "code": said.Key, "message": i18n.In(r.Lang).Say(said),
	}})
}
