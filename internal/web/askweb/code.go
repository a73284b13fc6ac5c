package askweb

import (
	"net/http"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/web/asks"
	"commonweal/internal/web/page"
)

// codeField is where a return code is typed, and carried. It travels in forms
// only: an address would keep it in the phone's list of pages.
const codeField = asks.CodeField

// codeRoutes all count as guesses but the first: each tries a code.
func (p *Pages) codeRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /i/{initiative}/answer", Need: access.Anyone, Private: true, Handle: p.askCode, Example: "/i/riverside/answer"},
		{Pattern: "POST /i/{initiative}/answer", Need: access.Anyone, Private: true, Guess: true, Handle: p.open},
		{Pattern: "POST /i/{initiative}/answer/edit", Need: access.Anyone, Private: true, Guess: true, Handle: p.edit},
		{Pattern: "POST /i/{initiative}/answer/change", Need: access.Anyone, Private: true, Guess: true, Handle: p.change},
		{Pattern: "POST /i/{initiative}/answer/erase", Need: access.Anyone, Private: true, Guess: true, Handle: p.erase},
		{Pattern: "POST /i/{initiative}/answer/thank", Need: access.Anyone, Private: true, Guess: true, Handle: p.thank},
		{Pattern: "POST /i/{initiative}/answer/help", Need: access.Anyone, Private: true, Guess: true, Handle: p.help},
		{Pattern: "POST /i/{initiative}/answer/call", Need: access.Anyone, Private: true, Guess: true, Handle: p.call},
	}
}

type codePage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) askCode(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusOK, codeView(codePage{r.Base("ask.code.title").Neutral("ask.tab"), page.NewForm()}))
}

type bookPage struct {
	asks.Book
	Said conversation.Said
	Done string // key: what has just been done, or ""
	Form *page.Form
}

func (p *Pages) book(r *page.Request, code, titleKey string) asks.Book {
	return asks.Book{Base: r.Base(titleKey).Neutral("ask.tab"), To: r.Path("answer"), Code: code}
}

// open shows what a code opens.
func (p *Pages) open(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return p.reopen(w, r, f, "")
}

// reopen shows what the code in a form opens, or asks for it again.
func (p *Pages) reopen(w http.ResponseWriter, r *page.Request, f *page.Form, done string) error {
	said, err := p.Conversations.ByCode(r.Context(), r.In.ID, f.Text(codeField))
	if err != nil {
		return p.unopened(w, r, f, err)
	}
	r.Known = true
	v := bookPage{Book: p.book(r, f.Text(codeField), "ask.book.title"), Said: said, Done: done, Form: f}
	status := http.StatusOK
	if len(f.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return page.Render(w, r, status, bookView(v))
}

// unopened says that a code opens nothing, with what was typed.
func (p *Pages) unopened(w http.ResponseWriter, r *page.Request, f *page.Form, err error) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	f.Faults = []fault.Field{{Name: codeField, Message: fault.Says(err, "ask.code.gone")}}
	return page.Render(w, r, http.StatusUnprocessableEntity, codeView(codePage{r.Base("ask.code.title").Neutral("ask.tab"), f}))
}

// edit shows the form for other words.
func (p *Pages) edit(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	said, err := p.Conversations.ByCode(r.Context(), r.In.ID, f.Text(codeField))
	if err != nil {
		return p.unopened(w, r, f, err)
	}
	r.Known = true
	what, id := asks.Which(f)
	c, ok := asks.Words([]conversation.Said{said}, what, id)
	if !ok {
		return fault.ErrNotFound
	}
	v := bookPage{Book: p.book(r, f.Text(codeField), "asks.edit.title"), Form: asks.SetChange(page.NewForm(), c)}
	return page.Render(w, r, http.StatusOK, editView(v, what))
}

func (p *Pages) change(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	c := asks.ReadChange(f)
	if err := p.Conversations.ChangeByCode(r.Context(), r.In.ID, f.Text(codeField), c); err != nil {
		if !f.Refused(err) {
			return err
		}
		v := bookPage{Book: p.book(r, f.Text(codeField), "asks.edit.title"), Form: f}
		return page.Render(w, r, http.StatusUnprocessableEntity, editView(v, c.What))
	}
	return p.reopen(w, r, f, "asks.edit.saved")
}

// erase asks first, and erases when it is told a second time.
func (p *Pages) erase(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	what, id := asks.Which(f)
	code := f.Text(codeField)
	if !asks.Sure(f) {
		said, err := p.Conversations.ByCode(r.Context(), r.In.ID, code)
		if err != nil {
			return p.unopened(w, r, f, err)
		}
		r.Known = true
		c, _ := asks.Words([]conversation.Said{said}, what, id)
		title := "asks.erase.title"
		if what == conversation.WhatTalk {
			title, c.Text = "asks.erase.everything", ""
		}
		v := bookPage{Book: p.book(r, code, title), Said: said, Form: f}
		return page.Render(w, r, http.StatusOK, confirmView(v, c.Text))
	}
	if err := p.Conversations.EraseByCode(r.Context(), r.In.ID, code, what, id); err != nil {
		return err
	}
	r.Known = true
	if what == conversation.WhatTalk {
		return page.Redirect(w, r, r.Path(), "ask.erased")
	}
	return p.reopen(w, r, f, "asks.erase.done")
}

func (p *Pages) thank(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, id := asks.Which(f)
	if err := p.Conversations.ThankByCode(r.Context(), r.In.ID, f.Text(codeField), id); err != nil {
		return err
	}
	return p.reopen(w, r, f, "asks.book.thanked")
}

func (p *Pages) help(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, id := asks.Which(f)
	if err := p.Conversations.OfferHelpByCode(r.Context(), r.In.ID, f.Text(codeField), id, true); err != nil {
		return err
	}
	return p.reopen(w, r, f, "asks.book.helping")
}

// call lets the service that can answer a need call them.
func (p *Pages) call(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, id := asks.Which(f)
	err = p.Conversations.HandOverByCode(r.Context(), r.In.ID, f.Text(codeField), id)
	if f.Refused(err) {
		return p.reopen(w, r, asks.Whole(f), "")
	}
	if err != nil {
		return err
	}
	return p.reopen(w, r, f, "asks.book.called")
}
