package export

import (
	"bufio"
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/importers"
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
		"\t=1":                        "'\t'=1",
		" =1":                         "' =1",
		"\n=1+1":                      "'\n'=1+1",
		"\n":                          "'\n",
		"\tJoe":                       "'\tJoe",
		";":                           ";",
		"\uff1dHYPERLINK(1)":          "'\uff1dHYPERLINK(1)",
		"\uff0b1":                     "'\uff0b1",
		"\uff0d1":                     "'\uff0d1",
		"\uff20joe":                   "'\uff20joe",
		"\ufe661":                     "'\ufe661",
		"\ufe62\ufe63\ufe6b":          "'\ufe62\ufe63\ufe6b",
		"\u00a0=1":                    "'\u00a0=1",
		"\ufeff\u200b\u2060=1":        "'\ufeff\u200b\u2060=1",
		"\u3000\u3164\ufe0f=1":        "'\u3000\u3164\ufe0f=1",
		"\u0085@joe":                  "'\u0085@joe",
		`"=1"`:                        `'"=1"`,
		"Joe;=1;@2; Joe":              "Joe;'=1;'@2; Joe",
		`Joe; "=1"`:                   `Joe;' "=1"`,
		"Joe;;\t\u00a0\uff1d1":        "Joe;;\t'\u00a0\uff1d1",
		"Joe\t=1+1":                   "Joe\t'=1+1",
		"- tea\n- scones":             "'- tea\n'- scones",
		"Joe;'=1":                     "Joe;'=1",
		"joe@mail.example;a=b":        "joe@mail.example;a=b",
		"+1 ::: -cmd|'/c calc'!A0":    "'+1 ::: -cmd|'/c calc'!A0",
		"+1 ::: +2 ::: +44 (20) 79":   "+1 ::: +2 ::: +44 (20) 79",
		"+1 ::: ":                     "'+1 ::: ",
		"+1 ::: 2":                    "'+1 ::: 2",
		"Joe ::: =1":                  "Joe ::: =1",
		"+44 20 7946 0000 ext. 5":     "+44 20 7946 0000 ext. 5",
		"+(44) 2079460000 x5":         "+(44) 2079460000 x5",
		"+44 20 7946 0000,5":          "+44 20 7946 0000,5",
		"+44 ext":                     "'+44 ext",
		"+1+cmd|' /C calc'!A0":        "'+1+cmd|' /C calc'!A0",
	}
	for text, want := range tests {
		require.Equal(t, want, escapeFormula(text), "%+q", text)
		require.Equal(t, want, escapeFormula(want), "once is enough: %+q", text)
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
func escapedPerson(p importers.Person) importers.Person {
	for _, text := range []*string{&p.Shown, &p.First, &p.Last, &p.Nickname, &p.Company, &p.Place[0], &p.Place[1], &p.Note} {
		*text = escapeFormula(*text)
	}
	return p
}

// harmlessNumber matches what may begin with a plus sign: it cannot call a function.
var harmlessNumber = regexp.MustCompile(`^\+[0-9 ()./#,;+:-]*((ext\.?|x|Ext\.?|EXT\.?|X|eXt|exT) ?[0-9]+)?[0-9 ()./#,;+:-]*$`)

// requireNoFormula asserts that no cell of a CSV file is a formula, for a program that
// separates by commas, and for one that separates by semicolons or tabs, to which a
// quote within a cell is text.
func requireNoFormula(t *testing.T, file string) {
	t.Helper()
	hidden := func(r rune) bool {
		return r == '"' || unicode.IsSpace(r) || unicode.In(r, unicode.C, unicode.Z, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
	}
	isFormula := func(text string) bool {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text, hidden))
		return strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b", first)
	}
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	require.NoError(t, err)
	for _, row := range rows {
		for _, cell := range row {
			require.False(t, (isFormula(cell) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\n")) && !harmlessNumber.MatchString(cell), "%+q", cell)
		}
	}
	for _, text := range strings.FieldsFunc(file, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
		first, _, _ := strings.Cut(strings.Trim(text, `"`), ",") // a number in the first column
		require.False(t, isFormula(text) && !harmlessNumber.MatchString(first), "%+q", text)
	}
}

// formulaContact returns a contact with texts in every field of a CSV file.
func formulaContact(a, b, number, kind string) *contact {
	return &contact{MRI: skypecontacts.MRI("8:joe.4" + a), DisplayName: b + a, Profile: skypecontacts.Profile{
		Name:   skypecontacts.Name{First: a, Last: b, Nickname: a + b, Company: b, Title: a},
		Gender: skypecontacts.Gender(a), Language: skypecontacts.LanguageCode(b), About: a + b, Homepage: b, JobTitle: a, AvatarURL: b,
		Locations: []skypecontacts.Location{{Type: kind, City: a, State: b, CountryName: a}, {Type: "home", City: b, Country: skypecontacts.CountryCode(a)}},
		Phones:    []skypecontacts.Phone{{Number: number, Type: "home"}, {Number: a, Type: "home"}, {Number: b, Type: skypecontacts.PhoneType(kind)}, {Number: number, Type: "home"}},
		Emails:    []string{a, number, b},
	}}
}

func FuzzNoFormula(f *testing.F) {
	f.Add("-cmd|'/c calc'!A0", "=1+1", "+1", "home")
	f.Add("Joe;=HYPERLINK(A1)", "Joe\t=1+1", "+44 20 7946 0099 ext. 5", "=1")
	f.Add("\uff1dHYPERLINK(1)", "\uff0b1\r@a", "+1 ::: =1", ";")
	f.Add("\u00a0=1", "\ufeff-1\n\"=1\"", "\t", "\r=")
	f.Add("\"", ";\"\u200b\uff20", "+", "\x00=")
	f.Fuzz(func(t *testing.T, a, b, number, kind string) {
		for _, format := range []Format{GoogleCSV, OutlookCSV} {
			file := writeContacts(t, format, Options{Avatars: true}, formulaContact(a, b, number, kind), &contact{MRI: "4:+1", DisplayName: a}, &contact{MRI: "8:a", DisplayName: number + b})
			requireNoFormula(t, strings.TrimPrefix(file, "\uFEFF"))
		}
	})
}

// What is an extension is what this pattern matches.
func TestExtensionPattern(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`(?i)^(ext\.?|x|#|,|;) ?\d+$`)
	for text := range allTexts("exT. #1", 5) {
		require.Equal(t, pattern.MatchString(text), isExtension(text), text)
	}
	for _, text := range []string{"ext. 12", "EXT.12", "Ext 123", "x1"} {
		require.True(t, isExtension(text), text)
	}
}
