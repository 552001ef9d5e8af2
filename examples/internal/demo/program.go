// Package demo has what the examples share: their command lines, clients, error messages
// and tables.
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
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// Program describes an example and its command line for -h.
type Program struct {
	Summary   string        // what it does
	Arguments string        // what may follow the flags; "" if nothing may
	Flags     *flag.FlagSet // other flags than -endpoints, or nil
}

// Main runs a program that calls the service. With -endpoints its client calls the fake
// service described there. Otherwise, with SKYPE_TOKEN in the environment, it calls the
// real service, as the account in SKYPE_USER or, without that, as the account of the
// token. Without both it calls a fake service in this process that has sample data.
func (p Program) Main(
	program func(ctx context.Context, client *skypecontacts.Client, out io.Writer, args []string) error,
	opts ...skypecontacts.Option,
) {
	exit(run(os.Stdout, func(ctx context.Context, out io.Writer) error {
		endpoints, args, err := p.parse(os.Args[1:], out)
		if err != nil {
			return err
		}
		client, closeAll, err := newClient(endpoints, os.Getenv("SKYPE_TOKEN"), os.Getenv("SKYPE_USER"), opts)
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
		endpoints, _, err := p.parse(os.Args[1:], out)
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

// parse returns the value of -endpoints and the arguments. For -h it prints the flags to
// out and returns [flag.ErrHelp].
func (p Program) parse(args []string, out io.Writer) (endpoints string, rest []string, err error) {
	flags := p.Flags
	if flags == nil {
		flags = flag.NewFlagSet("", flag.ContinueOnError)
	}
	AddEndpointsFlag(flags, &endpoints)
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
	return endpoints, flags.Args(), err
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
		fmt.Fprintln(os.Stderr, Printable(Explain(err)))
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

func newClient(endpoints, token, user string, opts []skypecontacts.Option) (client *skypecontacts.Client, closeAll func(), err error) {
	if endpoints != "" || token == "" {
		if endpoints == "" {
			fmt.Fprintln(os.Stderr, "SKYPE_TOKEN is not set: printing sample data.")
		}
		fake, err := newFake(endpoints, skypetest.SampleData)
		if err != nil {
			return nil, nil, err
		}
		client, err = fake.Client(opts...)
		if err != nil {
			fake.Close()
			return nil, nil, err
		}
		return client, fake.Close, nil
	}
	if user != "" {
		opts = append(opts, skypecontacts.WithUserID(user))
	}
	client, err = skypecontacts.New(skypecontacts.StaticToken(token), opts...)
	if err != nil {
		return nil, nil, err
	}
	return client, client.CloseIdleConnections, nil
}

// Live returns a client of the fake service that endpoints describes or, if it is "", of
// the real service for the account whose token is in SKYPE_TOKEN.
func Live(endpoints string) (client *skypecontacts.Client, closeAll func(), err error) {
	token := os.Getenv("SKYPE_TOKEN")
	if token == "" && endpoints == "" {
		return nil, nil, errors.New("SKYPE_TOKEN is not set")
	}
	return newClient(endpoints, token, os.Getenv("SKYPE_USER"), nil)
}
