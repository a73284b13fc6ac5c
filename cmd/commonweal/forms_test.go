package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"commonweal/internal/web/htmlcheck"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// form is a form as a page shows it.
type form struct {
	htmlcheck.Form
	by string // who of the cast it was shown to
}

func isPage(a webtest.Answer) bool {
	return a.Status/100 != 3 && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html")
}

// forms are the forms of a page that send something.
func forms(a webtest.Answer) []htmlcheck.Form {
	if !isPage(a) {
		return nil
	}
	return a.Doc.Forms()
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// index finds the route of a request.
type index struct{ mux *http.ServeMux }

func indexOf(routes []page.Route) index {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.HandleFunc(r.Pattern, func(http.ResponseWriter, *http.Request) {})
	}
	return index{mux}
}

// of is the pattern of the route that answers, or "".
func (x index) of(method, target string) string {
	path, _, _ := strings.Cut(target, "?")
	_, pattern := x.mux.Handler(httptest.NewRequest(method, path, nil))
	return pattern
}

// harvest collects one form for each route that takes one, from the pages that
// those see who may use it.
func (g *stage) harvest(t *testing.T) map[string]form {
	t.Helper()
	x, all := indexOf(g.routes), map[string]form{}
	needs := map[string]string{}
	for _, r := range g.routes {
		needs[r.Pattern] = fits(r.Need)
	}
	for _, r := range g.routes {
		if r.Method() != http.MethodGet {
			continue
		}
		for _, who := range []string{visitor, resident, owner, steward, operator} {
			b := g.as(who)
			a := b.Get(r.Example)
			if class(a) != "in" {
				a = landed(b, a)
			}
			for _, f := range forms(a) {
				pattern := x.of(http.MethodPost, f.Action)
				if have, ok := all[pattern]; ok && (have.by == needs[pattern] || who != needs[pattern]) {
					continue
				}
				all[pattern] = form{f, who}
			}
		}
	}
	return all
}
