package sheet

import (
	"strconv"

	"commonweal/internal/fault"
)

// enough is how often one thing is said of one sheet: the hundredth row with
// the same trouble tells nobody anything new, but how many there are does.
const enough = 20

// warnings collects what there is to say, in the order of the file.
type warnings struct {
	list []Warning
	said map[saying]int
}

type saying struct{ sheet, key string }

// row warns of one row; more arguments are those of the sentence.
func (w *warnings) row(sheet string, row int, column, key string, args ...any) {
	w.say(Warning{Sheet: sheet, Row: row, Column: column}, key, append(args, "row", strconv.Itoa(row)))
}

// column warns of a whole column.
func (w *warnings) column(sheet, column, key string, args ...any) {
	w.say(Warning{Sheet: sheet, Column: column}, key, args)
}

func (w *warnings) say(at Warning, key string, args []any) {
	if w.said == nil {
		w.said = map[saying]int{}
	}
	w.said[saying{at.Sheet, key}]++
	if w.said[saying{at.Sheet, key}] > enough {
		return
	}
	at.Message = message(key, append(args, "sheet", at.Sheet, "column", at.Column)...)
	w.list = append(w.list, at)
}

// all is what was said, and after the last of each kind how many were not.
func (w *warnings) all() []Warning {
	last := map[saying]int{}
	for i, one := range w.list {
		last[saying{one.Sheet, one.Message.Key}] = i
	}
	var out []Warning
	for i, one := range w.list {
		out = append(out, one)
		of := saying{one.Sheet, one.Message.Key}
		if more := w.said[of] - enough; last[of] == i && more > 0 {
			out = append(out, Warning{Sheet: one.Sheet, Message: message("sheet.more", "n", more, "sheet", one.Sheet)})
		}
	}
	return out
}

func message(key string, args ...any) fault.Message {
	m := fault.Message{Key: key, Args: make(map[string]any, len(args)/2)}
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			m.Args[name] = args[i+1]
		}
	}
	return m
}
