// Package exchange brings in what people already have in files: partners and
// contacts, households, conversations. What each column is, is guessed, shown
// and remembered; what each row will do is said before anything is done; and
// what came in can be taken back.
//
// A file waits as it was read, for a day at most, until somebody says that it
// is to come in. Then all of it comes in at once, or nothing.
package exchange

import (
	"commonweal/internal/db"
	"commonweal/internal/exchange/sheet"
	"commonweal/internal/fault"
)

// Status is how far a batch has come.
type Status string

// The statuses of a batch.
const (
	Open     Status = "open"    // waits for answers, and is gone after a day
	Going    Status = "going"   // is being brought in
	In       Status = "in"      // was brought in
	Undoing  Status = "undoing" // is being taken back
	Returned Status = "undone"  // was taken back, but for what was kept
)

// Batch is one file on its way in.
type Batch struct {
	ID      string
	Name    string // of the file, as its owner calls it
	By      string // the person who brings it; "" for whoever runs the server
	Status  Status
	Sheets  []Sheet
	Receipt Receipt
	Problem fault.Message // why the last try brought in nothing; zero when there was none

	MadeAt, InAt, UndoneAt db.Stamp
}

// Sheet is one table of the file and what somebody said of it.
type Sheet struct {
	N        int // its place in the file, from 0
	Name     string
	Rows     int
	Target   string // name of a Target; "" leaves the table out
	Columns  []Column
	Answers  Answers
	Settled  bool // somebody has looked at it
	Known    bool // its headings were brought in before, and were read as then
	Warnings []sheet.Warning
}

// Column is one column of a table and where it goes.
type Column struct {
	Header   string
	Field    string   // of the target; Beside and Without are no fields
	Examples []string // three at most
	Sure     bool     // the guess needs no question
	Days     sheet.Order
	Unsure   bool // its days can be read both ways: ask for Days
}

// What may be done with a column that no field of the target takes.
const (
	Beside  = ""  // its words are kept beside the record
	Without = "-" // it is left out
)

// Answers are what is asked once of a whole table, by question.
type Answers map[string]string

// Act is what a row does.
type Act string

// The acts.
const (
	Add     Act = "add"     // somebody or something new
	Change  Act = "change"  // adds to what is here
	Same    Act = "same"    // all of it is here already
	Alike   Act = "alike"   // may be somebody who is here: it takes a decision
	Skip    Act = "skip"    // somebody decided to leave it out
	Refused Act = "refused" // can't come in; says why
)

// Acts are all acts, in the order in which people want to hear of them.
func Acts() []Act { return []Act{Add, Change, Same, Alike, Skip, Refused} }

// Choice is what somebody decided about a row that is like another.
type Choice string

// The choices.
const (
	TheSame Choice = "same"
	IsNew   Choice = "new"
	LeaveIt Choice = "skip"
)

// Decision is a choice about one row.
type Decision struct {
	Sheet, Row int
	Choice     Choice
}

// Planned is what one row will do.
type Planned struct {
	Row   int // as the person's own program counts it
	Act   Act
	Title string // who or what it is about, in a few words of the row itself
	Why   []fault.Message
	Like  *Like // with Alike, and with whatever was found here

	print  string // see Row.print
	beside []Pair
	aim    any // what the target made of the row
	got    []got
}

// Like is somebody or something that is here, or in an earlier row, and how
// much a row is like it.
type Like struct {
	ID    string // "" for an earlier row
	Row   int    // of that earlier row
	Name  string
	Area  string // its name
	Score int    // of 100
	Why   []fault.Message
}

// Counts are how many rows do what.
type Counts map[Act]int

// Total counts every row.
func (c Counts) Total() (n int) {
	for _, some := range c {
		n += some
	}
	return n
}

// SheetPlan is what the rows of one table will do.
type SheetPlan struct {
	Sheet
	Counts  Counts
	Planned []Planned
}

// Plan is what a batch will do.
type Plan struct {
	Batch
	Sheets []SheetPlan // those that come in, in the order in which they do
}

// Counts are those of all tables.
func (p Plan) Counts() Counts {
	all := Counts{}
	for _, s := range p.Sheets {
		for act, n := range s.Counts {
			all[act] += n
		}
	}
	return all
}

// Receipt is what came of a batch.
type Receipt struct {
	Sheets   []SheetReceipt `json:"sheets,omitempty"`
	Removed  int            `json:"removed,omitempty"` // when it was taken back
	Restored int            `json:"restored,omitempty"`
	Kept     int            `json:"kept,omitempty"`
}

// SheetReceipt is what came of one table.
type SheetReceipt struct {
	Name   string    `json:"name"`
	Target string    `json:"target"`
	Counts Counts    `json:"counts"`
	Left   []LeftOut `json:"left,omitempty"` // the first of those that couldn't come in
}

// LeftOut is a row that couldn't come in, by its place alone: who it was about
// isn't kept.
type LeftOut struct {
	Row int             `json:"row"`
	Why []fault.Message `json:"why"`
}

// mostLeft is how many of them a receipt lists.
const mostLeft = 100

// Kept is something that stayed when its batch was taken back.
type Kept struct {
	Kind string // see Object
	ID   string
	Name string
	Why  fault.Message
}

// Pair is what an unmatched column said of a record.
type Pair struct {
	Column string `json:"column"`
	Text   string `json:"text"`
}
