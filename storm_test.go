package skypecontacts_test

import (
	"bytes"
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
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

var (
	stormFaults = flag.Int("storm", 0, "faults of the storm; 0 for a number that suits a normal run")
	stormSeed   = flag.Uint64("stormseed", 1, "of the first round of the storm")
)

const (
	stormRound   = 5000 // faults met by one server
	stormOwners  = 4
	stormWorkers = 16
	canaryUser   = "canary-user"
	canaryToken  = "canary-token"
)

// stormWrites are the changes of the storm. Each subject is used by one call of
// one of them only, so that whatever happens to a subject is known to be the
// work of that call.
var stormWrites = []struct {
	name string
	call func(context.Context, *skypecontacts.Client, skypecontacts.MRI) error
}{
	{"invite", func(ctx context.Context, c *skypecontacts.Client, id skypecontacts.MRI) error {
		return c.SendInvite(ctx, id, "Hi "+string(id))
	}},
	{"accept", bind((*skypecontacts.Client).AcceptInvite)},
	{"decline", bind((*skypecontacts.Client).DeclineInvite)},
	{"revoke", bind((*skypecontacts.Client).RevokeContact)},
	{"block", func(ctx context.Context, c *skypecontacts.Client, id skypecontacts.MRI) error {
		return c.BlockUser(ctx, id, skypecontacts.BlockOptions{ReportAbuse: true, Reason: string(id)})
	}},
	{"unblock", bind((*skypecontacts.Client).UnblockUser)},
	{"add", bind((*skypecontacts.Client).AddContact)},
	{"remove", bind((*skypecontacts.Client).RemoveContact)},
	{"legacy-accept", bind((*skypecontacts.Client).LegacyAcceptAuthRequest)},
	{"legacy-decline", bind((*skypecontacts.Client).LegacyDeclineAuthRequest)},
}

func bind(method func(*skypecontacts.Client, context.Context, skypecontacts.MRI) error) func(context.Context, *skypecontacts.Client, skypecontacts.MRI) error {
	return func(ctx context.Context, c *skypecontacts.Client, id skypecontacts.MRI) error {
		return method(c, ctx, id)
	}
}

func stormOwner(n int) string { return fmt.Sprintf("%s-owner-%d", canaryUser, n) }

func stormSubject(owner int, write string, n int) skypecontacts.MRI {
	return skypecontacts.MRI(fmt.Sprintf("8:%s-%d-%s-%d", canaryUser, owner, write, n))
}

// stormData has for each owner and each change as many subjects as are given, in
// the state in which the change has an effect on them.
func stormData(subjects int) (data skypetest.Data) {
	var others []skypetest.Account
	for owner := range stormOwners {
		own := skypetest.Account{
			MRI:        skypecontacts.MRI("8:" + stormOwner(owner)),
			SkypeToken: fmt.Sprintf("%s-%d", canaryToken, owner), RegistrationToken: fmt.Sprintf("%s-%d-registration", canaryToken, owner),
		}
		for _, write := range stormWrites {
			for n := range subjects {
				id := stormSubject(owner, write.name, n)
				others = append(others, skypetest.Account{MRI: id, Profile: skypetest.Profile{DisplayName: string(id)}})
				switch write.name {
				case "accept", "decline", "legacy-accept", "legacy-decline":
					own.Invites = append(own.Invites, skypetest.Invite{From: id, Messages: []skypetest.Message{{Text: "Hi"}}})
				case "revoke":
					own.Contacts = append(own.Contacts, skypetest.Contact{MRI: id, Authorized: true})
				case "unblock":
					own.Blocklist = append(own.Blocklist, id)
				case "remove":
					own.Messenger = append(own.Messenger, id)
				}
			}
		}
		data.Accounts = append(data.Accounts, own)
	}
	data.Accounts = append(data.Accounts, others...)
	data.Bots = skypetest.SampleData().Bots
	return data
}

// stormKinds are faults of every kind, before and after the effect.
func stormKinds(evil string) (faults []skypetest.Fault) {
	for _, status := range []int{400, 401, 403, 408, 409, 412, 429, 500, 502, 503, 504} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultStatus, Status: status})
	}
	// Not of a DELETE: that it finds nothing, when an earlier attempt may have been
	// heard, is success, so there the service must not lie about it.
	for _, operation := range []string{"ListContacts", "SendInvite", "BlockUser", "AcceptInvite", "GetPublicProfiles"} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultStatus, Status: 404, Operation: operation})
	}
	for _, status := range []int{408, 500, 502, 503, 504} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultStatus, Status: status, AfterEffect: true})
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultRedirect, Status: status, Location: evil})
	}
	for _, cut := range []int{0, 1, 10, 100, 1000, 1 << 20} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultTruncate, Bytes: cut})
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

// stormCount is what a storm is judged by.
type stormCount struct {
	faults, calls, requests, failed                   atomic.Int64
	twice, postsTwice, evil, leaks, hollow, lies, mix atomic.Int64
}

// A storm of random calls and random faults, in which nothing may happen twice,
// be said falsely, or get out.
func TestFaultStorm(t *testing.T) { //nolint:paralleltest // counts goroutines
	target := *stormFaults
	switch {
	case target != 0:
	case skypecontacts.RaceEnabled:
		target = stormRound / 2
	default:
		target = 2 * stormRound
	}
	before := goleak.IgnoreCurrent()
	var count stormCount
	began := time.Now()
	for seed := *stormSeed; count.faults.Load() < int64(target); seed++ {
		stormOnce(t, seed, min(stormRound, target), &count)
	}
	leaked := goleak.Find(before)
	t.Logf("%d faults met by %d calls with %d requests, of which %d calls failed, in %v",
		count.faults.Load(), count.calls.Load(), count.requests.Load(), count.failed.Load(), time.Since(began).Round(time.Second))
	skypecontacts.Measured("storm: faults injected", count.faults.Load(), fmt.Sprintf("at least %d", target))
	require.NoError(t, leaked)
	for _, c := range []struct {
		what string
		n    *atomic.Int64
	}{
		{"changes that took effect twice", &count.twice},
		{"POSTs seen twice", &count.postsTwice},
		{"requests at a wrong host", &count.evil},
		{"tokens or ids in errors, JSON and logs", &count.leaks},
		{"successes without effect", &count.hollow},
		{"effects denied without MaybeApplied", &count.lies},
		{"requests with another account's token", &count.mix},
	} {
		skypecontacts.Measured("storm: "+c.what, c.n.Load(), "0")
		require.Zero(t, c.n.Load(), c.what)
	}
	skypecontacts.Measured("storm: goroutines left", 0, "0")
}

// deed is one change that was called for, and what came of it.
type deed struct {
	err   error
	maybe bool
}

func stormOnce(t *testing.T, seed uint64, target int, count *stormCount) {
	t.Helper()
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { count.evil.Add(1) }))
	defer evil.Close()
	subjects := target / 40
	server := skypetest.NewServer(skypetest.WithData(stormData(subjects)))
	defer server.Close()
	const unlimited = 1 << 30
	kinds := stormKinds(evil.URL)
	for i, f := range kinds {
		f.Probability, f.Seed, f.Count = 0.02, seed+uint64(i)<<32, unlimited
		if f.Kind == skypetest.FaultStall || f.Kind == skypetest.FaultStallInside || f.RetryAfter > 0 {
			f.Probability = 0.004 // they take time
		}
		server.Inject(f)
	}
	met := func() int { return unlimited*len(kinds) - server.FaultsPending() }
	transport := &http.Transport{MaxIdleConnsPerHost: stormWorkers, MaxResponseHeaderBytes: 256 << 10}
	defer transport.CloseIdleConnections()
	logger := slog.New(slog.NewJSONHandler(&leakWriter{count}, &slog.HandlerOptions{Level: slog.LevelDebug}))

	var lock sync.Mutex
	deeds := map[skypecontacts.MRI]deed{}
	var used [stormOwners][]atomic.Int64
	for owner := range used {
		used[owner] = make([]atomic.Int64, len(stormWrites))
	}
	var workers sync.WaitGroup
	for worker := range stormWorkers {
		workers.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(worker)))
			owner := worker % stormOwners
			var c *skypecontacts.Client
			for n := 0; met() < target; n++ {
				if n%20 == 0 { // a client asks for a token twice a minute, and shuts up for an hour if it is told to
					c = server.ClientFor(stormOwner(owner),
						skypecontacts.WithHTTPClient(&http.Client{Transport: transport}), skypecontacts.WithMaxBody(1<<20),
						skypecontacts.WithLogger(logger), skypecontacts.WithDialect(skypecontacts.Dialect(random.IntN(2))),
						skypecontacts.WithTimeout(skypecontacts.Within(150*time.Millisecond)),
						skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Microsecond, Burst: random.IntN(2) * 1 << 20}))
				}
				ctx, cancel := context.WithCancel(context.Background())
				if random.IntN(20) == 0 {
					ctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(10_000))*time.Microsecond)
				}
				count.calls.Add(1)
				which := random.IntN(2 * len(stormWrites))
				var err error
				if which < len(stormWrites) && int(used[owner][which].Load()) < subjects {
					id := stormSubject(owner, stormWrites[which].name, int(used[owner][which].Add(1)-1))
					err = stormWrites[which].call(ctx, c, id)
					var failure *skypecontacts.Error
					d := deed{err: err, maybe: errors.As(err, &failure) && failure.MaybeApplied}
					lock.Lock()
					deeds[id] = d
					lock.Unlock()
				} else {
					err = stormRead(ctx, c, random, fmt.Sprintf("%s-%d-%d", canaryUser, worker, n))
				}
				cancel()
				if err != nil {
					count.failed.Add(1)
					count.leaks.Add(leaksIn(skypecontacts.Printed(err)))
				}
			}
			count.leaks.Add(leaksIn(skypecontacts.Printed(c)))
		})
	}
	workers.Wait()
	count.faults.Add(int64(met()))
	judgeStorm(t, server, deeds, count)
}

// stormRead is a random call that changes nothing.
func stormRead(ctx context.Context, c *skypecontacts.Client, random *rand.Rand, unique string) (err error) {
	switch random.IntN(17) {
	case 0:
		_, err = c.ListContacts(ctx)
	case 1:
		_, err = c.ListBlocked(ctx)
	case 2:
		_, err = c.ListGroups(ctx)
	case 3:
		_, err = c.GetRoster(ctx)
	case 4:
		_, err = c.RefreshRoster(ctx, nil)
	case 5:
		for _, err = range c.AllContacts(ctx) {
			if err != nil || random.IntN(100) == 0 {
				break
			}
		}
	case 6:
		_, err = c.ListInvites(ctx)
	case 7:
		_, err = c.GetOwnProfile(ctx)
	case 8:
		_, err = c.GetProfile(ctx, skypecontacts.MRI(unique))
	case 9:
		_, err = c.GetPublicProfiles(ctx, skypecontacts.MRI(unique))
	case 10:
		_, err = c.SearchDirectory(ctx, unique)
	case 11:
		_, err = c.GetBot(ctx, "concierge")
	case 12:
		_, err = c.LegacyListAuthRequests(ctx)
	case 13:
		_, err = c.LegacyListContacts(ctx)
	case 14:
		_, err = c.LegacySearchDirectory(ctx, unique)
	case 15:
		_, err = c.ListBots(ctx)
	case 16:
		ids := []skypecontacts.MRI{skypecontacts.MRI(unique + "-a"), skypecontacts.MRI(unique + "-b"), skypecontacts.MRI(unique + "-c")}
		for result := range c.LookupProfiles(ctx, ids, skypecontacts.LookupOptions{ChunkSize: 1}) {
			if err = result.Err; random.IntN(10) == 0 {
				break
			}
		}
	}
	return err
}

// judgeStorm compares what the callers were told with what the server saw.
func judgeStorm(t *testing.T, server *skypetest.Server, deeds map[skypecontacts.MRI]deed, count *stormCount) {
	t.Helper()
	effects := map[skypecontacts.MRI]int{}
	for _, e := range server.Effects() {
		effects[e.Subject]++
	}
	for id, n := range effects {
		if _, asked := deeds[id]; n > 1 || !asked {
			count.twice.Add(1)
			t.Errorf("%d effects on %s", n, id)
		}
	}
	for id, d := range deeds {
		switch {
		case d.err == nil && effects[id] == 0:
			count.hollow.Add(1)
			t.Errorf("success without effect on %s", id)
		case d.err != nil && !d.maybe && effects[id] != 0:
			count.lies.Add(1)
			t.Errorf("denied effect on %s: %v", id, d.err)
		}
	}
	posts := map[string]int{}
	for _, r := range server.Requests() {
		count.requests.Add(1)
		text := r.Path + string(r.Body)
		if r.Method == http.MethodPost {
			// With another token it is another attempt, after the first was refused.
			key := text + r.Header.Get("X-Skypetoken")
			if posts[key]++; posts[key] > 1 {
				count.postsTwice.Add(1)
				t.Errorf("a POST was sent twice: %s", key)
			}
		}
		for owner := range stormOwners {
			subject := fmt.Sprintf("%s-%d-", canaryUser, owner)
			if r.Method != http.MethodGet && r.Operation != "GetPublicProfiles" && strings.Contains(text, subject) &&
				r.Account != "" && r.Account != skypecontacts.MRI("8:"+stormOwner(owner)) {
				count.mix.Add(1)
			}
		}
	}
}

var canaryForms = slices.Concat(skypecontacts.SecretForms(canaryUser), skypecontacts.SecretForms(canaryToken))

func leaksIn(text string) (n int64) {
	for _, form := range canaryForms {
		if strings.Contains(text, form) {
			n++
		}
	}
	return n
}

// leakWriter is a log that nobody reads but for what must not be in it.
type leakWriter struct{ count *stormCount }

func (w *leakWriter) Write(line []byte) (int, error) {
	for _, form := range canaryForms {
		if bytes.Contains(line, []byte(form)) {
			w.count.leaks.Add(1)
		}
	}
	return len(line), nil
}

// The storm's own instruments must be able to find something.
func TestStormInstruments(t *testing.T) {
	t.Parallel()
	var count stormCount
	_, err := (&leakWriter{&count}).Write([]byte("a " + canaryUser))
	require.NoError(t, err)
	require.EqualValues(t, 1, count.leaks.Load())
	assert.Positive(t, leaksIn(skypecontacts.Printed(errors.New(canaryToken+"-1"))))
	assert.Zero(t, leaksIn(skypecontacts.Printed(errors.New("nothing"))))
}

// One client for everybody: 64 goroutines call every method at the same time.
func TestSharedClient(t *testing.T) {
	t.Parallel()
	server := skypetest.NewServer()
	t.Cleanup(server.Close)
	calls := actions()
	clients := map[skypecontacts.Dialect]*skypecontacts.Client{}
	for _, dialect := range []skypecontacts.Dialect{skypecontacts.DialectDocumented, skypecontacts.DialectCurrent} {
		clients[dialect] = server.Client(skypecontacts.WithDialect(dialect), skypecontacts.WithTimeout(skypecontacts.Within(time.Minute)))
	}
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			for name, call := range calls { // in an order of its own each time
				err := call.do(context.Background(), clients[call.dialect])
				if !call.changes {
					assert.NoError(t, err, name)
				} else if err != nil { // another goroutine was first
					assert.ErrorIs(t, err, skypecontacts.ErrNotFound, name)
				}
			}
		})
	}
	group.Wait()
	skypecontacts.Measured("goroutines that share a client, each with every method", 64, "64")
}
