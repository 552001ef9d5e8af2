package skypetest

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// FaultKind is what goes wrong with a request.
type FaultKind string

// The kinds of fault. Unless stated otherwise the request does not reach its
// operation; see [Fault.AfterEffect].
const (
	FaultStatus        FaultKind = "status"         // responds with Status (default 503), Header and Body
	FaultDelay         FaultKind = "delay"          // responds as usual after Delay
	FaultStall         FaultKind = "stall"          // never responds
	FaultStallInside   FaultKind = "stall-inside"   // sends half of the response and no more; always after the effect
	FaultReset         FaultKind = "reset"          // resets the connection
	FaultTruncate      FaultKind = "truncate"       // closes the connection after Bytes bytes of the body; always after the effect
	FaultTruncatePage  FaultKind = "truncate-page"  // responds 502, or Status, with a web page that ends after Bytes bytes
	FaultGarbage       FaultKind = "garbage"        // responds 200 with Content-Type JSON and a body that is not JSON
	FaultHTML          FaultKind = "html"           // responds 200, or Status, with a web page
	FaultNoHandler     FaultKind = "no-handler"     // responds 404 with code 40499, as a host that does not have the route
	FaultProblem       FaultKind = "problem"        // responds 403, or Status, with application/problem+json
	FaultOmit          FaultKind = "omit"           // responds without the Member of the JSON object; always after the effect
	FaultDrip          FaultKind = "drip"           // sends a space every Delay, and after Bytes of them, if that is set, the response
	FaultDripAfter     FaultKind = "drip-after"     // sends the response and then a space every Delay, Bytes of them if that is set
	FaultExtraResponse FaultKind = "extra-response" // sends the response twice; always after the effect
	FaultRedirect      FaultKind = "redirect"       // responds 302, or Status, with Location
	FaultGzipBomb      FaultKind = "gzip-bomb"      // responds 200 with a small gzip body that decompresses to Bytes bytes (default 256 MiB)
	FaultRateLimit     FaultKind = "rate-limit"     // responds 429, even if Status is set, with RetryAfter if that is set
	FaultExpireToken   FaultKind = "expire-token"   // expires the account's token, so that this request is refused; with Status, if that is set
	FaultRefusedStream FaultKind = "refused-stream" // over HTTP/2 resets the stream with REFUSED_STREAM, over HTTP/1 the connection
	FaultGoAway        FaultKind = "go-away"        // over HTTP/2 sends a GOAWAY that excludes this and later requests, over HTTP/1 resets the connection
)

// FaultKinds returns all kinds of fault.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultStatus, FaultDelay, FaultStall, FaultStallInside, FaultReset, FaultTruncate, FaultTruncatePage, FaultGarbage,
		FaultHTML, FaultNoHandler, FaultProblem, FaultOmit, FaultDrip, FaultDripAfter, FaultExtraResponse, FaultRedirect,
		FaultGzipBomb, FaultRateLimit, FaultExpireToken, FaultRefusedStream, FaultGoAway,
	}
}

// Fault makes requests go wrong. Kind is required, Location for [FaultRedirect]
// and Member for [FaultOmit]; the other fields may be zero.
type Fault struct {
	Kind FaultKind

	// Operation and Account select the requests: those of one operation, which
	// has the name of the SDK's method, or of all; those of one account, or of
	// all.
	Operation string
	Account   skypecontacts.MRI
	// Count is the number of requests that go wrong, by default one. If
	// Probability is set, each request goes wrong with that probability, at most
	// Count of them if that is set. The same Seed makes the same choices.
	Count       int
	Probability float64
	Seed        uint64

	// AfterEffect lets the request take effect first. Only its response is lost.
	AfterEffect bool

	// Delay is the time before the response or what replaces it. Of FaultDrip and
	// FaultDripAfter it is the time between two spaces, by default 20 ms; a picture gets
	// only the time.
	Delay    time.Duration
	Status   int    // replaces the status of the kind
	Body     string // of FaultStatus
	Bytes    int    // of FaultTruncate, FaultTruncatePage, FaultGzipBomb, FaultDrip and FaultDripAfter
	Location string // of FaultRedirect
	Member   string // of FaultOmit
	// Header and RetryAfter are added to every complete response. RetryAfter is
	// sent in seconds, rounded up.
	Header     http.Header
	RetryAfter time.Duration
}

// mustBeValid panics if the fault can never happen or a field is invalid. The
// operations are those that requests have.
func (f Fault) mustBeValid(operations []string) {
	switch {
	case !slices.Contains(FaultKinds(), f.Kind):
		panic("skypetest: there is no such kind of fault")
	case f.Operation != "" && !slices.Contains(operations, f.Operation):
		panic("skypetest: no request has the operation " + strconv.Quote(f.Operation))
	case f.Kind == FaultRedirect && f.Location == "":
		panic("skypetest: a redirect needs a Location")
	case f.Kind == FaultOmit && f.Member == "":
		panic("skypetest: FaultOmit needs a Member")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		panic("skypetest: there is no such status")
	case f.Count < 0 || f.Bytes < 0 || f.Delay < 0 || !(f.Probability >= 0 && f.Probability <= 1):
		panic("skypetest: a number is out of range")
	}
}

// afterEffect reports whether the request takes effect before its response goes
// wrong.
func (f *Fault) afterEffect() bool {
	switch f.Kind {
	case FaultStallInside, FaultTruncate, FaultOmit, FaultExtraResponse:
		return true
	case FaultDrip:
		return f.AfterEffect || f.Bytes > 0 && f.Status < http.StatusMultipleChoices
	case FaultDripAfter:
		return f.AfterEffect || f.Status < http.StatusMultipleChoices
	default:
		return f.AfterEffect
	}
}

// faultPlan is the faults of a server in the order they were injected.
type faultPlan []*plannedFault

type plannedFault struct {
	Fault
	left   int // requests that still go wrong, -1 for no limit
	chance *rand.Rand
}

func (p *faultPlan) add(f Fault) {
	planned := &plannedFault{Fault: f, left: f.Count}
	switch {
	case f.Probability > 0:
		planned.chance = rand.New(rand.NewPCG(f.Seed, 0))
		if f.Count == 0 {
			planned.left = -1
		}
	case f.Count == 0:
		planned.left = 1
	}
	*p = append(*p, planned)
}

// take returns the first fault that applies to a request and counts it, or nil.
func (p *faultPlan) take(operation string, account skypecontacts.MRI) *Fault {
	for _, planned := range *p {
		switch {
		case planned.left == 0,
			planned.Operation != "" && planned.Operation != operation,
			planned.Account != "" && mriKey(planned.Account) != mriKey(account),
			planned.chance != nil && planned.chance.Float64() >= planned.Probability:
			continue
		}
		if planned.left > 0 {
			planned.left--
		}
		return &planned.Fault
	}
	return nil
}

// pending is the number of requests that are still to go wrong, without the
// faults that have no limit.
func (p *faultPlan) pending() int {
	n := 0
	for _, planned := range *p {
		n += max(planned.left, 0)
	}
	return n
}
