// Package sheettest makes the spreadsheets that tests and benchmarks read: a
// workbook as messy as a neighbourhood's, and tables of any length. The same
// call always makes the same file, and nobody in it is real.
package sheettest

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"github.com/xuri/excelize/v2"
)

// How many records the workbook's sheets hold. Of the partners, PartnersAgain
// are there before under a slightly different name; of the households,
// HouseholdsAgain; of the conversations, ConversationsAgain to the letter.
const (
	Partners           = 120
	PartnersAgain      = 12
	Households         = 260
	HouseholdsAgain    = 8
	Conversations      = 220
	ConversationsAgain = 5
	Rows               = Partners + Households + Conversations
)

// The names of the workbook's sheets, in its order.
const (
	PartnersSheet      = "Partners & contacts"
	HouseholdsSheet    = "Households"
	ConversationsSheet = "Conversations"
)

// maker writes one workbook. The first error ends all writing.
type maker struct {
	file  *excelize.File
	draw  *rand.Rand
	sheet string
	row   int
	left  int // columns left empty at the left
	days  int // the style of a cell that shows a day
	err   error
}

// Workbook makes a workbook of Rows records in three sheets, as a coordinator
// keeps it: titles in merged cells, headings of two rows, empty rows and
// columns, days of two kinds, formulas, totals, notes, columns that only their
// maker understands, English and Spanish, and partners entered twice.
func Workbook() (file []byte, err error) {
	m := maker{file: excelize.NewFile(), draw: rand.New(rand.NewPCG(2026, 11))}
	defer func() {
		if e := m.file.Close(); err == nil {
			err = e
		}
	}()
	format := "m/d/yyyy"
	if m.days, err = m.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return nil, err
	}
	m.partners()
	m.households()
	m.conversations()
	if m.err != nil {
		return nil, m.err
	}
	var out bytes.Buffer
	if err := m.file.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// begin starts a sheet.
func (m *maker) begin(name string, left int) {
	if m.err != nil {
		return
	}
	if m.sheet == "" {
		m.err = m.file.SetSheetName("Sheet1", name)
	} else {
		_, m.err = m.file.NewSheet(name)
	}
	m.sheet, m.row, m.left = name, 0, left
}

// line writes one row; with nothing, it leaves one empty.
func (m *maker) line(values ...any) {
	if m.row++; m.err != nil || len(values) == 0 {
		return
	}
	m.err = m.file.SetSheetRow(m.sheet, m.at(0), &values)
}

// at names the cell of a column in the current row.
func (m *maker) at(column int) string {
	name, err := excelize.CoordinatesToCellName(m.left+column+1, m.row)
	if m.err == nil {
		m.err = err
	}
	return name
}

// merge merges cells of the current row with those of a row below.
func (m *maker) merge(from, to, below int) {
	start := m.at(from)
	m.row += below
	end := m.at(to)
	m.row -= below
	if m.err == nil {
		m.err = m.file.MergeCell(m.sheet, start, end)
	}
}

// formula makes the cell of a column a formula that keeps the value it has.
func (m *maker) formula(column int, text string) {
	if at := m.at(column); m.err == nil {
		m.err = m.file.SetCellFormula(m.sheet, at, text)
	}
}

// asDay shows the number in a cell as a day.
func (m *maker) asDay(column int) {
	if at := m.at(column); m.err == nil {
		m.err = m.file.SetCellStyle(m.sheet, at, at, m.days)
	}
}

// one picks one of all.
func one[T any](m *maker, all []T) T { return all[m.draw.IntN(len(all))] }

// chance is true so often of a hundred times.
func (m *maker) chance(of100 int) bool { return m.draw.IntN(100) < of100 }

// person is somebody's name; some are written in capitals.
func (m *maker) person() string {
	return one(m, firstNames) + " " + one(m, lastNames)
}

// phone is a number that nobody has, written as one of four people would.
func (m *maker) phone(n int) string {
	return fmt.Sprintf(one(m, []string{"(555) 555-%04d", "555-555-%04d", "555.555.%04d", "+1 555 555 %04d"}), n%10000)
}

// typo is a name as somebody else typed it: without a letter, or with two
// that changed places.
func (m *maker) typo(name string) string {
	letters := []rune(name)
	i := 1 + m.draw.IntN(len(letters)-2)
	if m.chance(50) {
		return string(letters[:i]) + string(letters[i+1:])
	}
	letters[i], letters[i+1] = letters[i+1], letters[i]
	return string(letters)
}

// note is a cell that is mostly empty.
func (m *maker) note(of100 int, all []string) any {
	if m.chance(of100) {
		return one(m, all)
	}
	return nil
}
