// Bridge keeps the contact lists of thousands of accounts up to date and sends invites for
// them, in several processes that share a database, a job queue and a rate limit. It calls
// a fake service, never the real one.
//
//	go run . -workers 3 -accounts 1000 -contacts 200
//
// README.md says what it shows, and which servers it needs.
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
	"time"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == workerArgument {
		exit(runWorker(os.Stdin, os.Stderr))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	exit(err)
}

// exit prints an error and ends the program.
func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parseFlags returns the flags, or [flag.ErrHelp] after it has written the help.
func parseFlags(args []string, out io.Writer) (o options, breakIt bool, err error) {
	flags := flag.NewFlagSet("bridge", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.IntVar(&o.accounts, "accounts", 1000, "number of accounts")
	flags.IntVar(&o.contacts, "contacts", 200, "number of contacts of each account")
	flags.IntVar(&o.workers, "workers", 3, "number of worker processes")
	flags.IntVar(&o.slots, "slots", 5, "number of jobs that a worker runs at once")
	flags.IntVar(&o.rate, "rate", 200, "requests a second that all workers together may send")
	flags.IntVar(&o.burst, "burst", 20, "requests that may be sent at once after a pause")
	flags.IntVar(&o.invites, "invites", 200, "number of invites")
	flags.DurationVar(&o.size.latency, "latency", 50*time.Millisecond, "time of each response of the fake service")
	flags.StringVar(&o.keyFile, "key", "", "`file` with the key of the stored tokens, 64 hexadecimal digits; without it one is made for this run")
	flags.BoolVar(&o.verbose, "v", false, "print what the workers log")
	flags.BoolVar(&breakIt, "break", false, "break servers, workers, tokens and the service while it runs")
	if err := flags.Parse(args); err != nil {
		return o, false, err
	}
	if flags.NArg() > 0 || min(o.accounts, o.workers, o.slots, o.rate, o.burst) < 1 || o.contacts < 0 || o.invites > o.accounts {
		return o, false, errors.New("a flag is out of range; -h lists the flags")
	}
	return o, breakIt, nil
}

// run is the program that starts all others.
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, breakIt, err := parseFlags(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d accounts with %d contacts each, at most %d requests a second\n", o.accounts, o.contacts, o.rate)
	log := io.Discard
	if o.verbose {
		log = os.Stderr
	}
	b, err := startBridge(ctx, o, log)
	defer func() { err = errors.Join(err, b.stop()) }()
	if err != nil {
		return err
	}
	rows := roundHeader()
	round := 0
	for _, step := range b.steps() {
		round++
		r, err := b.runRound(ctx, round, step.workers, step.name)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "round %d: %d requests\n", round, len(r.requests))
		rows = append(rows, r.row(o.rate))
	}
	fmt.Fprintln(out)
	if err := writeTable(out, rows); err != nil || !breakIt {
		return err
	}
	return b.showBroken(ctx, out)
}
