package organization_test

import (
	"testing"
	"time"

	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/organization"
)

func TestAServiceIsFoundByWordsOfEitherLanguage(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Elm Church")
		hall := h.place(o, h.east)
		h.service(o, organization.ServiceDraft{Name: "Food pantry", About: "Groceries every Friday"}, hall)
		h.service(o, organization.ServiceDraft{Name: "Clases de inglés", About: "Para principiantes", Lang: "es"}, hall)
		h.service(o, organization.ServiceDraft{Name: "Parents' evening", About: "Rent a hall"}, hall)
		h.expect("a Spanish need", h.found(organization.Want{Text: "necesito comida para mis hijos", Lang: i18n.Spanish}), "Food pantry")
		h.expect("an English need", h.found(organization.Want{Text: "I want to learn English"}), "Clases de inglés")
		h.expect("in its own words", h.found(organization.Want{Text: "principiantes"}), "Clases de inglés")
		h.expect("never within a word", h.found(organization.Want{Text: "parent"}))
		h.expect("words that say nothing", h.found(organization.Want{Text: "I need help please"}))
	})
}

func TestWhatIsNearComesFirst(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Elm Church")
		east, west, wide := h.place(o, h.east), h.place(o, h.west), h.place(o, h.wide)
		h.service(o, organization.ServiceDraft{Name: "Pantry A"}, west)
		h.service(o, organization.ServiceDraft{Name: "Pantry B"}, wide)
		h.service(o, organization.ServiceDraft{Name: "Pantry C"}, east)
		h.service(o, organization.ServiceDraft{Name: "Pantry D"})
		h.expect("from the east", h.found(organization.Want{Text: "food pantry", Area: h.east}), "Pantry C", "Pantry A", "Pantry B", "Pantry D")
		all, err := h.FindServices(h.Context(), h.in.ID, organization.Want{Text: "pantry", Area: h.east})
		h.ok(err)
		if !all[0].Near || all[0].Area != "east" || all[3].Near || all[0].Distance != -1 {
			h.Errorf("near: %+v", all[0])
		}
		for _, why := range all[0].Why {
			h.says(why)
		}
		h.expect("reasons", []string{all[0].Why[0].Key, all[0].Why[len(all[0].Why)-1].Key}, "organization.why.term", "organization.why.near")
	})
}

func TestWhatIsOpenThenComesFirst(t *testing.T) {
	run(t, func(h *house) { // it is Saturday, three in the morning in Chicago
		o := h.shown("Elm Clinic")
		hours := func(name, days, opens, closes string) {
			s := h.service(o, organization.ServiceDraft{Name: name})
			h.ok(h.SetHours(h.Context(), h.sue, h.in.ID, o.ID, s.ID, []organization.HoursDraft{{Days: []string{days}, Opens: opens, Closes: closes}}))
		}
		hours("Doctor A", "MO", "09:00", "12:00")
		hours("Doctor B", "TU", "18:00", "20:00")
		hours("Doctor C", "SU", "09:00", "12:00")
		h.service(o, organization.ServiceDraft{Name: "Doctor D"})
		h.expect("in the evening", h.found(organization.Want{Text: "doctor", When: organization.Evening}), "Doctor B", "Doctor D", "Doctor A", "Doctor C")
		h.expect("at the weekend", h.found(organization.Want{Text: "doctor", When: organization.Weekend}), "Doctor C", "Doctor D", "Doctor A", "Doctor B")
		monday := time.Date(2026, time.November, 23, 10, 0, 0, 0, h.in.Zone)
		h.expect("on Monday at ten", h.found(organization.Want{Text: "doctor", At: monday}), "Doctor A", "Doctor D", "Doctor B", "Doctor C")
	})
}

func TestWhatIsNotShownIsNotFound(t *testing.T) {
	run(t, func(h *house) {
		o, err := h.Create(h.Context(), h.sue, h.in.ID, draft("Elm Church"))
		h.ok(err)
		s := h.service(o, organization.ServiceDraft{Name: "Food pantry"})
		want := organization.Want{Text: "food"}
		h.expect("of a draft", h.found(want))
		h.ok(h.Show(h.Context(), h.sue, h.in.ID, o.ID, organization.Shown))
		h.expect("once shown", h.found(want), "Food pantry")
		h.ok(h.RemoveService(h.Context(), h.sue, h.in.ID, s.ID))
		h.expect("once removed", h.found(want))
		_, err = h.EditService(h.Context(), h.sue, h.in.ID, s.ID, organization.ServiceDraft{Name: "Soup kitchen"})
		h.ok(err)
		h.expect("by its new name", h.found(organization.Want{Text: "sopa: comedor"}), "Soup kitchen")
		h.expect("not by its old one", h.found(organization.Want{Text: "pantry"}))
		h.ok(h.Show(h.Context(), h.sue, h.in.ID, o.ID, organization.Hidden))
		h.expect("of what is hidden", h.found(organization.Want{Text: "kitchen"}))
	})
}

func TestASearchIsThreeStatements(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Elm Church")
		hall := h.place(o, h.east)
		for _, name := range []string{"Food pantry", "Food bank", "Hot meal"} {
			h.service(o, organization.ServiceDraft{Name: name}, hall)
		}
		ran := dbtest.Count(h.DB)
		h.found(organization.Want{Text: "something to eat for my children, food or a hot meal", Area: h.east})
		if n := ran.N(); n != 3 {
			h.Errorf("%d statements: %q", n, ran.Statements())
		}
	})
}
