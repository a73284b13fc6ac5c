package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"commonweal/internal/web/htmlcheck"
	"commonweal/internal/web/page"
	"commonweal/internal/web/webtest"
)

// form is a form as a page shows it.
type form struct {
	action string
	on     string // path of the page
	by     string // who of the cast it was shown to
	fields []field
}

// field is one control of a form. Buttons are fields of kind "submit".
type field struct {
	name, value, kind string
	on                bool // ticked, chosen, or simply there
	max               int
}

// forms are the forms of a page that send something.
func forms(a webtest.Answer, on, by string) (all []form) {
	if !isPage(a) {
		return nil
	}
	for _, n := range a.Doc.All("form[method=post]") {
		action, _, _ := strings.Cut(attribute(n, "action"), "#")
		f := form{action: action, on: on, by: by}
		for d := range n.Descendants() {
			if d.Type == html.ElementNode {
				f.control(d)
			}
		}
		all = append(all, f)
	}
	return all
}

func isPage(a webtest.Answer) bool {
	return a.Status/100 != 3 && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// control takes in one element of the form.
func (f *form) control(n *html.Node) {
	name, value := attribute(n, "name"), attribute(n, "value")
	if name == "" {
		return
	}
	limit, _ := strconv.Atoi(attribute(n, "maxlength"))
	one := field{name: name, value: value, kind: attribute(n, "type"), on: true, max: limit}
	switch n.Data {
	case "input":
		if one.kind == "checkbox" || one.kind == "radio" {
			one.on = has(n, "checked")
		}
		f.fields = append(f.fields, one)
	case "textarea":
		one.kind, one.value = "textarea", htmlcheck.Text(n)
		f.fields = append(f.fields, one)
	case "button":
		one.kind, one.on = "submit", false
		f.fields = append(f.fields, one)
	case "select":
		f.options(n, one)
	}
}

// options takes in a list to choose from; without a choice the first holds.
func (f *form) options(n *html.Node, one field) {
	first := len(f.fields)
	chosen := false
	for d := range n.Descendants() {
		if d.Data == "option" {
			one.kind, one.value, one.on = "select", attribute(d, "value"), has(d, "selected")
			chosen = chosen || one.on
			f.fields = append(f.fields, one)
		}
	}
	if !chosen && first < len(f.fields) {
		f.fields[first].on = true
	}
}

// visible says whether there is anything in the form to fill in.
func (f *form) visible() bool {
	for _, one := range f.fields {
		if one.kind != "hidden" && one.kind != "submit" {
			return true
		}
	}
	return false
}

// sent is what a browser sends when nothing is typed, and the button is pressed
// that the form begins with.
func (f *form) sent() url.Values {
	v := url.Values{}
	pressed := false
	for _, one := range f.fields {
		if one.on || one.kind == "submit" && !pressed {
			v.Add(one.name, one.value)
		}
		pressed = pressed || one.kind == "submit"
	}
	return v
}

// typed is what a browser sends when every empty line is filled with a text,
// every box ticked and every choice made. Each line is told apart: word, then
// the name of its field.
func (f *form) typed(word string) url.Values {
	v, chosen := f.sent(), map[string]string{}
	for _, one := range f.fields {
		switch one.kind {
		case "", "text", "textarea", "search":
			if one.value == "" {
				v.Set(one.name, short(word+"-"+strings.ReplaceAll(one.name, "_", "-"), one.max))
			}
		case "email":
			v.Set(one.name, word+"@example.org")
		case "tel":
			v.Set(one.name, "555-0199")
		case "number":
			v.Set(one.name, "7")
		case "date":
			if one.value == "" {
				v.Set(one.name, noon.Format("2006-01-02"))
			}
		case "checkbox":
			if !one.on {
				v.Add(one.name, one.value)
			}
		case "radio", "select":
			if v.Get(one.name) == "" && chosen[one.name] == "" && one.value != "" {
				v.Set(one.name, one.value)
				chosen[one.name] = one.value
			}
		}
	}
	return v
}

func short(text string, limit int) string {
	if limit > 0 && len(text) > limit {
		return text[:limit]
	}
	return text
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
			a := g.as(who).Get(r.Example)
			if a.Status == http.StatusSeeOther && class(a) != "in" {
				to, _, _ := strings.Cut(a.Header.Get("Location"), "#")
				a = g.as(who).Get(to)
			}
			for _, f := range forms(a, r.Example, who) {
				pattern := x.of(http.MethodPost, f.action)
				if have, ok := all[pattern]; ok && (have.by == needs[pattern] || who != needs[pattern]) {
					continue
				}
				all[pattern] = f
			}
		}
	}
	return all
}
