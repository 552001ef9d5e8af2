package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// front is what stands before the fake service. It sees every request before anything can
// go wrong with it, and counts.
type front struct {
	size    fakeSize
	service http.Handler

	mu         sync.Mutex
	generation int       // of the tokens; those of older ones have expired
	restUntil  time.Time // everybody gets a 429 until then
	requests   []*received
	renewals   []int // by account
	onInvite   func(worker string)
}

// received is a request for the service.
type received struct {
	at      time.Time
	account int // -1 without a valid token
	worker  string
	method  string
	sync    bool // of the whole view of an account, or what has changed in it
	status  int  // 0 without a response
	delta   bool // the response has only what has changed
}

func newFront(size fakeSize) *front {
	return &front{size: size, renewals: make([]int, size.accounts)}
}

// renewPath is where a secret is exchanged for a token. It is another service than the
// contacts and has no limit here.
const renewPath = "/renew"

const tokenLifetime = 24 * time.Hour

// The credentials of the account with a number: the one with which the bridge requests
// tokens, a token that the front takes, and the one behind it that skypetest takes.
func secretOf(i int) string            { return fmt.Sprintf("bridge-secret-%d", i) }
func tokenOf(i, generation int) string { return fmt.Sprintf("bridge-token-%d-%d", i, generation) }
func serviceToken(i int) string        { return serviceTokenPrefix + strconv.Itoa(i) }

const serviceTokenPrefix = "behind-the-front-"

// parse reports whether a text has a form, and sets the values in it.
func parse(form, text string, into ...any) bool {
	n, _ := fmt.Sscanf(text, form, into...) // too few values say that it has not
	return n == len(into)
}

func (f *front) wrap(service http.Handler) http.Handler {
	f.service = service
	return f
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == renewPath {
		f.renew(w, r)
		return
	}
	if strings.HasPrefix(r.Header.Get("X-Skypetoken"), serviceTokenPrefix) { // of clientFor
		f.service.ServeHTTP(w, r)
		return
	}
	rec, wait := f.receive(r)
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	select {
	case <-time.After(f.size.latency):
	case <-r.Context().Done():
		return
	}
	r.Header.Set("X-Skypetoken", "expired")
	if rec.account >= 0 {
		r.Header.Set("X-Skypetoken", serviceToken(rec.account))
	}
	out := &recorder{ResponseWriter: w}
	f.service.ServeHTTP(out, r)
	f.mu.Lock()
	rec.status, rec.delta = out.status, out.delta
	hold := f.onInvite
	if rec.method == http.MethodPost && rec.status == http.StatusCreated {
		f.onInvite = nil
	} else {
		hold = nil
	}
	f.mu.Unlock()
	if hold != nil {
		hold(rec.worker)
	}
}

// holdInvite calls hold once, when the next invite is made and its response not sent yet.
func (f *front) holdInvite(hold func(worker string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.onInvite = hold
}

// receive records a request. It returns how long the client has to wait if it is refused.
func (f *front) receive(r *http.Request) (rec *received, wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	rec = &received{
		at: time.Now(), account: -1, worker: r.UserAgent(), method: r.Method,
		sync: r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/users/self"),
	}
	f.requests = append(f.requests, rec)
	inLastSecond := len(f.requests) - f.first(rec.at.Add(-time.Second))
	switch {
	case rec.at.Before(f.restUntil):
		wait = f.restUntil.Sub(rec.at)
	case inLastSecond > f.size.limit:
		wait = time.Second
	}
	if wait > 0 {
		rec.status = http.StatusTooManyRequests
	}
	var account, generation int
	if parse("bridge-token-%d-%d", r.Header.Get("X-Skypetoken"), &account, &generation) && generation == f.generation {
		rec.account = account
	}
	return rec, wait
}

// first returns the index of the first request after a time.
func (f *front) first(after time.Time) int {
	i, _ := slices.BinarySearchFunc(f.requests, after, func(r *received, t time.Time) int {
		if r.at.After(t) {
			return 1
		}
		return -1
	})
	return i
}

// renew responds with a token for a secret.
func (f *front) renew(w http.ResponseWriter, r *http.Request) {
	var account int
	if !parse("Bearer bridge-secret-%d", r.Header.Get("Authorization"), &account) || account >= f.size.accounts {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.renewals[account]++
	_ = json.NewEncoder(w).Encode(renewed{tokenOf(account, f.generation), time.Now().Add(tokenLifetime)})
}

// renewed is the response to a request for a token.
type renewed struct {
	Token  string    `json:"token"`
	Expiry time.Time `json:"expiry"`
}

// expireTokens makes all tokens invalid at once, whatever their expiry was said to be.
func (f *front) expireTokens() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.generation++
	clear(f.renewals)
}

// beginRest refuses everybody for a time.
func (f *front) beginRest(d time.Duration) (until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.restUntil = time.Now().Add(d)
	return f.restUntil
}

// recorder notes the status of a response and whether it is a delta.
type recorder struct {
	http.ResponseWriter
	status int
	delta  bool
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(body []byte) (int, error) {
	r.delta = r.delta || bytes.Contains(body, []byte(`"scope":"delta"`))
	return r.ResponseWriter.Write(body)
}
