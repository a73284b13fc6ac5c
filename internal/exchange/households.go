package exchange

import (
	"cmp"
	"context"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

const householdsName = "households"

// households are some people who live together, by a code.
type households struct{}

// Name is what the target is called in forms.
func (households) Name() string { return householdsName }

// Needs are the fields of which one must have a column.
func (households) Needs() []string { return []string{"code"} }

// Questions are asked only when names of people come along.
func (households) Questions(has func(string) bool) []Question {
	if !has("people") {
		return nil
	}
	return consentQuestions(has)
}

// Fields are what a column can be.
func (households) Fields() []sheet.Field {
	return append([]sheet.Field{
		{Name: "code", Kind: sheet.Text, Words: []string{"household", "household code", "code", "hh", "hh id", "family code", "hogar", "código", "código del hogar", "clave"}},
		{Name: "area", Kind: sheet.Text, Words: []string{"area", "neighborhood", "neighbourhood", "block", "zone", "barrio", "zona", "cuadra", "sector"}},
		{Name: "connector", Kind: sheet.Text, Words: []string{"connector", "who knows them", "outreach", "worker", "promotor", "promotora", "enlace"}},
		{Name: "people", Kind: sheet.Text, Words: []string{"people", "members", "who lives there", "names", "residents", "personas", "integrantes", "quién vive ahí", "nombres"}},
		{Name: "note", Kind: sheet.Text, Words: []string{"note", "notes", "comment", "comments", "remarks", "nota", "notas", "comentario", "observaciones"}},
	}, consentFields()...)
}

// open reads the households that are here, and who lives in them.
func (households) open(ctx context.Context, q db.Querier, h *here, answers Answers) (intake, error) {
	homes, err := knownHouseholds(ctx, q, h.ID)
	if err != nil {
		return nil, err
	}
	known, err := knownPeople(ctx, q, h.ID)
	if err != nil {
		return nil, err
	}
	in := &householdIntake{here: h, agreed: newAgreement(answers), homes: homes, lives: map[string]bool{}, drafts: map[string]*newHousehold{}}
	for _, e := range known {
		if e.household != "" {
			in.lives[e.household+"\x00"+nameKey(e.name)] = true
		}
	}
	return in, nil
}

type householdIntake struct {
	*here
	agreed agreement
	homes  homes
	lives  map[string]bool // id of a household, with the key of a name
	drafts map[string]*newHousehold
}

// newHousehold is a household to be written down, or to be completed, with
// people to be written down with it.
type newHousehold struct {
	people.Household
	members []people.New
}

// plan says what a row about a household will do.
func (c *householdIntake) plan(r Row) *Planned {
	p := &Planned{Title: shortened(r.text("code"))}
	var unread []string
	d := people.HouseholdDraft{Code: r.text("code"), Note: r.text("note")}
	if name := r.text("area"); name != "" {
		if a, ok := c.area(name); ok {
			d.Area = a.ID
		} else {
			unread = append(unread, "area")
			p.note("import.note.area", "area", shortened(name))
		}
	}
	var f fault.Form
	h := newHousehold{Household: people.CheckHousehold(d, &f)}
	if name := r.text("connector"); name != "" {
		id, ok := c.connector(name)
		if !ok {
			unread = append(unread, "connector")
			p.note("import.note.connector", "name", shortened(name))
		}
		h.Connector = id
	}
	if p.faults(f.Err()) {
		return p
	}
	p.beside = r.beside(unread...)
	return c.settle(p, h, c.members(r, p, h))
}

// settle holds a household against those that are here, and those of earlier
// rows.
func (c *householdIntake) settle(p *Planned, h newHousehold, members []people.New) *Planned {
	key := homeKey(h.Connector, h.Code)
	if draft, ok := c.drafts[key]; ok { // a row a person is common in such lists
		p.Act = Change
		if len(members) == 0 && (h.Note == "" || draft.Note != "") {
			p.Act = Same
		}
		draft.Note = cmp.Or(draft.Note, h.Note)
		draft.Area = cmp.Or(draft.Area, h.Area)
		draft.members = append(draft.members, members...)
		p.note("import.why.household")
		return p
	}
	have, here := c.homes[key]
	h.members = members
	if !here {
		p.Act = Add
		p.aim, c.drafts[key] = &h, &h
		return p
	}
	p.Like = &Like{ID: have.ID, Name: have.Code, Area: c.areaNames[have.Area], Score: 100}
	fills := have.Area == "" && h.Area != "" || have.Note == "" && h.Note != ""
	h.ID = have.ID
	if !fills && len(members) == 0 {
		p.Act = Same
		p.note("import.why.known")
		if len(p.beside) > 0 {
			p.got = []got{{kind: kindHousehold, id: have.ID, act: Same}}
		}
		return p
	}
	p.Act = Change
	p.aim, c.drafts[key] = &h, &h
	act := Same
	if fills {
		act = Change
	}
	p.got = []got{{kind: kindHousehold, id: have.ID, act: act}}
	return p
}

// members are the people whom a row names and who aren't here yet, when they
// agreed.
func (c *householdIntake) members(r Row, p *Planned, h newHousehold) (all []people.New) {
	names := namesIn(r.text("people"))
	if len(names) == 0 {
		return nil
	}
	if !c.agreed.covers(r) {
		p.note("import.note.names", "n", len(names))
		return nil
	}
	home := c.homes[homeKey(h.Connector, h.Code)].ID
	for _, name := range names {
		at := home + "\x00" + nameKey(name)
		if home == "" {
			at = homeKey(h.Connector, h.Code) + "\x00" + nameKey(name)
		}
		if c.lives[at] {
			continue
		}
		var f fault.Form
		n := people.Check(people.Draft{Name: name, Area: h.Area, Consent: c.agreed.draft(r, people.KeepName)}, c.today, &f)
		if f.Err() != nil {
			p.note("import.note.name", "name", shortened(name))
			continue
		}
		c.lives[at] = true
		n.Connector, n.By = h.Connector, c.account
		all = append(all, n)
	}
	if len(all) > 0 {
		p.note("import.note.people", "n", len(all))
	}
	return all
}

// namesIn parts the names that one cell holds.
func namesIn(text string) (all []string) {
	marks := ";\n|/"
	if !strings.ContainsAny(text, marks) {
		marks = ","
	}
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(marks, r) }) {
		if name = strings.Join(strings.Fields(name), " "); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// write writes households down, then their people.
func (c *householdIntake) write(ctx context.Context, q db.Querier, rows []*Planned) error {
	var fresh, fuller []people.Household
	var from []*Planned
	for _, p := range rows {
		h, ok := p.aim.(*newHousehold)
		switch {
		case !ok:
		case h.ID == "":
			fresh, from = append(fresh, h.Household), append(from, p)
		case p.got[0].act == Change:
			fuller = append(fuller, h.Household)
		}
	}
	if err := people.AddHouseholds(ctx, q, c.ID, fresh); err != nil {
		return err
	}
	for i, p := range from {
		p.aim.(*newHousehold).ID = fresh[i].ID //nolint:forcetypeassert // chosen by its type above
		p.got = append(p.got, got{kind: kindHousehold, id: fresh[i].ID, act: Add})
	}
	if err := people.CompleteHouseholds(ctx, q, c.ID, fuller); err != nil {
		return err
	}
	return c.writeMembers(ctx, q, rows)
}

func (c *householdIntake) writeMembers(ctx context.Context, q db.Querier, rows []*Planned) error {
	var all []people.New
	var from []*Planned
	for _, p := range rows {
		h, ok := p.aim.(*newHousehold)
		if !ok {
			continue
		}
		for _, n := range h.members {
			n.Household = h.ID
			all, from = append(all, n), append(from, p)
		}
	}
	if err := people.AddAll(ctx, q, c.ID, all); err != nil {
		return err
	}
	for i, p := range from {
		p.got = append(p.got, got{kind: kindPerson, id: all[i].ID, person: all[i].ID, act: Add, side: true})
	}
	return nil
}
