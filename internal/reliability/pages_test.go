package reliability_test

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/internal/apitest"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// listFaults are faults in the middle of a list; those that break a body break it
// after some of its entries.
var listFaults = []struct {
	name     string
	fault    skypetest.Fault
	want     error // of a fault that stays
	attempts int   // until the call fails
}{
	{"truncated", skypetest.Fault{Kind: skypetest.FaultTruncate, Bytes: 9_000}, skypecontacts.ErrUnavailable, 3},
	{"stall", skypetest.Fault{Kind: skypetest.FaultStallInside}, context.DeadlineExceeded, 1},
	{"unavailable", skypetest.Fault{Kind: skypetest.FaultStatus}, skypecontacts.ErrUnavailable, 3},
	{"rate limit", skypetest.Fault{Kind: skypetest.FaultRateLimit, RetryAfter: time.Second}, skypecontacts.ErrRateLimited, 3},
	{"rate limit without Retry-After", skypetest.Fault{Kind: skypetest.FaultRateLimit}, skypecontacts.ErrRateLimited, 1},
	{"garbage", skypetest.Fault{Kind: skypetest.FaultGarbage}, skypecontacts.ErrDecode, 1},
	{"HTML page", skypetest.Fault{Kind: skypetest.FaultHTML}, skypecontacts.ErrDecode, 1},
	{"redirect", skypetest.Fault{Kind: skypetest.FaultRedirect, Location: "https://example.org/"}, skypecontacts.ErrRedirect, 1},
}

const listSize = 350

// newListServer returns a client with a short timeout for faults that last as long.
func newListServer(t *testing.T, kind skypetest.FaultKind) (*skypetest.Server, *skypecontacts.Client) {
	t.Helper()
	timeout := time.Minute
	if kind == skypetest.FaultStallInside {
		timeout = max(scaled(200*time.Millisecond), 2*time.Second)
	}
	srv := skypetest.NewServer(skypetest.WithData(skypetest.Generate(listSize, 5)))
	t.Cleanup(srv.Close)
	return srv, newListClient(srv, timeout)
}

// newListClient returns a client that is in no cooldown.
func newListClient(srv *skypetest.Server, timeout time.Duration) *skypecontacts.Client {
	return srv.Client(
		skypecontacts.WithTimeout(timeout),
		skypecontacts.WithRetry(skypecontacts.Retry{BaseDelay: time.Nanosecond, Burst: 1 << 20}),
	)
}

// checkCooldown asserts that a 429 counts for as long as it says, or 10 s, and that a
// call in that time fails without a request.
func checkCooldown(t *testing.T, srv *skypetest.Server, c *skypecontacts.Client, fault skypetest.Fault, err error) {
	t.Helper()
	if fault.Kind != skypetest.FaultRateLimit {
		return
	}
	var failure *skypecontacts.Error
	require.ErrorAs(t, err, &failure)
	require.Equal(t, cmp.Or(fault.RetryAfter, 10*time.Second), failure.RetryAfter)
	if fault.RetryAfter > 0 {
		return // it may be over by now
	}
	sent := len(srv.Requests())
	_, err = c.ListContacts(t.Context())
	require.ErrorAs(t, err, &failure)
	require.ErrorIs(t, err, skypecontacts.ErrRateLimited)
	require.Zero(t, failure.Attempts)
	require.Positive(t, failure.RetryAfter)
	require.LessOrEqual(t, failure.RetryAfter, 10*time.Second)
	require.Len(t, srv.Requests(), sent)
}

// ids returns the identifiers of the whole list, and calls reached with the number
// of contacts so far.
func ids(t *testing.T, c *skypecontacts.Client, reached func(n int)) (got []skypecontacts.MRI, err error) {
	t.Helper()
	for contact, err := range c.AllContacts(t.Context()) {
		if err != nil {
			return got, err
		}
		got = append(got, contact.MRI)
		reached(len(got))
	}
	return got, nil
}

func TestFaultsInAPage(t *testing.T) {
	t.Parallel()
	for _, test := range listFaults {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.fault.Kind == skypetest.FaultStallInside { // a stream has a timeout for each read only
				test.want, test.attempts = skypecontacts.ErrUnavailable, 3
			}
			srv, c := newListServer(t, test.fault.Kind)
			all, err := ids(t, c, func(int) {})
			require.NoError(t, err)
			require.Len(t, all, listSize)

			strike := func(count int) func(int) {
				return func(n int) {
					if n == 100 { // the second page is not requested yet
						test.fault.Operation, test.fault.Count = "AllContacts", count
						srv.Inject(test.fault)
					}
				}
			}
			if test.attempts > 1 {
				got, err := ids(t, c, strike(test.attempts-1))
				require.NoError(t, err)
				assert.Equal(t, all, got, "the same contacts in the same order, none twice")
			}
			got, err := ids(t, c, strike(test.attempts))
			require.ErrorIs(t, err, test.want)
			var failure *skypecontacts.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, "AllContacts", failure.Op)
			assert.Equal(t, test.attempts, failure.Attempts)
			checkCooldown(t, srv, c, test.fault, err)
			assert.Equal(t, all[:len(got)], got, "the contacts before the fault")
			inside := test.fault.Kind == skypetest.FaultTruncate || test.fault.Kind == skypetest.FaultStallInside
			assert.Equal(t, inside, len(got) > 100)
			assert.Less(t, len(got), 200)
			assert.Zero(t, srv.FaultsPending())
		})
	}
}

func TestFaultsInADelta(t *testing.T) {
	t.Parallel()
	for _, test := range listFaults {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv, c := newListServer(t, test.fault.Kind)
			patient := newListClient(srv, time.Minute)
			known, err := patient.RefreshRoster(t.Context(), nil)
			require.NoError(t, err)
			require.Len(t, known.Contacts, listSize)
			var changed []skypecontacts.MRI
			for _, contact := range known.Contacts[:60] {
				if !contact.Blocked {
					require.NoError(t, patient.BlockUser(t.Context(), contact.MRI, skypecontacts.BlockOptions{}))
					changed = append(changed, contact.MRI)
				}
			}
			before := *known
			before.Contacts = slices.Clone(known.Contacts)

			test.fault.Operation, test.fault.Bytes, test.fault.Count = "RefreshRoster", test.fault.Bytes/3, test.attempts
			srv.Inject(test.fault)
			got, err := c.RefreshRoster(t.Context(), known)
			require.ErrorIs(t, err, test.want)
			assert.Nil(t, got)
			checkCooldown(t, srv, c, test.fault, err)
			assert.Equal(t, before, *known)
			assert.Zero(t, srv.FaultsPending())

			want := before
			want.Contacts = slices.Clone(known.Contacts)
			for i := range want.Contacts {
				want.Contacts[i].Blocked = want.Contacts[i].Blocked || slices.Contains(changed, want.Contacts[i].MRI)
			}
			if test.attempts > 1 {
				test.fault.Count--
				srv.Inject(test.fault)
			}
			got, err = patient.RefreshRoster(t.Context(), known)
			require.NoError(t, err)
			assert.Equal(t, want.Contacts, got.Contacts)
			assert.Equal(t, before, *known)
			assert.Zero(t, srv.FaultsPending())
		})
	}
}

func TestFaultsInALookup(t *testing.T) {
	t.Parallel()
	for _, test := range listFaults {
		if test.fault.Kind == skypetest.FaultRateLimit && test.fault.RetryAfter == 0 {
			continue // waits for 10 s; see TestRateLimitedLookup
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			srv, c := newListServer(t, test.fault.Kind)
			list, err := ids(t, newListClient(srv, time.Minute), func(int) {})
			require.NoError(t, err)
			var people []skypecontacts.MRI
			for _, id := range list {
				if id.Kind() == skypecontacts.KindSkype {
					people = append(people, id)
				}
			}
			lookup := func(strikes int) (lost int) {
				test.fault.Operation, test.fault.Bytes, test.fault.Count = "GetPublicProfiles", min(test.fault.Bytes, 900), strikes
				srv.Inject(test.fault)
				i := 0
				for result := range c.LookupProfiles(t.Context(), people, skypecontacts.LookupOptions{ChunkSize: 50, Concurrency: 1}) {
					require.Equal(t, people[i], result.MRI)
					if i++; result.Err == nil {
						require.True(t, result.Profile.MRI.Equal(result.MRI))
						continue
					}
					require.ErrorIs(t, result.Err, test.want)
					require.LessOrEqual(t, i, 50, "only the first chunk is lost")
					lost++
				}
				assert.Len(t, people, i)
				assert.Zero(t, srv.FaultsPending())
				return lost
			}
			if test.attempts > 1 { // a look-up is repeated as a GET is, although it is a POST
				assert.Zero(t, lookup(test.attempts-1))
			}
			lost := 50
			if test.fault.Kind == skypetest.FaultRateLimit { // waits, and goes on
				lost = 0
			}
			assert.Equal(t, lost, lookup(test.attempts))
		})
	}
}

// A look-up waits for 10 s after a 429 without Retry-After, and loses nobody.
func TestRateLimitedLookup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limited := true
		transport := apitest.NewTransport(func(req *http.Request) (*http.Response, error) {
			if limited {
				limited = false
				return apitest.Response(http.StatusTooManyRequests, "")(req)
			}
			return respondWithProfiles(req)
		})
		c := apitest.NewClient(t, transport)
		began := time.Now()
		for result := range c.LookupProfiles(t.Context(), []skypecontacts.MRI{"8:joe.4", "8:anna.7"}, skypecontacts.LookupOptions{}) {
			require.NoError(t, result.Err)
		}
		require.Len(t, transport.Requests(), 2)
		require.GreaterOrEqual(t, time.Since(began), 10*time.Second)
		require.Less(t, time.Since(began), 11*time.Second)
	})
}
