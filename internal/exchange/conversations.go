package exchange

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"commonweal/internal/conversation"
	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

const conversationsName = "conversations"

// conversations are what neighbours said, and when.
type conversations struct{}

// Name is what the target is called in forms.
func (conversations) Name() string { return conversationsName }

// Needs are the fields of which one must have a column.
func (conversations) Needs() []string { return []string{"held_on"} }

// The answers to "may we keep what they said?" beside agreedEach.
const (
	askSaid   = "said"
	saidNamed = "name"
	saidAnon  = "anon"
	saidNo    = "no"
)

// Questions are asked once of a whole table.
func (conversations) Questions(has func(string) bool) []Question {
	options := []string{saidNamed, saidAnon, saidNo}
	if has(fieldAgree) {
		options = append([]string{agreedEach}, options...)
	}
	return []Question{
		{Name: askSaid, Options: options},
		{Name: askHow, Options: []string{string(people.Doorstep), string(people.Paper), string(people.Phoned), string(people.Web)}},
	}
}

// Fields are what a column can be.
func (conversations) Fields() []sheet.Field {
	agreed := consentFields()[0]
	agreed.Kind = sheet.Text
	return []sheet.Field{
		{Name: "held_on", Kind: sheet.Date, Words: []string{"date", "day", "conversation date", "visit date", "when", "fecha", "día", "fecha de la conversación", "fecha de visita"}},
		{Name: "connector", Kind: sheet.Text, Words: []string{"connector", "asked by", "interviewer", "outreach", "worker", "visited by", "promotor", "promotora", "enlace", "entrevistó", "visitó"}},
		{Name: "area", Kind: sheet.Text, Words: []string{"area", "neighborhood", "neighbourhood", "block", "zone", "barrio", "zona", "cuadra", "sector"}},
		{Name: "household", Kind: sheet.Text, Words: []string{"household", "household code", "hogar", "código del hogar"}},
		{Name: "name", Kind: sheet.Text, Words: []string{"name", "person", "neighbor", "neighbour", "resident", "nombre", "vecino", "vecina", "persona"}},
		{Name: "need", Kind: sheet.Text, Words: []string{"need", "needs", "what they need", "asked for", "necesita", "necesidad", "necesidades", "qué necesita"}},
		{Name: "delivery", Kind: sheet.Text, Words: []string{"how", "how to get it", "cómo lo quiere", "cómo prefiere recibirlo"}},
		{Name: "gift", Kind: sheet.Text, Words: []string{"gift", "gifts", "skills", "can do", "can share", "can offer", "strengths", "talents", "dones", "habilidades", "puede aportar", "talentos", "sabe hacer", "puede ofrecer"}},
		{Name: "support", Kind: sheet.Text, Words: []string{"support", "what would help", "barrier", "barriers", "obstacle", "apoyo", "obstáculo", "barrera", "qué le ayudaría"}},
		{Name: "advice", Kind: sheet.Text, Words: []string{"advice", "suggestion", "idea", "ideas", "feedback", "consejo", "sugerencia", "opinión"}},
		{Name: "care", Kind: sheet.Text, Words: []string{"cares about", "concern", "passion", "would act on", "le importa", "le preocupa", "interés"}},
		agreed,
	}
}

// open reads everybody who is here.
func (conversations) open(ctx context.Context, q db.Querier, h *here, answers Answers) (intake, error) {
	known, err := knownPeople(ctx, q, h.ID)
	if err != nil {
		return nil, err
	}
	homes, err := knownHouseholds(ctx, q, h.ID)
	if err != nil {
		return nil, err
	}
	return &talkIntake{here: h, answers: answers, near: newNearby(known), homes: homes}, nil
}

type talkIntake struct {
	*here
	answers Answers
	near    *nearby
	homes   homes
}

// newTalk is a conversation to be written down, with whom it was.
type newTalk struct {
	conversation.Past
	code string // of the household
	with *entry // somebody known, or of an earlier row; nil without a name
	name *newPerson
}

// plan says what a row about a conversation will do. Of a "no" nothing is
// looked at but the day and who asked.
func (c *talkIntake) plan(r Row) *Planned {
	p := &Planned{Title: shortened(firstDay(r.text("held_on")) + " " + r.text("name"))}
	consent := c.consent(r)
	if consent == "" {
		return refuse(p, "import.refused.said")
	}
	d := conversation.Draft{Consent: consent, Channel: people.Channel(c.answers[askHow]), Lang: c.Lang("")}
	if day := r.text("held_on"); day == "" {
		return refuse(p, "import.refused.day")
	} else if held, err := db.ParseDay(firstDay(day)); err == nil {
		d.HeldOn = held
	} else {
		d.HeldUnread = true
	}
	if consent == conversation.JustTalk {
		return c.count(r, p, d)
	}
	unread := c.fill(r, p, &d)
	var f fault.Form
	t := &newTalk{Past: conversation.CheckPast(d, c.Initiative, c.today, c.words, &f), code: d.Household}
	if p.faults(f.Err()) {
		return p
	}
	t.Asker, unread = c.asker(r, p, unread)
	t.Area = d.Area
	p.beside = r.beside(unread...)
	p.aim, p.Act = t, Add
	if consent == conversation.WithoutName {
		p.Title, p.beside = firstDay(r.text("held_on")), nil // what stands beside could tell who it was
		return p
	}
	return c.settle(r, p, t, d.Name)
}

// consent is what a row says, or what was said of all rows; "" when nobody
// knows.
func (c *talkIntake) consent(r Row) conversation.Consent {
	switch c.answers[askSaid] {
	case saidNamed:
		if r.text("name") == "" {
			return conversation.WithoutName
		}
		return conversation.WithName
	case saidAnon:
		return conversation.WithoutName
	case saidNo:
		return conversation.JustTalk
	}
	text := db.Fold(r.text(fieldAgree))
	switch {
	case isNo(text), slices.Contains([]string{"just talk", "count only", "solo hablar", "solo conversar"}, text):
		return conversation.JustTalk
	case slices.Contains([]string{"anon", "anonymous", "without name", "no name", "anonimo", "anonima", "sin nombre"}, text):
		return conversation.WithoutName
	case isYes(text), slices.Contains([]string{"with name", "name", "con nombre"}, text):
		if r.text("name") == "" {
			return conversation.WithoutName
		}
		return conversation.WithName
	}
	return ""
}

// print is a row's, but for a "no": of that it is made of the day and the place
// in the table alone.
func (c *talkIntake) print(r Row) string {
	if c.consent(r) != conversation.JustTalk {
		return r.print()
	}
	return Row{columns: r.columns}.print() + " " + firstDay(r.text("held_on")) + " " + strconv.Itoa(r.N)
}

// count keeps that there was a talk, and nothing of it.
func (c *talkIntake) count(r Row, p *Planned, d conversation.Draft) *Planned {
	p.Title = firstDay(r.text("held_on"))
	var f fault.Form
	t := &newTalk{Past: conversation.CheckPast(d, c.Initiative, c.today, c.words, &f)}
	if p.faults(f.Err()) {
		return p
	}
	t.Asker, _ = c.connector(r.text("connector"))
	p.Act, p.aim = Add, t
	p.note("import.note.count")
	return p
}

// fill reads what was said.
func (c *talkIntake) fill(r Row, p *Planned, d *conversation.Draft) (unread []string) {
	d.Need, d.Delivery, d.Advice, d.Care, d.Support = r.text("need"), r.text("delivery"), r.text("advice"), r.text("care"), r.text("support")
	if text := r.text("gift"); text != "" {
		d.Gifts = []conversation.GiftDraft{{Kind: gift.Skill, Text: text}}
	}
	if name := r.text("area"); name != "" {
		if a, ok := c.area(name); ok {
			d.Area = a.ID
		} else {
			unread = append(unread, "area")
			p.note("import.note.area", "area", shortened(name))
		}
	}
	if d.Consent == conversation.WithName {
		d.Name, d.Household = personName(r), strings.TrimSpace(r.text("household"))
	}
	return unread
}

func (c *talkIntake) asker(r Row, p *Planned, unread []string) (string, []string) {
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

// settle finds whom the conversation was with. Whoever has the same name, and
// the same household where it is given, is taken for them when there is one
// alone; otherwise a person is asked.
func (c *talkIntake) settle(r Row, p *Planned, t *newTalk, name string) *Planned {
	e := &entry{row: r.N, name: name, area: t.Area, household: c.homes.id(t.Asker, t.code), connector: t.Asker}
	e.key = nameKey(name)
	named := slices.Clone(c.near.byKey[e.key])
	if e.household != "" {
		named = slices.DeleteFunc(named, func(o *entry) bool { return o.household != "" && o.household != e.household })
	}
	choice := c.choices[rowKey{r.Sheet, r.N}]
	switch {
	case len(named) == 1 && choice != IsNew:
		return c.with(p, t, named[0])
	case len(named) == 0:
		return c.withNew(p, t, e)
	}
	best := compare(e, named[0])
	for _, o := range named[1:] {
		if l := compare(e, o); l.score > best.score {
			best = l
		}
	}
	p.Like = best.like(c.here)
	switch choice {
	case TheSame:
		return c.with(p, t, best.to)
	case IsNew:
		return c.withNew(p, t, e)
	case LeaveIt:
		p.Act = Skip
	default:
		p.Act = Alike
	}
	return p
}

func (c *talkIntake) with(p *Planned, t *newTalk, e *entry) *Planned {
	if e.under18 {
		return refuse(p, "import.refused.child")
	}
	t.with = e
	p.got = agrees(e)
	p.Like = &Like{ID: e.id, Row: e.row, Name: e.name, Area: c.areaNames[e.area], Score: 100}
	p.note("import.note.with", "name", e.name)
	return p
}

// agrees is somebody known who agrees to something more.
func agrees(e *entry) []got {
	if e.id == "" {
		return nil
	}
	return []got{{kind: kindPerson, id: e.id, person: e.id, act: Change, side: true}}
}

func (c *talkIntake) withNew(p *Planned, t *newTalk, e *entry) *Planned {
	t.with = e
	t.name = &newPerson{code: t.code, New: people.New{
		Person: people.Person{
			Name: e.name, Area: t.Area, Connector: t.Asker, MetOn: t.Held(), Age: people.NotAsked, Langs: []i18n.Lang{t.Lang},
		},
		Consents: t.Consents(), By: c.account,
	}}
	c.near.add(e)
	p.Like = nil
	p.note("import.note.newperson")
	return p
}

// write writes down new people, then what was said, then the counts.
func (c *talkIntake) write(ctx context.Context, q db.Querier, rows []*Planned) error {
	if err := c.writePeople(ctx, q, rows); err != nil {
		return err
	}
	var said []conversation.Past
	var saidIn, countedIn []*Planned
	var counts []conversation.Talk
	for _, p := range rows {
		t, ok := p.aim.(*newTalk)
		switch {
		case !ok:
		case t.IsCount():
			counts, countedIn = append(counts, conversation.Talk{On: t.Held(), Asker: t.Asker}), append(countedIn, p)
		default:
			if t.with != nil {
				t.With, t.Household = t.with.id, t.with.household
			}
			said, saidIn = append(said, t.Past), append(saidIn, p)
		}
	}
	if err := conversation.AddAll(ctx, q, c.Initiative, c.words, said); err != nil {
		return err
	}
	for i, p := range saidIn {
		p.got = append(p.got, got{kind: kindConversation, id: said[i].ID, person: said[i].With, act: Add})
	}
	if err := conversation.CountTalks(ctx, q, c.ID, counts); err != nil {
		return err
	}
	for i, p := range countedIn {
		p.got = append(p.got, got{kind: kindTalk, id: counts[i].ID, act: Add})
	}
	return nil
}

// writePeople writes down those whom nobody knew, and notes what those agreed
// to whom somebody did.
func (c *talkIntake) writePeople(ctx context.Context, q db.Querier, rows []*Planned) error {
	var homes []people.Household
	for _, p := range rows {
		if t, ok := p.aim.(*newTalk); ok && t.name != nil {
			homes = append(homes, people.Household{Code: t.code, Area: t.Area, Connector: t.Asker})
		}
	}
	made, err := c.homes.make(ctx, q, c.ID, homes)
	if err != nil {
		return err
	}
	var all []people.New
	var from []*Planned
	for _, p := range rows {
		t, ok := p.aim.(*newTalk)
		if !ok || t.name == nil {
			continue
		}
		p.got = append(p.got, c.homes.came(made, t.Asker, t.code)...)
		t.name.Household = c.homes.id(t.Asker, t.code)
		t.with.household = t.name.Household
		all, from = append(all, t.name.New), append(from, p)
	}
	if err := people.AddAll(ctx, q, c.ID, all); err != nil {
		return err
	}
	for i, p := range from {
		p.aim.(*newTalk).with.id = all[i].ID //nolint:forcetypeassert // chosen by its type above
		p.got = append(p.got, got{kind: kindPerson, id: all[i].ID, person: all[i].ID, act: Add, side: true})
	}
	return c.noteConsents(ctx, q, rows)
}

// noteConsents notes that people who were known agreed to notes of what they
// said.
func (c *talkIntake) noteConsents(ctx context.Context, q db.Querier, rows []*Planned) error {
	var more []people.More
	for _, p := range rows {
		if t, ok := p.aim.(*newTalk); ok && t.name == nil && t.with != nil && t.with.id != "" {
			more = append(more, people.More{Person: t.with.id, Consents: t.Consents(), By: c.account})
			if len(p.got) == 0 { // somebody from an earlier row
				p.got = agrees(t.with)
			}
		}
	}
	return people.Complete(ctx, q, c.ID, more)
}
