// Web serves a page that converts the contact files of Skype in the user's own browser.
//
//	go run ./examples/web
//
// It prints the address of the page, which only this machine can reach, and serves until it
// is interrupted. The work is done by package export, compiled to WebAssembly: no file is
// ever sent. With -log each request is printed, which shows that. With -build DIR the page
// becomes static files for any web host, in place of being served; two runs write the same
// bytes.
//
// The converter is built when the program starts, so it needs Go and a clone of the
// repository, and runs in a directory of that.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, display.Printable(err.Error()))
		os.Exit(1)
	}
}

// webFlags are the values of the flags.
type webFlags struct {
	addr, build  string
	replace, log bool
}

// parseFlags returns the flags, or [flag.ErrHelp] after it has written the help.
func parseFlags(args []string, out io.Writer) (f webFlags, err error) {
	flags := flag.NewFlagSet("web", flag.ContinueOnError)
	flags.StringVar(&f.addr, "addr", "127.0.0.1:0", "`address` of this machine to listen on; port 0 is any free one")
	flags.StringVar(&f.build, "build", "", "write the page into that `directory` instead of serving it")
	flags.BoolVar(&f.replace, "f", false, "with -build, write into a directory that has other files")
	flags.BoolVar(&f.log, "log", false, "print each request")
	switch err := demo.ParseFlags(flags, args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, "web serves a page that converts contact files in the browser, until it is interrupted.\n\n")
		flags.SetOutput(out)
		flags.PrintDefaults()
		return f, err
	case err != nil:
		return f, err
	case flags.NArg() > 0:
		return f, fmt.Errorf("%w: %q; web takes only flags, which -h lists", demo.ErrUsage, flags.Arg(0))
	}
	return f, nil
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	f, err := parseFlags(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if f.build != "" {
		return buildPage(ctx, f.build, f.replace, out)
	}
	listener, err := listen(f.addr)
	if err != nil {
		return err
	}
	fmt.Fprintln(progress, "building the converter…")
	files, err := pageFiles(ctx)
	if err != nil {
		_ = listener.Close()
		return err
	}
	fmt.Fprintf(out, "http://%s/\n", listener.Addr())
	handler := newHandler(files)
	if f.log {
		handler = logRequests(handler, out)
	}
	return serve(ctx, listener, handler)
}
