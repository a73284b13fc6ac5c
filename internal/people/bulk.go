package people

import (
	"cmp"
	"context"
	"slices"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Check reads a person as somebody typed it, or as it stood in a file, and says
// everything that is wrong with it, as Create does. Household stays a code and
// Connector is left to the caller.
func Check(d Draft, today db.Day, f *fault.Form) New {
	n := New{Person: d.person(f)}
	n.Contacts = d.contacts(f)
	n.Consents = d.Consent.parse(today, f)
	n.Household = d.Household
	checkKept(n.Person, n.Contacts, n.Consents, f)
	return n
}

// CheckHousehold is Check for a household.
func CheckHousehold(d HouseholdDraft, f *fault.Form) Household { return d.parse(f) }

// AddAll is Add for many at once, a hundred in one statement; each is taken
// as checked, with ids of household and connector. Ids are set in what was
// given.
func AddAll(ctx context.Context, q db.Querier, initiative string, all []New) (err error) {
	defer fault.Wrap(&err, "people.AddAll in %s", initiative)
	for some := range slices.Chunk(all, manyPeople) {
		if err := addSome(ctx, q, initiative, some); err != nil {
			return err
		}
	}
	return nil
}

func addSome(ctx context.Context, q db.Querier, initiative string, some []New) error {
	var contacts []Contact
	byAccount := map[string][]Consent{}
	for i := range some {
		n := &some[i]
		_, id, err := db.Mark(q)
		if err != nil {
			return err
		}
		n.ID = id
		n.Age = cmp.Or(n.Age, NotAsked)
		for _, c := range n.Contacts {
			c.Person = id
			contacts = append(contacts, c)
		}
		for _, c := range n.Consents {
			c.Person = id
			byAccount[n.By] = append(byAccount[n.By], c)
		}
	}
	if err := insertPeople(ctx, q, initiative, some); err != nil {
		return err
	}
	return addBelongings(ctx, q, initiative, contacts, byAccount)
}

// addBelongings adds contacts and consents in whole statements.
func addBelongings(ctx context.Context, q db.Querier, initiative string, contacts []Contact, byAccount map[string][]Consent) error {
	for part := range slices.Chunk(contacts, manyRows) {
		if err := insertContacts(ctx, q, initiative, part); err != nil {
			return err
		}
	}
	for account, given := range byAccount {
		for part := range slices.Chunk(given, manyRows) {
			if err := insertConsents(ctx, q, initiative, account, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// How many people, or rows that belong to people, go into one statement. More
// is no quicker: SQLite's driver looks each argument up among all.
const (
	manyPeople = 100
	manyRows   = 100
)

// More is what is learned of somebody known. What is there already stays:
// only what is empty is filled.
type More struct {
	Person    string
	Area      string
	Household string // id
	Connector string // id
	Contacts  []Contact
	Consents  []Consent
	By        string // the account that writes
}

// Complete adds to what is known of many, some hundreds in one statement, in
// somebody else's transaction; who may, and that nobody is under 18 without a
// parent's consent, is the caller's to ask.
func Complete(ctx context.Context, q db.Querier, initiative string, all []More) (err error) {
	defer fault.Wrap(&err, "people.Complete in %s", initiative)
	for some := range slices.Chunk(all, manyPeople) {
		if err := fillPeople(ctx, q, initiative, some); err != nil {
			return err
		}
		var contacts []Contact
		byAccount := map[string][]Consent{}
		for _, m := range some {
			for _, c := range m.Contacts {
				c.Person = m.Person
				contacts = append(contacts, c)
			}
			for _, c := range m.Consents {
				c.Person = m.Person
				byAccount[m.By] = append(byAccount[m.By], c)
			}
		}
		if err := addBelongings(ctx, q, initiative, contacts, byAccount); err != nil {
			return err
		}
	}
	return nil
}

// AddHouseholds writes households down, some hundreds in one statement, in
// somebody else's transaction; taken as checked. Ids are set in what was given.
func AddHouseholds(ctx context.Context, q db.Querier, initiative string, all []Household) (err error) {
	defer fault.Wrap(&err, "people.AddHouseholds in %s", initiative)
	for some := range slices.Chunk(all, manyPeople) {
		for i := range some {
			if _, some[i].ID, err = db.Mark(q); err != nil {
				return err
			}
		}
		if err := insertHouseholds(ctx, q, initiative, some); err != nil {
			return err
		}
	}
	return nil
}

// CompleteHouseholds fills what is empty in households: area and note.
func CompleteHouseholds(ctx context.Context, q db.Querier, initiative string, all []Household) (err error) {
	defer fault.Wrap(&err, "people.CompleteHouseholds in %s", initiative)
	for some := range slices.Chunk(all, manyPeople) {
		if err := fillHouseholds(ctx, q, initiative, some); err != nil {
			return err
		}
	}
	return nil
}

// ConnectorsOf gives those who hold conversations here, for whoever knows that
// this may be told.
func ConnectorsOf(ctx context.Context, q db.Querier, in string) (all []Named, err error) {
	defer fault.Wrap(&err, "people.ConnectorsOf %s", in)
	ids, err := connectors(ctx, q, in)
	if err != nil {
		return nil, err
	}
	byID, err := names(ctx, q, in, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		all = append(all, Named{ID: id, Name: byID[id]})
	}
	return all, nil
}
