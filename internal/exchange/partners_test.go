package exchange_test

import (
	"slices"
	"testing"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/exchange"
	"commonweal/internal/organization"
)

var partnerList = []string{
	"Organization,Type,Contact person,Email,Phone,Website,What they can bring,Since",
	"Oak Tool Library,association,June Abara,june@tools.example,312 555 0111,www.tools.example,ladders; drills,2019",
	"Mercy Hill Clinic,clinic,Tom Weiss,tom@mercy.example,,https://mercy.example,,2011",
	"oak tool library,,Ana Ruiz,ana@tools.example,,,,",
	",,Nobody,n@x.example,,,,",
	"Friends of Oak,association,,office@friends.example,,,,",
}

func TestPartnersComeInAsDraftsWithWhomToAsk(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		before := h.digests()
		b := h.upload("partners.csv", partnerList...)
		if got := b.Sheets[0].Target; got != "partners" {
			t.Fatalf("guessed %q: %+v", got, b.Sheets[0].Columns)
		}
		b = h.settle(b, agreed)
		if got, want := acts(h.plan(b)), []exchange.Act{exchange.Add, exchange.Add, exchange.Change, exchange.Refused, exchange.Add}; !slices.Equal(got, want) {
			t.Fatalf("acts %v, want %v", got, want)
		}
		h.apply(b)
		rooms := &organization.Service{DB: h.DB, IDs: h.IDs, Now: h.now.Now}
		waiting, err := rooms.Unspoken(t.Context(), h.sue, h.in.ID)
		if err != nil || len(waiting) != 3 {
			t.Fatalf("waiting: %+v, %v", waiting, err)
		}
		byName := map[string]organization.Partner{}
		for _, p := range waiting {
			byName[p.Organization.Name] = p
		}
		tools, clinic, friends := byName["Oak Tool Library"], byName["Mercy Hill Clinic"], byName["Friends of Oak"]
		if tools.Status != organization.Drafted || tools.Name != "June Abara" || tools.Email != "june@tools.example" ||
			tools.Organization.Email != "" || tools.Website != "https://www.tools.example" {
			t.Errorf("the tool library: %+v", tools)
		}
		if clinic.Kind != organization.Institution || tools.Kind != organization.Association {
			t.Errorf("kinds: %s, %s", clinic.Kind, tools.Kind)
		}
		if friends.Organization.Email != "office@friends.example" {
			t.Errorf("an address beside no name is the organization's: %+v", friends)
		}
		beside, err := h.Beside(t.Context(), h.in.ID, tools.ID)
		if err != nil || len(beside) != 1 || beside[0] != (exchange.Pair{Column: "Since", Text: "2019"}) {
			t.Errorf("beside: %+v, %v", beside, err)
		}
		after := h.digests()
		again := h.settle(h.upload("partners.csv", partnerList...), agreed)
		h.apply(again)
		if d := differ(after, h.digests()); len(d) > 0 {
			t.Errorf("the second time changed %v", d)
		}
		h.undo(b)
		if d := differ(before, h.digests()); len(d) > 0 {
			t.Errorf("taking it back left %v", d)
		}
	})
}

func TestWhoDidNotAgreeIsNotKeptWithAPartner(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		b := h.settle(h.upload("partners.csv", partnerList...), exchange.Answers{"agreed": "no"})
		h.apply(b)
		if n := h.count("detail"); n != 1 { // the tool library's telephone
			t.Errorf("%d details, want one", n)
		}
		beside, err := h.DB.Digest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if beside["organization"].Rows != 3 {
			t.Errorf("%d organizations", beside["organization"].Rows)
		}
		for _, table := range []string{"detail", "import_row", "import_batch", "organization"} {
			h.holdsNot(table, "june")
		}
	})
}

func TestAPartnerIsLookedOverHalfAYearFromTheInitiativesDay(t *testing.T) {
	run(t, func(t *testing.T, h *house) {
		evening := time.Date(2026, time.November, 23, 3, 0, 0, 0, time.UTC) // still the 22nd in Chicago
		h.now.Advance(evening.Sub(h.now.Now()))
		h.apply(h.settle(h.upload("partners.csv", partnerList...), agreed))
		days, err := db.All(t.Context(), h.DB.Read(), db.Value[string], `select distinct review_on from organization where initiative_id = $1`, h.in.ID)
		if err != nil || !slices.Equal(days, []string{"2027-05-22"}) {
			t.Errorf("looked over on %q, %v", days, err)
		}
	})
}
