package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
)

// mostTokens is how many tags and texts a workbook may have: what empty tags
// cost is time, and no limit on sizes would see it.
const mostTokens = 15_000_000

// leash lets the XML decoder read only so far ahead: it keeps a whole tag or
// text in memory, however long.
type leash struct {
	in   io.Reader
	left int
}

var errTooLong = errors.New("a tag or a text is too long")

func (l *leash) Read(into []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLong
	}
	n, err := l.in.Read(into[:min(len(into), l.left)])
	l.left -= n
	return n, err
}

// part is one XML part of a workbook, read tag by tag.
type part struct {
	file  io.Closer
	leash *leash
	in    *xml.Decoder
	limit int
	book  *book // which counts the tokens of all its parts
}

func (b *book) open(f *zip.File) (*part, error) {
	in, err := f.Open()
	if err != nil {
		return nil, damaged(err)
	}
	l := &leash{in: in}
	return &part{file: in, leash: l, in: xml.NewDecoder(l), limit: b.limits.Line, book: b}, nil
}

func (p *part) close() { p.file.Close() } //nolint:errcheck,gosec // reading only: what matters was read

// next is the next tag or text, nil at the end.
func (p *part) next() (xml.Token, error) {
	p.leash.left = p.limit
	switch p.book.tokens++; {
	case p.book.tokens > mostTokens:
		return nil, refuse("sheet.file.tags")
	case p.book.tokens%(1<<16) == 0 && p.book.ctx.Err() != nil:
		return nil, p.book.ctx.Err()
	}
	token, err := p.in.RawToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil
	case errors.Is(err, errTooLong):
		return nil, refuse("sheet.file.tags")
	case err != nil:
		return nil, damaged(err)
	}
	if _, ok := token.(xml.Directive); ok {
		return nil, refuse("sheet.file.doctype")
	}
	return token, nil
}

// each calls start for every tag that opens, and ends with the part.
func (p *part) each(start func(xml.StartElement) error) error {
	for {
		token, err := p.next()
		if err != nil || token == nil {
			return err
		}
		if tag, ok := token.(xml.StartElement); ok {
			if err := start(tag); err != nil {
				return err
			}
		}
	}
}

// text is what stands in the tag that was just opened, tags inside included
// but for those of skip. No more than limit bytes are kept.
func (p *part) text(skip string, limit int) (string, error) {
	var first string
	var more []byte
	depth, skipped := 1, 0
	for depth > 0 {
		token, err := p.next()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case nil:
			return "", damaged(io.ErrUnexpectedEOF)
		case xml.StartElement:
			if depth++; skipped > 0 || t.Name.Local == skip {
				skipped++
			}
		case xml.EndElement:
			if depth--; skipped > 0 {
				skipped--
			}
		case xml.CharData:
			switch room := limit - len(first) - len(more); {
			case skipped > 0 || room <= 0:
			case first == "" && more == nil:
				first = string(t[:min(len(t), room)])
			default:
				more = append(more, t[:min(len(t), room)]...)
			}
		}
	}
	return first + string(more), nil
}

func attr(tag xml.StartElement, name string) string {
	for _, a := range tag.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// whole is an attribute's number, or -1.
func whole(tag xml.StartElement, name string) int {
	n, err := strconv.Atoi(attr(tag, name))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

func isTrue(text string) bool { return text == "1" || text == "true" }
