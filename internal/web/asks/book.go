package asks

import (
	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

// Book is what somebody said and what came of it, as they see it themselves,
// with the ways to change it. They come by it signed in, or with a code.
type Book struct {
	page.Base
	To   string // where the forms post: To/edit, To/change, To/erase, To/thank, To/help
	Code string // what the forms carry to say whose it is; "" when signed in
}

// CodeField is the name under which forms carry a return code.
const CodeField = "code"

// The names of the fields of a Book's forms.
const (
	whatField = "what"
	idField   = "id"
)

// Which reads what record a form is about.
func Which(f *page.Form) (conversation.What, string) {
	return conversation.What(f.Text(whatField)), f.Text(idField)
}

// Whole is a refused form whose faults belong to no field: the page that shows
// it again has a button where a form would have one.
func Whole(f *page.Form) *page.Form {
	for i := range f.Faults {
		f.Faults[i].Name = ""
	}
	return f
}

// record is one line of what was said: the words, and what became of them.
type record struct {
	What     conversation.What
	ID       string
	Text     string
	Lang     i18n.Lang
	Note     string // how it should come, to whom it goes
	Fixed    bool   // chosen from a list: it can be erased, not reworded
	Status   page.Status
	Says     string // the status in words
	Answer   string
	By       string // name of who answered
	On       db.Stamp
	Changed  string // what changed through advice
	Service  string // path of the service that can, or ""
	CanCall  bool   // the service may be let to call them
	CanThank bool
	CanHelp  bool
}

func (b Book) needs(s conversation.Said) (all []record) {
	for _, n := range s.Needs {
		if !n.ErasedAt.IsZero() {
			continue
		}
		r := record{What: conversation.WhatNeed, ID: n.ID, Text: n.Text, Lang: s.Lang, Note: n.Delivery}
		if r.Text == "" {
			r.Text, r.Note = n.Delivery, ""
		}
		b.answer(&r, s, n.Answer)
		r.CanThank = n.Answer.Step != conversation.Waiting && n.ThankedAt.IsZero()
		if n.Answer.Service != "" {
			r.Service, r.CanCall = b.Path("services", n.Answer.Service), n.Answer.Spoken && s.Person != ""
		}
		all = append(all, r)
	}
	return all
}

func (b Book) supports(s conversation.Said) (all []record) {
	for _, one := range s.Supports {
		if !one.ErasedAt.IsZero() {
			continue
		}
		r := record{What: conversation.WhatSupport, ID: one.ID, Text: one.Text, Lang: s.Lang}
		if one.Kind != conversation.Something {
			r.Text, r.Lang, r.Fixed = b.T("asks.support."+string(one.Kind)+".label"), b.Lang(), true
		}
		b.answer(&r, s, one.Answer)
		all = append(all, r)
	}
	return all
}

// answer says what became of a need or a support.
func (b Book) answer(r *record, s conversation.Said, a conversation.Answer) {
	if a.Step == conversation.Waiting {
		r.Status, r.Says = page.TooEarly, b.T("asks.book.waiting", i18n.Args{"day": b.Day(s.AnswerBy.Time)})
		return
	}
	r.Status, r.Says = page.Plain, b.T("asks.step."+string(a.Step))
	r.Answer, r.By, r.On = a.Text, s.Names[a.By], a.At
}

func (b Book) advice(s conversation.Said) (all []record) {
	for _, a := range s.Advice {
		if !a.ErasedAt.IsZero() {
			continue
		}
		r := record{What: conversation.WhatAdvice, ID: a.ID, Text: a.Text, Lang: s.Lang, Note: a.To, CanHelp: !a.WouldHelp}
		if a.Answer != "" {
			r.Status, r.Says = page.Plain, b.T("asks.book.answered")
			r.Answer, r.By, r.On, r.Changed = a.Answer, s.Names[a.AnsweredBy], a.AnsweredAt, a.Changed
		}
		all = append(all, r)
	}
	return all
}

func (b Book) gifts(s conversation.Said) (all []record) {
	for _, g := range s.Gifts {
		if !g.Erased() {
			all = append(all, b.gift(g))
		}
	}
	return all
}

func (b Book) gift(g gift.Gift) record {
	r := record{What: conversation.WhatGift, ID: g.ID, Text: g.Text, Lang: g.Lang, Note: b.T("gift.kind." + string(g.Kind))}
	if g.Hidden() {
		r.Status, r.Says = page.TooEarly, b.T("asks.book.hidden")
	}
	return r
}

func (b Book) cares(s conversation.Said) []record {
	if s.Care == "" {
		return nil
	}
	return []record{{What: conversation.WhatTalk, ID: s.ID, Text: s.Care, Lang: s.Lang}}
}

// Words finds the words of one record, to be put into the form that changes
// them. It is false for what isn't there, or can't be reworded.
func Words(all []conversation.Said, what conversation.What, id string) (c conversation.Change, ok bool) {
	for _, s := range all {
		if c, ok := words(s, what, id); ok {
			return c, true
		}
	}
	return conversation.Change{}, false
}

func words(s conversation.Said, what conversation.What, id string) (conversation.Change, bool) {
	c := conversation.Change{What: what, ID: id}
	for _, n := range s.Needs {
		if what == conversation.WhatNeed && n.ID == id {
			c.Text, c.Delivery, c.Urgent, c.Visibility = n.Text, n.Delivery, n.Urgent, n.Visibility
			return c, true
		}
	}
	for _, one := range s.Supports {
		if what == conversation.WhatSupport && one.ID == id {
			c.Text = one.Text
			return c, one.Kind == conversation.Something
		}
	}
	for _, a := range s.Advice {
		if what == conversation.WhatAdvice && a.ID == id {
			c.Text, c.To = a.Text, a.To
			return c, true
		}
	}
	for _, g := range s.Gifts {
		if what == conversation.WhatGift && g.ID == id {
			c.Text = g.Text
			return c, true
		}
	}
	c.Text = s.Care
	return c, what == conversation.WhatTalk && s.ID == id
}

// SetChange puts a record's present words into the form that changes them.
func SetChange(f *page.Form, c conversation.Change) *page.Form {
	f.Set(whatField, string(c.What)).Set(idField, c.ID)
	f.Set("text", c.Text).Set("delivery", c.Delivery).Set("to", c.To).Set("visibility", string(c.Visibility))
	if c.Urgent {
		f.Set("urgent", yes)
	}
	return f
}

// ReadChange is the form as a change.
func ReadChange(f *page.Form) conversation.Change {
	what, id := Which(f)
	return conversation.Change{
		What: what, ID: id, Text: f.Text("text"), Delivery: f.Text("delivery"), To: f.Text("to"),
		Urgent: f.Ticked("urgent", yes), Visibility: conversation.Visibility(f.Text("visibility")),
	}
}

func visibilityOptions() (all []page.Option) {
	for _, v := range conversation.Visibilities() {
		all = append(all, page.Option{Value: string(v), Key: "asks.visibility." + string(v)})
	}
	return all
}

// sureField says that somebody was asked whether they mean it.
const sureField = "sure"

// Sure says whether somebody confirmed that words are to be erased.
func Sure(f *page.Form) bool { return f.Ticked(sureField, yes) }

// clip shortens words for the label of a button that only a screen reader says.
func clip(text string) string {
	const most = 60
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}
