package job

import (
	"fmt"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sourceOf(text string) *Source { return NewSource(strings.NewReader(text), int64(len(text))) }

func TestPreview(t *testing.T) {
	t.Parallel()
	var batches []string
	overview, err := Preview(sourceOf("type,id,display_name,blocked,phones[0].number,phones[1].number,profile.locations[0].city,profile.locations[0].country\n"+
		"Skype,joe.4,\"Joe\tBloggs\n\x1b[2J\",,442079460001,442079460002,Leeds,gb\n"+
		"SkypeSuggested,daisy.5,Daisy,,,,,\n"+
		",,nobody,,,,,\n"+
		"Bot,concierge,Skype,,,,,\n"+
		"Skype,anna.7,"+strings.Repeat("ö", 300)+",True,4.42E+11,,,\n"+
		"Skype,JOE.4,Joe again,,,,,\n"), "contacts.csv", export.ReadOptions{}, func(batch string) { batches = append(batches, batch) })
	require.NoError(t, err)
	assert.Equal(t, Overview{
		Kind: export.InputCSV, People: 5, WithNumber: 1, Shown: 5, Suggested: 1, Bots: 1, Blocked: 1, UnreadableCount: 1, DamagedCount: 1,
		Unreadable: []string{"line 5: the row has no id"},
		Damaged:    []string{"line 7: a spreadsheet has rounded the number; use the file as Skype gave it: phones[0].number"},
	}, overview)
	assert.Equal(t, []string{strings.Join([]string{
		"\t0\tJoe Bloggs [2J\tjoe.4\t+442079460001, +442079460002\tLeeds\tGB\t",
		"s\t1\tDaisy\tdaisy.5\t\t\t\tsuggested",
		"b\t2\tSkype\tconcierge\t\t\t\tbot",
		"n\t3\t" + strings.Repeat("ö", 200) + "…\tanna.7\t\t\t\tblocked",
		"\t0\tJoe again\tJOE.4\t\t\t\t",
	}, "\n")}, batches)
}

// An identifier that is a telephone number is counted and shown once, as the formats write it.
func TestPreviewOfNumbers(t *testing.T) {
	t.Parallel()
	var batches []string
	overview, err := Preview(sourceOf("type,id,display_name,profile.phones[0].number\n"+
		"PhoneNumber,442079460001,Joe,\n"+
		"PhoneNumber,442079460002,Anna,+44 (20) 7946-0002\n"+
		"PhoneNumber,442079460003,Daisy,442079460004\n"+
		"PhoneNumber,4.42E+11,Fred,\n"), "contacts.csv", export.ReadOptions{}, func(batch string) { batches = append(batches, batch) })
	require.NoError(t, err)
	assert.Equal(t, 3, overview.WithNumber)
	assert.Equal(t, []string{strings.Join([]string{
		"\t0\tJoe\t+442079460001\t+442079460001\t\t\t",
		"\t1\tAnna\t+442079460002\t+44 (20) 7946-0002\t\t\t",
		"\t2\tDaisy\t+442079460003\t+442079460004, +442079460003\t\t\t",
		"\t3\tFred\t4.42E+11 (line 5)\t\t\t\t",
	}, "\n")}, batches)
}

// The people come in batches, and after 100,000 of them the others are counted only.
func TestPreviewOfMany(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString("id,phones[0].number\n")
	for i := range maxRows + 5000 {
		fmt.Fprintf(&file, "joe.%d,442079%06d\n", i, i)
	}
	file.WriteString(strings.Repeat(",1\n", 2*maxProblems))
	batches, rows := 0, 0
	overview, err := Preview(sourceOf(file.String()), "contacts.csv", export.ReadOptions{}, func(batch string) {
		batches++
		rows += strings.Count(batch, "\n") + 1
	})
	require.NoError(t, err)
	assert.Equal(t, maxRows/batchRows, batches)
	assert.Equal(t, maxRows, rows)
	assert.Equal(t, maxRows, overview.Shown)
	assert.Equal(t, maxRows+5000, overview.People)
	assert.Equal(t, maxRows+5000, overview.WithNumber)
	assert.Equal(t, 2*maxProblems, overview.UnreadableCount)
	assert.Len(t, overview.Unreadable, maxProblems)
}

const someMessages = `{"userId":"8:fred.2","exportDate":"2025-05-01T10:00","conversations":[` +
	`{"id":"8:live:anna.7","displayName":"Anna Cooper","MessageList":[]},` +
	`{"id":"19:1a2b@thread.skype","displayName":"Tea","threadProperties":{"members":"[\"8:daisy.5\"]"},"MessageList":[]}]}`

func TestPreviewOfMessages(t *testing.T) {
	t.Parallel()
	for groups, people := range map[bool]int{false: 1, true: 2} {
		overview, err := Preview(sourceOf(someMessages), "messages.json", export.ReadOptions{GroupMembers: groups}, func(string) {})
		require.NoError(t, err)
		assert.Equal(t, Overview{
			Kind: export.InputMessages, From: "these are the people of the conversations in messages.json", People: people, Shown: people,
		}, overview)
	}
}

// Errors are those of package export. What was wrong before them explains them.
func TestPreviewErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		err    string
		report []string
	}{
		"":              {"export: line 1: the file is empty", nil},
		"BEGIN:VCARD\n": {"export: the file is a vCard, which address books import as it is", nil},
		"id,x\n,1\njoe.4,\"cut": {
			"export: line 3: the file ends within a quoted cell of this row", []string{"1 could not be read:", "  line 2: the row has no id"},
		},
	} {
		overview, err := Preview(sourceOf(text), "contacts.csv", export.ReadOptions{}, func(string) {})
		require.EqualError(t, err, want.err)
		assert.Equal(t, strings.Join(want.report, "\n"), strings.Join(overview.Report, "\n"))
	}
}
