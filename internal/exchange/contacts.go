package exchange

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

const contactsName = "contacts"

// contacts are people: a name, and how they can be reached.
type contacts struct{}

// Name is what the target is called in forms.
func (contacts) Name() string { return contactsName }

// Needs are the fields of which one must have a column.
func (contacts) Needs() []string { return []string{"name", "first", "last"} }

// Questions are asked once of a whole table.
func (contacts) Questions(has func(string) bool) []Question { return consentQuestions(has) }

// Fields are what a column can be.
func (contacts) Fields() []sheet.Field {
	return append([]sheet.Field{
		{Name: "name", Kind: sheet.Text, Words: []string{"name", "full name", "person", "neighbor", "neighbour", "resident", "contact", "contact name", "nombre", "nombre completo", "vecino", "vecina", "persona"}},
		{Name: "first", Kind: sheet.Text, Words: []string{"first name", "given name", "forename", "primer nombre", "nombre de pila"}},
		{Name: "last", Kind: sheet.Text, Words: []string{"last name", "surname", "family name", "apellido", "apellidos"}},
		{Name: "phone", Kind: sheet.Phone, Words: []string{"phone", "telephone", "phone number", "mobile", "cell", "tel", "teléfono", "celular", "móvil"}},
		{Name: "email", Kind: sheet.Email, Words: []string{"email", "e-mail", "mail", "email address", "correo", "correo electrónico"}},
		{Name: "safe", Kind: sheet.Text, Words: []string{"safe to call", "best time", "when to call", "call", "cuándo llamar", "horario para llamar"}},
		{Name: "area", Kind: sheet.Text, Words: []string{"area", "neighborhood", "neighbourhood", "block", "district", "zone", "barrio", "zona", "cuadra", "sector"}},
		{Name: "household", Kind: sheet.Text, Words: []string{"household", "household code", "family code", "hogar", "código del hogar", "vivienda"}},
		{Name: "connector", Kind: sheet.Text, Words: []string{"connector", "who knows them", "outreach", "promotor", "promotora", "enlace"}},
		{Name: "langs", Kind: sheet.Text, Words: []string{"language", "languages", "speaks", "idioma", "idiomas", "lengua", "habla"}},
		{Name: "met_on", Kind: sheet.Date, Words: []string{"met", "met on", "first contact", "date met", "since", "conocido el", "fecha de contacto", "desde"}},
		{Name: "under18", Kind: sheet.Bool, Words: []string{"under 18", "minor", "child", "menor", "menor de edad", "menor de 18"}},
		{Name: "parent", Kind: sheet.Text, Words: []string{"parent", "guardian", "mother", "father", "padre", "madre", "tutor"}},
	}, consentFields()...)
}

// open reads everybody who is here.
func (contacts) open(ctx context.Context, q db.Querier, h *here, answers Answers) (intake, error) {
	known, err := knownPeople(ctx, q, h.ID)
	if err != nil {
		return nil, err
	}
	homes, err := knownHouseholds(ctx, q, h.ID)
	if err != nil {
		return nil, err
	}
	return &contactIntake{here: h, agreed: newAgreement(answers), near: newNearby(known), homes: homes}, nil
}

type contactIntake struct {
	*here
	agreed agreement
	near   *nearby
	homes  homes
	given  [][]people.Consent
}

// newPerson is somebody to be written down; later rows may add to it.
type newPerson struct {
	people.New
	code string // of the household
}

// plan says what a row about a person will do.
func (c *contactIntake) plan(r Row) *Planned {
	p := &Planned{Title: shortened(personName(r))}
	d, unread := c.draft(r, p)
	if !c.agreed.covers(r) {
		return refuse(p, "import.refused.consent")
	}
	var f fault.Form
	n := newPerson{New: people.Check(d, c.today, &f), code: strings.TrimSpace(d.Household)}
	n.By, n.Consents = c.account, c.alike(n.Consents)
	if p.faults(f.Err()) {
		return p
	}
	n.Connector, unread = c.whoKnows(r, unread, p)
	p.beside = r.beside(unread...)
	return c.settle(r, p, n)
}

// alike gives the one copy that all rows share whose people agreed to the same
// in the same way: a long list has few such ways.
func (c *contactIntake) alike(given []people.Consent) []people.Consent {
	for _, have := range c.given {
		if slices.Equal(have, given) {
			return have
		}
	}
	given = slices.Clip(given)
	if len(c.given) < maxGiven {
		c.given = append(c.given, given)
	}
	return given
}

// maxGiven is how many ways are remembered.
const maxGiven = 50

// personName is how a row calls somebody.
func personName(r Row) string {
	name := r.text("name")
	if name == "" {
		name = r.text("first") + " " + r.text("last")
	} else if last := r.text("last"); last != "" && !strings.Contains(db.Fold(name), db.Fold(last)) {
		name += " " + last
	}
	return turned(strings.Join(strings.Fields(name), " "))
}

// turned puts "Lopez, Maria" the way it is spoken.
func turned(name string) string {
	last, first, comma := strings.Cut(name, ",")
	if !comma || strings.Contains(first, ",") || strings.TrimSpace(first) == "" {
		return name
	}
	return strings.TrimSpace(first) + " " + strings.TrimSpace(last)
}

// draft reads a row as a form would, and names the fields that couldn't be read
// and are kept beside.
func (c *contactIntake) draft(r Row, p *Planned) (d people.Draft, unread []string) {
	d = people.Draft{Name: personName(r), Household: r.text("household"), Age: people.NotAsked}
	if name := r.text("area"); name != "" {
		if a, ok := c.area(name); ok {
			d.Area = a.ID
		} else {
			unread = append(unread, "area")
			p.note("import.note.area", "area", shortened(name))
		}
	}
	langs, ok := readLangs(r.text("langs"))
	d.Langs = langs
	if !ok {
		unread = append(unread, "langs")
	}
	if met := r.text("met_on"); met != "" {
		if _, err := db.ParseDay(firstDay(met)); err == nil {
			d.MetOn = firstDay(met)
		} else {
			unread = append(unread, "met_on")
		}
	}
	unread = append(unread, readContacts(r, p, &d)...)
	purposes := []people.Purpose{people.KeepName}
	if len(d.Contacts) > 0 {
		purposes = append(purposes, people.BeReached)
	}
	d.Consent = c.agreed.draft(r, purposes...)
	if isYes(r.text("under18")) {
		c.child(r, p, &d)
	}
	return d, unread
}

// child keeps no more than the name of somebody under 18 whose parent hasn't
// agreed.
func (c *contactIntake) child(r Row, p *Planned, d *people.Draft) {
	d.Age = people.Under18
	if parent := r.text("parent"); parent != "" {
		d.Consent.GivenBy, d.Consent.GiverName = people.Parent, parent
		return
	}
	p.note("import.note.child")
	*d = people.Draft{Name: d.Name, Age: people.Under18}
}

// readContacts reads telephone numbers and e-mail addresses, also out of a
// sentence. A cell that holds none, or other words besides, is kept beside.
func readContacts(r Row, p *Planned, d *people.Draft) (unread []string) {
	for _, one := range [...]struct {
		kind people.ContactKind
		find func(string) []string
	}{{people.Phone, phonesIn}, {people.Email, sheet.Emails}} {
		text := r.text(string(one.kind))
		found := one.find(text)
		for _, value := range found {
			d.Contacts = append(d.Contacts, people.ContactDraft{Kind: one.kind, Value: value, Safe: r.text("safe")})
		}
		switch {
		case text != "" && len(found) == 0:
			unread = append(unread, string(one.kind))
			p.note("import.note."+string(one.kind), "typed", shortened(text))
		case one.kind == people.Phone && strings.IndexFunc(text, unicode.IsLetter) >= 0:
			unread = append(unread, string(one.kind)) // "after six", beside the number
		}
	}
	return unread
}

// phonesIn are the telephone numbers in a text; two that stand in one cell
// with a stroke between them are two.
func phonesIn(text string) (all []string) {
	for _, one := range strings.FieldsFunc(strings.ReplaceAll(text, " / ", ";"), func(r rune) bool { return strings.ContainsRune(";,|\n", r) }) {
		all = append(all, sheet.Phones(one)...)
	}
	return all
}

// whoKnows is the connector that a row names, or nobody.
func (c *contactIntake) whoKnows(r Row, unread []string, p *Planned) (string, []string) {
	name := r.text("connector")
	if name == "" {
		return "", unread
	}
	id, ok := c.connector(name)
	if !ok {
		p.note("import.note.connector", "name", shortened(name))
		return "", append(unread, "connector")
	}
	return id, unread
}

// settle holds somebody against everybody known.
func (c *contactIntake) settle(r Row, p *Planned, n newPerson) *Planned {
	e := &entry{row: r.N, name: n.Name, area: n.Area, connector: n.Connector, under18: n.Age == people.Under18}
	e.household = c.homes.id(n.Connector, n.code)
	for _, one := range n.Contacts {
		e.learn(one)
	}
	found := c.near.find(e)
	if found == nil {
		return c.add(p, n, e)
	}
	p.Like = found.like(c.here)
	if found.score >= scoreSure {
		return c.complete(p, n, found.to)
	}
	switch c.choices[rowKey{r.Sheet, r.N}] {
	case TheSame:
		return c.decided(c.complete(p, n, found.to), found.to)
	case IsNew:
		return c.add(p, n, e)
	case LeaveIt:
		p.Act = Skip
	default:
		p.Act = Alike
	}
	return p
}

// decided remembers what somebody decided, so that the same row isn't asked
// about again.
func (c *contactIntake) decided(p *Planned, to *entry) *Planned {
	if p.Act == Same && to.id != "" && len(p.got) == 0 {
		p.got = []got{{kind: kindPerson, id: to.id, person: to.id, act: Same}}
	}
	return p
}

func (e *entry) learn(c people.Contact) {
	switch c.Kind {
	case people.Phone:
		e.phones = append(e.phones, some(phoneKey(c.Value))...)
	case people.Email:
		e.emails = append(e.emails, some(emailKey(c.Value))...)
	case people.Other:
	}
}

func (c *contactIntake) add(p *Planned, n newPerson, e *entry) *Planned {
	p.Act, p.Like = Add, nil
	e.draft = &n
	p.aim = &n
	c.near.add(e)
	return p
}

// complete adds to somebody known what a row says beyond that.
func (c *contactIntake) complete(p *Planned, n newPerson, to *entry) *Planned {
	more := people.More{Person: to.id, By: c.account}
	var learned []string
	for _, one := range n.Contacts {
		if !to.has(one) {
			more.Contacts = append(more.Contacts, one)
			learned = append(learned, string(one.Kind))
		}
	}
	if to.area == "" && n.Area != "" {
		more.Area = n.Area
		learned = append(learned, "area")
	}
	if to.household == "" && n.code != "" {
		more.Household = n.code // a code until it is written
		learned = append(learned, "household")
	}
	if to.connector == "" && n.Connector != "" {
		more.Connector = n.Connector
		learned = append(learned, "connector")
	}
	switch {
	case len(learned) == 0:
		p.Act = Same
		p.note("import.why.known")
		c.keepBeside(p, to)
		return p
	case to.under18:
		return refuse(p, "import.refused.child")
	}
	p.Act = Change
	slices.Sort(learned)
	for _, what := range slices.Compact(learned) {
		p.note("import.adds." + what)
	}
	more.Consents = n.Consents
	c.learn(to, more)
	if to.draft != nil { // an earlier row of this table
		into := to.draft.(*newPerson) //nolint:forcetypeassert // add sets it
		into.Contacts = append(into.Contacts, more.Contacts...)
		into.Area = cmp.Or(into.Area, more.Area)
		into.code = cmp.Or(into.code, more.Household)
		into.Connector = cmp.Or(into.Connector, more.Connector)
		into.Consents = withConsents(into.Consents, more.Consents)
		return p
	}
	p.aim = &more
	p.got = []got{{kind: kindPerson, id: to.id, person: to.id, act: Change}}
	return p
}

// keepBeside keeps what unmatched columns say of somebody known.
func (c *contactIntake) keepBeside(p *Planned, to *entry) {
	if len(p.beside) > 0 && to.id != "" {
		p.got = []got{{kind: kindPerson, id: to.id, person: to.id, act: Same}}
	}
}

// withConsents adds consents to purposes that aren't agreed to yet.
func withConsents(have, more []people.Consent) []people.Consent {
	for _, c := range more {
		if !people.Agreed(have, c.Purpose) {
			have = append(have, c)
		}
	}
	return have
}

func (e *entry) has(c people.Contact) bool {
	switch c.Kind {
	case people.Phone:
		key := phoneKey(c.Value)
		return key == "" || slices.Contains(e.phones, key)
	case people.Email:
		return slices.Contains(e.emails, emailKey(c.Value))
	case people.Other:
	}
	return false
}

// learn notes what an entry is known by from now on.
func (c *contactIntake) learn(to *entry, more people.More) {
	before := entry{phones: to.phones, emails: to.emails}
	for _, one := range more.Contacts {
		to.learn(one)
	}
	c.near.addContacts(to, to.phones[len(before.phones):], to.emails[len(before.emails):], nil)
	to.area = cmp.Or(to.area, more.Area)
	to.connector = cmp.Or(to.connector, more.Connector)
}

// write writes people down, with households that their codes make.
func (c *contactIntake) write(ctx context.Context, q db.Querier, rows []*Planned) error {
	c.near = nil // everything is planned by now, and a long list needs its memory
	var added []people.New
	var from []*Planned
	var more []people.More
	made, err := c.homes.make(ctx, q, c.ID, c.codes(rows))
	if err != nil {
		return err
	}
	for _, p := range rows {
		switch aim := p.aim.(type) {
		case *newPerson:
			p.got = append(p.got, c.homes.came(made, aim.Connector, aim.code)...)
			aim.Household = c.homes.id(aim.Connector, aim.code)
			added, from = append(added, aim.New), append(from, p)
		case *people.More:
			p.got = append(p.got, c.homes.came(made, aim.Connector, aim.Household)...)
			aim.Household = c.homes.id(aim.Connector, aim.Household)
			more = append(more, *aim)
		}
	}
	if err := people.AddAll(ctx, q, c.ID, added); err != nil {
		return err
	}
	for i, p := range from {
		p.got = append(p.got, got{kind: kindPerson, id: added[i].ID, person: added[i].ID, act: Add})
	}
	return people.Complete(ctx, q, c.ID, more)
}

// codes are the households that rows speak of.
func (c *contactIntake) codes(rows []*Planned) (all []people.Household) {
	for _, p := range rows {
		switch aim := p.aim.(type) {
		case *newPerson:
			if aim.code != "" {
				all = append(all, people.Household{Code: aim.code, Area: aim.Area, Connector: aim.Connector})
			}
		case *people.More:
			if aim.Household != "" {
				all = append(all, people.Household{Code: aim.Household, Area: aim.Area, Connector: aim.Connector})
			}
		}
	}
	return all
}

// readLangs reads names of languages, in English and Spanish, and ISO codes;
// ok is false when a word is no language that we know.
func readLangs(text string) (codes []string, ok bool) {
	ok = true
	for _, word := range strings.FieldsFunc(db.Fold(text), func(r rune) bool { return strings.ContainsRune(" ,;/&+\n", r) }) {
		code, known := langNames[word]
		switch {
		case known:
			codes = append(codes, string(code))
		case word == "and" || word == "y" || word == "e":
		default:
			ok = false
		}
	}
	return codes, ok
}

var langNames = map[string]i18n.Lang{
	"en": "en", "english": "en", "ingles": "en", "es": "es", "spanish": "es", "espanol": "es", "castellano": "es",
	"zh": "zh", "chinese": "zh", "chino": "zh", "mandarin": "zh", "cantonese": "yue", "cantones": "yue", "vi": "vi", "vietnamese": "vi", "vietnamita": "vi",
	"tl": "tl", "tagalog": "tl", "filipino": "tl", "ko": "ko", "korean": "ko", "coreano": "ko", "ar": "ar", "arabic": "ar", "arabe": "ar",
	"fr": "fr", "french": "fr", "frances": "fr", "ht": "ht", "creole": "ht", "criollo": "ht", "haitian": "ht", "pt": "pt", "portuguese": "pt", "portugues": "pt", //nolint:misspell // Spanish, folded
	"ru": "ru", "russian": "ru", "ruso": "ru", "uk": "uk", "ukrainian": "uk", "ucraniano": "uk", "pl": "pl", "polish": "pl", "polaco": "pl",
	"so": "so", "somali": "so", "am": "am", "amharic": "am", "amarico": "am", "hi": "hi", "hindi": "hi", "ur": "ur", "urdu": "ur",
	"pa": "pa", "punjabi": "pa", "bn": "bn", "bengali": "bn", "hmn": "hmn", "hmong": "hmn", "ne": "ne", "nepali": "ne", "my": "my", "burmese": "my", "birmano": "my",
	"sw": "sw", "swahili": "sw", "fa": "fa", "farsi": "fa", "persian": "fa", "dari": "fa", "ps": "ps", "pashto": "ps", "de": "de", "german": "de", "aleman": "de",
	"it": "it", "italian": "it", "italiano": "it", "tr": "tr", "turkish": "tr", "turco": "tr", "qu": "qu", "quechua": "qu", "nah": "nah", "nahuatl": "nah",
	"mixteco": "mix", "mixtec": "mix", "zapoteco": "zap", "zapotec": "zap", "asl": "ase",
}
