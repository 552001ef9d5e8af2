package skypetest

import (
	"context"
	"net/http"
	"sync"

	"github.com/skypecontacts/skypecontacts"
)

// Request is a request that the server received.
type Request struct {
	// Operation is the method of the SDK that sends such a request, or a name of the
	// same kind for a route that the SDK does not use, see [Operations]. It is empty for
	// an unknown route or method.
	Operation string
	Account   skypecontacts.MRI // the owner of its token, empty without a known token
	Method    string
	Path      string // escaped as it was received
	Query     string // likewise
	Header    http.Header
	Body      []byte
	// Reached is true if the request reached its operation: no fault happened
	// before, and the token was accepted. [Server.Effects] has what the operation
	// then changed.
	Reached bool
}

// Effect is a change that a request made to the lists or the profile of an account.
type Effect struct {
	Operation string            // such as "SendInvite"
	Account   skypecontacts.MRI // the account that made the request
	Subject   skypecontacts.MRI // the account, bot or number that it was about
}

// serverCore is what all requests to one server share.
type serverCore struct {
	closed        context.Context // done once the server is closed
	strictBatches bool            // see WithStrictBatches
	strictEnds    bool            // see WithStrictEnds
	publicURL     string          // see WithURL; empty without it
	singleUse     bool            // see WithSingleUseRefreshTokens

	mu       sync.Mutex // guards the fields below and all they point to
	state    *serviceState
	signIns  signInState
	requests []*Request
	effects  []Effect
	faults   faultPlan
}

// addRequest records a request and returns its number, from 1.
func (c *serverCore) addRequest(r *Request) int {
	c.requests = append(c.requests, r)
	return len(c.requests)
}

// addEffect records what a request changed.
func (c *serverCore) addEffect(r *Request, subject skypecontacts.MRI) {
	c.effects = append(c.effects, Effect{r.Operation, r.Account, subject})
}
