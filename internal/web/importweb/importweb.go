// Package importweb is the way in for what people already have in files, one
// small step at a time: choose the file, say what each table is, see what will
// happen, bring it in, and take it back if it was wrong. All of it works
// without a script, on a phone.
package importweb

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"commonweal/internal/access"
	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/web/page"
)

// Pages are the wizard.
type Pages struct {
	Exchange *exchange.Service

	// Example are batches that exist in the demo, for the examples of routes.
	Example Example
}

// Example are ids that exist in the demo; an empty one leads nowhere.
type Example struct {
	Open string // a file that waits
	In   string // one that was brought in
}

// Routes are the rows of the route table.
func (p *Pages) Routes() []page.Route {
	open, in := cmp.Or(p.Example.Open, "example"), cmp.Or(p.Example.In, "example")
	upload := steer("POST", "", p.upload, "")
	upload.Upload = exchange.MaxFile + 1<<20
	return []page.Route{
		steer("GET", "", p.list, "/"), upload,
		steer("GET", "/{batch}", p.batch, "/"+open),
		steer("GET", "/{batch}/tables/{n}", p.table, "/"+open+"/tables/0"),
		steer("POST", "/{batch}/tables/{n}", p.saveTable, ""),
		steer("GET", "/{batch}/plan", p.plan, "/"+open+"/plan"),
		steer("POST", "/{batch}/plan", p.decide, ""),
		steer("POST", "/{batch}/start", p.start, ""),
		steer("GET", "/{batch}/undo", p.askUndo, "/"+in+"/undo"),
		steer("POST", "/{batch}/undo", p.undo, ""),
		steer("POST", "/{batch}/drop", p.drop, ""),
	}
}

func steer(method, path string, h page.Handler, example string) page.Route {
	r := page.Route{Pattern: method + " /i/{initiative}/import" + path, Need: access.Steer, Private: true, Handle: h}
	if method == http.MethodGet {
		r.Example = "/i/riverside/import"
		if example != "/" {
			r.Example += example
		}
	}
	return r
}

// base begins a page; its tab tells no more than that something is brought in.
func base(r *page.Request, titleKey string) page.Base {
	return r.Base(titleKey).Neutral("import.tab")
}

// conflict is the sentence of something that can't be done as things stand.
func conflict(err error) (fault.Message, bool) {
	why, ok := errors.AsType[*fault.Error](err)
	if !ok || why.Kind != fault.Conflict {
		return fault.Message{}, false
	}
	return why.Message, true
}

// number reads a number of the path.
func number(r *page.Request, name string) (int, error) {
	n, err := strconv.Atoi(r.PathValue(name))
	if err != nil {
		return 0, fault.ErrNotFound
	}
	return n, nil
}
