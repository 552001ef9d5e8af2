package export

import (
	"encoding/csv"
	"strings"
	"unicode"

	"github.com/skypecontacts/skypecontacts"
)

// sheetWriter is the [formatWriter] of the CSV formats.
type sheetWriter struct {
	out     *formatOutput
	rows    *csv.Writer
	columns map[string]int // index of each column in cells
	cells   []string       // of the row that is being filled
	fill    fillSheet
}

// fillSheet fills the cells of a row.
type fillSheet func(*sheetWriter, *skypecontacts.Contact)

// newSheetWriter writes header, the names of the columns separated by commas.
func newSheetWriter(out *formatOutput, header string, fill fillSheet) *sheetWriter {
	s := &sheetWriter{out: out, rows: csv.NewWriter(out.file), fill: fill, columns: make(map[string]int)}
	names := strings.Split(header, ",")
	for i, name := range names {
		s.columns[name] = i
	}
	s.cells = make([]string, len(names))
	s.rows.UseCRLF = true
	_ = s.rows.Write(names) // out.file returns the error again on the next write
	return s
}

func (s *sheetWriter) writeContact(c *skypecontacts.Contact, _ [16]byte) error {
	clear(s.cells)
	s.fill(s, c)
	for i, cell := range s.cells { // when they are complete: values are joined before
		s.cells[i] = escapeFormula(cell)
	}
	return s.rows.Write(s.cells)
}

func (s *sheetWriter) finish() error {
	s.rows.Flush()
	return s.rows.Error()
}

func (s *sheetWriter) cell(column string) *string {
	at, known := s.columns[column]
	if !known {
		panic("export: the format has no column " + column)
	}
	return &s.cells[at]
}

func (s *sheetWriter) setCell(column, value string) {
	*s.cell(column) = cleanText(value)
}

// setFirstEmpty fills the first of columns whose cell is empty and returns its name,
// or "" if no cell is empty.
func (s *sheetWriter) setFirstEmpty(value string, columns ...string) string {
	for _, column := range columns {
		if *s.cell(column) == "" {
			s.setCell(column, value)
			return column
		}
	}
	return ""
}

// googleSeparator separates the values of a cell in Google's CSV.
const googleSeparator = " ::: "

// isPhoneCell reports whether a cell has telephone numbers only.
func isPhoneCell(cell string) bool {
	if !strings.HasPrefix(cell, "+") {
		return false
	}
	for number := range strings.SplitSeq(cell, googleSeparator) {
		if !isPhoneNumber(number) {
			return false
		}
	}
	return true
}

// isPhoneNumber reports whether text is a telephone number with a plus sign.
func isPhoneNumber(text string) bool {
	const digits = "0123456789"
	text, plus := strings.CutPrefix(text, "+")
	text = strings.TrimLeft(text, " ()")
	if !plus || text == "" || !strings.Contains(digits, text[:1]) {
		return false
	}
	extension := strings.TrimLeft(text, digits+" ()./-")
	return extension == "" || isExtension(extension)
}

// isExtension reports whether text is what follows the number of a company's telephone, such
// as "ext. 12" or "x12".
func isExtension(text string) bool {
	for _, sign := range []string{"ext.", "ext", "x", "#", ",", ";"} {
		if digits, found := strings.CutPrefix(lowerASCII(text), sign); found {
			return isDigits(strings.TrimPrefix(digits, " "))
		}
	}
	return false
}

// escapeFormula puts an apostrophe before each text in a cell that a spreadsheet may
// run as a formula: one at the beginning, and one behind a semicolon, tab or line end,
// where a spreadsheet of another locale divides the cell. It returns telephone numbers
// with a plus sign unchanged: they are numbers to a spreadsheet, and an address book
// cannot dial them with an apostrophe.
func escapeFormula(cell string) string {
	if cell == "" || isPhoneCell(cell) {
		return cell
	}
	var escaped []byte
	if cell[0] == '\t' || cell[0] == '\n' || beginsFormula(cell) {
		escaped = []byte{'\''}
	}
	done := 0 // cell[:done] is in escaped
	for i, b := range []byte(cell) {
		if (b == ';' || b == '\t' || b == '\n') && beginsFormula(cell[i+1:]) {
			escaped = append(append(escaped, cell[done:i+1]...), '\'')
			done = i + 1
		}
	}
	if escaped == nil {
		return cell
	}
	return string(append(escaped, cell[done:]...))
}

// beginsFormula reports whether a spreadsheet may run the text at the beginning of rest, of a
// cell, as a formula.
func beginsFormula(rest string) bool {
	for _, r := range rest {
		switch {
		case isFormulaSign(r):
			return true
		case r == ';', r == '\t', r == '\n', !isSkippedBySheets(r): // the next text is another call's
			return false
		}
	}
	return false
}

// isFormulaSign reports whether a formula may begin with r. Spreadsheets for Japanese
// take the wide and the small forms of the signs for the signs.
func isFormulaSign(r rune) bool {
	switch r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫':
		return true
	default:
		return false
	}
}

// isSkippedBySheets reports whether a spreadsheet may skip r before a formula: white
// space, what is not visible, and the quote that it takes for the one of a cell.
func isSkippedBySheets(r rune) bool {
	return r == '"' || unicode.IsSpace(r) || !unicode.IsPrint(r) ||
		r > unicode.MaxLatin1 && unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}
