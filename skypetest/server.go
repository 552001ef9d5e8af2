package skypetest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// maxRequestBody is far more than any client sends.
const maxRequestBody = 1 << 20

// Server is the service, running on this machine. Make it with [NewServer] and
// end it with [Server.Close]. All of it may be used by many goroutines at once.
type Server struct {
	URL string // where it is, without a slash at the end

	http    *http.Server
	life    context.Context // ends with Close
	end     context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	store    *store
	instance string // tells this server's ETags from those of others
	requests []*Request
	effects  []Effect
	faults   []*plannedFault
	clients  []*skypecontacts.Client
}

// Option sets up a [Server].
type Option func(*config)

type config struct {
	data     Data
	listener net.Listener
}

// WithData serves other data than [SampleData].
func WithData(d Data) Option { return func(c *config) { c.data = d } }

// WithListener serves on l, which the server then owns, instead of a free port
// of the loopback interface.
func WithListener(l net.Listener) Option { return func(c *config) { c.listener = l } }

// NewServer starts a server on a free port of the loopback interface. It panics
// if there is none or the data has no account.
func NewServer(opts ...Option) *Server {
	cfg := config{data: SampleData()}
	for _, opt := range opts {
		opt(&cfg)
	}
	if len(cfg.data.Accounts) == 0 {
		panic("skypetest: the data has no account")
	}
	if cfg.listener == nil {
		var err error
		if cfg.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			panic(fmt.Sprintf("skypetest: %v", err))
		}
	}
	s := newServer(cfg.data)
	s.URL = "http://" + cfg.listener.Addr().String()
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // a hostile client is none of the test's output
	}
	s.running.Go(func() { _ = s.http.Serve(cfg.listener) }) // ends with an error, always
	return s
}

// newServer is a server that does not listen yet.
func newServer(data Data) *Server {
	s := &Server{store: newStore(data), instance: newInstance()}
	s.life, s.end = context.WithCancel(context.Background())
	return s
}

// Close ends the server at once, cuts its connections and closes those that the
// clients it made keep open. It returns when nothing of it runs any more.
func (s *Server) Close() {
	s.mu.Lock()
	s.end()
	s.mu.Unlock()
	_ = s.http.Close() // the listener is gone either way
	s.running.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.clients {
		c.CloseIdleConnections()
	}
}

// The services have the paths they have on the real hosts, as far as those keep
// them apart.
const (
	contactsMount   = "/contacts/v2"
	contactsV1Mount = "/contacts/v1"
	apiMount        = "/api"
	profileMount    = "/profile/v1"
	directoryMount  = "/directory"
	botsMount       = "/bots/v1"
	messengerMount  = "/messenger/v1"
)

// Endpoints are the base URLs of the services, for
// [skypecontacts.WithEndpoints] or a client in another language.
func (s *Server) Endpoints() skypecontacts.Endpoints {
	return skypecontacts.Endpoints{
		Contacts:   s.URL + contactsMount,
		ContactsV1: s.URL + contactsV1Mount,
		API:        s.URL + apiMount,
		Profile:    s.URL + profileMount,
		Directory:  s.URL + directoryMount,
		Bots:       s.URL + botsMount,
		Messenger:  s.URL + messengerMount,
	}
}

// Client is a client that is signed in to the first account of the data. It
// panics if the options are not usable.
func (s *Server) Client(opts ...skypecontacts.Option) *skypecontacts.Client {
	return s.ClientFor(string(s.store.accounts[0].mri), opts...)
}

// ClientFor is a client that is signed in to the account of that name. It panics
// if there is no such account or the options are not usable.
func (s *Server) ClientFor(name string, opts ...skypecontacts.Option) *skypecontacts.Client {
	a := s.store.byKey[key(skypecontacts.MRI(name))]
	if a == nil {
		panic("skypetest: the data has no such account")
	}
	source := func(current *string) skypecontacts.TokenSource {
		return skypecontacts.TokenSourceFunc(func(context.Context) (skypecontacts.Token, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return skypecontacts.NewToken(*current, time.Time{}), nil
		})
	}
	c, err := skypecontacts.New(source(&a.skypeToken), append([]skypecontacts.Option{
		skypecontacts.WithEndpoints(s.Endpoints()),
		skypecontacts.WithInsecureLoopback(),
		skypecontacts.WithRegistrationToken(source(&a.registrationToken)),
	}, opts...)...)
	if err != nil {
		panic(fmt.Sprintf("skypetest: %v", err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients = append(s.clients, c)
	return c
}

// Request is one that arrived.
type Request struct {
	Operation string            // the method of the SDK that calls this route, empty for an unknown route or method
	Account   skypecontacts.MRI // whose token it carried, empty if none that is good
	Method    string
	Path      string // escaped as it arrived
	Query     string // likewise
	Header    http.Header
	Body      []byte
	// Reached is true when the request got to its operation: no fault came
	// before, and the token was not refused. Whether the operation then changed
	// anything is in [Server.Effects].
	Reached bool
}

// Requests are those that arrived so far, in that order. Bodies are kept up to
// one mebibyte.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Request, len(s.requests))
	for i, r := range s.requests {
		list[i] = *r
	}
	return list
}

// Effect is a change that a request made to the state.
type Effect struct {
	Operation string            // such as "SendInvite"
	Account   skypecontacts.MRI // who made it
	Subject   skypecontacts.MRI // whom it is about
}

// Effects are the changes made so far, in that order. A request that found its
// work done already, such as a second block, is not among them.
func (s *Server) Effects() []Effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Effect(nil), s.effects...)
}

// call is one request in progress.
type call struct {
	*Server
	*Request
	route   *route // nil if there is none
	service *service
	values  map[string]string // of the placeholders in the route's path
	query   url.Values
	self    *account // nil without a good token
	expired bool     // the token was good once
	now     time.Time
	number  int    // of the request on this server
	refusal *reply // why the request cannot be read
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.life.Err() != nil {
		s.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	s.running.Add(1)
	s.mu.Unlock()
	defer s.running.Done()
	c := s.receive(r)
	f := s.strike(c)
	if f == nil {
		c.write(w, c.run())
		return
	}
	c.spoil(w, r, f)
}

// receive reads a request, finds its route and account and puts it on record.
func (s *Server) receive(r *http.Request) *call {
	c := &call{
		Server:  s,
		Request: &Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: r.Header.Clone()},
		query:   r.URL.Query(),
		now:     time.Now().UTC().Truncate(time.Second),
	}
	c.service, c.route, c.values = find(r.Method, c.Path)
	var err error
	if c.Body, err = io.ReadAll(io.LimitReader(r.Body, maxRequestBody+1)); err != nil {
		c.refusal = c.refuse(http.StatusBadRequest, "The request cannot be read")
	} else if len(c.Body) > maxRequestBody {
		c.Body = c.Body[:maxRequestBody]
		c.refusal = c.refuse(http.StatusRequestEntityTooLarge, "The request is too large")
	}
	if c.route != nil && c.route.method == c.Method {
		c.Operation = c.operation()
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	if token := c.service.credential(s.store, r.Header); token != nil {
		c.self, c.expired = token.owner, token.expired
		c.Account = token.owner.mri
	}
	s.requests = append(s.requests, c.Request)
	c.number = len(s.requests)
	return c
}

// run does what a request asks for.
func (c *call) run() *reply {
	c.mu.Lock()
	defer c.mu.Unlock()
	// A fault may have ended the token since the request arrived.
	if token := c.service.credential(c.store, c.Header); token != nil {
		c.expired = token.expired
	}
	switch {
	case c.refusal != nil:
		return c.refusal
	case c.route == nil:
		return c.refuse(http.StatusNotFound, "No handler found for resource")
	case c.route.method != c.Method:
		return c.refuse(http.StatusMethodNotAllowed, "The method is not allowed here")
	case c.self == nil || c.expired:
		return c.unauthorized()
	}
	if name, ok := c.values["self"]; ok && !c.isSelf(name) {
		return c.notSelf(name)
	}
	c.Reached = true
	return c.route.handle(c)
}

// isSelf reports whether a name in a path means the account itself.
func (c *call) isSelf(name string) bool {
	return strings.EqualFold(name, "self") || strings.EqualFold(name, "me") || strings.EqualFold(name, bare(c.self.mri))
}

// param is a member of the query, in whatever case its name is written.
func (c *call) param(name string) string {
	for given, values := range c.query {
		if strings.EqualFold(given, name) {
			return values[0]
		}
	}
	return ""
}
