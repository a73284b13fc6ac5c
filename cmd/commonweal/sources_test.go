package main

import (
	"log/slog"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/people"
	"commonweal/internal/web/webtest"
)

// impersonal are the tables that hold nothing about a person, each with the
// reason. A table with a person's id or with free text stands here only when
// the reason says why that is no matter.
var impersonal = map[string]string{
	"change":             "that something changed, and when; not what, and not by whom",
	"setting":            "what a steward set for everybody",
	"erasure":            "the journal that a restore replays: the id of who was erased, and the day; nothing else can name them any more",
	"job":                "work to be done; its payload and its error hold ids alone, and it goes when it is done",
	"once":               "hashes of keys and requests, with the answer given, which is ids and days; pruned",
	"link":               "hashes of tokens, each with the id of what it opens; whatever erases the thing revokes them",
	"file":               "uploads by their hash; nobody can upload anything yet",
	"initiative":         "what an initiative says of itself in public",
	"initiative_slug":    "addresses of initiatives",
	"network":            "what a network says of itself in public",
	"network_member":     "which initiative is in which network",
	"area":               "places, with how many homes stand there",
	"happening":          "what is on, as announced to everybody",
	"gift_term":          "the list of words for gifts",
	"gift_word":          "the words themselves, in each language; somebody's own words stay with their gift",
	"gift_term_edit":     "how the list of words was changed, without by whom",
	"import_mapping":     "which heading of a table means which field; the headings only as a hash",
	"organization":       "what an association or institution says of itself in public",
	"organization_offer": "what an organization can bring, as it says in public",
	"location":           "where services are given: places of organizations, never anybody's home",
	"service":            "services as they are announced to everybody",
	"service_place":      "which service is given where",
	"service_word":       "words of public services, to find them by",
	"release":            "when counts were made public",
	"release_count":      "counts, after the small ones were hidden",
}

func TestEveryTableIsAnsweredFor(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, err := furnish(t.Context(), plan{base: webtest.Origin, now: dbtest.Clock().Now, log: slog.New(slog.DiscardHandler)}, d)
		if err != nil {
			t.Fatal(err)
		}
		if err := people.CheckSources(t.Context(), d, append(h.people.Sources, people.Own()), impersonal); err != nil {
			t.Error(err)
		}
	})
}
