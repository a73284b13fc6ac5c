package archive

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"commonweal/internal/conversation"
	"commonweal/internal/db"
)

// owner is the column by which a row is an initiative's.
const owner = "initiative_id"

// leftOut are the tables that never travel, each with why.
var leftOut = map[string]string{
	"account":            "people sign in to a server; there they take up an account anew",
	"account_email":      "belongs to an account",
	"account_email_wish": "belongs to an account",
	"account_person":     "which account is which person; a steward invites each of them anew",
	"session":            "who is signed in on which device",
	"passkey":            "belongs to an account, and opens one server only",
	"passkey_challenge":  "belongs to a sign-in under way",
	"sign_in_ask":        "sign-in links asked for",
	"invitation":         "invitations to take up an account here; a steward invites anew",
	"network":            "networks group initiatives of one server",
	"network_member":     "networks group initiatives of one server",
	"once":               "answers to forms sent twice, which only the browser that sent them can open",
	"job":                "work of the server that it came from; what comes again and again begins anew",
	"message":            "letters: they hold addresses, and the server that it came from sends them",
	"change":             "when public pages changed, for a day",
}

// withheld are the tables that stewards don't take along, each with why.
var withheld = map[string]string{
	"link":               "what opens return codes: it opens them for their owners alone",
	"referral":           "neighbours whom somebody named to one connector, without having been asked",
	"conversation_reply": "addresses left for the answer alone; nobody is shown them",
	"notice":             "what somebody was told is theirs to read",
	"notice_choice":      "how somebody wants to hear of things is their own choice",
	"notice_mute":        "what somebody wants to hear no more of is their own choice",
	"notice_digest":      "when somebody was told",
}

// keptWords are the words that stewards don't take along out of a table that
// they do, with why. Its rows stay, and what hangs from them.
var keptWords = map[string]struct {
	why, column, value string   // rows with this value in this column…
	blank              []string // …have these columns empty
}{
	"need": {
		why:    "the words of needs that are for nobody but who said them",
		column: "visibility", value: string(conversation.OnlyMe), blank: []string{"text", "delivery"},
	},
}

// partly are tables of which only some rows travel.
var partly = map[string]struct {
	why  string
	want map[string]any
}{
	// Whoever said something without their name has nothing but their return
	// code to read the answer, change or erase it, so its hash travels. No
	// other link does: an archive that somebody made up must open nothing.
	"link": {
		why:  "sign-in links, invitations and whatever else opens once: only return codes travel, as hashes",
		want: map[string]any{"kind": conversation.CodeKind, "reusable": true},
	},
}

// scoped is a table of which an archive holds an initiative's rows.
type scoped struct {
	db.Table
	by    string // the column that says whose a row is
	at    int    // its place among the columns
	blank func(row []any)
}

// scope is what travels, each table after those that it points at. A table that
// belongs to no initiative and isn't listed is an error, which a test meets
// before anybody else does.
func scope(ctx context.Context, d *db.DB, copied Copy) (all []scoped, err error) {
	tables, err := d.Tables(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		if leftOut[t.Name] != "" || copied == Stewards && withheld[t.Name] != "" {
			continue
		}
		s := scoped{Table: t, by: owner}
		if t.Name == "initiative" {
			s.by = "id"
		}
		if s.at = place(t.Columns, s.by); s.at < 0 || len(t.Key) == 0 {
			return nil, fmt.Errorf("archive: table %s belongs to no initiative, and isn't listed as left out", t.Name)
		}
		if copied == Stewards {
			s.blank = blanking(t)
		}
		all = append(all, s)
	}
	return all, nil
}

func place(columns []db.Column, name string) int {
	return slices.IndexFunc(columns, func(c db.Column) bool { return c.Name == name })
}

// travels says whether a row is one that an archive may hold. It is asked when
// one is written, and again of each row that somebody brings.
func travels(table string, columns []db.Column, row []any) bool {
	for name, want := range partly[table].want {
		if at := place(columns, name); at < 0 || row[at] != want {
			return false
		}
	}
	return true
}

// blanking empties what a row keeps from stewards; nil where there is nothing.
func blanking(t db.Table) func(row []any) {
	words, ok := keptWords[t.Name]
	if !ok {
		return nil
	}
	is := place(t.Columns, words.column)
	return func(row []any) {
		if row[is] != words.value {
			return
		}
		for _, name := range words.blank {
			row[place(t.Columns, name)] = ""
		}
	}
}

// leftOutOf is what a manifest says of the tables that aren't there.
func leftOutOf(copied Copy) map[string]string {
	all := maps.Clone(leftOut)
	if copied == Stewards {
		maps.Copy(all, withheld)
	}
	return all
}

// withheldFrom is what a manifest says of the tables that are there in part.
func withheldFrom(copied Copy) map[string]string {
	all := map[string]string{}
	for table, rule := range partly {
		all[table] = rule.why
	}
	if copied != Stewards {
		return all
	}
	for table, words := range keptWords {
		all[table] = words.why
	}
	maps.DeleteFunc(all, func(table, _ string) bool { return withheld[table] != "" })
	return all
}
