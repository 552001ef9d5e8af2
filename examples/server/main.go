// Server runs the fake service on this machine, for clients in any language whose
// base URLs can be changed.
//
//	go run ./examples/server -addr 127.0.0.1:0 -contacts 200
//
// Its first line of output is a JSON object with the base URLs, the own account
// and its tokens. It serves until it is interrupted.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/skypecontacts/skypecontacts/skypetest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// firstLine is the first line of output.
type firstLine struct {
	Endpoints         endpoints `json:"endpoints"`
	UserID            string    `json:"userId"`
	SkypeToken        string    `json:"skypeToken"`
	RegistrationToken string    `json:"registrationToken"`
}

type endpoints struct {
	Contacts   string `json:"contacts"`
	ContactsV1 string `json:"contactsV1"`
	API        string `json:"api"`
	Profile    string `json:"profile"`
	Directory  string `json:"directory"`
	Bots       string `json:"bots"`
	Messenger  string `json:"messenger"`
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:0", "`address` to listen on; port 0 is any free one")
	contacts := flags.Int("contacts", 0, "number of generated contacts; 0 serves the sample data")
	seed := flags.Uint64("seed", 1, "seed of the generated contacts and of the choice of failing requests")
	latency := flags.Duration("latency", 0, "minimum time of every response")
	failRate := flags.Float64("fail-rate", 0, "share of requests, from 0 to 1, that fail with 503")
	limitRate := flags.Float64("limit-rate", 0, "share of requests, from 0 to 1, that fail with 429")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		return errors.New("server takes no arguments, only flags")
	case *contacts < 0 || *latency < 0 || *failRate < 0 || *failRate > 1 || *limitRate < 0 || *limitRate > 1:
		return errors.New("a flag is out of range; see -help")
	}

	data := skypetest.SampleData()
	if *contacts > 0 {
		data = skypetest.Generate(*contacts, *seed)
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	srv := skypetest.NewServer(skypetest.WithData(data), skypetest.WithListener(listener))
	defer srv.Close()
	// A fault without a probability would affect only one request.
	faults := []skypetest.Fault{
		{Kind: skypetest.FaultStatus, Probability: *failRate, Seed: *seed, Delay: *latency},
		{Kind: skypetest.FaultRateLimit, Probability: *limitRate, Seed: *seed + 1, Delay: *latency, RetryAfter: time.Second},
	}
	if *latency > 0 {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultDelay, Probability: 1, Delay: *latency})
	}
	for _, f := range faults {
		if f.Probability > 0 {
			srv.Inject(f)
		}
	}

	own := data.Accounts[0]
	line := firstLine{endpoints(srv.Endpoints()), own.MRI.ID(), own.SkypeToken, own.RegistrationToken}
	if err := json.NewEncoder(out).Encode(line); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}
