package initiative

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a small machine may have no time zones of its own
	"unicode/utf8"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// Limits on what a form may hold, in letters. They keep pages and mail
// readable; nobody's name for a place is longer.
const (
	maxName    = 120
	maxPurpose = 300
	maxAbout   = 4000
	maxPhone   = 40
	maxSlug    = 40
)

// defaultAnswerDays is how long a need may wait when nobody said otherwise: a
// starting value of our own judgement, which stewards change.
const defaultAnswerDays = 30

// Draft is an initiative as somebody typed it. Numbers and days stay text, so
// that what can't be read comes back as it was typed.
type Draft struct {
	Name, Purpose, About string
	Purposes             Words  // purpose_LANG: in the languages after the first
	Slug                 string // "" makes one from the name
	Langs                []string
	Zone                 string // IANA name
	HelpPhone, Emergency string
	AnswerDays           string // "" is 30
	StartedOn            string // YYYY-MM-DD; "" is today

	Steward string // who runs the house first; only when it is created
	Place   string // the first area's name; only when it is created; "" is the initiative's name

	Invented bool // set by the demo; no form has it
}

// DraftOf is the draft that would leave an initiative as it is: what the edit
// form shows first.
func DraftOf(in Initiative) Draft {
	return Draft{
		Name: in.Name, Purpose: in.Purpose, Purposes: in.Purposes, About: in.About, Slug: in.Slug,
		Langs: strings.Fields(joinLangs(in.Langs)), Zone: in.Zone.String(),
		HelpPhone: in.HelpPhone, Emergency: in.Emergency,
		AnswerDays: strconv.Itoa(in.AnswerDays), StartedOn: in.StartedOn.String(),
		Invented: in.Invented,
	}
}

// slugPattern is what an address may look like, so that it can be read out
// over the phone and printed under a QR code.
var slugPattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// IsSlug says whether an initiative's address may look like this.
func IsSlug(text string) bool { return slugPattern.MatchString(text) && len(text) <= maxSlug }

// parse reads the draft, or says everything that is wrong with it, in the
// order of the form.
func (d Draft) parse(now time.Time, f *fault.Form) Initiative {
	in := Initiative{
		Name: strings.TrimSpace(d.Name), Slug: strings.TrimSpace(d.Slug),
		Purpose: strings.TrimSpace(d.Purpose), About: strings.TrimSpace(d.About),
		HelpPhone: strings.TrimSpace(d.HelpPhone), Emergency: strings.TrimSpace(d.Emergency),
		Invented: d.Invented,
	}
	f.Check(in.Name != "", "name", "initiative.name.missing")
	f.Check(length(in.Name) <= maxName, "name", "initiative.name.long", "max", maxName)
	if in.Slug == "" {
		in.Slug = slugOf(in.Name)
	}
	if in.Name != "" || d.Slug != "" {
		f.Check(IsSlug(in.Slug), "slug", "initiative.slug.unreadable", "max", maxSlug)
	}
	f.Check(length(in.Purpose) <= maxPurpose, "purpose", "initiative.purpose.long", "max", maxPurpose)
	f.Check(length(in.About) <= maxAbout, "about", "initiative.about.long", "max", maxAbout)
	in.Langs = d.parseLangs(f)
	in.Purposes = d.parsePurposes(in.Langs, f)
	in.Zone = d.parseZone(f)
	f.Check(length(in.HelpPhone) <= maxPhone, "help_phone", "initiative.phone.long", "max", maxPhone)
	f.Check(length(in.Emergency) <= maxPhone, "emergency", "initiative.phone.long", "max", maxPhone)
	in.AnswerDays = d.parseAnswerDays(f)
	in.StartedOn = d.parseStartedOn(in.Today(now), f)
	return in
}

func (d Draft) parseLangs(f *fault.Form) []i18n.Lang {
	var langs []i18n.Lang
	for _, code := range d.Langs {
		f.Check(i18n.Known(i18n.Lang(code)), "langs", "initiative.langs.unknown")
		langs = append(langs, i18n.Lang(code))
	}
	f.Check(len(langs) > 0, "langs", "initiative.langs.missing")
	return langs
}

// parsePurposes keeps the purpose in the languages after the first.
func (d Draft) parsePurposes(langs []i18n.Lang, f *fault.Form) Words {
	kept := Words{}
	for _, lang := range langs[min(1, len(langs)):] {
		said := strings.TrimSpace(d.Purposes[lang])
		f.Check(length(said) <= maxPurpose, PurposeField(lang), "initiative.purpose.long", "max", maxPurpose)
		if said != "" {
			kept[lang] = said
		}
	}
	return kept
}

// PurposeField is the name of the field for the purpose in a further language.
func PurposeField(lang i18n.Lang) string { return "purpose_" + string(lang) }

func (d Draft) parseZone(f *fault.Form) *time.Location {
	typed := strings.TrimSpace(d.Zone)
	if typed == "" {
		f.Add("zone", "initiative.zone.missing")
		return time.UTC
	}
	zone, err := loadZone(typed)
	if err != nil {
		f.Add("zone", "initiative.zone.unknown", "typed", d.Zone)
		return time.UTC
	}
	return zone
}

func (d Draft) parseAnswerDays(f *fault.Form) int {
	typed := strings.TrimSpace(d.AnswerDays)
	if typed == "" {
		return defaultAnswerDays
	}
	days, err := strconv.Atoi(typed)
	f.Check(err == nil && days >= 1 && days <= 365, "answer_days", "initiative.answerdays.unreadable", "typed", typed)
	return days
}

func (d Draft) parseStartedOn(today db.Day, f *fault.Form) db.Day {
	typed := strings.TrimSpace(d.StartedOn)
	if typed == "" {
		return today
	}
	day, err := db.ParseDay(typed)
	f.Check(err == nil, "started_on", "initiative.startedon.unreadable", "typed", typed)
	return day
}

// parseFounder reads who runs the house first and what its place is called.
func (d Draft) parseFounder(in Initiative, f *fault.Form) Founder {
	first := Founder{Name: strings.TrimSpace(d.Steward), Place: strings.TrimSpace(d.Place), Lang: in.Lang("")}
	if first.Place == "" {
		first.Place = in.Name
	}
	f.Check(first.Name != "", "steward", "initiative.steward.missing")
	f.Check(length(first.Name) <= maxName, "steward", "initiative.name.long", "max", maxName)
	f.Check(length(first.Place) <= maxName, "place", "initiative.name.long", "max", maxName)
	return first
}

// slugOf makes an address from a name: "Árboles y Libros" is arboles-y-libros.
func slugOf(name string) string {
	words := strings.FieldsFunc(db.Fold(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	slug := strings.Join(words, "-")
	if len(slug) > maxSlug {
		slug = strings.TrimRight(slug[:maxSlug], "-")
	}
	return slug
}

func length(s string) int { return utf8.RuneCountInString(s) }
