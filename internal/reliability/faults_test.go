package reliability_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
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
	"go.uber.org/goleak"
)

var (
	faultCount = flag.Int("faults", 0, "faults of TestRandomFaults; 0: 2,000, with -figures 10,000")
	faultSeed  = flag.Uint64("faultseed", 1, "seed of the first server of TestRandomFaults")
)

const (
	faultsPerServer = 5000
	faultAccounts   = 4
	faultWorkers    = 16
	canaryUser      = "canary-user"
	canaryToken     = "canary-token"
)

// faultCalls returns one call of each method, by its name. Every subject is the
// argument of one write only, so that an effect on it is the effect of that call.
func faultCalls(writes bool) (calls []apitest.Call) {
	for _, call := range apitest.Calls() {
		if call.Writes == writes && !slices.ContainsFunc(calls, func(other apitest.Call) bool { return other.Op == call.Op }) {
			calls = append(calls, call)
		}
	}
	return calls
}

func faultAccount(n int) string { return fmt.Sprintf("%s-account-%d", canaryUser, n) }

func faultSubject(account int, op string, n int) skypecontacts.MRI {
	return skypecontacts.MRI(fmt.Sprintf("8:%s-%d-%s-%d", canaryUser, account, strings.ToLower(op), n))
}

// faultData returns for each account and each write the number of subjects given,
// in the state in which the write has an effect on them.
func faultData(t *testing.T, subjects int) (data skypetest.Data) {
	t.Helper()
	var others []skypetest.Account
	for account := range faultAccounts {
		own := skypetest.Account{
			MRI:        skypecontacts.MRI("8:" + faultAccount(account)),
			SkypeToken: fmt.Sprintf("%s-%d", canaryToken, account), RegistrationToken: fmt.Sprintf("%s-%d-registration", canaryToken, account),
		}
		for _, write := range faultCalls(true) {
			for n := range subjects {
				id := faultSubject(account, write.Op, n)
				others = append(others, skypetest.Account{MRI: id, Profile: skypetest.Profile{DisplayName: string(id)}})
				switch write.Op {
				case "AcceptInvite", "DeclineInvite", "LegacyAcceptAuthRequest", "LegacyDeclineAuthRequest":
					own.Invites = append(own.Invites, skypetest.Invite{From: id, Messages: []skypetest.Message{{Text: "Hi"}}})
				case "RevokeContact":
					own.Contacts = append(own.Contacts, skypetest.Contact{MRI: id, Authorized: true})
				case "UnblockUser":
					own.Blocklist = append(own.Blocklist, id)
				case "RemoveContact":
					own.Messenger = append(own.Messenger, id)
				case "SendInvite", "BlockUser", "AddContact": // have an effect on anybody
				default:
					t.Fatalf("%s: the state in which it has an effect is missing here", write.Op)
				}
			}
		}
		data.Accounts = append(data.Accounts, own)
	}
	data.Accounts = append(data.Accounts, others...)
	data.Bots = skypetest.SampleData().Bots
	return data
}

// everyFault returns faults of every kind, before and after the effect.
func everyFault(foreign string) (faults []skypetest.Fault) {
	for _, status := range []int{400, 401, 403, 408, 409, 412, 429, 500, 502, 503, 504} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultStatus, Status: status})
	}
	// Not for a DELETE: its 404 is success when an earlier attempt may have been
	// applied, so there the 404 must be true.
	for _, operation := range []string{"ListContacts", "SendInvite", "BlockUser", "AcceptInvite", "GetPublicProfiles"} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultStatus, Status: 404, Operation: operation})
	}
	for _, status := range []int{408, 500, 502, 503, 504} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultStatus, Status: status, AfterEffect: true})
	}
	for _, status := range redirectCodes {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultRedirect, Status: status, Location: foreign})
	}
	for _, length := range []int{0, 1, 10, 100, 1000, 1 << 20} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultTruncate, Bytes: length})
	}
	for _, after := range []bool{false, true} {
		faults = append(faults,
			skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: after},
			skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: after, Delay: 2 * time.Millisecond},
			skypetest.Fault{Kind: skypetest.FaultDelay, AfterEffect: after, Delay: 5 * time.Millisecond},
			skypetest.Fault{Kind: skypetest.FaultGarbage, AfterEffect: after},
			skypetest.Fault{Kind: skypetest.FaultHTML, AfterEffect: after},
			skypetest.Fault{Kind: skypetest.FaultHTML, AfterEffect: after, Status: 502},
			skypetest.Fault{Kind: skypetest.FaultGzipBomb, AfterEffect: after, Bytes: 4 << 20},
			skypetest.Fault{Kind: skypetest.FaultStall, AfterEffect: after},
		)
	}
	return append(faults, skypetest.Fault{Kind: skypetest.FaultRateLimit}, skypetest.Fault{Kind: skypetest.FaultStallInside},
		skypetest.Fault{Kind: skypetest.FaultExpireToken},
		skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: time.Hour})
}

// faultTotals counts what happened, and every broken promise.
type faultTotals struct {
	faults, calls, requests, failed atomic.Int64

	effectsTwice, postsTwice, foreignRequests, leaks     atomic.Int64
	successesWithoutEffect, effectsDenied, mixedAccounts atomic.Int64
}

// Random calls meet random faults. No promise is broken by any of them.
func TestRandomFaults(t *testing.T) { //nolint:paralleltest // counts goroutines
	target := *faultCount
	switch {
	case target != 0:
	case *printFigures && !raceEnabled:
		target = 10_000
	default:
		target = 2000
	}
	before := goleak.IgnoreCurrent()
	var totals faultTotals
	began := time.Now()
	for seed := *faultSeed; totals.faults.Load() < int64(target); seed++ {
		(&faultRun{t: t, seed: seed, target: min(faultsPerServer, target), totals: &totals}).run()
	}
	leaked := goleak.Find(before)
	t.Logf("%d faults met by %d calls with %d requests, of which %d calls failed, in %v",
		totals.faults.Load(), totals.calls.Load(), totals.requests.Load(), totals.failed.Load(), time.Since(began).Round(time.Second))
	measured.set("random faults: injected", totals.faults.Load(), fmt.Sprintf("at least %d", target))
	require.NoError(t, leaked)
	for _, c := range []struct {
		promise string
		n       *atomic.Int64
	}{
		{"writes that took effect twice", &totals.effectsTwice},
		{"POSTs sent twice", &totals.postsTwice},
		{"requests to a foreign host", &totals.foreignRequests},
		{"tokens or ids in errors, JSON and logs", &totals.leaks},
		{"successes without effect", &totals.successesWithoutEffect},
		{"effects denied without MaybeApplied", &totals.effectsDenied},
		{"requests with another account's token", &totals.mixedAccounts},
	} {
		measured.set("random faults: "+c.promise, c.n.Load(), "0")
		require.Zero(t, c.n.Load(), c.promise)
	}
	measured.set("random faults: goroutines left", 0, "0")
}

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

	server    *skypetest.Server
	transport *http.Transport
	logger    *slog.Logger
	reads     []apitest.Call
	writes    []apitest.Call
	subjects  int                           // for each account and write
	used      [faultAccounts][]atomic.Int64 // subjects, for each write

	mu      sync.Mutex
	results map[skypecontacts.MRI]writeResult
}

func (run *faultRun) run() {
	foreign := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { run.totals.foreignRequests.Add(1) }))
	defer foreign.Close()
	run.subjects = run.target / 40
	run.server = skypetest.NewServer(skypetest.WithData(faultData(run.t, run.subjects)))
	defer run.server.Close()
	const unlimited = 1 << 30
	faults := everyFault(foreign.URL)
	for i, f := range faults {
		f.Probability, f.Seed, f.Count = 0.02, run.seed+uint64(i)<<32, unlimited
		if f.Kind == skypetest.FaultStall || f.Kind == skypetest.FaultStallInside || f.RetryAfter > 0 {
			f.Probability = 0.004 // they take time
		}
		run.server.Inject(f)
	}
	met := func() int { return unlimited*len(faults) - run.server.FaultsPending() }
	run.transport = &http.Transport{MaxIdleConnsPerHost: faultWorkers, MaxResponseHeaderBytes: 256 << 10}
	defer run.transport.CloseIdleConnections()
	run.logger = slog.New(slog.NewJSONHandler(&leakWriter{&run.totals.leaks}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	run.reads, run.writes = faultCalls(false), faultCalls(true)
	run.results = map[skypecontacts.MRI]writeResult{}
	for account := range run.used {
		run.used[account] = make([]atomic.Int64, len(run.writes))
	}
	var workers sync.WaitGroup
	for worker := range faultWorkers {
		workers.Go(func() {
			random := rand.New(rand.NewPCG(run.seed, uint64(worker)))
			account := worker % faultAccounts
			var c *skypecontacts.Client
			for n := 0; met() < run.target; n++ {
				if n%20 == 0 { // a client refreshes rarely, and stops for an hour on such a Retry-After
					c = run.client(account, random)
				}
				run.call(c, account, random, fmt.Sprintf("%s-%d-%d", canaryUser, worker, n))
			}
			run.totals.leaks.Add(leaksIn(apitest.Printed(c)))
		})
	}
	workers.Wait()
	run.totals.faults.Add(int64(met()))
	run.compare()
}

func (run *faultRun) client(account int, random *rand.Rand) *skypecontacts.Client {
	return run.server.ClientFor(faultAccount(account),
		skypecontacts.WithHTTPClient(&http.Client{Transport: run.transport}), skypecontacts.WithMaxBody(1<<20),
		skypecontacts.WithLogger(run.logger), skypecontacts.WithDialect(skypecontacts.Dialect(random.IntN(2))),
		skypecontacts.WithTimeout(scaled(150*time.Millisecond)),
		skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Microsecond, Burst: random.IntN(2) * 1 << 20}))
}

// call makes one random call, one in twenty with a deadline of up to 10 ms.
func (run *faultRun) call(c *skypecontacts.Client, account int, random *rand.Rand, unique string) {
	ctx, cancel := context.WithCancel(context.Background())
	if random.IntN(20) == 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(10_000))*time.Microsecond)
	}
	defer cancel()
	run.totals.calls.Add(1)
	var err error
	if which := random.IntN(2 * len(run.writes)); which < len(run.writes) && int(run.used[account][which].Load()) < run.subjects {
		write := run.writes[which]
		id := faultSubject(account, write.Op, int(run.used[account][which].Add(1)-1))
		_, err = write.With(id).Do(ctx, c)
		var failure *skypecontacts.Error
		result := writeResult{err: err, maybe: errors.As(err, &failure) && failure.MaybeApplied}
		run.mu.Lock()
		run.results[id] = result
		run.mu.Unlock()
	} else {
		err = run.read(ctx, c, random, unique)
	}
	if err != nil {
		run.totals.failed.Add(1)
		run.totals.leaks.Add(leaksIn(apitest.Printed(err)))
	}
}

// read makes a random call that changes nothing, and ends some iterators early.
func (run *faultRun) read(ctx context.Context, c *skypecontacts.Client, random *rand.Rand, unique string) (err error) {
	switch which := random.IntN(len(run.reads) + 2); which {
	case len(run.reads):
		for _, err = range c.AllContacts(ctx) {
			if err != nil || random.IntN(100) == 0 {
				break
			}
		}
	case len(run.reads) + 1:
		ids := []skypecontacts.MRI{skypecontacts.MRI(unique + "-a"), skypecontacts.MRI(unique + "-b"), skypecontacts.MRI(unique + "-c")}
		for result := range c.LookupProfiles(ctx, ids, skypecontacts.LookupOptions{ChunkSize: 1}) {
			if err = result.Err; random.IntN(10) == 0 {
				break
			}
		}
	default:
		call := run.reads[which]
		if call.IDs != nil && call.Op != "GetBot" {
			call = call.With(skypecontacts.MRI(unique)) // no POST may be sent twice
		}
		_, err = call.Do(ctx, c)
	}
	return err
}

// compare counts the differences between what the calls returned and what the
// server recorded.
func (run *faultRun) compare() {
	t := run.t
	t.Helper()
	effects := map[skypecontacts.MRI]int{}
	for _, e := range run.server.Effects() {
		effects[e.Subject]++
	}
	for id, n := range effects {
		if _, called := run.results[id]; n > 1 || !called {
			run.totals.effectsTwice.Add(1)
			t.Errorf("%d effects on %s", n, id)
		}
	}
	for id, result := range run.results {
		switch {
		case result.err == nil && effects[id] == 0:
			run.totals.successesWithoutEffect.Add(1)
			t.Errorf("success without effect on %s", id)
		case result.err != nil && !result.maybe && effects[id] != 0:
			run.totals.effectsDenied.Add(1)
			t.Errorf("denied effect on %s: %v", id, result.err)
		}
	}
	posts := map[string]int{}
	for _, r := range run.server.Requests() {
		run.totals.requests.Add(1)
		content := r.Path + string(r.Body)
		if r.Method == http.MethodPost {
			// With another token it is another attempt, after the first was rejected.
			key := content + r.Header.Get("X-Skypetoken")
			if posts[key]++; posts[key] > 1 {
				run.totals.postsTwice.Add(1)
				t.Errorf("a POST was sent twice: %s", key)
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
}

var canaryForms = slices.Concat(apitest.SecretForms(canaryUser), apitest.SecretForms(canaryToken))

func leaksIn(text string) (n int64) {
	for _, form := range canaryForms {
		if strings.Contains(text, form) {
			n++
		}
	}
	return n
}

// leakWriter counts the canaries in a log.
type leakWriter struct{ leaks *atomic.Int64 }

func (w *leakWriter) Write(line []byte) (int, error) {
	w.leaks.Add(leaksIn(string(line)))
	return len(line), nil
}

func TestLeaksAreFound(t *testing.T) {
	t.Parallel()
	var leaks atomic.Int64
	_, err := (&leakWriter{&leaks}).Write([]byte("a " + canaryUser))
	require.NoError(t, err)
	require.EqualValues(t, 1, leaks.Load())
	assert.Positive(t, leaksIn(apitest.Printed(errors.New(canaryToken+"-1"))))
	assert.Zero(t, leaksIn(apitest.Printed(errors.New("nothing"))))
}

// 64 goroutines call every method of one client at the same time.
func TestSharedClient(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	t.Cleanup(server.Close)
	calls := apitest.ByRoute()
	clients := map[skypecontacts.Dialect]*skypecontacts.Client{}
	for _, dialect := range []skypecontacts.Dialect{skypecontacts.DialectDocumented, skypecontacts.DialectCurrent} {
		clients[dialect] = server.Client(skypecontacts.WithDialect(dialect), skypecontacts.WithTimeout(scaled(time.Minute)))
	}
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			for name, call := range calls { // in random order
				_, err := call.OnSampleData().Do(context.Background(), clients[call.Dialect])
				if !call.Writes {
					assert.NoError(t, err, name)
				} else if err != nil { // another goroutine was first
					assert.ErrorIs(t, err, skypecontacts.ErrNotFound, name)
				}
			}
		})
	}
	group.Wait()
	measured.set("goroutines that share a client, each with every method", 64, "64")
}
