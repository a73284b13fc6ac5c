package hsds

import (
	"strings"

	"commonweal/internal/schedule"
)

// change is how a table of an older version becomes one of 3.0.
type change struct {
	table  string
	rename map[string]string
	set    map[string]any
}

// changes are by the old table's name; tables that kept their name changed
// columns.
var changes = map[string]change{
	"organization":                   {table: "organization", rename: map[string]string{"url": "website"}},
	"physical_address":               {table: "address", set: map[string]any{"address_type": "physical"}},
	"postal_address":                 {table: "address", set: map[string]any{"address_type": "postal"}},
	"regular_schedule":               {table: "schedule", rename: map[string]string{"weekday": "byday"}, set: map[string]any{"freq": "WEEKLY"}},
	"holiday_schedule":               {table: "schedule", rename: map[string]string{"start_date": "valid_from", "end_date": "valid_to"}},
	"accessibility_for_disabilities": {table: "accessibility", rename: map[string]string{"accessibility": "description"}},
	"service_taxonomy": {
		table: "attribute", rename: map[string]string{"service_id": "link_id", "taxonomy_id": "taxonomy_term_id"},
		set: map[string]any{"link_entity": "service"},
	},
	"language":     {table: "language", rename: map[string]string{"language": "name"}},
	"service_area": {table: "service_area", rename: map[string]string{"service_area": "name"}},
	"phone":        {table: "phone", rename: map[string]string{"number_type": "type"}},
	"location":     {table: "location", rename: map[string]string{"website": "url"}},
	"service":      {table: "service", rename: map[string]string{"website": "url", "eligibility": "eligibility_description"}},
}

// modern is a row of whichever version as 3.0 has it. What isn't old stays as
// it is.
func modern(at source, fields map[string]any) (source, map[string]any) {
	if at.table == "taxonomy" && (fields["parent_id"] != nil || fields["vocabulary"] != nil) {
		at.table = "taxonomy_term"
	}
	if at.table == "taxonomy_term" {
		move(fields, "vocabulary", "taxonomy")
	}
	c, ok := changes[at.table]
	if !ok {
		return at, fields
	}
	for from, to := range c.rename {
		move(fields, from, to)
	}
	for name, v := range c.set {
		if text(fields[name]) == "" {
			fields[name] = v
		}
	}
	if at.table == "regular_schedule" {
		if on := schedule.Codes(text(fields["byday"])); on != "" {
			fields["byday"] = on
		}
	}
	if id := text(fields["id"]); c.table != at.table && id != "" && !uuid.MatchString(id) {
		// Two old tables become one of now, and each counted from 1.
		fields["id"] = at.table + "/" + id
	}
	at.table = c.table
	return at, fields
}

// settleOld puts into services what older versions kept beside them.
func (b *builder) settleOld() {
	for _, row := range b.pack.Tables["eligibility"] {
		i, ok := b.at[key{"service", row.Text("service_id")}]
		if !ok {
			continue
		}
		s := b.pack.Tables["service"][i].Fields
		told := text(s["eligibility_description"])
		for _, word := range parts(row.Fields["eligibility"]) {
			told = strings.TrimPrefix(told+"; "+word, "; ")
		}
		s["eligibility_description"] = told
	}
	delete(b.pack.Tables, "eligibility")
}

// move gives a column another name, unless that is taken.
func move(fields map[string]any, from, to string) {
	if v, ok := fields[from]; ok && text(fields[to]) == "" {
		fields[to] = v
		delete(fields, from)
	}
}

// parts are the values of a list in one cell.
func parts(cell any) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(text(cell), func(c rune) bool { return c == ',' || c == ';' || c == '|' }) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}
