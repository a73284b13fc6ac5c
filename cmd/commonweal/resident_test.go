package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/conversation"
	"commonweal/internal/demo"
	"commonweal/internal/i18n"
	"commonweal/internal/web"
	"commonweal/internal/web/webtest"
)

var few = demo.Size{Talks: 12, Days: 40}

// fill puts what a page's form carries, unseen, together with what somebody
// types into it: as a browser sends it.
func fill(a webtest.Answer, typed url.Values) url.Values {
	form := url.Values{}
	for _, n := range a.Doc.All("form input[type=hidden]") {
		name, value := "", ""
		for _, attr := range n.Attr {
			switch attr.Key {
			case "name":
				name = attr.Val
			case "value":
				value = attr.Val
			}
		}
		form.Add(name, value)
	}
	for name, values := range typed {
		form[name] = values
	}
	return form
}

var codeShape = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// TestAResidentAloneIsAskedAndAnswered is the main job, as a phone without a
// script does it, in Spanish.
func TestAResidentAloneIsAskedAndAnswered(t *testing.T) {
	n := invented(t, few)
	phone := n.site.Visitor(t)
	one := want(t, phone.Get("/i/riverside/share?lang=es"), http.StatusOK)
	two := want(t, phone.Post("/i/riverside/share", fill(one, url.Values{
		"consent": {"anon"}, "need": {"Cuentos en español"}, "delivery": {"los jueves"},
		"advice": {"Que abran el domingo"}, "advice_to": {"la biblioteca"},
	})), http.StatusOK)
	three := want(t, phone.Post("/i/riverside/share", fill(two, url.Values{
		"gift_skill": {"leer cuentos, coser"}, "teach_skill": {"yes"},
	})), http.StatusOK)
	last := fill(three, url.Values{"support": {"childcare"}, "support_text": {"Que sea de noche"}, "next": {"help", "do"}})
	thanks := want(t, phone.Post("/i/riverside/share", last), http.StatusOK)
	code := codeShape.FindString(thanks.Body)
	if code == "" {
		t.Fatal("the last page shows no code")
	}
	if strings.Contains(thanks.Header.Get("Location"), code) {
		t.Error("the code stands in an address")
	}

	again := want(t, phone.Post("/i/riverside/share", last), http.StatusOK)
	if codeShape.FindString(again.Body) != code {
		t.Error("sending the form twice gave two codes")
	}

	said, err := n.conversations.ByCode(t.Context(), n.in.ID, code)
	if err != nil {
		t.Fatal(err)
	}
	if len(said.Needs) != 1 || len(said.Gifts) != 2 || len(said.Supports) != 2 || len(said.Advice) != 1 {
		t.Fatalf("kept %d needs, %d gifts, %d supports, %d advice; want 1, 2, 2, 1",
			len(said.Needs), len(said.Gifts), len(said.Supports), len(said.Advice))
	}
	if !said.Gifts[0].WouldTeach || said.Person != "" || said.Lang != i18n.Spanish {
		t.Errorf("gift %+v, person %q, language %q", said.Gifts[0], said.Person, said.Lang)
	}

	found := want(t, phone.Get("/i/riverside/gifts/find?lang=en&q=reading+aloud"), http.StatusOK)
	found.Doc.Has(t, "main", "Reading aloud")
	steward := n.who(access.Steward, 0)
	under, err := n.gifts.ByTerm(t.Context(), steward, n.in.ID, said.Gifts[0].Term, "")
	if err != nil {
		t.Fatal(err)
	}
	if under.Term.Label(i18n.English) != "reading aloud" || under.Unnamed == 0 {
		t.Errorf("the Spanish gift stands under %q, with %d who gave no name", under.Term.Label(i18n.English), under.Unnamed)
	}

	if err := n.conversations.Answer(t.Context(), steward, n.in.ID, said.Needs[0].ID, conversation.AnswerDraft{
		Step: conversation.Neighbour, Text: "Hay una vecina que lee los jueves.",
	}); err != nil {
		t.Fatal(err)
	}
	answer := want(t, n.site.Visitor(t).Post("/i/riverside/answer", url.Values{"code": {strings.ToLower(code)}}), http.StatusOK)
	answer.Doc.Has(t, "main", "Hay una vecina que lee los jueves.")
}

func TestTheCodeChangesAndErases(t *testing.T) {
	n := invented(t, few)
	phone := n.site.Visitor(t)
	one := phone.Get("/i/riverside/share")
	form := fill(one, url.Values{"at": {"3"}, "consent": {"anon"}, "need": {"canary-need"}, "gift_passion": {"the river"}})
	code := codeShape.FindString(want(t, phone.Post("/i/riverside/share", form), http.StatusOK).Body)
	said, err := n.conversations.ByCode(t.Context(), n.in.ID, code)
	if err != nil {
		t.Fatal(err)
	}
	about := func(more url.Values) url.Values {
		f := url.Values{"code": {code}, "what": {"need"}, "id": {said.Needs[0].ID}}
		for name, v := range more {
			f[name] = v
		}
		return f
	}
	want(t, phone.Post("/i/riverside/answer/edit", about(nil)), http.StatusOK).Doc.Has(t, "textarea", "canary-need")
	want(t, phone.Post("/i/riverside/answer/change", about(url.Values{"text": {""}, "visibility": {"connector"}})), http.StatusUnprocessableEntity)
	want(t, phone.Post("/i/riverside/answer/change", about(url.Values{"text": {"quiet"}, "visibility": {"connector"}})), http.StatusOK).
		Doc.Has(t, "main", "quiet")
	want(t, phone.Post("/i/riverside/answer/erase", about(nil)), http.StatusOK).Doc.Has(t, "main", "quiet")
	gone := want(t, phone.Post("/i/riverside/answer/erase", about(url.Values{"sure": {"yes"}})), http.StatusOK)
	if strings.Contains(gone.Body, "quiet") {
		t.Error("an erased need is still shown")
	}
	want(t, phone.Post("/i/riverside/answer/erase", url.Values{"code": {code}, "what": {"talk"}, "sure": {"yes"}}), http.StatusSeeOther)
	want(t, phone.Post("/i/riverside/answer", url.Values{"code": {code}}), http.StatusUnprocessableEntity)
}

func TestWrongInputComesBackAtItsPageWithEverythingTyped(t *testing.T) {
	n := invented(t, few)
	phone := n.site.Visitor(t)
	one := want(t, phone.Get("/i/riverside/share"), http.StatusOK)
	unanswered := want(t, phone.Post("/i/riverside/share", fill(one, url.Values{"need": {"kept as typed"}})), http.StatusUnprocessableEntity)
	unanswered.Doc.Has(t, ".summary", "")
	unanswered.Doc.Has(t, "textarea", "kept as typed")
	if got := unanswered.Doc.Text("title"); !strings.HasPrefix(got, "Error:") {
		t.Errorf("title = %q", got)
	}

	long := strings.Repeat("é", conversation.MaxText+1)
	bad := want(t, phone.Post("/i/riverside/share", fill(one, url.Values{
		"at": {"3"}, "consent": {"name"}, "gift_skill": {long}, "need": {"kept as typed"}, "contact": {"ana@@x"},
	})), http.StatusUnprocessableEntity)
	bad.Doc.Has(t, "main .fault", "")
	if !strings.Contains(bad.Body, long) || !strings.Contains(bad.Body, "kept as typed") {
		t.Error("something typed was lost")
	}
	want(t, phone.Post("/i/riverside/share", fill(one, url.Values{"at": {"3"}, "consent": {"anon"}})), http.StatusUnprocessableEntity)
	want(t, phone.Post("/i/riverside/answer", url.Values{"code": {"nonsense"}}), http.StatusUnprocessableEntity).
		Doc.Has(t, ".fault", "")
}

func TestAnotherInitiativesCodeOpensNothing(t *testing.T) {
	n := invented(t, few)
	steward := n.who(access.Steward, 0)
	phone := n.site.Visitor(t)
	one := phone.Get("/i/riverside/share")
	code := codeShape.FindString(want(t, phone.Post("/i/riverside/share",
		fill(one, url.Values{"at": {"3"}, "consent": {"anon"}, "need": {"mine"}})), http.StatusOK).Body)
	other := n.another(steward)
	want(t, phone.Post("/i/"+other.Slug+"/answer", url.Values{"code": {code}}), http.StatusUnprocessableEntity)
}

// TestARightCodeIsNoGuess: somebody who tidies up what they said isn't taken
// for somebody who tries codes; whoever does try them is stopped.
func TestARightCodeIsNoGuess(t *testing.T) {
	n := invented(t, few)
	c := n.door(nil)
	c.Actor, c.SignOut, c.Limits = nil, nil, webtest.Unlimited()
	c.Limits.Guesses = web.Limit{Burst: 3, Every: time.Hour}
	phone := webtest.New(t, webtest.Site{Config: c}).Visitor(t)
	one := phone.Get("/i/riverside/share")
	code := codeShape.FindString(want(t, phone.Post("/i/riverside/share",
		fill(one, url.Values{"at": {"3"}, "consent": {"anon"}, "need": {"mine"}})), http.StatusOK).Body)
	for range 10 {
		want(t, phone.Post("/i/riverside/answer", url.Values{"code": {code}}), http.StatusOK)
	}
	for range 3 {
		want(t, phone.Post("/i/riverside/answer", url.Values{"code": {"AAAA-AAAA-AAAA"}}), http.StatusUnprocessableEntity)
	}
	want(t, phone.Post("/i/riverside/answer", url.Values{"code": {"AAAA-AAAA-AAAA"}}), http.StatusTooManyRequests)
}
