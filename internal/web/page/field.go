package page

import (
	"strconv"

	"github.com/a-h/templ"

	"commonweal/internal/i18n"
)

// Field is one question of a form. Its words come from the catalogue: Key
// "person.name" has its label at person.name.label and, if there is one, its
// hint at person.name.hint.
type Field struct {
	Name string // of the control; also its id, to which the error summary leads
	Key  string
	Args i18n.Args

	Label string // instead of the catalogue's, where the label is data
	Hint  string

	Type     string // of Input: "text" unless told: tel, email, date, number, search
	Complete string // autocomplete: "name", "tel", "email"; "off" unless told
	Mode     string // inputmode: "numeric", "tel"
	Rows     int    // of Area; 3 unless told
	Max      int    // most letters; 0 is no limit here (the service has one)
	Optional bool   // says "you can leave this empty"
	Large    bool   // the label is the heading of its part of the page
	Short    bool   // the control is as wide as a day, a time or a number

	Options []Option // of Choice, Ticks and Select
}

// Option is one answer that can be chosen. Key "ask.consent.name" has its
// label at ask.consent.name.label and, if there is one, its hint at
// ask.consent.name.hint.
type Option struct {
	Value string
	Key   string
	Args  i18n.Args
	Label string // instead of the catalogue's, where the label is data
	Hint  string
}

func (c Field) label(b Base) string { return words(b, c.Label, c.Key, "label", c.Args) }
func (c Field) hint(b Base) string  { return words(b, c.Hint, c.Key, "hint", c.Args) }

func (o Option) label(b Base) string { return words(b, o.Label, o.Key, "label", o.Args) }
func (o Option) hint(b Base) string  { return words(b, o.Hint, o.Key, "hint", o.Args) }

// words are given, or else the catalogue's. A hint may be missing, a label not.
func words(b Base, given, key, part string, args i18n.Args) string {
	if given != "" || key == "" {
		return given
	}
	key += "." + part
	if part == "hint" && !b.Has(key) {
		return ""
	}
	return b.T(key, args)
}

func (c Field) kind() string {
	if c.Type == "" {
		return "text"
	}
	return c.Type
}

func (c Field) rows() string {
	if c.Rows == 0 {
		return "3"
	}
	return strconv.Itoa(c.Rows)
}

// optionID is the id of the i-th option. The first has the field's own name,
// so that the error summary leads to it.
func (c Field) optionID(i int) string {
	if i == 0 {
		return c.Name
	}
	return c.Name + "-" + strconv.Itoa(i+1)
}

func (c Field) bad(f *Form) bool {
	_, bad := f.Fault(c.Name)
	return bad
}

// described lists the ids of what describes a control, for aria-describedby.
func (c Field) described(b Base, f *Form) string {
	ids := ""
	if c.hint(b) != "" {
		ids = c.Name + "-hint"
	}
	if c.bad(f) {
		if ids != "" {
			ids += " "
		}
		ids += c.Name + "-fault"
	}
	return ids
}

// typed are the attributes of a control that is typed into.
func (c Field) typed(b Base, f *Form) templ.Attributes {
	a := c.about(b, f)
	a["autocomplete"] = "off"
	if c.Complete != "" {
		a["autocomplete"] = c.Complete
	}
	if c.Mode != "" {
		a["inputmode"] = c.Mode
	}
	if c.Max > 0 {
		a["maxlength"] = strconv.Itoa(c.Max)
	}
	return a
}

// about are the attributes that tie a control to its hint and its fault.
func (c Field) about(b Base, f *Form) templ.Attributes {
	a := templ.Attributes{}
	if ids := c.described(b, f); ids != "" {
		a["aria-describedby"] = ids
	}
	if c.bad(f) {
		a["aria-invalid"] = "true"
	}
	return a
}

// group is about without aria-invalid, which a group of checkboxes can't have:
// each box carries it.
func (c Field) group(b Base, f *Form) templ.Attributes {
	a := c.about(b, f)
	delete(a, "aria-invalid")
	return a
}

// place is the action of a form: the browser goes where its answer begins,
// with the message or with what to mend.
func place(path string) templ.SafeURL { return templ.URL(path + "#" + messageID) }
