package people

import (
	"context"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// New is a person to be written down, with all that came along.
type New struct {
	Person
	Contacts []Contact
	Consents []Consent
	By       string // the account that writes, or "" when the person does it alone
}

// Add writes a person down in somebody else's transaction; who may is the
// caller's to ask. Ids are given here. Faults: Invalid, with the fields of
// Draft, when what was agreed to doesn't cover what is kept.
func Add(ctx context.Context, q db.Querier, initiative string, n New) (p Person, err error) {
	defer fault.Wrap(&err, "people.Add in %s", initiative)
	if n.Age == "" {
		n.Age = NotAsked
	}
	var f fault.Form
	f.Check(n.Name != "", "name", "people.name.missing")
	checkKept(n.Person, n.Contacts, n.Consents, &f)
	if err := f.Err(); err != nil {
		return Person{}, err
	}
	now, id, err := db.Mark(q)
	if err != nil {
		return Person{}, err
	}
	n.ID = id
	if err := insertPerson(ctx, q, initiative, n.Person, now); err != nil {
		return Person{}, err
	}
	for i := range n.Contacts {
		n.Contacts[i].Person = n.ID
	}
	if err := insertContacts(ctx, q, initiative, n.Contacts); err != nil {
		return Person{}, err
	}
	for i := range n.Consents {
		n.Consents[i].Person = n.ID
	}
	return n.Person, insertConsents(ctx, q, initiative, n.By, n.Consents)
}

// AddContact keeps one more way to reach a person, in somebody else's
// transaction; who may is the caller's to ask. Faults: NotFound; Invalid at
// the kind's field for somebody under 18 without a parent's consent.
func AddContact(ctx context.Context, q db.Querier, initiative string, c Contact) (err error) {
	defer fault.Wrap(&err, "people.AddContact to %s in %s", c.Person, initiative)
	if err := mayKeep(ctx, q, initiative, c.Person, string(c.Kind)); err != nil {
		return err
	}
	return insertContacts(ctx, q, initiative, []Contact{c})
}

// AddConsent notes what a person agreed to, in somebody else's transaction;
// who may is the caller's to ask, by is the account that writes. Faults:
// NotFound; Invalid at "given_by" for somebody under 18 who agreed without a
// parent.
func AddConsent(ctx context.Context, q db.Querier, initiative, person, by string, given []Consent) (err error) {
	defer fault.Wrap(&err, "people.AddConsent to %s in %s", person, initiative)
	p, err := living(ctx, q, initiative, person)
	if err != nil {
		return err
	}
	var f fault.Form
	for i := range given {
		given[i].Person = person
		f.Check(p.Age != Under18 || given[i].GivenBy == Parent, "given_by", "people.giver.parental")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return insertConsents(ctx, q, initiative, by, given)
}

// CheckKeep is nil when more than the name may be kept of a person: what they
// said, their gifts. Faults: NotFound for nobody, and for somebody erased;
// Invalid at "age" for somebody under 18 without a parent's consent.
func CheckKeep(ctx context.Context, q db.Querier, initiative, person string) (err error) {
	defer fault.Wrap(&err, "people.CheckKeep of %s in %s", person, initiative)
	return mayKeep(ctx, q, initiative, person, "age")
}

func mayKeep(ctx context.Context, q db.Querier, initiative, person, field string) error {
	p, err := living(ctx, q, initiative, person)
	if err != nil || p.Age != Under18 {
		return err
	}
	given, err := consents(ctx, q, initiative, person)
	if err != nil {
		return err
	}
	var f fault.Form
	f.Check(agreedByParent(given), field, "people.parent.first")
	return f.Err()
}

// HouseholdByCode finds a connector's household by its code, or writes it
// down, in somebody else's transaction; who may is the caller's to ask. Two
// connectors may use the same code for two households.
func HouseholdByCode(ctx context.Context, q db.Querier, initiative, connector, code, area string) (h Household, err error) {
	defer fault.Wrap(&err, "people.HouseholdByCode in %s", initiative)
	h, err = householdByCode(ctx, q, initiative, connector, code)
	if !fault.Is(err, fault.NotFound) {
		return h, err
	}
	now, id, err := db.Mark(q)
	if err != nil {
		return Household{}, err
	}
	h = Household{ID: id, Code: strings.TrimSpace(code), Area: area, Connector: connector}
	return h, insertHousehold(ctx, q, initiative, h, now)
}
