package people

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// Limits on what a form may hold, in letters. A name may be long: names of
// most of the world don't fit what forms expect.
const (
	maxName  = 200
	maxCode  = 60
	maxValue = 200
	maxNote  = 1000
	maxLangs = 12
)

// Wording is the version of the sentences that people agree to
// (people.purpose.*). It changes whenever one of them changes its meaning, and
// each consent keeps the version that was read.
const Wording = "2026-11"

// Draft is a person as somebody typed it. Days stay text, so that what can't
// be read comes back as it was typed.
type Draft struct {
	Name      string
	Area      string // id of a place.Area, or ""
	Household string // the code; a new code makes the household
	Connector string // id of a person; "" is whoever writes. Stewards alone choose another
	Langs     []string
	MetOn     string // YYYY-MM-DD, or ""
	Age       Age    // "" is NotAsked

	Contacts []ContactDraft // when somebody is first written down
	Consent  ConsentDraft   // the same
}

// ContactDraft is a contact as somebody typed it. One without a value is none.
type ContactDraft struct {
	Kind  ContactKind
	Value string
	Safe  string
}

// ConsentDraft is what somebody agreed to at one time, as it was typed.
type ConsentDraft struct {
	Purposes  []Purpose
	Wording   string // "" is the present one
	On        string // YYYY-MM-DD; "" is today
	GivenBy   Giver  // "" is Self
	GiverName string // wanted of a parent
	Channel   Channel
}

// HouseholdDraft is a household as somebody typed it.
type HouseholdDraft struct {
	Code      string
	Area      string // id of a place.Area, or ""
	Connector string // as in Draft
	Note      string
}

// person reads who it is, without household and connector, which take the
// store to find.
func (d Draft) person(f *fault.Form) Person {
	p := Person{Name: strings.TrimSpace(d.Name), Area: d.Area, Age: d.Age}
	f.Check(p.Name != "", "name", "people.name.missing")
	f.Check(length(p.Name) <= maxName, "name", "people.name.long", "max", maxName)
	p.Langs = parseLangs(d.Langs, f)
	p.MetOn = parseDay(d.MetOn, "met_on", f)
	if p.Age == "" {
		p.Age = NotAsked
	}
	f.Check(slices.Contains(Ages(), p.Age), "age", "people.age.unknown")
	f.Check(length(strings.TrimSpace(d.Household)) <= maxCode, "household", "people.code.long", "max", maxCode)
	return p
}

func (d Draft) contacts(f *fault.Form) []Contact {
	var all []Contact
	for _, one := range d.Contacts {
		if strings.TrimSpace(one.Value) != "" {
			all = append(all, one.parse(string(one.Kind), f))
		}
	}
	return all
}

// parse reads the contact; field is what the form calls its value.
func (d ContactDraft) parse(field string, f *fault.Form) Contact {
	c := Contact{Kind: d.Kind, Value: strings.Join(strings.Fields(d.Value), " "), Safe: strings.TrimSpace(d.Safe)}
	f.Check(slices.Contains(ContactKinds(), c.Kind), "kind", "people.kind.missing")
	f.Check(c.Value != "", field, "people.contact.missing")
	f.Check(length(c.Value) <= maxValue, field, "people.contact.long", "max", maxValue)
	f.Check(length(c.Safe) <= maxNote, "safe", "people.safe.long", "max", maxNote)
	switch c.Kind {
	case Email:
		f.Check(isAddress(c.Value), field, "people.email.unreadable", "typed", c.Value)
	case Phone:
		f.Check(isPhone(c.Value), field, "people.phone.unreadable", "typed", c.Value)
	case Other:
	}
	return c
}

func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

// isPhone takes what people write on paper, so long as it can be dialled.
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

// parse reads one consent for each purpose.
func (d ConsentDraft) parse(today db.Day, f *fault.Form) []Consent {
	if len(d.Purposes) == 0 {
		return nil
	}
	c := Consent{Wording: d.Wording, On: today, GivenBy: d.GivenBy, GiverName: strings.TrimSpace(d.GiverName), Channel: d.Channel}
	if c.Wording == "" {
		c.Wording = Wording
	}
	if c.GivenBy == "" {
		c.GivenBy = Self
	}
	if on := parseDay(d.On, "given_on", f); !on.IsZero() {
		c.On = on
	}
	f.Check(!c.On.After(today.Time), "given_on", "people.day.future")
	f.Check(c.GivenBy == Self || c.GivenBy == Parent, "given_by", "people.giver.unknown")
	f.Check(c.GivenBy != Parent || c.GiverName != "", "giver", "people.giver.missing")
	f.Check(length(c.GiverName) <= maxName, "giver", "people.name.long", "max", maxName)
	f.Check(slices.Contains(Channels(), c.Channel), "channel", "people.channel.missing")
	all := make([]Consent, 0, len(d.Purposes))
	for _, c.Purpose = range d.Purposes {
		f.Check(slices.Contains(Purposes(), c.Purpose), "consent", "people.consent.unknown")
		all = append(all, c)
	}
	return all
}

func (d HouseholdDraft) parse(f *fault.Form) Household {
	h := Household{Code: strings.TrimSpace(d.Code), Area: d.Area, Note: strings.TrimSpace(d.Note)}
	f.Check(h.Code != "", "code", "people.code.missing")
	f.Check(length(h.Code) <= maxCode, "code", "people.code.long", "max", maxCode)
	f.Check(length(h.Note) <= maxNote, "note", "people.note.long", "max", maxNote)
	return h
}

// parseLangs reads ISO 639 codes of any language, not only those of our pages.
func parseLangs(codes []string, f *fault.Form) []i18n.Lang {
	var langs []i18n.Lang
	for _, code := range codes {
		base, err := language.ParseBase(strings.TrimSpace(code))
		f.Check(err == nil, "langs", "people.langs.unknown", "typed", code)
		if lang := i18n.Lang(base.String()); !slices.Contains(langs, lang) {
			langs = append(langs, lang)
		}
	}
	f.Check(len(langs) <= maxLangs, "langs", "people.langs.toomany", "max", maxLangs)
	return langs
}

func parseDay(typed, field string, f *fault.Form) db.Day {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return db.Day{}
	}
	day, err := db.ParseDay(typed)
	f.Check(err == nil, field, "people.day.unreadable", "typed", typed)
	return day
}

func length(s string) int { return utf8.RuneCountInString(s) }
