// Package conversation is where a neighbour is asked: what do you need, what
// can you contribute, and how can we help you share it?
//
// What was said becomes needs, gifts, advice and supports, each a record of
// its own that somebody will act on and answer. A need is read by the
// connector who asked and by the stewards, and by nobody else; whoever said
// "no, just talk" is counted and not written down.
package conversation

import (
	"commonweal/internal/db"
	"commonweal/internal/gift"
	"commonweal/internal/i18n"
	"commonweal/internal/people"
)

// Conversation is who asked whom, when, and with what consent.
type Conversation struct {
	ID, Initiative string
	Asker          string // a person, "" when somebody wrote alone
	Person         string // "" when it was said without a name
	Household      string
	Area           string
	Reader         string // the connector who reads and answers, "" for the stewards
	Channel        people.Channel
	Lang           i18n.Lang
	HeldOn         db.Day
	RecordedAt     db.Stamp
	Consent        Consent
	Care           string
	NextHelp       bool
	NextAdvise     bool
	NextDo         bool
	AnswerBy       db.Day
	ErasedAt       db.Stamp
}

// Visibility is who may read a need, besides the one who said it.
type Visibility string

// The visibilities, from the narrowest. Public is never beside a name.
const (
	OnlyMe         Visibility = "me"
	MyConnector    Visibility = "connector"
	TheInitiative  Visibility = "initiative"
	PublicUnsigned Visibility = "public"
)

// Visibilities are all visibilities, narrowest first.
func Visibilities() []Visibility {
	return []Visibility{OnlyMe, MyConnector, TheInitiative, PublicUnsigned}
}

// Step is what happens next with a need or a support.
type Step string

// The steps.
const (
	Waiting   Step = ""
	Neighbour Step = "neighbour" // a neighbour can
	AService  Step = "service"   // a service can
	IsAdvice  Step = "advice"    // it is advice, and is passed on as that
	Cannot    Step = "cannot"    // we can't, because …
)

// Steps are the steps that a need can get.
func Steps() []Step { return []Step{Neighbour, AService, IsAdvice, Cannot} }

// Need is what somebody asked for, and what came of it.
type Need struct {
	ID, Conversation string
	Text             string
	Delivery         string
	Urgent           bool
	Visibility       Visibility
	Answer           Answer
	ThankedAt        db.Stamp
	ErasedAt         db.Stamp
}

// Support is what would help somebody to share their gifts.
type Support struct {
	ID, Conversation string
	Kind             SupportKind
	Text             string // with Something, their own words
	Answer           Answer
	ErasedAt         db.Stamp
}

// Answer is what we did with it.
type Answer struct {
	Step    Step
	Text    string
	Gift    string // whose gift meets it, when one was found
	Service string // which service meets it, when one was found
	Spoken  bool   // somebody speaks for that service, so it may be let to call
	By      string // a person
	At      db.Stamp
}

// Advice is what somebody would tell those who decide.
type Advice struct {
	ID, Conversation string
	Need             string // the need it was said as, or ""
	Text             string
	To               string // an organization or an action, in words
	Answer           string // what it answered
	AnsweredBy       string
	AnsweredAt       db.Stamp
	Changed          string // what changed
	ChangedAt        db.Stamp
	WouldHelp        bool // would like to help do it
	ErasedAt         db.Stamp
}

// Referral is a third person's name: a reminder for one connector.
type Referral struct {
	ID, Conversation string
	Connector        string // "" for the stewards
	Name, Note       string
	ExpiresOn        db.Day
}

// Said is a conversation with everything that was said in it.
type Said struct {
	Conversation
	Needs    []Need
	Supports []Support
	Advice   []Advice
	Gifts    []gift.Gift
	Names    map[string]string // of those who asked, read and answered, by id
}

// Receipt is what a person goes home with.
type Receipt struct {
	ID       string // of the conversation; "" when only the talk was counted
	Code     string // shows the answer, changes or erases; "" with ID
	AnswerBy db.Day
	Reader   string // name of who will read it; "" for the stewards
}
