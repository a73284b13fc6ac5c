package sheet

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
	"testing"

	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// read reads a file that must be readable, and checks that every warning is a
// sentence in every language.
func read(t *testing.T, name string, file []byte, limits Limits) Book {
	t.Helper()
	book, err := Read(t.Context(), name, bytes.NewReader(file), int64(len(file)), limits)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, w := range book.Warnings {
		says(t, w.Message)
	}
	return book
}

// refused reads a file that must be refused, and gives the key of the reason.
func refused(t *testing.T, name string, file []byte, limits Limits) string {
	t.Helper()
	_, err := Read(t.Context(), name, bytes.NewReader(file), int64(len(file)), limits)
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("%s: got error %v, want one that a person can act on", name, err)
	}
	m := fault.Says(err, "")
	says(t, m)
	return m.Key
}

// says fails unless a message is a whole sentence in every language.
func says(t *testing.T, m fault.Message) {
	t.Helper()
	for _, lang := range i18n.Langs() {
		if text := i18n.In(lang).Say(m); strings.HasPrefix(text, "[") || strings.Contains(text, "<no value>") {
			t.Errorf("%s: %s is said as %q", lang, m.Key, text)
		}
	}
}

// flat writes a sheet's headings and rows as lines of text, with their numbers.
func flat(s Sheet) string {
	var out strings.Builder
	out.WriteString(strings.Join(s.Header(), "|"))
	for _, r := range s.Rows {
		out.WriteString("\n" + strconv.Itoa(r.Number) + ":")
		for i, c := range r.Cells {
			if i > 0 {
				out.WriteByte('|')
			}
			out.WriteString(strings.ReplaceAll(c.Text, "\n", "⏎"))
		}
	}
	return out.String()
}

// said is the keys of the warnings, with their rows and columns.
func said(b Book) string {
	var keys []string
	for _, w := range b.Warnings {
		key := strings.TrimPrefix(w.Message.Key, "sheet.")
		if w.Row > 0 {
			key += "@" + strconv.Itoa(w.Row)
		}
		if w.Column != "" {
			key += "/" + w.Column
		}
		keys = append(keys, key)
	}
	return strings.Join(keys, " ")
}

func rows(texts ...string) []byte { return []byte(strings.Join(texts, "\n") + "\n") }

// linesOf reads a file's lines as Read does.
func linesOf(file []byte) lines {
	return lines{in: bufio.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))), end: '\n', limit: 1 << 20}
}
