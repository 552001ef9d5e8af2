package export

import (
	"bufio"
	"encoding/csv"
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

// set fills the cell of a column.
func (s *sheet) set(column, value string) {
	s.cells[s.place[column]] = guard(mended(value))
}

// setFirst fills the first of several columns that is empty, and reports
// whether there was one.
func (s *sheet) setFirst(value string, columns ...string) bool {
	for _, column := range columns {
		if s.cells[s.place[column]] == "" {
			s.set(column, value)
			return true
		}
	}
	return false
}

// guard puts an apostrophe before what a spreadsheet would take for a formula.
// A telephone number with its plus sign is a number to a spreadsheet, and would
// be none to an address book with an apostrophe.
func guard(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if cell[0] == '+' && len(cell) > 1 && strings.Trim(cell[1:], "0123456789 ()-./") == "" {
		return cell
	}
	return "'" + cell
}
