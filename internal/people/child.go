package people

import (
	"slices"

	"commonweal/internal/fault"
)

// agreedByParent says whether a parent's consent stands.
func agreedByParent(given []Consent) bool {
	return slices.ContainsFunc(given, func(c Consent) bool { return c.GivenBy == Parent && c.Stands() })
}

// checkKept holds what is about to be kept of a person against what was agreed
// to: a grown-up's name needs their own yes; of somebody under 18 nothing but
// the name is kept before a parent agreed.
func checkKept(p Person, contacts []Contact, given []Consent, f *fault.Form) {
	if p.Age != Under18 {
		f.Check(Agreed(given, KeepName), "consent", "people.consent.missing")
		return
	}
	f.Check(!slices.ContainsFunc(given, func(c Consent) bool { return c.GivenBy != Parent && c.Stands() }),
		"given_by", "people.giver.parental")
	if agreedByParent(given) {
		return
	}
	const key = "people.parent.first"
	f.Check(p.Area == "", "area", key)
	f.Check(p.Household == "", "household", key)
	f.Check(len(p.Langs) == 0, "langs", key)
	f.Check(p.MetOn.IsZero(), "met_on", key)
	for _, c := range contacts {
		f.Add(string(c.Kind), key)
	}
}
