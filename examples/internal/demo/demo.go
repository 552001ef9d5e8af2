// Package demo has what the examples share: a client, error messages, and tables.
package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

// Program is what an example does with a client and its arguments.
type Program func(ctx context.Context, client *skypecontacts.Client, out io.Writer, args []string) error

// Main runs a program. With SKYPE_TOKEN in the environment its client calls the real
// service, as the account in SKYPE_USER or, without that, as the account of the token.
// Without SKYPE_TOKEN it calls a fake service in this process that has sample data.
func Main(program Program, opts ...skypecontacts.Option) {
	finish(run(os.Stdout, func(ctx context.Context, out io.Writer) error {
		client, closeAll, err := newClient(os.Getenv("SKYPE_TOKEN"), os.Getenv("SKYPE_USER"), opts)
		if err != nil {
			return err
		}
		defer closeAll()
		return program(ctx, client, out, os.Args[1:])
	}))
}

// MainWithServer runs a program that makes changes or needs several accounts. It always
// calls a fake service in this process, which has sample data unless opts replace it.
func MainWithServer(program func(ctx context.Context, srv *skypetest.Server, out io.Writer) error, opts ...skypetest.Option) {
	finish(run(os.Stdout, func(ctx context.Context, out io.Writer) error {
		srv := skypetest.NewServer(opts...)
		defer srv.Close()
		return program(ctx, srv, out)
	}))
}

func finish(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, Explain(err))
		os.Exit(1)
	}
}

// run runs a program with a context that ends with an interrupt. It returns also the
// errors of writing to stdout.
func run(stdout io.Writer, program func(context.Context, io.Writer) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := bufio.NewWriter(stdout)
	return errors.Join(program(ctx, out), out.Flush())
}

func newClient(token, user string, opts []skypecontacts.Option) (client *skypecontacts.Client, closeAll func(), err error) {
	if token == "" {
		fmt.Fprintln(os.Stderr, "SKYPE_TOKEN is not set: printing sample data.")
		srv := skypetest.NewServer()
		return srv.Client(opts...), srv.Close, nil
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

// Live returns a client of the real service for the account whose token is in
// SKYPE_TOKEN, or an error without SKYPE_TOKEN.
func Live() (client *skypecontacts.Client, closeAll func(), err error) {
	token := os.Getenv("SKYPE_TOKEN")
	if token == "" {
		return nil, nil, errors.New("SKYPE_TOKEN is not set")
	}
	return newClient(token, os.Getenv("SKYPE_USER"), nil)
}

// Explain returns a sentence for the user about why something failed, and the error.
func Explain(err error) string {
	return fmt.Sprintf("%s\n(%v)", reason(err), err)
}

func reason(err error) string {
	var failure *skypecontacts.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "Interrupted."
	case errors.Is(err, context.DeadlineExceeded):
		return "The service took too long."
	case errors.Is(err, skypecontacts.ErrInvalid):
		return "An argument or SKYPE_USER is not valid."
	case errors.Is(err, skypecontacts.ErrUnauthorized):
		return "The service refused the token. Either it has expired, or SKYPE_USER is not the Skype name it belongs to."
	case errors.Is(err, skypecontacts.ErrForbidden):
		return "The service does not let this account do that."
	case errors.Is(err, skypecontacts.ErrNotFound):
		return "The service has nothing of that name, or no longer offers this."
	case errors.Is(err, skypecontacts.ErrRateLimited):
		if errors.As(err, &failure) && failure.RetryAfter > 0 {
			return fmt.Sprintf("The service has received too many requests. Try again in %v.", failure.RetryAfter)
		}
		return "The service has received too many requests. Try again in a few minutes."
	case errors.Is(err, skypecontacts.ErrUnavailable), errors.Is(err, skypecontacts.ErrRedirect):
		return "The service cannot be reached. Parts of it were shut down in May 2025."
	case errors.Is(err, skypecontacts.ErrDecode), errors.Is(err, skypecontacts.ErrTooLarge):
		return "The service sent a response that cannot be decoded."
	default:
		return "The program failed."
	}
}
