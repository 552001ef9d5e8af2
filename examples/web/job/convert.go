package job

import (
	"context"
	"io"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/export"
)

// optionNames are what the page calls the options.
var optionNames = convert.OptionNames{
	Suggested: "“Suggestions of Skype”", Bots: "“Bots”", Mood: "“Mood”", JSONLines: "JSON Lines",
}

// Convert writes the people of a file in another format, into the files that create opens.
// It returns the report, in the words of examples/export; with an error, the lines are what
// explains that.
func Convert(
	file *Source, name string, readOpts export.ReadOptions, format convert.Format, opts export.Options, create func(name string) io.Writer,
) (report []string, err error) {
	input, err := export.ReadFile(file, name, readOpts)
	if err != nil {
		return nil, err
	}
	reading := convert.NewReading(context.Background(), io.Discard, convert.ReportDetails)
	summary := convert.Summary{Reading: reading, From: convert.InputText(input), Names: optionNames}
	open := func() io.Writer {
		summary.Files = append(summary.Files, convert.PartName("contacts"+format.Ending, len(summary.Files)+1))
		return create(summary.Files[len(summary.Files)-1])
	}
	out := convert.DivideFiles(format.Format, open(), func() (io.Writer, error) { return open(), nil })
	summary.Report, err = export.Write(out, format.Format, reading.Watch(input.Contacts), opts)
	if err == nil {
		err = convert.NoneWritten(summary.Report, 0)
	}
	return summary.Lines(err == nil), err
}

// MediaType returns the media type of files with that ending.
func MediaType(ending string) string {
	switch ending {
	case ".vcf":
		return "text/vcard"
	case ".csv":
		return "text/csv"
	case ".html":
		return "text/html"
	case ".json":
		return "application/json"
	default:
		return "application/octet-stream"
	}
}
