package skypetest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// FaultKind is a way for a request to go wrong.
type FaultKind string

// The kinds of fault. Unless said otherwise the request does not reach its
// operation; see [Fault.AfterEffect].
const (
	FaultStatus      FaultKind = "status"       // answers with Status (default 503), Header and Body
	FaultDelay       FaultKind = "delay"        // takes Delay longer, and is answered as usual
	FaultStall       FaultKind = "stall"        // never answers
	FaultStallInside FaultKind = "stall-inside" // sends half of the answer, then nothing; always after the effect
	FaultReset       FaultKind = "reset"        // resets the connection
	FaultTruncate    FaultKind = "truncate"     // ends the connection after Bytes bytes of the body; always after the effect
	FaultGarbage     FaultKind = "garbage"      // answers 200 with what is not JSON and says it is
	FaultHTML        FaultKind = "html"         // answers 200, or Status, with a web page
	FaultRedirect    FaultKind = "redirect"     // answers 302, or Status, with Location
	FaultGzipBomb    FaultKind = "gzip-bomb"    // answers 200 with few bytes that unpack to Bytes (default 256 MiB)
	FaultRateLimit   FaultKind = "rate-limit"   // answers 429, whatever Status says; RetryAfter says for how long
	FaultExpireToken FaultKind = "expire-token" // ends the account's token, so that this request is refused
)

// FaultKinds are all of them.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultStatus, FaultDelay, FaultStall, FaultStallInside, FaultReset, FaultTruncate, FaultGarbage,
		FaultHTML, FaultRedirect, FaultGzipBomb, FaultRateLimit, FaultExpireToken,
	}
}

// Fault is something to go wrong. Kind and, for [FaultRedirect], Location are
// needed; of the rest the zero value will do.
type Fault struct {
	Kind FaultKind

	// Which requests it strikes: those of one operation, named like the method
	// of the SDK, or all; those of one account, or all.
	Operation string
	Account   skypecontacts.MRI
	// Count is how many requests it strikes, by default one. With a Probability
	// it strikes each request with that chance, up to Count times if that is
	// set; the same Seed makes the same choices.
	Count       int
	Probability float64
	Seed        uint64

	// AfterEffect lets the request do its work first. Only its answer is lost.
	AfterEffect bool

	Delay    time.Duration // before the answer, or what comes instead of one
	Status   int           // in place of the usual one of the kind
	Body     string        // of FaultStatus
	Bytes    int           // of FaultTruncate and FaultGzipBomb
	Location string        // of FaultRedirect
	// Header and RetryAfter are added to whatever is answered in whole.
	// RetryAfter goes out in seconds, rounded up.
	Header     http.Header
	RetryAfter time.Duration
}

type plannedFault struct {
	Fault
	left   int // strikes, -1 for no end
	chance *rand.Rand
}

// Inject plans a fault. Of several that would strike a request the one planned
// first does. Inject panics if the kind or the operation does not exist, because
// such a fault would never strike, or if it cannot be made.
func (s *Server) Inject(f Fault) {
	switch {
	case !slices.Contains(FaultKinds(), f.Kind):
		panic("skypetest: there is no such kind of fault")
	case f.Operation != "" && !slices.Contains(Operations(), f.Operation):
		panic("skypetest: no request has the operation " + strconv.Quote(f.Operation))
	case f.Kind == FaultRedirect && f.Location == "":
		panic("skypetest: a redirect needs a Location")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		panic("skypetest: there is no such status")
	case f.Count < 0 || f.Bytes < 0 || f.Delay < 0 || !(f.Probability >= 0 && f.Probability <= 1):
		panic("skypetest: a number is out of range")
	}
	p := &plannedFault{Fault: f, left: f.Count}
	switch {
	case f.Probability > 0:
		p.chance = rand.New(rand.NewPCG(f.Seed, 0))
		if f.Count == 0 {
			p.left = -1
		}
	case f.Count == 0:
		p.left = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, p)
}

// FaultsPending is how many strikes of the faults injected are still to come.
// Those with a Probability and no Count are not in it.
func (s *Server) FaultsPending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.faults {
		n += max(p.left, 0)
	}
	return n
}

// strike is the fault for a request, or nil.
func (s *Server) strike(c *call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.faults {
		switch {
		case p.left == 0,
			p.Operation != "" && p.Operation != c.Operation,
			p.Account != "" && key(p.Account) != key(c.Account),
			p.chance != nil && p.chance.Float64() >= p.Probability:
			continue
		}
		if p.left > 0 {
			p.left--
		}
		return &p.Fault
	}
	return nil
}

// spoil answers a request as its fault demands.
func (c *call) spoil(w http.ResponseWriter, r *http.Request, f *Fault) {
	var a *reply // the right answer, if the request gets that far
	if f.AfterEffect || f.Kind == FaultStallInside || f.Kind == FaultTruncate {
		a = c.run()
	}
	made := func(status int, contentType string, body []byte) *reply {
		if f.Status != 0 {
			status = f.Status
		}
		return &reply{status, http.Header{"Content-Type": {contentType}}, body}
	}
	if f.Delay > 0 {
		c.pause(r.Context(), f.Delay)
	}
	switch f.Kind {
	case FaultDelay: // that was it
	case FaultStatus:
		a = made(http.StatusServiceUnavailable, jsonType, []byte(f.Body))
	case FaultStall:
		c.pause(r.Context(), math.MaxInt64)
		panic(http.ErrAbortHandler)
	case FaultStallInside, FaultTruncate, FaultReset:
		c.breakOff(w, f, a)
		return
	case FaultGarbage:
		a = made(http.StatusOK, jsonType, []byte("{\"contacts\": \x00\xff][,"))
	case FaultHTML:
		a = made(http.StatusOK, "text/html; charset=utf-8", []byte("<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Please sign in to use this network.</p></body></html>\n"))
	case FaultRedirect:
		a = made(http.StatusFound, "text/html; charset=utf-8", nil)
		a.header.Set("Location", f.Location)
	case FaultGzipBomb:
		c.explode(w, f)
		return
	case FaultRateLimit:
		a = c.refuse(http.StatusTooManyRequests, "API calls quota exceeded!")
	case FaultExpireToken:
		c.expireToken()
	}
	if a == nil {
		a = c.run()
	}
	if f.RetryAfter > 0 {
		a.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	for name, values := range f.Header {
		a.header[http.CanonicalHeaderKey(name)] = values
	}
	c.write(w, a)
}

// pause waits until d is over. If the client or the server goes away before, the
// request ends here.
func (c *call) pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		panic(http.ErrAbortHandler)
	case <-c.life.Done():
		panic(http.ErrAbortHandler)
	}
}

// expireToken ends the token of the request, unless it has ended before: the one
// that took its place is not to blame.
func (c *call) expireToken() {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch token := c.service.credential(c.store, c.Header); {
	case token == nil || token.expired:
	case c.service.mount == messengerMount:
		expire(c.store.registrationTokens, &c.self.registrationToken)
	default:
		expire(c.store.skypeTokens, &c.self.skypeToken)
	}
}

// breakOff takes the connection from net/http, which would always finish an
// answer it began.
func (c *call) breakOff(w http.ResponseWriter, f *Fault, a *reply) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // not a connection that can be broken
	}
	defer conn.Close() //nolint:errcheck // broken on purpose
	if f.Kind == FaultReset {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		return
	}
	c.complete(a)
	head := new(bytes.Buffer)
	fmt.Fprintf(head, "HTTP/1.1 %d %s\r\n", a.status, http.StatusText(a.status))
	_ = a.header.Write(head)
	head.WriteString("\r\n")
	text, cut := head.Bytes(), 0
	switch {
	case len(a.body) == 0: // there is only the head to break off
		cut = len(text) / 2
	case f.Kind == FaultTruncate:
		cut = len(text) + min(f.Bytes, len(a.body)-1)
	default:
		cut = len(text) + len(a.body)/2
	}
	if _, err := conn.Write(append(text, a.body...)[:cut]); err != nil || f.Kind == FaultTruncate {
		return
	}
	defer context.AfterFunc(c.life, func() { _ = conn.Close() })()
	_, _ = io.Copy(io.Discard, conn) // until the client gives up
}

const bombBlock = 1 << 20

// explode sends spaces, packed a thousand to one.
func (c *call) explode(w http.ResponseWriter, f *Fault) {
	size := f.Bytes
	if size == 0 {
		size = 256 << 20
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(bytes.Repeat([]byte(" "), bombBlock))
	_ = z.Close()
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Encoding", "gzip")
	for range (size + bombBlock - 1) / bombBlock {
		if _, err := w.Write(packed.Bytes()); err != nil {
			return
		}
	}
}
