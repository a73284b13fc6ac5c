package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// A quoted cell may span lines, and a quote that nobody closed looks the same
// until the end of the file. So a cell may span this many lines; a row whose
// quotes don't come right is read again, its first line alone; and after so
// many of them quotes no longer span lines, or a hostile file would be read
// hundreds of times over.
const (
	spannedLines = 500
	brokenQuotes = 100
)

// record is one row of a CSV file.
type record struct {
	fields []string
	mended bool // its quotes didn't come right
	long   bool // it was over the limit, and is left out
}

// records takes a CSV file apart, and goes on after what is broken.
type records struct {
	lines  lines
	sep    byte
	broken int
}

// next is the next row, blank ones included, or io.EOF.
func (r *records) next() (record, error) {
	first, err := r.lines.next()
	if err != nil {
		return record{}, err
	}
	if first.long {
		return record{long: true}, nil
	}
	split := splitter{sep: r.sep}
	whole, ok := split.line(first.text)
	if whole {
		return record{fields: split.fields}, nil
	}
	var taken []line
	for size := len(first.text); ok && r.broken < brokenQuotes && len(taken) < spannedLines && size < r.lines.limit; {
		more, err := r.lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return record{}, err
		}
		taken = append(taken, more)
		size += len(more.text)
		if whole, ok = split.line(more.text); whole && !more.long {
			return record{fields: split.fields}, nil
		}
	}
	r.broken++
	r.lines.giveBack(taken)
	return record{fields: loosely(first.text, r.sep), mended: true}, nil
}

// splitter takes lines apart into cells as the rules of CSV say.
type splitter struct {
	sep    byte
	fields []string
	field  []byte // of the quoted cell that isn't closed yet
	quoted bool
}

// line takes one more line of a row. The row is whole, or its last cell goes
// on in the next line, or the quotes are not ok.
func (s *splitter) line(text []byte) (whole, ok bool) {
	if s.quoted {
		s.field = append(s.field, '\n')
	}
	for at := 0; ; {
		if !s.quoted {
			opening := at + leadingBlanks(text[at:])
			if opening == len(text) || text[opening] != '"' {
				end := bytes.IndexByte(text[at:], s.sep)
				if end < 0 {
					s.fields = append(s.fields, string(text[at:]))
					return true, true
				}
				s.fields = append(s.fields, string(text[at:at+end]))
				at += end + 1
				continue
			}
			s.quoted, at = true, opening+1
		}
		closing := bytes.IndexByte(text[at:], '"')
		if closing < 0 {
			s.field = append(s.field, text[at:]...)
			return false, true
		}
		s.field = append(s.field, text[at:at+closing]...)
		at += closing + 1
		if at < len(text) && text[at] == '"' { // two quotes are one
			s.field = append(s.field, '"')
			at++
			continue
		}
		s.fields = append(s.fields, string(s.field))
		s.field, s.quoted = s.field[:0], false
		at += leadingBlanks(text[at:])
		if at == len(text) {
			return true, true
		}
		if text[at] != s.sep {
			return false, false
		}
		at++
	}
}

// loosely takes one line apart whose quotes don't come right: a cell ends at a
// quote before a separator, and without one at the separator.
func loosely(text []byte, sep byte) (fields []string) {
	for {
		text = text[leadingBlanks(text):]
		end := closingQuote(text, sep)
		if end >= 0 {
			fields = append(fields, string(bytes.ReplaceAll(text[1:1+end], []byte(`""`), []byte(`"`))))
			text = text[min(end+2, len(text)):]
			if len(text) == 0 {
				return fields
			}
			text = text[1:]
			continue
		}
		text = bytes.TrimPrefix(text, []byte(`"`))
		cell, rest, more := bytes.Cut(text, []byte{sep})
		fields = append(fields, string(cell))
		if !more {
			return fields
		}
		text = rest
	}
}

// closingQuote is where the cell at the front ends behind its opening quote, or
// -1: at a quote before a separator, or at one that ends the line.
func closingQuote(text []byte, sep byte) int {
	if len(text) < 2 || text[0] != '"' {
		return -1
	}
	if end := bytes.Index(text[1:], []byte{'"', sep}); end >= 0 {
		return end
	}
	inner := text[1 : len(text)-1]
	if text[len(text)-1] == '"' && (bytes.IndexByte(inner, sep) < 0 || bytes.IndexByte(inner, '"') < 0) {
		return len(inner)
	}
	return -1
}

func leadingBlanks(text []byte) int {
	n := 0
	for n < len(text) && text[n] == ' ' {
		n++
	}
	return n
}

// line is one line of the file without its end.
type line struct {
	text []byte
	long bool // it was over the limit; text is empty
}

// lines reads lines in bounded memory.
type lines struct {
	in    *bufio.Reader
	end   byte
	limit int
	again []line
}

func (l *lines) next() (line, error) {
	if len(l.again) > 0 {
		first := l.again[0]
		l.again = l.again[1:]
		return first, nil
	}
	var out line
	for {
		part, err := l.in.ReadSlice(l.end)
		if out.long = out.long || len(out.text)+len(part) > l.limit; out.long {
			out.text = nil
		} else {
			out.text = append(out.text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && (len(out.text) > 0 || out.long), err == nil:
			out.text = bytes.TrimRight(out.text, "\r\n")
			return out, nil
		default:
			return line{}, err
		}
	}
}

// giveBack puts lines back in front of the rest.
func (l *lines) giveBack(taken []line) {
	if len(taken) > 0 {
		l.again = append(taken[:len(taken):len(taken)], l.again...)
	}
}
