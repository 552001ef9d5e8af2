package convert

import (
	"os"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// flagNames are those of examples/export.
var flagNames = OptionNames{Suggested: "-suggested", Bots: "-bots", Mood: "-mood", JSONLines: "-to jsonl"}

// The report says what the options are called in the program that prints it. All lines
// are printable, also with the name of an address book.
func TestLines(t *testing.T) {
	t.Parallel()
	summary := Summary{
		Report: export.Report{
			Read: 9, Written: 3, Suggested: 2, Bots: 1, Blocked: 1, Repeated: 1, Unreadable: 1, Damaged: 1,
			NotHeld: map[string]int{"profile.mood": 1, "profile.gender": 1},
		},
		Reading: &Reading{Unreadable: []string{"line 7: the row has no id"}, Notices: []string{"it was in UTF-16"}},
		From:    "read from contacts.csv in it", Known: 1, KnownFile: "dir/b\x1book.vcf",
		Files: []string{"c.csv", "c-2.csv"}, Names: flagNames,
	}
	assert.Equal(t, []string{
		"9 read, 3 written",
		"note: read from contacts.csv in it; it was in UTF-16",
		"in 2 files, since Google imports 3000 people at a time: c.csv, c-2.csv",
		"1 could not be read:",
		"  line 7: the row has no id",
		"1 written, but not all of it could be read",
		"lost: the mood (-mood writes it into the notes) of 1 person",
		"left out: 1 already in book.vcf, 2 only suggested by Skype (-suggested includes them), 1 bot (-bots includes it), 1 blocked, 1 there a second time",
		"also not in the file: the gender",
	}, summary.Lines(true))
	summary.Names = OptionNames{Suggested: "“Suggestions”", Bots: "“Bots”", Mood: "“Mood”", JSONLines: "JSON Lines"}
	text := strings.Join(summary.Lines(true), "\n")
	assert.Contains(t, text, "2 only suggested by Skype (“Suggestions” includes them), 1 bot (“Bots” includes it)")
	assert.Contains(t, text, "lost: the mood (“Mood” writes it into the notes) of 1 person")

	summary.DryRun, summary.Files = true, nil
	assert.Equal(t, "9 read, 3 would be written", summary.Lines(true)[0])
	assert.Equal(t, []string{
		"note: read from contacts.csv in it; it was in UTF-16", "1 could not be read:", "  line 7: the row has no id",
	}, summary.Lines(false))
}

// lossesOf returns the lines of examples/export for fields that are not held.
func lossesOf(notHeld map[string]int) []string {
	return (&Summary{Report: export.Report{NotHeld: notHeld}, Names: flagNames}).lossLines()
}

// Names of a file are quoted.
func TestColumnNames(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{`lost: what no field is for: "\x1b[2J", "\u202e", of up to 1 person`},
		lossesOf(map[string]int{"extra.\x1b[2J": 1, "profile.extra.\u202e": 1}))
}

// Every field that some format cannot hold has words, or is of use to Skype only.
func TestReportHasNoFieldNames(t *testing.T) {
	t.Parallel()
	silent := []string{
		"person_id", "display_name_source", "auth_certificate", "explicit", "agent", "email_hashes", "phone_hashes",
	}
	fields := map[string]bool{}
	for _, f := range Formats {
		file, err := os.Open("../../../export/testdata/everything.jsonl")
		require.NoError(t, err)
		var out strings.Builder
		report, err := export.Write(&out, f.Format, export.ReadJSONLines(file), export.Options{Suggested: true, Bots: true})
		require.NoError(t, file.Close())
		require.NoError(t, err)
		for field := range report.NotHeld {
			fields[field] = true
		}
	}
	for _, field := range silent {
		delete(fields, field)
	}
	require.Greater(t, len(fields), 12)
	for field := range fields {
		_, isExtra := cutExtra(field)
		text := lossTexts[field] + minorTexts[field]
		assert.True(t, isExtra || text != "", "%s has no words", field)
		assert.NotRegexp(t, `[_.]`, text)
	}
}

func TestLossLines(t *testing.T) {
	t.Parallel()
	assert.Empty(t, lossesOf(map[string]int{"authorized": 3, "person_id": 1}))
	assert.Equal(t, []string{
		`lost: what no field is for: "a", "b", "c" and 3 more, of up to 9 people`,
		"lost: a telephone number of 8 people",
		"lost: a mail address of 5 people",
		"lost: 3 more kinds of detail, of fewer people (-to jsonl keeps all)",
	}, lossesOf(map[string]int{
		"extra.a": 9, "extra.b": 8, "profile.extra.c": 7, "extra.d": 1, "extra.e": 1, "extra.f": 1,
		"profile.phones": 8, "profile.emails": 5, "profile.locations": 2, "profile.mood": 2, "profile.birthday": 1,
	}))
}

func TestInputText(t *testing.T) {
	t.Parallel()
	for want, input := range map[string]export.Input{
		"":                      {Kind: export.InputCSV},
		"read from a.csv in it": {Kind: export.InputCSV, Path: "a.csv"},
		"these are the people of the conversations in messages.json":   {Kind: export.InputMessages},
		"these are the people of the conversations in x/messages.json": {Kind: export.InputMessages, Path: "x/messages.json"},
	} {
		assert.Equal(t, want, InputText(&input))
	}
}

func TestNoneWritten(t *testing.T) {
	t.Parallel()
	require.NoError(t, NoneWritten(export.Report{Read: 2, Written: 1}, 1))
	require.EqualError(t, NoneWritten(export.Report{}, 0), "there are no contacts in it")
	require.EqualError(t, NoneWritten(export.Report{Read: 1}, 1), "nobody in it is new")
	require.EqualError(t, NoneWritten(export.Report{Read: 1}, 0), "nobody in it can be written")
}
