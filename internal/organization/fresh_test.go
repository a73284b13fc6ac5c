package organization_test

import (
	"strings"
	"testing"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/jobs"
	"commonweal/internal/organization"
)

// review lets some days go by and asks whether things still hold.
func (h *house) review(days int) {
	h.Helper()
	h.now.Advance(time.Duration(days) * 24 * time.Hour)
	h.ok(h.Handlers()["organization.review"](h.Context(), jobs.Work{Initiative: h.in.ID}))
}

// token is the link in the latest letter.
func (h *house) token() string {
	h.Helper()
	body, err := db.One(h.Context(), h.DB.Read(), db.Value[string], `select body from message where initiative_id = $1 order by id desc limit 1`, h.in.ID)
	h.ok(err)
	_, rest, found := strings.Cut(body, "/still/organization/")
	if !found {
		h.Fatalf("no link in %s", body)
	}
	token, _, _ := strings.Cut(rest, "\n")
	return token
}

func TestWhatNobodyConfirmsIsHiddenAndStewardsAreTold(t *testing.T) {
	run(t, func(h *house) {
		told := h.heard()
		o := h.shown("Elm Church")
		h.service(o, organization.ServiceDraft{Name: "Food pantry"})
		h.speaker(o, "Omar")
		letters := h.count("message")
		h.review(100)
		if h.count("message") != letters {
			h.Error("asked too early")
		}
		for range 3 {
			h.review(90)
			h.expect("still found", h.found(organization.Want{Text: "food"}), "Food pantry")
		}
		if n := h.count("message") - letters; n != 3 {
			h.Errorf("%d letters", n)
		}
		h.review(15)
		h.expect("found", h.found(organization.Want{Text: "food"}))
		h.expect("listed", h.names(h.visitor, organization.Filter{}))
		h.expect("told", []string{(*told)[0].Line.Key}, "organization.notice.hidden")
		waiting, err := h.ToReview(h.Context(), h.sue, h.in.ID)
		h.ok(err)
		if len(waiting) != 2 || !waiting[0].Hidden || !waiting[1].Hidden {
			h.Errorf("to review: %+v", waiting)
		}
		_, err = h.ToReview(h.Context(), h.mia, h.in.ID)
		h.must("a member reviews", err, fault.NotFound)
	})
}

func TestALinkAsksAndOnlyAPressAnswers(t *testing.T) {
	run(t, func(h *house) {
		o := h.shown("Elm Church")
		pantry := h.service(o, organization.ServiceDraft{Name: "Food pantry"})
		h.service(o, organization.ServiceDraft{Name: "Hot meals"})
		h.speaker(o, "Omar")
		h.review(200)
		token := h.token()
		for range 2 {
			r, err := h.Due(h.Context(), token)
			h.ok(err)
			if !r.Itself || len(r.Services) != 2 || r.Organization.Name != "Elm Church" {
				h.Errorf("asked about %+v", r)
			}
		}
		h.ok(h.StillTrue(h.Context(), token, []string{o.ID, pantry.ID}))
		h.must("a second time", h.StillTrue(h.Context(), token, nil), fault.NotFound)
		h.expect("found", h.found(organization.Want{Text: "food or hot meals"}), "Food pantry")
		h.expect("listed", h.names(h.visitor, organization.Filter{}), "Elm Church")

		services := func() (names []string) {
			r, err := h.Get(h.Context(), h.sue, h.in.ID, o.ID)
			h.ok(err)
			for _, s := range r.Services {
				if s.Hidden() {
					names = append(names, s.ID)
				}
			}
			return names
		}
		hidden := services()
		h.ok(h.Confirm(h.Context(), h.sue, h.in.ID, o.ID, hidden[0], true))
		h.expect("found again", h.found(organization.Want{Text: "hot meals"}), "Hot meals")
		h.must("what isn't theirs", h.Confirm(h.Context(), h.sue, h.in.ID, o.ID, "other", true), fault.NotFound)
	})
}
