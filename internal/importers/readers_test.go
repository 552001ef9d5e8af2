package importers

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-vcard"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/require"
)

// program is a program of testdata, which reads the file that it is given the path of and
// prints a JSON object for each person.
type program struct {
	interpreter interpreter
	check       string // a program that fails where the library is absent
	script      string
	install     string // what has the library
}

type interpreter struct {
	commands []string // the first one that has the library is used
	option   string   // before a program in an argument
}

var (
	python = interpreter{[]string{"/usr/bin/python3", "python3", "python"}, "-c"} // Debian's libraries are those of the first
	node   = interpreter{[]string{"node"}, "-e"}
)

// reader returns a function that runs the program, or nil where the library is absent.
func (p program) reader(t *testing.T) func(*testing.T, export.Format, string) []Person {
	t.Helper()
	run := func(t *testing.T, command string, arguments ...string) ([]byte, error) {
		cmd := exec.CommandContext(t.Context(), command, arguments...)
		cmd.Dir = "testdata"
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		output, err := cmd.Output()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, &stderr)
		}
		return output, err
	}
	for _, command := range p.interpreter.commands {
		if _, err := run(t, command, p.interpreter.option, p.check); err != nil {
			continue
		}
		return func(t *testing.T, format export.Format, file string) (people []Person) {
			output, err := run(t, command, p.script, file)
			require.NoError(t, err)
			for line := range bytes.Lines(output) {
				people = append(people, decodePerson(t, format, line))
			}
			return people
		}
	}
	return nil
}

// decodePerson returns the person in the output of a program for a format.
func decodePerson(t *testing.T, format export.Format, line []byte) (p Person) {
	t.Helper()
	if format == export.VCard3 || format == export.VCard4 {
		require.NoError(t, json.Unmarshal(line, &p))
		return p
	}
	var row map[string]string
	require.NoError(t, json.Unmarshal(line, &row))
	return rowPerson(format, row)
}

func readGoVCard(t *testing.T, _ export.Format, file string) (people []Person) {
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	cards := vcard.NewDecoder(bytes.NewReader(content))
	for card, err := cards.Decode(); err == nil; card, err = cards.Decode() {
		values := func(name string) string { return strings.Join(card.Values(name), "|") }
		p := Person{
			UID: values("UID"), Shown: values("FN"), First: card.Name().GivenName, Last: card.Name().FamilyName, Suffix: card.Name().HonorificSuffix,
			Nickname: values("NICKNAME"), Company: values("ORG"), Birthday: values("BDAY"), Skype: values("X-SKYPE"), Chat: values("IMPP"),
			Homepage: values("URL"), Note: values("NOTE"),
		}
		for _, phone := range card["TEL"] {
			p.Phones = append(p.Phones, [2]string{phone.Params.Get("TYPE"), phone.Value})
		}
		for _, place := range card.Addresses() {
			p.Place = [3]string{place.Locality, place.Region, place.Country}
		}
		people = append(people, p)
	}
	return people
}

func readAndroid(t *testing.T, _ export.Format, file string) (people []Person) {
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, entry := range ReadAndroid(t, string(content)) {
		p := Person{
			Shown: entry.Formatted, First: entry.Name[1], Last: entry.Name[0], Suffix: entry.Name[4], Nickname: strings.Join(entry.Nicknames, "|"),
			Company: entry.Company, Phones: entry.Phones, Birthday: entry.Birthday, Skype: strings.Join(entry.Skype, "|"),
			Homepage: strings.Join(entry.Websites, "|"), Note: strings.Join(entry.Notes, "|"),
		}
		for _, place := range entry.Places {
			p.Place = [3]string{place[3], place[4], place[6]}
		}
		people = append(people, p)
	}
	return people
}

func readGoCSV(t *testing.T, format export.Format, file string) (people []Person) {
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	cells, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\uFEFF")))).ReadAll()
	require.NoError(t, err)
	for _, row := range cells[1:] {
		named := map[string]string{}
		for i, cell := range row {
			named[cells[0][i]] = cell
		}
		people = append(people, rowPerson(format, named))
	}
	return people
}

// rowPerson returns the person in a row of a CSV file.
func rowPerson(format export.Format, row map[string]string) Person {
	for column, cell := range row {
		row[column] = plainCell(cell)
	}
	if format == export.OutlookCSV {
		return outlookPerson(row)
	}
	p := Person{
		First: row["First Name"], Last: row["Last Name"], Suffix: row["Name Suffix"], Nickname: row["Nickname"], Company: row["Organization Name"],
		Birthday: row["Birthday"], Place: [3]string{row["Address 1 - City"], row["Address 1 - Region"], row["Address 1 - Country"]},
		Homepage: row["Website 1 - Value"], Note: row["Notes"],
	}
	p.Shown = cmp.Or(row["File As"], JoinedName(p.First, p.Last, p.Suffix))
	for _, n := range []string{"1", "2", "3", "4"} {
		if label := row["Phone "+n+" - Label"]; label != "" {
			p.Phones = append(p.Phones, [2]string{label, row["Phone "+n+" - Value"]})
		}
	}
	if row["Custom Field 1 - Label"] == "Skype" {
		p.Skype = row["Custom Field 1 - Value"]
	}
	return p
}

// outlookNotes matches the note of a person and the values that Outlook has no column for.
var outlookNotes = regexp.MustCompile(`(?s)^(?:(.*)\n\n)?Skype: ([^\n]*)(?:\nName in Skype: (.*?))?(?:\nNickname: (.*))?$`)

func outlookPerson(row map[string]string) Person {
	p := Person{
		First: row["First Name"], Last: row["Last Name"], Suffix: row["Suffix"], Company: row["Company"], Birthday: row["Birthday"],
		Homepage: row["Web Page"],
	}
	for _, kind := range []string{"Home", "Other"} {
		if place := [3]string{row[kind+" City"], row[kind+" State"], row[kind+" Country/Region"]}; place != [3]string{} {
			p.Place = place
		}
	}
	for _, column := range []string{"Mobile Phone", "Business Phone", "Home Phone"} {
		if row[column] != "" {
			p.Phones = append(p.Phones, [2]string{column, row[column]})
		}
	}
	if parts := outlookNotes.FindStringSubmatch(row["Notes"]); parts != nil {
		p.Note, p.Skype, p.Shown, p.Nickname = parts[1], parts[2], parts[3], parts[4]
	}
	p.Shown = cmp.Or(p.Shown, JoinedName(p.First, p.Last, p.Suffix), p.Company)
	return p
}

// guardedFormula matches the apostrophe that export writes before what a spreadsheet may
// run as a formula.
var guardedFormula = regexp.MustCompile(`(^|[;\t\n])'([=+@-])`)

// plainCell returns a cell as a user reads it: without those apostrophes, and with line
// ends of one character, of which the cell of a file has two, as its rows do.
func plainCell(cell string) string {
	return guardedFormula.ReplaceAllString(strings.ReplaceAll(cell, "\r\n", "\n"), "$1$2")
}
