// Package demo has what the examples share: their command lines, clients and error
// messages.
package demo

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// Program describes an example and its command line for -h.
type Program struct {
	Summary   string        // what it does
	Arguments string        // what may follow the flags; "" if nothing may
	Flags     *flag.FlagSet // other flags than those of the account, or nil
}

// Main runs a program that calls the service. With -endpoints its client calls the fake
// service described there. Otherwise, with a source of tokens in the flags or SKYPE_TOKEN
// in the environment, it calls the real service, as the account in SKYPE_USER or, without
// that, as the account of the token. Without all of them it calls a fake service in this
// process that has sample data.
func (p Program) Main(
	program func(ctx context.Context, client *skypecontacts.Client, out io.Writer, args []string) error,
	opts ...skypecontacts.Option,
) {
	exit(run(os.Stdout, func(ctx context.Context, out io.Writer) error {
		var account Account
		args, err := p.parse(os.Args[1:], out, account.AddFlags)
		if err != nil {
			return err
		}
		client, closeAll, err := newClient(account, os.Getenv("SKYPE_TOKEN"), os.Getenv("SKYPE_USER"), opts)
		if err != nil {
			return err
		}
		defer closeAll()
		return program(ctx, client, out, args)
	}))
}

// MainWithFake runs a program that makes changes or needs several accounts. It always
// calls a fake service: that of -endpoints, or one in this process with data.
func (p Program) MainWithFake(program func(ctx context.Context, fake *Fake, out io.Writer) error, data func() skypetest.Data) {
	exit(run(os.Stdout, func(ctx context.Context, out io.Writer) error {
		var endpoints string
		_, err := p.parse(os.Args[1:], out, func(flags *flag.FlagSet) { AddEndpointsFlag(flags, &endpoints) })
		if err != nil {
			return err
		}
		fake, err := newFake(endpoints, data)
		if err != nil {
			return err
		}
		defer fake.Close()
		return program(ctx, fake, out)
	}))
}

// MainAlone runs a program that has its own flags, and makes its client itself.
func (p Program) MainAlone(program func(ctx context.Context, out io.Writer) error) {
	exit(run(os.Stdout, func(ctx context.Context, out io.Writer) error {
		if _, err := p.parse(os.Args[1:], out, func(*flag.FlagSet) {}); err != nil {
			return err
		}
		return program(ctx, out)
	}))
}

// parse parses the flags of the program and those that addFlags adds, and returns the
// arguments. For -h it prints the flags to out and returns [flag.ErrHelp].
func (p Program) parse(args []string, out io.Writer, addFlags func(*flag.FlagSet)) (rest []string, err error) {
	flags := p.Flags
	if flags == nil {
		flags = flag.NewFlagSet("", flag.ContinueOnError)
	}
	addFlags(flags)
	err = ParseFlags(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
		fmt.Fprintf(out, "%s %s.\n\nUsage: %s\n", name, p.Summary, strings.TrimSpace(name+" [flags] "+p.Arguments))
		flags.SetOutput(out)
		flags.PrintDefaults()
	case err != nil:
	case p.Arguments == "" && flags.NArg() > 0:
		err = fmt.Errorf("%w: %q; there are only flags, which -h lists", ErrUsage, flags.Arg(0))
	}
	return flags.Args(), err
}

// ErrUsage is an error in the arguments.
var ErrUsage = errors.New("an argument is not valid")

// ParseFlags parses args and prints nothing. Its errors wrap [ErrUsage] or [flag.ErrHelp].
func ParseFlags(flags *flag.FlagSet, args []string) error {
	flags.Init(flags.Name(), flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return err
	default:
		return fmt.Errorf("%w: %w; -h lists the flags", ErrUsage, err)
	}
}

// exit ends the process if there is an error.
func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, display.Printable(Explain(err)))
		os.Exit(1)
	}
}

// run runs a program with a context that ends with an interrupt. It returns also the
// errors of writing to stdout.
func run(stdout io.Writer, program func(context.Context, io.Writer) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := bufio.NewWriter(stdout)
	err := program(ctx, out)
	if errors.Is(err, flag.ErrHelp) {
		err = nil
	}
	return errors.Join(err, out.Flush())
}
