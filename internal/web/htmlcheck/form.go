package htmlcheck

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Form is a form as a page shows it, for tests that send every form there is.
type Form struct {
	Action   string // without what follows #
	Controls []Control
}

// Control is one control of a form, or one option of a list.
type Control struct {
	Name, Value string
	Kind        string // of an input; "textarea", "select", "submit"
	On          bool   // ticked, chosen, or simply there
	Max         int    // of letters, or 0
}

// Forms are the forms of a page that post something.
func (d Doc) Forms() (all []Form) {
	for _, n := range d.All("form[method=post]") {
		action, _, _ := strings.Cut(attr(n, "action"), "#")
		f := Form{Action: action}
		for c := range n.Descendants() {
			if c.Type == html.ElementNode {
				f.take(c)
			}
		}
		all = append(all, f)
	}
	return all
}

// take takes in one element of the form.
func (f *Form) take(n *html.Node) {
	limit, _ := strconv.Atoi(attr(n, "maxlength")) // 0 where there is none
	c := Control{Name: attr(n, "name"), Value: attr(n, "value"), Kind: attr(n, "type"), On: true, Max: limit}
	if c.Name == "" {
		return
	}
	switch n.Data {
	case "input":
		if c.Kind == "checkbox" || c.Kind == "radio" {
			c.On = has(n, "checked")
		}
	case "textarea":
		c.Kind, c.Value = "textarea", Text(n)
	case "button":
		c.Kind, c.On = "submit", false
	case "select":
		f.options(n, c)
		return
	default:
		return
	}
	f.Controls = append(f.Controls, c)
}

// options takes in a list to choose from; without a choice the first holds.
func (f *Form) options(n *html.Node, c Control) {
	first := len(f.Controls)
	for o := range n.Descendants() {
		if o.Data == "option" {
			c.Kind, c.Value, c.On = "select", attr(o, "value"), has(o, "selected")
			f.Controls = append(f.Controls, c)
		}
	}
	own := f.Controls[first:]
	if len(own) > 0 && !slices.ContainsFunc(own, func(c Control) bool { return c.On }) {
		own[0].On = true
	}
}

// Asks says whether there is anything in the form to fill in.
func (f Form) Asks() bool {
	return slices.ContainsFunc(f.Controls, func(c Control) bool { return c.Kind != "hidden" && c.Kind != "submit" })
}

// Blank is what a browser sends when every line was emptied and every tick
// taken away.
func (f Form) Blank() url.Values {
	v := url.Values{}
	for _, c := range f.Controls {
		if c.Kind == "hidden" {
			v.Add(c.Name, c.Value)
		}
	}
	return v
}

// Sent is what a browser sends when nothing is typed, and the button is pressed
// that the form begins with.
func (f Form) Sent() url.Values {
	v := url.Values{}
	pressed := false
	for _, c := range f.Controls {
		if c.On || c.Kind == "submit" && !pressed {
			v.Add(c.Name, c.Value)
		}
		pressed = pressed || c.Kind == "submit"
	}
	return v
}

// Lines is what a browser sends when a text was typed into every line, and
// nothing was chosen. Each line is told apart by the name of its field.
func (f Form) Lines(text string) url.Values {
	v := f.Blank()
	for _, c := range f.Controls {
		switch c.Kind {
		case "", "text", "textarea", "search", "email":
			v.Set(c.Name, short(text+" "+c.Name, c.Max))
		}
	}
	return v
}

// Typed is what a browser sends when every empty line is filled, every box
// ticked and every choice made. Each text is the word and the name of its
// field; days are the one given.
func (f Form) Typed(word string, day time.Time) url.Values {
	v := f.Sent()
	for _, c := range f.Controls {
		switch c.Kind {
		case "", "text", "textarea", "search":
			if c.Value == "" {
				v.Set(c.Name, short(word+"-"+strings.ReplaceAll(c.Name, "_", "-"), c.Max))
			}
		case "email":
			v.Set(c.Name, word+"@example.org")
		case "tel":
			v.Set(c.Name, "555-0199")
		case "number":
			v.Set(c.Name, "7")
		case "date":
			if c.Value == "" {
				v.Set(c.Name, day.Format(time.DateOnly))
			}
		case "checkbox":
			if !c.On {
				v.Add(c.Name, c.Value)
			}
		case "radio", "select":
			if v.Get(c.Name) == "" && c.Value != "" {
				v.Set(c.Name, c.Value)
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
