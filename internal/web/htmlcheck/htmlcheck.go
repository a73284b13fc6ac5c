// Package htmlcheck looks at a page as its reader does: what its heading says,
// whether a field has a label, whether a message stands at its field. Tests
// use it instead of comparing bytes.
package htmlcheck

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Doc is a page that has been read.
type Doc struct{ root *html.Node }

// Parse reads a page.
func Parse(t testing.TB, page string) Doc {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("html: %v", err)
	}
	return Doc{root}
}

// All are the elements that a selector finds, in the order of the page. A
// selector is like CSS: "main h1", ".field.bad input[name=email]", "#message".
func (d Doc) All(selector string) []*html.Node {
	steps := parse(selector)
	var found []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && matches(n, steps) {
			found = append(found, n)
		}
	}
	return found
}

// Text is the text of the first element that a selector finds, with single
// spaces, or "".
func (d Doc) Text(selector string) string {
	if all := d.All(selector); len(all) > 0 {
		return Text(all[0])
	}
	return ""
}

// Attr is an attribute of the first element that a selector finds, or "".
func (d Doc) Attr(selector, name string) string {
	if all := d.All(selector); len(all) > 0 {
		return attr(all[0], name)
	}
	return ""
}

// Has reports a page on which no element that the selector finds has the words.
func (d Doc) Has(t testing.TB, selector, words string) {
	t.Helper()
	var texts []string
	for _, n := range d.All(selector) {
		text := Text(n)
		if strings.Contains(text, words) {
			return
		}
		texts = append(texts, text)
	}
	t.Errorf("no %q says %q; they say %q", selector, words, texts)
}

// None reports a page on which the selector finds something.
func (d Doc) None(t testing.TB, selector string) {
	t.Helper()
	for _, n := range d.All(selector) {
		t.Errorf("there should be no %q; one says %q", selector, Text(n))
	}
}

// Text is an element's text with single spaces.
func Text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// step is one part of a selector: what an element itself must be.
type step struct {
	tag     string
	classes []string
	attrs   [][2]string // name, value; "*" is any value
}

func parse(selector string) []step {
	var steps []step
	for part := range strings.FieldsSeq(selector) {
		var s step
		for part != "" {
			end := strings.IndexAny(part[1:], ".#[") + 1
			if end == 0 {
				end = len(part)
			}
			if part[0] == '[' {
				end = strings.IndexByte(part, ']') + 1
			}
			piece := part[:end]
			part = part[end:]
			switch piece[0] {
			case '.':
				s.classes = append(s.classes, piece[1:])
			case '#':
				s.attrs = append(s.attrs, [2]string{"id", piece[1:]})
			case '[':
				name, value, found := strings.Cut(strings.Trim(piece, "[]"), "=")
				if !found {
					value = "*"
				}
				s.attrs = append(s.attrs, [2]string{name, value})
			default:
				s.tag = piece
			}
		}
		steps = append(steps, s)
	}
	return steps
}

func matches(n *html.Node, steps []step) bool {
	last := len(steps) - 1
	if last < 0 || !steps[last].is(n) {
		return false
	}
	if last == 0 {
		return true
	}
	for up := range n.Ancestors() {
		if up.Type == html.ElementNode && matches(up, steps[:last]) {
			return true
		}
	}
	return false
}

func (s step) is(n *html.Node) bool {
	if s.tag != "" && s.tag != n.Data {
		return false
	}
	classes := strings.Fields(attr(n, "class"))
	for _, c := range s.classes {
		if !slices.Contains(classes, c) {
			return false
		}
	}
	for _, a := range s.attrs {
		if !has(n, a[0]) || a[1] != "*" && attr(n, a[0]) != a[1] {
			return false
		}
	}
	return true
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
