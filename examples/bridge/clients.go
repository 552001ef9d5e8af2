package main

import (
	"net/http"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// requestTimeout limits one call without its wait for the limiter. After twice that time
// nothing of it is under way any more.
const requestTimeout = 5 * time.Second

// clients makes the clients of a process. All share its connections, its limiter and the
// rest that the services ask for. A client costs a few microseconds and some kilobytes (see
// TestTenThousandClients), so each job makes one and none is kept.
type clients struct {
	http      *http.Client
	endpoints skypecontacts.Endpoints
	limiter   skypecontacts.Limiter
	rest      *sharedRest
	store     *store
	renewer   renewer
	agent     string // User-Agent, by which the fake tells the processes apart
}

// newHTTPClient returns the client of a process, with as many connections as it has slots
// for jobs.
func newHTTPClient(slots int) *http.Client {
	return &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: slots, IdleConnTimeout: 30 * time.Second, ResponseHeaderTimeout: requestTimeout,
	}}
}

// client returns a client for an account.
func (c *clients) client(a *account) (*skypecontacts.Client, error) {
	return skypecontacts.New(
		&tokenSource{store: c.store, renewer: c.renewer, account: a.id, stored: a.token},
		skypecontacts.WithHTTPClient(c.http),
		skypecontacts.WithEndpoints(c.endpoints), skypecontacts.WithInsecureLoopback(),
		skypecontacts.WithLimiter(c.limiter), skypecontacts.WithObserver(c.rest.observe),
		skypecontacts.WithTimeout(requestTimeout), skypecontacts.WithUserAgent(c.agent),
		// A job does not sit out a Retry-After in its slot: it ends and is snoozed.
		skypecontacts.WithRetry(skypecontacts.Retry{MaxRetryAfter: time.Nanosecond}),
	)
}
