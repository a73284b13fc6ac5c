package exchange

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
)

const partnersName = "partners"

// partners are associations and institutions, with whom to ask there.
type partners struct{}

// Name is what the target is called in forms.
func (partners) Name() string { return partnersName }

// Needs are the fields of which one must have a column.
func (partners) Needs() []string { return []string{"organization"} }

// Questions are asked only when people's names come along.
func (partners) Questions(has func(string) bool) []Question {
	if !has("contact") && !has("contact_email") && !has("contact_phone") {
		return nil
	}
	return consentQuestions(has)
}

// Fields are what a column can be.
func (partners) Fields() []sheet.Field {
	return append([]sheet.Field{
		{Name: "organization", Kind: sheet.Text, Words: []string{"organization", "organisation", "partner", "agency", "group", "association", "organization name", "organización", "socio", "aliado", "grupo", "asociación", "nombre de la organización"}},
		{Name: "kind", Kind: sheet.Text, Words: []string{"type", "kind", "category", "tipo", "clase", "categoría"}},
		{Name: "about", Kind: sheet.Text, Words: []string{"about", "description", "what they do", "mission", "descripción", "qué hacen", "misión"}},
		{Name: "offers", Kind: sheet.Text, Words: []string{"offers", "can bring", "resources", "what they can bring", "aporta", "ofrece", "recursos", "puede aportar"}},
		{Name: "website", Kind: sheet.Text, Words: []string{"website", "web", "web site", "url", "sitio web", "página web"}},
		{Name: "email", Kind: sheet.Email, Words: []string{"email", "e-mail", "organization email", "office email", "correo", "correo de la organización"}},
		{Name: "phone", Kind: sheet.Phone, Words: []string{"phone", "telephone", "office phone", "main phone", "teléfono", "teléfono de la oficina"}},
		{Name: "area", Kind: sheet.Text, Words: []string{"area", "neighborhood", "neighbourhood", "zone", "barrio", "zona", "sector"}},
		{Name: "langs", Kind: sheet.Text, Words: []string{"language", "languages", "idioma", "idiomas"}},
		{Name: "members", Kind: sheet.Number, Words: []string{"members", "size", "number of members", "miembros", "integrantes", "tamaño"}},
		{Name: "contact", Kind: sheet.Text, Words: []string{"contact", "contact person", "contact name", "representative", "name", "contacto", "persona de contacto", "representante", "responsable"}}, //nolint:misspell // Spanish
		{Name: "job", Kind: sheet.Text, Words: []string{"job", "title", "job title", "role", "position", "cargo", "puesto", "función"}},
		{Name: "contact_email", Kind: sheet.Email, Words: []string{"contact email", "contact e-mail", "their email", "correo de contacto", "correo del contacto"}},
		{Name: "contact_phone", Kind: sheet.Phone, Words: []string{"contact phone", "mobile", "cell", "celular", "móvil", "teléfono de contacto"}},
	}, consentFields()...)
}

// open reads the organizations that are here.
func (partners) open(ctx context.Context, q db.Querier, h *here, answers Answers) (intake, error) {
	known, err := knownOrganizations(ctx, q, h.ID)
	if err != nil {
		return nil, err
	}
	return &partnerIntake{here: h, agreed: newAgreement(answers), near: newNearby(known)}, nil
}

type partnerIntake struct {
	*here
	agreed agreement
	near   *nearby
}

// Limits on what a cell may say of an organization, in letters.
const (
	maxOrganization = 200
	maxAbout        = 2000
	maxOffer        = 500
)

// plan says what a row about an organization will do.
func (c *partnerIntake) plan(r Row) *Planned {
	p := &Planned{Title: shortened(r.text("organization"))}
	name := r.text("organization")
	if name == "" {
		return refuse(p, "import.refused.noname")
	}
	if utf8.RuneCountInString(name) > maxOrganization {
		return refuse(p, "people.name.long", "max", maxOrganization)
	}
	n, unread := c.read(r, p)
	e := &entry{row: r.N, name: name, area: n.Area}
	e.emails, e.sites = some(emailKey(n.Email)), some(siteKey(n.Website))
	for _, d := range n.Details {
		e.learnDetail(d.Fields)
	}
	p.beside = r.beside(unread...)
	return c.settle(r, p, n, e)
}

// read reads a row as an organization, and names the fields that couldn't be
// read and are kept beside.
func (c *partnerIntake) read(r Row, p *Planned) (n *organization.New, unread []string) {
	n = &organization.New{}
	n.Name, n.Lang, n.Status = r.text("organization"), c.Lang(""), organization.Drafted
	n.ReviewOn = organization.ReviewOn(c.today)
	n.Kind = kindOf(r.text("kind"), n.Name)
	n.About = shortTo(r.text("about"), maxAbout)
	if utf8.RuneCountInString(r.text("about")) > maxAbout {
		unread = append(unread, "about")
	}
	if area := r.text("area"); area != "" {
		if a, ok := c.area(area); ok {
			n.Area = a.ID
		} else {
			unread = append(unread, "area")
			p.note("import.note.area", "area", shortened(area))
		}
	}
	codes, ok := readLangs(r.text("langs"))
	if !ok {
		unread = append(unread, "langs")
	}
	for _, code := range codes {
		n.Langs = append(n.Langs, i18n.Lang(code))
	}
	if site := r.text("website"); site != "" {
		if n.Website = website(site); n.Website == "" {
			unread = append(unread, "website")
		}
	}
	if text := r.text("members"); text != "" {
		if count, err := strconv.Atoi(text); err == nil && count > 0 {
			n.Members = count
		} else {
			unread = append(unread, "members")
		}
	}
	for _, offer := range offersIn(r.text("offers")) {
		kind := organization.Habits
		if n.Kind == organization.Institution {
			kind = organization.Function
		}
		n.Offers = append(n.Offers, organization.Offer{Kind: kind, Text: shortTo(offer, maxOffer), Lang: n.Lang})
	}
	return n, append(unread, c.reach(r, p, n)...)
}

// reach reads how an organization can be reached, and whom to ask there. An
// e-mail address beside somebody's name is theirs, and isn't shown to the
// public as the organization's would be.
func (c *partnerIntake) reach(r Row, p *Planned, n *organization.New) (unread []string) {
	contact, email, phone := r.text("contact"), r.text("contact_email"), r.text("contact_phone")
	own, ownPhone := r.text("email"), r.text("phone")
	if contact != "" && email == "" && own != "" {
		email, own = own, ""
	}
	if own != "" {
		if n.Email = emailKey(own); n.Email == "" {
			unread = append(unread, "email")
		}
	}
	if phoneKey(ownPhone) != "" {
		n.Details = append(n.Details, organization.Detail{Entity: organization.EntityPhone, Fields: map[string]any{"number": ownPhone}})
	} else if ownPhone != "" {
		unread = append(unread, "phone")
	}
	if contact+email+phone == "" {
		return unread
	}
	if !c.agreed.covers(r) {
		p.note("import.note.contact")
		return unread
	}
	fields := map[string]any{"name": contact}
	set := func(name, text string) {
		if text != "" {
			fields[name] = text
		}
	}
	set("title", r.text("job"))
	set("email", emailKey(email))
	set("phone", phone)
	set("consent_channel", string(c.agreed.channel))
	set("consent_on", c.agreed.day(r))
	n.Details = append(n.Details, organization.Detail{Entity: organization.EntityContact, Fields: fields})
	if email != "" && emailKey(email) == "" {
		p.note("import.note.email", "typed", shortened(email))
	}
	return unread
}

// kindOf parts associations from institutions by what a row calls it, else by
// its name. What nobody can tell is an association: a steward sees it before
// anybody else does.
func kindOf(text, name string) organization.Kind {
	if text == "" {
		text = name
	}
	words := strings.FieldsFunc(db.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range words {
		if slices.Contains(institutions, w) {
			return organization.Institution
		}
	}
	return organization.Association
}

var institutions = []string{
	"institution", "school", "clinic", "hospital", "city", "county", "government", "library", "agency", "department",
	"university", "college", "police", "district", "health", "business", "company", "bank", "nonprofit",
	"institucion", "escuela", "clinica", "ciudad", "condado", "gobierno", "biblioteca", "agencia", "departamento", //nolint:misspell // Spanish, folded
	"universidad", "policia", "distrito", "salud", "empresa", "banco",
}

// website is an address of a website that can be followed, or nothing.
func website(text string) string {
	text = strings.TrimSpace(text)
	if siteKey(text) == "" || strings.ContainsAny(text, " \"<>") {
		return ""
	}
	if !strings.Contains(text, "://") {
		return "https://" + text
	}
	if strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://") {
		return text
	}
	return ""
}

// offersIn parts what one cell says an organization can bring.
func offersIn(text string) (all []string) {
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		if one = strings.Join(strings.Fields(one), " "); one != "" {
			all = append(all, one)
		}
	}
	return all
}

func shortTo(text string, most int) string {
	letters := []rune(text)
	return string(letters[:min(len(letters), most)])
}

// settle holds an organization against all that are known. An equal name is
// enough: two groups of one name in one place are one.
func (c *partnerIntake) settle(r Row, p *Planned, n *organization.New, e *entry) *Planned {
	found := c.near.find(e)
	if found == nil {
		return c.add(p, n, e)
	}
	p.Like = found.like(c.here)
	if found.to.key == e.key {
		return c.same(p, n, found.to)
	}
	switch c.choices[rowKey{r.Sheet, r.N}] {
	case TheSame:
		return c.same(p, n, found.to)
	case IsNew:
		return c.add(p, n, e)
	case LeaveIt:
		p.Act = Skip
	default:
		p.Act = Alike
	}
	return p
}

func (c *partnerIntake) add(p *Planned, n *organization.New, e *entry) *Planned {
	p.Act, p.Like = Add, nil
	e.draft, p.aim = n, n
	c.near.add(e)
	return p
}

// same adds whom to ask, and what can be brought, to an organization that is
// here.
func (c *partnerIntake) same(p *Planned, n *organization.New, to *entry) *Planned {
	var more []organization.Detail
	for _, d := range n.Details {
		probe := entry{}
		probe.learnDetail(d.Fields)
		if !overlap(probe.phones, to.phones) && !overlap(probe.emails, to.emails) && len(probe.phones)+len(probe.emails) > 0 {
			more = append(more, d)
		}
	}
	if len(more) == 0 {
		p.Act = Same
		p.note("import.why.known")
		if to.id != "" {
			p.got = []got{{kind: kindOrganization, id: to.id, act: Same}}
		}
		return p
	}
	p.Act = Change
	p.note("import.adds.contact")
	for _, d := range more {
		to.learnDetail(d.Fields)
	}
	if draft, ok := to.draft.(*organization.New); ok {
		draft.Details = append(draft.Details, more...)
		return p
	}
	for i := range more {
		more[i].OwnerEntity, more[i].Owner = organization.EntityOrganization, to.id
	}
	p.aim = more
	p.got = []got{{kind: kindOrganization, id: to.id, act: Change}}
	return p
}

// write writes organizations down, as drafts that nobody else sees.
func (c *partnerIntake) write(ctx context.Context, q db.Querier, rows []*Planned) error {
	var all []organization.New
	var from []*Planned
	var more []organization.Detail
	for _, p := range rows {
		switch aim := p.aim.(type) {
		case *organization.New:
			all, from = append(all, *aim), append(from, p)
		case []organization.Detail:
			more = append(more, aim...)
		}
	}
	added, err := organization.Add(ctx, q, c.ID, all)
	if err != nil {
		return err
	}
	for i, p := range from {
		p.got = append(p.got, got{kind: kindOrganization, id: added[i].ID, act: Add})
	}
	return organization.AddDetails(ctx, q, c.ID, more)
}
