package orgweb_test

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"commonweal/internal/i18n"
	"commonweal/internal/organization"
	"commonweal/internal/place"
)

// unfolded is a calendar with its long lines in one piece.
func unfolded(text string) string { return strings.ReplaceAll(text, "\r\n ", "") }

func TestOpeningHoursGoIntoACalendar(t *testing.T) {
	h := open(t)
	lib := h.library()
	a := h.visitor(i18n.English).Get("/i/oak/organizations/" + lib.ID + "/hours.ics")
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/calendar") {
		t.Fatalf("%d %s", a.Status, a.Header.Get("Content-Type"))
	}
	text := unfolded(a.Body)
	for _, want := range []string{
		"TZID:America/Chicago", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0600", "TZNAME:CST", "TZNAME:CDT",
		"RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "RRULE:FREQ=WEEKLY;BYDAY=SA", "RRULE:FREQ=WEEKLY;BYDAY=MO\r\n",
		"DTSTART;TZID=America/Chicago:", "T090000\r\n", "T170000\r\n", "LOCATION:20 Market Lane",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	c, err := ics.ParseCalendar(strings.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Events()); n != 3 {
		t.Errorf("%d events, want 3: the week, Saturday, and the class", n)
	}
	for _, e := range c.Events() {
		at, err := e.GetStartAt()
		if err != nil || at.Before(h.now.Now().Add(-24*time.Hour)) {
			t.Errorf("begins %v: %v", at, err)
		}
	}
}

func TestWhatIsOnGoesIntoACalendar(t *testing.T) {
	h := open(t)
	_, err := h.places.CreateHappening(t.Context(), h.sue, h.in.ID, place.HappeningDraft{
		Title: "Feria, con música", Spot: "El parque", Area: h.block, On: h.now.Now().AddDate(0, 0, 3).Format(time.DateOnly), At: "18:30", Lang: "es",
	})
	h.must(err)
	text := unfolded(h.visitor(i18n.English).Get("/i/oak/happenings.ics").Body)
	for _, want := range []string{`SUMMARY;LANGUAGE=es:Feria\, con música`, "T183000\r\n", "LOCATION:El parque"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestADraftHasNoCalendar(t *testing.T) {
	h := open(t)
	choir := h.choir()
	h.must(h.organizations.SetHours(t.Context(), h.sue, h.in.ID, choir.ID, choir.ID, []organization.HoursDraft{{Days: []string{"MO"}, Opens: "09:00", Closes: "10:00"}}))
	if a := h.visitor(i18n.English).Get("/i/oak/organizations/" + choir.ID + "/hours.ics"); a.Status != 404 {
		t.Errorf("a visitor: %d", a.Status)
	}
}
