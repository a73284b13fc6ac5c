package sheet

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"slices"
	"strings"
)

// book is a workbook being read: what its sheets refer to.
//
// Sheets are read tag by tag here and not by a library, since a library either
// gives only what a cell shows, and 3/4/26 doesn't tell its month, or keeps
// every cell of a sheet with all that can be known of it in memory, and a file
// of 200 KB can have eight million.
type book struct {
	*reading
	parts    map[string]*zip.File
	strings  []string
	isDay    []bool // by the number of a cell's style
	from1904 bool
	tokens   int
}

// listed is a sheet as the workbook lists it.
type listed struct {
	name string
	part *zip.File
}

// workbook reads all sheets of an XLSX file.
func (in *reading) workbook(r io.ReaderAt, size int64) error {
	archive, err := openArchive(r, size, in.limits)
	if err != nil {
		return err
	}
	b := book{reading: in, parts: map[string]*zip.File{}}
	for _, f := range archive.File {
		b.parts[strings.ToLower(f.Name)] = f
	}
	sheets, err := b.list()
	if err != nil {
		return err
	}
	for _, s := range sheets {
		table, err := b.sheet(s)
		if err != nil {
			return err
		}
		if err := in.add(table); err != nil {
			return err
		}
	}
	return nil
}

// list finds the sheets in their order, and reads what they share.
func (b *book) list() (sheets []listed, err error) {
	main, err := b.mainPart()
	if err != nil {
		return nil, err
	}
	targets, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	for _, rel := range targets {
		switch {
		case strings.HasSuffix(rel.kind, "/sharedStrings"):
			err = b.readStrings(rel.part)
		case strings.HasSuffix(rel.kind, "/styles"):
			err = b.readStyles(rel.part)
		}
		if err != nil {
			return nil, err
		}
	}
	p, err := b.open(b.parts[main])
	if err != nil {
		return nil, err
	}
	defer p.close()
	used := map[*zip.File]bool{}
	err = p.each(func(tag xml.StartElement) error {
		switch tag.Name.Local {
		case "workbookPr":
			b.from1904 = isTrue(attr(tag, "date1904"))
		case "sheet":
			at := slices.IndexFunc(targets, func(r relation) bool { return r.id == relationID(tag) })
			if at < 0 || !strings.HasSuffix(targets[at].kind, "/worksheet") || targets[at].part == nil || used[targets[at].part] {
				return nil // a chart, or nothing, or a sheet a second time
			}
			used[targets[at].part] = true
			sheets = append(sheets, listed{name: brief(tidy(attr(tag, "name"))), part: targets[at].part})
		}
		return nil
	})
	return sheets, err
}

// mainPart is the name of the part that lists the sheets.
func (b *book) mainPart() (string, error) {
	found, err := b.relations("")
	if err != nil {
		return "", err
	}
	for _, rel := range found {
		if strings.HasSuffix(rel.kind, "/officeDocument") && rel.part != nil {
			return strings.ToLower(rel.part.Name), nil
		}
	}
	if b.parts["xl/workbook.xml"] == nil {
		return "", refuse("sheet.file.foreign")
	}
	return "xl/workbook.xml", nil
}

// relation is what one part says of another.
type relation struct {
	id, kind string
	part     *zip.File // nil when it isn't in the file
}

// relations are those of a part, or of the whole file for "".
func (b *book) relations(of string) (all []relation, err error) {
	dir, base := path.Split(of)
	f := b.parts[dir+"_rels/"+base+".rels"]
	if f == nil {
		return nil, nil
	}
	p, err := b.open(f)
	if err != nil {
		return nil, err
	}
	defer p.close()
	err = p.each(func(tag xml.StartElement) error {
		if tag.Name.Local != "Relationship" || len(all) >= b.limits.Entries {
			return nil
		}
		target := attr(tag, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		all = append(all, relation{
			id: attr(tag, "Id"), kind: attr(tag, "Type"),
			part: b.parts[strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))],
		})
		return nil
	})
	return all, err
}

// relationID is the r:id of a sheet: its own sheetId is another attribute.
func relationID(tag xml.StartElement) string {
	for _, a := range tag.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// readStrings reads the texts that cells of all sheets share.
func (b *book) readStrings(f *zip.File) error {
	if f == nil {
		return nil
	}
	p, err := b.open(f)
	if err != nil {
		return err
	}
	defer p.close()
	kept := 0
	return p.each(func(tag xml.StartElement) error {
		if tag.Name.Local != "si" {
			return nil
		}
		text, err := p.text("rPh", b.limits.Letters+1)
		if err != nil {
			return err
		}
		b.strings = append(b.strings, text)
		if kept += len(text); kept > b.limits.Text || len(b.strings) > b.limits.Cells {
			return refuse("sheet.file.cells", "max", b.limits.Cells)
		}
		return nil
	})
}

// readStyles finds the styles that show a number as a day.
func (b *book) readStyles(f *zip.File) error {
	if f == nil {
		return nil
	}
	p, err := b.open(f)
	if err != nil {
		return err
	}
	defer p.close()
	own := map[int]bool{}
	inCells := false
	return p.each(func(tag xml.StartElement) error {
		switch tag.Name.Local {
		case "numFmt":
			own[whole(tag, "numFmtId")] = isDayFormat(attr(tag, "formatCode"))
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(b.isDay) < 1<<16 {
				id := whole(tag, "numFmtId")
				known, ok := own[id]
				b.isDay = append(b.isDay, known || !ok && isDayNumber(id))
			}
		}
		return nil
	})
}

// isDayNumber knows the formats that every program has for days.
func isDayNumber(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58
}

// isDayFormat says whether a number's format shows a day: it has a y or a d
// outside of quotes and brackets.
func isDayFormat(code string) bool {
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '\\', '_', '*':
			i++
		case '"':
			i += 1 + strings.IndexByte(code[i+1:]+`"`, '"')
		case '[':
			i += 1 + strings.IndexByte(code[i+1:]+`]`, ']')
		case 'y', 'Y', 'd', 'D':
			return true
		case ';':
			return false
		}
	}
	return false
}
