package skypecontacts

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts/internal/credential"
)

// Version is the version of this package, as named in the User-Agent header.
const Version = "0.1.0"

// Client calls the Skype contacts API for one account. [New] returns one. It never
// changes and is safe for concurrent use. Printing it shows nothing of the account.
type Client struct {
	core    *core
	dialect Dialect
	user    credential.Secret // of WithUserID
	locale  string
}

// Format prints the name of the type with every verb.
func (c Client) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("skypecontacts.Client")) }

// CloseIdleConnections closes the connections that the client keeps for later calls, and
// with [WithHTTPClient] those of all others that use its transport. A long-running
// program should call it for a client that it no longer uses, unless others share them.
func (c *Client) CloseIdleConnections() { c.core.sender.closeIdle() }

// self returns the identifier of the own account for paths.
func (c *Client) self() string { return c.user() }

// Option configures a [Client]. The order of options does not matter.
type Option func(*config)

type config struct {
	httpClient       *http.Client
	endpoints        Endpoints
	dialect          Dialect
	userID           string
	locale           string
	registration     TokenSource
	authStyle        AuthStyle
	userAgent        string
	timeout          time.Duration
	retry            Retry
	limiter          Limiter
	observers        []func(context.Context, Attempt)
	calls            []CallObserver
	maxBody          int64
	insecureLoopback bool
	problems         []error
}

// require records a problem with an option unless ok.
func (c *config) require(ok bool, option, must string) {
	if !ok {
		c.problems = append(c.problems, fmt.Errorf("skypecontacts: %s: %w: %s", option, ErrInvalid, must))
	}
}

// New returns a client that gets its tokens from the given source. It fails with
// [ErrInvalid] if an option is not usable; the error names all such options.
// Nothing is sent.
func New(tokens TokenSource, opts ...Option) (*Client, error) {
	cfg := config{
		endpoints: DefaultEndpoints(),
		userID:    "self",
		locale:    "en-US",
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

	c := &core{
		base:      base,
		authStyle: cfg.authStyle,
		userAgent: cfg.userAgent,
		timeout:   cfg.timeout,
		retry:     cfg.retry,
		limiter:   cfg.limiter,
		observers: cfg.observers,
		calls:     cfg.calls,
		maxBody:   cfg.maxBody,

		operations: cfg.limiter != nil || len(cfg.observers)+len(cfg.calls) > 0 || cfg.httpClient != nil,

		tokens:    newTokenCache(tokens),
		cooldowns: new([serviceCount]cooldown),
		budget:    newRetryBudget(cfg.retry.Burst),
		sender:    newSender(cfg.httpClient),
	}
	if cfg.registration != nil {
		c.registration = newTokenCache(cfg.registration)
	}
	return &Client{core: c, dialect: cfg.dialect, user: credential.NewSecret(cfg.userID), locale: cfg.locale}, nil
}

// isSource reports whether source can be called.
func isSource(source TokenSource) bool {
	f, isFunc := source.(TokenSourceFunc)
	return source != nil && (!isFunc || f != nil)
}

// WithHTTPClient sends through a copy of hc, for its transport and time-out. The
// copy follows no redirect and keeps no cookie, whatever the settings of hc are. Clients
// of any number of accounts can share hc: its connections, and nothing else. A time-out
// of hc limits each request with its whole response, also that of [Client.AllContacts].
func WithHTTPClient(hc *http.Client) Option {
	return func(c *config) {
		c.require(hc != nil, "WithHTTPClient", "is nil")
		c.httpClient = hc
	}
}

// WithEndpoints sets other base URLs: a proxy, the fake service of skypetest, or
// hosts that the service moved to. They must be https, without user, query or
// fragment; [WithInsecureLoopback] permits one exception. A token is sent to exactly
// these hosts.
func WithEndpoints(e Endpoints) Option { return func(c *config) { c.endpoints = e } }

// Dialect selects the documented routes or their successors.
type Dialect int

const (
	// DialectDocumented selects the routes of the documentation.
	DialectDocumented Dialect = iota
	// DialectCurrent selects the routes that newer clients call: the own profile at
	// [Endpoints.Profile], the profiles of others by full identifier at
	// [Endpoints.People], and version 2 of the directory.
	DialectCurrent
)

// WithDialect selects the routes; the default is [DialectDocumented].
func WithDialect(d Dialect) Option {
	return func(c *config) {
		c.require(d == DialectDocumented || d == DialectCurrent, "WithDialect", "no such dialect")
		c.dialect = d
	}
}

// WithUserID sets the own account in the paths of the contacts service; the default
// is "self". It must be the Skype name of the token's account, not the e-mail address
// used to sign in: the service responds with 401 to any other. Only
// [Client.SetOwnAvatar] and [Client.DeleteOwnAvatar] need it.
func WithUserID(id string) Option {
	return func(c *config) {
		_, err := ParseMRI(id)
		c.require(err == nil, "WithUserID", "not a Skype name")
		c.userID = id
	}
}

// WithLocale sets the language tag (BCP 47, such as "pt-BR") that [DialectCurrent] sends
// when it looks up profiles and searches the directory; the default is "en-US". No source
// says what the services do with it.
func WithLocale(tag string) Option {
	return func(c *config) {
		c.require(isLanguageTag(tag), "WithLocale", "not a language tag")
		c.locale = tag
	}
}

// isLanguageTag reports whether s has the form of a language tag: parts of up to eight
// letters and digits with hyphens between them, and at most 35 bytes, which is enough for
// every tag that RFC 5646 recommends to support.
func isLanguageTag(s string) bool {
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || len(part) > 8 || strings.Trim(lowerASCII(part), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return len(s) <= 35
}

// WithRegistrationToken sets the source of the messenger gateway's token, which only
// [Client.AddContact] and [Client.RemoveContact] need. It may return the token alone
// or a whole Set-RegistrationToken header.
func WithRegistrationToken(source TokenSource) Option {
	return func(c *config) {
		c.require(isSource(source), "WithRegistrationToken", "is nil")
		c.registration = source
	}
}

// WithAuthStyle selects the header of the token for the contacts service; the default
// is [AuthSkypeToken].
func WithAuthStyle(s AuthStyle) Option {
	return func(c *config) {
		c.require(s == AuthSkypeToken || s == AuthTeams, "WithAuthStyle", "no such style")
		c.authStyle = s
	}
}

// WithUserAgent replaces the User-Agent header.
func WithUserAgent(agent string) Option {
	return func(c *config) {
		c.require(agent != "" && isHeaderValue(agent), "WithUserAgent", "not a header value")
		c.userAgent = agent
	}
}

// WithTimeout limits a whole call, with all its attempts and pauses; the default is
// a minute. Each attempt is limited to 30 s. For [Client.AllContacts] it limits instead,
// if it is less than 30 s, how long the service takes for the next contact, or for 64 KiB
// of other content, since the call lasts as long as the list. Waiting for the limiter of [WithLimiter] is
// not limited. The pages of a roster share one limit. A context that ends earlier ends
// the call.
func WithTimeout(d time.Duration) Option {
	return func(c *config) {
		c.require(d > 0, "WithTimeout", "must be positive")
		c.timeout = d
	}
}

// WithRetry sets how often and how fast failed requests are repeated.
func WithRetry(r Retry) Option {
	return func(c *config) {
		c.require(r.MaxAttempts >= 0 && r.BaseDelay >= 0 && r.MaxDelay >= 0 && r.MaxRetryAfter >= 0 && r.Burst >= 0,
			"WithRetry", "no field may be negative")
		c.retry = r
	}
}

// WithLimiter sets a limiter that is waited for before every request, repeats
// included. Only the context of the call ends that wait; [WithTimeout] does not count
// it. If the limiter returns an error, the call fails with [ErrRateLimited] and the
// request is not sent.
func WithLimiter(l Limiter) Option {
	return func(c *config) {
		c.require(l != nil, "WithLimiter", "is nil")
		c.limiter = l
	}
}

// WithObserver sets a function that is called after every attempt: for metrics,
// traces, or a cool-down shared between processes. It gets metadata only, and the
// context of the call. It is called by the goroutine of the call, which waits for it,
// so several calls may run it at once. With several observers, each is called.
func WithObserver(observe func(context.Context, Attempt)) Option {
	return func(c *config) {
		c.require(observe != nil, "WithObserver", "is nil")
		c.observers = append(c.observers, observe)
	}
}

// WithCallObserver sets a function that is called when a call begins, for a trace with a
// span of each call. The context that it returns is then that of the call: the limiter, the
// transport and the observers of [WithObserver] get it, or one made from it. It must be made from
// the context that was passed; nil stands for that one. The [CallEnd] that it returns, unless
// nil, is called when the call has ended. A call of [Client.AllContacts] lasts until the loop
// has used its page. What a method refuses before there is a request ([ErrInvalid]) may be no
// call. With several observers, the first one begins first and ends last.
func WithCallObserver(observe CallObserver) Option {
	return func(c *config) {
		c.require(observe != nil, "WithCallObserver", "is nil")
		c.calls = append(c.calls, observe)
	}
}

// WithLogger logs every attempt at debug level: operation, route template, status,
// number, duration, request id. Identifiers, tokens, headers, queries and bodies are
// never logged.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) {
		c.require(l != nil, "WithLogger", "is nil")
		c.observers = append(c.observers, func(ctx context.Context, a Attempt) {
			l.LogAttrs(ctx, slog.LevelDebug, "skypecontacts request",
				slog.String("op", a.Op), slog.String("method", a.Method), slog.String("route", a.Route),
				slog.Int("attempt", a.Number), slog.Int("status", a.Status), slog.Bool("ok", a.Failure == nil),
				slog.Duration("took", a.Duration), slog.String("request_id", a.RequestID))
		})
	}
}

// WithMaxBody limits the response of a call that returns a list, in bytes after
// decompression; the default is 16 MiB, enough for about 10,000 contacts. Other
// responses are limited to 1 MiB, pictures to 4 MiB, or to this if it is less. The pages of a roster
// share one limit. What is decoded may take eight times the limit in memory, which only
// a list of very short entries exceeds. No entry of a list of over 64 KiB may have more than
// 4 MiB, whatever the limit. [Client.AllContacts] does not hold the response
// in memory and permits 64 times as much.
func WithMaxBody(bytes int64) Option {
	return func(c *config) {
		c.require(bytes > 0, "WithMaxBody", "must be positive")
		c.maxBody = bytes
	}
}

// WithInsecureLoopback permits http:// endpoints on loopback hosts (localhost,
// 127.0.0.0/8, ::1), for tests. All others must be https all the same.
func WithInsecureLoopback() Option { return func(c *config) { c.insecureLoopback = true } }

// parseEndpoints parses every base URL, with the default for an empty one.
func (c *config) parseEndpoints() (base [serviceCount]*url.URL) {
	given, defaults := c.endpoints.byService(), DefaultEndpoints().byService()
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
