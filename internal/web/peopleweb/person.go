package peopleweb

import (
	"net/http"
	"strings"

	"commonweal/internal/audit"
	"commonweal/internal/conversation"
	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/web/page"
)

type personPage struct {
	page.Base
	people.Record
	Gifts   []gift.Gift
	Words   map[string]string // labels of gift terms
	Talks   []conversation.Conversation
	Looks   []people.Look
	Beside  []exchange.Pair // what lists said of them besides
	Steward bool
}

// soonLooks is how many of those who looked a page shows.
const soonLooks = 12

func (p *Pages) person(w http.ResponseWriter, r *page.Request) error {
	ctx, id := r.Context(), r.PathValue("person")
	have, err := p.People.Get(ctx, r.Who, r.In.ID, id)
	if err != nil {
		return err
	}
	v := personPage{Base: base(r, "peoplepage.title").Titled(have.Name), Record: have, Steward: isSteward(r)}
	if v.Gifts, err = p.Gifts.Of(ctx, r.Who, r.In.ID, id); err != nil {
		return err
	}
	if len(v.Gifts) > 0 {
		if v.Words, err = p.Gifts.Labels(ctx, r.In.ID, r.Lang); err != nil {
			return err
		}
	}
	// A connector who looks at their own page knows themselves, and is nobody's
	// connector in it.
	v.Talks, err = p.Conversations.OfPerson(ctx, r.Who, r.In.ID, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if p.Beside != nil {
		if v.Beside, err = p.Beside(ctx, r.In.ID, id); err != nil {
			return err
		}
	}
	if v.Steward || v.Self {
		if v.Looks, err = p.People.Looks(ctx, r.Who, r.In.ID, id); err != nil {
			return err
		}
	}
	return page.Render(w, r, http.StatusOK, personView(v))
}

// What a neighbour can say about a gift of theirs, and what became of it.
const (
	giftHolds = "holds"
	giftOver  = "over"
	giftAsked = "asked"
	giftUsed  = "used"
)

// gift notes what was said about a gift, or what became of it.
func (p *Pages) gift(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, id, said := r.Context(), r.PathValue("gift"), f.Text("said")
	switch said {
	case giftHolds, giftOver:
		err = p.Gifts.Confirm(ctx, r.Who, r.In.ID, id, said == giftHolds)
	case giftAsked:
		err = p.Gifts.Asked(ctx, r.Who, r.In.ID, id)
	case giftUsed:
		err = p.Gifts.Used(ctx, r.Who, r.In.ID, id)
	default:
		err = fault.New(fault.Invalid, "error.form")
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("people", r.PathValue("person")), "peoplepage.gift.noted."+said)
}

// pause leaves a person alone, or ends that.
func (p *Pages) pause(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	pause := f.Text("pause") == "yes"
	if err := p.People.Pause(r.Context(), r.Who, r.In.ID, r.PathValue("person"), pause); err != nil {
		return err
	}
	done := "peoplepage.pause.ended"
	if pause {
		done = "peoplepage.pause.done"
	}
	return page.Redirect(w, r, r.Path("people", r.PathValue("person")), done)
}

// export sends everything that is kept about a person, as a file of their own.
func (p *Pages) export(w http.ResponseWriter, r *page.Request) error {
	all, err := p.People.Export(r.Context(), r.Who, r.In.ID, r.PathValue("person"))
	if err != nil {
		return err
	}
	text, err := all.JSON()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="commonweal.json"`)
	h.Set("Cache-Control", "no-store")
	_, err = w.Write(text)
	return err
}

// reach is where a contact's value leads, or nowhere.
func reach(c people.Contact) string {
	switch c.Kind {
	case people.Email:
		return "mailto:" + c.Value
	case people.Phone:
		return "tel:" + strings.Map(func(d rune) rune {
			if d >= '0' && d <= '9' || d == '+' {
				return d
			}
			return -1
		}, c.Value)
	case people.Other:
	}
	return ""
}

// gave says when, how and by whom a consent was given.
func (v personPage) gave(c people.Consent) string {
	args := i18n.Args{"day": v.Day(c.On.Time), "how": v.T("day.channel." + string(c.Channel)), "name": c.GiverName}
	if c.GivenBy == people.Parent {
		return v.T("peoplepage.consent.parent", args)
	}
	return v.T("peoplepage.consent.self", args)
}

// facts are what is known of a person, by their labels.
func (v personPage) facts() (all []fact) {
	add := func(key, text, href string) {
		if text != "" {
			all = append(all, fact{v.T(key), text, href})
		}
	}
	add("peoplepage.fact.area", v.AreaName, "")
	if v.Household != "" {
		add("peoplepage.fact.household", v.HouseholdCode, v.Path("households", v.Household))
	}
	if v.Connector == "" {
		add("people.connector.label", v.T("people.connector.nobody"), "")
	} else {
		add("people.connector.label", v.ConnectorName, "")
	}
	add("people.langs.label", v.Languages(v.Langs), "")
	add("peoplepage.fact.met", v.Day(v.MetOn.Time), "")
	add("people.age.label", v.T("people.age."+string(v.Age)), "")
	return all
}

type fact struct{ Label, Text, Href string }

// did says what somebody did who looked.
func (v personPage) did(l people.Look) string {
	key := "peoplepage.looked." + strings.ReplaceAll(strings.TrimPrefix(l.What, "read "), " ", "")
	if !v.Has(key) {
		key = "peoplepage.looked.something"
	}
	name := l.Who
	switch {
	case name == "" && l.What == audit.LookedAtAll:
		key = "peoplepage.looked.copied" // the server's own copy, or by whom nobody can say any more
	case name == "":
		name = v.T("peoplepage.looked.gone")
	}
	return v.T(key, i18n.Args{"name": name, "day": v.Date(l.At), "time": v.Clock(l.At)})
}

// how says how a conversation was held.
func (v personPage) how(c conversation.Conversation) string {
	return v.T("day.talk.held", i18n.Args{"day": v.Day(c.HeldOn.Time), "how": v.T("day.channel." + string(c.Channel))})
}
