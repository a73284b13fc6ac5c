package htmlcheck

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Sound reports everything on a page that is wrong whatever the page is about:
// what keeps a screen reader, an old browser or our own content policy from
// working, and sentences that are missing.
func Sound(t testing.TB, page string) {
	t.Helper()
	for _, fault := range Faults(t, page) {
		t.Error(fault)
	}
}

// missingKey is what a catalogue gives for a sentence it doesn't have.
var missingKey = regexp.MustCompile(`\[[a-z0-9]+(\.[a-z0-9]+)+[\]:]`)

// Faults are what Sound reports.
func Faults(t testing.TB, page string) []string {
	t.Helper()
	d := Parse(t, page)
	c := &checker{doc: d, ids: map[string]int{}}
	c.frame()
	for n := range d.root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			c.element(n)
		case html.TextNode:
			if key := missingKey.FindString(n.Data); key != "" {
				c.say("no sentence for %s", key)
			}
		}
	}
	for id, times := range c.ids {
		if times > 1 {
			c.say("id %q stands %d times", id, times)
		}
	}
	for _, ref := range c.refs {
		if c.ids[ref[1]] == 0 {
			c.say("%s leads to #%s, which isn't there", ref[0], ref[1])
		}
	}
	return c.faults
}

type checker struct {
	doc    Doc
	ids    map[string]int
	refs   [][2]string // what refers, to which id
	level  int         // of the last heading
	faults []string
}

func (c *checker) say(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) frame() {
	if c.doc.Text("title") == "" {
		c.say("no title")
	}
	if c.doc.Attr("html", "lang") == "" {
		c.say("no language")
	}
	if n := len(c.doc.All("h1")); n != 1 {
		c.say("%d h1, want one", n)
	}
	if n := len(c.doc.All("main")); n != 1 {
		c.say("%d main, want one", n)
	}
}

func (c *checker) element(n *html.Node) {
	if id := attr(n, "id"); id != "" {
		c.ids[id]++
	}
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			c.say("<%s %s=%q> is inline", n.Data, a.Key, a.Val)
		case a.Key == "for", a.Key == "aria-labelledby", a.Key == "aria-describedby":
			for id := range strings.FieldsSeq(a.Val) {
				c.refs = append(c.refs, [2]string{n.Data + " " + a.Key, id})
			}
		case a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#':
			c.refs = append(c.refs, [2]string{"a link", a.Val[1:]})
		case missingKey.MatchString(a.Val):
			c.say("no sentence for %s in %s", a.Val, a.Key)
		}
	}
	switch n.Data {
	case "style":
		c.say("a style element")
	case "script":
		if !has(n, "src") {
			c.say("an inline script")
		}
	case "h1", "h2", "h3", "h4", "h5", "h6":
		c.heading(n)
	case "input", "select", "textarea":
		c.control(n)
	case "a", "button":
		if c.name(n) == "" {
			c.say("a %s without words", n.Data)
		}
	case "img":
		if !has(n, "alt") {
			c.say("a picture without alt: %s", attr(n, "src"))
		}
	case "svg":
		if attr(n, "aria-hidden") != "true" && c.name(n) == "" && attr(n, "aria-labelledby") == "" {
			c.say("a drawing that neither says what it is nor is hidden")
		}
	}
}

func (c *checker) heading(n *html.Node) {
	level := int(n.Data[1] - '0')
	if level > c.level+1 && c.level > 0 {
		c.say("%s %q follows h%d", n.Data, Text(n), c.level)
	}
	c.level = level
}

func (c *checker) control(n *html.Node) {
	if kind := attr(n, "type"); kind == "hidden" || kind == "submit" {
		return
	}
	if id := attr(n, "id"); id != "" && len(c.doc.All("label[for="+id+"]")) > 0 {
		return
	}
	for up := range n.Ancestors() {
		if up.Data == "label" && Text(up) != "" {
			return
		}
	}
	if attr(n, "aria-label") == "" {
		c.say("%s %q has no label", n.Data, attr(n, "name"))
	}
}

func (c *checker) name(n *html.Node) string {
	if label := attr(n, "aria-label"); label != "" {
		return label
	}
	return Text(n)
}
