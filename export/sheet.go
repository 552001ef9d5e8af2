package export

import (
	"encoding/csv"
	"regexp"
	"strings"

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

func (s *sheetWriter) writeContact(c *skypecontacts.Contact) error {
	clear(s.cells)
	s.fill(s, c)
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
	*s.cell(column) = escapeFormula(cleanText(value))
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

// phoneNumberPattern matches a telephone number with a plus sign.
var phoneNumberPattern = regexp.MustCompile(`(?i)^\+[ ()]*\d[\d ()./-]*((ext\.?|x|#|,|;) ?\d+)?$`)

// escapeFormula puts an apostrophe before text that a spreadsheet would run as a
// formula. It returns telephone numbers with a plus sign unchanged: they are numbers
// to a spreadsheet, and an address book cannot dial them with an apostrophe.
func escapeFormula(cell string) string {
	start := strings.TrimLeft(cell, " \t\n") // spreadsheets may trim as well
	if start == "" || strings.IndexByte("=+-@", start[0]) < 0 || phoneNumberPattern.MatchString(cell) {
		return cell
	}
	return "'" + cell
}
