package skypetest_test

import (
	"errors"
	"math"
	"net/http"
	"testing"

	"github.com/skypecontacts/skypecontacts"
	"github.com/skypecontacts/skypecontacts/skypetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A fault applies to the requests that it selects, Count times. Of several the one
// injected first applies.
func TestFaultSelection(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	once := skypecontacts.WithRetry(skypecontacts.Retry{MaxAttempts: 1})
	fred, joe := srv.Client(once), srv.ClientFor("8:JOE.4", once)
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: 500, Operation: "ListBots", Account: "joe.4", Count: 2})
	srv.Inject(skypetest.Fault{Kind: skypetest.FaultStatus, Status: 502, Operation: "ListBots"})
	assert.Equal(t, 3, srv.FaultsPending())

	status := func(c *skypecontacts.Client) int {
		_, err := c.ListBots(t.Context())
		var apiErr *skypecontacts.Error
		if !errors.As(err, &apiErr) {
			return http.StatusOK
		}
		return apiErr.Status
	}
	_, err := joe.ListGroups(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{500, 502, 500, 200, 200}, []int{status(joe), status(fred), status(joe), status(joe), status(fred)})
	assert.Equal(t, 0, srv.FaultsPending())
}

func TestFaultProbability(t *testing.T) {
	t.Parallel()
	failedRequests := func(f skypetest.Fault) (numbers []int) {
		srv := skypetest.NewServer()
		defer srv.Close()
		srv.Inject(f)
		assert.Equal(t, f.Count, srv.FaultsPending())
		for i := range 200 {
			resp := get(t, srv, "/bots/v1/agents")
			if resp.status != http.StatusOK {
				numbers = append(numbers, i)
			}
		}
		return numbers
	}
	fault := skypetest.Fault{Kind: skypetest.FaultStatus, Probability: 0.3, Seed: 5}
	first := failedRequests(fault)
	assert.InDelta(t, 60, len(first), 25)
	assert.Equal(t, first, failedRequests(fault))
	fault.Seed = 6
	assert.NotEqual(t, first, failedRequests(fault))
	fault.Count = 3
	assert.Len(t, failedRequests(fault), 3)
}

func TestInjectPanicsAtInvalidFaults(t *testing.T) {
	t.Parallel()
	srv := skypetest.NewServer()
	defer srv.Close()
	for _, f := range []skypetest.Fault{
		{},
		{Kind: "unknown"},
		{Kind: skypetest.FaultStatus, Operation: "ListContact"},
		{Kind: skypetest.FaultStatus, Status: 42},
		{Kind: skypetest.FaultRedirect},
		{Kind: skypetest.FaultOmit},
		{Kind: skypetest.FaultTruncate, Bytes: -1},
		{Kind: skypetest.FaultStatus, Count: -1},
		{Kind: skypetest.FaultStatus, Probability: math.NaN()},
	} {
		assert.Panics(t, func() { srv.Inject(f) }, f)
	}
	assert.Equal(t, 0, srv.FaultsPending())
}
