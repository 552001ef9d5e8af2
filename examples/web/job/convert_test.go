package job

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// convertText converts text and returns the files by their names.
func convertText(text string, format convert.Format, opts export.Options) (files map[string]*bytes.Buffer, report []string, err error) {
	files = make(map[string]*bytes.Buffer)
	report, err = Convert(sourceOf(text), "contacts.csv", export.ReadOptions{}, format, opts, func(name string) io.Writer {
		files[name] = new(bytes.Buffer)
		return files[name]
	})
	return files, report, err
}

// Package export writes the file, whatever the format.
func TestConvert(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../export/sample.csv")
	require.NoError(t, err)
	for _, f := range convert.Formats {
		for _, opts := range []export.Options{{}, {Suggested: true, Bots: true, NoBlocked: true, Mood: true}} {
			var want bytes.Buffer
			_, err := export.Write(&want, f.Format, export.ReadCSV(bytes.NewReader(text)), opts)
			require.NoError(t, err)
			files, report, err := convertText(string(text), f, opts)
			require.NoError(t, err)
			require.Len(t, files, 1)
			assert.Equal(t, want.String(), files["contacts"+f.Ending].String(), f.Format)
			assert.Regexp(t, `^8 read, \d written$`, report[0])
			assert.Equal(t, !opts.Bots, strings.Contains(strings.Join(report, "\n"), "1 bot (“Bots” includes it)"))
		}
	}
}

func TestConvertToParts(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("id\n")
	for i := range 3001 {
		fmt.Fprintf(&text, "joe.%d\n", i)
	}
	google := convert.Formats[2]
	require.Equal(t, export.GoogleCSV, google.Format)
	files, report, err := convertText(text.String(), google, export.Options{})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"3001 read, 3001 written", "in 2 files, since Google imports 3000 people at a time: contacts.csv, contacts-2.csv",
	}, report)
	assert.Equal(t, 3001, bytes.Count(files["contacts.csv"].Bytes(), []byte("\n")))
	assert.Equal(t, 2, bytes.Count(files["contacts-2.csv"].Bytes(), []byte("\n")))
}

func TestConvertErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		err    string
		report []string
	}{
		"": {"export: line 1: the file is empty", nil},
		"type,id\nSkypeSuggested,daisy.5\n": {
			"nobody in it can be written", []string{"left out: 1 only suggested by Skype (“Suggestions of Skype” includes it)"},
		},
		"id,x\n,1\njoe.4,\"cut": {
			"export: line 3: the file ends within a quoted cell of this row", []string{"1 could not be read:", "  line 2: the row has no id"},
		},
	} {
		_, report, err := convertText(text, convert.Formats[0], export.Options{})
		require.EqualError(t, err, want.err)
		assert.Equal(t, strings.Join(want.report, "\n"), strings.Join(report, "\n"))
	}
}

// The report calls the options as the page does.
func TestOptionNames(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../page/index.html")
	require.NoError(t, err)
	for _, name := range []string{optionNames.Suggested, optionNames.Bots, optionNames.Mood} {
		assert.Contains(t, string(page), "<span>"+strings.Trim(name, "“”")+"</span>")
	}
}

func TestMediaType(t *testing.T) {
	t.Parallel()
	for _, f := range convert.Formats {
		assert.Equal(t, f.Ending == ".jsonl", MediaType(f.Ending) == "application/octet-stream", f.Ending)
	}
	assert.Equal(t, "text/html", MediaType(".html"))
}
