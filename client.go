package skypecontacts

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Version is the version of this package, as named in the User-Agent header.
const Version = "0.1.0"

// Client calls the Skype contacts API for one account. Make it with [New]; it
// never changes afterwards and may be used by any number of goroutines at once.
// Printing it shows nothing of the account.
type Client struct {
	base      [serviceCount]*url.URL
	dialect   Dialect
	userID    secret
	authStyle AuthStyle
	userAgent string
	timeout   time.Duration
	retry     Retry
	limiter   Limiter
	logger    *slog.Logger
	maxBody   int64

	tokens       *tokenCache
	registration *tokenCache // nil without WithRegistrationToken
	gates        *[serviceCount]gate
	budget       *budget
	sender       *sender
}

// Format prints the name of the type with every verb.
func (c Client) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("skypecontacts.Client")) }

// CloseIdleConnections closes the connections the client keeps for later calls.
// A program that drops clients while it goes on running should call it.
func (c *Client) CloseIdleConnections() { c.sender.closeIdle() }

// Option sets up a [Client]. Options may be given in any order.
type Option func(*config)

type config struct {
	httpClient       *http.Client
	endpoints        Endpoints
	dialect          Dialect
	userID           string
	registration     TokenSource
	authStyle        AuthStyle
	userAgent        string
	timeout          time.Duration
	retry            Retry
	limiter          Limiter
	logger           *slog.Logger
	maxBody          int64
	insecureLoopback bool
	problems         []error
}

// require records a problem with an option unless it is as it must be.
func (c *config) require(ok bool, option, must string) {
	if !ok {
		c.problems = append(c.problems, fmt.Errorf("skypecontacts: %s: %w: %s", option, ErrInvalid, must))
	}
}

// New makes a client that takes its tokens from the given source. An option that
// cannot be used makes it fail with [ErrInvalid] and an error naming the option;
// all such options are named at once. Nothing is sent.
func New(tokens TokenSource, opts ...Option) (*Client, error) {
	cfg := config{
		endpoints: DefaultEndpoints(),
		userID:    "self",
		userAgent: "skypecontacts-go/" + Version,
		timeout:   time.Minute,
		maxBody:   16 << 20,
	}
	cfg.require(isSource(tokens), "New", "the token source is nil")
	for _, opt := range opts {
		if opt == nil {
			cfg.require(false, "New", "an option is nil")
			continue
		}
		opt(&cfg)
	}
	cfg.retry = cfg.retry.withDefaults()
	base := cfg.parseEndpoints()
	if err := errors.Join(cfg.problems...); err != nil {
		return nil, err
	}

	c := &Client{
		base:      base,
		dialect:   cfg.dialect,
		userID:    conceal(cfg.userID),
		authStyle: cfg.authStyle,
		userAgent: cfg.userAgent,
		timeout:   cfg.timeout,
		retry:     cfg.retry,
		limiter:   cfg.limiter,
		logger:    cfg.logger,
		maxBody:   cfg.maxBody,
		tokens:    newTokenCache(tokens),
		gates:     new([serviceCount]gate),
		budget:    newBudget(cfg.retry.Budget),
		sender:    newSender(cfg.httpClient),
	}
	if cfg.registration != nil {
		c.registration = newTokenCache(cfg.registration)
	}
	return c, nil
}

// isSource reports whether there is something to ask for a token.
func isSource(source TokenSource) bool {
	f, isFunc := source.(TokenSourceFunc)
	return source != nil && (!isFunc || f != nil)
}

// WithHTTPClient sends through a copy of hc, for its transport and time-out. The
// copy follows no redirect and keeps no cookie, whatever hc is set to. A time-out
// of hc bounds each request with all of its answer, also that of
// [Client.AllContacts].
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) {
		c.require(hc != nil, "WithHTTPClient", "is nil")
		c.httpClient = hc
	}
}

// WithEndpoints calls other base URLs: a proxy, the fake service of skypetest, or
// hosts the service moved to. They must be https, without user, query or
// fragment; see [WithInsecureLoopback] for the one exception. A token goes to
// exactly these hosts and to no other.
func WithEndpoints(e Endpoints) Option { return func(c *config) { c.endpoints = e } }

// Dialect chooses between the routes that are documented and their successors.
type Dialect int

const (
	// Documented uses the routes as the documentation has them.
	Documented Dialect = iota
	// Current uses what newer clients call instead: profiles by JSON batch and
	// the own profile at [Endpoints.Profile], and the directory's version 2.
	Current
)

// WithDialect chooses the routes; the default is [Documented].
func WithDialect(d Dialect) Option {
	return func(c *config) {
		c.require(d == Documented || d == Current, "WithDialect", "no such dialect")
		c.dialect = d
	}
}

// WithUserID names the own account in the paths of the contacts service, where
// the default is "self". It must be the token's own Skype name, not the e-mail
// address one signs in with: the service answers 401 to any other.
func WithUserID(id string) Option {
	return func(c *config) {
		_, err := ParseMRI(id)
		c.require(err == nil, "WithUserID", "not a Skype name")
		c.userID = id
	}
}

// WithRegistrationToken gives the token of the messenger gateway, which only
// [Client.AddContact] and [Client.RemoveContact] need. The source may return the
// token alone or the whole Set-RegistrationToken header of another client.
func WithRegistrationToken(source TokenSource) Option {
	return func(c *config) {
		c.require(isSource(source), "WithRegistrationToken", "is nil")
		c.registration = source
	}
}

// WithAuthStyle chooses the header for the contacts service; the default is
// [AuthSkypeToken].
func WithAuthStyle(s AuthStyle) Option {
	return func(c *config) {
		c.require(s == AuthSkypeToken || s == AuthTeams, "WithAuthStyle", "no such style")
		c.authStyle = s
	}
}

// WithUserAgent replaces the User-Agent header.
func WithUserAgent(agent string) Option {
	return func(c *config) {
		c.require(agent != "" && httpguts.ValidHeaderFieldValue(agent), "WithUserAgent", "not a header value")
		c.userAgent = agent
	}
}

// WithTimeout bounds a whole call, with all its attempts and pauses; the default
// is a minute. Of that each attempt may take thirty seconds. For [Client.AllContacts], which may run as long as its list, it
// bounds each wait for the service. A context that ends sooner wins.
func WithTimeout(d time.Duration) Option {
	return func(c *config) {
		c.require(d > 0, "WithTimeout", "must be positive")
		c.timeout = d
	}
}

// WithRetry changes how often and how fast failed requests are repeated.
func WithRetry(r Retry) Option {
	return func(c *config) {
		c.require(r.MaxAttempts >= 0 && r.BaseDelay >= 0 && r.MaxDelay >= 0 && r.MaxRetryAfter >= 0 && r.Budget >= 0,
			"WithRetry", "no field may be negative")
		c.retry = r
	}
}

// WithLimiter asks l before every single request, repeats included.
func WithLimiter(l Limiter) Option {
	return func(c *config) {
		c.require(l != nil, "WithLimiter", "is nil")
		c.limiter = l
	}
}

// WithLogger logs every request at debug level: operation, route template,
// status, attempt, duration, request id. Identifiers, tokens, headers, queries
// and bodies are never logged.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) {
		c.require(l != nil, "WithLogger", "is nil")
		c.logger = l
	}
}

// WithMaxBody bounds the answer of a call that returns a list, in bytes after
// decompression; the default is 16 MiB, enough for about 10,000 contacts. Other
// answers are bounded at 1 MiB, or at this if it is less. [Client.AllContacts]
// keeps no answer in memory and allows 64 times as much.
func WithMaxBody(bytes int64) Option {
	return func(c *config) {
		c.require(bytes > 0, "WithMaxBody", "must be positive")
		c.maxBody = bytes
	}
}

// WithInsecureLoopback permits http:// endpoints on loopback hosts (localhost,
// 127.0.0.0/8, ::1), for tests. All others must be https all the same.
func WithInsecureLoopback() Option { return func(c *config) { c.insecureLoopback = true } }

// parseEndpoints checks every base URL, filling in the defaults.
func (c *config) parseEndpoints() (base [serviceCount]*url.URL) {
	given, defaults := c.endpoints.list(), DefaultEndpoints().list()
	for i, e := range given {
		address := e.address
		if address == "" {
			address = defaults[i].address
		}
		u, problem := parseBase(address, c.insecureLoopback)
		c.require(problem == "", "WithEndpoints: "+e.name, problem)
		base[i] = u
	}
	return base
}
