package reliability_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
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
	readerAccount   = faultAccounts // which nobody changes
	rarely          = 0.002         // for faults that take time, or that a client does not recover from
)

// faultCalls returns one call of each method, by its name. Every subject is the
// argument of one write only, so that an effect on it is the effect of that call.
func faultCalls(writes bool) (calls []apitest.Call) {
	for _, call := range apitest.Calls() {
		if writes && call.IDs == nil {
			continue // about the own account, so that its effects are not told apart
		}
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
				case "RevokeContact", "AddFavorite", "RemoveFavorite", "AddContactPhone", "SetContactPhone", "RemoveContactPhone", "Do": // which sets explicit
					own.Contacts = append(own.Contacts, skypetest.Contact{
						MRI: id, Authorized: true, Favorite: write.Op == "RemoveFavorite", Phones: []skypetest.Phone{{Number: "+442079460958", Type: "other"}},
					})
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
	data.Accounts = append(append(data.Accounts, readerData()), others...)
	data.Bots = skypetest.SampleData().Bots
	return data
}

// readerData is the account of which every response is known. Its contact list has
// two pages.
func readerData() skypetest.Account {
	own := skypetest.Account{
		MRI:        skypecontacts.MRI("8:" + faultAccount(readerAccount)),
		Profile:    skypetest.Profile{DisplayName: "Fred Adams", About: "Likes tea & cake", Avatar: apitest.Picture()},
		SkypeToken: canaryToken + "-reader", RegistrationToken: canaryToken + "-reader-registration",
	}
	for n := range 120 {
		id := faultSubject(readerAccount, "read", n)
		own.Contacts = append(own.Contacts, skypetest.Contact{MRI: id, DisplayName: string(id), Authorized: n%2 == 0})
	}
	own.Blocklist = []skypecontacts.MRI{own.Contacts[0].MRI, own.Contacts[110].MRI}
	own.Groups = []skypetest.Group{{ID: "aaaaaaaa-1111-0000-0000-000000000001", Name: "Favourites", Contacts: own.Blocklist}}
	own.Invites = []skypetest.Invite{{From: faultSubject(0, "BlockUser", 0), Messages: []skypetest.Message{{Text: "Hi"}}}}
	return own
}

// everyFault returns faults of every kind, before and after the effect.
func everyFault(foreign string) []skypetest.Fault {
	return slices.Concat(statusFaults(), foreignFaults(foreign), connectionFaults(), tokenFaults())
}

// statusFaults are those that the service itself may respond.
func statusFaults() (faults []skypetest.Fault) {
	soon := http.Header{"Retry-After": {"0.003"}}
	for _, status := range []int{400, 401, 403, 408, 409, 412, 500, 502, 503, 504} {
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
	for operation, member := range map[string]string{
		"ListContacts": "contacts", "GetRoster": "contacts", "RefreshRoster": "contacts", "ListBlocked": "blocklist",
	} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultOmit, Operation: operation, Member: member})
	}
	return append(faults,
		skypetest.Fault{Kind: skypetest.FaultStatus, Status: 429, Header: soon},
		skypetest.Fault{Kind: skypetest.FaultStatus, Status: 503, Header: soon},
		skypetest.Fault{Kind: skypetest.FaultRateLimit, Header: soon},
		skypetest.Fault{Kind: skypetest.FaultRateLimit, Probability: rarely},
		skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: time.Hour, Probability: rarely})
}

// foreignFaults are responses of another server than the service. Those with 404
// make no DELETE a success.
func foreignFaults(foreign string) (faults []skypetest.Fault) {
	for _, status := range redirectCodes {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultRedirect, Status: status, Location: foreign})
	}
	for _, after := range []bool{false, true} {
		faults = append(faults,
			skypetest.Fault{Kind: skypetest.FaultGarbage, AfterEffect: after},
			skypetest.Fault{Kind: skypetest.FaultHTML, AfterEffect: after},
			skypetest.Fault{Kind: skypetest.FaultHTML, AfterEffect: after, Status: 502},
			skypetest.Fault{Kind: skypetest.FaultTruncatePage, AfterEffect: after, Bytes: 30},
			skypetest.Fault{Kind: skypetest.FaultProblem, AfterEffect: after, Status: 502},
			skypetest.Fault{Kind: skypetest.FaultGzipBomb, AfterEffect: after, Bytes: 4 << 20},
		)
	}
	return append(faults,
		skypetest.Fault{Kind: skypetest.FaultHTML, Status: 404},
		skypetest.Fault{Kind: skypetest.FaultTruncatePage, Status: 404, Bytes: 1},
		skypetest.Fault{Kind: skypetest.FaultTruncatePage, Status: 410, Bytes: 1000},
		skypetest.Fault{Kind: skypetest.FaultNoHandler},
		skypetest.Fault{Kind: skypetest.FaultProblem},
		skypetest.Fault{Kind: skypetest.FaultProblem, Status: 200},
		skypetest.Fault{Kind: skypetest.FaultProblem, Status: 404})
}

// connectionFaults are those of the connection and of the time.
func connectionFaults() (faults []skypetest.Fault) {
	for _, length := range []int{0, 1, 10, 100, 1000, 1 << 20} {
		faults = append(faults, skypetest.Fault{Kind: skypetest.FaultTruncate, Bytes: length})
	}
	for _, kind := range []skypetest.FaultKind{skypetest.FaultDrip, skypetest.FaultDripAfter} {
		faults = append(faults,
			skypetest.Fault{Kind: kind, Bytes: 3, Delay: time.Millisecond},
			skypetest.Fault{Kind: kind, Bytes: 3, Delay: time.Millisecond, Status: 500},
			skypetest.Fault{Kind: kind, Bytes: 3, Delay: time.Millisecond, Status: 503, AfterEffect: true},
			skypetest.Fault{Kind: kind, Probability: rarely},
			skypetest.Fault{Kind: kind, Status: 502, Probability: rarely})
	}
	for _, after := range []bool{false, true} {
		faults = append(faults,
			skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: after},
			skypetest.Fault{Kind: skypetest.FaultReset, AfterEffect: after, Delay: 2 * time.Millisecond},
			skypetest.Fault{Kind: skypetest.FaultDelay, AfterEffect: after, Delay: 5 * time.Millisecond},
			skypetest.Fault{Kind: skypetest.FaultStall, AfterEffect: after, Probability: rarely},
			skypetest.Fault{Kind: skypetest.FaultRefusedStream, Delay: time.Millisecond},
			skypetest.Fault{Kind: skypetest.FaultRefusedStream},
			skypetest.Fault{Kind: skypetest.FaultGoAway})
	}
	return append(faults,
		skypetest.Fault{Kind: skypetest.FaultExtraResponse},
		skypetest.Fault{Kind: skypetest.FaultStallInside, Probability: rarely})
}

// tokenFaults expire tokens. The gateway says so with 403 as well.
func tokenFaults() []skypetest.Fault {
	return []skypetest.Fault{
		{Kind: skypetest.FaultExpireToken},
		{Kind: skypetest.FaultExpireToken, Status: 403, Operation: "AddContact"},
		{Kind: skypetest.FaultExpireToken, Status: 403, Operation: "RemoveContact"},
		{Kind: skypetest.FaultExpireToken, Status: 403, Probability: rarely},
	}
}

// faultTotals counts what happened, and every broken promise.
type faultTotals struct {
	faults, calls, requests, failed atomic.Int64

	effectsTwice, postsTwice, foreignRequests, leaks     atomic.Int64
	successesWithoutEffect, effectsDenied, mixedAccounts atomic.Int64
	uncounted, unlimited, wrongAttempts, wrongReads      atomic.Int64
	compared, comparedReads, mostAttempts, repeats       atomic.Int64
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
	log.SetOutput(io.Discard)                      //nolint:forbidigo // net/http logs a response to no request there, with its content
	t.Cleanup(func() { log.SetOutput(os.Stderr) }) //nolint:forbidigo // as it was
	before := goleak.IgnoreCurrent()
	var totals faultTotals
	began := time.Now()
	for seed := *faultSeed; totals.faults.Load() < int64(target); seed++ {
		(&faultRun{t: t, seed: seed, target: min(faultsPerServer, target), totals: &totals}).run()
	}
	leaked := goleak.Find(before)
	t.Logf("%d faults met by %d calls with %d requests, of which %d calls failed, in %v",
		totals.faults.Load(), totals.calls.Load(), totals.requests.Load(), totals.failed.Load(), time.Since(began).Round(time.Second))
	require.NoError(t, leaked)
	totals.check(t, target)
}

// check asserts and records the totals.
func (totals *faultTotals) check(t *testing.T, target int) {
	t.Helper()
	measured.set("random faults: injected", totals.faults.Load(), fmt.Sprintf("at least %d", target))
	for _, c := range []struct {
		promise string
		n       *atomic.Int64
	}{
		{"writes that took effect twice", &totals.effectsTwice},
		{"POSTs that write sent twice", &totals.postsTwice},
		{"requests to a foreign host", &totals.foreignRequests},
		{"tokens or ids in errors, JSON and logs", &totals.leaks},
		{"successes without effect", &totals.successesWithoutEffect},
		{"effects denied without MaybeApplied", &totals.effectsDenied},
		{"requests with another account's token", &totals.mixedAccounts},
		{"calls with a request that Attempts does not count", &totals.uncounted},
		{"calls with a request that the limiter was not asked for", &totals.unlimited},
		{"calls with Attempts other than the requests", &totals.wrongAttempts},
		{"reads other than the state", &totals.wrongReads},
	} {
		measured.set("random faults: "+c.promise, c.n.Load(), "0")
		assert.Zero(t, c.n.Load(), c.promise)
	}
	const most = 4 // the attempts, and one more with a token that replaced an expired one
	assert.LessOrEqual(t, totals.mostAttempts.Load(), int64(most))
	assert.Positive(t, totals.compared.Load())
	assert.Positive(t, totals.comparedReads.Load())
	measured.set("random faults: most requests of a call", totals.mostAttempts.Load(), strconv.Itoa(most))
	measured.set("random faults: goroutines left", 0, "0")
	t.Logf("%d calls with Attempts compared to the requests, %d reads compared to the state, %d requests sent again by net/http",
		totals.compared.Load(), totals.comparedReads.Load(), totals.repeats.Load())
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
		clients[dialect] = server.Client(skypecontacts.WithDialect(dialect), skypecontacts.WithUserID("fred.2"), skypecontacts.WithTimeout(scaled(time.Minute)))
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
