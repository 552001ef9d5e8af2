package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts/examples/internal/convert"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/export"
)

// exportJob is what the arguments ask for.
type exportJob struct {
	from, known, out string
	account          demo.Account
	format           export.Format
	replace, dryRun  bool
	readOpts         export.ReadOptions
	opts             export.Options
}

// flagNames are what the report calls the flags.
var flagNames = convert.OptionNames{Suggested: "-suggested", Bots: "-bots", Mood: "-mood", JSONLines: "-to jsonl"}

const usage = `export turns Skype contacts into a file for an address book.

Usage: export contacts.csv -o contacts.vcf [flags]

`

// parseArgs returns what args ask for. For -h it prints the flags to out and returns
// [flag.ErrHelp].
func parseArgs(args []string, out io.Writer) (*exportJob, error) {
	j := new(exportJob)
	var to string
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.StringVar(&j.from, "from", "", "the `file` to read: contacts.csv, messages.json, an archive with them, .json, .jsonl, or - for stdin; or live or demo")
	flags.StringVar(&to, "to", "", "the `format`: "+formatNames()+"; without it, the ending of the file after -o decides")
	flags.StringVar(&j.out, "o", "-", "the `file` to write, or - for stdout")
	flags.BoolVar(&j.replace, "f", false, "replace the file if there is one")
	flags.BoolVar(&j.dryRun, "dry-run", false, "write nothing, and print the first few people as a table")
	flags.StringVar(&j.known, "known", "", "a vCard `file`, such as an export of the address book: leave out people that are in it")
	flags.BoolVar(&j.readOpts.GroupMembers, "group-members", false, "from a messages.json, include the members of group conversations")
	flags.BoolVar(&j.opts.Suggested, "suggested", false, "include contacts that Skype only suggested")
	flags.BoolVar(&j.opts.Bots, "bots", false, "include bots")
	flags.BoolVar(&j.opts.NoBlocked, "no-blocked", false, "leave out contacts that are blocked")
	flags.BoolVar(&j.opts.Mood, "mood", false, "write the mood into the notes")
	flags.BoolVar(&j.opts.Avatars, "avatars", false, "include the addresses of pictures, which may be gone; with -to html the pictures, which are requested")
	flags.BoolVar(&j.opts.NoFold, "no-fold", false, "do not fold the lines of a vCard")
	j.account.AddFlags(flags)
	files, err := parseMixed(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, usage)
		flags.SetOutput(out)
		flags.PrintDefaults()
		return nil, err
	case err != nil:
		return nil, err
	case j.out == "":
		return nil, errors.New("-o needs the name of a file")
	}
	if err := j.setSource(files); err != nil {
		return nil, err
	}
	return j, j.setFormat(to)
}

// parseMixed parses flags that may stand before and behind other arguments, and returns
// those.
func parseMixed(flags *flag.FlagSet, args []string) (others []string, err error) {
	for {
		if err := demo.ParseFlags(flags, args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return others, nil
		}
		others, args = append(others, flags.Arg(0)), flags.Args()[1:]
	}
}

// setSource sets what is read from the arguments that are not flags.
func (j *exportJob) setSource(files []string) error {
	hasAccount := j.account != (demo.Account{})
	if hasAccount && j.from == "" && len(files) == 0 {
		j.from = "live"
	}
	switch {
	case len(files) == 1 && j.from == "":
		j.from = files[0]
	case len(files) > 0:
		return fmt.Errorf("there is one file to read, and %q is one more", files[len(files)-1])
	}
	switch {
	case j.from == "":
		return errors.New("say what to read: export contacts.csv -o contacts.vcf (-from demo has sample data, -h lists the flags)")
	case hasAccount && j.from != "live":
		return errors.New("-endpoints, -token-file, -token-command and -teams are for -from live")
	}
	return nil
}

// setFormat sets the format that -to names or the ending of the output file says.
func (j *exportJob) setFormat(to string) error {
	ending := strings.ToLower(filepath.Ext(j.out))
	if to != "" {
		if !slices.ContainsFunc(convert.Formats, func(f convert.Format) bool { return string(f.Format) == to }) {
			return fmt.Errorf("there is no format %q; -to takes\n%s", to, formatList())
		}
		j.format = export.Format(to)
		return nil
	}
	switch i := slices.IndexFunc(convert.Formats, func(f convert.Format) bool { return f.Ending == ending }); {
	case j.out == "-" || ending == "": // a name without an ending says nothing
		j.format = export.VCard3
	case i < 0:
		return fmt.Errorf("the ending of %q is that of no format; add -to and one of\n%s", j.out, formatList())
	case ending == ".csv" && strings.Contains(strings.ToLower(filepath.Base(j.out)), "google"):
		j.format = export.GoogleCSV
	case ending == ".csv" && strings.Contains(strings.ToLower(filepath.Base(j.out)), "outlook"):
		j.format = export.OutlookCSV
	case ending == ".csv":
		return errors.New("a .csv is for Google or for Outlook: add -to google or -to outlook")
	default:
		j.format = convert.Formats[i].Format
	}
	return nil
}

// formatNames returns the names of all formats.
func formatNames() string {
	var names []string
	for _, f := range convert.Formats {
		names = append(names, string(f.Format))
	}
	return strings.Join(names, ", ")
}

// formatList returns a line for each format.
func formatList() string {
	var lines []string
	for _, f := range convert.Formats {
		lines = append(lines, fmt.Sprintf("  %-10s %-7s %s", f.Format, f.Ending, f.Text))
	}
	return strings.Join(lines, "\n")
}
