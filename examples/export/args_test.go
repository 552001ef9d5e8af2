package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const everyFormat = `
  vcard      .vcf    vCard 3.0, which every address book imports
  vcard4     .vcf    vCard 4.0
  google     .csv    CSV for Google Contacts
  outlook    .csv    CSV for Outlook
  jscontact  .json   JSContact
  jsonl      .jsonl  JSON Lines of this program, which lose nothing
  html       .html   a page to look at and to print`

func TestArguments(t *testing.T) {
	t.Parallel()
	const nothingToRead = "say what to read: export contacts.csv -o contacts.vcf (-from demo has sample data, -h lists the flags)"
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, nothingToRead},
		{[]string{"-o", "contacts.vcf"}, nothingToRead},
		{[]string{"-from", "none.csv"}, "open none.csv: no such file or directory"},
		{[]string{"none.csv", "-to", "jsonl"}, "open none.csv: no such file or directory"},
		{[]string{"a.csv", "b.csv"}, `there is one file to read, and "b.csv" is one more`},
		{[]string{"-from", "a.csv", "b.csv"}, `there is one file to read, and "b.csv" is one more`},
		{[]string{"-from", "demo", "-to", "excel"}, `there is no format "excel"; -to takes` + everyFormat},
		{[]string{"-from", "demo", "-to", "vcf"}, `there is no format "vcf"; -to takes` + everyFormat},
		{[]string{"-from", "demo", "-to", "csv"}, `there is no format "csv"; -to takes` + everyFormat},
		{[]string{"-from", "demo", "-to", "VCARD"}, `there is no format "VCARD"; -to takes` + everyFormat},
		{[]string{"-from", "demo", "-o", "contacts.xlsx"}, `the ending of "contacts.xlsx" is that of no format; add -to and one of` + everyFormat},
		{[]string{"-from", "demo", "-o", "contacts.csv"}, "a .csv is for Google or for Outlook: add -to google or -to outlook"},
		{[]string{"-from", "demo", "-o", "contacts.csv2.CSV"}, "a .csv is for Google or for Outlook: add -to google or -to outlook"},
		{[]string{"-out", "x"}, "an argument is not valid: flag provided but not defined: -out; -h lists the flags"},
		{[]string{"contacts.csv", "-out", "x"}, "an argument is not valid: flag provided but not defined: -out; -h lists the flags"},
		{[]string{"-from", "demo", "-o", ""}, "-o needs the name of a file"},
		{[]string{"contacts.csv", "-endpoints", "{}"}, "-endpoints, -token-file, -token-command and -teams are for -from live"},
		{[]string{"contacts.csv", "-teams"}, "-endpoints, -token-file, -token-command and -teams are for -from live"},
	} {
		stdout, stderr, err := runExport(t.Context(), tt.args...)
		require.EqualError(t, err, tt.want, tt.args)
		assert.Equal(t, tt.want, errorText(err))
		assert.Empty(t, stdout+stderr)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-h"}, {"-help"}, {"contacts.csv", "--help"}} {
		stdout, stderr, err := runExport(t.Context(), args...)
		require.NoError(t, err)
		assert.Empty(t, stderr)
		assert.True(t, strings.HasPrefix(stdout, usage))
		assert.Contains(t, stdout, "\n  -no-blocked\n")
	}
}

// Without -to, the ending of the output file decides.
func TestFormatOfTheEnding(t *testing.T) {
	t.Parallel()
	for out, want := range map[string]export.Format{
		"-": export.VCard3, "contacts": export.VCard3, "contacts.vcf": export.VCard3, "CONTACTS.VCF": export.VCard3,
		"contacts.json": export.JSContact, "contacts.jsonl": export.JSONLines, "contacts.html": export.HTML, "/dev/null": export.VCard3,
		"google.csv": export.GoogleCSV, "for Google.CSV": export.GoogleCSV, "my-outlook.csv": export.OutlookCSV,
		filepath.Join("dir.csv", "contacts.vcf"): export.VCard3,
	} {
		j, err := parseArgs([]string{"contacts.csv", "-o", out}, nil)
		require.NoError(t, err)
		assert.Equal(t, want, j.format, out)
	}
	j, err := parseArgs([]string{"-o", "contacts.csv", "-to", "outlook", "contacts-of-skype.csv", "-f"}, nil)
	require.NoError(t, err)
	assert.Equal(t, &exportJob{from: "contacts-of-skype.csv", out: "contacts.csv", format: export.OutlookCSV, replace: true}, j)
}
