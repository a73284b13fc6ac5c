package conversation

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/initiative"
	"commonweal/internal/people"
)

// TestWhatPassesTheCheckCanBeKept makes every sort of form and holds what comes
// through against the promises: nothing over its limit, nothing that a store
// chokes on, nothing of who it is when the name isn't wanted; and every fault
// in words, in both languages.
func TestWhatPassesTheCheckCanBeKept(t *testing.T) {
	d := dbtest.Open(t)
	words, err := (&gift.Service{DB: d, Now: dbtest.Clock().Now}).Vocabulary(t.Context(), "nowhere")
	if err != nil {
		t.Fatal(err)
	}
	today := db.DayOf(dbtest.Clock().Now(), time.UTC)
	here := initiative.Initiative{Langs: i18n.Langs(), Zone: time.UTC, AnswerDays: 30}
	nasty := rapid.OneOf(
		rapid.String(), rapid.StringN(0, 3000, 6000),
		rapid.SampledFrom([]string{
			"", "a\x00b", "\xff", "leer, coser y cantar", strings.Repeat("x", 61), strings.Repeat("x", 201), strings.Repeat("x", 2001),
			strings.Repeat("ñ,", 30), "555 0100", "a@b.org", "a@b@c", "7k3m q0xa 92td",
		}))
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		// A form as people fill it in, but for some fields.
		f := Draft{
			Consent: rapid.SampledFrom([]Consent{WithName, WithoutName, WithName, WithoutName, "maybe"}).Draw(t, "consent"),
			Channel: rapid.SampledFrom([]people.Channel{"", people.Web, "", people.Web, people.Doorstep, "pigeon"}).Draw(t, "channel"),
			Age:     rapid.SampledFrom([]people.Age{"", people.Adult, people.Adult, people.Under18, "old"}).Draw(t, "age"),
			HeldOn:  today.Add(rapid.IntRange(-1200, 1).Draw(t, "held")),
			Lang:    rapid.SampledFrom([]i18n.Lang{"", "en", "es", "ar", "english"}).Draw(t, "lang"),
			Name:    "Luz", Contact: "a@b.org", Parent: "Rosa", Need: "books", Advice: "ask us", ElseName: "Tom",
		}
		for _, k := range gift.Kinds() {
			f.Gifts = append(f.Gifts, GiftDraft{Kind: k, Text: "leer, coser y cantar"})
		}
		texts := []*string{
			&f.Person, &f.Name, &f.Household, &f.Contact, &f.Parent, &f.Need, &f.Delivery, &f.Support, &f.Advice, &f.AdviceTo,
			&f.Care, &f.ElseName, &f.ElseNote, &f.SheetCode, &f.Gifts[0].Text, &f.Gifts[1].Text, &f.Gifts[2].Text, &f.Gifts[3].Text,
		}
		for _, at := range rapid.SliceOfN(rapid.IntRange(0, len(texts)-1), 0, 3).Draw(t, "which") {
			*texts[at] = nasty.Draw(t, "nasty")
		}
		v := view{initiative: "i", converse: rapid.Bool().Draw(t, "connector"), self: "me", who: access.Actor{}}
		var faults fault.Form
		c := f.check(here, today, words, v, &faults)
		if err := faults.Err(); err != nil {
			for _, one := range fault.Fields(err) {
				for _, lang := range i18n.Langs() {
					if !i18n.In(lang).Has(one.Message.Key) {
						t.Errorf("%s has no sentence for %s", lang, one.Message.Key)
					}
				}
			}
			return
		}
		passed++
		for name, one := range map[string]struct {
			text  string
			limit int
		}{
			"name": {c.Name, MaxLine}, "household": {c.Household, MaxCode}, "contact": {c.Contact, MaxLine}, "parent": {c.Parent, MaxLine},
			"need": {c.Need, MaxText}, "delivery": {c.Delivery, MaxText}, "support": {c.Support, MaxText}, "advice": {c.Advice, MaxText},
			"to": {c.AdviceTo, MaxLine}, "care": {c.Care, MaxText}, "else": {c.ElseName, MaxLine}, "note": {c.ElseNote, MaxText},
		} {
			if utf8.RuneCountInString(one.text) > one.limit || !utf8.ValidString(one.text) || strings.ContainsRune(one.text, 0) {
				t.Errorf("%s came through as %q", name, one.text)
			}
		}
		for _, g := range c.gifts {
			if n := utf8.RuneCountInString(g.Text); n == 0 || n > gift.MaxText || strings.ContainsRune(g.Text, 0) {
				t.Errorf("a gift came through as %q", g.Text)
			}
		}
		if len(c.gifts) > gift.MaxPerConversation {
			t.Errorf("%d gifts came through", len(c.gifts))
		}
		if c.Consent == WithoutName && c.Person+c.Name+c.Household+c.Contact+c.Parent != "" {
			t.Errorf("without a name, and still %+v", c.Draft)
		}
		if !v.converse && (c.Channel != people.Web || c.Household != "") {
			t.Errorf("somebody alone came through on %s with household %q", c.Channel, c.Household)
		}
	})
	if passed == 0 {
		t.Error("no form came through: nothing was held against the promises")
	}
}
