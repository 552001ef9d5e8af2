package export

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/stretchr/testify/require"
)

func TestEscapeFormula(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                            "",
		"Joe":                         "Joe",
		"1-2":                         "1-2",
		`=HYPERLINK("https://x","y")`: `'=HYPERLINK("https://x","y")`,
		"@joe":                        "'@joe",
		"-1+cmd|' /C calc'!A0":        "'-1+cmd|' /C calc'!A0",
		"- a list":                    "'- a list",
		"+cmd":                        "'+cmd",
		"+":                           "'+",
		"+442079460001":               "+442079460001",
		"+44 (20) 7946-00.01/2":       "+44 (20) 7946-00.01/2",
		"+44=1":                       "'+44=1",
		"\t=1":                        "'\t=1",
		" =1":                         "' =1",
		"\n=1+1":                      "'\n=1+1",
		"\n":                          "\n",
		"\tJoe":                       "\tJoe",
		"+44 20 7946 0000 ext. 5":     "+44 20 7946 0000 ext. 5",
		"+(44) 2079460000 x5":         "+(44) 2079460000 x5",
		"+44 20 7946 0000,5":          "+44 20 7946 0000,5",
		"+44 ext":                     "'+44 ext",
		"+1+cmd|' /C calc'!A0":        "'+1+cmd|' /C calc'!A0",
	}
	for text, want := range tests {
		require.Equal(t, want, escapeFormula(text), text)
	}
}

func TestSheetUnknownColumn(t *testing.T) {
	t.Parallel()
	s := newSheetWriter(&formatOutput{file: bufio.NewWriter(io.Discard)}, "Notes", fillGoogle)
	require.PanicsWithValue(t, "export: the format has no column Note", func() { s.setCell("Note", "a") })
}

// sheetContacts returns a contact with every field, and one with text that needs
// escaping and more values of a type than Outlook has columns for.
func sheetContacts() (full, plain *contact) {
	full = fullContact()
	full.Profile.Phones = append(full.Profile.Phones, skypecontacts.Phone{Number: "+44home2", Type: "home"}, skypecontacts.Phone{Number: "+44pager", Type: "pager"})
	plain = &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{
		Name: skypecontacts.Name{First: "=Joe", Last: "@Bloggs"}, About: "-\ra\r\nb\vc\x00d\n=", Gender: "female",
		Phones:    []skypecontacts.Phone{{Number: "=1+1", Type: "mobile"}, {Number: "+44\xe9", Type: "mobile"}},
		Locations: []skypecontacts.Location{{City: "caf\xe9", Type: "home"}, {City: "Leeds", Type: "home"}},
	}}
	return full, plain
}

// sheetRow returns the one row of a CSV file, by the names of its columns.
func sheetRow(t *testing.T, file string) map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\uFEFF"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	cells := map[string]string{}
	for i, cell := range rows[1] {
		if cell != "" {
			cells[rows[0][i]] = cell
		}
	}
	return cells
}

// sheetRows returns the rows of a CSV file, by the names of its columns.
func sheetRows(t *testing.T, file io.Reader) []map[string]string {
	t.Helper()
	cells, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	cells[0][0] = strings.TrimPrefix(cells[0][0], "\uFEFF")
	var rows []map[string]string
	for _, row := range cells[1:] {
		named := map[string]string{}
		for i, cell := range row {
			named[cells[0][i]] = cell
		}
		rows = append(rows, named)
	}
	return rows
}

// escapedPerson returns p as a CSV file shows it.
func escapedPerson(p importedPerson) importedPerson {
	for _, text := range []*string{&p.Shown, &p.First, &p.Last, &p.Nickname, &p.Company, &p.Place[0], &p.Note} {
		*text = escapeFormula(*text)
	}
	return p
}
