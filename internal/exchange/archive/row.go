package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"commonweal/internal/db"
)

// A row is one line: an object whose names are the columns', in their order,
// without blanks. Text is a string, a bigint a whole number, a double the
// shortest number that reads back as itself, a boolean true or false, and bytes
// are the name of their file: the SHA-256 in hexadecimal. Moments and days are
// text in the store, and so they are here.

// rowWriter writes rows as lines, and keeps no memory between them.
type rowWriter struct {
	columns []db.Column
	line    bytes.Buffer
	text    *json.Encoder
}

func newRowWriter(columns []db.Column) *rowWriter {
	w := &rowWriter{columns: columns}
	w.text = json.NewEncoder(&w.line)
	w.text.SetEscapeHTML(false)
	return w
}

// write gives a row as a line, valid until the next.
func (w *rowWriter) write(row []any) ([]byte, error) {
	w.line.Reset()
	for i, c := range w.columns {
		w.line.WriteByte("{,"[min(i, 1)])
		w.line.WriteString(strconv.Quote(c.Name)) // plain letters: see tableShape
		w.line.WriteByte(':')
		if err := w.value(row[i]); err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	w.line.WriteString("}\n")
	return w.line.Bytes(), nil
}

func (w *rowWriter) value(v any) error {
	switch v := v.(type) {
	case nil:
		w.line.WriteString("null")
	case bool:
		w.line.WriteString(strconv.FormatBool(v))
	case int64:
		w.line.WriteString(strconv.FormatInt(v, 10))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%v is no number", v)
		}
		w.line.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
	case []byte:
		w.line.WriteString(strconv.Quote(fileName(v)))
	case string:
		if err := w.text.Encode(v); err != nil {
			return err
		}
		w.line.Truncate(w.line.Len() - 1) // the line's end that Encode adds
	default:
		return fmt.Errorf("%T isn't a value of the store", v)
	}
	return nil
}

// fileName is what bytes are called: their SHA-256.
func fileName(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// common makes text that both databases can hold: SQLite keeps any bytes,
// PostgreSQL neither a NUL nor what isn't UTF-8.
func common(row []any) {
	for i, v := range row {
		if text, ok := v.(string); ok {
			row[i] = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
		}
	}
}

// cell is a value as a table for people has it.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		return filesFolder + fileName(v)
	default:
		return fmt.Sprint(v)
	}
}

// readRow reads a line. File gives the bytes that a name stands for.
func readRow(line []byte, columns []db.Column, file func(name string) ([]byte, error)) ([]any, error) {
	values := map[string]json.RawMessage{}
	if err := json.Unmarshal(line, &values); err != nil {
		return nil, errors.New("this isn't a row as an archive has it: " + err.Error())
	}
	row := make([]any, len(columns))
	for i, c := range columns {
		raw, ok := values[c.Name]
		if !ok {
			return nil, fmt.Errorf("column %s is missing", c.Name)
		}
		v, err := readValue(raw, c, file)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		row[i] = v
	}
	if len(values) != len(columns) {
		return nil, errors.New("it has columns that the manifest doesn't name")
	}
	return row, nil
}

func readValue(raw json.RawMessage, c db.Column, file func(name string) ([]byte, error)) (any, error) {
	if string(raw) == "null" {
		return nil, nil //nolint:nilnil // null is a value
	}
	switch c.Type {
	case "boolean":
		if word := string(raw); word == "true" || word == "false" {
			return word == "true", nil
		}
		return nil, fmt.Errorf("%.40s isn't true or false", raw)
	case "bigint":
		return strictly(func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }, raw, "a whole number of 64 bits")
	case "double precision":
		return strictly(func(s string) (float64, error) { return strconv.ParseFloat(s, 64) }, raw, "a number of 64 bits")
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, errors.New("text is wanted here")
	}
	if c.Type == "bytea" {
		return file(text)
	}
	if strings.ContainsRune(text, 0) {
		return nil, errors.New("the text holds a NUL, which PostgreSQL can't keep")
	}
	return text, readMoment(text, c.Name)
}

// strictly parses a JSON number or word. Quotes and blanks aren't part of one.
func strictly[T any](parse func(string) (T, error), raw json.RawMessage, wanted string) (any, error) {
	v, err := parse(string(raw))
	if err != nil {
		return nil, fmt.Errorf("%.40s isn't %s", raw, wanted)
	}
	return v, nil
}

// readMoment looks at what will be read as a time: by rule, moments are in
// columns that end in _at, and days in those that end in _on. One that can't be
// read would fail every page that shows it.
func readMoment(text, column string) error {
	switch {
	case strings.HasSuffix(column, "_at"):
		var at db.Stamp
		if err := at.Scan(text); err != nil {
			return fmt.Errorf("%.40q isn't a moment", text)
		}
	case strings.HasSuffix(column, "_on"):
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return fmt.Errorf("%.40q isn't a day", text)
		}
	}
	return nil
}
