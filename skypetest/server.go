package skypetest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// maxRequestBody is the size above which a body is refused: that of the largest picture
// that the SDK sends. Other requests of the known clients are far smaller.
const maxRequestBody = 4 << 20

// Server is the service, running on this machine. It is made by [NewServer] and
// stopped by [Server.Close]. Its methods may be called from several goroutines at
// once.
type Server struct {
	// URL is the base URL, without a slash at the end. Whoever makes the server reachable
	// by another URL sets it before the first request, and then [Server.Endpoints] and the
	// Location of a registered endpoint begin with that.
	URL string

	core    *serverCore
	handler http.Handler // inside of all that WithMiddleware adds
	http    *http.Server
	stop    context.CancelFunc // of core.closed
	running sync.WaitGroup
	clients []*skypecontacts.Client
}

// Option configures a [Server].
type Option func(*serverConfig)

type serverConfig struct {
	data          Data
	style         Style
	listener      net.Listener
	strictBatches bool
	strictEnds    bool
	singleUse     bool
	url           string
	middleware    []func(http.Handler) http.Handler
}

// WithData replaces [SampleData].
func WithData(d Data) Option { return func(c *serverConfig) { c.data = d } }

// WithStyle sets the style of the responses, [StyleEverything] without it.
func WithStyle(s Style) Option { return func(c *serverConfig) { c.style = s } }

// WithListener serves on l instead of a free port of the loopback interface. The
// server closes l.
func WithListener(l net.Listener) Option { return func(c *serverConfig) { c.listener = l } }

// WithStrictBatches refuses a whole batch of profiles with status 400 and code
// 40002 if one of its names cannot be that of a person. Without it only the entry
// of that name is an error.
func WithStrictBatches() Option { return func(c *serverConfig) { c.strictBatches = true } }

// WithStrictEnds responds 404 to a request that ends what is not there: a removal
// from the messenger's list, the blocklist or the favorites of who is not in it, a
// revocation without an authorization, a second accept or decline, the removal of no
// picture. Without it the response is that to the first one, and nothing changes. No
// project recorded the service's response; some clients take 404 for a failure.
func WithStrictEnds() Option { return func(c *serverConfig) { c.strictEnds = true } }

// WithSingleUseRefreshTokens refuses a refresh token that has been used, one of the two
// ways of RFC 9700 to protect those of public clients. Without it a refresh token stays
// valid when another has taken its place, as Microsoft documents it.
func WithSingleUseRefreshTokens() Option { return func(c *serverConfig) { c.singleUse = true } }

// WithURL sets the URL by which clients reach the server, if that is not its address: one
// of a proxy, or of the host of a container. [Server.URL] and the Location of a
// registered endpoint have it.
func WithURL(base string) Option {
	return func(c *serverConfig) { c.url = strings.TrimRight(base, "/") }
}

// WithMiddleware sends every request through a handler that wrap makes around that of the
// server: to limit the rate of all clients together, say, or to count what they are sent. A
// request that this handler responds to itself is not in [Server.Requests]. With several,
// the first is the outermost.
func WithMiddleware(wrap func(http.Handler) http.Handler) Option {
	return func(c *serverConfig) { c.middleware = append(c.middleware, wrap) }
}

// NewServer starts a server on a free port of the loopback interface. It panics
// if no port is free, the data has no account or there is no such style.
func NewServer(opts ...Option) *Server {
	cfg := serverConfig{data: SampleData(), style: StyleEverything}
	for _, opt := range opts {
		opt(&cfg)
	}
	if len(cfg.data.Accounts) == 0 {
		panic("skypetest: the data has no account")
	}
	if !slices.Contains(Styles(), cfg.style) {
		panic(fmt.Sprintf("skypetest: there is no style %q", string(cfg.style)))
	}
	if cfg.listener == nil {
		var err error
		if cfg.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			panic(fmt.Sprintf("skypetest: %v", err))
		}
	}
	s := newServer(cfg.data, cfg.style)
	s.core.strictBatches, s.core.strictEnds = cfg.strictBatches, cfg.strictEnds
	s.core.publicURL, s.core.singleUse = cfg.url, cfg.singleUse
	for _, wrap := range slices.Backward(cfg.middleware) {
		s.handler = wrap(s.handler)
	}
	s.URL = cmp.Or(cfg.url, "http://"+loopbackAddress(cfg.listener.Addr()))
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serveHTTP),
		Protocols:         new(http.Protocols),
		ConnContext:       withStreamConn,
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // keeps the log out of the test's output
	}
	s.http.Protocols.SetHTTP1(true)
	s.http.Protocols.SetUnencryptedHTTP2(true)
	s.running.Go(func() { _ = s.http.Serve(streamListener{cfg.listener}) }) // always returns an error, after Close ErrServerClosed
	return s
}

// loopbackAddress returns the address of a listener, with that of the loopback
// interface if it listens on all.
func loopbackAddress(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

// newServer returns a server without a listener.
func newServer(data Data, style Style) *Server {
	closed, stop := context.WithCancel(context.Background())
	s := &Server{core: &serverCore{closed: closed, state: newServiceState(data, style)}, stop: stop}
	s.handler = http.HandlerFunc(s.respond)
	return s
}

// Close stops the server, closes its connections and the idle connections of the
// clients that it made, and returns once all its goroutines have ended.
func (s *Server) Close() {
	s.core.mu.Lock()
	s.stop()
	s.core.mu.Unlock()
	_ = s.http.Close() // closes the listener even if it returns an error
	s.running.Wait()
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	for _, c := range s.clients {
		c.CloseIdleConnections()
	}
}

// Endpoints returns the base URLs of the hosts, for
// [skypecontacts.WithEndpoints] or a client in another language.
func (s *Server) Endpoints() skypecontacts.Endpoints {
	return skypecontacts.Endpoints{
		Contacts:   s.URL + contactsHost.mount,
		ContactsV1: s.URL + contactsV1Host.mount,
		API:        s.URL + apiHost.mount,
		Profile:    s.URL + profileHost.mount,
		Directory:  s.URL + directoryHost.mount,
		Bots:       s.URL + botsHost.mount,
		Messenger:  s.URL + messengerHost.mount,
		People:     s.URL + peopleHost.mount,
		Avatar:     s.URL + avatarHost.mount,
	}
}

// Client returns a client that is signed in to the first account of the data. It
// panics if an option is invalid.
func (s *Server) Client(opts ...skypecontacts.Option) *skypecontacts.Client {
	return s.ClientFor(string(s.core.state.accounts[0].mri), opts...)
}

// ClientFor returns a client that is signed in to the account with that
// identifier, with or without prefix. It panics if there is no such account or an
// option is invalid.
func (s *Server) ClientFor(name string, opts ...skypecontacts.Option) *skypecontacts.Client {
	a := s.mustHaveAccount(skypecontacts.MRI(name))
	tokenSource := func(current *string) skypecontacts.TokenSource {
		return skypecontacts.TokenSourceFunc(func(context.Context) (skypecontacts.Token, error) {
			s.core.mu.Lock()
			defer s.core.mu.Unlock()
			return skypecontacts.NewToken(*current, time.Time{}), nil
		})
	}
	c, err := skypecontacts.New(tokenSource(&a.skypeToken), append([]skypecontacts.Option{
		skypecontacts.WithEndpoints(s.Endpoints()),
		skypecontacts.WithInsecureLoopback(),
		skypecontacts.WithRegistrationToken(tokenSource(&a.registrationToken)),
	}, opts...)...)
	if err != nil {
		panic(fmt.Sprintf("skypetest: %v", err))
	}
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.clients = append(s.clients, c)
	return c
}

// mustHaveAccount returns an account. It panics if there is none of that name.
func (s *Server) mustHaveAccount(name skypecontacts.MRI) *accountState {
	a := s.core.state.accountByKey[mriKey(name)]
	if a == nil {
		panic("skypetest: the data has no such account")
	}
	return a
}

// Requests returns the requests received so far, in that order. Their bodies are
// cut at four mebibytes.
func (s *Server) Requests() []Request {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	list := make([]Request, len(s.core.requests))
	for i, r := range s.core.requests {
		list[i] = *r
	}
	return list
}

// Effects returns the changes made so far, in that order. A request that changed
// nothing, such as a second block, has no effect.
func (s *Server) Effects() []Effect {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	return slices.Clone(s.core.effects)
}

// Inject adds a fault. If several apply to a request, the one injected first
// does. Inject panics if the kind or the operation does not exist, because such a
// fault would never happen, or if a field is invalid.
func (s *Server) Inject(f Fault) {
	f.mustBeValid(Operations())
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.core.faults.add(f)
}

// FaultsPending returns how many requests are still to go wrong by the faults
// injected. Faults with a Probability and no Count are not in it.
func (s *Server) FaultsPending() int {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	return s.core.faults.pending()
}

// serveHTTP handles a request while the server is open. Close waits for it.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	s.core.mu.Lock()
	if s.core.closed.Err() != nil {
		s.core.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	s.running.Add(1)
	s.core.mu.Unlock()
	defer s.running.Done()
	s.handler.ServeHTTP(w, r)
}

// respond is the handler of the service itself.
func (s *Server) respond(w http.ResponseWriter, r *http.Request) {
	if page := serverPage(r); page != nil {
		sendPage(w, page)
		return
	}
	x, fault := s.receive(r)
	if fault == nil {
		x.send(w, x.handle())
		return
	}
	x.sendFaulty(w, r, fault)
}

// baseOf is the URL of this server for the sender of a request: the one that its owner
// set, unless the server stands for a real gateway.
func (s *Server) baseOf(r *http.Request) string {
	if base := requestBase(r); s.core.publicURL == "" || isGateway(base) {
		return base
	}
	return s.core.publicURL
}

// receive reads and records a request. It returns the fault that applies, or nil.
func (s *Server) receive(r *http.Request) (*exchange, *Fault) {
	x := &exchange{
		core:    s.core,
		request: &Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: r.Header.Clone()},
		query:   r.URL.Query(),
		base:    s.baseOf(r),
		now:     time.Now().UTC().Truncate(time.Second),
	}
	x.setRoute()
	var err error
	if x.request.Body, err = io.ReadAll(io.LimitReader(r.Body, maxRequestBody+1)); err != nil {
		x.refusal = x.errorResponse(http.StatusBadRequest, "The request cannot be read")
	} else if len(x.request.Body) > maxRequestBody {
		x.request.Body = x.request.Body[:maxRequestBody]
		x.refusal = x.errorResponse(http.StatusRequestEntityTooLarge, "The request is too large")
	}

	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if token := x.token(); token != nil {
		x.self, x.expired, x.expiry = token.owner, token.expired, token.refusal
		x.request.Account = token.owner.mri
	}
	x.number = s.core.addRequest(x.request)
	return x, s.core.faults.take(x.request.Operation, x.request.Account)
}
