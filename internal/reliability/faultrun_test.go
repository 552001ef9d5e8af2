package reliability_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// writeResult is how the one write about a subject ended.
type writeResult struct {
	err   error
	maybe bool
}

// faultRun is one server with random faults and the calls to it.
type faultRun struct {
	t      *testing.T
	seed   uint64
	target int
	totals *faultTotals

	server     *skypetest.Server
	transports []*http.Transport // of HTTP/1 and HTTP/2
	logger     *slog.Logger
	reads      []apitest.Call
	writes     []apitest.Call
	states     [2]map[string]any             // what each read of the reader's account returns, for each dialect
	subjects   int                           // for each account and write
	used       [faultAccounts][]atomic.Int64 // subjects, for each write

	mu      sync.Mutex
	results map[skypecontacts.MRI]writeResult
	calls   []*faultCall
}

func (run *faultRun) run() {
	foreign := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { run.totals.foreignRequests.Add(1) }))
	defer foreign.Close()
	run.subjects = run.target / 40
	run.server = skypetest.NewServer(skypetest.WithData(faultData(run.t, run.subjects)), skypetest.WithStrictEnds())
	defer run.server.Close()
	run.transports = []*http.Transport{newFaultTransport(false), newFaultTransport(true)}
	defer run.transports[0].CloseIdleConnections()
	defer run.transports[1].CloseIdleConnections()
	run.logger = slog.New(slog.NewJSONHandler(&leakWriter{&run.totals.leaks}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	run.reads, run.writes = faultCalls(false), faultCalls(true)
	run.results = map[skypecontacts.MRI]writeResult{}
	for account := range run.used {
		run.used[account] = make([]atomic.Int64, len(run.writes))
	}
	run.readStates()

	const unlimited = 1 << 30
	faults := everyFault(foreign.URL)
	for i, f := range faults {
		f.Seed, f.Count = run.seed+uint64(i)<<32, unlimited
		if f.Probability == 0 {
			f.Probability = 0.012
		}
		run.server.Inject(f)
	}
	met := func() int { return unlimited*len(faults) - run.server.FaultsPending() }
	var workers sync.WaitGroup
	for worker := range faultWorkers {
		workers.Go(func() { run.work(worker, func() bool { return met() >= run.target }) })
	}
	workers.Wait()
	run.totals.faults.Add(int64(met()))
	run.compareEffects()
	run.compareRequests()
}

// work makes calls until the target is met.
func (run *faultRun) work(worker int, done func() bool) {
	random := rand.New(rand.NewPCG(run.seed, uint64(worker)))
	account := worker % faultAccounts
	var c, reader *skypecontacts.Client
	var dialect int
	for n := 0; !done(); n++ {
		if n%20 == 0 { // a client refreshes rarely, and stops for an hour on such a Retry-After
			dialect = random.IntN(2)
			c, reader = run.client(account, dialect, random), run.client(readerAccount, dialect, random)
			run.totals.leaks.Add(leaksIn(apitest.Printed(c)))
		}
		if n%3 == 0 {
			run.withCall(random, func(ctx context.Context, call *faultCall) error {
				return run.readState(ctx, call, reader, dialect, random)
			})
		}
		unique := fmt.Sprintf("%s-%d-%d", canaryUser, worker, n)
		run.withCall(random, func(ctx context.Context, call *faultCall) error {
			which := random.IntN(2 * len(run.writes))
			if which < len(run.writes) && int(run.used[account][which].Load()) < run.subjects {
				return run.write(ctx, c, account, which)
			}
			return run.read(ctx, call, c, random, unique)
		})
	}
}

func (run *faultRun) client(account, dialect int, random *rand.Rand) *skypecontacts.Client {
	return run.server.ClientFor(faultAccount(account),
		skypecontacts.WithHTTPClient(&http.Client{Transport: run.transports[random.IntN(2)]}), skypecontacts.WithMaxBody(1<<20),
		skypecontacts.WithLogger(run.logger), skypecontacts.WithDialect(skypecontacts.Dialect(dialect)),
		skypecontacts.WithLimiter(limiterFunc(countLimiter)), skypecontacts.WithObserver(countAttempt),
		skypecontacts.WithTimeout(scaled(150*time.Millisecond)),
		skypecontacts.WithRetry(skypecontacts.Retry{
			BaseDelay: time.Microsecond, MaxRetryAfter: time.Second, Burst: random.IntN(2) * 1 << 20,
		}))
}

// withCall makes one call, one in twenty with a deadline of up to 10 ms.
func (run *faultRun) withCall(random *rand.Rand, do func(context.Context, *faultCall) error) {
	run.totals.calls.Add(1)
	run.mu.Lock()
	call := &faultCall{id: strconv.Itoa(len(run.calls))}
	run.calls = append(run.calls, call)
	run.mu.Unlock()
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), faultCallKey{}, call))
	if random.IntN(20) == 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(10_000))*time.Microsecond)
	}
	defer cancel()
	if call.err = do(ctx, call); call.err != nil {
		run.totals.failed.Add(1)
		run.totals.leaks.Add(leaksIn(apitest.Printed(call.err)))
	}
}

// write makes a write about a subject of its own.
func (run *faultRun) write(ctx context.Context, c *skypecontacts.Client, account, which int) error {
	write := run.writes[which]
	id := faultSubject(account, write.Op, int(run.used[account][which].Add(1)-1))
	_, err := write.With(id).Do(ctx, c)
	var failure *skypecontacts.Error
	result := writeResult{err: err, maybe: errors.As(err, &failure) && failure.MaybeApplied}
	run.mu.Lock()
	defer run.mu.Unlock()
	run.results[id] = result
	return err
}

// read makes a random call that changes nothing, and ends some iterators early.
func (run *faultRun) read(ctx context.Context, call *faultCall, c *skypecontacts.Client, random *rand.Rand, unique string) (err error) {
	switch which := random.IntN(len(run.reads) + 2); which {
	case len(run.reads):
		call.several = true
		for _, err = range c.AllContacts(ctx) {
			if err != nil || random.IntN(100) == 0 {
				break
			}
		}
	case len(run.reads) + 1:
		opts := skypecontacts.LookupOptions{ChunkSize: 1, Concurrency: 1 + 3*random.IntN(2)}
		call.several, call.concurrent = true, opts.Concurrency > 1
		ids := []skypecontacts.MRI{skypecontacts.MRI(unique + "-a"), skypecontacts.MRI(unique + "-b"), skypecontacts.MRI(unique + "-c")}
		for result := range c.LookupProfiles(ctx, ids, opts) {
			if err = result.Err; random.IntN(10) == 0 {
				break
			}
		}
	default:
		read := run.reads[which]
		if read.IDs != nil && read.Op != "GetBot" {
			read = read.With(skypecontacts.MRI(unique))
		}
		call.several = read.Op == "AllContacts"
		_, err = read.Do(ctx, c)
	}
	return err
}

// ofReader returns a read with arguments for which it succeeds on readerData.
func ofReader(read apitest.Call) apitest.Call {
	switch read.Op {
	case "GetProfile", "GetAvatar":
		return read.With(skypecontacts.MRI("8:" + faultAccount(readerAccount)))
	case "GetPublicProfiles":
		return read.With(faultSubject(0, "BlockUser", 0), faultSubject(1, "SendInvite", 0))
	case "GetBot":
		return read.OnSampleData()
	}
	return read
}

// readStates makes every read of the reader's account without a fault.
func (run *faultRun) readStates() {
	for dialect := range run.states {
		run.states[dialect] = map[string]any{}
		c := run.server.ClientFor(faultAccount(readerAccount), skypecontacts.WithDialect(skypecontacts.Dialect(dialect)))
		for _, read := range run.reads {
			state, err := ofReader(read).Do(run.t.Context(), c)
			require.NoError(run.t, err, read.Op)
			run.states[dialect][read.Op] = state
		}
	}
}

// readState makes a random read of the reader's account, and compares what it returns.
func (run *faultRun) readState(ctx context.Context, call *faultCall, c *skypecontacts.Client, dialect int, random *rand.Rand) error {
	read := run.reads[random.IntN(len(run.reads))]
	call.several = read.Op == "AllContacts"
	got, err := ofReader(read).Do(ctx, c)
	if err != nil {
		return err
	}
	run.totals.comparedReads.Add(1)
	want := run.states[dialect][read.Op]
	if !assert.ObjectsAreEqual(want, got) && (read.Op == "RefreshRoster" || !assert.ObjectsAreEqual(withoutList(want), got)) {
		run.totals.wrongReads.Add(1)
		run.t.Errorf("%s returned %+v", read.Op, got)
	}
	return nil
}

// withoutList returns a result as it is when the service leaves out its list, which
// stands for an empty list, except where one was known before.
func withoutList(result any) any {
	switch v := result.(type) {
	case *skypecontacts.ContactList:
		return &skypecontacts.ContactList{Count: v.Count, Scope: v.Scope}
	case *skypecontacts.Blocklist:
		return &skypecontacts.Blocklist{Count: v.Count, Scope: v.Scope}
	case *skypecontacts.Roster:
		return &skypecontacts.Roster{Blocked: v.Blocked, Groups: v.Groups, Scope: v.Scope, ETag: v.ETag}
	}
	return result
}

// compareEffects counts the differences between what the writes returned and what the
// server recorded.
func (run *faultRun) compareEffects() {
	effects := map[skypecontacts.MRI]int{}
	for _, e := range run.server.Effects() {
		effects[e.Subject]++
	}
	for id, n := range effects {
		if _, called := run.results[id]; n > 1 || !called {
			run.totals.effectsTwice.Add(1)
			run.t.Errorf("%d effects on %s", n, id)
		}
	}
	for id, result := range run.results {
		switch {
		case result.err == nil && effects[id] == 0:
			run.totals.successesWithoutEffect.Add(1)
			run.t.Errorf("success without effect on %s", id)
		case result.err != nil && !result.maybe && effects[id] != 0:
			run.totals.effectsDenied.Add(1)
			run.t.Errorf("denied effect on %s: %v", id, result.err)
		}
	}
}

// compareRequests counts the differences between what the calls counted and what the
// server received.
func (run *faultRun) compareRequests() {
	posts, received := map[string]int{}, map[string]int{}
	for _, r := range run.server.Requests() {
		run.totals.requests.Add(1)
		received[r.Header.Get(faultCallHeader)]++
		content := r.Path + string(r.Body)
		// A look-up is repeated as a GET is, although it is a POST.
		if r.Method == http.MethodPost && r.Operation != "GetPublicProfiles" {
			// With another token it is another attempt, after the first was rejected.
			key := content + r.Header.Get("X-Skypetoken")
			if posts[key]++; posts[key] > 1 {
				run.totals.postsTwice.Add(1)
				run.t.Errorf("a POST was sent twice: %s", key)
			}
		}
		for account := range faultAccounts {
			subject := fmt.Sprintf("%s-%d-", canaryUser, account)
			if r.Method != http.MethodGet && r.Operation != "GetPublicProfiles" && strings.Contains(content, subject) &&
				r.Account != "" && r.Account != skypecontacts.MRI("8:"+faultAccount(account)) {
				run.totals.mixedAccounts.Add(1)
			}
		}
	}
	for _, call := range run.calls {
		call.compare(run.t, run.totals, received[call.id])
	}
}

// faultCall is one call: what its limiter and observer saw.
type faultCall struct {
	id         string // sent in faultCallHeader
	several    bool   // it may make several requests that are no repeats
	concurrent bool   // and at the same time

	mu         sync.Mutex
	asked      int  // times the limiter was asked
	attempts   int  // attempts the observer saw
	repeats    int  // requests that net/http sent again, and the client counted
	number     int  // of the last attempt
	unanswered bool // an attempt got no response; its request may have been lost with the connection
	err        error
}

type faultCallKey struct{}

func countLimiter(ctx context.Context) error {
	call := ctx.Value(faultCallKey{}).(*faultCall)
	call.mu.Lock()
	defer call.mu.Unlock()
	call.asked++
	return nil
}

func countAttempt(ctx context.Context, attempt skypecontacts.Attempt) {
	call := ctx.Value(faultCallKey{}).(*faultCall)
	call.mu.Lock()
	defer call.mu.Unlock()
	call.attempts++
	if !call.concurrent && attempt.Number > call.number+1 {
		call.repeats += attempt.Number - call.number - 1
	}
	call.number = attempt.Number
	call.unanswered = call.unanswered || attempt.Status == 0
}

// compare compares what the call counted to the number of requests received.
func (call *faultCall) compare(t *testing.T, totals *faultTotals, received int) {
	t.Helper()
	counted := call.attempts + call.repeats
	totals.repeats.Add(int64(call.repeats))
	if received > counted && !call.concurrent {
		totals.uncounted.Add(1)
		t.Errorf("%d requests, of which %d were counted: %v", received, counted, call.err)
	}
	if call.attempts > call.asked || received > call.asked+call.repeats && !call.concurrent {
		totals.unlimited.Add(1)
		t.Errorf("%d requests in %d attempts, for which the limiter was asked %d times: %v", received, call.attempts, call.asked, call.err)
	}
	if call.several {
		return
	}
	if int64(received) > totals.mostAttempts.Load() {
		totals.mostAttempts.Store(int64(received))
	}
	var failure *skypecontacts.Error
	wrong := errors.As(call.err, &failure) && failure.Attempts != counted ||
		call.asked > call.attempts+1 || call.err == nil && call.asked != call.attempts
	if !call.unanswered && call.repeats == 0 {
		totals.compared.Add(1)
		wrong = wrong || received != counted
	}
	if wrong {
		totals.wrongAttempts.Add(1)
		t.Errorf("%d requests, %d counted, the limiter was asked %d times: %v", received, counted, call.asked, call.err)
	}
}

const faultCallHeader = "X-Fault-Call"

// newFaultTransport returns a transport that adds the identifier of the call to its
// requests. Proxy is the only place to do so: the client does not trust its trace of
// connections with a transport of another type.
func newFaultTransport(overHTTP2 bool) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(!overHTTP2)
	protocols.SetUnencryptedHTTP2(overHTTP2)
	return &http.Transport{
		MaxIdleConnsPerHost: faultWorkers, MaxResponseHeaderBytes: 256 << 10, Protocols: protocols,
		Proxy: func(req *http.Request) (*url.URL, error) {
			call, ok := req.Context().Value(faultCallKey{}).(*faultCall)
			if ok && req.Header.Get(faultCallHeader) == "" {
				req.Header.Set(faultCallHeader, call.id)
			}
			return nil, nil // no proxy
		},
	}
}
