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

func TestFormulasAreGuarded(t *testing.T) {
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

// sheetRow is the one row of a CSV file, by the names of its columns.
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

func TestSheetRows(t *testing.T) {
	t.Parallel()
	full := everything()
	full.Profile.Phones = append(full.Profile.Phones, skypecontacts.Phone{Number: "+44home2", Type: "home"}, skypecontacts.Phone{Number: "+44pager", Type: "pager"})
	plain := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{
		Name: skypecontacts.Name{First: "=Joe", Last: "@Bloggs"}, About: "-\ra\r\nb\vc\x00d\n=", Gender: "female",
		Phones:    []skypecontacts.Phone{{Number: "=1+1", Type: "mobile"}, {Number: "+44\xe9", Type: "mobile"}},
		Locations: []skypecontacts.Location{{City: "caf\xe9", Type: "home"}, {City: "Leeds", Type: "home"}},
	}}
	tests := map[Format][2]map[string]string{
		GoogleCSV: {{
			"First Name": "first-name", "Last Name": "last-name", "Name Prefix": "title-name", "Nickname": "nick-name", "File As": "Display Name",
			"Organization Name": "company-name", "Organization Title": "job-title", "Birthday": "1987-01-02", "Notes": "about-text",
			"Photo": "https://avatar.example/a", "Labels": "* myContacts ::: * starred",
			"E-mail 1 - Label": "Other", "E-mail 1 - Value": "one@mail.example ::: two@mail.example",
			"Phone 1 - Label": "Mobile", "Phone 1 - Value": "'+44mobile", "Phone 2 - Label": "Home", "Phone 2 - Value": "'+44home ::: +44home2",
			"Phone 3 - Label": "Work", "Phone 3 - Value": "'+44work", "Phone 4 - Label": "Other", "Phone 4 - Value": "'+44other",
			"Address 1 - Label": "Home", "Address 1 - City": "city-home", "Address 1 - Region": "state-home", "Address 1 - Country": "country-home",
			"Address 2 - Label": "Work", "Address 2 - City": "city-work", "Address 2 - Country": "GB",
			"Website 1 - Label": "Home Page", "Website 1 - Value": "https://home.example", "Custom Field 1 - Label": "Skype", "Custom Field 1 - Value": "mri",
		}, {
			"First Name": "'=Joe", "Last Name": "'@Bloggs", "Notes": "'-\na\nb\ncd\n=", "Labels": "* myContacts",
			"Phone 1 - Label": "Mobile", "Phone 1 - Value": "'=1+1 ::: +44\uFFFD",
			"Address 1 - Label": "Home", "Address 1 - City": "caf\uFFFD", "Address 2 - Label": "Home", "Address 2 - City": "Leeds",
			"Custom Field 1 - Label": "Skype", "Custom Field 1 - Value": "joe.4",
		}},
		OutlookCSV: {{
			"Title": "title-name", "First Name": "first-name", "Last Name": "last-name", "Company": "company-name", "Job Title": "job-title",
			"Birthday": "1987-01-02", "Gender": "gender-text", "Language": "lang-tag", "Web Page": "https://home.example",
			"Notes":          "about-text\n\nSkype: mri\nName in Skype: Display Name\nNickname: nick-name",
			"E-mail Address": "one@mail.example", "E-mail 2 Address": "two@mail.example",
			"Mobile Phone": "'+44mobile", "Home Phone": "'+44home", "Home Phone 2": "'+44home2", "Business Phone": "'+44work", "Other Phone": "'+44other", "Pager": "'+44pager",
			"Home City": "city-home", "Home State": "state-home", "Home Country/Region": "country-home", "Business City": "city-work", "Business Country/Region": "GB",
		}, {
			"First Name": "'=Joe", "Last Name": "'@Bloggs", "Notes": "'-\na\nb\ncd\n=\n\nSkype: joe.4", "Gender": "Female",
			"Mobile Phone": "'=1+1", "Other Phone": "'+44\uFFFD", "Home City": "caf\uFFFD", "Other City": "Leeds",
		}},
	}
	for format, want := range tests {
		opts := Options{Suggested: true, Bots: true, Avatars: true}
		require.Equal(t, want[0], sheetRow(t, writeString(t, format, opts, full)), format)
		require.Equal(t, want[1], sheetRow(t, writeString(t, format, opts, plain)), format)
	}
}

func TestSheetsHaveNoOtherColumns(t *testing.T) {
	t.Parallel()
	s := newSheetWriter(&formatOutput{file: bufio.NewWriter(io.Discard)}, "Notes", fillGoogle)
	require.PanicsWithValue(t, "export: the format has no column Note", func() { s.setCell("Note", "a") })
}

func TestSheetsOfACompany(t *testing.T) {
	t.Parallel()
	c := &contact{MRI: "8:joe.4", Profile: skypecontacts.Profile{Name: skypecontacts.Name{Company: "Bloggs Sons Ltd"}}}
	require.Equal(t, map[string]string{"Company": "Bloggs Sons Ltd", "Notes": "Skype: joe.4"}, sheetRow(t, writeString(t, OutlookCSV, Options{}, c)))
	require.Equal(t, map[string]string{
		"File As": "Bloggs Sons Ltd", "Organization Name": "Bloggs Sons Ltd", "Labels": "* myContacts",
		"Custom Field 1 - Label": "Skype", "Custom Field 1 - Value": "joe.4",
	}, sheetRow(t, writeString(t, GoogleCSV, Options{}, c)))
}
