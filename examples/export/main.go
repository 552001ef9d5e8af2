// Export turns Skype contacts into a file for an address book.
//
//	go run ./examples/export -from contacts.csv -to vcard -o contacts.vcf
//
// The contacts come from a contacts.csv, a saved answer of the service (.json),
// lines written by this program (.jsonl), the service itself (-from live, with the
// token in SKYPE_TOKEN) or sample data (-from demo, which is the default). The file
// appears only once it is complete.
package main

import (
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, explain(err))
		os.Exit(1)
	}
}

func explain(err error) string {
	if failure := (*skypecontacts.Error)(nil); errors.As(err, &failure) || errors.Is(err, context.Canceled) {
		return demo.Explain(err)
	}
	return err.Error()
}

type job struct {
	from, to, out string
	replace       bool
	opts          export.Options
}

func parse(args []string, stderr io.Writer) (job, error) {
	var j job
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&j.from, "from", "demo", "a `file` (.csv, .json or .jsonl), live or demo")
	flags.StringVar(&j.to, "to", "vcard", "the `format`: vcard, vcard4, google, outlook, jscontact or jsonl")
	flags.StringVar(&j.out, "o", "-", "the `file` to write, or - for the terminal")
	flags.BoolVar(&j.replace, "f", false, "replace the file if there is one")
	flags.BoolVar(&j.opts.Suggested, "suggested", false, "include contacts that Skype only suggested")
	flags.BoolVar(&j.opts.Bots, "bots", false, "include bots")
	flags.BoolVar(&j.opts.NoBlocked, "no-blocked", false, "leave out contacts that are blocked")
	flags.BoolVar(&j.opts.Avatars, "avatars", false, "include the addresses of pictures, which may be gone")
	flags.BoolVar(&j.opts.NoFold, "no-fold", false, "do not fold the lines of a vCard")
	if err := flags.Parse(args); err != nil {
		return j, err
	}
	if flags.NArg() > 0 {
		return j, fmt.Errorf("%q is not a flag; the file to read goes after -from", flags.Arg(0))
	}
	return j, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	j, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	contacts, closeSource, err := open(ctx, j.from)
	if err != nil {
		return err
	}
	defer closeSource()
	write := func(w io.Writer) error {
		report, err := export.Write(w, export.Format(j.to), watch(ctx, contacts, stderr), j.opts)
		if err != nil {
			return err
		}
		tell(stderr, report)
		if report.Written == 0 {
			return errors.New("there is nobody to write")
		}
		return nil
	}
	if j.out == "-" {
		return write(stdout)
	}
	return writeFile(j.out, j.replace, write)
}

// open finds the contacts.
func open(ctx context.Context, from string) (contacts iter.Seq2[*skypecontacts.Contact, error], closeSource func(), err error) {
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
	file, err := os.Open(from) //nolint:gosec // whoever runs this names the file
	if err != nil {
		return nil, nil, err
	}
	return read(file), func() { _ = file.Close() }, nil
}

const (
	progressEvery = 10_000
	tellUnread    = 10 // entries that cannot be read are told up to this many
)

// watch tells how far the reading is and what cannot be read, and ends it with
// the context.
func watch(ctx context.Context, contacts iter.Seq2[*skypecontacts.Contact, error], stderr io.Writer) iter.Seq2[*skypecontacts.Contact, error] {
	return func(yield func(*skypecontacts.Contact, error) bool) {
		count, unread := 0, 0
		for contact, err := range contacts {
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			if count++; count%progressEvery == 0 {
				fmt.Fprintf(stderr, "%d read\n", count)
			}
			if aboutOneEntry(err) {
				if unread++; unread <= tellUnread {
					fmt.Fprintln(stderr, err)
				}
			}
			if !yield(contact, err) {
				return
			}
		}
	}
}

func aboutOneEntry(err error) bool {
	var item skypecontacts.SkippedItem
	var row *export.RowError
	return errors.As(err, &item) || errors.As(err, &row)
}

func tell(stderr io.Writer, r export.Report) {
	fmt.Fprintf(stderr, "%d read, %d written\n", r.Read, r.Written)
	for _, left := range []struct {
		count int
		why   string
	}{
		{r.Suggested, "left out because Skype only suggested them; -suggested includes them"},
		{r.Bots, "left out because they are bots; -bots includes them"},
		{r.Blocked, "left out because they are blocked"},
		{r.Unreadable, "could not be read"},
	} {
		if left.count > 0 {
			fmt.Fprintf(stderr, "%d %s\n", left.count, left.why)
		}
	}
	if len(r.NotHeld) == 0 {
		return
	}
	fmt.Fprintln(stderr, "This file does not have, of the contacts written:")
	for _, field := range slices.Sorted(maps.Keys(r.NotHeld)) {
		fmt.Fprintf(stderr, "  %s of %d\n", field, r.NotHeld[field])
	}
}

// writeFile writes beside the file and renames, so that there is never half a
// file.
func writeFile(name string, replace bool, write func(io.Writer) error) error {
	switch info, err := os.Lstat(name); {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", name)
	case !replace:
		return fmt.Errorf("%s exists; -f replaces it", name)
	}
	beside, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(beside.Name()) }() // in vain once it is renamed
	if err := errors.Join(write(beside), beside.Close()); err != nil {
		return err
	}
	return os.Rename(beside.Name(), name)
}
