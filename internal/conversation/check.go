package conversation

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/link"
	"commonweal/internal/people"
)

// oldest is how long ago a conversation can have been held, in days: older
// ones are typing mistakes.
const oldest = 3 * 366

// checked is a draft that can be kept: what is to be dropped is gone, what
// people said in one breath is parted into gifts.
type checked struct {
	Draft
	gifts    []gift.Draft
	contacts []people.Contact
	reply    string // an e-mail address left without a name
}

// check reads the draft for somebody who holds conversations here, or for a
// resident alone, and says everything that is wrong with it.
func (d Draft) check(in initiative.Initiative, today db.Day, words *gift.Vocabulary, v view, f *fault.Form) checked {
	c := checked{Draft: d.trimmed()}
	c.checkConsent(v, f)
	c.checkHeld(today, f)
	c.checkLang(in, f)
	c.checkWho(v, f)
	c.checkTexts(f)
	c.checkGifts(words, f)
	for _, k := range c.Supports {
		f.Check(slices.Contains(SupportKinds(), k), FieldSupport, "conversation.support.unknown")
	}
	slices.Sort(c.Supports)
	c.Supports = slices.Compact(c.Supports)
	f.Check(c.saysSomething(v), FieldNeed, "conversation.empty")
	c.checkSheet(v, f)
	return c
}

// justTalk is what is left of a draft after "No. Just talk": that there was a
// talk, that day.
func (d Draft) justTalk() Draft {
	return Draft{Consent: JustTalk, HeldOn: d.HeldOn, HeldUnread: d.HeldUnread, Channel: d.Channel}
}

func (c *checked) checkConsent(v view, f *fault.Form) {
	known := c.Consent == WithName || c.Consent == WithoutName || c.Consent == JustTalk && v.converse
	f.Check(known, FieldConsent, "conversation.consent.missing")
	// A connector's channels are a connector's; a resident alone writes on the web.
	if c.Channel == "" {
		c.Channel = people.Web
	}
	f.Check(slices.Contains(people.Channels(), c.Channel) && (v.converse || c.Channel == people.Web),
		FieldChannel, "conversation.channel.missing")
}

func (c *checked) checkHeld(today db.Day, f *fault.Form) {
	f.Check(!c.HeldUnread, FieldHeldOn, "conversation.day.unreadable")
	if c.HeldOn.IsZero() {
		c.HeldOn = today
	}
	f.Check(!c.HeldOn.After(today.Time), FieldHeldOn, "conversation.day.future")
	f.Check(!c.HeldOn.Before(today.Add(-oldest).Time), FieldHeldOn, "conversation.day.old")
}

func (c *checked) checkLang(in initiative.Initiative, f *fault.Form) {
	if c.Lang == "" {
		c.Lang = in.Lang("")
	}
	base, err := language.ParseBase(string(c.Lang))
	f.Check(err == nil, FieldLang, "conversation.lang.unknown")
	c.Lang = i18n.Lang(base.String())
}

// checkWho holds what is said of the person against what they agreed to.
// Without their name, everything that could tell who they are is dropped; an
// e-mail address alone is kept, for the answer.
func (c *checked) checkWho(v view, f *fault.Form) {
	if c.Age == "" {
		c.Age = people.NotAsked
	}
	f.Check(slices.Contains(people.Ages(), c.Age), FieldAge, "people.age.unknown")
	f.Check(c.Age != people.Under18 || c.Parent != "", FieldParent, "conversation.parent.missing")
	f.Check(v.converse || c.Household == "", FieldHousehold, "conversation.household.unknown")
	contact := c.contact(f)
	if c.Consent == WithoutName {
		c.Person, c.Name, c.Household, c.Parent = "", "", "", ""
		if contact.Kind == people.Email {
			c.reply = contact.Value
		}
		f.Check(contact.Value == "" || contact.Kind == people.Email, FieldContact, "conversation.contact.anon")
		c.Contact = ""
		return
	}
	if c.Person == "" && c.Name == "" && !v.converse {
		c.Person = v.self // somebody who is signed in, writing for themselves
	}
	f.Check(c.Person != "" || c.Name != "", FieldName, "conversation.name.missing")
	if contact.Value != "" {
		c.contacts = []people.Contact{contact}
	}
}

// contact reads what somebody left to be reached by: an e-mail address, a
// telephone number, or other words.
func (c *checked) contact(f *fault.Form) people.Contact {
	text := strings.Join(strings.Fields(c.Contact), " ")
	switch {
	case text == "":
		return people.Contact{}
	case strings.Contains(text, "@") && !strings.Contains(text, " "):
		a, err := mail.ParseAddress(text)
		f.Check(err == nil && a.Address == text, FieldContact, "people.email.unreadable", "typed", text)
		return people.Contact{Kind: people.Email, Value: text}
	case isPhone(text):
		return people.Contact{Kind: people.Phone, Value: text}
	}
	return people.Contact{Kind: people.Other, Value: text}
}

// isPhone says whether a text can be dialled.
func isPhone(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case !strings.ContainsRune(" +-()./#*x", r):
			return false
		}
	}
	return digits >= 3
}

func (c *checked) checkTexts(f *fault.Form) {
	for _, t := range [...]struct {
		name, text string
		limit      int
	}{
		{FieldHousehold, c.Household, MaxCode},
		{FieldName, c.Name, MaxLine},
		{FieldContact, c.Contact, MaxLine},
		{FieldParent, c.Parent, MaxLine},
		{FieldNeed, c.Need, MaxText},
		{FieldDelivery, c.Delivery, MaxText},
		{FieldOther, c.Support, MaxText},
		{FieldAdvice, c.Advice, MaxText},
		{FieldAdviceTo, c.AdviceTo, MaxLine},
		{FieldCare, c.Care, MaxText},
		{FieldElseName, c.ElseName, MaxLine},
		{FieldElseNote, c.ElseNote, MaxText},
		{FieldSheetCode, c.SheetCode, MaxLine},
	} {
		checkText(t.name, t.text, t.limit, f)
	}
	f.Check(c.Advice != "" || c.AdviceTo == "", FieldAdvice, "conversation.advice.missing")
	f.Check(c.ElseName != "" || c.ElseNote == "", FieldElseName, "conversation.else.missing")
}

// checkText says at a field what is wrong with a text of any kind.
func checkText(name, text string, limit int, f *fault.Form) {
	f.Check(utf8.RuneCountInString(text) <= limit, name, "conversation.text.long", "max", limit)
	f.Check(utf8.ValidString(text) && !strings.ContainsRune(text, 0), name, "conversation.text.unreadable")
}

// checkGifts parts the four answers into gifts.
func (c *checked) checkGifts(words *gift.Vocabulary, f *fault.Form) {
	for _, g := range c.Gifts {
		field := FieldGift(g.Kind)
		f.Check(g.Kind.Known(), FieldGift(gift.Skill), "gift.kind.missing")
		checkText(field, g.Text, MaxText, f)
		if len(g.Text) > MaxText*utf8.UTFMax {
			continue // refused already; parting it would only take time
		}
		for _, text := range words.Split(g.Text, c.Lang) {
			gift.CheckText(text, field, f)
			c.gifts = append(c.gifts, gift.Draft{Kind: g.Kind, Text: text, Lang: c.Lang, Teach: g.Teach, Learn: g.Learn})
		}
		f.Check(len(c.gifts) <= gift.MaxPerConversation, field, "conversation.gifts.toomuch", "max", gift.MaxPerConversation)
	}
}

// saysSomething says whether there is anything to keep. To a connector, having
// met somebody is something.
func (c *checked) saysSomething(v view) bool {
	said := c.Need + c.Delivery + c.Support + c.Advice + c.Care + c.ElseName
	return said != "" || len(c.gifts) > 0 || len(c.Supports) > 0 || c.NextHelp || c.NextAdvise || c.NextDo ||
		v.converse && c.Consent == WithName
}

// checkSheet reads the code of a printed sheet. Sheets are typed in by those who
// hold conversations; anybody else could try codes here, past the limit on
// guessing.
func (c *checked) checkSheet(v view, f *fault.Form) {
	if !v.converse {
		c.SheetCode = ""
	}
	if c.SheetCode == "" {
		return
	}
	code, ok := link.ReadCode(c.SheetCode)
	f.Check(ok, FieldSheetCode, "conversation.sheet.unreadable")
	c.SheetCode = code
}

// checkStored says what is wrong with what only the store knows: the area, and
// the code of a printed sheet.
func (c checked) checkStored(ctx context.Context, q db.Querier, in string, f *fault.Form) error {
	if c.Area != "" {
		known, err := areaExists(ctx, q, in, c.Area)
		if err != nil {
			return err
		}
		f.Check(known, FieldArea, "people.area.unknown")
	}
	if c.SheetCode == "" {
		return nil
	}
	l, err := link.LookCode(ctx, q, codeKind, c.SheetCode)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	f.Check(err == nil && l.Initiative == in, FieldSheetCode, "conversation.sheet.unknown")
	f.Check(l.Subject == "", FieldSheetCode, "conversation.sheet.used")
	return nil
}

// trimmed takes off what nobody meant to type.
func (d Draft) trimmed() Draft {
	for _, text := range [...]*string{
		&d.Area, &d.Household, &d.Person, &d.Name, &d.Contact, &d.Parent, &d.Need, &d.Delivery, &d.Support,
		&d.Advice, &d.AdviceTo, &d.Care, &d.ElseName, &d.ElseNote, &d.SheetCode,
	} {
		*text = strings.TrimSpace(*text)
	}
	d.Gifts = slices.Clone(d.Gifts)
	d.Supports = slices.Clone(d.Supports)
	return d
}
