// Package asks is the three asks as a form: what do you need, what can you
// contribute, how can we help you share it. A resident alone and a connector at
// a doorstep fill in the same fields, each spoken to in their own voice.
package asks

import (
	"commonweal/internal/conversation"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
	"commonweal/internal/place"
	"commonweal/internal/web/page"
)

// Voice is who the form speaks to.
type Voice string

// The voices. Their sentences are at asks.me.… and asks.them.….
const (
	Resident  Voice = "me"
	Connector Voice = "them"
)

func (v Voice) key(name string) string { return "asks." + string(v) + "." + name }

// yes is the value of a single tick.
const yes = "yes"

// The values of conversation.FieldNext.
const (
	nextHelp   = "help"
	nextAdvise = "advise"
	nextDo     = "do"
)

// Read is the form as a draft. It refuses nothing: what is wrong with a draft
// is the conversation room's to say.
func Read(f *page.Form) conversation.Draft {
	held, readable := f.Day(conversation.FieldHeldOn)
	d := conversation.Draft{
		Consent:    conversation.Consent(f.Text(conversation.FieldConsent)),
		HeldUnread: !readable,
		Lang:       i18n.Lang(f.Text(conversation.FieldLang)),
		Channel:    people.Channel(f.Text(conversation.FieldChannel)),
		Area:       f.Text(conversation.FieldArea),
		Household:  f.Text(conversation.FieldHousehold),
		Person:     f.Text(conversation.FieldPerson),
		Name:       f.Text(conversation.FieldName),
		Contact:    f.Text(conversation.FieldContact),
		Age:        people.Age(f.Text(conversation.FieldAge)),
		Parent:     f.Text(conversation.FieldParent),
		Need:       f.Text(conversation.FieldNeed),
		Delivery:   f.Text(conversation.FieldDelivery),
		Urgent:     f.Ticked(conversation.FieldUrgent, yes),
		Support:    f.Text(conversation.FieldOther),
		Advice:     f.Text(conversation.FieldAdvice),
		AdviceTo:   f.Text(conversation.FieldAdviceTo),
		Care:       f.Text(conversation.FieldCare),
		NextHelp:   f.Ticked(conversation.FieldNext, nextHelp),
		NextAdvise: f.Ticked(conversation.FieldNext, nextAdvise),
		NextDo:     f.Ticked(conversation.FieldNext, nextDo),
		ElseName:   f.Text(conversation.FieldElseName),
		ElseNote:   f.Text(conversation.FieldElseNote),
		SheetCode:  f.Text(conversation.FieldSheetCode),
	}
	d.HeldOn.Time = held
	for _, kind := range gift.Kinds() {
		if text := f.Text(conversation.FieldGift(kind)); text != "" {
			d.Gifts = append(d.Gifts, conversation.GiftDraft{
				Kind: kind, Text: text,
				Teach: f.Ticked(conversation.FieldTeach(kind), yes),
				Learn: f.Ticked(conversation.FieldLearn(kind), yes),
			})
		}
	}
	for _, kind := range f.Ticks(conversation.FieldSupport) {
		d.Supports = append(d.Supports, conversation.SupportKind(kind))
	}
	return d
}

// NeedFields are the names of ask 1's fields.
func NeedFields() []string {
	return []string{
		conversation.FieldNeed, conversation.FieldDelivery, conversation.FieldUrgent,
		conversation.FieldAdvice, conversation.FieldAdviceTo,
	}
}

// GiftFields are the names of ask 2's fields.
func GiftFields() (names []string) {
	for _, k := range gift.Kinds() {
		names = append(names, conversation.FieldGift(k), conversation.FieldTeach(k), conversation.FieldLearn(k))
	}
	return append(names, conversation.FieldCare)
}

// SupportFields are the names of ask 3's fields.
func SupportFields() []string {
	return []string{conversation.FieldSupport, conversation.FieldOther, conversation.FieldNext}
}

// AreaOptions offers the areas where people live, the wider ones first, and
// "I'd rather not say".
func AreaOptions(b page.Base, v Voice, areas []place.Area) []page.Option {
	options := []page.Option{{Value: "", Label: b.T(v.key("area.unsaid"))}}
	for _, branch := range place.Tree(areas) {
		if branch.Kind == place.Venue {
			continue
		}
		options = append(options, page.Option{Value: branch.ID, Label: branch.Name})
	}
	return options
}

// giftRows says how many lines each of the four gift questions begins with.
const giftRows = 2

func giftField(v Voice, k gift.Kind) page.Field {
	return page.Field{Name: conversation.FieldGift(k), Key: v.key("gift." + string(k)), Rows: giftRows, Max: conversation.MaxText}
}

func text(v Voice, name string, rows int) page.Field {
	return page.Field{Name: name, Key: v.key(name), Rows: rows, Max: conversation.MaxText}
}

func line(v Voice, name string) page.Field {
	return page.Field{Name: name, Key: v.key(name), Max: conversation.MaxLine}
}

// SupportOptions are the supports that a tick is enough for.
func SupportOptions() (all []page.Option) {
	for _, k := range conversation.SupportKinds() {
		all = append(all, page.Option{Value: string(k), Key: "asks.support." + string(k)})
	}
	return all
}

// NextOptions are the answers to "what should happen next?".
func NextOptions(v Voice) []page.Option {
	return []page.Option{
		{Value: nextHelp, Key: v.key("next." + nextHelp)},
		{Value: nextAdvise, Key: v.key("next." + nextAdvise)},
		{Value: nextDo, Key: v.key("next." + nextDo)},
	}
}

// opened says whether any of some fields is filled or faulty, so that what
// hides them stands open.
func opened(f *page.Form, names ...string) bool {
	for _, name := range names {
		if _, bad := f.Fault(name); bad || f.Raw.Get(name) != "" {
			return true
		}
	}
	return false
}

func teachFields() (names []string) {
	for _, k := range gift.Kinds() {
		names = append(names, conversation.FieldTeach(k), conversation.FieldLearn(k))
	}
	return names
}

func i18nNumber(number string) i18n.Args { return i18n.Args{"number": number} }
