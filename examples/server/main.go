// Server runs the fake service on this machine, for clients in any language whose
// base URLs can be changed.
//
//	go run ./examples/server -addr 127.0.0.1:0 -contacts 200 -style web2018
//
// Its first line of output is a JSON object with the base URLs of the services,
// the header with the token that each of them takes, the own account and its
// tokens, the other accounts that have tokens, and from where the addresses can be
// reached. The other examples take it as the value of -endpoints. With -addr 0.0.0.0:0 that
// is from other machines as well, if this one has an address for them. The path
// "/" lists the routes, and "/healthz" responds 200. It serves until it is
// interrupted.
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
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/skypecontacts/skypecontacts/examples/internal/demo"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, demo.Printable(err.Error()))
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:0", "`address` to listen on; port 0 is any free one")
	contacts := flags.Int("contacts", 0, "number of generated contacts; 0 serves the sample data")
	seed := flags.Uint64("seed", 1, "seed of the generated contacts and of the choice of failing requests")
	style := flags.String("style", string(skypetest.StyleEverything), "`name` of how responses are written: "+styleNames())
	latency := flags.Duration("latency", 0, "minimum time of every response")
	failRate := flags.Float64("fail-rate", 0, "share of requests, from 0 to 1, that fail with 503")
	limitRate := flags.Float64("limit-rate", 0, "share of requests, from 0 to 1, that fail with 429")
	switch err := demo.ParseFlags(flags, args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, "server runs the fake service until it is interrupted. Its first line of output is for programs.\n\n")
		flags.SetOutput(out)
		flags.PrintDefaults()
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0:
		return fmt.Errorf("%w: %q; server takes only flags, which -h lists", demo.ErrUsage, flags.Arg(0))
	case !slices.Contains(skypetest.Styles(), skypetest.Style(*style)):
		return fmt.Errorf("%w: there is no style %q, only %s", demo.ErrUsage, *style, styleNames())
	case *contacts < 0 || *latency < 0 || *failRate < 0 || *failRate > 1 || *limitRate < 0 || *limitRate > 1:
		return fmt.Errorf("%w: a flag is out of range; -h lists the flags", demo.ErrUsage)
	}

	data := skypetest.SampleData()
	if *contacts > 0 {
		data = skypetest.Generate(*contacts, *seed)
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	srv := skypetest.NewServer(
		skypetest.WithData(data), skypetest.WithStyle(skypetest.Style(*style)), skypetest.WithListener(listener),
	)
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

	host, reachableFrom := reachableHost(listener.Addr().(*net.TCPAddr))
	srv.URL = "http://" + host
	accounts := demo.Accounts(data)
	line := demo.ServerLine{
		URL: srv.URL, ReachableFrom: reachableFrom, Endpoints: demo.ServerEndpoints(srv.Endpoints()),
		Headers: tokenHeaders(accounts[0]), ServerAccount: accounts[0], Accounts: accounts,
	}
	if err := json.NewEncoder(out).Encode(line); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// styleNames lists the styles for the help text.
func styleNames() string {
	names := make([]string, 0, len(skypetest.Styles()))
	for _, s := range skypetest.Styles() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// reachableHost returns the host and port at which the listener can be reached,
// and from where. A listener on all interfaces has an address that other machines
// can use, if this machine has one.
func reachableHost(addr *net.TCPAddr) (host, reachableFrom string) {
	ip := addr.IP
	if ip.IsUnspecified() {
		ip = networkIP()
	}
	reachableFrom = "other machines"
	if ip.IsLoopback() {
		reachableFrom = "this machine only"
	}
	return net.JoinHostPort(ip.String(), strconv.Itoa(addr.Port)), reachableFrom
}

// networkIP returns the first IPv4 address of this machine that others can use, or
// that of the loopback interface.
func networkIP() net.IP {
	addrs, _ := net.InterfaceAddrs() // without addresses there is the loopback interface
	for _, addr := range addrs {
		if network, ok := addr.(*net.IPNet); ok && network.IP.To4() != nil && network.IP.IsGlobalUnicast() {
			return network.IP
		}
	}
	return net.IPv4(127, 0, 0, 1)
}

// tokenHeaders returns for each service the header that authenticates a request.
func tokenHeaders(own demo.ServerAccount) map[string]map[string]string {
	headers := map[string]map[string]string{
		"messenger": {"RegistrationToken": "registrationToken=" + own.RegistrationToken},
	}
	for _, service := range []string{"contacts", "contactsV1", "api", "profile", "directory", "bots"} {
		headers[service] = map[string]string{"X-Skypetoken": own.SkypeToken}
	}
	return headers
}
