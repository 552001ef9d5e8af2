package export

import (
	"bufio"
	"encoding/csv"
	"regexp"
	"strings"

	"github.com/skypecontacts/skypecontacts"
)

// sheet writes one of the CSV formats.
type sheet struct {
	rows    *csv.Writer
	place   map[string]int // of each name
	cells   []string
	fill    func(*sheet, *skypecontacts.Contact)
	notHeld map[string]int
	avatars bool
}

func newSheet(out *bufio.Writer, header string, fill func(*sheet, *skypecontacts.Contact), opts Options, notHeld map[string]int) (*sheet, error) {
	s := &sheet{rows: csv.NewWriter(out), fill: fill, avatars: opts.Avatars, notHeld: notHeld, place: make(map[string]int)}
	names := strings.Split(header, ",")
	for i, name := range names {
		s.place[name] = i
	}
	s.cells = make([]string, len(names))
	s.rows.UseCRLF = true
	return s, s.rows.Write(names)
}

func (s *sheet) encode(c *skypecontacts.Contact) error {
	clear(s.cells)
	s.fill(s, c)
	return s.rows.Write(s.cells)
}

func (s *sheet) end() error {
	s.rows.Flush()
	return s.rows.Error()
}

func (s *sheet) cell(column string) *string {
	at, known := s.place[column]
	if !known {
		panic("export: the format has no column " + column)
	}
	return &s.cells[at]
}

// set fills the cell of a column.
func (s *sheet) set(column, value string) { *s.cell(column) = guard(clean(value)) }

// setFirst fills the first of several columns that is empty, and returns which, or
// nothing if there was none.
func (s *sheet) setFirst(value string, columns ...string) string {
	for _, column := range columns {
		if *s.cell(column) == "" {
			s.set(column, value)
			return column
		}
	}
	return ""
}

// number is a telephone number with a plus sign.
var number = regexp.MustCompile(`(?i)^\+[ ()]*\d[\d ()./-]*((ext\.?|x|#|,|;) ?\d+)?$`)

// guard puts an apostrophe before what a spreadsheet would take for a formula.
// A telephone number with its plus sign is a number to a spreadsheet, and would
// be none to an address book with an apostrophe.
func guard(cell string) string {
	start := strings.TrimLeft(cell, " \t\n") // which a program may do as well
	if start == "" || strings.IndexByte("=+-@", start[0]) < 0 || number.MatchString(cell) {
		return cell
	}
	return "'" + cell
}
