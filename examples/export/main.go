// Export turns Skype contacts into a file for an address book.
//
//	go run ./examples/export contacts.csv -o contacts.vcf
//
// The contacts come from what Skype gave for download: a contacts.csv, a messages.json, or
// the archive (.tar, .zip) with them; from a saved response of the service (.json), a file
// that this program wrote (.jsonl), stdin (-from -), the service itself (-from live, with
// the token in SKYPE_TOKEN) or sample data (-from demo). The format is that of -to or,
// without it, of the ending of the output file. The output file is created or replaced
// when all contacts are written, or not at all, and only then is there a report. Only its
// owner may read a new file; one that -f replaces keeps its mode.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"github.com/skypecontacts/skypecontacts/export"
)

func main() {
	ignoreBrokenPipes() // a closed stderr must not end the program before the file is in place
	ctx, stop := signal.NotifyContext(context.Background(), endSignals...)
	context.AfterFunc(ctx, stop) // a second signal ends the program even if a write to a pipe blocks
	err := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, errorText(err))
		os.Exit(1)
	}
}

// errorText adds advice to errors of the service and to an interrupt.
func errorText(err error) string {
	if failure := (*skypecontacts.Error)(nil); errors.As(err, &failure) || errors.Is(err, context.Canceled) {
		return display.Printable(demo.Explain(err))
	}
	return display.Printable(err.Error())
}

// streams are what the program reads and writes besides files.
type streams struct {
	in          io.Reader
	out, errors io.Writer
}

// run does what args ask for.
func run(ctx context.Context, args []string, s streams) error {
	j, err := parseArgs(args, s.out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	known, err := readKnownFile(j.known)
	if err != nil {
		return err
	}
	from, err := openSource(ctx, j, s.in)
	if err != nil {
		return err
	}
	defer from.close()
	out, err := newOutput(j, s.out, from.info, known.info)
	if err != nil {
		return err
	}
	reading := convert.NewReading(ctx, s.errors, convert.ReportDetails)
	contacts := reading.Watch(from.contacts)
	contacts = known.leaveOut(contacts)
	people := preview{limit: previewLength, opts: j.opts}
	if j.dryRun {
		contacts = people.collect(contacts)
	}
	faces := pictures{ctx: ctx, get: from.pictures, progress: s.errors}
	if j.format == export.HTML && j.opts.Avatars && !j.dryRun {
		j.opts.Picture = faces.picture
	}
	report, err := export.Write(out, j.format, contacts, j.opts)
	report.Read += known.count
	if err == nil {
		err = convert.NoneWritten(report, known.count)
	}
	if err != nil {
		out.discard()
	} else {
		err = out.commit()
	}
	if err == nil && j.dryRun {
		err = people.print(s.out)
	}
	if note := faces.note(); note != "" {
		reading.Notices = append(reading.Notices, note)
	}
	summary := convert.Summary{
		Report: report, Reading: reading, From: from.text, DryRun: j.dryRun, Known: known.count, KnownFile: j.known, Files: out.names(), Names: flagNames,
	}
	for _, line := range summary.Lines(err == nil) {
		fmt.Fprintln(s.errors, line)
	}
	return err
}
