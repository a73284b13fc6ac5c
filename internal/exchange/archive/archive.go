// Package archive takes a whole initiative along: one zip with every row that
// it owns, as JSON for another commonweal and as CSV for people, and its
// files. Another installation, on either database, reads it to an equal state.
//
// What travels is worked out from the tables as the store describes them, so
// that a table which is added later comes along by itself; what doesn't is
// listed, each with its reason, in scope.go and in the archive itself.
package archive

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"time"

	"commonweal/internal/db"
)

// format names what an archive holds, and how. It changes when an archive that
// was written before could no longer be read.
const format = "commonweal archive 1"

// Copy says whose eyes an archive is for.
type Copy string

// The copies.
const (
	// Whole is everything, for another commonweal to go on with: what whoever
	// runs the server could read anyway.
	Whole Copy = "whole"
	// Stewards is what stewards may read: without what somebody keeps to
	// themselves or left for one connector alone.
	Stewards Copy = "stewards"
)

// Manifest is what an archive says of itself.
type Manifest struct {
	Format     string            `json:"format"`
	Copy       Copy              `json:"copy"`
	Schema     int               `json:"schema"` // the version of the tables it was read from
	Build      string            `json:"build"`
	MadeAt     time.Time         `json:"made_at"`
	Initiative Initiative        `json:"initiative"`
	Tables     []Table           `json:"tables"` // each after those that it points at
	Files      int               `json:"files"`
	LeftOut    map[string]string `json:"left_out"` // tables that aren't here, and why
	Withheld   map[string]string `json:"withheld"` // what isn't here of tables that are, and why
}

// Initiative is whose archive it is.
type Initiative struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// Table is one table of an archive: json/NAME.ndjson, and csv/NAME.csv.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"` // by name
	Rows    int64    `json:"rows"`
	Sum     string   `json:"sum"` // db.TableDigest's: alike on both databases
}

// Column is a column's name and its type: text, bigint, double precision,
// boolean or bytea.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Rows is how many rows the archive holds.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

func (t Table) digest() db.TableDigest { return db.TableDigest{Rows: t.Rows, Sum: t.Sum} }

// Where things stand in the zip.
const (
	manifestName = "manifest.json"
	readmeName   = "README.txt"
	filesFolder  = "files/"
)

func jsonName(table string) string { return "json/" + table + ".ndjson" }

func csvName(table string) string { return "csv/" + table + ".csv" }

// Progress hears how far it is: what is being done, and how many rows are done
// of all; all is 0 while nobody knows.
type Progress func(doing string, done, all int64)

func (p Progress) tell(doing string, done, all int64) {
	if p != nil {
		p(doing, done, all)
	}
}

// Refused is why an archive isn't read, for whoever brings it.
type Refused struct {
	At  string // where in it, such as "json/person.ndjson, line 3", or ""
	Why string
}

// Error says it in one line.
func (r *Refused) Error() string {
	if r.At == "" {
		return r.Why
	}
	return r.At + ": " + r.Why
}

func refuse(at, why string, args ...any) error {
	return &Refused{At: at, Why: fmt.Sprintf(why, args...)}
}

// What a manifest may call things. An initiative's id is never "": that would
// be the server's own rows.
var (
	idShape    = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z-]{0,63}$`)
	tableShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
)

func writeManifest(w io.Writer, m Manifest) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(m)
}
