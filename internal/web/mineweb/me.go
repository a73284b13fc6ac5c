package mineweb

import (
	"net/http"
	"time"

	"commonweal/internal/conversation"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/people"
	"commonweal/internal/web/asks"
	"commonweal/internal/web/page"
)

type mePage struct {
	asks.Book
	Form   *page.Form
	Record people.Record
	Said   []conversation.Said // without the gifts, which have a part of their own
	Gifts  []gift.Gift
	Looks  []people.Look
	Now    time.Time
}

func (p *Pages) me(w http.ResponseWriter, r *page.Request) error {
	return p.showMe(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showMe(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	ctx, who := r.Context(), r.Who
	v := mePage{Book: book(r, "mine.title"), Form: f, Now: r.Site.Now()}
	var err error
	if v.Record, err = p.People.Get(ctx, who, r.In.ID, self(r)); err != nil {
		return err
	}
	said, err := p.Conversations.Mine(ctx, who, r.In.ID)
	if err != nil {
		return err
	}
	v.Said = withoutGifts(said)
	if v.Gifts, err = p.Gifts.Mine(ctx, who, r.In.ID); err != nil {
		return err
	}
	if v.Looks, err = p.People.Looks(ctx, who, r.In.ID, self(r)); err != nil {
		return err
	}
	return page.Render(w, r, status, meView(v))
}

func book(r *page.Request, titleKey string) asks.Book {
	return asks.Book{Base: r.Base(titleKey), To: r.Path("me")}
}

// withoutGifts leaves what was asked, advised and cared about, and drops a
// conversation of which nothing is left.
func withoutGifts(said []conversation.Said) (kept []conversation.Said) {
	for _, s := range said {
		s.Gifts = nil
		if !isEmpty(s) {
			kept = append(kept, s)
		}
	}
	return kept
}

func isEmpty(s conversation.Said) bool {
	return len(s.Needs)+len(s.Supports)+len(s.Advice) == 0 && s.Care == ""
}

type editPage struct {
	asks.Book
	Form *page.Form
	What conversation.What
}

// edit shows the form for other words. It is a POST like the other buttons
// beside a record, and changes nothing.
func (p *Pages) edit(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	what, id := asks.Which(f)
	if what == conversation.WhatGift {
		return p.editGift(w, r, id)
	}
	said, err := p.Conversations.Mine(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	words, ok := asks.Words(said, what, id)
	if !ok {
		return fault.ErrNotFound
	}
	return showEdit(w, r, http.StatusOK, asks.SetChange(page.NewForm(), words), what)
}

func showEdit(w http.ResponseWriter, r *page.Request, status int, f *page.Form, what conversation.What) error {
	return page.Render(w, r, status, editView(editPage{book(r, "asks.edit.title"), f, what}))
}

func (p *Pages) change(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	c := asks.ReadChange(f)
	err = p.Conversations.Change(r.Context(), r.Who, r.In.ID, c)
	if f.Refused(err) {
		return showEdit(w, r, http.StatusUnprocessableEntity, f, c.What)
	}
	if err != nil {
		return err
	}
	return home(w, r, "asks.edit.saved")
}

type erasePage struct {
	asks.Book
	Form  *page.Form
	Words conversation.Change
	Said  conversation.Said // whose language the words are in
}

// erase asks first, and erases when it is told a second time.
func (p *Pages) erase(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	what, id := asks.Which(f)
	if !asks.Sure(f) {
		return p.askErase(w, r, f, what, id)
	}
	if what == conversation.WhatGift {
		err = p.eraseGift(r, id)
	} else {
		err = p.Conversations.Erase(r.Context(), r.Who, r.In.ID, what, id)
	}
	if err != nil {
		return err
	}
	return home(w, r, "asks.erase.done")
}

func (p *Pages) eraseGift(r *page.Request, id string) error {
	if _, err := p.gift(r, id); err != nil {
		return err
	}
	return p.Gifts.Erase(r.Context(), r.Who, r.In.ID, id)
}

func (p *Pages) askErase(w http.ResponseWriter, r *page.Request, f *page.Form, what conversation.What, id string) error {
	v := erasePage{Book: book(r, "asks.erase.title"), Form: f}
	if what == conversation.WhatGift {
		g, err := p.gift(r, id)
		if err != nil {
			return err
		}
		v.Words.Text, v.Said.Lang = g.Text, g.Lang
		return page.Render(w, r, http.StatusOK, eraseView(v))
	}
	said, err := p.Conversations.Mine(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	for _, s := range said {
		if s.ID == id || holds(s, what, id) {
			v.Said = s
		}
	}
	if v.Said.ID == "" {
		return fault.ErrNotFound
	}
	if what == conversation.WhatTalk {
		v.Base = r.Base("mine.said.eraseall")
	} else {
		v.Words, _ = asks.Words([]conversation.Said{v.Said}, what, id)
	}
	return page.Render(w, r, http.StatusOK, eraseView(v))
}

// holds says whether a record belongs to a conversation; also one that is
// chosen from a list and can't be reworded.
func holds(s conversation.Said, what conversation.What, id string) bool {
	if what == conversation.WhatSupport {
		for _, n := range s.Supports {
			if n.ID == id {
				return true
			}
		}
	}
	_, ok := asks.Words([]conversation.Said{s}, what, id)
	return ok
}

func (p *Pages) thank(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, need := asks.Which(f)
	if err := p.Conversations.Thank(r.Context(), r.Who, r.In.ID, need); err != nil {
		return err
	}
	return home(w, r, "asks.book.thanked")
}

func (p *Pages) help(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, advice := asks.Which(f)
	if err := p.Conversations.OfferHelp(r.Context(), r.Who, r.In.ID, advice, true); err != nil {
		return err
	}
	return home(w, r, "asks.book.helping")
}

// call lets the service that can answer a need call them.
func (p *Pages) call(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	_, need := asks.Which(f)
	err = p.Conversations.HandOver(r.Context(), r.Who, r.In.ID, need)
	if f.Refused(err) {
		return p.showMe(w, r, http.StatusUnprocessableEntity, asks.Whole(f))
	}
	if err != nil {
		return err
	}
	return home(w, r, "asks.book.called")
}
