// Export turns Skype contacts into a file for an address book.
//
//	go run ./examples/export -from contacts.csv -to vcard -o contacts.vcf
//
// The contacts come from a contacts.csv, a saved response of the service (.json), a
// file that this program wrote (.jsonl), the service itself (-from live, with the
// token in SKYPE_TOKEN) or sample data (-from demo, which is the default). The output
// file is created or replaced when all contacts are written, or not at all.
// Only its owner may read a new file; one that -f replaces keeps its mode.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/export"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endSignals...)
	context.AfterFunc(ctx, stop) // a second signal ends the program even if a write to a pipe blocks
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, errorText(err))
		os.Exit(1)
	}
}

// errorText adds advice to errors of the service and to an interrupt.
func errorText(err error) string {
	if failure := (*skypecontacts.Error)(nil); errors.As(err, &failure) || errors.Is(err, context.Canceled) {
		return demo.Explain(err)
	}
	return err.Error()
}

// exportJob is what the arguments ask for.
type exportJob struct {
	from, to, out string
	replace       bool
	opts          export.Options
}

// parseArgs prints the flags to stderr and returns flag.ErrHelp for -h.
func parseArgs(args []string, stderr io.Writer) (exportJob, error) {
	var j exportJob
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main prints the error
	flags.StringVar(&j.from, "from", "demo", "a `file` (.csv, .json or .jsonl), live or demo")
	flags.StringVar(&j.to, "to", "vcard", "the `format`: vcard, vcard4, google, outlook, jscontact or jsonl")
	flags.StringVar(&j.out, "o", "-", "the `file` to write, or - for the terminal")
	flags.BoolVar(&j.replace, "f", false, "replace the file if there is one")
	flags.BoolVar(&j.opts.Suggested, "suggested", false, "include contacts that Skype only suggested")
	flags.BoolVar(&j.opts.Bots, "bots", false, "include bots")
	flags.BoolVar(&j.opts.NoBlocked, "no-blocked", false, "leave out contacts that are blocked")
	flags.BoolVar(&j.opts.Avatars, "avatars", false, "include the addresses of pictures, which may be gone")
	flags.BoolVar(&j.opts.NoFold, "no-fold", false, "do not fold the lines of a vCard")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(stderr)
		flags.Usage()
	case err != nil:
	case flags.NArg() > 0:
		err = fmt.Errorf("%q is not a flag; the file to read goes after -from", flags.Arg(0))
	case j.out == "":
		err = errors.New("-o needs the name of a file")
	}
	return j, err
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	j, err := parseArgs(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	contacts, closeSource, err := openContacts(ctx, j.from)
	if err != nil {
		return err
	}
	defer closeSource()
	write := func(w io.Writer) error {
		report, err := export.Write(w, export.Format(j.to), withProgress(ctx, contacts, stderr), j.opts)
		if err != nil {
			return err
		}
		printReport(stderr, report)
		switch {
		case report.Read == 0:
			return errors.New("there are no contacts in it")
		case report.Written == 0:
			return errors.New("there is nobody to write")
		}
		return nil
	}
	if j.out == "-" {
		return write(stdout)
	}
	return replaceFile(j.out, j.replace, write)
}

// openContacts returns the contacts of a file, of the service or of the sample data.
func openContacts(ctx context.Context, from string) (contacts iter.Seq2[*skypecontacts.Contact, error], closeSource func(), err error) {
	switch from {
	case "demo":
		srv := skypetest.NewServer()
		return srv.Client().AllContacts(ctx), srv.Close, nil
	case "live":
		client, closeClient, err := demo.Live()
		if err != nil {
			return nil, nil, err
		}
		return client.AllContacts(ctx), closeClient, nil
	}
	readers := map[string]func(io.Reader) iter.Seq2[*skypecontacts.Contact, error]{
		".csv": export.ReadCSV, ".json": skypecontacts.ReadContacts, ".jsonl": export.ReadJSONLines,
	}
	read, known := readers[strings.ToLower(filepath.Ext(from))]
	if !known {
		return nil, nil, fmt.Errorf("the name of %s ends neither in .csv nor in .json or .jsonl", from)
	}
	file, err := os.Open(from) //nolint:gosec // the user names the file
	if err != nil {
		return nil, nil, err
	}
	closeFile := func() { _ = file.Close() }
	stop := context.AfterFunc(ctx, closeFile) // ends a read that waits for a pipe
	return read(file), func() { stop(); closeFile() }, nil
}

const (
	progressEvery    = 10_000 // contacts
	maxPrintedErrors = 10     // of entries that cannot be read
)

// withProgress returns contacts as they are, prints progress and the entries that
// cannot be read, and ends with an error when ctx does.
func withProgress(ctx context.Context, contacts iter.Seq2[*skypecontacts.Contact, error], stderr io.Writer) iter.Seq2[*skypecontacts.Contact, error] {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		count, unreadable := 0, 0
		for contact, err := range contacts {
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			if count++; count%progressEvery == 0 {
				fmt.Fprintf(stderr, "%d read\n", count)
			}
			if isEntryError(err) {
				if unreadable++; unreadable <= maxPrintedErrors {
					fmt.Fprintln(stderr, err)
				}
			}
			if !yield(contact, err) {
				return
			}
		}
	}
}

// isEntryError reports whether err is about one entry of a list.
func isEntryError(err error) bool {
	var item skypecontacts.SkippedItem
	var row *export.RowError
	return errors.As(err, &item) || errors.As(err, &row)
}

// printReport prints what was written, what was left out, and what the format cannot hold.
func printReport(stderr io.Writer, r export.Report) {
	fmt.Fprintf(stderr, "%d read, %d written\n", r.Read, r.Written)
	for _, left := range []struct {
		count    int
		one, all string
	}{
		{r.Suggested, "left out because Skype only suggested it; -suggested includes it", "left out because Skype only suggested them; -suggested includes them"},
		{r.Bots, "left out because it is a bot; -bots includes it", "left out because they are bots; -bots includes them"},
		{r.Blocked, "left out because it is blocked", "left out because they are blocked"},
		{r.Repeated, "left out because it is there already", "left out because they are there already"},
		{r.Unreadable, "could not be read", "could not be read"},
		{r.Damaged, "written with damaged text", "written with damaged text"},
	} {
		switch left.count {
		case 0:
		case 1:
			fmt.Fprintln(stderr, 1, left.one)
		default:
			fmt.Fprintln(stderr, left.count, left.all)
		}
	}
	heading := "The file has no place for this, and so lacks it:\n"
	for _, field := range slices.Sorted(maps.Keys(r.NotHeld)) {
		count := r.NotHeld[field]
		if field == "authorized" && count == r.Written { // true of every contact
			continue
		}
		fmt.Fprintf(stderr, "%s  %s (%d of %d)\n", heading, fieldText(field), count, r.Written)
		heading = ""
	}
}

// fieldText describes a field of Report.NotHeld to a user.
func fieldText(field string) string {
	if name, extra := strings.CutPrefix(field, "extra."); extra {
		return fmt.Sprintf("the column %q", name)
	}
	if name, extra := strings.CutPrefix(field, "profile.extra."); extra {
		return fmt.Sprintf("the member %q of the profile", name)
	}
	return cmp.Or(map[string]string{
		"authorized":                "that the other side agreed",
		"blocked":                   "that the contact is blocked",
		"created_at":                "since when it is a contact",
		"extra":                     "other columns or members",
		"favorite":                  "that the contact is a favorite",
		"sources":                   "how it became a contact",
		"suggested":                 "that the contact is only suggested",
		"profile.age":               "the age",
		"profile.avatar_url":        "the address of the picture; most formats have it with -avatars",
		"profile.birthday":          "a birthday that is not a whole date",
		"profile.display_name":      "the name in the profile",
		"profile.emails":            "a mail address",
		"profile.extra":             "other members of the profile",
		"profile.gender":            "the gender",
		"profile.homepage":          "a homepage that is not an address",
		"profile.language":          "the language",
		"profile.locations":         "a place",
		"profile.locations.country": "the code of a country beside its name",
		"profile.locations.type":    "the kind of a place",
		"profile.mood":              "the mood",
		"profile.phones":            "a telephone number",
		"profile.phones.type":       "the kind of a telephone number",
	}[field], field)
}

// newFileMode is the mode of a file that did not exist: contacts are for their owner.
const newFileMode = 0o600

// replaceFile writes a temporary file and renames it to name, so that name never has
// a part of the output. The mode of a file that is replaced stays; its owner may
// change. It writes directly to devices and pipes.
func replaceFile(name string, replace bool, write func(io.Writer) error) error {
	mode := os.FileMode(newFileMode)
	switch info, err := os.Lstat(name); {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return err
	case info.Mode()&(os.ModeDevice|os.ModeNamedPipe) != 0: // such as /dev/null
		file, err := os.OpenFile(name, os.O_WRONLY, 0) //nolint:gosec // the user names the file
		if err != nil {
			return err
		}
		return errors.Join(write(file), file.Close())
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", name)
	case !replace:
		return errExists(name)
	default:
		mode = info.Mode().Perm()
	}
	temporary := filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s-%d", filepath.Base(name), os.Getpid()))
	err := writeTemporary(temporary, mode, write)
	if err == nil {
		err = renameFile(temporary, name, replace)
	}
	if path, is := errors.AsType[*os.PathError](err); is && path.Path == temporary {
		path.Path = name
	}
	return err
}

func errExists(name string) error { return fmt.Errorf("%s exists; -f replaces it", name) }

// writeTemporary writes a new file, or removes it if there is an error.
func writeTemporary(temporary string, mode os.FileMode, write func(io.Writer) error) error {
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, newFileMode) //nolint:gosec // the user names the file
	if err != nil {
		return err
	}
	err = write(file)
	if err == nil && mode != newFileMode {
		err = file.Chmod(mode)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return nil
}

// renameFile renames temporary to name, or removes it if there is an error. Without
// replace it creates name first, which fails if somebody else has done so since; a hard
// link would do the same, but not every file system has them.
func renameFile(temporary, name string, replace bool) error {
	if !replace {
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, newFileMode) //nolint:gosec // the user names the file
		if errors.Is(err, os.ErrExist) {
			err = errExists(name)
		}
		if err != nil {
			_ = os.Remove(temporary)
			return err
		}
		_ = file.Close()
	}
	if err := os.Rename(temporary, name); err != nil {
		_ = os.Remove(temporary)
		if !replace {
			_ = os.Remove(name)
		}
		return fmt.Errorf("%s: %w", name, errors.Unwrap(err))
	}
	return nil
}
