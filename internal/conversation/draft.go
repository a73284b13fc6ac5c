package conversation

import (
	"commonweal/internal/db"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

// Consent is the answer to "is it all right if I write down what we say?".
type Consent string

// The answers. On No the server drops everything and keeps only a count.
const (
	WithName    Consent = "name"
	WithoutName Consent = "anon"
	JustTalk    Consent = "no"
)

// SupportKind is what would help somebody to share their gifts.
type SupportKind string

// The kinds of support.
const (
	Company      SupportKind = "company"      // somebody to do it with
	Childcare    SupportKind = "childcare"    // somebody to mind the children
	Ride         SupportKind = "ride"         // a way to get there
	Place        SupportKind = "place"        // somewhere to meet
	Interpreting SupportKind = "interpreting" // somebody who speaks both languages
	Something    SupportKind = "something"    // in their own words
)

// SupportKinds are the kinds that the form offers as ticks.
func SupportKinds() []SupportKind {
	return []SupportKind{Company, Childcare, Ride, Place, Interpreting}
}

// Draft is a conversation as it is written down. The comment on each field is
// the name that it has in every form, and that faults carry.
type Draft struct {
	Consent    Consent        // consent: name, anon, no
	HeldOn     db.Day         // held_on: YYYY-MM-DD; zero is today
	HeldUnread bool           // something was typed into held_on that is no day
	Lang       i18n.Lang      // lang: the language it was held in; "" is the initiative's first
	Channel    people.Channel // channel: web, doorstep, paper, phone

	Area      string     // area: id of a place.Area
	Household string     // household: the code that its connector chose; a new code makes one
	Person    string     // person: id of somebody already known
	Name      string     // name: of somebody new
	Contact   string     // contact: a phone number, an e-mail address or other words
	Age       people.Age // age: adult, under18, notasked
	Parent    string     // parent: name of the parent who agreed, asked when under18

	Need     string // need: what do you need?
	Delivery string // delivery: how would you like to get it?
	Urgent   bool   // urgent

	Gifts []GiftDraft // gift_skill, gift_experience, gift_knowledge, gift_passion; teach_KIND; learn_KIND

	Supports []SupportKind // support: company, childcare, ride, place, interpreting
	Support  string        // support_text: anything else that would help, or is in the way

	Advice   string // advice: what would you tell those who decide?
	AdviceTo string // advice_to: an organization or an action, in words
	Care     string // care: what do you care about enough to act on?

	NextHelp   bool // next: help
	NextAdvise bool // next: advise
	NextDo     bool // next: do

	ElseName string // else_name: who else should we talk to?
	ElseNote string // else_note

	SheetCode string // sheet_code: printed on the paper form
}

// GiftDraft is the answer to one of the four questions about gifts. Commas,
// semicolons and new lines part one gift from the next.
type GiftDraft struct {
	Kind  gift.Kind
	Text  string // gift_KIND
	Teach bool   // teach_KIND
	Learn bool   // learn_KIND
}

// The limits on what one form can hold, in runes.
const (
	MaxText = 2000 // of every answer
	MaxLine = 200  // of names, contacts and other single lines
	MaxCode = 60   // of a household's code
)

// The names of the fields of Draft, in the order of the form.
const (
	FieldConsent   = "consent"
	FieldHeldOn    = "held_on"
	FieldLang      = "lang"
	FieldChannel   = "channel"
	FieldArea      = "area"
	FieldHousehold = "household"
	FieldPerson    = "person"
	FieldName      = "name"
	FieldContact   = "contact"
	FieldAge       = "age"
	FieldParent    = "parent"
	FieldNeed      = "need"
	FieldDelivery  = "delivery"
	FieldUrgent    = "urgent"
	FieldSupport   = "support"
	FieldOther     = "support_text"
	FieldAdvice    = "advice"
	FieldAdviceTo  = "advice_to"
	FieldCare      = "care"
	FieldNext      = "next"
	FieldElseName  = "else_name"
	FieldElseNote  = "else_note"
	FieldSheetCode = "sheet_code"
)

// FieldGift is the field for gifts of one kind.
func FieldGift(k gift.Kind) string { return "gift_" + string(k) }

// FieldTeach is the tick "I would teach it" of one kind.
func FieldTeach(k gift.Kind) string { return "teach_" + string(k) }

// FieldLearn is the tick "I would like to learn it" of one kind.
func FieldLearn(k gift.Kind) string { return "learn_" + string(k) }
