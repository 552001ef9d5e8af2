// Server runs the fake service on this machine, for clients in any language whose
// base URLs can be changed.
//
//	go run ./examples/server -addr 127.0.0.1:0 -contacts 200 -style web2018
//
// Its first line of output is a JSON object with the base URLs of the services,
// the header with the token that each of them takes, the request that registers an
// endpoint with the messenger, the URLs for signing in, the own account and its tokens,
// the other accounts that have tokens, and from where the addresses can be reached. The
// other examples take it as the value of -endpoints. With -addr 0.0.0.0:0 that is from
// other machines as well, if this one has an address for them. The path "/" lists the
// routes, and "/healthz" responds 200. It serves until it is interrupted.
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
	"github.com/skypecontacts/skypecontacts/examples/internal/display"
	"github.com/skypecontacts/skypecontacts/skypetest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, display.Printable(err.Error()))
		os.Exit(1)
	}
}

// serverFlags are the values of the flags.
type serverFlags struct {
	addr, url, check    string
	style               string
	contacts            int
	seed                uint64
	latency             time.Duration
	failRate, limitRate float64
}

// parseFlags returns the flags, or [flag.ErrHelp] after it has written the help.
func parseFlags(args []string, out io.Writer) (f serverFlags, err error) {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.StringVar(&f.addr, "addr", "127.0.0.1:0", "`address` to listen on; port 0 is any free one")
	flags.StringVar(&f.url, "url", "", "`base` URL for clients that reach the server by another address than -addr")
	flags.StringVar(&f.check, "check", "", "only find out whether the server at this `URL`, such as http://127.0.0.1:8080/healthz, responds 200")
	flags.IntVar(&f.contacts, "contacts", 0, "number of generated contacts; 0 serves the sample data")
	flags.Uint64Var(&f.seed, "seed", 1, "seed of the generated contacts and of the choice of failing requests")
	flags.StringVar(&f.style, "style", string(skypetest.StyleEverything), "`name` of how responses are written: "+styleNames())
	flags.DurationVar(&f.latency, "latency", 0, "minimum time of every response")
	flags.Float64Var(&f.failRate, "fail-rate", 0, "share of requests, from 0 to 1, that fail with 503")
	flags.Float64Var(&f.limitRate, "limit-rate", 0, "share of requests, from 0 to 1, that fail with 429")
	switch err := demo.ParseFlags(flags, args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, "server runs the fake service until it is interrupted. Its first line of output is for programs.\n\n")
		flags.SetOutput(out)
		flags.PrintDefaults()
		return f, err
	case err != nil:
		return f, err
	case flags.NArg() > 0:
		return f, fmt.Errorf("%w: %q; server takes only flags, which -h lists", demo.ErrUsage, flags.Arg(0))
	case !slices.Contains(skypetest.Styles(), skypetest.Style(f.style)):
		return f, fmt.Errorf("%w: there is no style %q, only %s", demo.ErrUsage, f.style, styleNames())
	case f.contacts < 0 || f.latency < 0 || f.failRate < 0 || f.failRate > 1 || f.limitRate < 0 || f.limitRate > 1:
		return f, fmt.Errorf("%w: a flag is out of range; -h lists the flags", demo.ErrUsage)
	}
	return f, nil
}

func run(ctx context.Context, args []string, out io.Writer) error {
	f, err := parseFlags(args, out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case f.check != "":
		return checkHealth(ctx, f.check)
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return err
	}
	srv, line := f.startServer(listener)
	defer srv.Close()
	if err := json.NewEncoder(out).Encode(line); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// startServer starts the server on a listener and returns its first line.
func (f serverFlags) startServer(listener net.Listener) (*skypetest.Server, demo.ServerLine) {
	data := skypetest.SampleData()
	if f.contacts > 0 {
		data = skypetest.Generate(f.contacts, f.seed)
	}
	srv := skypetest.NewServer(
		skypetest.WithData(data), skypetest.WithStyle(skypetest.Style(f.style)), skypetest.WithListener(listener), skypetest.WithURL(f.url),
	)
	f.injectFaults(srv)
	host, reachableFrom := reachableHost(listener.Addr().(*net.TCPAddr))
	if f.url == "" {
		srv.URL = "http://" + host
	}
	return srv, demo.NewServerLine(srv, data, reachableFrom)
}

// injectFaults adds the faults that the flags ask for. One without a probability would
// affect only one request.
func (f serverFlags) injectFaults(srv *skypetest.Server) {
	faults := []skypetest.Fault{
		{Kind: skypetest.FaultStatus, Probability: f.failRate, Seed: f.seed, Delay: f.latency},
		{Kind: skypetest.FaultRateLimit, Probability: f.limitRate, Seed: f.seed + 1, Delay: f.latency, RetryAfter: time.Second},
	}
	if f.latency > 0 {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultDelay, Probability: 1, Delay: f.latency})
	}
	for _, fault := range faults {
		if fault.Probability > 0 {
			srv.Inject(fault)
		}
	}
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
